//! Bodies: what is public, and what points at the people in it: schools, care providers, landlords, employers.

use super::before::STREETS;
use super::context::{LINKS_MAX, Line};
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// The most words of the name of a public body.
const BODY_WORDS_MAX: usize = 7;
/// The most words behind a body that say where it is.
const LOCAL_WORDS_MAX: usize = 3;
/// The most words between brackets that name somebody.
const BRACKETED_MAX: usize = 5;
/// Behind these stands a name, frequent word or not.
const CERTAIN: [&str; 11] = [
    "stichting",
    "basisschool",
    "obs",
    "cbs",
    "rkbs",
    "verpleeghuis",
    "zorgcentrum",
    "bso",
    "kdv",
    "moskee",
    "zorgboerderij",
];
/// Where somebody works.
const WORKS: u64 = Marks::REGIONAL | Marks::HOSTING | Marks::HOUSE;
/// Parts of a body, of which the name alone is telling.
const PARTS: [&str; 11] = [
    "politie",
    "team",
    "wijkteam",
    "gebiedsteam",
    "buurtteam",
    "locatie",
    "vestiging",
    "afdeling",
    "unit",
    "stadsdeel",
    "regioteam",
];
/// What made-up words for a provider or landlord end in.
const TAILS: [&str; 34] = [
    "zorg", "wonen", "bron", "punt", "stede", "huis", "hof", "groep", "bouw", "plus", "net", "poort", "brug", "kring",
    "wijs", "mens", "kracht", "stee", "kans", "baan", "borg", "land", "oord", "haven", "stroom", "rijk", "wijzer",
    "plein", "waard", "rust", "thuis", "team", "werkt", "jeugd",
];

/// Of these the name holds the word for what they are, however it is written.
const WHOLE: [&str; 5] = ["rechtbank", "gerechtshof", "pi", "azc", "regiotaxi"];

