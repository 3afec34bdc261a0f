//! The number of a house, and what is added to it: `12a`, `12-3`, `12 hs`, `44 kmr 4`, `30 t/m 115`.

use super::dates;
use crate::gate::text::Plain;

/// What may stand between the street and the number.
const NUMBERED: [&str; 5] = ["huisnummer", "huisnr", "nummer", "nr", "no"];
/// An addition by itself.
const ADDED: [&str; 17] = [
    "hs", "bis", "zw", "rd", "huis", "boven", "beneden", "i", "ii", "iii", "iv", "rood", "zwart", "links", "rechts",
    "bg", "sous",
];
/// An addition that has a number or letter of its own.
const COUNTED: [&str; 19] = [
    "huisje",
    "chalet",
    "caravan",
    "appt",
    "verdieping",
    "studio",
    "t/o",
    "k",
    "kmr",
    "kamer",
    "app",
    "apt",
    "appartement",
    "unit",
    "etage",
    "t/m",
    "tm",
    "ingang",
    "toegang",
];
/// The most additions to one number.
const ADDITIONS_MAX: usize = 3;
/// The longest number or code of an addition.
const ADDED_CHARS_MAX: usize = 4;

/// Where the house number after this place ends, without what is added; behind a word that is a street by itself it may
/// follow at once.
pub(super) fn number_end(text: &Plain, at: usize, at_once: bool) -> Option<usize> {
    let spaces = text.run_end(at, |c| c == ' ' || c == ',');
    // Behind most words comes another word, and neither a number nor what announces one.
    if !matches!(text.low().get(spaces), Some('0'..='9' | 'h' | 'n')) {
        return None;
    }
    let word = text.run_end(spaces, |c| c.is_ascii_alphabetic());
    let spaces = if word > spaces && spaces > at && text.is_any(spaces, word, &NUMBERED) {
        text.run_end(word, |c| matches!(c, ' ' | '.' | ':')).min(word + 2)
    } else if spaces > at + 2 {
        return None;
    } else {
        spaces
    };
    let digits = text.digits_end(spaces);
    if (spaces == at && !at_once) || digits == spaces || digits > spaces + 5 {
        return None;
    }
    let divided = text.low().get(digits).is_some_and(|c| matches!(c, '-' | ' ' | '/'));
    let added = digits + usize::from(divided);
    let end = text.run_end(added, |c| c.is_ascii_alphanumeric());
    let letter = end == added + 1 && (!divided || text.low()[digits] == '-' || text.is_capital(added));
    let dashed = divided && text.low()[digits] != ' ' && (1..=ADDED_CHARS_MAX).contains(&(end - added));
    let told = text.is_any(added, end, &ADDED) && !is_above(text, added, end);
    if letter || dashed || told {
        Some(end)
    } else {
        (divided || text.ends(digits)).then_some(digits)
    }
}

/// Where the additions to the address that ends here end.
pub(super) fn additions_end(text: &Plain, end: usize) -> usize {
    let mut end = end;
    for _ in 0..ADDITIONS_MAX {
        match addition_end(text, end) {
            Some(next) => end = next,
            None => break,
        }
    }
    end
}

/// `12 boven de bakker`: what it stands above is no addition.
pub(super) fn is_above(text: &Plain, start: usize, end: usize) -> bool {
    let article = [" de ", " het ", " een ", " nr"];
    text.is_any(start, end, &["boven", "beneden", "links", "rechts"])
        && article.iter().any(|word| text.stands(end, word))
}

fn addition_end(text: &Plain, at: usize) -> Option<usize> {
    let listed = text.stands(at, ", ");
    let spaced = at + usize::from(listed || text.stands(at, " ")) + usize::from(listed);
    let word = text.run_end(spaced, |c| c.is_ascii_alphabetic() || c == '/');
    let ends = |end: &usize| text.ends(*end);
    if spaced > at && text.is_any(spaced, word, &COUNTED) {
        let dot = word + usize::from(text.stands(word, "."));
        let code = code_end(text, dot + usize::from(text.stands(dot, " "))).filter(|end| {
            text.ends(*end)
                && (!listed
                    || text.low()[*end - 1].is_ascii_digit()
                    || text.low()[dot + 1..*end].iter().any(char::is_ascii_digit))
        });
        if code.is_some() || !text.is(spaced, word, "t/o") {
            return code;
        }
    }
    if let Some(end) = quoted_end(text, at).or_else(|| letter_end(text, spaced).filter(|_| spaced > at && !listed)) {
        return Some(end);
    }
    // Behind a comma `boven` is where something else is.
    let apart = listed && !text.is_any(spaced, word, &["hs", "bis", "zw", "rd", "bg", "sous"]);
    if text.is_any(spaced, word, &ADDED) && !apart && !is_above(text, spaced, word) {
        return Some(word).filter(ends);
    }
    if spaced > at && word == spaced + 1 && (text.is_capital(spaced) || text.stands(word, "-")) {
        return Some(word)
            .filter(|end| text.ends(*end) && (text.is_capital(spaced) || code_end(text, end + 1).is_some()));
    }
    if let Some(end) = floor_end(text, spaced).filter(|_| spaced > at) {
        return Some(end);
    }
    // `119 a02`, `300 t/o`
    let digits = text.digits_end(word);
    if spaced > at && word == spaced + 1 && (1..=3).contains(&(digits - word)) && text.ends(digits) {
        return Some(digits);
    }
    if spaced > at && text.stands(spaced, "t/o") && text.ends(word) {
        return Some(word);
    }
    if let Some(end) = next_house(text, at).or_else(|| floor_in_words(text, at)) {
        return Some(end);
    }
    match text.low().get(at)? {
        '-' | '/' => code_end(text, at + 1).filter(ends),
        ',' if text.stands(at, ", ") => lone_number_end(text, at + 2),
        ' ' => lone_number_end(text, at + 1),
        _ => None,
    }
}

