//! The word list: the codes a field may hold, with what people read.
//!
//! One list, one version. A code that was ever in it stays valid, so that an old record never becomes
//! unreadable. Local input must use codes of this version; a record that arrives may hold a newer code, which
//! is kept and shown as it is.

use crate::api::Lang;

mod list;

/// The version of the word list; part of every snapshot.
pub const WORDS_VERSION: u32 = 2;

/// Stands in a field of lagen for what the gemeente withholds because too few people work there. It is in no list, so
/// nobody can type it, and it is something else than a field that is absent.
pub const WITHHELD: &str = "onthouden";

/// A code with its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// What the record holds.
    pub code: &'static str,
    /// What a Dutch reader sees.
    pub nl: &'static str,
    /// What an English reader sees.
    pub en: &'static str,
}

impl Word {
    /// The label in a language.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.nl, self.en)
    }
}

/// Which part of the word list a field takes its codes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Layers of the organisation.
    Laag,
    /// What it is about.
    Thema,
    /// Which law or rule.
    Regeling,
    /// What sort of knelpunt.
    SoortKnelpunt,
    /// Willen, weten, doen.
    Belemmering,
    /// Level at which something was learned.
    Niveau,
    /// Judgement of a duiding.
    Oordeel,
    /// Form of an experiment.
    Vorm,
    /// Design of an experiment.
    Opzet,
    /// Judgement of an outcome.
    UitkomstOordeel,
    /// Number of people in an experiment, in bands.
    NBand,
    /// Measure of effect.
    Effectmaat,
    /// Why an effect is withheld.
    Onderdrukt,
    /// What came of an adoption.
    OvernameUitkomst,
    /// Sort of sessie.
    SessieAard,
    /// Sort of source.
    BronType,
    /// Sort of signaal.
    SignaalAard,
    /// For whom a duiding holds.
    GeldtVoor,
    /// For one person or for everybody.
    Bereik,
    /// Number of people at a sessie, in bands.
    AantalBand,
    /// Number of teams, in bands.
    Teams,
    /// What a bericht is.
    BerichtVorm,
    /// How often a kring meets.
    Ritme,
    /// No fixed list: a code that a kader or a group of experiments has agreed on.
    Open,
}

impl List {
    /// The codes of the list; an open list has none of its own.
    #[must_use]
    pub fn words(self) -> &'static [Word] {
        list::words(self)
    }

    /// The word with this code.
    #[must_use]
    pub fn find(self, code: &str) -> Option<&'static Word> {
        self.words().iter().find(|word| word.code == code)
    }

    /// The label of a code; an unknown newer code is shown as it is.
    #[must_use]
    pub fn label(self, code: &str, lang: Lang) -> &str {
        self.find(code).map_or(code, |word| word.label(lang))
    }

    /// Whether local input may use this code.
    #[must_use]
    pub fn allows(self, code: &str) -> bool {
        if self == Self::Open {
            is_open_code(code)
        } else {
            self.find(code).is_some()
        }
    }
}

/// The form of a code of an open list: lower-case letters, digits and `_`, at most 40.
fn is_open_code(code: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    (1..=40).contains(&code.len()) && code.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_there_once_and_has_both_labels() {
        for list in list::ALL {
            let mut codes: Vec<_> = list.words().iter().map(|word| word.code).collect();
            assert!(!codes.is_empty(), "{list:?}");
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), list.words().len(), "{list:?}");
            for word in list.words() {
                assert!(!word.nl.is_empty() && !word.en.is_empty(), "{word:?}");
                assert!(list.allows(word.code));
            }
        }
    }

    #[test]
    fn a_newer_code_is_shown_as_it_is() {
        assert_eq!(List::Thema.label("wonen", Lang::En), "Housing");
        assert_eq!(List::Thema.label("ruimtevaart", Lang::En), "ruimtevaart");
        assert!(!List::Thema.allows("ruimtevaart"));
    }

    #[test]
    fn an_open_code_has_a_form() {
        assert!(List::Open.allows("stabiel_6m"));
        for wrong in ["", "Stabiel", "met spatie", "é", &"a".repeat(41)] {
            assert!(!List::Open.allows(wrong), "{wrong}");
        }
    }
}
