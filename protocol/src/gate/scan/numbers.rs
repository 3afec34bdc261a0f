//! Runs of digits: any nine of them, also divided, and any long number.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// A shorter run may be a year, an amount or a number of people.
const LONG_DIGITS: usize = 7;
const BSN_DIGITS: usize = 9;

/// A run of digits: where it starts and ends.
type Group = (usize, usize);

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let groups = groups(text, spots);
    for at in 0..groups.len() {
        if let Some(place) = nine(text, &groups[at..]) {
            places.push(place);
        }
        let (start, end) = groups[at];
        if end - start >= LONG_DIGITS && end - start != BSN_DIGITS {
            places.push(number(start, end));
        }
        if let Some(end) = fours_end(text, &groups[at..]) {
            places.push(number(start, end));
        }
        if let Some(end) = card_end(text, &groups[at..]) {
            places.push(number(start, end));
        }
    }
}

fn number(start: usize, end: usize) -> Place {
    Place {
        start,
        end,
        what: SpanType::Number,
        rule: "lang-nummer",
    }
}

fn groups(text: &Plain, spots: &[Spot]) -> Vec<Group> {
    let mut groups = Vec::new();
    for spot in spots.iter().filter(|spot| text.near_digit(spot.start, u8::MAX - 1)) {
        let mut at = spot.start;
        while at < spot.end {
            let end = text.digits_end(at);
            if end > at {
                groups.push((at, end));
            }
            at = end.max(at + 1);
        }
    }
    groups
}

/// Whether two runs are parts of one number: a space, dot or dash between them, some spaces, and nothing else.
fn joined(text: &Plain, (_, end): Group, (start, _): Group) -> bool {
    match &text.low()[end..start] {
        [mark] => matches!(mark, ' ' | '.' | '-' | '·' | '•' | '_'),
        marks @ ([_, _] | [_, _, _]) => marks.iter().all(|c| *c == ' ') || marks == [' ', '-', ' '],
        _ => false,
    }
}

/// Nine digits from the first group on, over as many groups as it takes.
fn nine(text: &Plain, groups: &[Group]) -> Option<Place> {
    let mut digits = 0;
    for (at, group) in groups.iter().enumerate() {
        if at > 0 && !joined(text, groups[at - 1], *group) {
            return None;
        }
        digits += group.1 - group.0;
        if digits >= BSN_DIGITS {
            let (start, end) = (groups[0].0, group.1);
            return (digits == BSN_DIGITS).then(|| named(text, start, end));
        }
    }
    None
}

/// The test of eleven only decides what it is called: any nine digits are masked.
fn named(text: &Plain, start: usize, end: usize) -> Place {
    let digits = text.low()[start..end].iter().filter_map(|c| c.to_digit(10));
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i64 = digits
        .zip(weights)
        .map(|(digit, weight)| i64::from(digit) * weight)
        .sum();
    let (what, rule) = if sum % 11 == 0 {
        (SpanType::Bsn, "elfproef")
    } else {
        (SpanType::Number, "negen-cijfers")
    };
    Place { start, end, what, rule }
}

/// `1425 2601`: twice four digits, and no two years.
fn fours_end(text: &Plain, groups: &[Group]) -> Option<usize> {
    let [first, second, ..] = groups else { return None };
    let year = |group: &Group| text.stands(group.0, "19") || text.stands(group.0, "20");
    let four = |group: &Group| group.1 - group.0 == 4;
    let whole = text.stands(first.1, " ") && second.0 == first.1 + 1 && text.begins(first.0) && text.ends(second.1);
    let counted = matches!(text.low().get(second.1), Some(',' | '%'))
        && text.low().get(second.1 + 1).is_some_and(char::is_ascii_digit);
    (four(first) && four(second) && whole && !counted && !(year(first) && year(second))).then_some(second.1)
}

/// A number in fours, such as that of a card: twelve to nineteen digits in groups of three or more.
fn card_end(text: &Plain, groups: &[Group]) -> Option<usize> {
    let mut digits = 0;
    let mut end = None;
    for (at, group) in groups.iter().enumerate().take(6) {
        let length = group.1 - group.0;
        let divided = at > 0 && !joined(text, groups[at - 1], *group);
        if divided || !(3..=5).contains(&length) {
            break;
        }
        digits += length;
        if (12..=19).contains(&digits) {
            end = Some(group.1);
        }
    }
    end
}
