//! A text made plain for the scanners, with the way back to the original.
//!
//! Characters that nobody sees (zero-width, direction marks) are taken out, odd spaces become spaces, digits
//! and letters of other widths their plain form, a letter and its accent one letter, and among Latin letters those that
//! look like them; so an identifier cannot hide behind them. Every plain character knows which characters of the original
//! it came from.

use super::characters::{SEALED, composed, looks_like, lower, plain_character};
use super::combine;
use super::mask::{self, Persons};
use super::scan::{self, Seen, Spread};
use super::span::{Action, Span, SpanType};
use super::{Known, Policy, Verdict};

/// A shorter text says nothing about its language.
const LANGUAGE_WORDS_MIN: usize = 25;
/// Dutch prose has about forty in a hundred, notes about thirty, English about ten.
const FREQUENT_PERCENT_MIN: usize = 12;

/// Longer than any word, and short enough to be read again from every place in it.
const RUN_CHARS_MAX: usize = 200;

/// One text after the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenedText {
    /// What was found, in order of place, without overlaps.
    pub spans: Vec<Span>,
    /// The text with masks in place of what was found.
    pub masked: String,
    /// Why the text may not leave at all.
    pub block: Option<super::BlockReason>,
    /// Whether a word stays that may yet be a name.
    pub unsure: bool,
}

impl ScreenedText {
    /// What the gate says of a text that stands alone: block beats review, and only a text in which nothing at all was
    /// found passes. A text in a record always meets a person, see [`super::Screened::verdict`].
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.block, self.spans.is_empty() && !self.unsure) {
            (Some(_), _) => Verdict::Block,
            (None, false) => Verdict::Review,
            (None, true) => Verdict::Pass,
        }
    }
}

/// Screens a text that stands alone. It never fails: what cannot be judged is blocked.
#[must_use]
pub fn screen_text(text: &str, known: &Known, policy: &Policy) -> ScreenedText {
    let mut persons = Persons::default();
    persons.heed(text);
    screen_among(text, known, policy, &mut persons, &mut Spread::default())
}

/// Remembers the names in one text of a record, so that they are masked in every other.
pub(super) fn gather(text: &str, known: &Known, policy: &Policy, spread: &mut Spread) {
    if text.len() <= policy.text_chars_max {
        scan::scan(&mut Plain::new(text), known, &policy.case_numbers, spread);
    }
}

/// Screens a text of a record in which these persons were named before, and these words masked.
pub(super) fn screen_among(
    text: &str,
    known: &Known,
    policy: &Policy,
    persons: &mut Persons,
    spread: &mut Spread,
) -> ScreenedText {
    let blocked = |reason| ScreenedText {
        spans: Vec::new(),
        masked: String::new(),
        block: Some(reason),
        unsure: true,
    };
    // A character has a byte at least, so most texts need not be counted.
    let long = text.len() > policy.text_chars_max;
    if long && text.chars().take(policy.text_chars_max.saturating_add(1)).count() > policy.text_chars_max {
        let max = policy.text_chars_max;
        return blocked(super::BlockReason::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return blocked(super::BlockReason::ControlCharacter);
    }
    let mut plain = Plain::new(text);
    let (places, seen) = scan::scan(&mut plain, known, &policy.case_numbers, spread);
    let places = combine::add(&plain, places);
    let spans: Vec<_> = places.iter().map(|place| plain.span(place, persons)).collect();
    ScreenedText {
        masked: plain.masked(&places, &spans),
        spans,
        block: (!is_dutch(seen)).then_some(super::BlockReason::NotDutch),
        unsure: seen.doubts > 0,
    }
}

/// A text of some length in which hardly a word is one of the most frequent of Dutch is in another language, and the gate
/// knows no other.
fn is_dutch(seen: Seen) -> bool {
    seen.words < LANGUAGE_WORDS_MIN || seen.frequent * 100 >= seen.words * FREQUENT_PERCENT_MIN
}

/// A place in a plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: SpanType,
    pub(super) rule: &'static str,
}

