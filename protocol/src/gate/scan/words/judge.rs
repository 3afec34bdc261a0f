//! One word by itself: whether Dutch knows it, and what its capital says.

use super::token::{Case, Sort, Token};
use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::Plain;

/// So few capitals may be somebody's initials.
const INITIALS_MAX: usize = 3;

/// More digits are a number.
const CALL_DIGITS_MAX: usize = 3;
/// Where names have no capitals either, a shorter word is no slip of the pen.
const SMALL_SLIP_CHARS_MIN: usize = 6;
/// Where names have no capitals either, a shorter word is none that was not written out.
const SHORTENED_CHARS_MIN: usize = 4;
/// So long a word is made of others.
const LONG_CHARS: usize = 10;

/// How a line is written. Without capitals, or with nothing else, only the lexicon tells names from words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Ordinary,
    Small,
    Capitals,
}

impl Style {
    pub(super) fn of(tokens: &[Token]) -> Self {
        let (mut small, mut capitals, mut words) = (0, 0, 0);
        for token in tokens.iter().filter(|token| token.sort == Sort::Word) {
            capitals += token.capitals;
            small += token.letters - token.capitals;
            words += usize::from(token.end - token.start > 1);
        }
        if capitals > 4 * small && words > 1 {
            Self::Capitals
        } else if capitals == 0 {
            Self::Small
        } else {
            Self::Ordinary
        }
    }
}

/// What is thought of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// An ordinary word.
    Word,
    /// Part of what a public body or law is called.
    Public,
    /// Nearly one: a slip of the pen, most likely.
    Slip,
    /// It is masked.
    Masked(SpanType),
}

impl Judged {
    pub(super) fn is_masked(self) -> bool {
        matches!(self, Self::Masked(_))
    }
}

/// Judges a word by itself.
pub(super) fn judge(text: &Plain, token: &Token, style: Style, lexicon: &Lexicon) -> Judged {
    if token.sort == Sort::Number && is_call_sign(text, token, style, lexicon) {
        return Judged::Masked(SpanType::Person);
    }
    // A single letter, as in "vitamine C", says nothing by itself.
    if token.sort != Sort::Word || token.end - token.start == 1 {
        return Judged::Word;
    }
    let name = Judged::Masked(what(token));
    let capital = token.case != Case::Lower && style == Style::Ordinary;
    let nation = token.marks.any(Marks::NATION) && !token.marks.any(Marks::PLACE);
    // "Safin (Rus)": who is told by it.
    if capital && nation && is_bracketed(text, token) {
        return name;
    }
    // "max. 3 maanden"
    let low = text.low();
    if text.stands(token.start, "max")
        && token.letters == 3
        && (text.stands(token.end, ".") || low.get(token.end + 1).is_some_and(char::is_ascii_digit))
    {
        return Judged::Slip;
    }
    if capital && (token.marks.any(Marks::PLAIN) || nation || is_compound_of_letters(text, token, lexicon)) {
        return Judged::Word;
    }
    let short = token.marks.any(Marks::SHORT) && (!capital || token.starts || token.case == Case::Upper);
    let abbreviated = (short || token.marks.any(Marks::PLAIN)) && !token.marks.any(Marks::ALWAYS);
    if abbreviated && (!capital || token.case == Case::Upper) {
        return Judged::Word;
    }
    if token.case == Case::Upper
        && token.end - token.start <= INITIALS_MAX
        && !token.marks.any(Marks::WORD | Marks::SHORT | Marks::PLAIN)
    {
        return name;
    }
    let softly =
        token.soft && token.marks.any(Marks::COMMON | Marks::SHORT) && !token.marks.any(Marks::NAME | Marks::PLACE);
    if capital && (!(token.starts || softly) || is_double(text, token)) {
        return name;
    }
    // "Stapelen van hulp": a verb at the begin of a sentence, and the name of nobody.
    let nobody = !token
        .marks
        .any(Marks::FIRST | Marks::SURNAME | Marks::PLACE | Marks::ALWAYS | Marks::HEAD);
    let verb = text.low()[token.start..token.end].ends_with(&['e', 'n']);
    if capital && token.starts && token.case == Case::Capital && nobody && verb && token.marks.any(Marks::WORD) {
        return Judged::Word;
    }
    let known = known(text, token, lexicon);
    let common = token.marks.any(Marks::COMMON);
    let house = token.marks.any(Marks::HOUSE) && !token.marks.any(Marks::WORD);
    let named = token.marks.any(Marks::NAME | Marks::PLACE) || house;
    match known {
        Known::No if named => name,
        Known::No if !capital && slips(text, token, style, lexicon) => Judged::Slip,
        Known::No if !capital && is_shortened(text, token, style, lexicon) => Judged::Slip,
        Known::No => name,
        Known::Part if house || token.marks.any(Marks::ALWAYS) => name,
        Known::Part => Judged::Word,
        Known::Yes if token.marks.any(Marks::ALWAYS) && (style != Style::Ordinary || capital || !common) => name,
        Known::Yes if named && !common && (style != Style::Ordinary || capital) => name,
        Known::Yes => Judged::Word,
    }
}

