//! How old somebody is, and when they were born.

use super::dates::{BIRTH_CHARACTERS, COUNTED, is_behind, value};
use super::spots::Spot;
use crate::gate::text::Plain;

/// Of these an age is told: `een man van 43`.
const PERSONS: [&str; 26] = [
    "man",
    "vrouw",
    "jongen",
    "meisje",
    "moeder",
    "vader",
    "zoon",
    "dochter",
    "dame",
    "heer",
    "weduwe",
    "weduwnaar",
    "client",
    "cliënt",
    "cliënte",
    "cliente",
    "inwoner",
    "inwoonster",
    "bewoner",
    "bewoonster",
    "jongere",
    "kind",
    "tiener",
    "puber",
    "peuter",
    "oma",
];

/// `43 jaar`, `43-jarige`.
pub(super) fn end(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    value(text, start, end).filter(|age| (1..=120).contains(age))?;
    if is_of_age(text, start, end) {
        return Some(end);
    }
    let told = [" jaar oud", "-jarige", " jarige", "-jarig", " jaar", " jr"];
    let said = told.iter().find(|words| text.stands(end, words))?;
    Some(end + said.chars().count())
}

/// `Jansen (43)`, and `een man van 43`.
fn is_of_age(text: &Plain, start: usize, end: usize) -> bool {
    let low = text.low();
    let before = |back: usize| start.checked_sub(back).and_then(|at| low.get(at)).copied();
    let named = before(3).is_some_and(char::is_alphabetic) && before(2) == Some(' ') && before(1) == Some('(');
    let brackets = named && matches!(low.get(end), Some(')' | ','));
    let word = end + usize::from(text.stands(end, " "));
    let counts = text.is_any(word, text.run_end(word, char::is_alphabetic), &COUNTED);
    let of = start.checked_sub(" van ".len()).filter(|at| text.stands(*at, " van "));
    let person = of.is_some_and(|at| is_behind(text, at + 1, &PERSONS));
    text.ends(end) && (brackets || (person && !counts && low.get(end) != Some(&'%')))
}

/// `negentig`, `drieënnegentig`, `honderdtwee`.
pub(super) fn is_old(text: &Plain, word: &Spot) -> bool {
    let word = &text.low()[word.start..word.end];
    let told = |part: &str| part.chars().collect::<Vec<_>>();
    word.ends_with(&told("negentig")) || word.starts_with(&told("honderd"))
}

pub(super) fn is_birth(text: &Plain, start: usize) -> bool {
    let before = text.slice(start.saturating_sub(BIRTH_CHARACTERS), start);
    before.contains("geb") || before.trim_end().ends_with('*')
}

/// `geboren in 1985`.
pub(super) fn birth_year(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    let year = value(text, start, end).filter(|year| end == start + 4 && (1880..2200).contains(year));
    let before = text.slice(start.saturating_sub(BIRTH_CHARACTERS), start);
    let told = [
        "geboren in ",
        "geboortejaar ",
        "geboortejaar: ",
        "geb. ",
        "geboren ",
        "geboortejr ",
        "geb.jaar ",
        "geb ",
    ];
    let told = |before: &str| told.iter().any(|words| before.ends_with(words));
    // `geb '87`
    let marked = before.strip_suffix(['\'', '’', '‘']).is_some_and(told) && end == start + 2;
    let whole = year.is_some() && told(&before);
    ((whole || marked) && text.ends(end)).then_some(end)
}
