//! The case numbers of a gemeente, as its node is told.

use super::*;
use crate::gate::{CasePattern, CasePatternError, CasePatterns};

fn masked_with(patterns: &[&str], text: &str) -> String {
    let policy = Policy {
        case_numbers: CasePatterns::new(patterns.iter().copied()).unwrap(),
        ..Policy::default()
    };
    screen_text(text, &Known::default(), &policy).masked
}

#[test]
fn a_case_number_of_the_gemeente_is_masked() {
    let patterns = ["K###*", "Q/#/##"];
    for (text, expected) in [
        ("route K123, k1234", "route [zaaknummer], [zaaknummer]"),
        ("zie q/1/23.", "zie [zaaknummer]."),
        ("zie q/1/234 en xK123", "zie q/1/234 en xK123"),
    ] {
        assert_eq!(masked_with(&patterns, text), expected);
    }
    let without = "route K123 en q/1/23";
    assert_eq!(masked_with(&[], without), without);
    assert_eq!(masked_with(&["b.@##-#"], "zie B.X12-3"), "zie [zaaknummer]");
}

#[test]
fn a_pattern_that_would_find_anything_is_refused() {
    assert_eq!(CasePattern::new("#*"), Err(CasePatternError::Length { found: 2 }));
    assert_eq!(CasePattern::new("@@@@"), Err(CasePatternError::Digits { found: 0 }));
    assert_eq!(
        CasePattern::new("Z(##)#"),
        Err(CasePatternError::Character { found: '(' })
    );
    assert_eq!(
        CasePattern::new("ZÄ###"),
        Err(CasePatternError::Character { found: 'Ä' })
    );
    assert_eq!(
        CasePattern::new(&"#".repeat(33)),
        Err(CasePatternError::Length { found: 33 })
    );
    assert_eq!(CasePatterns::new(["####"; 5]), Err(CasePatternError::TooMany));
}
