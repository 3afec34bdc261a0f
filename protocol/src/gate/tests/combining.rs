//! What stands together in a text, and how exact the record around it leaves.

use serde_json::json;

use super::*;
use crate::gate::{Coarse, Draft, Headcount, History, Screened, screen};
use crate::record::{Input, Intake, Value, read_json};

fn flagged(text: &str) -> Vec<String> {
    let screened = screen_text(text, &Known::default(), &Policy::default());
    let together = screened
        .spans
        .iter()
        .filter(|span| span.rule.starts_with("combinatie-"));
    together
        .map(|span| format!("{} {}", span.rule, span.why(crate::api::Lang::Nl)))
        .collect()
}

#[test]
fn characteristics_that_stand_together_are_proposed_wider() {
    let found = flagged("Een weduwe van 43 jaar met dementie in de wijk wacht op een besluit.");
    let rules: Vec<_> = found.iter().map(|found| found.split(' ').next().unwrap()).collect();
    assert_eq!(
        rules,
        [
            "combinatie-huishouden",
            "combinatie-leeftijd",
            "combinatie-ziekte",
            "combinatie-plaats"
        ]
    );
    assert!(found[1].contains("schrijf liever 40-49 jaar"), "{found:?}");
    for (age, band) in [
        ("17 jaar", "12-17"),
        ("18 jaar", "18-29"),
        ("88 jaar", "80-89"),
        ("3 jaar", "0-3"),
    ] {
        let found = flagged(&format!("een weduwe van {age} wacht"));
        assert!(
            found.iter().any(|found| found.contains(&format!("{band} jaar"))),
            "{age}: {found:?}"
        );
    }
}

#[test]
fn one_characteristic_alone_is_common() {
    for text in [
        "Een man van 43 jaar wacht op een besluit.",
        "Gezinnen met kinderen in de wijk vragen om hulp bij dementie.",
        "Het loket vraagt een bewijs.",
    ] {
        assert_eq!(flagged(text), [""; 0], "{text}");
    }
}

#[test]
fn what_is_proposed_stays_in_the_text() {
    let text = "een weduwe van 43 jaar met dementie";
    assert_eq!(masked(text), text);
}

fn input(thema: &str, regeling: &str, laag: &str, week: &str) -> Input {
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: week.parse().unwrap(),
        kind: None,
    };
    let typed = json!({
        "soort": "signaal", "aard": "knelpunt", "thema": [thema], "regeling": [regeling], "laag": laag, "week": week,
        "tekst": "Een weduwe van 43 jaar wacht.",
    });
    read_json(&typed, &intake).expect("it keeps to the schema")
}

/// These, shared as different records.
fn shared_as<'a>(inputs: impl Iterator<Item = &'a Input>, coarse: Coarse, policy: &Policy) -> History {
    let mut history = History::default();
    for (input, number) in inputs.zip(1..) {
        history.keep(&format!("s-{number}"), number, input, coarse, policy);
    }
    history
}

fn history(of: &[(usize, Input)]) -> History {
    let each = of.iter().flat_map(|(times, input)| (0..*times).map(move |_| input));
    shared_as(each, Coarse::AsTyped, &Policy::default())
}

#[test]
fn a_rare_combination_leaves_less_exact_step_by_step() {
    let this = input("wonen", "wmo-2015", "beleid", "2025-W20");
    for (shared, expected) in [
        (vec![], Coarse::Laag),
        (vec![(4, this.clone())], Coarse::AsTyped),
        (vec![(3, this.clone())], Coarse::Laag),
        (
            vec![(4, input("wonen", "wmo-2015", "beleid", "2025-W15"))],
            Coarse::Quarter,
        ),
        (vec![(4, input("wonen", "zvw", "beleid", "2025-W15"))], Coarse::Regeling),
        (
            vec![(9, input("wonen", "wmo-2015", "bestuur", "2025-W20"))],
            Coarse::Laag,
        ),
        (
            vec![(9, input("wonen", "wmo-2015", "beleid", "2024-W20"))],
            Coarse::Laag,
        ),
        (
            vec![(2, this.clone()), (2, input("wonen", "wmo-2015", "beleid", "2025-W26"))],
            Coarse::Quarter,
        ),
    ] {
        assert_eq!(
            history(&shared).coarse(&this, &Policy::default()),
            expected,
            "{shared:?}"
        );
    }
}

