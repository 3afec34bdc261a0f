//! Whether a record may be about the same as another: by theme, rule and the begins of words. It proposes; only a person links.

use std::collections::BTreeSet;

use super::{Merged, Value};

/// The fewest letters of a word that says something.
const WORD_CHARS_MIN: usize = 5;
/// Letters by which words are compared: what is behind them is mostly how a word is bent.
const BEGIN_CHARS: usize = 6;
/// Begins of words that two records of one theme share.
const WORDS_MIN: usize = 2;
/// Fields that say what a record is about.
const PROSE: [&str; 4] = ["titel", "tekst", "gevolg", "kern"];

/// What two records have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Themes.
    pub themes: BTreeSet<String>,
    /// Rules.
    pub rules: BTreeSet<String>,
    /// Begins of words.
    pub words: BTreeSet<String>,
}

impl Likeness {
    /// How much that is, to put the closest first.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.themes.len() + 2 * self.rules.len() + 2 * self.words.len()
    }
}

/// What a record is about, taken from it once to be compared with many.
#[derive(Debug, Clone, Default)]
pub struct About {
    themes: BTreeSet<String>,
    rules: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl About {
    /// What this record is about.
    #[must_use]
    pub fn of(record: &Merged) -> Self {
        let codes = |field: &str| {
            let codes = record.values(field).filter_map(|value| match value {
                Value::Codes(codes) => Some(codes),
                _ => None,
            });
            codes.flatten().cloned().collect()
        };
        let texts = PROSE.iter().flat_map(|field| record.values(field));
        let texts = texts.filter_map(|value| match value {
            Value::Text(text) => Some(begins(text)),
            _ => None,
        });
        Self {
            themes: codes("thema"),
            rules: codes("regeling"),
            words: texts.flatten().collect(),
        }
    }

    /// What the two have in common, when that is enough to look: a theme is not, a theme with a rule or with words is.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let like = Likeness {
            themes: &self.themes & &other.themes,
            rules: &self.rules & &other.rules,
            words: &self.words & &other.words,
        };
        let enough = !like.rules.is_empty() && !like.words.is_empty() || like.words.len() >= WORDS_MIN;
        (enough && !like.themes.is_empty()).then_some(like)
    }
}

fn begins(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    let long = words.filter(|word| word.chars().count() >= WORD_CHARS_MIN);
    long.map(|word| word.to_lowercase().chars().take(BEGIN_CHARS).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Intake, read_json};

    fn about(thema: &str, regeling: &[&str], tekst: &str) -> About {
        let intake = Intake {
            gemeente: "GM9901".parse().unwrap(),
            week: "2026-W10".parse().unwrap(),
            kind: None,
        };
        let typed = serde_json::json!({"soort": "signaal", "aard": "knelpunt", "thema": [thema], "regeling": regeling,
            "laag": "uitvoering", "tekst": tekst});
        About::of(&Merged::local("s", &read_json(&typed, &intake).unwrap()))
    }

    #[test]
    fn a_theme_alone_is_no_reason_and_words_or_a_rule_with_it_are() {
        let one = about("wonen", &["participatiewet"], "Zonder briefadres geen uitkering.");
        let same = about("wonen", &[], "De uitkeringen wachten op een briefadres.");
        let rule = about("wonen", &["participatiewet"], "Het briefadres duurt lang.");
        let theme = about("wonen", &[], "De lift is stuk.");
        let other = about("jeugd", &["participatiewet"], "Zonder briefadres geen uitkering.");
        let like = one.likeness(&same).unwrap();
        assert_eq!(like.words, ["briefa", "uitker"].map(str::to_owned).into());
        assert!(one.likeness(&rule).is_some());
        assert_eq!((one.likeness(&theme), one.likeness(&other)), (None, None));
        assert!(like.weight() > 0);
    }
}
