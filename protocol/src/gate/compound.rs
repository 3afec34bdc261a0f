//! What Dutch wrote as one word, taken apart with the word list of the gate.
//!
//! Who searches for `schuld` means `schuldhulpverlening` too. The list that tells the gate a known word from a name tells a
//! search engine where one word ends inside another, so that there is one list and not two.
//!
//! **Invariant:** a pure function of the word and the lists; the parts come in the order in which they are written.

use super::lexicon::Lexicon;
use super::lexicon::fold::fold;

/// The most parts that a word is taken apart into.
pub const PARTS_MAX: usize = 8;

/// The word list, to be asked for compounds.
#[derive(Clone)]
pub struct Compounds {
    lexicon: Lexicon,
}

impl std::fmt::Debug for Compounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compounds").finish_non_exhaustive()
    }
}

impl Default for Compounds {
    fn default() -> Self {
        Self::new()
    }
}

impl Compounds {
    /// Opens the lists; that takes no time, they are read where they lie.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lexicon: Lexicon::new(),
        }
    }

    /// The form in which words are looked up: small letters without accents, also where an accent is a character of its own.
    #[must_use]
    pub fn folded(word: &str) -> String {
        let is_mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
        word.chars().filter(|c| !is_mark(c)).map(fold).collect()
    }

    /// Whether the word stands in the list as it is.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        let letters: Vec<char> = word.chars().collect();
        self.lexicon.is_word(&letters)
    }

    /// The parts of a compound, also those of its parts; none when it is no compound.
    #[must_use]
    pub fn parts(&self, word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut found = Vec::new();
        self.part(&letters, &mut found);
        found
    }

    fn part(&self, letters: &[char], found: &mut Vec<String>) {
        let Some((end, start)) = self.lexicon.seam(letters) else {
            return;
        };
        for part in [&letters[..end], &letters[start..]] {
            if found.len() < PARTS_MAX {
                found.push(part.iter().collect());
                self.part(part, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_falls_apart_where_a_reader_hears_it() {
        let compounds = Compounds::new();
        for (word, parts) in [
            ("briefadres", &["brief", "adres"][..]),
            ("bijstandsuitkering", &["bijstand", "uitkering"]),
            ("schuldhulpverlening", &["schuld", "hulpverlening", "hulp", "verlening"]),
            ("gemeente", &[]),
            ("huur", &[]),
        ] {
            assert_eq!(compounds.parts(word), parts, "{word}");
        }
    }

    #[test]
    fn nothing_makes_it_run_long() {
        let compounds = Compounds::new();
        assert!(compounds.parts(&"werk".repeat(15)).len() <= PARTS_MAX);
        assert_eq!(compounds.parts(&"a".repeat(5_000)), Vec::<String>::new());
        assert_eq!(compounds.parts(""), Vec::<String>::new());
    }
}
