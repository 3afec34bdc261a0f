//! Organisations as a whole: the word that says what they are, their legal form, and what stands between their words.

use super::context::{Line, ends_with};
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What goes with the name behind it.
pub(super) const CLASSES: [&str; 61] = [
    "stichting",
    "apotheek",
    "hotel",
    "restaurant",
    "kindcentrum",
    "taxi",
    "vervoerder",
    "mbo",
    "hbo",
    "vmbo",
    "vso",
    "ggz",
    "ribw",
    "salon",
    "kapsalon",
    "stal",
    "kringloop",
    "kringloopwinkel",
    "manege",
    "garage",
    "taxibedrijf",
    "zorgboerderij",
    "waterschap",
    "camping",
    "café",
    "cafe",
    "eetcafé",
    "snackbar",
    "cafetaria",
    "pizzeria",
    "brasserie",
    "bistro",
    "hospice",
    "zorgvilla",
    "firma",
    "fa",
    "bakkerij",
    "slagerij",
    "kwekerij",
    "drukkerij",
    "sportschool",
    "rijschool",
    "dansschool",
    "makelaardij",
    "notariskantoor",
    "huisartsenpraktijk",
    "tandartspraktijk",
    "fysiotherapiepraktijk",
    "kinderopvang",
    "kinderdagverblijf",
    "peuterspeelzaal",
    "woongroep",
    "woningstichting",
    "thuiszorgorganisatie",
    "bewindvoering",
    "loods",
    "rederij",
    "fietsenmaker",
    "autobedrijf",
    "zorghotel",
    "gezinshuis",
];
/// What compound class words end in.
const TAILS: [&str; 10] = [
    "bedrijf",
    "kantoor",
    "groep",
    "centrum",
    "college",
    "school",
    "huis",
    "zorg",
    "winkel",
    "makelaars",
];
/// Of these, what runs on into a name in lower case.
pub(super) const FIRMS: [&str; 5] = ["bedrijf", "kantoor", "winkel", "makelaars", "centrum"];
/// Bodies that end like one of these and are in every note.
const NO_CLASSES: [&str; 23] = [
    "basisschool",
    "school",
    "huis",
    "zorg",
    "groep",
    "centrum",
    "winkel",
    "bedrijf",
    "kantoor",
    "college",
    "thuiszorg",
    "jeugdzorg",
    "ziekenhuis",
    "mantelzorg",
    "werkgroep",
    "doelgroep",
    "gemeentehuis",
    "stadhuis",
    "nazorg",
    "zelfzorg",
    "bemoeizorg",
    "buurtzorg",
    "stadskantoor",
];
/// Behind a name, what kind of firm it is.
const FORMS: [&str; 14] = [
    "bv",
    "b.v.",
    "b.v",
    "nv",
    "n.v.",
    "n.v",
    "vof",
    "v.o.f.",
    "v.o.f",
    "holding",
    "zn",
    "zonen",
    "ggz",
    "ministries",
];
/// The same, and words of everyday.
const SOFT_FORMS: [&str; 5] = ["taxi", "thuis", "groep", "zorg", "taxi's"];
/// Behind `&`.
const PARTNERS: [&str; 7] = ["zn", "zonen", "zoon", "dochters", "partners", "co", "dochter"];
/// Churches of which the name begins before the word for them.
pub(super) const FAITHS: [&str; 16] = [
    "islamitische",
    "katholieke",
    "joodse",
    "hindoeïstische",
    "koptische",
    "molukse",
    "evangelische",
    "gereformeerde",
    "hervormde",
    "protestantse",
    "baptisten",
    "baptistische",
    "oud-katholieke",
    "pinkster",
    "vrije",
    "christelijke",
];
/// What may stand between the words of a name, as in `Spelen met Plezier`.
const BETWEEN: [&str; 8] = ["met", "op", "aan", "in", "en", "voor", "onder", "zonder"];
/// The most words of a name in a row.
const ROW_MAX: usize = 4;

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn whole(&mut self, at: usize) {
        if self.tokens[at].sort == Sort::Mask {
            return;
        }
        self.of_the(at);
        self.plainly_called(at);
        self.in_brackets(at);
        self.partly_known(at);
        self.with_class(at);
        self.with_form(at);
        self.with_between(at);
    }

    pub(super) fn joined_word(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.joined && token.sort == Sort::Word)
    }

    pub(super) fn is_named(&self, at: usize) -> bool {
        matches!(
            self.judged[at],
            Judged::Masked(SpanType::Person | SpanType::Unknown | SpanType::Place)
        )
    }

    pub(super) fn ends_as(&self, at: usize, tails: &[&str]) -> bool {
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let ends = |tail: &&str| letters.len() > tail.len() + 2 && ends_with(letters, tail);
        token.sort == Sort::Word && tails.iter().any(ends) && !self.stands(at, &NO_CLASSES)
    }

    fn is_capital(&self, at: usize) -> bool {
        self.style == Style::Ordinary && self.tokens[at].case != Case::Lower
    }

    /// `Apotheek Wezenbeek`, `evangelische gemeente De Wijnstok`: the word that says what the name behind it is.
    fn with_class(&mut self, at: usize) {
        if !self.joined_word(at + 1) || !self.is_named(at + 1) || self.tokens[at].sort != Sort::Word {
            return;
        }
        let first = self.is(at + 1, Marks::FIRST);
        let church = at > 0 && self.tokens[at].joined && self.stands(at - 1, &FAITHS);
        if church && self.stands(at, &["gemeente", "kerk", "school", "basisschool"]) {
            self.mask(at - 1, SpanType::Person);
            self.mask(at, SpanType::Person);
            return;
        }
        let school = self.is_capital(at) && self.stands(at, &["school", "basisschool"]);
        let class = school || self.stands(at, &CLASSES) || self.ends_as(at, &TAILS);
        let begins = self.tokens[at].starts && !self.stands(at, &CLASSES);
        // `het kinderdagverblijf kwikstaart`, `bij buurthuis kwikstaart`: without capitals a common noun, which tells nothing.
        let determined = at > 0 && self.tokens[at].joined && self.is(at - 1, Marks::DETERMINER);
        let strict = self.stands(at, &CLASSES) || self.ends_as(at, &FIRMS);
        let small = self.style != Style::Ordinary && !first && strict && !determined;
        let written = self.is_capital(at) && (!begins || !first) || small;
        if class && (written || self.stands(at, &["stichting", "mbo", "ribw"])) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Wezenbeek BV`, `Oostwouder & Zn`, `Lichtbron Ministries`.
    fn with_form(&mut self, at: usize) {
        if !self.is_named(at) {
            return;
        }
        let Some(next) = self.tokens.get(at + 1).copied() else {
            return;
        };
        let and = self.text.is(self.tokens[at].end, next.start, " & ");
        if and && (self.stands(at + 1, &PARTNERS) || (next.sort == Sort::Word && !self.is(at + 1, Marks::FREQUENT))) {
            self.mask(at + 1, SpanType::Person);
            return;
        }
        let bare = !self.is(at, Marks::FIRST | Marks::SURNAME | Marks::NAME);
        let beside = at > 0 && self.stands(at - 1, &["bij"]);
        let soft = self.stands(at + 1, &SOFT_FORMS)
            && (self.is_capital(at + 1) || bare && !beside && self.style != Style::Ordinary);
        if next.joined && (self.stands(at + 1, &FORMS) || soft) {
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `Kinderopvang Spelen met Plezier`: what stands between two words of the name of an organisation.
    fn with_between(&mut self, at: usize) {
        if !self.joined_word(at + 1) || !self.is_named(at + 1) || self.tokens[at].sort != Sort::Word {
            return;
        }
        if !(self.is(at, Marks::INSTITUTION) || self.stands(at, &CLASSES) || self.ends_as(at, &TAILS)) {
            return;
        }
        let mut last = at + 1;
        while self.joined_word(last + 1) && self.is_named(last + 1) && last < at + ROW_MAX {
            last += 1;
        }
        let link = self.joined_word(last + 1) && self.stands(last + 1, &BETWEEN);
        let article = link && self.joined_word(last + 2) && self.stands(last + 2, &["de", "het", "'t", "t"]);
        let behind = last + 2 + usize::from(article);
        let capital =
            self.style != Style::Ordinary || self.tokens.get(behind).is_some_and(|next| next.case != Case::Lower);
        let named = link && capital && self.joined_word(behind) && self.is_named(behind);
        // `Hotel Bos in Zeist`: where it is, and no part of the name.
        let somewhere = self.judged.get(behind) == Some(&Judged::Masked(SpanType::Place));
        if named && !somewhere && !self.is(behind, Marks::FIRST) {
            (last + 1..behind).for_each(|at| self.mask(at, SpanType::Person));
        }
    }
}
