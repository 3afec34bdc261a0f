//! A name that was found once is masked wherever it stands: every word of four letters or more of what is masked.

use std::collections::BTreeSet;

use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// A shorter word stands in too many other places.
const LETTERS_MIN: usize = 4;

/// Words that were masked: the rare ones in small letters, and the more frequent ones as they were written.
#[derive(Default)]
pub(super) struct Spread {
    any: BTreeSet<Vec<char>>,
    exact: BTreeSet<Vec<char>>,
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
                if marks.any(Marks::COMMON) {
                    self.exact.insert(text.shown(start, end).to_vec());
                } else {
                    self.any.insert(letters.to_vec());
                }
            }
        }
    }

    /// Finds them elsewhere.
    pub(super) fn scan(&self, text: &Plain, places: &mut Vec<Place>) {
        if self.any.is_empty() && self.exact.is_empty() {
            return;
        }
        for (start, end) in words(text, 0, text.low().len()) {
            let exact = self.exact.contains(text.shown(start, end));
            if exact || self.any.contains(&text.low()[start..end]) {
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

fn words(text: &Plain, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = start;
    while at < end {
        let stop = (at..end).find(|at| !text.low()[*at].is_alphabetic()).unwrap_or(end);
        if stop - at >= LETTERS_MIN {
            found.push((at, stop));
        }
        at = stop.max(at + 1);
    }
    found
}
