//! A name that was found once is masked wherever it stands in the record: every word of four letters or more of what is
//! masked.

use std::collections::BTreeSet;

use super::spots::Spot;
use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// A shorter word stands in too many other places.
const LETTERS_MIN: usize = 4;

/// Words that were masked: the rare ones in small letters, and the more frequent ones as they were written.
#[derive(Default)]
pub(in crate::gate) struct Spread {
    any: BTreeSet<Vec<char>>,
    exact: BTreeSet<Vec<char>>,
    /// With which letters and lengths they begin: most words of a text are none of these.
    shapes: u64,
}

/// A bit for the first letter and the length.
fn shape(letters: &[char]) -> u64 {
    let first = letters.first().map_or(0, |c| u32::from(*c));
    1 << ((first as usize * 5 + letters.len()) % 64)
}

impl Spread {
    /// Remembers the words of what was found.
    pub(super) fn add(&mut self, text: &Plain, lexicon: &Lexicon, places: &[Place]) {
        let names = places.iter().filter(|place| is_name(place.what));
        for place in names {
            for (start, end) in words(text, place.start, place.end) {
                let letters = &text.low()[start..end];
                let marks = lexicon.word(letters);
                if marks.any(Marks::FREQUENT | Marks::PLAIN) {
                    continue;
                }
                let named = marks.any(Marks::NAME | Marks::PLACE | Marks::ALWAYS);
                if marks.any(Marks::COMMON) && !named && (start..end).all(|at| text.is_capital(at)) {
                    continue;
                }
                self.shapes |= shape(letters);
                if marks.any(Marks::COMMON) {
                    self.exact.insert(text.shown(start, end).to_vec());
                } else {
                    self.any.insert(letters.to_vec());
                }
            }
        }
    }

    /// Finds them elsewhere.
    pub(super) fn scan(&self, text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
        if self.shapes == 0 {
            return;
        }
        let long = spots.iter().filter(|spot| spot.end - spot.start >= LETTERS_MIN);
        for (start, end) in long.flat_map(|spot| words(text, spot.start, spot.end)) {
            let letters = &text.low()[start..end];
            if self.shapes & shape(letters) == 0 {
                continue;
            }
            if self.any.contains(letters) || self.exact.contains(text.shown(start, end)) {
                places.push(Place {
                    start,
                    end,
                    what: SpanType::Person,
                    rule: "eerder-gevonden",
                });
            }
        }
    }
}

fn is_name(what: SpanType) -> bool {
    matches!(
        what,
        SpanType::Person | SpanType::Place | SpanType::Unknown | SpanType::Address | SpanType::Known
    )
}

fn words(text: &Plain, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut at = start;
    std::iter::from_fn(move || {
        while at < end {
            let first = at;
            let stop = (first..end).find(|at| !text.low()[*at].is_alphabetic()).unwrap_or(end);
            at = stop.max(first + 1);
            if stop - first >= LETTERS_MIN {
                return Some((first, stop));
            }
        }
        None
    })
}
