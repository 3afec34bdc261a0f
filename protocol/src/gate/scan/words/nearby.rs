//! Persons whose name is an ordinary word, by the one word beside it: a link, a verb, a preposition.

use super::context::Line;
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What most surnames of several words begin with.
const LINKS: [&str; 8] = ["van", "de", "vd", "den", "ter", "ten", "v/d", "vdr"];
/// Of these, what never stands before a word without a noun that it belongs to.
const GLUED: [&str; 3] = ["vd", "v/d", "vdr"];
/// In front of a first name: what others call somebody.
const NICKNAMES: [&str; 18] = [
    "kale", "lange", "dikke", "kleine", "oude", "jonge", "rooie", "blonde", "zwarte", "malle", "gekke", "schele",
    "grote", "dolle", "manke", "ouwe", "rode", "witte",
];
/// Colours and sizes that are a surname behind `de`, when no word follows that they could say something of.
const BARE: [&str; 10] = [
    "hoog", "lang", "bruin", "bruijn", "groot", "jong", "wit", "zwart", "goed", "rooij",
];
/// What is named after nobody, though surnames sound like it: weather, matter and time.
const MATTER: [&str; 53] = [
    "brand",
    "storm",
    "water",
    "winter",
    "winters",
    "zomer",
    "vuur",
    "wind",
    "zon",
    "regen",
    "vreugde",
    "goud",
    "kant",
    "hand",
    "vet",
    "zilver",
    "rook",
    "post",
    "kerk",
    "huis",
    "zee",
    "staal",
    "slot",
    "stroom",
    "handel",
    "spoor",
    "vlam",
    "geluk",
    "troost",
    "hoop",
    "lente",
    "mei",
    "comfort",
    "hemel",
    "lust",
    "vrede",
    "raad",
    "groot",
    "kort",
    "lang",
    "klein",
    "maandag",
    "donderdag",
    "zondag",
    "oost",
    "west",
    "noord",
    "zand",
    "hout",
    "gras",
    "haast",
    "bos",
    "markt",
];
/// Behind these stands whose it is.
const CASES: [&str; 8] = [
    "dossier",
    "casus",
    "zaak",
    "kwestie",
    "inzake",
    "overdracht",
    "intake",
    "huisbezoek",
];
/// Verbs of which no pet, vehicle or thing is the one that does it.
const HUMAN: [&str; 18] = [
    "wil", "wilde", "moet", "moest", "mag", "belt", "belde", "zegt", "zei", "durft", "vraagt", "vroeg", "weigert",
    "vertelt", "mailt", "appt", "neemt", "denkt",
];
/// Surnames that things in every note are called too.
pub(super) const THINGS: [&str; 16] = [
    "hond", "kat", "bus", "post", "school", "huis", "woning", "kerk", "stok", "boot", "wagen", "boom", "raad",
    "jongen", "baas", "vriend",
];
/// Behind these stands in a note who it is.
const IS: [&str; 2] = ["is", "="];

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn nearby(&mut self, at: usize) {
        if self.tokens[at].sort != Sort::Word {
            return;
        }
        self.abbreviated_first(at);
        self.link_before(at);
        self.nicknamed(at);
        self.divided(at);
        self.two_verbs(at);
        if self.style == Style::Ordinary {
            return;
        }
        self.bare_behind(at);
        self.case_of(at);
        self.who_it_is(at);
        self.human(at);
        self.addressed_word(at);
        self.heard_of(at);
        self.full_name(at);
        self.two_surnames(at);
        self.behind_ter(at);
    }

    fn begins_clause(&self, at: usize) -> bool {
        at == 0 || !self.tokens[at].joined
    }

    pub(super) fn ends_clause(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_none_or(|next| !next.joined)
    }

    /// A surname or first name that is a word, and nothing that every text is full of.
    fn may_be_called_so(&self, at: usize) -> bool {
        let said = Marks::FREQUENT | Marks::PLAIN | Marks::DOING | Marks::HOSTING | Marks::INSTITUTION | Marks::UNIT;
        self.is(at, Marks::SURNAME | Marks::BOTH | Marks::FIRST) && !self.is(at, said | Marks::HOUSED)
    }

    /// `Mo wil werken`, `ome Cor`: a first name that is an abbreviation too, which would stand in capitals.
    fn abbreviated_first(&mut self, at: usize) {
        let token = self.tokens[at];
        let written = self.style == Style::Ordinary && token.case == Case::Capital && token.capitals == 1;
        if !written || token.letters > 3 || !token.marks.any(Marks::ALWAYS) || !token.marks.any(Marks::FIRST) {
            return;
        }
        let does = !self.ends_clause(at) && self.is(at + 1, Marks::DOING);
        let goes_on = self.joined_word(at + 1) && self.judged[at + 1].is_masked();
        if !token.starts || does || goes_on {
            // Here a capital says more than that it is plain.
            self.judged[at] = Judged::Masked(SpanType::Person);
        }
    }

    /// `curatele bij vd Heuvel`, `Van Dalen is afgewezen`, `van gogh - wacht`: a link where a clause begins, or behind whom.
    fn link_before(&mut self, at: usize) {
        if !self.stands(at, &LINKS) || !self.joined_word(at + 1) {
            return;
        }
        let name = at + 1;
        let ended = self.parted(name) || (self.joined_word(name + 1) && self.is(name + 1, Marks::DOING));
        let told = match self.style {
            Style::Ordinary if self.tokens[name].case == Case::Capital => self.is_written_link(at, ended),
            Style::Ordinary => self.stands(at, &GLUED) && self.is_small_link(at, ended),
            _ => self.is_small_link(at, ended),
        };
        if told {
            (at..=name).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    fn is_written_link(&self, at: usize, ended: bool) -> bool {
        let begins = self.begins_clause(at) && ended && !self.is(at + 1, Marks::FIRST);
        self.is_named(at + 1) && (self.stands(at, &GLUED) || begins && !self.stands(at, &["de"]))
    }

    fn is_small_link(&self, at: usize, ended: bool) -> bool {
        let name = at + 1;
        let glued = self.stands(at, &GLUED);
        let joined = at > 0 && self.tokens[at].joined;
        let who = joined && (self.is(at - 1, Marks::SURNAMED | Marks::TITLE) || self.ends_as_who(at - 1));
        let behind = who || joined && self.stands(at - 1, &["bij", "door", "namens", "met"]);
        let begins = self.begins_clause(at);
        let first = self.is(name, Marks::FIRST | Marks::FREQUENT | Marks::REGIONAL | Marks::HOUSE);
        let surname = !first && (self.is(name, Marks::SURNAME | Marks::NAME | Marks::PLACE) || self.is_named(name));
        let bare = self.stands(at, &["de"]) && self.stands(name, &BARE);
        let called = joined && self.is_named(at - 1) && self.is(at - 1, Marks::FIRST);
        // `imke van wijk denkt mee`
        let subject =
            called && ended && self.stands(at, &["van"]) && !self.is(name, Marks::FREQUENT | Marks::DETERMINER);
        let listed = self.tokens[at].listed && at > 0 && self.is_named(at - 1) && self.ends_clause(name);
        let dutch = self.stands(at, &["van", "ten", "ter"]);
        (glued && surname && (behind || begins && (ended || !self.is(name, Marks::OFTEN))))
            || (begins && surname && ended && dutch)
            || (listed && dutch && (surname || !self.stands(at, &["van"])))
            || (who && ended && surname && self.is_named(name))
            || (bare && (behind && self.ends_clause(name) || called))
            || subject
    }

    /// A dash behind the word, or a bracket.
    fn parted(&self, at: usize) -> bool {
        let end = self.tokens[at].end;
        [" - ", " – ", " ("].iter().any(|mark| self.text.stands(end, mark))
    }

    /// `kale kees`: what others call somebody.
    fn nicknamed(&mut self, at: usize) {
        if !self.stands(at, &NICKNAMES) || !self.joined_word(at + 1) {
            return;
        }
        let first = self.judged[at + 1].is_masked() && self.is(at + 1, Marks::FIRST);
        let determined = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::DETERMINER);
        let capital = self.style != Style::Ordinary || self.tokens[at].case == self.tokens[at + 1].case;
        if first && !determined && capital {
            self.mask(at, SpanType::Person);
        }
    }

    /// `stand van zaken: bakker - afgesloten`: a surname between the begin of a clause and a dash.
    fn divided(&mut self, at: usize) {
        let token = self.tokens[at];
        if !self.text.stands(token.end, " - ") && !self.text.stands(token.end, " – ") {
            return;
        }
        let written = self.style != Style::Ordinary || token.case == Case::Capital;
        let surname = self.is(at, Marks::SURNAME | Marks::FIRST) && !self.is(at, Marks::FREQUENT | Marks::PLAIN);
        if written && surname && self.begins_clause(at) && !self.stands(at, &THINGS) && !self.stands(at, &MATTER) {
            self.mask(at, SpanType::Person);
        }
    }

    pub(super) fn spelled(&self, at: usize) -> &[char] {
        &self.text.low()[self.tokens[at].start..self.tokens[at].end]
    }

    /// `bij keizer thuis`, `gevraagd bij ton.`: a bare noun behind a preposition, that names somebody.
    fn bare_behind(&mut self, at: usize) {
        let before = self.stands(at, &["bij", "namens", "met", "door", "via"]);
        if !before || !self.joined_word(at + 1) || self.is(at, Marks::DETERMINER) {
            return;
        }
        let name = at + 1;
        if !self.may_be_called_so(name) || self.stands(name, &MATTER) || self.stands(name, &THINGS) {
            return;
        }
        let often = self.is(name, Marks::OFTEN | Marks::ROLE);
        let home = self.stands(name + 1, &["thuis", "langs"]);
        let strong = self.stands(at, &["bij", "namens"]);
        let ended = self.ends_clause(name) || home || (self.joined_word(name + 1) && self.is(name + 1, Marks::DOING));
        if home
            || (!often && ended && strong)
            || (!often && ended && self.is(name, Marks::SURNAME) && !self.is(name, Marks::COMMON))
        {
            self.mask(name, SpanType::Person);
        }
    }

    /// `dossier brouwer blijft bij samira`: whose it is.
    fn case_of(&mut self, at: usize) {
        if !self.stands(at, &CASES) || !self.joined_word(at + 1) {
            return;
        }
        if self.may_be_called_so(at + 1) && !self.is(at + 1, Marks::ROLE) && !self.stands(at + 1, &MATTER) {
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `beheerder is wout.`, `mentor = stam`: who it is.
    fn who_it_is(&mut self, at: usize) {
        let who = self.is(at, Marks::SURNAMED | Marks::KIN) || self.ends_as_who(at);
        if !who || at + 2 >= self.tokens.len() || !self.joined_word(at + 1) || !self.stands(at + 1, &IS) {
            return;
        }
        let name = at + 2;
        let other = Marks::OFTEN | Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::ROLE;
        let named = self.is(name, Marks::SURNAME | Marks::FIRST | Marks::BOTH | Marks::NAME);
        if self.joined_word(name) && named && !self.is(name, other) && self.ends_clause(name) {
            self.mask(name, SpanType::Person);
        }
    }

    /// `sneeuw moet nog`, `koster weigert`: nobody but a person does that, and no article stands before it.
    fn human(&mut self, at: usize) {
        if !self.begins_clause(at) || !self.joined_word(at + 1) || !self.is(at + 1, Marks::DOING) {
            return;
        }
        let other = Marks::FREQUENT | Marks::PLAIN | Marks::ROLE | Marks::HOSTING | Marks::INSTITUTION;
        let surname = self.is(at, Marks::SURNAME) && !self.is(at, other) && !self.stands(at, &THINGS);
        let matter = self.stands(at, &MATTER);
        let acts = self.stands(at + 1, &HUMAN) || !self.is(at, Marks::OFTEN);
        if surname && acts && !matter {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Wil neemt de sleutel over`: two verbs in a row, of which the first is somebody.
    fn two_verbs(&mut self, at: usize) {
        let both = self.is(at, Marks::BOTH) && self.is(at, Marks::FREQUENT | Marks::DOING);
        if !both || !self.begins_clause(at) || !self.joined_word(at + 1) || self.stands(at, &MATTER) {
            return;
        }
        let capital = self.style != Style::Ordinary || self.tokens[at].case == Case::Capital;
        let does = [
            "neemt", "belt", "zegt", "heeft", "komt", "gaat", "wil", "woont", "doet", "krijgt",
        ];
        if capital && self.stands(at + 1, &does) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `van peet gehoord`: from whom.
    fn heard_of(&mut self, at: usize) {
        if !self.stands(at, &["van"]) || !self.joined_word(at + 1) || !self.joined_word(at + 2) {
            return;
        }
        let heard = self.stands(at + 2, &["gehoord", "begrepen", "vernomen", "doorgekregen"]);
        let other = Marks::FREQUENT | Marks::DETERMINER | Marks::ROLE | Marks::HOSTING | Marks::PLAIN | Marks::OFTEN;
        if heard && !self.is(at + 1, other | Marks::INSTITUTION | Marks::SURNAMED) {
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `dhr wouter brons (geb. 1990)`: behind a title and a first name a noun, where the clause ends.
    fn full_name(&mut self, at: usize) {
        if !self.is(at, Marks::TITLE) || !self.joined_word(at + 1) || !self.joined_word(at + 2) {
            return;
        }
        let first = self.is_named(at + 1) && self.is(at + 1, Marks::FIRST | Marks::ALWAYS);
        let other =
            Marks::FREQUENT | Marks::OFTEN | Marks::DOING | Marks::LINK | Marks::PLAIN | Marks::SHORT | Marks::ROLE;
        let name = at + 2;
        if first
            && self.ends_clause(name)
            && !self.is(name, other | Marks::HOUSED | Marks::TOWARDS)
            && !self.is_said(name)
        {
            self.mask(name, SpanType::Person);
        }
    }

    /// `bakker-timmermans wil`, `geleen-zuid`: two surnames that are words, or a place and a part of it.
    fn two_surnames(&mut self, at: usize) {
        let letters = self.spelled(at);
        let Some(hyphen) = letters.iter().position(|c| *c == '-').filter(|at| *at > 2) else {
            return;
        };
        let (head, tail) = (
            self.lexicon.word(&letters[..hyphen]),
            self.lexicon.word(&letters[hyphen + 1..]),
        );
        let named = |marks: Marks| marks.any(Marks::SURNAME | Marks::NAME) && !marks.any(Marks::FREQUENT);
        let formed = ["oud", "klein", "groot", "jong", "nieuw", "half"]
            .iter()
            .any(|word| letters[..hyphen].iter().copied().eq(word.chars()));
        let known = formed || self.is(at, Marks::WORD | Marks::PLAIN | Marks::SHORT);
        let part =
            head.any(Marks::PLACE | Marks::NAME) && !head.any(Marks::FREQUENT | Marks::OFTEN) && tail.any(Marks::LOCAL);
        if !known && part {
            self.mask(at, SpanType::Place);
        } else if !known && named(head) && named(tail) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `in ter schorre`: behind a preposition `ter` begins a name.
    fn behind_ter(&mut self, at: usize) {
        let ter = self.stands(at, &["ter", "ten"]) && at > 0 && self.tokens[at].joined && self.joined_word(at + 1);
        if ter
            && self.stands(at - 1, &["in", "bij", "naar", "uit", "op", "van"])
            && !self.is(at + 1, Marks::COMMON | Marks::PLAIN)
        {
            (at..=at + 1).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `mw hoop is niet verschenen`: behind how people are addressed, a noun that is a surname, frequent or not.
    fn addressed_word(&mut self, at: usize) {
        if !self.stands(at, &["mw", "mevr", "mevrouw", "dhr", "meneer", "fam", "familie", "mvr"]) {
            return;
        }
        if self.joined_word(at + 1)
            && self.is(at + 1, Marks::SURNAME)
            && !self.is(at + 1, Marks::DOING | Marks::FREQUENT)
        {
            self.mask(at + 1, SpanType::Person);
        }
    }
}