#[test]
fn what_left_less_exact_makes_no_other_less_rare() {
    let (this, policy) = (input("wonen", "wmo-2015", "beleid", "2025-W20"), Policy::default());
    let mut shared = History::default();
    for number in 0..9 {
        let coarse = shared.coarse(&this, &policy);
        assert_eq!(coarse, Coarse::Laag, "{shared:?}");
        shared.keep(&format!("s-{number}"), number, &this, coarse, &policy);
    }
    for left in [Coarse::AsTyped, Coarse::Quarter, Coarse::Regeling, Coarse::Laag] {
        let four = shared_as([&this; 4].into_iter(), left, &policy);
        assert_eq!(four.coarse(&this, &policy), left);
    }
}

#[test]
fn what_the_headcount_withheld_makes_no_other_less_rare() {
    let this = input("wonen", "wmo-2015", "beleid", "2025-W20");
    let lagen = crate::record::List::Laag.words().iter();
    let counts = lagen.map(|word| (word.code.to_owned(), if word.code == "beleid" { 4 } else { 9 }));
    let few = Policy {
        headcount: Some(Headcount::new(&counts.collect()).unwrap()),
        ..Policy::default()
    };
    let shared = shared_as([&this; 4].into_iter(), Coarse::AsTyped, &few);
    assert_eq!(shared.coarse(&this, &Policy::default()), Coarse::Laag);
    assert_eq!(shared.coarse(&this, &few), Coarse::AsTyped, "it leaves like the others");
}

#[test]
fn its_own_earlier_version_is_no_other_record() {
    let (mut this, policy) = (input("wonen", "wmo-2015", "beleid", "2025-W20"), Policy::default());
    let mut shared = History::default();
    for id in ["a", "b", "c", "d"] {
        this.id = Some(id.to_owned());
        shared.keep(id, 0, &this, Coarse::AsTyped, &policy);
    }
    assert_eq!(shared.coarse(&this, &policy), Coarse::Laag);
    this.id = Some("e".to_owned());
    assert_eq!(shared.coarse(&this, &policy), Coarse::AsTyped);
    // Kept once more it is still one record, and what is taken back is none.
    shared.keep("d", 1, &this, Coarse::AsTyped, &policy);
    assert!(shared.has("d", 1) && !shared.has("d", 0));
    shared.retain(|id| id != "a");
    assert_eq!(shared.coarse(&this, &policy), Coarse::Laag);
}

#[test]
fn a_text_full_of_places_is_read_past_them() {
    let text = "een weduwe van 43 jaar met dementie, ".repeat(200);
    assert_eq!(flagged(&text).len(), 600);
}

#[test]
fn the_step_is_what_leaves() {
    let screened = |coarse| {
        let draft = Draft::new(input("wonen", "wmo-2015", "beleid", "2025-W20"), Known::default());
        screen(draft.coarser(coarse), &Policy::default())
    };
    let withheld = |screened: &Screened| screened.withheld().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(withheld(&screened(Coarse::AsTyped)), [""; 0]);
    assert_eq!(withheld(&screened(Coarse::Quarter)), ["week"]);
    assert_eq!(withheld(&screened(Coarse::Regeling)), ["regeling", "week"]);
    let laag = screened(Coarse::Laag);
    assert_eq!(withheld(&laag), ["regeling", "laag", "week"]);
    assert_eq!(laag.masked["laag"], Value::Code("onthouden".to_owned()));
    assert_eq!(laag.masked["thema"], Value::Codes(["wonen".to_owned()].into()));
    assert!(laag.combines());
}
