//! A line as words, with what the lexicon knows of each and where sentences begin.

use std::ops::Range;

use super::judge::{Judged, Style};
use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::text::Plain;

/// A word as it was read before, and what was thought of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub(super) token: Token,
    pub(super) style: Style,
    pub(super) judged: Judged,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    /// A capital in front, or somewhere in it.
    Capital,
    /// Capitals only.
    Upper,
}

/// What kind of thing stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Word,
    /// `J.`, `A.B.`
    Initials,
    /// Digits, and letters mixed with them.
    Number,
    /// What was masked before.
    Mask,
}

/// A word on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sort: Sort,
    pub(super) case: Case,
    /// Letters in all, and of these the capitals.
    pub(super) letters: u32,
    pub(super) capitals: u32,
    pub(super) marks: Marks,
    /// Nothing but spaces or a hyphen since the word before.
    pub(super) joined: bool,
    /// A sentence may begin here, so that a capital says nothing.
    pub(super) starts: bool,
    /// Something new may begin here, as it does in notes: behind a semicolon, a slash or a dash.
    pub(super) soft: bool,
    /// A colon or comma stands before it, and nothing that ends a sentence.
    pub(super) listed: bool,
}

/// The most words of a line that are looked at together; a longer line is read in such parts.
const LINE_CHARS_MAX: usize = 20_000;

/// The lines of a text.
pub(super) fn lines(text: &Plain) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, c) in text.low().iter().enumerate() {
        let long = at - start >= LINE_CHARS_MAX && *c == ' ';
        if *c == '\n' || long {
            lines.push(start..at);
            start = at + 1;
        }
    }
    lines.push(start..text.low().len());
    lines
}

/// The words of a line.
pub(super) fn read(text: &Plain, line: Range<usize>, lexicon: &Lexicon, before: &[Read]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(line.len() / 5);
    let mut before = before.iter().map(|read| &read.token).peekable();
    let mut at = line.start;
    let mut gap = line.start;
    while at < line.end {
        let Some((sort, end)) = token_end(text, at, line.end) else {
            at += 1;
            continue;
        };
        let letters = &text.low()[at..end];
        while before.next_if(|token| token.start < at).is_some() {}
        let known = before
            .peek()
            .filter(|token| (token.start, token.end) == (at, end) && token.sort == sort);
        let marks = match sort {
            Sort::Word => known.map_or_else(|| lexicon.word(letters), |token| token.marks),
            Sort::Initials => lexicon.word(&letters[..letters.len() - 1]),
            Sort::Number | Sort::Mask => Marks::default(),
        };
        // A known abbreviation of one letter, such as `u.`, is no initial.
        let short = sort == Sort::Initials && marks.any(Marks::SHORT) && !text.is_capital(at);
        let sort = if short { Sort::Word } else { sort };
        let counted = tokens.len() > 1 && tokens[tokens.len() - 2].sort == Sort::Number;
        let between = Gap::of(text, gap..at, tokens.last(), counted);
        // A word alone between brackets is no sentence: "( Ned)", "(Jansen)".
        let opened = text.low()[gap..at].contains(&'(');
        let alone = opened && (text.low().get(end) == Some(&')') || end - at == 3 && text.stands(end, " /"));
        let (letters, capitals) = letters_of(text, at, end);
        tokens.push(Token {
            start: at,
            end,
            sort,
            case: case(letters, capitals),
            letters,
            capitals,
            marks,
            joined: between.joined,
            starts: between.starts && !alone,
            soft: between.soft,
            listed: between.listed,
        });
        at = end;
        gap = end;
    }
    tokens
}

fn token_end(text: &Plain, at: usize, line_end: usize) -> Option<(Sort, usize)> {
    let c = text.low()[at];
    if text.is_sealed(at) {
        let end = (at..line_end).find(|at| !text.is_sealed(*at)).unwrap_or(line_end);
        return Some((Sort::Mask, end));
    }
    if c.is_alphabetic() {
        let initials = initials_end(text, at, line_end);
        let end = initials.unwrap_or_else(|| word_end(text, at, line_end));
        let sort = if initials.is_some() {
            Sort::Initials
        } else if text.low()[at..end].iter().any(|c| c.is_numeric()) {
            Sort::Number
        } else {
            Sort::Word
        };
        return Some((sort, end));
    }
    c.is_numeric().then(|| (Sort::Number, word_end(text, at, line_end)))
}

