//! Postcodes, and streets with a house number.

use super::house::number_end;
use super::rooms;
use super::spots::{Firsts, Spot};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Two letters that are a Dutch word, unit or day: after four digits and a space they are rarely a postcode.
const SHORT_WORDS: [&str; 44] = [
    "ml", "gr", "al", "an", "as", "bv", "cm", "da", "de", "di", "do", "en", "er", "ga", "ha", "ik", "in", "is", "ja",
    "je", "kb", "kg", "km", "ma", "mb", "me", "mm", "mw", "na", "nr", "nu", "of", "om", "op", "pk", "st", "te", "vr",
    "we", "wo", "za", "ze", "zo", "zn",
];

/// Of these, what hardly ever stands behind four digits.
const RARELY: [&str; 11] = ["ml", "gr", "pk", "bv", "zn", "as", "an", "da", "ga", "al", "ja"];
/// Of these, what stands behind an amount.
const COUNTING: [&str; 17] = [
    "in", "of", "en", "is", "km", "kg", "te", "op", "om", "cm", "mm", "ha", "mb", "kb", "pk", "er", "na",
];
/// Endings that make a word a street by themselves.
const STREETS: [&str; 15] = [
    "ln",
    "straat",
    "laan",
    "weg",
    "plein",
    "kade",
    "gracht",
    "singel",
    "dijk",
    "steeg",
    "dreef",
    "plantsoen",
    "boulevard",
    "str",
    "straatje",
];
/// Endings that make a capitalised word a street.
const CAPITAL_STREETS: [&str; 42] = [
    "drift", "gaard", "plas", "werf", "meent", "oever", "beek", "gaarde", "hage", "sluis", "brug", "dal", "heide",
    "duin", "wetering", "hof", "pad", "park", "markt", "baan", "wal", "veld", "akker", "erf", "hoek", "kamp", "oord",
    "brink", "haven", "kanaal", "poort", "vaart", "berg", "tuin", "weide", "waard", "donk", "horst", "ring", "burg",
    "zoom", "pas",
];
static STREET_FIRSTS: [Firsts; 2] = [Firsts::of(&STREETS), Firsts::of(&CAPITAL_STREETS)];
/// Endings of a street that is cut short with a dot.
const SHORTENED: [&str; 12] = [
    "pl", "wg", "dk", "kd", "sngl", "ln", "str", "pln", "plnts", "brg", "hf", "grt",
];
/// A shortened word has so many letters, or it may shorten something else.
const SHORTENED_CHARS_MIN: usize = 5;
/// Words that end like a street and are none.
const NO_STREETS: [&str; 2] = ["onderweg", "halverweg"];
const LINKING: [&str; 16] = [
    "naar", "v", "vd", "v.d", "van", "de", "der", "den", "het", "'t", "ter", "ten", "te", "op", "in", "aan",
];
/// What the name of a street begins with, whatever the letter case.
const HONOURED: [&str; 27] = [
    "gen",
    "ds",
    "kon",
    "kard",
    "mgr",
    "burgemeester",
    "burg",
    "prins",
    "prinses",
    "koningin",
    "dr",
    "doctor",
    "professor",
    "prof",
    "pastoor",
    "mr",
    "generaal",
    "oude",
    "nieuwe",
    "lange",
    "korte",
    "grote",
    "kleine",
    "eerste",
    "tweede",
    "sint",
    "st",
];
/// Words in front of a postcode.
const TOLD: [&str; 11] = [
    "woont", "wonend", "wonende", "adres", "postcode", "pc", "postc", "pcd", "pcode", "postcd", "zipcode",
];
/// The most spaces between the digits and the letters of a postcode.
const POSTCODE_SPACES_MAX: usize = 2;
/// The most words of a name in front of, or behind, the word that says it is a street.
const NAME_WORDS_MAX: usize = 4;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    // A name of some words, and its number.
    let words = spots.iter().filter(|spot| spot.end > spot.start);
    for at in words.map(|spot| spot.start).filter(|at| text.near_digit(*at, 200)) {
        if text.low()[at].is_ascii_digit() {
            let found = postcode(text, at);
            places.extend(found.and_then(|found| rooms::behind_postcode(text, found.end)));
            places.extend(found);
        } else if text.low()[at].is_alphabetic() {
            places.extend(street(text, at).or_else(|| named_after(text, at)));
        }
    }
}

