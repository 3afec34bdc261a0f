//! A telephone number written in words: "nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig".

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

const UNITS: [&str; 20] = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
];
const TENS: [&str; 8] = [
    "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
];
/// A number has this many digits, however they are grouped.
const DIGITS_MIN: usize = 9;
/// Longer than any of these words.
const WORD_CHARS_MAX: usize = 18;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let mut after = 0;
    for start in spots.iter().map(|spot| spot.start) {
        if start < after || !text.stands(start, "nul") {
            continue;
        }
        if let Some(end) = number_end(text, start) {
            places.push(Place {
                start,
                end,
                what: SpanType::Phone,
                rule: "nummer-in-woorden",
            });
            after = end;
        }
    }
}

/// Where the number that begins here with a zero ends.
fn number_end(text: &Plain, start: usize) -> Option<usize> {
    let (mut at, mut end, mut digits) = (start, start, 0);
    loop {
        let word_end = text.run_end(at, char::is_alphabetic);
        let word: String = text.low()[at..word_end.min(at + WORD_CHARS_MAX)]
            .iter()
            .map(plain)
            .collect();
        let Some(more) = digits_of(&word) else {
            break;
        };
        if at == start && word != "nul" {
            return None;
        }
        (digits, end) = (digits + more, word_end);
        let next = text.run_end(word_end, |c| matches!(c, ' ' | ',' | '-' | '.' | '\n'));
        if next == word_end || next > word_end + 3 {
            break;
        }
        at = next;
    }
    (digits >= DIGITS_MIN).then_some(end)
}

fn plain(c: &char) -> char {
    match c {
        'é' | 'ë' => 'e',
        c => *c,
    }
}

/// Whether the word counts a day of a month: `vijf`, `eenentwintig`, `derde`.
pub(super) fn is_day(text: &Plain, start: usize, end: usize) -> bool {
    if end > start + WORD_CHARS_MAX {
        return false;
    }
    let word: String = text.low()[start..end].iter().map(plain).collect();
    let stems = [word.as_str(), word.trim_end_matches("ste"), word.trim_end_matches("de")];
    matches!(word.as_str(), "eerste" | "derde" | "achtste") || stems.iter().any(|stem| digits_of(stem).is_some())
}

/// Whether the word is an hour on a clock: `een` to `twaalf`.
pub(super) fn is_hour(text: &Plain, start: usize, end: usize) -> bool {
    text.is_any(start, end, &UNITS[1..=12])
}

/// How many digits the word stands for.
fn digits_of(word: &str) -> Option<usize> {
    if let Some(value) = UNITS.iter().position(|unit| *unit == word) {
        return Some(if value < 10 { 1 } else { 2 });
    }
    let tens = TENS.iter().find_map(|tens| word.strip_suffix(tens))?;
    let unit = tens.strip_suffix("en").unwrap_or(tens);
    (unit.is_empty() || UNITS[1..10].contains(&unit)).then_some(2)
}
