//! Licence plates of the Dutch series.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// The series, divided: `x` a letter, `9` a digit.
const SERIES: [&str; 14] = [
    "xx-99-99", "99-99-xx", "99-xx-99", "xx-99-xx", "xx-xx-99", "99-xx-xx", "99-xxx-9", "9-xxx-99", "xx-999-x",
    "x-999-xx", "xxx-99-x", "x-99-xxx", "9-xx-999", "999-xx-9",
];
/// Series that are safe to read without dividers: letters and digits change places twice.
const UNDIVIDED: [&str; 10] = [
    "99xx99", "xx99xx", "99xxx9", "9xxx99", "xx999x", "x999xx", "xxx99x", "x99xxx", "9xx999", "999xx9",
];
/// Letters and digits in one go each: of these only such letters as plates have.
const TOGETHER: [&str; 3] = ["99xxxx", "xxxx99", "xx9999"];
/// Between numbers these count or abbreviate something.
const NO_LETTERS: [&str; 67] = [
    "ze", "is", "en", "op", "de", "het", "in", "om", "te", "we", "je", "ik", "al", "of", "nu", "zo", "zij", "hij",
    "was", "had", "jr", "er", "an", "as", "da", "di", "do", "ga", "ja", "ma", "me", "wo", "na", "van", "tot", "met",
    "die", "dat", "km", "kg", "cm", "mm", "mg", "ml", "dl", "st", "nr", "bv", "mb", "gb", "kb", "mw", "hr", "vd",
    "dgn", "mnd", "hrs", "wk", "wkn", "kr", "dr", "gr", "pp", "tm", "tv", "kk", "nv",
];

/// How far before a plate `kenteken` may stand.
const TOLD_CHARACTERS: usize = 40;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let words = spots.iter().filter(|spot| spot.end > spot.start);
    places.extend(words.clone().filter_map(|word| foreign(text, word)));
    for start in words.map(|spot| spot.start).filter(|at| text.near_digit(*at, 8)) {
        if let Some(end) = divided_end(text, start).or_else(|| undivided_end(text, start)) {
            places.push(Place {
                start,
                end,
                what: SpanType::Plate,
                rule: "kenteken",
            });
        }
    }
}

fn shape(c: char) -> char {
    match c {
        'a'..='z' => 'x',
        '0'..='9' => '9',
        other => other,
    }
}

/// Eight characters with two dividers of one kind. Between spaces stand words too: letters that are one make no plate.
fn divided_end(text: &Plain, start: usize) -> Option<usize> {
    let end = start + 8;
    let plate = text.low().get(start..end)?;
    let dashed: String = plate.iter().map(|c| shape(*c)).collect();
    if plate.contains(&'-') && (is_unread(&dashed) || is_misread(plate)) && text.ends(end) {
        return Some(end);
    }
    let known = |mark: char| SERIES.contains(&dashed.replace(mark, "-").as_str());
    let whole = !dashed.contains('-');
    let found = SERIES.contains(&dashed.as_str())
        || (whole && known(' ') && is_told(text, start))
        || (whole && known('.') && has_letters_of_plates(plate))
        || (whole
            && known(' ')
            && ((is_capital(text, start, end) && !has_words(plate)) || has_letters_of_plates(plate)));
    (found && text.ends(end)).then_some(end)
}

/// `z-24?-bn`: what nobody could read may be a letter or a digit.
fn is_unread(dashed: &str) -> bool {
    let seen = dashed.contains('9') && dashed.contains(['?', '*']);
    let marks = ["9", "x"];
    seen && marks
        .iter()
        .any(|read| SERIES.contains(&dashed.replace(['?', '*'], read).as_str()))
}

/// `O6-KL-BD`, `l2-XT-3B`: letters that were read or typed for the digits that they look like.
fn is_misread(plate: &[char]) -> bool {
    let digit = |c: &char| match c {
        'o' | 'i' | 'l' => '9',
        other => shape(*other),
    };
    let read: String = plate.iter().map(digit).collect();
    let sure = plate.iter().filter(|c| c.is_ascii_digit()).count() > 1;
    sure && plate.iter().any(|c| matches!(c, 'o' | 'i' | 'l')) && SERIES.contains(&read.as_str())
}