fn postcode(text: &Plain, start: usize) -> Option<Place> {
    let digits = text.digits_end(start);
    if digits != start + 4 || text.low()[start] == '0' {
        return None;
    }
    let dot = text.stands(digits, ".") && text.is_capital(digits + 1);
    let letters = text.run_end(digits, |c| matches!(c, ' ' | '-') || (dot && c == '.'));
    let spaced = letters > digits;
    let end = text.run_end(letters, char::is_alphabetic);
    if let Some(end) = apart_end(text, letters).filter(|_| spaced) {
        return Some(Place {
            start,
            end,
            what: SpanType::Postcode,
            rule: "postcode",
        });
    }
    let two = end == letters + 2 && text.low()[letters..end].iter().all(char::is_ascii_lowercase);
    let divided = letters > digits + 1 && text.low()[digits..letters].contains(&'-');
    if !two || !text.ends(end) || letters > digits + POSTCODE_SPACES_MAX || divided {
        return None;
    }
    let is_word = SHORT_WORDS.contains(&text.slice(letters, end).as_str());
    let capitals = text.is_capital(letters) && text.is_capital(letters + 1);
    let year = matches!(text.slice(start, start + 2).as_str(), "19" | "20");
    let towards = start > 4 && text.stands(start - 5, "naar ") && text.begins(start - 5);
    let apart = (is_apart(text, start) || towards)
        && !year
        && (towards || text.stands(end, " "))
        && !COUNTING.contains(&text.slice(letters, end).as_str());
    if apart {
        return Some(Place {
            start,
            end,
            what: SpanType::Postcode,
            rule: "postcode",
        });
    }
    let rarely = RARELY.contains(&text.slice(letters, end).as_str()) && !year && !text.is(start + 2, digits, "00");
    if spaced && is_word && !rarely && (!capitals || year) && !is_told(text, start) {
        return None;
    }
    Some(Place {
        start,
        end,
        what: SpanType::Postcode,
        rule: "postcode",
    })
}

/// `8011 v v`: letters with a space between them.
fn apart_end(text: &Plain, at: usize) -> Option<usize> {
    let letter = |at: usize| text.low().get(at).is_some_and(char::is_ascii_lowercase);
    let end = at + 3;
    let counts = matches!(text.low().get(at), Some('x' | 'u' | 'e' | 'n' | 't'));
    (letter(at) && text.stands(at + 1, " ") && letter(at + 2) && !counts && text.ends(end)).then_some(end)
}

/// Behind a comma or at the begin of a line, where an address goes on.
fn is_apart(text: &Plain, start: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).map(|at| text.low()[at]);
    matches!(before(1), None | Some('\n')) || (before(1) == Some(' ') && before(2) == Some(','))
}

/// `postcode 1234 mw`: said before, so that the letters cannot be a word.
fn is_told(text: &Plain, start: usize) -> bool {
    let between = |c: &&char| matches!(c, ' ' | ':' | '.' | '(' | ',');
    let before = text.low()[..start].iter().rev().take_while(between);
    let end = start - before.count();
    // Behind an address that was found before.
    if end + 2 == start && end > 0 && text.is_sealed(end - 1) && text.low()[end] == ',' {
        return true;
    }
    TOLD.iter().any(|word| {
        let first = end.checked_sub(word.len());
        first.is_some_and(|first| text.begins(first) && text.stands(first, word))
    })
}

