//! Questions to the index: words that somebody typed, or a draft that looks like something.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use protocol::id::{Gemeente, Week};
use protocol::record::{Kind, Merged};

use super::analysis::{Analysis, Terms};
use super::index::{Key, SearchError};
use super::reading::Reader;
use super::score::{Alternative, Clause, Place, Ranked, Role, Weeks, rank};
use super::text::{Looks, code, gemeente, kind, texts};

/// Most hits of one question.
pub const SEARCH_HITS_MAX: usize = 200;
/// Words of a question that are looked for: more say nothing more.
const WORDS_MAX: usize = 256;
/// Words that are told of why a record was found.
const TOLD_MAX: usize = 8;
/// What a word is worth that stands there as it was asked, in parts of 256; what it is worth as a part of a compound, under
/// another name, and as a word of the same subject.
const WHOLE: u32 = 256;
const PART: u32 = 150;
const NAMED: u32 = 200;
const SUBJECT: u32 = 70;
/// What it is worth when a part of a compound that was asked stands there.
const PART_OF: u32 = 110;
/// Codes in which a draft resembles a record, with what that is worth.
const ALIKE: [(&str, u32); 5] = [
    ("thema", 200),
    ("regeling", 150),
    ("soort_knelpunt", 100),
    ("belemmering", 40),
    ("laag", 20),
];
/// What a draft is shown that resembles it.
const SHOWN_TO_A_DRAFT: [Kind; 4] = [Kind::Signaal, Kind::Knelpunt, Kind::Duiding, Kind::Les];

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The words.
    pub text: String,
    /// Of one of these kinds; none: of any.
    pub kinds: Vec<Kind>,
    /// With one of these codes of a field (`thema`, `regeling`, `laag`), for every field named.
    pub codes: BTreeMap<String, Vec<String>>,
    /// Owned or contributed to by one of these.
    pub gemeenten: Vec<Gemeente>,
    /// About this week or a later one.
    pub since: Option<Week>,
    /// About this week or an earlier one.
    pub until: Option<Week>,
    /// Most hits.
    pub take: usize,
}

/// A record that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The record, or the hash of a local id.
    pub key: [u8; 20],
    /// How well, to compare hits of one question with.
    pub score: u32,
}

/// How many of the records that fit have each code, by field.
pub type Facets = BTreeMap<String, BTreeMap<String, u64>>;

/// What fits a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    /// Best first, ties in order of id.
    pub hits: Vec<Hit>,
    /// How many fit in all.
    pub total: u64,
    /// Whether these have every word of the question; otherwise they have the most of them that any record has.
    pub has_all: bool,
    /// What these records are about.
    pub facets: Facets,
}

/// Why a record was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// Codes that it shares, by field.
    pub codes: BTreeMap<String, Vec<String>>,
    /// Words of it that were asked, as they stand there.
    pub words: Vec<String>,
}

impl Why {
    /// Whether it is reason enough to show a record to whoever is typing: the same theme, or enough of the same words. How well a
    /// record fits is no measure of that: it grows with how many records there are, and the first draft of a node must find the
    /// only other record there is.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        let shares = |field: &str| self.codes.contains_key(field);
        shares("thema") || self.words.len() >= if shares("regeling") { 2 } else { 3 }
    }
}

/// Where in a text of a record the words stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// The text that has the most of them.
    pub text: String,
    /// The words, in bytes of it.
    pub places: Vec<Range<usize>>,
}

/// A question as it is looked for.
#[derive(Debug, Clone, Default)]
pub(in crate::view) struct Question {
    clauses: Vec<Clause>,
    weeks: Weeks,
    any_word: bool,
    take: usize,
    words: usize,
    terms: Terms,
    codes: Vec<String>,
}

impl Question {
    /// The words that somebody typed.
    pub(in crate::view) fn of_words(asked: &Asked, analysis: &Analysis) -> Self {
        let mut clauses = in_words(&asked.text, analysis);
        let words = clauses.iter().filter(|clause| clause.role == Role::Word).count();
        clauses.extend(filter(asked.kinds.iter().map(|one| kind(one.name()))));
        clauses.extend(filter(asked.gemeenten.iter().map(|one| gemeente(*one))));
        for (field, codes) in &asked.codes {
            clauses.extend(filter(codes.iter().map(|one| code(field, one))));
        }
        Self {
            clauses,
            weeks: Weeks {
                since: asked.since.map(Week::index),
                until: asked.until.map(Week::index),
            },
            any_word: false,
            take: asked.take.min(SEARCH_HITS_MAX),
            words,
            terms: analysis.terms(&asked.text),
            codes: Vec::new(),
        }
    }

    /// The same, for so many hits.
    pub(in crate::view) fn taking(self, take: usize) -> Self {
        Self { take, ..self }
    }

    /// What resembles a draft.
    pub(in crate::view) fn of_draft(draft: &Looks, take: usize, analysis: &Analysis) -> Self {
        let mut terms = Terms::default();
        draft.texts.iter().for_each(|text| terms.add(analysis.terms(text)));
        let mut clauses = in_draft(&terms);
        clauses.truncate(WORDS_MAX);
        for (field, weight) in ALIKE {
            let begin = code(field, "");
            let codes = draft.codes.iter().filter(|code| code.starts_with(&begin));
            clauses.extend(codes.map(|code| clause(Role::Bonus, [(Place::Code, code.clone(), weight)])));
        }
        let kinds = match draft.kinds.as_slice() {
            [] => &SHOWN_TO_A_DRAFT[..],
            kinds => kinds,
        };
        clauses.extend(filter(kinds.iter().map(|one| kind(one.name()))));
        Self {
            clauses,
            weeks: Weeks::default(),
            any_word: true,
            take: take.min(SEARCH_HITS_MAX),
            words: 0,
            terms,
            codes: draft.codes.clone(),
        }
    }

