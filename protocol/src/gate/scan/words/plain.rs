//! Organisations whose name is made of ordinary words: by the word for what they are, and where it stands.

use super::context::Line;
use super::judge::{Judged, Style};
use super::roomy::{HOUSES, ROOMS};
use super::token::{Case, Sort};
use super::whole::{CLASSES, FIRMS};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// Whom one is at without saying that it is an organisation.
const PLACES: [&str; 23] = [
    "school",
    "thuiszorg",
    "dagbesteding",
    "moskee",
    "kerk",
    "opvang",
    "bso",
    "kinderopvang",
    "crisisopvang",
    "dagopvang",
    "basisschool",
    "woongroep",
    "logeeropvang",
    "vrouwenopvang",
    "nachtopvang",
    "inloop",
    "groep",
    "leefgroep",
    "logeergroep",
    "woonvorm",
    "asiel",
    "dagbest",
    "kraamzorg",
];
/// Behind these, in brackets, stands who it is.
const BRACKETED: [&str; 27] = [
    "werkgever",
    "leverancier",
    "school",
    "kringloop",
    "bewindvoerder",
    "verhuurder",
    "aanbieder",
    "zorgaanbieder",
    "thuiszorg",
    "opvang",
    "kinderopvang",
    "apotheek",
    "uitzendbureau",
    "sportclub",
    "garage",
    "dagbesteding",
    "hotel",
    "energieleverancier",
    "stageplek",
    "stagebedrijf",
    "woningcorporatie",
    "corporatie",
    "kerk",
    "moskee",
    "buurtbemiddeling",
    "kraamzorg",
    "kinderarts",
];
/// In brackets these say something of it and name nobody.
const NOT_CALLED: [&str; 20] = [
    "onbekend",
    "nieuw",
    "oud",
    "vorige",
    "tijdelijk",
    "vrijwillig",
    "bijzonder",
    "speciaal",
    "regulier",
    "betaald",
    "extern",
    "intern",
    "particulier",
    "vader",
    "moeder",
    "via",
    "nader",
    "voorheen",
    "optie",
    "speciaal-onderwijs",
];
/// Behind these stands what they are called, wherever they stand themselves.
const STRONG: [&str; 17] = [
    "stichting",
    "kringloop",
    "kringloopwinkel",
    "koor",
    "zangkoor",
    "logeerhuis",
    "taalschool",
    "kapsalon",
    "restaurant",
    "eetcafé",
    "bloemisterij",
    "zorgboerderij",
    "kdv",
    "gezinshuis",
    "hospice",
    "praktijk",
    "woongroep",
];
/// Determiners that stand in names.
const ADJECTIVES: [&str; 9] = [
    "nieuwe", "eerste", "tweede", "derde", "vierde", "andere", "alle", "onze", "ons",
];
/// The most words of a name of ordinary words.
const WORDS_MAX: usize = 4;
/// The most words between brackets.
const BRACKETED_MAX: usize = 4;

