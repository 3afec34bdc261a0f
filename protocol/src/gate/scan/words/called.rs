//! Houses and employers of ordinary words, told by how they are written: behind the word for what they are, between quotes or
//! brackets, with an ampersand, up to where a clause ends.

use super::context::Line;
use super::judge::{Judged, Style};
use super::roomy::{HOUSES, ROOMS};
use super::token::{Case, Sort};
use super::whole::{CLASSES, FAITHS};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// Words for a body that stand in every note, so that a name behind them leaves them as they are.
const EVERYDAY: [&str; 8] = [
    "school",
    "opvang",
    "kerk",
    "college",
    "vereniging",
    "firma",
    "asiel",
    "museum",
];
/// What compounds for somebody who helps or works end in: `stagebegeleider`, `zedenrechercheur`.
const WHO: [&str; 34] = [
    "begeleider",
    "begeleidster",
    "werker",
    "werkster",
    "coach",
    "consulent",
    "consulente",
    "regisseur",
    "manager",
    "medewerker",
    "medewerkster",
    "arts",
    "kundige",
    "adviseur",
    "leider",
    "leidster",
    "meester",
    "houder",
    "docent",
    "leraar",
    "trainer",
    "therapeut",
    "psycholoog",
    "ambtenaar",
    "beheerder",
    "voogd",
    "moeder",
    "vader",
    "broer",
    "rechercheur",
    "bestuurder",
    "vrijwilliger",
    "functionaris",
    "wachter",
];
/// In front of whom one speaks to.
const SPOKEN_TO: [&str; 8] = [
    "belt", "belde", "gebeld", "mailt", "mailde", "gemaild", "vraagt", "schuld",
];
/// What sports clubs begin with.
const CLUBS: [&str; 9] = ["vv", "sv", "hv", "fc", "rkvv", "rksv", "kc", "tc", "asv"];
/// The most words of their names, and of those of foundations.
const CLUB_WORDS_MAX: usize = 6;
const FOUNDED_MAX: usize = 6;
/// The most words between quotes that name something.
const QUOTED_MAX: usize = 4;

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn called_so(&mut self, at: usize) {
        match self.tokens[at].sort {
            Sort::Initials => self.monogram(at),
            Sort::Word => {
                self.quoted(at);
                self.with_partner(at);
                self.listed_surname(at);
                self.quarter(at);
                self.short_first(at);
                self.name_field(at);
                self.signed(at);
                self.junior(at);
                self.behind_colon(at);
                self.founded(at);
                self.club(at);
                self.begins_and_does(at);
                self.object(at);
                self.abroad(at);
                self.prison(at);
                self.church(at);
                self.in_brackets_last(at);
            }
            Sort::Number => self.numbered_house(at),
            Sort::Mask => {}
        }
    }

    /// The word for what it is, once the names behind it are known.
    pub(super) fn classes(&mut self) {
        for at in (0..self.tokens.len()).rev() {
            self.with_its_class(at);
        }
    }

    /// `stichting thuis in de wijk start`: up to what somebody does.
    fn founded(&mut self, at: usize) {
        if !self.stands(at, &["stichting"]) || self.behind_determiner(at) || self.style == Style::Ordinary {
            return;
        }
        let mut end = at + 1;
        while end < at + FOUNDED_MAX && self.joined_word(end) && !self.is(end, Marks::DOING) {
            end += 1;
        }
        let ended = !self.joined_word(end) || self.is(end, Marks::DOING);
        while end > at + 1 && self.is(end - 1, Marks::LINK | Marks::FREQUENT | Marks::HOUSED | Marks::TOWARDS) {
            end -= 1;
        }
        let words =
            (at + 1..end).any(|at| self.is(at, Marks::WORD) && !self.is(at, Marks::FREQUENT) || self.is_named(at));
        if ended && words && !self.is(at + 1, Marks::TOWARDS | Marks::HOUSED | Marks::SHORT) {
            (at..end).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `(vv door eendracht sterk)`: between brackets the whole name of a club.
    fn club(&mut self, at: usize) {
        let token = self.tokens[at];
        let opened = token.start > 0 && self.text.stands(token.start - 1, "(");
        if !opened || !self.stands(at, &CLUBS) {
            return;
        }
        let inside = self.tokens[at..].iter().take(CLUB_WORDS_MAX);
        if let Some(count) = inside.clone().position(|token| self.text.stands(token.end, ")")) {
            (at..=at + count).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `belt portaal over de lekkage`: a house that somebody speaks to.
    fn object(&mut self, at: usize) {
        let house = self.is(at, Marks::HOUSE) && !self.is(at, Marks::FREQUENT | Marks::OFTEN | Marks::PLAIN);
        let spoken = at > 0 && self.tokens[at].joined && self.stands(at - 1, &SPOKEN_TO);
        if house && spoken {
            self.mask(at, SpanType::Person);
        }
    }

    /// `vrij uit pi krimpen`: behind these stands where it is, however that is written.
    fn prison(&mut self, at: usize) {
        let said = Marks::FREQUENT | Marks::DOING | Marks::LINK | Marks::HOUSED | Marks::TOWARDS | Marks::SHORT;
        let other = said | Marks::UNIT | Marks::DETERMINER | Marks::ROLE | Marks::PLAIN;
        let told = self.stands(at, &["pi", "ppc", "jji", "azc"]) && self.joined_word(at + 1);
        let led = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::HOUSED | Marks::TOWARDS | Marks::LINK);
        if told && led && !self.is(at + 1, other) {
            self.mask(at, SpanType::Person);
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `in de grote kerk`, `hervormde gemeente nieuwe tonge`.
    fn church(&mut self, at: usize) {
        if !self.stands(at, &["grote", "oude", "nieuwe"]) || at == 0 || !self.tokens[at].joined {
            return;
        }
        if self.joined_word(at + 1) && self.stands(at + 1, &["kerk"]) && self.stands(at - 1, &["de"]) {
            self.mask(at, SpanType::Person);
            self.mask(at + 1, SpanType::Person);
        }
        let faith = at > 1 && self.tokens[at - 1].joined && self.stands(at - 2, &FAITHS);
        if faith && self.stands(at - 1, &["gemeente", "kerk"]) && self.joined_word(at + 1) && self.is_named(at + 1) {
            (at - 2..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `kraamzorg (yvet, de waarden)`: what houses are called, last between brackets.
    fn in_brackets_last(&mut self, at: usize) {
        let called = self.is(at, Marks::CALLED) && self.text.stands(self.tokens[at].end, ")");
        if called
            && at > 0
            && self.tokens[at].joined
            && self.stands(at - 1, &["de", "het"])
            && !self.tokens[at - 1].joined
        {
            self.mask(at - 1, SpanType::Person);
            self.mask(at, SpanType::Person);
        }
    }

    /// Whether the word is a compound for somebody who helps or works, that no list has to know.
    pub(super) fn ends_as_who(&self, at: usize) -> bool {
        let token = self.tokens[at];
        token.sort == Sort::Word && token.letters > 7 && self.ends_as(at, &WHO)
    }

    fn is_class(&self, at: usize) -> bool {
        self.is(at, Marks::INSTITUTION)
            || self.stands(at, &CLASSES)
            || self.stands(at, &["bieb", "bibliotheek", "toko"])
            || self.stands(at, &HOUSES)
            || self.ends_as(at, &ROOMS)
    }

    fn behind_determiner(&self, at: usize) -> bool {
        at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::DETERMINER)
    }

    /// `basisschool De Regenboog`, `kdv pinkeltje`: the word for what it is goes with its name.
    fn with_its_class(&mut self, at: usize) {
        // Most words stand in front of no name, and that is soon seen.
        if !self.joined_word(at + 1) || !self.is_named(at + 1) || self.is_named(at) {
            return;
        }
        if !self.is_class(at) || self.stands(at, &EVERYDAY) {
            return;
        }
        // "Exacte CBS-cijfers", and `cbs de regenboog`.
        if self.style == Style::Ordinary && self.tokens[at].case == Case::Upper && self.is(at, Marks::PLAIN) {
            return;
        }
        let led = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::HOUSED | Marks::TOWARDS);
        let named = led || !self.is(at + 1, Marks::FIRST);
        let place = self.judged.get(at + 1) == Some(&Judged::Masked(SpanType::Place));
        let library = self.stands(at, &["bieb", "bibliotheek"]);
        if named && (library || !place && !self.behind_determiner(at)) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `zorgboerderij "de bonte koe"`, `het huis van 'bolle ties'`: a few words between quotes.
    fn quoted(&mut self, at: usize) {
        let start = self.tokens[at].start;
        let mark = |c: Option<&char>| matches!(c, Some('"' | '\'' | '“' | '”' | '„' | '‘' | '’'));
        let low = self.text.low();
        if start < 2 || at == 0 || !mark(low.get(start - 1)) || low[start - 2] != ' ' {
            return;
        }
        let inside = self.tokens[at..].iter().take(QUOTED_MAX);
        let Some(count) = inside.clone().position(|token| mark(low.get(token.end))) else {
            return;
        };
        let words = at..=at + count;
        let other = Marks::DOING | Marks::ROLE | Marks::TITLE | Marks::UNIT | Marks::HOUSED;
        let plain = words
            .clone()
            .all(|at| self.tokens[at].sort == Sort::Word && !self.is(at, other));
        let house = self.is_class(at - 1) || self.is(at - 1, Marks::HOSTING);
        let found = words.clone().any(|at| self.is_named(at)) && self.stands(at - 1, &["van", "bij", "door", "met"]);
        if plain && (house || found) {
            words.for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `bij balans & beheer`, `kapsalon knip & zo`: an ampersand between the words of a name.
    fn with_partner(&mut self, at: usize) {
        let Some(next) = self.tokens.get(at + 1).filter(|next| next.sort == Sort::Word) else {
            return;
        };
        if at == 0 || !self.text.is(self.tokens[at].end, next.start, " & ") {
            return;
        }
        let before = self.is_class(at - 1)
            || self.is(at - 1, Marks::HOSTING | Marks::SURNAMED)
            || self.stands(at - 1, &["bij", "via", "namens", "voerder"]);
        let short = self.is_named(at);
        let said = Marks::FREQUENT | Marks::DOING | Marks::ROLE | Marks::TITLE;
        if short
            || (before && self.tokens[at].joined && !self.is(at, said) && !self.is(at + 1, said & !Marks::FREQUENT))
        {
            self.mask(at, SpanType::Person);
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `verhuurder ieder1`: a word with a number behind it, where whom it names is told.
    fn numbered_house(&mut self, at: usize) {
        let token = self.tokens[at];
        let digits = token.end - token.start - token.letters as usize;
        let behind = at > 0 && token.joined && self.is(at - 1, Marks::SURNAMED | Marks::HOSTING);
        if token.letters > 3 && digits == 1 && behind && self.text.low()[token.end - 1].is_ascii_digit() {
            self.mask(at, SpanType::Person);
        }
    }
}
