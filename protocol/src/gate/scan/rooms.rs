//! Short numbers that say where somebody is or what opens a door, behind the word for what they number: `kamer 212`,
//! `toestel 4471`, `huisnr 12-III`, and the number of a house behind a postcode.

use super::dates::COUNTED;
use super::spots::{Firsts, Spot};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// What is numbered, what the number is, and how many digits it has at least; fewer may count something.
const CUES: [(&str, SpanType, usize); 37] = [
    ("kamer", SpanType::Number, 1),
    ("kamers", SpanType::Number, 3),
    ("kamernr", SpanType::Number, 1),
    ("kamernummer", SpanType::Number, 1),
    ("kmr", SpanType::Number, 1),
    ("box", SpanType::Number, 2),
    ("boxnr", SpanType::Number, 1),
    ("toestel", SpanType::Number, 1),
    ("toestelnr", SpanType::Number, 1),
    ("toest", SpanType::Number, 2),
    ("tst", SpanType::Number, 1),
    ("doorkiesnr", SpanType::Number, 2),
    ("doorkiesnummer", SpanType::Number, 2),
    ("code", SpanType::Number, 3),
    ("pincode", SpanType::Number, 3),
    ("deurcode", SpanType::Number, 3),
    ("sleutelcode", SpanType::Number, 3),
    ("kluiscode", SpanType::Number, 3),
    ("toegangscode", SpanType::Number, 3),
    ("kluisje", SpanType::Number, 1),
    ("kavel", SpanType::Number, 1),
    ("plek", SpanType::Number, 2),
    ("staanplaats", SpanType::Number, 1),
    ("standplaats", SpanType::Number, 1),
    ("zittingszaal", SpanType::Number, 1),
    ("cel", SpanType::Number, 1),
    ("celnr", SpanType::Number, 1),
    ("bungalow", SpanType::Number, 1),
    ("chalet", SpanType::Number, 1),
    ("huisje", SpanType::Number, 1),
    ("caravan", SpanType::Number, 1),
    ("appartement", SpanType::Address, 1),
    ("huisnr", SpanType::Address, 1),
    ("huisnummer", SpanType::Address, 1),
    ("hnr", SpanType::Address, 1),
    ("postbus", SpanType::Address, 1),
    ("antwoordnummer", SpanType::Address, 1),
];
static CUE_FIRSTS: Firsts = {
    let mut words = [""; CUES.len()];
    let mut nth = 0;
    while nth < words.len() {
        words[nth] = CUES[nth].0;
        nth += 1;
    }
    Firsts::of(&words)
};
/// Where letters go; the word belongs to the number.
const POSTED: [&str; 2] = ["postbus", "antwoordnummer"];
/// Between the word and the number.
const CONNECTING: [&str; 5] = ["nr", "nummer", "no", "is", "was"];
/// Between two numbers of one kind.
const AND: [&str; 4] = [" en ", ", ", " & ", "/"];
/// The most of them.
const NUMBERS_MAX: usize = 4;
const DIGITS_MAX: usize = 5;
/// Letters before or behind the digits.
const LETTERS_MAX: usize = 3;
/// In front of the number of a house that stands alone.
const AT_HOUSE: [&str; 7] = ["op", "van", "bij", "naast", "tegenover", "onder", "uit"];

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let words = spots.iter().filter(|spot| spot.end > spot.start);
    for spot in words.filter(|spot| text.near_digit(spot.start, 40)) {
        if text.low()[spot.start].is_ascii_digit() {
            places.extend(floor(text, spot));
            continue;
        }
        places.extend(of_house(text, spot));
        if !CUE_FIRSTS.may_stand(text, spot.start) {
            continue;
        }
        let cue = CUES.iter().find(|(word, _, _)| text.is(spot.start, spot.end, word));
        if let Some((word, what, digits)) = cue {
            let first = places.len();
            numbers_after(text, spot.end, *what, *digits, places);
            // The number of a box is half of an address.
            if let Some(place) = places.get_mut(first).filter(|_| POSTED.contains(word)) {
                place.start = spot.start;
            }
        }
    }
}

