//! Codes that a system gave out, such as `Z-24-77582`, `WMO-2023.2643` and `NX5H70541`: letters and digits that are no
//! word and no amount. What they number is somebody's case, most likely.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Fewer digits may be a law, a road or a size.
const DIGITS_MIN: usize = 5;
/// The letters in one go are the name of a register; more are a word.
const LETTERS_MAX: usize = 5;
const CHARACTERS_MAX: usize = 30;
/// How far into a code its first digit stands: `Z-HZ_WMO-2022-0804`.
const DIGIT_CHARS_MAX: u8 = 14;
/// Digits with such a mark between them are no amount.
const NUMBERED_DIGITS_MIN: usize = 6;
/// The number of a document is written together, letters and digits through each other.
const DOCUMENT_CHARS: usize = 9;
const DOCUMENT_DIGITS_MIN: usize = 3;
/// In front of a number, which another scanner knows.
const TOLD: [&str; 6] = ["tel", "mob", "fax", "nr", "bsn", "pc"];

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let mut after = 0;
    for spot in spots.iter().filter(|spot| spot.end > spot.start) {
        if spot.start < after || !text.near_digit(spot.start, DIGIT_CHARS_MAX) {
            continue;
        }
        let end = code_end(text, spot.start);
        after = end;
        if is_code(text, spot.start, end) {
            let document = end - spot.start == DOCUMENT_CHARS && end == spot.end;
            places.push(Place {
                start: spot.start,
                end,
                what: if document {
                    SpanType::DocumentNumber
                } else {
                    SpanType::CaseNumber
                },
                rule: if document { "document-code" } else { "code" },
            });
        }
    }
}

/// Letters and digits, and single marks between them.
fn code_end(text: &Plain, start: usize) -> usize {
    let low = text.low();
    let inside = |at: usize| {
        let c = low[at];
        let follows = || low.get(at + 1).is_some_and(char::is_ascii_alphanumeric);
        c.is_ascii_alphanumeric() || (matches!(c, '/' | '-' | '.' | '_') && follows())
    };
    (start..low.len()).find(|at| !inside(*at)).unwrap_or(low.len())
}

fn is_code(text: &Plain, start: usize, end: usize) -> bool {
    if end - start > CHARACTERS_MAX || !text.ends(end) {
        return false;
    }
    let code = &text.low()[start..end];
    let digits = code.iter().filter(|c| c.is_ascii_digit()).count();
    let longest = code.split(|c| !c.is_ascii_alphabetic()).map(<[char]>::len).max();
    let letters = longest.is_some_and(|letters| (1..=LETTERS_MAX).contains(&letters));
    let whole = code.iter().all(char::is_ascii_alphanumeric);
    let told = TOLD
        .iter()
        .any(|word| text.stands(start, word) && code.iter().skip(word.len()).all(|c| !c.is_alphabetic()));
    // `10.000m2` is an amount, and so is whatever else begins with one: a code that begins with digits has more of them.
    let counted = code[0].is_ascii_digit() && code.iter().any(|c| matches!(c, '.' | '-'));
    let document =
        whole && code.len() == DOCUMENT_CHARS && digits >= DOCUMENT_DIGITS_MIN && code[0].is_ascii_alphabetic();
    // `2022_519568`, `157.6711/24`
    let marks = code.iter().filter(|c| matches!(c, '_' | '/')).count();
    let numbered = marks == 1 && digits >= NUMBERED_DIGITS_MIN && longest == Some(0);
    numbered || (letters && !counted && !told && (digits >= DIGITS_MIN || document))
}
