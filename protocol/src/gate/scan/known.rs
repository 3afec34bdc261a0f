//! Identities of this very case, as the case file spells them, in any letter case; names also by their parts, with initials, and
//! with one slip of the pen.

use crate::gate::Known;
use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// A part of a name with fewer letters is somebody else's too, or a link such as `van`.
const PART_LETTERS_MIN: usize = 5;

pub(super) fn scan(text: &Plain, known: &Known, lexicon: &Lexicon, places: &mut Vec<Place>) {
    let mut parts: Vec<Vec<char>> = Vec::new();
    for identity in known.iter() {
        let identity = Plain::new(identity.trim());
        if identity.low().is_empty() {
            continue;
        }
        find(text, identity.low(), places);
        if let Some(names) = names(identity.low()) {
            for form in with_initials(&names) {
                find(text, &form, places);
            }
            parts.extend(names.into_iter().filter(|name| name.len() >= PART_LETTERS_MIN));
        }
    }
    if !parts.is_empty() {
        nearly(text, &parts, lexicon, places);
    }
}

fn find(text: &Plain, identity: &[char], places: &mut Vec<Place>) {
    let first = identity[0];
    let starts = (0..text.low().len()).filter(|at| text.low()[*at] == first);
    for start in starts {
        // Inside a longer word it is another word, unless the identity itself begins or ends with a mark.
        let begins = text.begins(start) || !first.is_alphanumeric();
        let end = match_end(text, start, identity);
        let whole = end.filter(|end| text.ends(*end) || !text.low()[end - 1].is_alphanumeric());
        if let Some(end) = whole.filter(|_| begins) {
            places.push(place(start, end, "gegeven-van-de-casus"));
        }
    }
}

fn place(start: usize, end: usize, rule: &'static str) -> Place {
    Place {
        start,
        end,
        what: SpanType::Known,
        rule,
    }
}

/// Where the identity that starts here ends; one space stands for any white space, also a new line.
fn match_end(text: &Plain, start: usize, identity: &[char]) -> Option<usize> {
    let mut at = start;
    for c in identity {
        if c.is_whitespace() {
            let end = text.run_end(at, char::is_whitespace);
            if end == at {
                return None;
            }
            at = end;
        } else if text.low().get(at) == Some(c) {
            at += 1;
        } else {
            return None;
        }
    }
    Some(at)
}

/// The words of a name; a number or an address is none.
fn names(identity: &[char]) -> Option<Vec<Vec<char>>> {
    let name = identity
        .iter()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'));
    let words = identity.split(|c| c.is_whitespace()).filter(|word| !word.is_empty());
    name.then(|| words.map(<[char]>::to_vec).collect())
}

/// `s. zomer`, `s.zomer`, `s zomer`, `s.z.` and `s. z.` for `sanne zomer`.
fn with_initials(names: &[Vec<char>]) -> Vec<Vec<char>> {
    let [first, .., last] = names else {
        return Vec::new();
    };
    let rest: String = names[1..]
        .iter()
        .map(|name| name.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ");
    let (first, last) = (first[0], last[0]);
    let forms = [
        format!("{first}. {rest}"),
        format!("{first}.{rest}"),
        format!("{first} {rest}"),
        format!("{first}.{last}."),
        format!("{first}. {last}."),
    ];
    forms.iter().map(|form| form.chars().collect()).collect()
}

/// Words that are a part of a name, or one slip of the pen away from one and no frequent word themselves.
fn nearly(text: &Plain, parts: &[Vec<char>], lexicon: &Lexicon, places: &mut Vec<Place>) {
    let mut at = 0;
    while at < text.low().len() {
        let end = text.run_end(at, char::is_alphabetic);
        let word = &text.low()[at..end];
        if word.len() + 1 >= PART_LETTERS_MIN {
            let near = parts
                .iter()
                .find(|part| part.len().abs_diff(word.len()) <= 1 && is_near(part, word));
            let found = near.is_some_and(|part| part == word || !lexicon.word(word).any(Marks::COMMON));
            places.extend(found.then(|| place(at, end, "deel-van-een-gegeven")));
        }
        at = end.max(at + 1);
    }
}

/// At most one letter too many, too few, other, or two changed places.
fn is_near(part: &[char], word: &[char]) -> bool {
    let same = part.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (part, word) = (&part[same..], &word[same..]);
    match (part, word) {
        ([], [] | [_]) | ([_], []) => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) if (a, b) == (d, c) && rest == other => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) => a == b,
        _ => false,
    }
}
