//! Where something can begin: the scanners look there, and not at every character of the text.

use crate::gate::text::Plain;

/// A run of letters and digits, or a sign by itself that an identifier can begin with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) start: usize,
    /// Where the run ends; of a sign its own place.
    pub(super) end: usize,
}

/// The spots of a text, in order. Every place where a word can begin is one, and every `@` and `(at`, wherever it stands.
pub(super) fn spots(text: &Plain) -> Vec<Spot> {
    let low = text.low();
    let mut spots = Vec::with_capacity(low.len() / 4);
    let mut at = 0;
    let mut begins = true;
    while at < low.len() {
        let start = at;
        while at < low.len() && is_alphanumeric(low[at]) {
            at += 1;
        }
        if at > start {
            spots.push(Spot { start, end: at });
            begins = false;
        } else {
            let opens = matches!(low[at], '(' | '[') && (text.stands(at + 1, "at") || text.stands(at + 1, " at "));
            if low[at] == '@' || opens || (begins && matches!(low[at], '+' | '(' | ':' | '-')) {
                spots.push(Spot { start, end: start });
            }
            begins = true;
            at += 1;
        }
    }
    spots
}

/// The first two letters of words, to see soon that a word is none of them.
pub(super) struct Firsts([u32; 26]);

impl Firsts {
    pub(super) const fn of(words: &[&str]) -> Self {
        let mut firsts = [0; 26];
        let mut nth = 0;
        while nth < words.len() {
            let word = words[nth].as_bytes();
            firsts[(word[0] - b'a') as usize] |= bit(word[1] as u32);
            nth += 1;
        }
        Self(firsts)
    }

    /// Whether a word that begins here may be one of them.
    pub(super) fn may_stand(&self, text: &Plain, at: usize) -> bool {
        let (first, second) = (text.low()[at], text.low().get(at + 1));
        let firsts = |c: char| self.0[(u32::from(c) - u32::from('a')) as usize];
        first.is_ascii_lowercase() && second.is_some_and(|c| firsts(first) & bit(u32::from(*c)) != 0)
    }
}

const fn bit(letter: u32) -> u32 {
    1 << (letter % 32)
}

/// What the standard library says, with the letters of most texts first.
fn is_alphanumeric(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9') || (c != ' ' && c.is_alphanumeric())
}