/// Alone between brackets, or before a slash there.
fn is_bracketed(text: &Plain, token: &Token) -> bool {
    let spaced = token.start > 0 && text.stands(token.start - 1, " ");
    let before = token.start.checked_sub(1 + usize::from(spaced));
    let opened = before.is_some_and(|before| text.stands(before, "("));
    opened && (text.stands(token.end, ")") || text.stands(token.end, " /"))
}

/// `Noord-Holland`: two words with a capital.
fn is_double(text: &Plain, token: &Token) -> bool {
    let behind = (token.start + 1..token.end).filter(|at| text.low()[at - 1] == '-');
    token.case == Case::Capital && text.is_capital(token.start) && behind.into_iter().any(|at| text.is_capital(at))
}

/// `VT4`, `Lijn5`, `X11`, `sonneveldhof76`: a capital or what is no word, then digits.
fn is_call_sign(text: &Plain, token: &Token, style: Style, lexicon: &Lexicon) -> bool {
    let word = &text.low()[token.start..token.end];
    let letters = word.iter().take_while(|c| c.is_alphabetic()).count();
    let (name, digits) = word.split_at(letters);
    let capitals = (token.start..token.end).take_while(|at| text.is_capital(*at)).count();
    // `A12` is a road and `G4` a group of towns.
    let written = style != Style::Capitals && (capitals >= 2 || (capitals == 1 && letters > 2));
    let unknown = letters > 2 && !lexicon.word(name).any(Marks::WORD | Marks::SHORT | Marks::PLAIN);
    let code = name == ['x'] && digits.len() == 2;
    let short = (1..=CALL_DIGITS_MAX).contains(&digits.len()) && digits.iter().all(char::is_ascii_digit);
    // `gpronk1958`: what somebody is called where they log in.
    let account = unknown && letters > 3 && digits.len() == 4 && digits.iter().all(char::is_ascii_digit);
    (short && (written || unknown || code)) || account
}

/// `FM-licentie`, `T-shirt`: letters, and a word.
fn is_compound_of_letters(text: &Plain, token: &Token, lexicon: &Lexicon) -> bool {
    let letters = &text.low()[token.start..token.end];
    let Some(hyphen) = letters
        .iter()
        .position(|c| *c == '-')
        .filter(|at| *at <= INITIALS_MAX + 1)
    else {
        return false;
    };
    let capitals = |range: std::ops::Range<usize>| range.filter(|at| text.is_capital(*at)).count();
    let (start, tail) = (token.start, &letters[hyphen + 1..]);
    let short = hyphen < INITIALS_MAX && capitals(start..start + hyphen) == hyphen;
    let in_front = short || lexicon.word(&letters[..hyphen]).any(Marks::PLAIN);
    in_front
        && capitals(start + hyphen..token.end) == 0
        && (lexicon.word(tail).any(Marks::WORD) || lexicon.is_compound(tail))
}

