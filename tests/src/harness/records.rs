//! Made-up records for tests that need many, each with a text of its own.

use protocol::id::Week;
use serde_json::{Value, json};

/// Digits as words: the gate masks long numbers, and a text must come out as it went in.
const DIGITS: [&str; 10] = [
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen",
];

/// The week in which tests look at what is shared: the one after that of the records.
///
/// # Panics
/// Never.
#[must_use]
pub fn week() -> Week {
    "2026-W06".parse().expect("it is a week")
}

/// A number, spelled out digit by digit.
#[must_use]
pub fn in_words(number: usize) -> String {
    let digits = number.to_string();
    let words = digits.bytes().map(|digit| DIGITS[usize::from(digit - b'0')]);
    words.collect::<Vec<_>>().join(" ")
}

/// The text of the signal with this number.
#[must_use]
pub fn text_of(number: usize) -> String {
    format!("Een aanvraag blijft liggen bij loket {}.", in_words(number))
}

/// A signal with a local id and a text that no other has.
#[must_use]
pub fn signal(id: &str, number: usize) -> Value {
    json!({
        "id": id, "soort": "signaal", "week": "2026-W05", "fictief": true, "aard": "knelpunt", "thema": ["wonen"],
        "laag": "uitvoering", "overdracht": false, "tekst": text_of(number),
    })
}

/// A knelpunt; with `contributes_to` it is this gemeente's part of one that another founded.
#[must_use]
pub fn knelpunt(id: &str, contributes_to: Option<&str>, theme: &str) -> Value {
    let mut record = json!({
        "id": id, "soort": "knelpunt", "week": "2026-W05", "fictief": true, "titel": "Wie doet wat",
        "thema": [theme], "soort_knelpunt": "regel", "teams": "2",
    });
    if let Some(founded) = contributes_to {
        record["bijdrage_aan"] = founded.into();
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_out() {
        assert_eq!(in_words(0), "nul");
        assert_eq!(in_words(207), "twee nul zeven");
    }
}