impl Line<'_> {
    /// Whether somebody may work there: `de vrijwilliger van Humanitas`.
    pub(super) fn is_where_one_works(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let body = Marks::HOUSE | Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL | Marks::PUBLIC;
            token.marks.any(body) && !token.marks.any(Marks::SURNAME | Marks::FIRST)
        })
    }

    /// Whether what stands behind these links is no part of the name before them: `Riet Claessens op de Kapellerlaan`,
    /// `Pahlavi van Dimence`.
    pub(super) fn is_elsewhere(&self, at: usize, after: usize) -> bool {
        let first = self.is(at, Marks::FIRST);
        let towards = self.stands(at + 1, &["in", "op", "te", "aan", "voor", "of", "a"]);
        let of_body = self.stands(at + 1, &["van", "vd", "v"]) && self.is_where_one_works(after);
        towards && (after == at + 2 || !first || self.ends_as(after, &STREETS)) || of_body
    }

    /// `Kamer van Koophandel`: known together, and nobody's name; `leger des heils`: known together, and where somebody
    /// is.
    pub(super) fn body(&mut self, at: usize) {
        if self.tokens[at].marks.any(Marks::PUBLIC) {
            let longest = (at + BODY_WORDS_MAX).min(self.tokens.len());
            let joined = self.tokens[at + 1..longest]
                .iter()
                .take_while(|token| token.joined && token.sort == Sort::Word)
                .count();
            let told = |end: &usize| self.phrase_of(at, *end).any(Marks::PLAIN | Marks::HOUSE);
            if let Some(end) = (at + 2..=at + 1 + joined).rev().find(told) {
                let local = self.local_end(end);
                if local > end || self.phrase_of(at, end).any(Marks::HOUSE) {
                    (at..local).for_each(|at| self.mask(at, SpanType::Person));
                } else {
                    self.judged[at..end].fill(Judged::Public);
                }
                return;
            }
        }
        let house = self.tokens[at].marks.any(Marks::HOUSE);
        if (self.is(at, Marks::REGIONAL) || house) && self.judged[at] != Judged::Public {
            self.regional(at, house);
        }
    }

    /// Where what says where a body is ends: `noord`, `oost brabant`, `almere haven`.
    fn local_end(&self, from: usize) -> usize {
        let local = |at: &usize| {
            let token = &self.tokens[*at];
            let somewhere = token.marks.any(Marks::LOCAL) || self.is_place(*at);
            token.joined && token.sort == Sort::Word && somewhere
        };
        let words = (from..self.tokens.len()).take(LOCAL_WORDS_MAX).take_while(local);
        from + words.count()
    }

    fn is_place(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let parts = letters.split(|c| *c == '-').map(|part| self.lexicon.word(part));
        if letters.contains(&'-') && parts.into_iter().any(|marks| marks.any(Marks::LOCAL)) {
            return true;
        }
        let place = token.marks.any(Marks::PLACE) || (token.marks.any(Marks::NAME) && !token.marks.any(Marks::WORD));
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        place && !token.marks.any(Marks::FREQUENT | Marks::PLAIN) && (capital || !token.marks.any(Marks::OFTEN))
    }

    /// `ggz drenthe`, `team noord`, `buurtzorg team noord`.
    fn regional(&mut self, at: usize, house: bool) {
        let team = house && at + 1 < self.tokens.len() && self.tokens[at + 1].joined && self.stands(at + 1, &["team"]);
        let from = at + 1 + usize::from(team);
        let end = self.local_end(from);
        if end > from {
            // Of `wijkteam noord` the first word says nothing; `voedselbank zeist` is one.
            let capital = self.tokens[at].case != Case::Lower || self.style != Style::Ordinary;
            let whole = house || self.stands(at, &WHOLE) || (capital && !self.stands(at, &PARTS));
            let first = if whole { at } else { from };
            (first..end).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// A name behind what houses people: `basisschool de regenboog`, `bij lister`, `(sherpa)`.
    pub(super) fn housed(&mut self, at: usize) {
        if self.is(at, Marks::INSTITUTION) {
            self.called_after(at);
            if self.style != Style::Ordinary {
                self.called_plainly(at);
            }
        }
        let token = self.tokens[at];
        if token.sort != Sort::Word || self.judged[at].is_masked() {
            return;
        }
        let made_up = !token.marks.any(Marks::WORD | Marks::SHORT | Marks::PLAIN) && self.has_tail(at);
        if !(token.marks.any(Marks::HOUSE) || made_up) {
            return;
        }
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let article = at > 0 && self.stands(at - 1, &["de", "het"]);
        let before = if article { at.checked_sub(2) } else { at.checked_sub(1) };
        let told = |before| {
            self.is(before, Marks::HOUSED)
                || (token.marks.any(Marks::HOUSE)
                    && self.stands(before, &["is", "school", "woco", "schuld", "schulden"]))
                || (token.marks.any(Marks::HOUSE)
                    && !token.marks.any(Marks::OFTEN)
                    && self.stands(before, &["met", "aan", "en"]))
        };
        let behind =
            before.is_some_and(|before| token.joined && told(before)) && (!article || token.marks.any(Marks::HOUSE));
        let brackets = self.text.stands(token.end, ")") && token.start > 0 && self.text.low()[token.start - 1] == '(';
        let does = self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::DOING);
        let begins = self.style != Style::Ordinary && (at == 0 || !token.joined);
        if (behind && self.style != Style::Ordinary)
            || brackets
            || (capital && does)
            || (begins && does && token.marks.any(Marks::HOUSE) && !token.marks.any(Marks::OFTEN))
        {
            self.mask(at, SpanType::Person);
        }
    }

    fn has_tail(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        TAILS.iter().any(|tail| {
            letters.len() > tail.len() + 2 && letters.iter().rev().copied().take(tail.len()).eq(tail.chars().rev())
        })
    }

    /// `basisschool de regenboog`: a word that is the name of a house.
    fn called_after(&mut self, at: usize) {
        if at + 2 >= self.tokens.len() {
            return;
        }
        let (article, name) = (self.tokens[at + 1], self.tokens[at + 2]);
        let listed = self.text.is(self.tokens[at].end, article.start, ": ");
        let joined = (article.joined || listed) && name.joined && name.sort == Sort::Word;
        let called = self.stands(at + 1, &["de", "het", "t", "sint", "st"]);
        // "Geeft het college de taak"
        let public = self.stands(at, &["college"]);
        if joined && called && !public && !name.marks.any(Marks::FREQUENT | Marks::PLAIN) {
            (at + 1..=at + 2).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `stichting present`, `moskee el fath`: where nothing has a capital, the name behind it is no frequent word.
    fn called_plainly(&mut self, at: usize) {
        let after = self.after_links(at + 1);
        let Some(next) = self
            .tokens
            .get(after)
            .filter(|next| next.joined && next.sort == Sort::Word)
        else {
            return;
        };
        let said = Marks::OFTEN | Marks::FREQUENT | Marks::DOING | Marks::SHORT | Marks::PLAIN | Marks::HOUSED;
        let foreign = (at + 1..after).all(|at| !self.is(at, Marks::HOUSED | Marks::DETERMINER));
        let certain = self.stands(at, &CERTAIN) && !next.marks.any(Marks::FREQUENT | Marks::DOING);
        // "het koor oefent": what it does.
        let determined = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::DETERMINER);
        let does = determined && self.is_said(after);
        let participle = does || self.text.stands(next.start, "ge") && next.marks.any(Marks::WORD);
        if foreign && (certain || !next.marks.any(said)) && !participle && next.end - next.start > 2 {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `moeder (kers zomer)`, `ster maandag (zus)`: a name, and beside it in brackets who that is.
    pub(super) fn bracketed(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Word || !self.text.stands(token.end, " (") {
            return;
        }
        let inside = at + 1;
        let count = self.tokens[inside..]
            .iter()
            .take(BRACKETED_MAX)
            .position(|token| self.text.stands(token.end, ")"));
        let Some(last) = count.map(|count| inside + count) else {
            return;
        };
        let named = |at: usize| {
            let marks = self.tokens[at].marks;
            let name = marks.any(Marks::FIRST | Marks::SURNAME | Marks::BOTH | Marks::ALWAYS);
            self.tokens[at].sort == Sort::Word && name && !marks.any(Marks::FREQUENT)
        };
        let alone = inside == last && named(inside) && self.tokens[inside].marks.any(Marks::FIRST | Marks::BOTH);
        if alone && self.style != Style::Ordinary {
            self.mask(inside, SpanType::Person);
        }
        let plain = |at: usize| self.tokens[at].sort == Sort::Word && !self.is(at, Marks::DOING | Marks::PLAIN);
        let house = self.is(at, Marks::INSTITUTION) && self.style != Style::Ordinary && last < inside + 3;
        if house && (inside..=last).all(plain) {
            (inside..=last).for_each(|at| self.mask(at, SpanType::Person));
            return;
        }
        let who = Marks::ROLE | Marks::SURNAMED | Marks::TITLE;
        let linked = |at: usize| named(at) || self.judged[at].is_masked() || self.is(at, Marks::LINK);
        if self.is(at, who | Marks::INSTITUTION) && named(inside) && (inside..=last).all(linked) {
            (inside..=last).for_each(|at| self.mask(at, SpanType::Person));
        } else if self.is(inside, who | WORKS) && !self.is(at, who | WORKS) && named(at) {
            let mut first = at;
            while first > 0 && at - first < LINKS_MAX && self.tokens[first].joined && named(first - 1) {
                first -= 1;
            }
            (first..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `st. antonius ziekenhuis`, `rietveld college`: what a masked word is the name of.
    pub(super) fn headed_by(&mut self, at: usize) {
        let next = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.sort == Sort::Word);
        if next.is_none() || !self.judged[at].is_masked() {
            return;
        }
        if self.style != Style::Ordinary && self.is(at + 1, Marks::INSTITUTION) {
            self.mask(at + 1, SpanType::Person);
        }
        if at > 0 && self.tokens[at].joined && self.stands(at - 1, &["st", "sint"]) {
            self.mask(at - 1, SpanType::Person);
        }
    }
}
