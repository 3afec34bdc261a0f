//! The pieces of a person's name that stay when the rest is found: what links its parts, letters for a surname or for
//! somebody, and the surname of a family.

use super::context::{Line, ends_with};
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// Two words that only stand inside a name.
const PAIRS: [[&str; 2]; 16] = [
    ["de", "la"],
    ["de", "los"],
    ["de", "las"],
    ["van", "der"],
    ["van", "den"],
    ["van", "'t"],
    ["van", "ter"],
    ["van", "ten"],
    ["in", "'t"],
    ["op", "den"],
    ["op", "'t"],
    ["uit", "den"],
    ["von", "der"],
    ["aan", "den"],
    ["dos", "santos"],
    ["van", "t"],
];
/// Who somebody is whom notes write as a letter.
const PERSONS: [&str; 18] = [
    "medewerker",
    "medewerkster",
    "begeleider",
    "begeleidster",
    "werker",
    "werkster",
    "coach",
    "consulent",
    "consulente",
    "coördinator",
    "zuster",
    "broeder",
    "docent",
    "docente",
    "adviseur",
    "leidster",
    "kundige",
    "manager",
];
/// Behind these stands the surname of a family.
const FAMILIES: [&str; 9] = [
    "gezin",
    "gezinsplan",
    "familie",
    "fam",
    "partijen",
    "gezinsdossier",
    "familieplan",
    "gezinsleden",
    "echtpaar",
];
/// Where workers who are two letters are.
const AT_WORK: [&str; 8] = [
    "huisbezoek",
    "gesprek",
    "kantoor",
    "bezoek",
    "afspraak",
    "locatie",
    "intake",
    "overleg",
];
/// The most surnames behind one word.
const SURNAMES_MAX: usize = 4;

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn pieces(&mut self, at: usize) {
        self.pair(at);
        self.lettered_surname(at);
        self.letter_of(at);
        self.bare_link(at);
        self.family(at);
        self.workers(at);
    }

    fn found(&self, at: usize) -> bool {
        matches!(self.judged[at], Judged::Masked(_)) || self.tokens[at].sort == Sort::Mask
    }

    fn follows(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.joined)
    }

    /// `[naam] de la [naam]`: what links two parts that were found apart.
    fn pair(&mut self, at: usize) {
        if at + 3 >= self.tokens.len() || !self.found(at) || !(at + 1..=at + 3).all(|at| self.follows(at)) {
            return;
        }
        let told = PAIRS
            .iter()
            .any(|[first, second]| self.stands(at + 1, &[first]) && self.stands(at + 2, &[second]));
        if told && self.found(at + 3) {
            self.mask(at + 1, SpanType::Person);
            self.mask(at + 2, SpanType::Person);
        }
    }

    /// `Samira de K.`, `Joost van B.`: of a surname the first letter.
    fn lettered_surname(&mut self, at: usize) {
        let person = self.judged[at].is_masked() && self.tokens[at].marks.any(Marks::FIRST | Marks::ALWAYS);
        let after = self.after_links(at + 1);
        if !person || after == at + 1 || !self.follows(after) {
            return;
        }
        let letter = self.tokens[after];
        let single = letter.sort == Sort::Initials && letter.end - letter.start == 2;
        let written = letter.sort == Sort::Word && letter.end - letter.start == 1 && self.text.is_capital(letter.start);
        if single || (written && self.style == Style::Ordinary) {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `medewerkster L.`, `woonbegeleider T.`
    fn letter_of(&mut self, at: usize) {
        let Some(next) = self.tokens.get(at + 1).filter(|_| self.follows(at + 1)) else {
            return;
        };
        let dotted = next.sort == Sort::Initials && next.end - next.start == 2;
        let shown = self.style == Style::Small || self.text.is_capital(next.start);
        // A letter with a dot that ends the line is one too.
        let last = next.end - next.start == 1 && next.sort == Sort::Word && self.text.stands(next.end, ".");
        if !shown || !(dotted || last) || self.text.stands(next.start, "u") {
            return;
        }
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let called = || PERSONS.iter().any(|tail| ends_with(letters, tail));
        if token.sort == Sort::Word && (self.is(at, Marks::TITLE) || called()) {
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `zoon van dijk`: what a surname that was found begins with.
    fn bare_link(&mut self, at: usize) {
        let link = self.style != Style::Ordinary && self.stands(at, &["van", "de", "den", "vd", "ter", "ten"]);
        let person = link
            && self.follows(at + 1)
            && self.judged[at + 1] == Judged::Masked(SpanType::Person)
            && !self.is(at + 1, Marks::FIRST | Marks::PLACE);
        if !person {
            return;
        }
        let begins = at == 0 || !self.tokens[at].joined;
        let surname = self.is(at + 1, Marks::SURNAME | Marks::NAME);
        let told = !begins && self.is(at - 1, Marks::TITLE | Marks::SURNAMED | Marks::KIN);
        if told || (surname && (begins || self.judged[at - 1] == Judged::Masked(SpanType::Person))) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Partijen: Klein en Groot`, `gezinsplan Schouten`, `familie visser`.
    fn family(&mut self, at: usize) {
        if self.tokens[at].sort != Sort::Word || !self.stands(at, &FAMILIES) {
            return;
        }
        let mut name = at + 1;
        for _ in 0..SURNAMES_MAX {
            let Some(next) = self.tokens.get(name).copied() else {
                return;
            };
            let colon = name == at + 1 && self.text.is(self.tokens[at].end, next.start, ": ");
            let listed = name > at + 1
                && self.text.is_any(
                    self.tokens[name - 1].end,
                    next.start,
                    &[", ", "/", " / ", " & ", " - ", "-"],
                );
            if !(next.joined || colon || listed) {
                return;
            }
            let last = if next.joined { self.after_links(name) } else { name };
            let Some(token) = self.tokens.get(last).filter(|_| last == name || self.follows(last)) else {
                return;
            };
            let capital = self.style == Style::Ordinary && token.case == Case::Capital;
            let marks = token.marks;
            let word = Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::ROLE;
            let surname = self.style != Style::Ordinary && marks.any(Marks::SURNAME) && !marks.any(word);
            let public = self.judged[last] == Judged::Public || marks.any(Marks::ROLE | Marks::TITLE);
            if token.sort != Sort::Word || !(capital && !public || surname || self.judged[last].is_masked()) {
                return;
            }
            (name..=last).for_each(|at| self.mask(at, SpanType::Person));
            name = last + 1;
            if self.follows(name) && self.stands(name, &["en"]) {
                name += 1;
            }
        }
    }

    /// `ST en MB op huisbezoek`, `MB belt`: workers whom notes write as capitals.
    fn workers(&mut self, at: usize) {
        let begins = at == 0 || !self.tokens[at].joined || self.tokens[at].starts;
        if self.style != Style::Ordinary || !begins || self.tokens[at].case != Case::Upper {
            return;
        }
        let and = self.follows(at + 1) && self.stands(at + 1, &["en", "+", "/"]) && at + 2 < self.tokens.len();
        let second = (and && self.tokens[at + 2].joined && self.is_monogram(at + 2)).then_some(at + 2);
        let last = second.unwrap_or(at);
        let other = Marks::REGIONAL | Marks::ROLE | Marks::HOUSE | Marks::TITLE;
        // `ST`: an abbreviation, and beside another worker one of them.
        let short = second.is_some() && self.tokens[at].end - self.tokens[at].start == 2 && !self.is(at, other);
        if !short && !self.is_monogram(at) {
            return;
        }
        if last + 1 >= self.tokens.len() || !self.follows(last + 1) {
            return;
        }
        let at_work = self.stands(last + 1, &["op", "in", "bij", "naar"])
            && self.follows(last + 2)
            && self.stands(last + 2, &AT_WORK);
        let does = self.is(last + 1, Marks::DOING);
        let both = second.is_some()
            && self.stands(
                last + 1,
                &[
                    "gaan", "gingen", "waren", "zijn", "hebben", "spreken", "bellen", "langs",
                ],
            );
        if at_work || does || both {
            self.mask(at, SpanType::Person);
            self.mask(last, SpanType::Person);
        }
    }

    /// Two or three capitals that are no word and nothing public.
    fn is_monogram(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let other = Marks::PLAIN | Marks::WORD | Marks::REGIONAL | Marks::ROLE | Marks::TITLE | Marks::INSTITUTION;
        token.sort == Sort::Word
            && token.case == Case::Upper
            && (2..=3).contains(&(token.end - token.start))
            && !token
                .marks
                .any(other | Marks::HOSTING | Marks::LISTED | Marks::PUBLIC | Marks::HOUSE)
    }
}
