//! Notes as they are written at work, with labels: templates of a wijkteam, filled from a seed. Nobody in them exists.
//!
//! The templates were written before the rules met them. Rules that were bettered since have seen these sentences, so
//! figures on them are kinder than those on notes the gate has never seen. Of the names one part stands in no list of the gate, one part is also an ordinary word, one part is well known.
//!
//! **Invariant:** the same seed gives the same notes, and every label lies on what was filled in.

mod forms;
mod names;
mod tally;
mod templates;

pub use tally::Tally;

use forms::filled;
use templates::{CLEAN, NOTES};

/// How a note is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// With capitals, as in a letter.
    Ordinary,
    /// All in small letters.
    Small,
    /// All in capitals.
    Capitals,
    /// With slips of the pen in the words that are filled in nowhere.
    Slips,
}

/// What stands somewhere in a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// First character.
    pub start: usize,
    /// First character after it.
    pub end: usize,
    /// What it is.
    pub what: &'static str,
}

/// A note with its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text.
    pub text: String,
    /// What it holds of people; nothing in a clean one.
    pub labels: Vec<Label>,
}

/// A small generator: the seed is the note.
pub struct Seeded(u64);

impl Seeded {
    /// A generator of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("a remainder fits what it was divided by")
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

/// A note of this seed: two to four sentences about somebody.
pub fn note(seed: u64, style: Style) -> Note {
    let mut seeded = Seeded::new(seed);
    let count = 2 + seeded.below(3);
    let sentences: Vec<&str> = (0..count).map(|_| seeded.pick(&NOTES)).collect();
    written(&mut seeded, &sentences, style)
}

/// A note of this seed that holds nothing of anybody.
pub fn clean(seed: u64, style: Style) -> Note {
    let mut seeded = Seeded::new(seed);
    let sentences: Vec<&str> = (0..2).map(|_| seeded.pick(&CLEAN)).collect();
    written(&mut seeded, &sentences, style)
}

/// The names of which no list of the gate may hold one.
pub fn unlisted() -> impl Iterator<Item = &'static str> {
    names::FIRST_UNLISTED.into_iter().chain(names::LAST_UNLISTED)
}

fn written(seeded: &mut Seeded, sentences: &[&str], style: Style) -> Note {
    let mut note = Note {
        text: String::new(),
        labels: Vec::new(),
    };
    for sentence in sentences {
        if !note.text.is_empty() {
            note.text.push_str(seeded.pick(&[" ", " ", "\n"]));
        }
        for (nth, part) in sentence.split(['{', '}']).enumerate() {
            let start = note.text.chars().count();
            let (text, what) = if nth % 2 == 1 {
                filled(seeded, part)
            } else if style == Style::Slips {
                (slipped(seeded, part), "")
            } else {
                (part.to_owned(), "")
            };
            let text = match style {
                Style::Small => each(&text, |c| c.to_lowercase().next()),
                Style::Capitals => each(&text, |c| c.to_uppercase().next()),
                Style::Ordinary | Style::Slips => text,
            };
            let end = start + text.chars().count();
            note.text.push_str(&text);
            if !what.is_empty() {
                note.labels.push(Label { start, end, what });
            }
        }
    }
    note
}

/// Letter for letter, so that a text keeps its length.
fn each(text: &str, change: impl Fn(char) -> Option<char>) -> String {
    text.chars().map(|c| change(c).unwrap_or(c)).collect()
}

/// One word in twenty of five letters or more gets two letters changed around, one twice, or one too few.
fn slipped(seeded: &mut Seeded, text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let letters: Vec<char> = word.chars().collect();
        let plain = letters.len() > 5 && letters.iter().all(|c| c.is_lowercase());
        if !plain || seeded.below(20) > 0 {
            return word.to_owned();
        }
        let at = 1 + seeded.below(letters.len() - 2);
        let mut slip = letters.clone();
        match seeded.below(3) {
            0 => slip.swap(at, at + 1),
            1 => slip.insert(at, letters[at]),
            _ => drop(slip.remove(at)),
        }
        slip.into_iter().collect()
    });
    words.collect::<Vec<_>>().join(" ")
}
