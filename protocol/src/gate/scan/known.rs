//! Identities of this very case, as the case file spells them, in any letter case.

use crate::gate::Known;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

pub(super) fn scan(text: &Plain, known: &Known, places: &mut Vec<Place>) {
    for identity in known.iter() {
        let identity = Plain::new(identity.trim());
        if !identity.low().is_empty() {
            find(text, identity.low(), places);
        }
    }
}

fn find(text: &Plain, identity: &[char], places: &mut Vec<Place>) {
    let first = identity[0];
    let starts = (0..text.low().len()).filter(|at| text.low()[*at] == first);
    for start in starts {
        // Inside a longer word it is another word, unless the identity itself begins or ends with a mark.
        let begins = text.begins(start) || !first.is_alphanumeric();
        let end = match_end(text, start, identity);
        let whole = end.filter(|end| text.ends(*end) || !text.low()[end - 1].is_alphanumeric());
        if let Some(end) = whole.filter(|_| begins) {
            places.push(Place {
                start,
                end,
                what: SpanType::Known,
                rule: "gegeven-van-de-casus",
            });
        }
    }
}

/// Where the identity that starts here ends; one space stands for any white space, also a new line.
fn match_end(text: &Plain, start: usize, identity: &[char]) -> Option<usize> {
    let mut at = start;
    for c in identity {
        if c.is_whitespace() {
            let end = text.run_end(at, char::is_whitespace);
            if end == at {
                return None;
            }
            at = end;
        } else if text.low().get(at) == Some(c) {
            at += 1;
        } else {
            return None;
        }
    }
    Some(at)
}