/// `kamers 114 en 141`: every number behind the word, as long as none of them counts something.
fn numbers_after(text: &Plain, cue_end: usize, what: SpanType, digits_min: usize, places: &mut Vec<Place>) {
    let mut at = spaces_end(text, cue_end);
    let word = text.run_end(at, char::is_alphabetic);
    if text.is_any(at, word, &CONNECTING) {
        at = spaces_end(text, word);
    }
    if at == cue_end {
        return;
    }
    for _ in 0..NUMBERS_MAX {
        let Some(end) = number_end(text, at, digits_min).filter(|end| !counts(text, *end)) else {
            return;
        };
        places.push(Place {
            start: at,
            end,
            what,
            rule: "nummer-in-context",
        });
        let Some(and) = AND.iter().find(|and| text.stands(end, and)) else {
            return;
        };
        at = end + and.len();
    }
}

fn spaces_end(text: &Plain, at: usize) -> usize {
    text.run_end(at, |c| matches!(c, ' ' | ':' | '=' | '#' | '.'))
}

/// `212`, `B17`, `12-III`, `1127a`.
fn number_end(text: &Plain, start: usize, digits_min: usize) -> Option<usize> {
    let digits = text.run_end(start, |c| c.is_ascii_alphabetic());
    let end = text.digits_end(digits);
    let short = digits <= start + LETTERS_MAX && (digits_min..=DIGITS_MAX).contains(&(end - digits));
    let dash = end + usize::from(matches!(text.low().get(end), Some('-' | '/')));
    let added = text.run_end(dash, |c| c.is_ascii_alphanumeric());
    let end = if added > dash && added <= dash + LETTERS_MAX {
        added
    } else {
        end
    };
    // A percentage, a time or the amount of something.
    let more = matches!(text.low().get(end), Some('%' | ':' | ',' | '.'))
        && text
            .low()
            .get(end + 1)
            .is_none_or(|c| c.is_ascii_digit() || text.low()[end] == '%');
    (short && text.ends(end) && (!more || end + 1 >= text.low().len())).then_some(end)
}

fn counts(text: &Plain, end: usize) -> bool {
    let word = end + usize::from(text.stands(end, " "));
    text.is_any(word, text.run_end(word, char::is_alphabetic), &COUNTED)
}

/// `op 14hoog`, `op 1a`: a floor, or a house of which the street was said before.
fn floor(text: &Plain, spot: &Spot) -> Option<Place> {
    let digits = text.digits_end(spot.start);
    let glued = text.is(digits, spot.end, "hoog") || text.is(digits, spot.end, "hg");
    let letter = spot.end == digits + 1 && matches!(text.low()[digits], 'a'..='d');
    let op = spot.start > 2 && text.stands(spot.start - 3, "op ") && text.begins(spot.start - 3);
    ((glued || (letter && op)) && digits <= spot.start + 3).then_some(Place {
        start: spot.start,
        end: spot.end,
        what: SpanType::Address,
        rule: "huisnummer",
    })
}

/// `van nummer 22`, `naast nr 8`: the house of a neighbour.
fn of_house(text: &Plain, spot: &Spot) -> Option<Place> {
    if !text.is_any(spot.start, spot.end, &["nummer", "nr", "no"]) {
        return None;
    }
    let before = spot.start.checked_sub(1).filter(|at| text.stands(*at, " "))?;
    let word = text.low()[..before]
        .iter()
        .rev()
        .take(10)
        .take_while(|c| c.is_alphabetic());
    let start = spaces_end(text, spot.end);
    let end = number_end(text, start, 1).filter(|_| start > spot.end)?;
    let alone = !text.stands(end, " op de") && !counts(text, end);
    (text.is_any(before - word.count(), before, &AT_HOUSE) && alone).then_some(Place {
        start,
        end,
        what: SpanType::Address,
        rule: "huisnummer",
    })
}

/// `1325nl 88`, `6041 JM-114`: the number of a house behind the postcode that ends here.
pub(super) fn behind_postcode(text: &Plain, at: usize) -> Option<Place> {
    let start = text.run_end(at, |c| matches!(c, ' ' | ',' | '-' | '/'));
    let digits = text.digits_end(start);
    let end = number_end(text, start, 1)?;
    let near = (1..=2).contains(&(start - at)) && digits > start && digits <= start + 4;
    let after = end + usize::from(text.stands(end, " "));
    let word = text.run_end(after, char::is_alphabetic);
    let dated =
        matches!(text.low().get(digits), Some('-' | '/')) && digits < end && text.low()[end - 1].is_ascii_digit();
    let counts = text.is_any(after, word, &COUNTED) || (word > after && !text.is_capital(after));
    (near && !dated && !counts).then_some(Place {
        start,
        end,
        what: SpanType::Address,
        rule: "huisnummer",
    })
}
