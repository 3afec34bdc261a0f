//! Persons and places of ordinary words, told by how they are written: in a list of names, behind a colon, under a letter, where
//! a line begins.

use super::context::{Line, ends_with};
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What parts of a town are called.
const QUARTERS: [&str; 4] = ["buurt", "wijk", "kwartier", "hoef"];
/// Of these, what says what kind of part it is and not which.
const KINDS_OF_QUARTER: [&str; 14] = [
    "woonwijk",
    "nieuwbouwwijk",
    "achterstandswijk",
    "aandachtswijk",
    "probleemwijk",
    "krachtwijk",
    "prachtwijk",
    "volkswijk",
    "villawijk",
    "volksbuurt",
    "achterbuurt",
    "woonbuurt",
    "buitenwijk",
    "nieuwbouwbuurt",
];
/// Behind these stands what somebody is called.
const NAME_FIELDS: [&str; 8] = [
    "achternaam",
    "achtern",
    "voornaam",
    "voorn",
    "roepnaam",
    "meisjesnaam",
    "bijnaam",
    "geheten",
];
const GREETINGS: [&str; 5] = ["groet", "groeten", "groetjes", "gr", "mvg"];
/// The most letters of a first name that looks like no word.
const SHORT_LETTERS: std::ops::RangeInclusive<u32> = 2..=3;
/// What a person says or does in a note, and hardly anything else.
const SAID: [&str; 16] = [
    "belt", "belde", "zegt", "zei", "meldt", "meldde", "mailt", "mailde", "appt", "appte", "vertelt", "vertelde",
    "vraagt", "vroeg", "weigert", "weigerde",
];
/// What is said of things as well.
const STATES: [&str; 12] = [
    "is", "was", "heeft", "had", "gaat", "ging", "komt", "kwam", "wordt", "werd", "blijft", "staat",
];