/// Whether a letter of a name; names hold dots, apostrophes and hyphens.
fn in_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-')
}

/// `Kerkstraat 12a`, with the words of its name in front.
fn street(text: &Plain, start: usize) -> Option<Place> {
    let word_end = text.run_end(start, in_word);
    let at_once = text.low().get(word_end).is_some_and(char::is_ascii_digit);
    let end = number_end(text, word_end, at_once)?;
    let word = text.slice(start, word_end);
    let dotted = word.ends_with('.') && word.len() > SHORTENED_CHARS_MIN;
    let word = word.trim_end_matches('.');
    let cut = dotted && SHORTENED.iter().any(|ending| word.ends_with(ending));
    let capital = text.is_capital(start);
    let by_itself = !STREETS.contains(&word) || (capital && word != "ln");
    let strong = STREETS.iter().any(|ending| word.ends_with(ending)) && by_itself && !NO_STREETS.contains(&word);
    let year = end - word_end == 5 && matches!(text.slice(word_end + 1, word_end + 3).as_str(), "19" | "20");
    // Among capitals only, `PAS 2` and `BAAN 3` are what they are in small letters.
    let shouted = text.is_capital(start + 1) && word.len() <= SHORTENED_CHARS_MIN;
    let weak = capital
        && !year
        && !shouted
        && (!at_once || word.len() > SHORTENED_CHARS_MIN)
        && CAPITAL_STREETS.iter().any(|ending| word.ends_with(ending));
    (strong || weak || cut).then(|| address(name_start(text, start), end))
}

/// `Laan van Meerdervoort 12`, `plein 1944 8` and the like: the word for a street, then its name.
fn named_after(text: &Plain, start: usize) -> Option<Place> {
    if !STREET_FIRSTS[0].may_stand(text, start) && !STREET_FIRSTS[1].may_stand(text, start) {
        return None;
    }
    let word_end = text.run_end(start, in_word);
    if !text.is_any(start, word_end, &STREETS) && !text.is_any(start, word_end, &CAPITAL_STREETS) {
        return None;
    }
    let mut at = word_end;
    for nth in 0..NAME_WORDS_MAX {
        if text.low().get(at) != Some(&' ') {
            return None;
        }
        let end = text.run_end(at + 1, in_word);
        let linking = text.is_any(at + 1, end, &LINKING[..12]);
        if end == at + 1 || (nth == 0 && !linking) {
            return None;
        }
        at = end;
        if let Some(end) = number_end(text, at, false).filter(|_| !linking) {
            return Some(address(start, end));
        }
    }
    None
}

fn address(start: usize, end: usize) -> Place {
    Place {
        start,
        end,
        what: SpanType::Address,
        rule: "straat-met-nummer",
    }
}

/// The first word of the name of a street: capitals, and linking words between them.
fn name_start(text: &Plain, start: usize) -> usize {
    let mut name = start;
    let mut at = start;
    // Among capitals only, a capital says nothing: `WIJ GAAN NAAR DORPSWEG 3`.
    let shouted = |at: usize| text.is_capital(at + 1) && text.is_capital(start + 1);
    for _ in 0..NAME_WORDS_MAX {
        let Some(space) = at.checked_sub(1).filter(|before| text.low()[*before] == ' ') else {
            break;
        };
        let length = text.low()[..space]
            .iter()
            .rev()
            .take(40)
            .take_while(|c| in_word(**c) || c.is_ascii_digit())
            .count();
        at = space - length;
        let word = text.slice(at, space);
        let linking = LINKING.contains(&word.trim_end_matches('.'));
        let nth = word.strip_suffix('e').is_some_and(|nr| nr.parse::<u8>().is_ok());
        let honoured = nth || HONOURED.contains(&word.trim_end_matches('.'));
        if length == 0 || (!linking && !honoured && (!text.is_capital(at) || shouted(at))) {
            break;
        }
        if !linking {
            name = at;
        }
    }
    name
}