/// Letters and digits, with hyphens and apostrophes inside.
fn word_end(text: &Plain, at: usize, line_end: usize) -> usize {
    let low = text.low();
    let inside = |at: usize| {
        let c = low[at];
        let follows = || {
            low.get(at + 1)
                .is_some_and(|c| c.is_alphanumeric() && at + 1 < line_end)
        };
        c.is_ascii_lowercase()
            || c.is_alphanumeric()
            || is_mark(c)
            || (matches!(c, '-' | '\'' | '’' | '‘') && follows())
    };
    (at..line_end).find(|at| !inside(*at)).unwrap_or(line_end)
}

/// A combining accent belongs to its letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// `j.`, `j.m.p.`: letters with a dot behind each; a last letter without one belongs to it too, as in `o.a`.
fn initials_end(text: &Plain, at: usize, line_end: usize) -> Option<usize> {
    let low = text.low();
    let mut end = at;
    while end + 1 < line_end && low[end].is_alphabetic() && low[end + 1] == '.' {
        end += 2;
    }
    (end > at).then_some(end)
}

fn letters_of(text: &Plain, start: usize, end: usize) -> (u32, u32) {
    let shown = text.shown(start, end).iter().zip(&text.low()[start..end]);
    let (mut letters, mut capitals) = (0, 0);
    for (shown, _) in shown.filter(|(_, low)| low.is_alphabetic()) {
        letters += 1;
        capitals += u32::from(shown.is_uppercase());
    }
    (letters, capitals)
}

fn case(letters: u32, capitals: u32) -> Case {
    match capitals {
        0 => Case::Lower,
        _ if capitals == letters && letters > 1 => Case::Upper,
        _ => Case::Capital,
    }
}

/// What stands between two words.
struct Gap {
    joined: bool,
    starts: bool,
    soft: bool,
    listed: bool,
}

impl Gap {
    /// What stands there; behind a number the last word `counted` something.
    fn of(text: &Plain, place: Range<usize>, before: Option<&Token>, counted: bool) -> Self {
        let gap = &text.low()[place.clone()];
        if before.is_some_and(|before| !counted || before.sort != Sort::Initials) && gap == [' '] {
            return Self {
                joined: true,
                starts: false,
                soft: false,
                listed: false,
            };
        }
        let Some(before) = before else {
            return Self {
                joined: false,
                starts: true,
                soft: false,
                listed: false,
            };
        };
        // The end of `naam@voorbeeld.nl.` is no abbreviation.
        let part = before.start > 0 && matches!(text.low()[before.start - 1], '.' | '@' | '/');
        let short = before.sort == Sort::Initials
            || (before.marks.any(Marks::SHORT) && !before.marks.any(Marks::FREQUENT) && !part)
            || (before.end - before.start == 1 && before.sort != Sort::Number);
        let ends = |c: &char| match c {
            '.' => !short,
            '!' | '?' | ':' | '"' | '“' | '”' | '„' | '«' | '»' | '(' | '[' | '*' | '•' | '|' | '\t' | '‘' | '>'
            | ']' => true,
            _ => false,
        };
        // "tot 21 u. Logopedie stopt", "naar de SGGZ. Voorkeur": the dot ends the sentence too.
        let abbreviated = before.case == Case::Upper && before.letters > 1 && !before.marks.any(Marks::TITLE);
        let ended = (counted && before.letters == 1 || abbreviated && before.sort == Sort::Word)
            && (gap == ['.', ' '] || gap == [' '] && before.sort == Sort::Initials)
            && text.is_capital(place.end)
            && !text.is_capital(place.end + 1);
        let dot_only = short && gap.iter().all(|c| matches!(c, '.' | ' '));
        Self {
            joined: dot_only
                || is_slash(text, gap, before)
                || gap.iter().all(|c| matches!(c, ' ' | '-' | '&'))
                || is_apostrophe(gap),
            starts: ended || gap.iter().any(ends),
            soft: gap.contains(&';')
                || gap.windows(3).any(|marks| matches!(marks, [' ', '/' | '-', ' ']))
                || (short && before.sort == Sort::Word && gap == ['.', ' ']),
            listed: gap.iter().any(|c| matches!(c, ':' | ',')),
        }
    }
}

/// `v/d`, `a/d`: a link in two letters.
fn is_slash(text: &Plain, gap: &[char], before: &Token) -> bool {
    let letter = before.end - before.start == 1 && matches!(text.low()[before.start], 'v' | 'a' | 'o' | 'b');
    gap == ['/'] && letter && text.stands(before.end, "/d") && text.ends(before.end + 2)
}

fn is_apostrophe(gap: &[char]) -> bool {
    matches!(gap, ['\'' | '’' | '‘'] | [' ', '\'' | '’' | '‘'])
}
