//! Organisations of ordinary words, by the noun in front or behind and by what people do there.

use super::context::Line;
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What compounds for a house, shop or club end in, of which the name goes with the word for what it is.
pub(super) const ROOMS: [&str; 22] = [
    "bad",
    "centrum",
    "huis",
    "tafel",
    "studio",
    "koor",
    "club",
    "complex",
    "kantoor",
    "winkel",
    "bedrijf",
    "restaurant",
    "hotel",
    "salon",
    "boerderij",
    "praktijk",
    "kliniek",
    "atelier",
    "school",
    "vereniging",
    "garage",
    "boot",
];
/// Words for a house that go with its name, and end in none of these.
pub(super) const HOUSES: [&str; 24] = [
    "koor",
    "wasserij",
    "brasserie",
    "lunchroom",
    "scouting",
    "drukkerij",
    "moestuin",
    "casino",
    "fanfare",
    "harmonie",
    "kroeg",
    "buurtkamer",
    "kapper",
    "diaconie",
    "huisartsen",
    "tandartsen",
    "fysio",
    "bioscoop",
    "ijssalon",
    "stomerij",
    "tankstation",
    "vv",
    "sv",
    "fc",
];
/// What stands behind the name of a firm or provider, and says what it does.
const TRADES: [&str; 26] = [
    "bewind",
    "bewindvoering",
    "antiek",
    "advocaten",
    "advocatuur",
    "notarissen",
    "makelaardij",
    "makelaars",
    "pleegzorg",
    "jeugdhulp",
    "jeugdzorg",
    "kinderopvang",
    "incasso",
    "partners",
    "coaching",
    "zorggroep",
    "welzijn",
    "beheer",
    "uitvaart",
    "uitvaartzorg",
    "juniors",
    "boys",
    "thuiszorg",
    "inkomensbeheer",
    "groep",
    "college",
];
/// What the names of bodies begin with, and what the words for one end in.
const BODIES: [&str; 23] = [
    "raad",
    "centrum",
    "dienst",
    "commissie",
    "instituut",
    "bank",
    "bond",
    "fonds",
    "federatie",
    "institute",
    "universiteit",
    "unie",
    "liga",
    "partij",
    "orde",
    "comité",
    "vereniging",
    "maatschappij",
    "bureau",
    "huis",
    "university",
    "council",
    "praktijk",
];
const BODY_TAILS: [&str; 8] = [
    "centrum",
    "instituut",
    "vereniging",
    "fonds",
    "raad",
    "dienst",
    "organisatie",
    "academie",
];
/// What links their words, and the most of it in a row.
const BODY_LINKS: [&str; 12] = [
    "voor", "van", "in", "der", "for", "of", "and", "en", "de", "het", "des", "the",
];
const LINKED_MAX: usize = 3;
/// Of these, what only a firm does.
const FIRMS: [&str; 11] = [
    "bewind",
    "beheer",
    "advocaten",
    "makelaars",
    "incasso",
    "antiek",
    "kinderopvang",
    "coaching",
    "pleegzorg",
    "uitvaart",
    "college",
];
/// What somebody does or has where they are looked after, learn or work.
const THERE: [&str; 33] = [
    "plek",
    "plaats",
    "woont",
    "woonde",
    "wonen",
    "werkt",
    "werkte",
    "werken",
    "start",
    "starten",
    "gestart",
    "begeleid",
    "begeleiding",
    "bewind",
    "ingeschreven",
    "aangemeld",
    "aanmelding",
    "aanmelden",
    "intake",
    "dagbesteding",
    "stage",
    "opname",
    "opgenomen",
    "behandeling",
    "screening",
    "schuld",
    "maatje",
    "hulp",
    "traject",
    "budgetbeheer",
    "loopt",
    "zit",
    "kandidaat",
];
/// What may stand between the words of a name of ordinary words.
const BETWEEN: [&str; 9] = ["met", "in", "en", "voor", "aan", "op", "zonder", "naar", "tot"];
/// The most words between what somebody does and where.
const NEAR: usize = 4;

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn roomy(&mut self, at: usize) {
        if self.tokens[at].sort != Sort::Word {
            return;
        }
        self.with_article(at);
        self.linked_words(at);
        self.with_trade(at);
        self.body_of(at);
        if self.style != Style::Ordinary {
            self.placed_at(at);
            self.local_house(at);
            self.part_behind(at);
            self.beside_article(at);
            self.bare_house(at);
            self.house_with_article(at);
            self.with_legal_form(at);
        }
    }

    /// A word that is no verb, preposition or person.
    fn is_noun_like(&self, at: usize) -> bool {
        self.is_no_link(at) && !self.is_said(at)
    }

    /// The same, and it may be a participle in front of a noun: `helpende`.
    fn is_no_link(&self, at: usize) -> bool {
        let said = Marks::DOING | Marks::DETERMINER | Marks::HOUSED | Marks::TOWARDS | Marks::ROLE | Marks::SURNAMED;
        let more = Marks::TITLE | Marks::UNIT | Marks::LISTED | Marks::LINK;
        let other = said | more | Marks::FREQUENT | Marks::PLAIN | Marks::SHORT;
        self.joined_word(at) && self.tokens[at].letters > 2 && !self.is(at, other)
    }

    fn ends_here(&self, end: usize) -> bool {
        !self.joined_word(end) || self.is(end, Marks::DOING | Marks::HOUSED | Marks::TOWARDS)
    }

    /// `bij het Zernike`, `naar De Meent`, `('t Harde)`: the article of a name that has a capital.
    fn with_article(&mut self, at: usize) {
        let article = self.stands(at, &["de", "het", "t"]);
        if !article || self.style != Style::Ordinary || !self.joined_word(at + 1) {
            return;
        }
        let name = at + 1;
        let marked = self.stands(at, &["t"]);
        if marked && self.judged[name] == Judged::Masked(SpanType::Place) {
            self.mask(at, SpanType::Place);
            return;
        }
        let person = self.judged[name] == Judged::Masked(SpanType::Person) && self.tokens[name].case != Case::Lower;
        let body = person && !self.is(name, Marks::FIRST | Marks::NATION | Marks::HOUSE | Marks::PUBLIC);
        let led = at > 0
            && self.tokens[at].joined
            && self.stands(at - 1, &["bij", "op", "naar", "in", "door", "via", "contact"]);
        if body && led && !(self.joined_word(name + 1) && self.is_named(name + 1)) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Kamers met Kansen`, `Stap voor Stap`: what links two words with a capital that are no people.
    fn linked_words(&mut self, at: usize) {
        if at == 0 || !self.stands(at, &BETWEEN) || self.style != Style::Ordinary || !self.joined_word(at + 1) {
            return;
        }
        let word = |at: usize| {
            self.judged[at].is_masked()
                && self.tokens[at].case == Case::Capital
                && self.is(at, Marks::WORD)
                && !self.is(at, Marks::FIRST | Marks::SURNAME | Marks::BOTH | Marks::HOUSE)
        };
        let place = self.judged[at + 1] == Judged::Masked(SpanType::Place);
        let sea = self.stands(at, &["aan", "op"]) && self.stands(at + 1, &["zee", "zoom"]);
        if self.tokens[at].joined && (word(at - 1) && word(at + 1) && !place || sea && self.judged[at - 1].is_masked())
        {
            (at..=at + 1).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Hoge Raad voor de Diamanthandel`: what links the words of the name of a body.
    fn body_of(&mut self, at: usize) {
        if self.style != Style::Ordinary || self.tokens[at].case != Case::Capital || !self.judged[at].is_masked() {
            return;
        }
        if !self.stands(at, &BODIES) && !self.ends_as(at, &BODY_TAILS) {
            return;
        }
        let links = (at + 1..self.tokens.len()).take(LINKED_MAX);
        let links = links
            .take_while(|at| self.joined_word(*at) && self.stands(*at, &BODY_LINKS))
            .count();
        let name = at + 1 + links;
        if links == 0 || !self.joined_word(name) || self.tokens[name].case != Case::Capital || !self.is_named(name) {
            return;
        }
        let somewhere =
            self.judged[name] == Judged::Masked(SpanType::Place) && self.stands(at + 1, &["in", "op", "te"]);
        let somebody = self.is(name, Marks::FIRST) && self.stands(at + 1, &["en", "and", "van"]);
        if !somewhere && !somebody {
            (at + 1..name).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `wens: naar avondlicht`: what houses are called, without an article.
    fn bare_house(&mut self, at: usize) {
        let led = self.stands(at, &["bij", "naar", "via", "in", "uit", "op"]) && self.joined_word(at + 1);
        let name = at + 1;
        if led
            && self.is(name, Marks::CALLED)
            && !self.is(name, Marks::COMMON | Marks::PLAIN)
            && self.ends_name(name + 1)
        {
            self.mask(name, SpanType::Person);
        }
    }

    /// `trias pleegzorg`, `elzinga & partners bewind`: behind a name, or a bare word that somebody is at, what they do.
    fn with_trade(&mut self, at: usize) {
        if at == 0 || !self.tokens[at].joined || !self.stands(at, &TRADES) {
            return;
        }
        let name = at - 1;
        let token = self.tokens[name];
        let capital = self.style != Style::Ordinary || self.tokens[at].case != Case::Lower;
        let named =
            self.is_named(name) && !self.is(name, Marks::FIRST) && self.judged[name] != Judged::Masked(SpanType::Place);
        if named && capital && !self.stands(at, &["groep", "college", "welzijn"]) {
            self.mask(at, SpanType::Person);
            return;
        }
        if self.style == Style::Ordinary || name == 0 || !token.joined || token.sort != Sort::Word {
            return;
        }
        let led = self.stands(name - 1, &["bij", "via", "van", "door", "met", "is", "naar", "namens"]);
        let letters = &self.text.low()[token.start..token.end];
        let adjective = letters.ends_with(&['e']) || letters.ends_with(&['s', 'c', 'h']);
        let adjective = adjective && !self.is(name, Marks::CALLED);
        let firm = self.stands(at, &FIRMS);
        let other = Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL | if firm { 0 } else { Marks::OFTEN };
        if led && !adjective && self.is_noun_like(name) && !self.is(name, other) {
            (name..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `thuiszorg de kamperfoelie`: the word for what it is, in front of an article that was found.
    fn house_with_article(&mut self, at: usize) {
        let house = self.is(at, Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL);
        let determined = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::DETERMINER);
        if !house || determined || !self.joined_word(at + 1) || !self.stands(at + 1, &["de", "het", "t"]) {
            return;
        }
        let school = self.stands(at, &["school", "basisschool", "kerk", "moskee", "opvang", "werkgever"]);
        if self.is_named(at + 1) && self.joined_word(at + 2) && self.is_named(at + 2) && !school {
            self.mask(at, SpanType::Person);
        }
    }

    /// `via helpende handjes bv.`: in front of a legal form that ends the clause.
    fn with_legal_form(&mut self, at: usize) {
        let form = self.stands(at, &["bv", "vof", "nv"]) && self.tokens[at].joined && !self.joined_word(at + 1);
        if !form || at < 2 || self.is_named(at) {
            return;
        }
        let mut first = at;
        while first > 0 && at - first < 3 && self.tokens[first].joined && self.is_no_link(first - 1) {
            first -= 1;
        }
        let led = first > 0 && first < at && self.is(first - 1, Marks::HOUSED) && self.tokens[first].joined;
        if led {
            (first..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `plek bij kamers met kansen`, `maatje via stut en steun`: two bare words and what links them, where somebody is.
    fn placed_at(&mut self, at: usize) {
        if !self.stands(at, &["bij", "via", "namens"]) || at == 0 || !self.is_noun_like(at + 1) {
            return;
        }
        let there = (at.saturating_sub(NEAR)..at).any(|at| self.stands(at, &THERE));
        let link = at + 2;
        if !there || !self.joined_word(link) || !self.stands(link, &BETWEEN) || !self.is_noun_like(link + 1) {
            return;
        }
        let kin = self.is(at + 1, Marks::ROLE) || self.is_named(at + 1) && self.is(at + 1, Marks::FIRST);
        let place = self.stands(link, &["in", "op"]) && self.is_named(link + 1);
        if !kin && !place && self.ends_here(link + 2) {
            (at + 1..=link + 1).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `regiotaxi gooi`, `werkplaats zuid heeft plek`: a house and the part of the country or town.
    fn local_house(&mut self, at: usize) {
        let house = self.is(at, Marks::HOSTING | Marks::INSTITUTION) || self.ends_as(at, &ROOMS);
        let determined = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::DETERMINER);
        if !house || determined || !self.joined_word(at + 1) || self.is(at, Marks::FREQUENT) {
            return;
        }
        let local = self.is(at + 1, Marks::LOCAL) || self.judged[at + 1] == Judged::Masked(SpanType::Place);
        if local
            && !self.stands(
                at,
                &["school", "basisschool", "opvang", "kerk", "station", "flat", "kantoor"],
            )
        {
            (at..=at + 1).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `incasso partners zuid`: behind what was found, a part of the country or town.
    fn part_behind(&mut self, at: usize) {
        let part = self.is_named(at) && !self.is(at, Marks::FIRST) && self.joined_word(at + 1);
        if part
            && self.stands(
                at + 1,
                &[
                    "noord",
                    "oost",
                    "zuid",
                    "west",
                    "centrum",
                    "zuidoost",
                    "zuidwest",
                    "noordoost",
                    "noordwest",
                ],
            )
        {
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `begeleid wonen de linde`, `ouderraad de bron`: what houses are called, behind a noun and an article.
    fn beside_article(&mut self, at: usize) {
        if at < 2
            || !self.is(at, Marks::CALLED)
            || self.is(at, Marks::OFTEN | Marks::FREQUENT)
            || !self.tokens[at].joined
        {
            return;
        }
        let article = self.stands(at - 1, &["de", "het", "t"]) && self.tokens[at - 1].joined;
        let house = Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL;
        let noun = self.is(at - 2, house)
            || self.stands(at - 2, &["wonen", "groep", "locatie", "huis", "team", "flat", "wijk"]);
        if article && noun {
            (at - 1..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }
}
