//! Numbers that courts and registers give out in more than one part: `ECLI:NL:…`, `FA RK 25-3370`, `M2503 0147`,
//! `jw 25 00713`.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// What stands before the number on the roll of a court.
const ROLLS: [&str; 24] = [
    "rk", "verz", "ha", "za", "kg", "cv", "expl", "rek", "hazk", "harb", "ft", "ba", "r", "jeugd", "je", "fa", "awb",
    "wvggz", "wmo", "jw", "pw", "ov", "es", "rp",
];
/// The most words of it in front of the number.
const ROLL_WORDS_MAX: usize = 3;
/// Digits behind the year.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=6;
/// Letters in front of a number in two parts.
const LETTERS_MAX: usize = 4;
/// What stands before years, amounts and ranges, and no register.
const WORDS: [&str; 33] = [
    "in", "op", "van", "tot", "om", "bij", "met", "na", "voor", "of", "en", "de", "per", "rond", "tel", "mob", "fax",
    "ca", "nu", "al", "pas", "nog", "max", "min", "eur", "dus", "is", "was", "aan", "uit", "had", "zo", "die",
];

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let words = spots.iter().filter(|spot| spot.end > spot.start);
    for spot in words.filter(|spot| text.near_digit(spot.start, 60)) {
        let at = spot.start;
        let found = match text.low()[at] {
            '0'..='9' => on_roll(text, spot),
            'e' if text.stands(at, "ecli:") => Some((at, text.run_end(at, |c| c.is_ascii_alphanumeric() || c == ':'))),
            _ => in_parts(text, spot),
        };
        places.extend(found.map(|(start, end)| Place {
            start,
            end,
            what: SpanType::CaseNumber,
            rule: "rolnummer",
        }));
    }
}

/// `25-3370` behind the letters of a roll, which belong to it.
fn on_roll(text: &Plain, spot: &Spot) -> Option<(usize, usize)> {
    let year = text.digits_end(spot.start);
    if let Some(end) = of_prosecutor(text, year).filter(|_| year == spot.start + 2) {
        return Some((spot.start, end));
    }
    let divided = matches!(text.low().get(year), Some('-' | '/'));
    let end = text.digits_end(year + 1);
    let number =
        year == spot.start + 2 && divided && DIGITS.contains(&(end.saturating_sub(year + 1))) && text.ends(end);
    let mut start = spot.start;
    for _ in 0..ROLL_WORDS_MAX {
        let Some(space) = start.checked_sub(1).filter(|at| text.low()[*at] == ' ') else {
            break;
        };
        let letters = text.low()[..space].iter().rev().take(LETTERS_MAX + 2);
        let first = space - letters.take_while(|c| c.is_ascii_alphabetic()).count();
        if !text.is_any(first, space, &ROLLS) || !text.begins(first) {
            break;
        }
        start = first;
    }
    (number && start < spot.start).then_some((start, end))
}

/// `10-223344-25` and `16/104982-24`: the number that the public prosecutor gives, behind its first two digits.
fn of_prosecutor(text: &Plain, at: usize) -> Option<usize> {
    let mark = |at: usize| matches!(text.low().get(at), Some('-' | '/' | '.'));
    let middle = text.digits_end(at + 1);
    let end = text.digits_end(middle + 1);
    (mark(at) && mark(middle) && middle == at + 7 && end == middle + 3 && text.ends(end)).then_some(end)
}

/// `M2503 0147`, and `adv 25 00713`: letters, and digits in two parts of which the second begins with a zero.
fn in_parts(text: &Plain, spot: &Spot) -> Option<(usize, usize)> {
    let letters = text.run_end(spot.start, |c| c.is_ascii_alphabetic());
    if letters > spot.start + LETTERS_MAX {
        return None;
    }
    let glued = letters < spot.end;
    let digits = letters + usize::from(!glued && text.stands(letters, " "));
    let first = text.digits_end(digits);
    let second = first + 1;
    let end = text.digits_end(second);
    let (head, tail) = (first - digits, end.saturating_sub(second));
    let year = head == 2 && matches!(text.low().get(digits), Some('1' | '2'));
    let zero =
        text.low().get(second) == Some(&'0') || (!glued && head == 4 && text.is_any(spot.start, letters, &ROLLS));
    let fits = if glued {
        (3..=6).contains(&head) && DIGITS.contains(&tail)
    } else {
        (year && (4..=6).contains(&tail)) || (head == 4 && text.stands(digits, "20") && DIGITS.contains(&tail))
    };
    let worded = text.is_any(spot.start, letters, &WORDS);
    let whole = text.stands(first, " ") && text.ends(end) && digits > spot.start;
    (fits && zero && whole && !worded && (glued || digits > letters)).then_some((spot.start, end))
}
