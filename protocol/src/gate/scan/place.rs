//! Postcodes, and streets with a house number.

use super::spots::{Firsts, Spot};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Two letters that are a Dutch word, unit or day: after four digits and a space they are rarely a postcode.
const SHORT_WORDS: [&str; 42] = [
    "al", "an", "as", "bv", "cm", "da", "de", "di", "do", "en", "er", "ga", "ha", "ik", "in", "is", "ja", "je", "kb",
    "kg", "km", "ma", "mb", "me", "mm", "mw", "na", "nr", "nu", "of", "om", "op", "pk", "st", "te", "vr", "we", "wo",
    "za", "ze", "zo", "zn",
];

/// Endings that make a word a street by themselves.
const STREETS: [&str; 14] = [
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
const CAPITAL_STREETS: [&str; 27] = [
    "hof", "pad", "park", "markt", "baan", "wal", "veld", "akker", "erf", "hoek", "kamp", "oord", "brink", "haven",
    "kanaal", "poort", "vaart", "berg", "tuin", "weide", "waard", "donk", "horst", "ring", "burg", "zoom", "pas",
];
static STREET_FIRSTS: [Firsts; 2] = [Firsts::of(&STREETS), Firsts::of(&CAPITAL_STREETS)];
/// Words that end like a street and are none.
const NO_STREETS: [&str; 2] = ["onderweg", "halverweg"];
const LINKING: [&str; 12] = [
    "van", "de", "der", "den", "het", "'t", "ter", "ten", "te", "op", "in", "aan",
];
/// What the name of a street begins with, whatever the letter case.
const HONOURED: [&str; 22] = [
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
/// The most words of a name in front of, or behind, the word that says it is a street.
const NAME_WORDS_MAX: usize = 4;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    // A name of some words, and its number.
    let words = spots.iter().filter(|spot| spot.end > spot.start);
    for at in words.map(|spot| spot.start).filter(|at| text.near_digit(*at, 200)) {
        if text.low()[at].is_ascii_digit() {
            places.extend(postcode(text, at));
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
    let spaced = text.low().get(digits) == Some(&' ');
    let letters = digits + usize::from(spaced);
    let end = text.run_end(letters, char::is_alphabetic);
    let two = end == letters + 2 && text.low()[letters..end].iter().all(char::is_ascii_lowercase);
    if !two || !text.ends(end) {
        return None;
    }
    let is_word = SHORT_WORDS.contains(&text.slice(letters, end).as_str());
    let capitals = text.is_capital(letters) && text.is_capital(letters + 1);
    let year = matches!(text.slice(start, start + 2).as_str(), "19" | "20");
    if spaced && is_word && (!capitals || year) {
        return None;
    }
    Some(Place {
        start,
        end,
        what: SpanType::Postcode,
        rule: "postcode",
    })
}

/// Whether a letter of a name; names hold dots, apostrophes and hyphens.
fn in_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-')
}

/// `Kerkstraat 12a`, with the words of its name in front.
fn street(text: &Plain, start: usize) -> Option<Place> {
    let word_end = text.run_end(start, in_word);
    let end = house_number_end(text, word_end)?;
    let word = text.slice(start, word_end);
    let word = word.trim_end_matches('.');
    let capital = text.is_capital(start);
    let by_itself = !STREETS.contains(&word) || capital;
    let strong = STREETS.iter().any(|ending| word.ends_with(ending)) && by_itself && !NO_STREETS.contains(&word);
    let year = end - word_end == 5 && matches!(text.slice(word_end + 1, word_end + 3).as_str(), "19" | "20");
    let weak = capital && !year && CAPITAL_STREETS.iter().any(|ending| word.ends_with(ending));
    (strong || weak).then(|| address(name_start(text, start), end))
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
        let linking = text.is_any(at + 1, end, &LINKING[..8]);
        if end == at + 1 || (nth == 0 && !linking) {
            return None;
        }
        at = end;
        if let Some(end) = house_number_end(text, at).filter(|_| !linking) {
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

/// Where a house number after this place ends: a space, up to five digits, and what is added to them.
fn house_number_end(text: &Plain, at: usize) -> Option<usize> {
    let spaces = text.run_end(at, |c| c == ' ' || c == ',');
    let digits = text.digits_end(spaces);
    if spaces == at || spaces > at + 2 || digits == spaces || digits > spaces + 5 {
        return None;
    }
    let divided = text.low().get(digits).is_some_and(|c| matches!(c, '-' | ' ' | '/'));
    let added = digits + usize::from(divided);
    let end = text.run_end(added, |c| c.is_ascii_alphanumeric());
    let addition = text.slice(added, end);
    let known = matches!(
        addition.as_str(),
        "hs" | "bis" | "zw" | "rd" | "huis" | "boven" | "i" | "ii" | "iii" | "iv"
    );
    let letter = addition.len() == 1 && (!divided || text.low()[digits] == '-' || text.is_capital(added));
    let dashed = divided && text.low()[digits] != ' ' && (1..=4).contains(&addition.len());
    if known || letter || dashed {
        Some(end)
    } else {
        (divided || text.ends(digits)).then_some(digits)
    }
}

/// The first word of the name of a street: capitals, and linking words between them.
fn name_start(text: &Plain, start: usize) -> usize {
    let mut name = start;
    let mut at = start;
    for _ in 0..NAME_WORDS_MAX {
        let Some(space) = at.checked_sub(1).filter(|before| text.low()[*before] == ' ') else {
            break;
        };
        let length = text.low()[..space]
            .iter()
            .rev()
            .take(40)
            .take_while(|c| in_word(**c))
            .count();
        at = space - length;
        let word = text.slice(at, space);
        let linking = LINKING.contains(&word.as_str());
        let honoured = HONOURED.contains(&word.trim_end_matches('.'));
        if length == 0 || (!linking && !honoured && !text.is_capital(at)) {
            break;
        }
        if !linking {
            name = at;
        }
    }
    name
}
