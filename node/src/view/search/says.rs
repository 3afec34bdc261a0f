//! Whether a draft speaks of something: the words of a condition, in whatever form, or another name of the same.

use super::analysis::{Analysis, Terms};
use super::text::Looks;

/// What a draft says, to be asked.
#[derive(Debug)]
pub struct Says<'a> {
    terms: Terms,
    analysis: &'a Analysis,
}

impl<'a> Says<'a> {
    pub(in crate::view) fn of(draft: &Looks, analysis: &'a Analysis) -> Self {
        let mut terms = Terms::default();
        draft.texts.iter().for_each(|text| terms.add(analysis.terms(text)));
        Self { terms, analysis }
    }

    /// Whether all of these words stand in it, or what they name together does.
    #[must_use]
    pub fn all_of(&self, words: &str) -> bool {
        let tokens = self.analysis.tokens(words);
        let mut asked = tokens.iter().filter(|token| !token.stops).peekable();
        if asked.peek().is_none() {
            return false;
        }
        let stands = |stem: &String| self.terms.words.contains_key(stem) || self.terms.parts.contains_key(stem);
        let named = self.analysis.concepts(&tokens).into_iter().any(|(range, concept)| {
            let whole = range.start == 0 && range.end == tokens.len();
            whole && !concept.is_subject && self.terms.concepts.contains_key(&concept)
        });
        named || asked.all(|token| stands(&token.stem))
    }
}

#[cfg(test)]
mod tests {
    use protocol::record::{Intake, Merged, read_json};
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_said_in_whatever_form_as_a_part_or_by_another_name() {
        let analysis = Analysis::new();
        let typed = json!({"soort": "signaal", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering", "overdracht": false,
            "tekst": "Zonder postadres geen inschrijvingen; de schuldhulpverlening wacht."});
        let intake = Intake {
            gemeente: "GM9901".parse().unwrap(),
            week: "2026-W07".parse().unwrap(),
            kind: None,
        };
        let draft = Merged::local("s-1", &read_json(&typed, &intake).unwrap());
        let says = Says::of(&Looks::of(&draft), &analysis);
        for words in [
            "inschrijving",
            "de inschrijving",
            "postadres inschrijving",
            "schuldhulpverlening",
        ] {
            assert!(says.all_of(words), "{words}");
        }
        for words in ["", "de", "inschrijving paspoort", "parkeren"] {
            assert!(!says.all_of(words), "{words:?}");
        }
    }
}
