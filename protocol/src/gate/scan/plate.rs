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

/// Eight characters with two dashes, or with two spaces and only capitals.
fn divided_end(text: &Plain, start: usize) -> Option<usize> {
    let end = start + 8;
    let plate = text.low().get(start..end)?;
    let dashed: String = plate.iter().map(|c| shape(*c)).collect();
    let spaced = dashed.replace(' ', "-");
    let capitals = (start..end).all(|at| !text.low()[at].is_alphabetic() || text.is_capital(at));
    let known =
        SERIES.contains(&dashed.as_str()) || (capitals && !dashed.contains('-') && SERIES.contains(&spaced.as_str()));
    (known && text.ends(end)).then_some(end)
}

fn undivided_end(text: &Plain, start: usize) -> Option<usize> {
    let end = start + 6;
    let plate: String = text.low().get(start..end)?.iter().map(|c| shape(*c)).collect();
    (UNDIVIDED.contains(&plate.as_str()) && text.ends(end)).then_some(end)
}