/// `'40-'45 no 17`: the rest of the name of a street, and its number.
fn quoted_end(text: &Plain, at: usize) -> Option<usize> {
    let year = at + 1 + usize::from(text.stands(at + 1, "'") || text.stands(at + 1, "’"));
    let end = text.digits_end(year);
    let name = text.stands(at, "-") && year == at + 2 && end == year + 2;
    let number = |end: usize| number_end(text, end, false).filter(|number| number - end <= ADDED_CHARS_MAX + 4);
    name.then(|| number(end).unwrap_or(end))
}

/// `12 b`: a small letter, when nothing but the end of a clause follows.
fn letter_end(text: &Plain, start: usize) -> Option<usize> {
    let letter = matches!(text.low().get(start), Some('a'..='h'));
    let ends = matches!(text.low().get(start + 1), None | Some(',' | '\n' | ';' | ')'))
        || text.stands(start + 1, " te ")
        || text.stands(start + 1, " in ")
        || (text.stands(start + 1, ".") && !text.low().get(start + 2).is_some_and(|c| c.is_alphabetic()));
    (letter && ends).then_some(start + 1)
}

/// `4 en 6`: the house beside it.
fn next_house(text: &Plain, at: usize) -> Option<usize> {
    let and = [" en ", " & ", " + "].iter().find(|and| text.stands(at, and))?;
    let start = at + and.len();
    let digits = text.digits_end(start);
    let end = text.run_end(digits, |c| c.is_ascii_alphanumeric());
    let word = end + usize::from(text.stands(end, " "));
    let counts = text.is_any(word, text.run_end(word, char::is_alphabetic), &dates::COUNTED);
    let short = (1..=4).contains(&(digits - start)) && end <= digits + 1;
    (short && text.ends(end) && !counts).then_some(end)
}

/// `77 drie hoog`
fn floor_in_words(text: &Plain, at: usize) -> Option<usize> {
    let word = at + usize::from(text.stands(at, " "));
    let end = text.run_end(word, |c| c.is_alphabetic());
    let floor = word > at && text.is_any(word, end, &["een", "één", "twee", "drie", "vier", "vijf"]);
    let high = matches!(text.low().get(end), Some(' ' | '-')) && text.stands(end + 1, "hoog");
    (floor && high && text.ends(end + 5)).then_some(end + 5)
}

/// `2-hoog`, `3 hoog`.
fn floor_end(text: &Plain, start: usize) -> Option<usize> {
    let digits = text.digits_end(start);
    let word = digits + usize::from(matches!(text.low().get(digits), Some(' ' | '-')));
    let end = text.run_end(word, |c| c.is_ascii_alphabetic());
    ((1..=2).contains(&(digits - start)) && text.is_any(word, end, &["hoog", "hg", "h"]) && text.ends(end))
        .then_some(end)
}

fn code_end(text: &Plain, start: usize) -> Option<usize> {
    let end = text.run_end(start, |c| c.is_ascii_alphanumeric());
    (1..=ADDED_CHARS_MAX).contains(&(end - start)).then_some(end)
}

/// A number that counts nothing: no word follows it, or one that belongs to an address.
fn lone_number_end(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    let after = text.run_end(end, |c| c == ' ');
    let word = text.run_end(after, |c| c.is_ascii_alphabetic() || c == '/');
    let alone = word == after
        && !text
            .low()
            .get(end)
            .is_some_and(|c| matches!(c, '-' | '/' | '.' | ':' | '%'))
        || text.low().get(end) == Some(&'.') && !text.low().get(end + 1).is_some_and(|c| c.is_numeric());
    let addressed = after > end && text.is_any(after, word, &COUNTED);
    ((1..=ADDED_CHARS_MAX).contains(&(end - start)) && text.ends(end) && (alone || addressed)).then_some(end)
}