impl Line<'_> {
    /// Whether the word here may be one of the words of a name: no verb, preposition or person.
    fn may_be_called(&self, at: usize, ordinary: u64) -> bool {
        self.may_be_word(at, ordinary | Marks::PLAIN | Marks::SHORT) && self.tokens[at].end - self.tokens[at].start > 2
    }

    /// The same, of a word that is in every text.
    fn may_be_word(&self, at: usize, other: u64) -> bool {
        let said = Marks::DOING | Marks::DETERMINER | Marks::HOUSED | Marks::TOWARDS | Marks::ROLE | Marks::SURNAMED;
        let said = if self.stands(at, &ADJECTIVES) {
            said & !Marks::DETERMINER
        } else {
            said
        };
        let more = Marks::TITLE | Marks::UNIT | Marks::LISTED | Marks::LINK;
        self.joined_word(at) && !self.is(at, said | more | other) && !self.is_said(at)
    }

    /// `meldt`, `belde`, `gestart`: what somebody does or did.
    pub(super) fn is_said(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let word = |stem: &[char]| self.lexicon.word(stem).any(Marks::WORD);
        let present = matches!(letters, [stem @ .., 't'] if word(stem));
        let past = matches!(letters, [stem @ .., 'd' | 't', 'e'] if word(stem) && stem.len() > 2);
        let past = past && !self.stands(at, &ADJECTIVES);
        let ge = letters.windows(2).take(6).any(|pair| pair == ['g', 'e']);
        let done = ge && matches!(letters.last(), Some('d' | 't' | 'n')) && word(letters);
        present || past || done
    }

    /// Where a clause ends, or goes on with a verb or preposition.
    pub(super) fn ends_name(&self, at: usize) -> bool {
        !self.joined_word(at)
            || self.is(at, Marks::DOING | Marks::HOUSED | Marks::TOWARDS | Marks::LINK)
            || self.is_said(at)
    }

    /// `bij stal de ruif`, `op kindcentrum samen wijs`: without an article in front, the word behind is a name.
    pub(super) fn plainly_called(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Word || !self.joined_word(at + 1) || token.case == Case::Capital {
            return;
        }
        let begins = at == 0 || !token.joined;
        let towards = !begins && self.is(at - 1, Marks::HOUSED | Marks::TOWARDS) && !self.is(at - 1, Marks::DETERMINER);
        let led = towards
            || (!begins
                && self.stands(
                    at - 1,
                    &["in", "op", "uit", "is", "van", "aan", "boven", "langs", "rond"],
                ));
        let class = self.is(at, Marks::INSTITUTION | Marks::HOSTING) && self.stands(at, &STRONG);
        let strong = class && (begins || !self.is(at - 1, Marks::DETERMINER));
        let led = led || strong;
        if !(led || begins && self.style != Style::Ordinary) {
            return;
        }
        let room = self.style != Style::Ordinary && (self.stands(at, &HOUSES) || self.ends_as(at, &ROOMS));
        if !(strong || room || self.stands(at, &CLASSES) || self.ends_as(at, &FIRMS)) {
            return;
        }
        // "bij garage auto opgehaald": what happened to it there.
        if self.is(at + 1, Marks::COMMON) && self.joined_word(at + 2) && self.is_said(at + 2) && !strong {
            return;
        }
        let article = self.stands(at + 1, &["de", "het", "t", "'t", "sint", "st"]);
        let first = at + 1 + usize::from(article);
        // `hotel slapen`: what one does there.
        let plural = self.joined_word(first) && !self.stands(at, &["stichting"]) && !article && {
            let name = self.tokens[first];
            self.text.low()[name.start..name.end].ends_with(&['e', 'n'])
                && name.marks.any(Marks::OFTEN)
                && !name.marks.any(Marks::FREQUENT)
        };
        let end = if article && self.may_be_called(first, Marks::HOSTING) && self.ends_name(first + 1) {
            first + 1
        } else if plural {
            return;
        } else {
            self.plain_end(first, led)
        };
        (at + 1..end).for_each(|at| self.mask(at, SpanType::Person));
    }

    /// Where a name of ordinary words that begins here ends; here again when it is none.
    fn plain_end(&self, first: usize, led: bool) -> usize {
        let houses = Marks::HOSTING | Marks::INSTITUTION;
        let ordinary = if led {
            Marks::FREQUENT
        } else {
            Marks::FREQUENT | Marks::OFTEN
        };
        // `salon mooi zo`: two words of everyday, and the clause ends.
        let twice =
            led && (self.may_be_word(first, houses) || self.is_named(first)) && self.may_be_word(first + 1, houses);
        if twice && (self.ends_name(first + 2) || self.stands(first + 2, &["ook", "in"])) {
            return first + 2;
        }
        // `logeerhuis eb en vloed`
        let and = led && self.joined_word(first + 2) && self.stands(first + 1, &["en"]);
        if and
            && self.may_be_called(first, Marks::FREQUENT | houses) | (self.may_be_word(first, houses | Marks::FREQUENT))
            && self.may_be_word(first + 2, houses | Marks::FREQUENT)
            && self.ends_name(first + 3)
        {
            return first + 3;
        }
        if !self.may_be_called(first, ordinary | houses) {
            return first;
        }
        let mut end = first + 1;
        while end < first + WORDS_MAX && self.may_be_called(end, Marks::FREQUENT | Marks::OFTEN) {
            end += 1;
        }
        end
    }

    /// `school is de klimop`, `dagbesteding: de werkschuur`, `moskee (de fakkel)`.
    pub(super) fn of_the(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Word || !self.stands(at, &PLACES) || at + 2 >= self.tokens.len() {
            return;
        }
        let linked = self.tokens[at + 1].joined && self.stands(at + 1, &["van", "bij", "is", "v"]);
        let article = at + 1 + usize::from(linked);
        let next = self.tokens[article];
        let told = self.text.is_any(token.end, next.start, &[": ", ", ", " (", ". "]);
        if !(self.stands(article, &["de", "het", "t", "'t"]) && (next.joined || told) && self.joined_word(article + 1))
        {
            return;
        }
        let name = article + 1;
        let called = self.is(name, Marks::CALLED) || self.is_named(name);
        let ordinary = if linked || told { Marks::OFTEN } else { Marks::COMMON };
        let rare = self.is(name, Marks::CALLED) || !self.is(name, ordinary);
        let other = Marks::FREQUENT | Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL;
        if called || (rare && self.may_be_called(name, other) && self.ends_name(name + 1)) {
            (article..=name).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `werkgever (fris en vlot)`: who it is, in brackets.
    pub(super) fn in_brackets(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Word || !self.text.stands(token.end, " (") || at + 1 >= self.tokens.len() {
            return;
        }
        if !(self.stands(at, &BRACKETED) || self.ends_as(at, &FIRMS)) {
            return;
        }
        let inside = self.tokens[at + 1..].iter().take(BRACKETED_MAX);
        let Some(last) = inside
            .clone()
            .position(|token| matches!(self.text.low().get(token.end), Some(')' | ',')))
            .map(|count| at + 1 + count)
        else {
            return;
        };
        let article = self.stands(at + 1, &["de", "het", "t", "'t"]);
        let first = at + 1 + usize::from(article && last > at + 1);
        let single = first == last;
        let named = |line: &Self, at: usize| {
            let said = Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::SHORT | Marks::ROLE | Marks::UNIT;
            let other = Marks::HOSTING | Marks::INSTITUTION | Marks::HOUSED | Marks::TITLE | Marks::TOWARDS;
            line.tokens[at].sort == Sort::Word
                && !line.is(at, said | other)
                && !line.stands(at, &NOT_CALLED)
                && (!single || !line.is_said(at))
        };
        let link = |at: usize| self.is(at, Marks::LINK) || self.stands(at, &["en", "in"]);
        let whole =
            (first..=last).all(|at| named(self, at) || self.is_named(at) || (at > first && at < last && link(at)));
        let number = self.tokens[last].sort != Sort::Word || self.tokens[first].sort != Sort::Word;
        if whole && !number && named(self, first) {
            (at + 1..=last).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `via pastel wonen`, where the second word is no word: the first goes with it.
    pub(super) fn partly_known(&mut self, at: usize) {
        let at_house = self.stands(at, &["bij", "namens", "vanuit", "via", "van"]);
        if !at_house || self.style == Style::Ordinary || !self.joined_word(at + 1) || !self.joined_word(at + 2) {
            return;
        }
        let person = self.judged[at + 2] == Judged::Masked(SpanType::Unknown)
            || self.judged[at + 2] == Judged::Masked(SpanType::Person);
        let name = Marks::FIRST | Marks::SURNAME | Marks::NAME;
        let letters = &self.text.low()[self.tokens[at + 1].start..self.tokens[at + 1].end];
        let adjective = letters.ends_with(&['e']);
        let other = Marks::FREQUENT | Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL;
        if person && !self.is(at + 2, name) && !adjective && self.may_be_called(at + 1, other) {
            self.mask(at + 1, SpanType::Person);
        }
    }
}
