//! What the sociaal domein calls by more than one name, and which words belong to one subject.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Token;

/// The lists.
const LISTS: &str = include_str!("begrippen.txt");

/// Something that has more than one name, by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::view::search) struct Concept {
    /// Whether it is only a subject, whose words say less.
    pub(in crate::view::search) is_subject: bool,
    /// Which.
    pub(in crate::view::search) number: u16,
}

impl Concept {
    /// How it stands in the index.
    pub(in crate::view::search) fn term(self) -> String {
        let sort = if self.is_subject { 'o' } else { 'b' };
        format!("{sort}{}", self.number)
    }
}

/// A name by its stems.
#[derive(Debug)]
struct Name {
    stems: Vec<String>,
    concept: Concept,
}

/// The names, by their first stem.
#[derive(Debug)]
pub(super) struct Concepts {
    names: BTreeMap<String, Vec<Name>>,
}

impl Concepts {
    pub(super) fn new(tokens: impl Fn(&str) -> Vec<Token>) -> Self {
        let mut names: BTreeMap<String, Vec<Name>> = BTreeMap::new();
        let lines = LISTS.lines().filter(|line| line.starts_with(['=', '~']));
        for (line, number) in lines.zip(0..) {
            let concept = Concept {
                is_subject: line.starts_with('~'),
                number,
            };
            for name in line[1..].split(',') {
                let stems: Vec<String> = tokens(name).into_iter().map(|token| token.stem).collect();
                let Some(first) = stems.first().cloned() else {
                    continue;
                };
                names.entry(first).or_default().push(Name { stems, concept });
            }
        }
        Self { names }
    }

    /// What is named in these words, and by which of them. A word that is a name inside a longer one counts as well.
    pub(super) fn of(&self, tokens: &[Token]) -> Vec<(Range<usize>, Concept)> {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            for name in self.names.get(&token.stem).into_iter().flatten() {
                let end = at + name.stems.len();
                let stands = |(name, token): (&String, &Token)| *name == token.stem;
                if end <= tokens.len() && name.stems.iter().zip(&tokens[at..end]).all(stands) {
                    found.push((at..end, name.concept));
                }
            }
            for part in &token.parts {
                let single = |name: &&Name| name.stems.len() == 1;
                let names = self.names.get(part).into_iter().flatten().filter(single);
                found.extend(names.map(|name| (at..at + 1, name.concept)));
            }
        }
        // A thing that one word names in two ways is named once.
        found.sort_by_key(|(range, concept)| (range.start, *concept, range.end));
        found.dedup_by_key(|(range, concept)| (range.start, *concept));
        found
    }
}