/// Among small letters only, a short word may as well be a name.
fn slips(text: &Plain, token: &Token, style: Style, lexicon: &Lexicon) -> bool {
    let letters = &text.low()[token.start..token.end];
    // Dutch has no such letters, so nobody slips into them.
    if letters.iter().any(|c| matches!(c, 'ă'..='ą' | 'ć'..='đ' | 'ę'..='ě' | 'ğ' | 'ı' | 'ł'..='ň' | 'ő' | 'ř'..='ž' | 'ș' | 'ț' | 'ø' | 'å' | 'ã' | 'õ')) {
        return false;
    }
    let short = style != Style::Ordinary && letters.len() < SMALL_SLIP_CHARS_MIN;
    (!short && lexicon.is_slip(letters)) || (letters.len() >= LONG_CHARS && lexicon.is_slipped_compound(letters))
}

/// `gedragswet.`, `terugkopp.`: a word that was not written out.
fn is_shortened(text: &Plain, token: &Token, style: Style, lexicon: &Lexicon) -> bool {
    let letters = &text.low()[token.start..token.end];
    let least = if style == Style::Ordinary {
        3
    } else {
        SHORTENED_CHARS_MIN
    };
    letters.len() >= least && text.stands(token.end, ".") && lexicon.begins_word(letters)
}

/// What a masked word is called.
pub(super) fn what(token: &Token) -> SpanType {
    if token.marks.any(Marks::PLACE) && !token.marks.any(Marks::FIRST) {
        SpanType::Place
    } else if token.case == Case::Lower && !token.marks.any(Marks::NAME) {
        SpanType::Unknown
    } else {
        SpanType::Person
    }
}

enum Known {
    No,
    /// A word, and one of its parts could be a name.
    Part,
    Yes,
}

/// Whether Dutch knows the word, by itself or by its parts.
fn known(text: &Plain, token: &Token, lexicon: &Lexicon) -> Known {
    let marks = token.marks;
    let letters = &text.low()[token.start..token.end];
    if marks.any(Marks::WORD | Marks::SHORT | Marks::PLAIN | Marks::NATION) {
        return Known::Yes;
    }
    let named = marks.any(Marks::NAME | Marks::PLACE | Marks::ALWAYS | Marks::CAPITAL | Marks::HOUSE);
    if letters.len() <= 2 && !named && token.case == Case::Lower {
        return Known::Yes;
    }
    if letters.iter().any(|c| matches!(c, '-' | '\'' | '’' | '‘')) {
        return if parts_known(letters, lexicon) {
            Known::Part
        } else {
            Known::No
        };
    }
    if !named && (lexicon.is_compound(letters) || is_derived(letters, lexicon)) {
        return Known::Part;
    }
    Known::No
}

/// `casenr`, `geboortedat`, `iets zorgelijks`: a word, and an ending that the list does not have with it.
fn is_derived(letters: &[char], lexicon: &Lexicon) -> bool {
    let told = ["nr", "nummer", "datum", "dat"].iter().any(|tail| {
        let stem = letters.len().saturating_sub(tail.len());
        stem > 2 && letters[stem..].iter().copied().eq(tail.chars()) && {
            let stem = &letters[..stem];
            let linked = stem.ends_with(&['s']) && lexicon.is_word(&stem[..stem.len() - 1]);
            linked || lexicon.word(stem).any(Marks::WORD | Marks::SHORT | Marks::PLAIN)
        }
    });
    let form = matches!(letters, [stem @ .., 's'] if stem.len() > 5 && lexicon.is_word(stem));
    told || form
}

/// `ex-partner`, `z'n`, `re-integratie`: every part is a word that is no name first.
fn parts_known(letters: &[char], lexicon: &Lexicon) -> bool {
    let mut parts = letters.split(|c| matches!(c, '-' | '\'' | '’' | '‘'));
    parts.all(|part| {
        let marks = lexicon.word(part);
        let word = marks.any(Marks::WORD | Marks::SHORT | Marks::PLAIN | Marks::NATION) && !marks.any(Marks::ALWAYS);
        let named = marks.any(Marks::NAME | Marks::PLACE | Marks::ALWAYS);
        part.len() <= 2 || word || (!named && lexicon.is_compound(part)) || part.iter().all(|c| c.is_numeric())
    })
}
