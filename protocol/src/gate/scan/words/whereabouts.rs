//! Places that are ordinary words or made up: streets by their ending, parts of a town, where somebody lives.

use super::context::{Line, ends_with};
use super::judge::Style;
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What streets and squares end in.
const STREETS: [&str; 14] = [
    "straat",
    "laan",
    "plein",
    "gracht",
    "kade",
    "singel",
    "steeg",
    "dreef",
    "dijk",
    "weg",
    "hof",
    "plantsoen",
    "wal",
    "pad",
];
/// Of these, what says what kind of street it is and not which.
const KINDS_OF_STREET: [&str; 27] = [
    "schoolplein",
    "speelplein",
    "marktplein",
    "kerkplein",
    "dorpsplein",
    "stationsplein",
    "winkelstraat",
    "hoofdstraat",
    "dorpsstraat",
    "zijstraat",
    "achterstraat",
    "hoofdweg",
    "snelweg",
    "rijksweg",
    "spoorweg",
    "fietspad",
    "wandelpad",
    "voetpad",
    "zijweg",
    "uitweg",
    "omweg",
    "tussenweg",
    "ringweg",
    "bospad",
    "zeedijk",
    "schoolstraat",
    "speelstraat",
];
/// What made-up names for a part of a town end in.
const PARTS: [&str; 16] = [
    "stein", "hoeks", "haven", "dam", "drecht", "hoven", "horst", "woude", "oord", "berg", "dijk", "veld", "kwartier",
    "polder", "eiland", "burg",
];
/// In front of where somebody lives.
const LIVES: [&str; 12] = [
    "woont",
    "woonde",
    "wonen",
    "wonend",
    "woonachtig",
    "geboren",
    "opgegroeid",
    "verhuisd",
    "verhuist",
    "komt",
    "logeert",
    "slaapt",
];

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn whereabouts(&mut self, at: usize) {
        if self.tokens[at].sort != Sort::Word {
            return;
        }
        self.street_told(at);
        self.quarter_of_letter(at);
        if self.style != Style::Ordinary {
            self.lives(at);
        }
    }

    /// `in de palmboomstraat`: a street by its ending, that no dictionary has to know.
    fn street_told(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.letters < 8 || token.marks.any(Marks::COMMON | Marks::PLAIN | Marks::INSTITUTION) || at == 0 {
            return;
        }
        let written = self.style == Style::Ordinary && token.case != Case::Lower;
        if written || !self.ends_as(at, &STREETS) || self.stands(at, &KINDS_OF_STREET) {
            return;
        }
        let article = token.joined && self.stands(at - 1, &["de", "het", "t"]) && at > 1 && self.tokens[at - 1].joined;
        let before = if article { at - 2 } else { at - 1 };
        let strict = !article || token.marks.any(Marks::WORD);
        let somewhere = if strict {
            self.stands(
                before,
                &["aan", "woning", "adres", "flat", "woont", "wonen", "overlast"],
            )
        } else {
            self.stands(
                before,
                &[
                    "in", "op", "aan", "langs", "bij", "rond", "naar", "uit", "van", "woning", "vanaf", "over",
                ],
            )
        };
        let noun = token.marks.any(Marks::WORD)
            && !ends_with(self.spelled(at), "straat")
            && !ends_with(self.spelled(at), "laan");
        if token.joined && somewhere && !noun {
            self.mask(at, SpanType::Place);
        }
    }

    /// `in de K-buurt`
    fn quarter_of_letter(&mut self, at: usize) {
        let letters = self.spelled(at);
        if letters.len() > 3 && letters[1] == '-' && (ends_with(letters, "buurt") || ends_with(letters, "flat")) {
            self.mask(at, SpanType::Place);
        }
    }

    /// `woont in krimpen.`, `woont op kikkenstein`: a place that is a verb, or that is made up.
    fn lives(&mut self, at: usize) {
        if !self.stands(at, &["in", "op", "te", "uit", "ligplaats"]) || !self.joined_word(at + 1) || at == 0 {
            return;
        }
        let name = at + 1;
        let token = self.tokens[name];
        if token
            .marks
            .any(Marks::FREQUENT | Marks::OFTEN | Marks::PLAIN | Marks::SHORT | Marks::INSTITUTION | Marks::HOSTING)
        {
            return;
        }
        let verb = (at.saturating_sub(6)..at).any(|at| self.stands(at, &LIVES));
        let place = token.marks.any(Marks::PLACE | Marks::HEAD) && self.ends_clause(name);
        let made_up = !token.marks.any(Marks::WORD) && self.ends_as(name, &PARTS);
        if (verb && place) || (made_up && (verb || self.ends_clause(name))) {
            self.mask(name, SpanType::Place);
        }
    }
}