/// Words that announce a plate.
const TOLD: [&str; 7] = [
    "kenteken",
    "kentekennr",
    "kentekennummer",
    "nummerplaat",
    "nrplaat",
    "nummerbord",
    "kentekenplaat",
];
/// A plate of another country has so many characters, in so many parts.
const FOREIGN_CHARS: std::ops::RangeInclusive<usize> = 4..=11;
const FOREIGN_PARTS_MAX: usize = 3;
const FOREIGN_PART_CHARS_MAX: usize = 7;

/// `kenteken KLE-RT 2204`: whatever follows up to its last digit, in short parts.
fn foreign(text: &Plain, word: &Spot) -> Option<Place> {
    if !matches!(text.low()[word.start], 'k' | 'n') || !text.is_any(word.start, word.end, &TOLD) {
        return None;
    }
    let mut at = text.run_end(word.end, |c| matches!(c, ' ' | ':' | '=' | '.'));
    let connecting = text.run_end(at, char::is_alphabetic);
    if text.is_any(at, connecting, &["is", "nr", "was", "met", "nl", "be", "d", "pl"]) {
        at = text.run_end(connecting, |c| matches!(c, ' ' | ':' | '='));
    }
    let start = at;
    let mut found = None;
    for _ in 0..FOREIGN_PARTS_MAX {
        let end = text.run_end(at, |c| c.is_ascii_alphanumeric() || c == '-');
        let digits = text.low()[at..end].iter().any(char::is_ascii_digit);
        let whole = end - start >= *FOREIGN_CHARS.start() + 2 && found.is_some();
        if end == at || end > at + FOREIGN_PART_CHARS_MAX || whole || (found.is_some() && !digits) {
            break;
        }
        if digits {
            found = Some(end);
        }
        at = end + usize::from(text.stands(end, " "));
    }
    let end = found.filter(|end| FOREIGN_CHARS.contains(&(end - start)))?;
    let letters = text.low()[start..end].iter().any(char::is_ascii_alphabetic);
    (letters && text.ends(end)).then_some(Place {
        start,
        end,
        what: SpanType::Plate,
        rule: "kenteken",
    })
}

/// Whether a word that announces a plate stands somewhere before.
fn is_told(text: &Plain, start: usize) -> bool {
    let before = text.slice(start.saturating_sub(TOLD_CHARACTERS), start);
    before.contains("kenteken") || before.contains("nummerplaat")
}

fn undivided_end(text: &Plain, start: usize) -> Option<usize> {
    let end = start + 6;
    let plate = text.low().get(start..end)?;
    let shape: String = plate.iter().map(|c| shape(*c)).collect();
    let year = shape == "xx9999" && matches!(plate[2..4], ['1', '9'] | ['2', '0']);
    let found = UNDIVIDED.contains(&shape.as_str())
        || (TOGETHER.contains(&shape.as_str()) && !year && has_letters_of_plates(plate));
    (found && text.ends(end)).then_some(end)
}

fn is_capital(text: &Plain, start: usize, end: usize) -> bool {
    (start..end).all(|at| !text.low()[at].is_alphabetic() || text.is_capital(at))
}

/// Whether some of its letters are a word, a unit or an abbreviation.
fn has_words(plate: &[char]) -> bool {
    let mut groups = plate.split(|c| !c.is_ascii_lowercase());
    groups.any(|group| NO_LETTERS.contains(&group.iter().collect::<String>().as_str()))
}

/// Plates have no vowels; nor have some abbreviations and units.
fn has_letters_of_plates(plate: &[char]) -> bool {
    let mut groups = plate
        .split(|c| !c.is_ascii_lowercase())
        .filter(|group| !group.is_empty());
    groups.all(|group| {
        let word: String = group.iter().collect();
        !group.iter().any(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')) && !NO_LETTERS.contains(&word.as_str())
    })
}