    /// What the index holds that fits.
    pub(in crate::view) fn ask(&self, reader: &Reader) -> Result<Results, SearchError> {
        let Some(held) = reader.held() else {
            return Ok(Results::default());
        };
        let ranked: Ranked = rank(&held, &self.clauses, self.weeks, self.any_word, self.take)?;
        let mut facets = Facets::new();
        for (code, count) in ranked.codes {
            if let Some((field, code)) = code.split_once('=') {
                facets
                    .entry(field.to_owned())
                    .or_default()
                    .insert(code.to_owned(), count);
            }
        }
        let hit = |(score, key): (u32, Key)| Hit { key, score };
        Ok(Results {
            hits: ranked.best.into_iter().map(hit).collect(),
            total: ranked.total,
            has_all: ranked.words >= self.words,
            facets,
        })
    }

    /// Why a record fits, and where in it.
    pub(in crate::view) fn why(&self, record: &Merged, analysis: &Analysis) -> (Why, Matched) {
        let mut why = Why::default();
        let theirs = Looks::of(record).codes;
        for (field, _) in ALIKE.iter().take(4) {
            let begin = code(field, "");
            let shared = theirs.iter().filter(|code| self.codes.contains(code));
            let shared: Vec<String> = shared
                .filter_map(|code| code.strip_prefix(&begin))
                .map(str::to_owned)
                .collect();
            if !shared.is_empty() {
                why.codes.insert((*field).to_owned(), shared);
            }
        }
        let mut matched = Matched::default();
        let mut told = BTreeSet::new();
        for (_, text) in texts(record) {
            let places = self.places(&text, analysis);
            for place in &places {
                let word = text[place.clone()].to_lowercase();
                if why.words.len() < TOLD_MAX && told.insert(word.clone()) {
                    why.words.push(word);
                }
            }
            if matched.text.is_empty() || places.len() > matched.places.len() {
                matched = Matched { text, places };
            }
        }
        (why, matched)
    }

    /// Where in a text words stand that were asked, or that name the same.
    fn places(&self, text: &str, analysis: &Analysis) -> Vec<Range<usize>> {
        let tokens = analysis.tokens(text);
        let mut asked: Vec<bool> = tokens
            .iter()
            .map(|token| {
                let is_asked = |stem: &String| self.terms.words.contains_key(stem);
                let is_part = self.terms.parts.contains_key(&token.stem);
                !token.stops && (is_asked(&token.stem) || is_part || token.parts.iter().any(is_asked))
            })
            .collect();
        for (range, concept) in analysis.concepts(&tokens) {
            if !concept.is_subject && self.terms.concepts.contains_key(&concept) {
                asked[range].fill(true);
            }
        }
        let places = tokens.into_iter().zip(asked).filter(|(_, asked)| *asked);
        places.map(|(token, _)| token.at).collect()
    }
}

fn clause(role: Role, alternatives: impl IntoIterator<Item = (Place, String, u32)>) -> Clause {
    let alternatives = alternatives.into_iter();
    Clause {
        role,
        alternatives: alternatives
            .map(|(place, term, weight)| Alternative { place, term, weight })
            .collect(),
    }
}

/// One of these codes, when any is asked.
fn filter(codes: impl Iterator<Item = String>) -> Option<Clause> {
    let clause = clause(Role::Filter, codes.map(|code| (Place::Code, code, 0)));
    (!clause.alternatives.is_empty()).then_some(clause)
}

/// Each word as it was typed, as a part of a longer one, or under another name; the parts of a compound add to it.
fn in_words(text: &str, analysis: &Analysis) -> Vec<Clause> {
    let tokens = analysis.tokens(text);
    let concepts = analysis.concepts(&tokens);
    let only_stops = tokens.iter().all(|token| token.stops);
    let mut clauses = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        if (token.stops && !only_stops) || !seen.insert(&token.stem) || seen.len() > WORDS_MAX {
            continue;
        }
        let mut ways = vec![
            (Place::Word, token.stem.clone(), WHOLE),
            (Place::Part, token.stem.clone(), PART),
        ];
        let names = concepts
            .iter()
            .filter(|(range, concept)| range.contains(&at) && !concept.is_subject);
        ways.extend(names.map(|(_, concept)| (Place::Concept, concept.term(), NAMED)));
        clauses.push(clause(Role::Word, ways));
        for part in &token.parts {
            let ways = [
                (Place::Word, part.clone(), PART_OF),
                (Place::Part, part.clone(), PART_OF),
            ];
            clauses.push(clause(Role::Bonus, ways));
        }
    }
    clauses
}

/// Everything that a draft says: a record need not have all of it.
fn in_draft(terms: &Terms) -> Vec<Clause> {
    let words = terms.words.keys();
    let words = words.map(|stem| {
        let ways = [(Place::Word, stem.clone(), WHOLE), (Place::Part, stem.clone(), PART)];
        clause(Role::Word, ways)
    });
    let parts = terms.parts.keys().filter(|part| !terms.words.contains_key(*part));
    let parts = parts.map(|part| {
        let ways = [
            (Place::Word, part.clone(), PART_OF),
            (Place::Part, part.clone(), PART_OF),
        ];
        clause(Role::Word, ways)
    });
    let concepts = terms.concepts.keys().map(|concept| match concept.is_subject {
        true => clause(Role::Bonus, [(Place::Concept, concept.term(), SUBJECT)]),
        false => clause(Role::Word, [(Place::Concept, concept.term(), NAMED)]),
    });
    words.chain(concepts).chain(parts).collect()
}