/// The plain characters, beside what is shown of them and where they come from.
pub(super) struct Plain {
    /// Lower-case, for the scanners.
    low: Vec<char>,
    /// As they stay in the masked text.
    shown: Vec<char>,
    /// Place in the original, in code points.
    from: Vec<u32>,
    /// The characters that were made of several, in order, with the place of the last.
    composed: Vec<(usize, u32)>,
    /// How far it is to the next digit; most scanners look for a number, and most words stand near none.
    to_digit: Vec<u8>,
}

impl Plain {
    pub(super) fn new(text: &str) -> Self {
        let mut plain = Self {
            low: Vec::with_capacity(text.len()),
            shown: Vec::with_capacity(text.len()),
            from: Vec::with_capacity(text.len()),
            composed: Vec::new(),
            to_digit: Vec::new(),
        };
        let mut alike = false;
        for (at, c) in (0..).zip(text.chars()) {
            if matches!(c, ' '..='~' | '\n') {
                plain.low.push(c.to_ascii_lowercase());
                plain.shown.push(c);
                plain.from.push(at);
            } else if let Some(shown) = plain_character(c) {
                alike |= looks_like(shown).is_some();
                plain.push(at, shown);
            }
        }
        if alike {
            plain.read_alike();
        }
        plain.to_digit = distances(&plain.low);
        plain.seal_masks();
        plain
    }

    /// One more character, or the accent of the last one.
    fn push(&mut self, at: u32, shown: char) {
        let letter = self.shown.last().and_then(|letter| composed(*letter, shown));
        match (letter, self.shown.len().checked_sub(1)) {
            (Some(letter), Some(last)) => {
                (self.low[last], self.shown[last]) = (lower(letter), letter);
                self.composed.retain(|(of, _)| *of != last);
                self.composed.push((last, at));
            }
            _ => {
                self.low.push(lower(shown));
                self.shown.push(shown);
                self.from.push(at);
            }
        }
    }

    /// Among Latin letters and digits, a letter that looks like a Latin one is one. A word in another script stays itself.
    fn read_alike(&mut self) {
        let mut at = 0;
        while at < self.low.len() {
            let end = at + self.low[at..].iter().take_while(|c| c.is_alphanumeric()).count();
            if self.low[at..end].iter().any(char::is_ascii_alphanumeric) {
                for place in at..end {
                    self.low[place] = looks_like(self.shown[place]).unwrap_or(self.low[place]);
                }
            }
            at = end.max(at + 1);
        }
    }

    /// Where in the original the character ends.
    fn until(&self, at: usize) -> u32 {
        let made = self.composed.binary_search_by_key(&at, |(of, _)| *of);
        made.map_or(self.from[at], |nth| self.composed[nth].1) + 1
    }

    /// Whether a digit stands within so many characters from here.
    pub(super) fn near_digit(&self, at: usize, characters: u8) -> bool {
        self.to_digit[at] <= characters
    }

    /// A mask of an earlier screening is not text: nothing in it or across it is found.
    fn seal_masks(&mut self) {
        for at in 0..self.shown.len() {
            if let Some(length) = mask::typed(&self.shown[at..]) {
                self.low[at..at + length].fill(SEALED);
            }
        }
    }

    /// What was found and will be replaced is no longer text to the scanners.
    pub(super) fn seal(&mut self, places: &[Place]) {
        for place in places.iter().filter(|place| action(place) != Action::Flag) {
            self.low[place.start..place.end].fill(SEALED);
        }
        self.to_digit = distances(&self.low);
    }

    /// The lower-case characters.
    pub(super) fn low(&self) -> &[char] {
        &self.low
    }

