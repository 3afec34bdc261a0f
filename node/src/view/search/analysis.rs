//! A Dutch text as what it is searched by: stems, the parts of compounds, and what the sociaal domein calls by several names.
//!
//! | file | what it holds |
//! |---|---|
//! | `concepts` | names of one thing, and words of one subject: `begrippen.txt` |
//! | `stem` | one word, whatever its form: Snowball, and `vormen.txt` where it errs |
//! | `stop` | words that every text is full of |
//!
//! **Invariant:** a pure function of the text and of [`ANALYSIS_VERSION`]: whatever changes what comes out of here changes
//! that number, and what was indexed before is indexed anew.

mod concepts;
mod stem;
mod stop;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use protocol::gate::Compounds;

pub(super) use concepts::Concept;
use concepts::Concepts;
use stem::Stems;

/// The version of all that is said here of a text, with its lists.
pub(crate) const ANALYSIS_VERSION: u32 = 2;

/// Longer is no word, and is not taken apart.
const WORD_CHARS_MAX: usize = 60;
/// Words of one text that are looked at; what a record may hold is less.
const TOKENS_MAX: usize = 8_192;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it stands, in bytes.
    pub(super) at: Range<usize>,
    /// How it counts, whatever its form.
    pub(super) stem: String,
    /// How its parts count, when it is a compound.
    pub(super) parts: Vec<String>,
    /// Whether every text is full of it.
    pub(super) stops: bool,
}

/// What a text is searched by, each with how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// The stems of its words.
    pub(super) words: BTreeMap<String, u32>,
    /// The stems of the parts of its compounds.
    pub(super) parts: BTreeMap<String, u32>,
    /// What it names.
    pub(super) concepts: BTreeMap<Concept, u32>,
}

/// The lists, ready to be asked.
#[derive(Debug)]
pub(crate) struct Analysis {
    compounds: Compounds,
    stems: Stems,
    concepts: Concepts,
}

impl Analysis {
    /// Reads the lists.
    pub(crate) fn new() -> Self {
        let (compounds, stems) = (Compounds::new(), Stems::new());
        let tokens = |text: &str| tokens(text, &compounds, &stems);
        let concepts = Concepts::new(tokens);
        Self {
            compounds,
            stems,
            concepts,
        }
    }

    /// The words of a text, in its order.
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        tokens(text, &self.compounds, &self.stems)
    }

    /// What stands in a text under several names: which words, and what they name.
    pub(super) fn concepts(&self, tokens: &[Token]) -> Vec<(Range<usize>, Concept)> {
        self.concepts.of(tokens)
    }

    /// What a text is searched by.
    pub(super) fn terms(&self, text: &str) -> Terms {
        let tokens = self.tokens(text);
        let mut terms = Terms::default();
        for token in tokens.iter().filter(|token| !token.stops) {
            *terms.words.entry(token.stem.clone()).or_default() += 1;
            for part in &token.parts {
                *terms.parts.entry(part.clone()).or_default() += 1;
            }
        }
        for (_, concept) in self.concepts(&tokens) {
            *terms.concepts.entry(concept).or_default() += 1;
        }
        terms
    }
}

impl Terms {
    /// Adds what another text is searched by.
    pub(super) fn add(&mut self, other: Self) {
        let sum = |into: &mut BTreeMap<String, u32>, from: BTreeMap<String, u32>| {
            from.into_iter()
                .for_each(|(term, count)| *into.entry(term).or_default() += count);
        };
        sum(&mut self.words, other.words);
        sum(&mut self.parts, other.parts);
        for (concept, count) in other.concepts {
            *self.concepts.entry(concept).or_default() += count;
        }
    }
}

fn tokens(text: &str, compounds: &Compounds, stems: &Stems) -> Vec<Token> {
    let mut found = Vec::new();
    for at in words(text).take(TOKENS_MAX) {
        let word = Compounds::folded(&text[at.clone()]);
        if word.is_empty() {
            continue;
        }
        let mut parts: Vec<String> = Vec::new();
        if word.chars().count() <= WORD_CHARS_MAX {
            parts = compounds
                .parts(&word)
                .iter()
                .map(|part| stems.of(part, compounds))
                .collect();
        }
        found.push(Token {
            at,
            stops: stop::is_stop(&word),
            stem: stems.of(&word, compounds),
            parts,
        });
    }
    found
}

/// Where the words of a text stand: letters and digits without anything between them. An apostrophe ends a word, so that the
/// `s` of `foto's` is a word of its own, which stops.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let belongs = |c: char| c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(belongs)?;
        let length = text[start..].find(|c| !belongs(c)).unwrap_or(text.len() - start);
        rest = start + length;
        Some(start..rest)
    })
}