impl Line<'_> {
    /// `Ton jr.`, `wit sr.`
    pub(super) fn junior(&mut self, at: usize) {
        if !self
            .tokens
            .get(at + 1)
            .is_some_and(|next| matches!(next.letters, 2 | 6))
        {
            return;
        }
        let named = self.is_named(at) || self.is(at, Marks::FIRST | Marks::SURNAME) && !self.is(at, Marks::FREQUENT);
        let written = self.style == Style::Ordinary && self.tokens[at].case == Case::Capital;
        if (named || written) && self.joined_word(at + 1) && self.stands(at + 1, &["jr", "sr", "junior", "senior"]) {
            self.mask(at, SpanType::Person);
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// `contact: Van Leusden`, `schoolmaatschappelijk werk: Bo uit 2B`, `praktijk: mondzorg parkstad`, `dhr. hemel: …`.
    pub(super) fn behind_colon(&mut self, at: usize) {
        let token = self.tokens[at];
        let capital = self.style == Style::Ordinary && token.case == Case::Capital;
        let titled = at > 0
            && token.joined
            && self.text.stands(token.end, ":")
            && self.stands(at - 1, &["dhr", "mw", "mevr", "meneer", "mevrouw", "fam"]);
        if titled && !self.is(at, Marks::FREQUENT | Marks::DOING | Marks::SHORT) {
            self.mask(at, SpanType::Person);
        }
        if at == 0 || !self.text.is_any(self.tokens[at - 1].end, token.start, &[": ", ".: "]) {
            return;
        }
        let next = self.joined_word(at + 1) && self.judged[at + 1].is_masked();
        let link = capital && next && self.stands(at, &["van", "de", "ter", "ten", "el"]);
        let first = capital && self.is(at, Marks::FIRST) && !self.is(at, Marks::FREQUENT | Marks::PLAIN);
        let said = Marks::FREQUENT | Marks::DOING | Marks::HOUSED | Marks::TOWARDS | Marks::LINK | Marks::DETERMINER;
        let who = Marks::HOSTING | Marks::INSTITUTION | Marks::SURNAMED;
        let other = said | Marks::ROLE | Marks::TITLE | Marks::SHORT | Marks::PLAIN | Marks::REGIONAL;
        let told = next && self.is(at - 1, who) && !self.is(at, other) && !self.is(at + 1, Marks::FIRST);
        let first = first && self.joined_word(at + 1) && self.is(at + 1, said);
        if link || first || told {
            self.mask(at, SpanType::Person);
        }
    }

    /// `13:40 ploeg belt terug`, `1) vos zet`: where a line of a note begins, a surname that does something.
    pub(super) fn begins_and_does(&mut self, at: usize) {
        let begins = at == 0 || !self.tokens[at].joined || self.tokens[at - 1].sort != Sort::Word;
        let other = Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::ROLE;
        let surname = self.is(at, Marks::SURNAME) && !self.is(at, other) && self.style != Style::Ordinary;
        let rare = !self.is(at, Marks::OFTEN) && self.is(at + 1, Marks::DOING) && !self.stands(at + 1, &STATES);
        if begins && surname && self.joined_word(at + 1) && (rare || self.stands(at + 1, &SAID)) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `moeder in nador.`: where a clause ends, a place that looks like a slip of the pen.
    pub(super) fn abroad(&mut self, at: usize) {
        let token = self.tokens[at];
        if self.judged[at] != Judged::Slip || self.style == Style::Ordinary || self.joined_word(at + 1) {
            return;
        }
        if at == 0 || !token.joined || !self.stands(at - 1, &["in", "uit", "naar"]) {
            return;
        }
        let letters = &self.text.low()[token.start..token.end];
        let form = ["en", "ing", "ign", "t", "d", "e"]
            .iter()
            .any(|tail| ends_with(letters, tail));
        if !form && token.letters < 9 {
            self.mask(at, SpanType::Place);
        }
    }

    /// `haile, boersma, mulder (2e x)`, `stel wójcik/brouwer`: a surname that is a word, behind one that is none.
    pub(super) fn listed_surname(&mut self, at: usize) {
        let token = self.tokens[at];
        let other = Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::ROLE | Marks::HOSTING;
        if at == 0 || !token.marks.any(Marks::SURNAME) || token.marks.any(other) || self.style == Style::Ordinary {
            return;
        }
        let before = self.tokens[at - 1];
        let person = self.judged[at - 1] == Judged::Masked(SpanType::Person) || before.sort == Sort::Mask;
        let listed = self.text.is_any(before.end, token.start, &[", ", "/", " / "]);
        let ends = matches!(
            self.text.low().get(token.end),
            None | Some(',' | '/' | '.' | ')' | ':' | '\n')
        ) || self.text.stands(token.end, " (")
            || self.text.stands(token.end, " >");
        if person && listed && ends {
            self.mask(at, SpanType::Person);
        }
    }

    /// `in de vogelbuurt`: a part of a town that no list has to know.
    pub(super) fn quarter(&mut self, at: usize) {
        let token = self.tokens[at];
        if at < 2 || token.letters < 8 || token.marks.any(Marks::COMMON | Marks::SHORT | Marks::PLAIN) {
            return;
        }
        let somewhere = self.tokens[at].joined
            && self.stands(at - 1, &["de", "het"])
            && self.tokens[at - 1].joined
            && (self.is(at - 2, Marks::TOWARDS | Marks::HOUSED) || self.stands(at - 2, &["in", "uit", "naar", "rond"]));
        let team = self.stands(at, &["jeugdwijk"]) || self.stands(at, &KINDS_OF_QUARTER);
        if somewhere && !team && self.ends_as(at, &QUARTERS) {
            self.mask(at, SpanType::Place);
        }
    }

    /// `li wei chen`: in front of a name a word so short that it is none.
    pub(super) fn short_first(&mut self, at: usize) {
        let token = self.tokens[at];
        if self.style == Style::Ordinary || !SHORT_LETTERS.contains(&token.letters) || !self.joined_word(at + 1) {
            return;
        }
        let said = Marks::FREQUENT | Marks::SHORT | Marks::PLAIN | Marks::LINK | Marks::DOING | Marks::UNIT;
        let more = Marks::DETERMINER | Marks::HOUSED | Marks::TOWARDS | Marks::TITLE | Marks::ROLE | Marks::OFTEN;
        let person = matches!(
            self.judged[at + 1],
            Judged::Masked(SpanType::Person | SpanType::Unknown)
        );
        let begins = at == 0 || !token.joined || self.is(at - 1, Marks::ROLE | Marks::TITLE | Marks::SURNAMED);
        if person && begins && !self.is(at, said | more) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `achtern. appel`, and `zegt winter te heten`.
    pub(super) fn name_field(&mut self, at: usize) {
        let token = self.tokens[at];
        let other = Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::LINK | Marks::DETERMINER;
        if token.marks.any(other) || token.letters < 2 {
            return;
        }
        let gap = at
            .checked_sub(1)
            .map_or(0, |before| token.start - self.tokens[before].end);
        let field = (1..=3).contains(&gap)
            && matches!(
                self.text.low()[self.tokens[at - 1].start],
                'a' | 'v' | 'r' | 'm' | 'b' | 'g'
            )
            && self.stands(at - 1, &NAME_FIELDS)
            && self
                .text
                .is_any(self.tokens[at - 1].end, token.start, &[" ", ". ", ": ", ".: "]);
        let called = self.joined_word(at + 2)
            && self.tokens[at + 1].joined
            && self.stands(at + 1, &["te"])
            && self.stands(at + 2, &["heten"]);
        let known = self.stands(at, &["onbekend", "klopt", "partner", "gewijzigd", "kwijt", "bekend"]);
        if (field || called) && !known {
            self.mask(at, SpanType::Person);
        }
    }

    /// `vriendelijke groet, b. stuurman`: under a letter, whatever it is.
    pub(super) fn signed(&mut self, at: usize) {
        let letter = self.tokens.get(at + 1).is_some_and(|next| next.sort == Sort::Initials);
        if !letter || !self.stands(at, &GREETINGS) || at + 2 >= self.tokens.len() {
            return;
        }
        let name = self.tokens[at + 2];
        let last = self.tokens.get(at + 3).is_none_or(|next| !next.joined);
        if last && name.joined && name.sort == Sort::Word {
            self.mask(at + 1, SpanType::Person);
            self.mask(at + 2, SpanType::Person);
        }
    }

    /// `(naam bekend, Y.D.)`: initials between brackets that are no abbreviation.
    pub(super) fn monogram(&mut self, at: usize) {
        let token = self.tokens[at];
        let letters: Vec<char> = self.text.low()[token.start..token.end]
            .iter()
            .copied()
            .filter(|c| *c != '.')
            .collect();
        let known = self
            .lexicon
            .word(&letters)
            .any(Marks::WORD | Marks::SHORT | Marks::PLAIN);
        if letters.len() == 2 && !known && !token.marks.any(Marks::SHORT) && self.text.stands(token.end, ")") {
            self.mask(at, SpanType::Person);
        }
    }
}
