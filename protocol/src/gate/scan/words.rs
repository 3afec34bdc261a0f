//! Names, and every word that Dutch does not know: the closed vocabulary.
//!
//! | file | what it holds |
//! |---|---|
//! | `token` | a line as words |
//! | `judge` | a word by itself |
//! | `context` | a word among its neighbours |
//! | `titled`, `before` | what says that a name comes, and what stands before one |
//! | `institutions` | what a school, home or employer is called, by what stands around it |
//! | `persons` | names that are a word or a letter, by what stands around them |
//! | `pieces` | what stays of a person's name when the rest is found |
//! | `bodies` | what a body is called, public or not |
//! | `whole` | what belongs to the name of an organisation |
//! | `plain` | organisations that are called after ordinary words |
//! | `called`, `told` | houses, persons and places of ordinary words, by how they are written |
//! | `addresses` | what a number makes a street |
//! | `nearby`, `whereabouts`, `roomy` | persons, places and organisations of ordinary words, by the one word beside them |
//! | `notes` | what notes say by how they are written |
//!
//! **Invariant:** a line is judged by itself: what stands on another line can add a finding here (see `spread`), and never
//! take one away.

mod addresses;
mod before;
mod bodies;
mod called;
mod context;
mod institutions;
mod judge;
mod nearby;
mod notes;
mod persons;
mod pieces;
mod plain;
mod roomy;
mod titled;
mod token;
mod told;
mod whereabouts;
mod whole;

use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};
use context::Line;
use judge::{Judged, Style, judge};
use token::{Read, Sort, Token};

/// Words that make somebody the only one.
const UNIQUE: [&[&str]; 8] = [
    &["de", "enige"],
    &["als", "enige"],
    &["enige", "in"],
    &["wethouder", "van"],
    &["burgemeester", "van"],
    &["raadslid", "van"],
    &["zeldzame", "ziekte"],
    &["zeldzame", "aandoening"],
];

/// A longer word at the end of a line says nothing of the next line.
const LAST_CHARS_MAX: usize = 40;

/// What was seen besides places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::gate) struct Seen {
    /// Words in all.
    pub(in crate::gate) words: usize,
    /// Of these the most frequent ones of Dutch.
    pub(in crate::gate) frequent: usize,
    /// Words that were left alone and may yet be names: slips of the pen, and what is a name elsewhere.
    pub(in crate::gate) doubts: usize,
}

/// The words as they were read before.
#[derive(Default)]
pub(super) struct Memory(Vec<Read>);

/// Reads the lines, or of a text that was read before those in which something was masked since.
pub(super) fn scan(
    text: &Plain,
    lexicon: &Lexicon,
    since: Option<&[Place]>,
    memory: &mut Memory,
    places: &mut Vec<Place>,
) -> Seen {
    let mut seen = Seen::default();
    let before = std::mem::take(&mut memory.0);
    for range in token::lines(text) {
        let changed = |since: &[Place]| {
            let first = since.partition_point(|place| place.end <= range.start);
            since.get(first).is_some_and(|place| place.start < range.end)
        };
        if since.is_some_and(|since| !changed(since)) {
            continue;
        }
        let range_start = range.start;
        let first = before.partition_point(|read| read.token.start < range.start);
        let tokens = token::read(text, range, lexicon, &before[first..]);
        let style = Style::of(&tokens);
        let judged = judged(text, &tokens, style, lexicon, &before[first..]);
        let read = tokens.iter().zip(&judged);
        memory.0.extend(read.map(|(token, judged)| Read {
            token: *token,
            style,
            judged: *judged,
        }));
        for token in tokens.iter().filter(|token| token.sort == Sort::Word) {
            seen.words += 1;
            seen.frequent += usize::from(token.marks.any(Marks::FREQUENT));
        }
        let mut line = Line {
            text,
            lexicon,
            tokens: &tokens,
            style,
            judged,
        };
        line.consider();
        line.go_on(begun_before(text, range_start, lexicon));
        seen.doubts += (0..tokens.len()).filter(|at| line.is_doubtful(*at)).count();
        places.extend(united(&line));
        unique(text, &tokens, places);
    }
    seen
}

/// What is thought of each word by itself; of a word that reads as it did before, the same.
fn judged(text: &Plain, tokens: &[Token], style: Style, lexicon: &Lexicon, before: &[Read]) -> Vec<Judged> {
    let mut before = before.iter().peekable();
    let judge = |token: &Token| {
        while before.next_if(|read| read.token.start < token.start).is_some() {}
        match before.peek().filter(|read| read.style == style && read.token == *token) {
            Some(read) => read.judged,
            None => judge(text, token, style, lexicon),
        }
    };
    tokens.iter().map(judge).collect()
}

/// What the last word of the line before says of the first of this one.
fn begun_before(text: &Plain, start: usize, lexicon: &Lexicon) -> Marks {
    let low = text.low();
    let Some(end) = start.checked_sub(1).filter(|end| low[*end] == '\n') else {
        return Marks::default();
    };
    let back = |at: usize, belongs: fn(char) -> bool| {
        at - low[..at]
            .iter()
            .rev()
            .take(LAST_CHARS_MAX)
            .take_while(|c| belongs(**c))
            .count()
    };
    let dot = back(end, |c| matches!(c, ' ' | '\t'));
    let word_end = back(dot, |c| c == '.');
    let word_start = back(word_end, char::is_alphabetic);
    let marks = lexicon.word(&low[word_start..word_end]);
    match word_end - word_start {
        0 => Marks::default(),
        // An initial says as much as a title.
        1 if dot > word_end && text.is_capital(word_start) => Marks(Marks::TITLE),
        _ if dot > word_end && !marks.any(Marks::SHORT) => Marks::default(),
        _ => marks,
    }
}

/// Neighbours that are masked become one place.
fn united(line: &Line<'_>) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut last = None;
    for (at, (token, judged)) in line.tokens.iter().zip(&line.judged).enumerate() {
        let Judged::Masked(what) = *judged else {
            continue;
        };
        match found.last_mut() {
            Some(place) if token.joined && at.checked_sub(1) == last && place.what != SpanType::Unknown => {
                place.end = token.end;
                if what == SpanType::Address {
                    (place.what, place.rule) = (what, rule(what));
                }
            }
            _ => found.push(Place {
                start: token.start,
                end: token.end,
                what,
                rule: rule(what),
            }),
        }
        last = Some(at);
    }
    found
}

fn rule(what: SpanType) -> &'static str {
    match what {
        SpanType::Unknown => "geen-bekend-woord",
        SpanType::Place => "plaatsnaam",
        SpanType::Address => "straat-met-nummer",
        _ => "naam",
    }
}

/// `de enige`, `wethouder van`: whoever that is can be found without a name.
fn unique(text: &Plain, tokens: &[Token], places: &mut Vec<Place>) {
    for at in 0..tokens.len() {
        let stands = |words: &&&[&str]| {
            words.iter().enumerate().all(|(nth, word)| {
                tokens
                    .get(at + nth)
                    .is_some_and(|token| token.end - token.start == word.len() && text.stands(token.start, word))
            })
        };
        if let Some(words) = UNIQUE.iter().find(stands) {
            places.push(Place {
                start: tokens[at].start,
                end: tokens[at + words.len() - 1].end,
                what: SpanType::Unique,
                rule: "bijzonder",
            });
        }
    }
}
