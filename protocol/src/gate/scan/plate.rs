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
const NO_LETTERS: [&str; 29] = [
    "km", "kg", "cm", "mm", "mg", "ml", "dl", "st", "nr", "bv", "mb", "gb", "kb", "mw", "hr", "vd", "dgn", "mnd",
    "hrs", "wk", "wkn", "kr", "dr", "gr", "pp", "tm", "tv", "kk", "nv",
];

/// How far before a plate `kenteken` may stand.
const TOLD_CHARACTERS: usize = 40;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let words = spots.iter().filter(|spot| spot.end > spot.start);
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
    let known = |mark: char| SERIES.contains(&dashed.replace(mark, "-").as_str());
    let whole = !dashed.contains('-');
    let found = SERIES.contains(&dashed.as_str())
        || (whole && known(' ') && is_told(text, start))
        || (whole && known('.') && has_letters_of_plates(plate))
        || (whole && known(' ') && (is_capital(text, start, end) || has_letters_of_plates(plate)));
    (found && text.ends(end)).then_some(end)
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