    /// Whether the character here is a capital.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.shown.get(at).is_some_and(|c| c.is_uppercase())
    }

    /// Whether this was masked before.
    pub(super) fn is_sealed(&self, at: usize) -> bool {
        self.low[at] == SEALED
    }

    /// The characters between two places, as they were written.
    pub(super) fn shown(&self, start: usize, end: usize) -> &[char] {
        &self.shown[start..end]
    }

    /// Whether a word can begin here: no letter or digit before it.
    pub(super) fn begins(&self, at: usize) -> bool {
        at.checked_sub(1)
            .is_none_or(|before| !self.low[before].is_alphanumeric())
    }

    /// Whether a word can end before this place.
    pub(super) fn ends(&self, at: usize) -> bool {
        self.low.get(at).is_none_or(|c| !c.is_alphanumeric())
    }

    /// Where the run of digits that starts here ends.
    pub(super) fn digits_end(&self, start: usize) -> usize {
        self.long_run_end(start, |c| c.is_ascii_digit())
    }

    /// Where the word or gap of such characters that starts here ends. A scanner may ask this at every place of
    /// the text, so it looks no further than the longest word.
    pub(super) fn run_end(&self, start: usize, belongs: impl Fn(char) -> bool) -> usize {
        let run = self.low.iter().skip(start).take(RUN_CHARS_MAX);
        start + run.take_while(|c| belongs(**c)).count()
    }

    /// The same without that bound, for whoever goes on behind the run.
    pub(super) fn long_run_end(&self, start: usize, belongs: impl Fn(char) -> bool) -> usize {
        let run = self.low.iter().skip(start).take_while(|c| belongs(**c));
        start + run.count()
    }

    /// Whether these characters stand here.
    pub(super) fn stands(&self, at: usize, word: &str) -> bool {
        let mut low = self.low.get(at..).unwrap_or_default().iter();
        word.chars().all(|c| low.next() == Some(&c))
    }

    /// Whether exactly this stands between two places.
    pub(super) fn is(&self, start: usize, end: usize, word: &str) -> bool {
        // Most words asked for differ in their first letter or length, and this is asked a lot.
        let first = word
            .bytes()
            .next()
            .is_none_or(|byte| !byte.is_ascii() || self.low.get(start).is_some_and(|c| *c == char::from(byte)));
        first && end - start <= word.len() && self.low[start..end].iter().copied().eq(word.chars())
    }

    /// Whether one of these stands between two places.
    pub(super) fn is_any(&self, start: usize, end: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(start, end, word))
    }

    /// The characters between two places.
    pub(super) fn slice(&self, start: usize, end: usize) -> String {
        self.low[start..end].iter().collect()
    }

    fn span(&self, place: &Place, persons: &mut Persons) -> Span {
        let shown = &self.shown[place.start..place.end];
        Span {
            start: self.from[place.start],
            end: self.until(place.end - 1),
            what: place.what,
            rule: place.rule,
            nr: persons
                .number(place.what, shown)
                .or(combine::band(place.what, place.rule, shown)),
        }
    }

    fn masked(&self, places: &[Place], spans: &[Span]) -> String {
        let mut masked = String::with_capacity(self.shown.len());
        let mut at = 0;
        let replaced = places
            .iter()
            .zip(spans)
            .filter(|(place, _)| action(place) != Action::Flag);
        for (place, span) in replaced {
            masked.extend(&self.shown[at..place.start]);
            masked.push_str(&span.mask());
            at = place.end;
        }
        masked.extend(&self.shown[at..]);
        masked
    }
}

pub(super) fn action(place: &Place) -> Action {
    place.what.action()
}

/// For every character how far the next digit is; 255 is as far or further.
fn distances(low: &[char]) -> Vec<u8> {
    let mut far = u8::MAX;
    let mut distances = vec![far; low.len()];
    for (at, c) in low.iter().enumerate().rev() {
        far = if c.is_numeric() { 0 } else { far.saturating_add(1) };
        distances[at] = far;
    }
    distances
}
