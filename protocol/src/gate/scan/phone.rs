//! Telephone numbers as they are written in the Netherlands, and numbers abroad with `+` or `00`.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// The most characters of a written number, dividers included.
const CHARACTERS_MAX: usize = 32;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let mut after = 0;
    for start in spots.iter().map(|spot| spot.start) {
        if start < after {
            continue;
        }
        if let Some(end) = number_end(text, start) {
            places.push(Place {
                start,
                end,
                what: SpanType::Phone,
                rule: "telefoonnummer",
            });
            after = end;
        }
    }
}

fn number_end(text: &Plain, start: usize) -> Option<usize> {
    let first = text.low()[start];
    if !matches!(first, '+' | '0' | '(') || !text.begins(start) {
        return None;
    }
    let written = Written::read(text, start);
    let digits = &written.digits;
    let lengths: &[usize] = match () {
        () if first == '+' && digits.starts_with("31") => dutch_abroad(&digits[2..], 2),
        () if digits.starts_with("0031") => dutch_abroad(&digits[4..], 4),
        () if first == '+' || digits.starts_with("00") => return written.longest(text, 9, 15),
        () if is_service(digits) => &[11, 8],
        () if digits.starts_with('0') && !is_date(digits, &written.ends, start) => &[10],
        () => return None,
    };
    lengths.iter().find_map(|length| written.end_after(text, *length))
}

/// After the country come nine digits, or a zero in brackets that nobody dials and nine more.
fn dutch_abroad(rest: &str, country: usize) -> &'static [usize] {
    match (country, rest.starts_with('0')) {
        (2, false) => &[11],
        (2, true) => &[12, 11],
        (_, false) => &[13],
        (_, true) => &[14, 13],
    }
}

fn is_service(digits: &str) -> bool {
    ["0800", "0900", "0906", "0909", "088", "085"]
        .iter()
        .any(|prefix| digits.starts_with(prefix))
        && !digits.starts_with("088")
        && !digits.starts_with("085")
}

/// `01-02-2024 12…` is a date with something behind it.
fn is_date(digits: &str, ends: &[usize], start: usize) -> bool {
    let divided = |after: usize| ends.get(after) != ends.get(after - 1).map(|end| end + 1).as_ref();
    let year = digits
        .get(4..6)
        .is_some_and(|century| century == "19" || century == "20");
    let month = digits.get(2..4).is_some_and(|month| ("01"..="12").contains(&month));
    year && month && ends.len() > 8 && ends[1] == start + 2 && divided(2) && divided(4) && divided(8) && !divided(6)
}

/// The digits of a number as it is written, with the place after each.
struct Written {
    digits: String,
    ends: Vec<usize>,
}

impl Written {
    fn read(text: &Plain, start: usize) -> Self {
        let mut written = Self {
            digits: String::new(),
            ends: Vec::new(),
        };
        let mut dividers = 0;
        let characters = text.low().iter().enumerate().skip(start).take(CHARACTERS_MAX);
        for (at, c) in characters {
            if c.is_ascii_digit() {
                written.digits.push(*c);
                written.ends.push(at + 1);
                dividers = 0;
            } else if at > start && (!matches!(c, ' ' | '-' | '.' | ',' | '·' | '(' | ')' | '/' | '_') || dividers == 3)
            {
                break;
            } else {
                dividers += 1;
            }
        }
        written
    }

    /// The place after so many digits, when no digit or letter follows at once.
    fn end_after(&self, text: &Plain, digits: usize) -> Option<usize> {
        let end = *self.ends.get(digits.checked_sub(1)?)?;
        text.ends(end).then_some(end)
    }

    fn longest(&self, text: &Plain, min: usize, max: usize) -> Option<usize> {
        (min..=max).rev().find_map(|digits| self.end_after(text, digits))
    }
}
