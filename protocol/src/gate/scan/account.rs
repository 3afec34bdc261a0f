//! Bank accounts (IBAN), with spaces or dots, in any letter case.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Countries with the length of their IBAN.
const LENGTHS: [(&str, usize); 34] = [
    ("nl", 18),
    ("be", 16),
    ("de", 22),
    ("fr", 27),
    ("gb", 22),
    ("es", 24),
    ("it", 27),
    ("pl", 28),
    ("lu", 20),
    ("at", 20),
    ("ch", 21),
    ("pt", 25),
    ("tr", 26),
    ("ma", 28),
    ("ro", 24),
    ("bg", 22),
    ("ie", 22),
    ("dk", 18),
    ("se", 24),
    ("no", 15),
    ("fi", 18),
    ("cz", 24),
    ("sk", 24),
    ("hu", 28),
    ("hr", 21),
    ("si", 19),
    ("ee", 20),
    ("lv", 21),
    ("lt", 20),
    ("gr", 27),
    ("cy", 28),
    ("mt", 31),
    ("li", 21),
    ("mc", 27),
];

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let low = text.low();
    // Behind the two letters of the country, or one divider, come two digits.
    let begins = |at: &usize| text.near_digit(*at, 3) && low[*at].is_ascii_lowercase();
    for start in spots.iter().map(|spot| spot.start).filter(begins) {
        let length = LENGTHS.iter().find(|(country, _)| text.stands(start, country));
        let Some((country, length)) = length else {
            continue;
        };
        let Some((characters, end)) = collect(text, start, *length) else {
            continue;
        };
        let checked = remainder(&characters) == 1;
        if checked || has_form(country, &characters) {
            places.push(Place {
                start,
                end,
                what: SpanType::Iban,
                rule: if checked { "iban-97" } else { "iban-vorm" },
            });
        }
    }
}

/// The characters of an IBAN that starts here, without what divides them; it must end at a boundary.
fn collect(text: &Plain, start: usize, length: usize) -> Option<(Vec<char>, usize)> {
    let mut characters = Vec::with_capacity(length);
    let mut at = start;
    while characters.len() < length {
        let c = *text.low().get(at)?;
        match c {
            _ if c.is_ascii_alphanumeric() => characters.push(c),
            // One divider at a time, and none inside the country and its check digits.
            ' ' | '.' | '-' if characters.len() >= 2 && text.low()[at - 1].is_ascii_alphanumeric() => {}
            _ => return None,
        }
        at += 1;
    }
    let checks = characters[2..4].iter().all(char::is_ascii_digit);
    (checks && text.ends(at)).then_some((characters, at))
}

fn remainder(characters: &[char]) -> u32 {
    let turned = characters[4..].iter().chain(&characters[..4]);
    turned.fold(0, |sum, c| match c.to_digit(36) {
        Some(value) if value < 10 => (sum * 10 + value) % 97,
        Some(value) => (sum * 100 + value) % 97,
        None => sum,
    })
}

/// A slip of the pen does not make it another thing: the letters of the bank, and nothing but digits behind them.
fn has_form(country: &str, characters: &[char]) -> bool {
    let bank = if country == "nl" { 4 } else { 0 };
    let (bank, number) = characters[4..].split_at(bank);
    bank.iter().all(char::is_ascii_lowercase) && number.iter().all(char::is_ascii_digit)
}
