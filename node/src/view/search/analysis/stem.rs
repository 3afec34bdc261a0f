//! One word, whatever its form.
//!
//! Snowball (Kraaij-Pohlmann) does most. It knows no dictionary, so `gemeenten` becomes `meen`, and it leaves the `t` of
//! `vraagt`: the word list of the gate and `vormen.txt` come first.

use std::collections::BTreeMap;

use frostem::{Algorithm, Stemmer};
use protocol::gate::Compounds;

/// Forms that the stemmer would take for something else.
const FORMS: &str = include_str!("vormen.txt");
/// What a verb may begin with.
const PREFIXES: [&str; 24] = [
    "aan", "achter", "af", "bij", "binnen", "door", "in", "mee", "na", "om", "onder", "op", "over", "rond", "samen",
    "terug", "thuis", "toe", "uit", "vast", "voor", "vooruit", "weg", "mis",
];
/// A shorter word that ends in a `t` is no form of a verb, or its own stem is too short to be told.
const VERB_CHARS_MIN: usize = 5;
/// Of a longer stem a doubled vowel says nothing any more: `toeslag` and `toeslaag` are the same word to Snowball's rules.
const DOUBLED_CHARS_MIN: usize = 6;

/// The stemmer with what corrects it.
#[derive(Clone)]
pub(super) struct Stems {
    stemmer: Stemmer,
    forms: BTreeMap<&'static str, &'static str>,
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stems").finish_non_exhaustive()
    }
}

impl Stems {
    pub(super) fn new() -> Self {
        let lines = FORMS.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once(':'));
        let forms = pairs.flat_map(|(stem, forms)| forms.split_ascii_whitespace().map(move |form| (form, stem)));
        Self {
            stemmer: Stemmer::new(Algorithm::Dutch),
            forms: forms.collect(),
        }
    }

    /// How a folded word counts.
    pub(super) fn of(&self, word: &str, compounds: &Compounds) -> String {
        if let Some(stem) = self.forms.get(word) {
            return (*stem).to_owned();
        }
        if let Some(stem) = self.prefixed(word) {
            return stem;
        }
        if let Some(without) = word.strip_suffix("loze").or_else(|| word.strip_suffix("lozen")) {
            return plain(&format!("{without}loos"));
        }
        let bare = without_ending(word, compounds).unwrap_or(word);
        match self.forms.get(bare) {
            Some(stem) => (*stem).to_owned(),
            None => plain(&self.stemmer.stem(bare)),
        }
    }

    /// An irregular verb behind a prefix.
    fn prefixed(&self, word: &str) -> Option<String> {
        PREFIXES.iter().find_map(|prefix| {
            let verb = word.strip_prefix(prefix)?;
            let stem = self.forms.get(verb)?;
            Some(format!("{prefix}{stem}"))
        })
    }
}

/// The word without the `t` or `d` of a verb, when what is left is a word.
fn without_ending<'a>(word: &'a str, compounds: &Compounds) -> Option<&'a str> {
    let bare = word.strip_suffix(['t', 'd'])?;
    let stays = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'h');
    let may = word.len() >= VERB_CHARS_MIN && !bare.ends_with(stays);
    (may && compounds.knows(bare) && !compounds.knows(&format!("{word}en"))).then_some(bare)
}

/// One letter of each that is doubled in a long stem.
fn plain(stem: &str) -> String {
    if stem.chars().count() < DOUBLED_CHARS_MIN {
        return stem.to_owned();
    }
    let mut letters: Vec<char> = stem.chars().collect();
    letters.dedup_by(|next, before| next == before && next.is_alphabetic());
    letters.into_iter().collect()
}
