//! Streets in other countries, by the word for a street in front of the name or at its end, with a number.

use super::house;
use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// What stands in front of the name.
const BEFORE: [&str; 14] = [
    "rue",
    "calle",
    "avenida",
    "avenue",
    "chaussée",
    "chaussee",
    "rua",
    "ulica",
    "ul",
    "viale",
    "piazza",
    "impasse",
    "carrer",
    "allée",
];
/// What the last word of the name ends in, or is.
const BEHIND: [&str; 9] = [
    "strasse", "straße", "gasse", "allee", "platz", "street", "sokak", "caddesi", "sokağı",
];
/// The most words of the name.
const WORDS_MAX: usize = 5;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let words = spots.iter().enumerate().filter(|(_, spot)| spot.end > spot.start);
    for (nth, spot) in words.filter(|(_, spot)| text.near_digit(spot.start, 80)) {
        let found = if text.is_any(spot.start, spot.end, &BEFORE) {
            name_end(text, spot)
        } else if BEHIND.iter().any(|tail| ends_in(text, spot, tail)) {
            house::number_end(text, spot.end, false).map(|end| (first(text, &spots[..=nth]), end))
        } else {
            None
        };
        places.extend(found.map(|(start, end)| Place {
            start,
            end,
            what: SpanType::Address,
            rule: "straat-met-nummer",
        }));
    }
}

fn ends_in(text: &Plain, spot: &Spot, tail: &str) -> bool {
    let length = tail.chars().count();
    spot.end - spot.start >= length && text.is(spot.end - length, spot.end, tail)
}

/// `Rue de la Gare 14`, `ul. Polna 3`: words up to the number.
fn name_end(text: &Plain, spot: &Spot) -> Option<(usize, usize)> {
    let mut at = spot.end + usize::from(text.stands(spot.end, "."));
    for _ in 0..WORDS_MAX {
        if !text.stands(at, " ") {
            return None;
        }
        let word = text.run_end(at + 1, |c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'));
        if word == at + 1 {
            return None;
        }
        at = word;
        if let Some(end) = house::number_end(text, at, false) {
            return Some((spot.start, end));
        }
    }
    None
}

/// Of `Alte Hauptstrasse` the first word with a capital.
fn first(text: &Plain, spots: &[Spot]) -> usize {
    let mut words = spots.iter().rev();
    let mut start = words.next().map_or(0, |spot| spot.start);
    // `atatürk caddesi`: where that is a word by itself, the one before it is the name.
    let alone = BEHIND.iter().any(|tail| text.stands(start, tail));
    for (nth, spot) in words.take(2).enumerate() {
        let joined = spot.end + 1 == start && text.stands(spot.end, " ") && spot.end > spot.start;
        let named = text.is_capital(spot.start) || (alone && nth == 0);
        if !joined || !named || text.low()[spot.start].is_ascii_digit() {
            break;
        }
        start = spot.start;
    }
    start
}
