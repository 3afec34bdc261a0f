//! Streets of which only the number, or what is added to it, says that they are one.

use super::context::{Line, STREET_WORDS_MAX};
use super::judge::Style;
use super::token::{Case, Sort, Token};
use crate::gate::lexicon::Marks;
use crate::gate::scan::house;
use crate::gate::span::SpanType;

/// Between a street and its number.
const NUMBER: [&str; 4] = ["nr", "no", "huisnr", "huisnummer"];
/// What is added to a number, glued to it or not.
const ADDED: [&str; 10] = ["hs", "bis", "zw", "rd", "huis", "boven", "ii", "iii", "iv", "bg"];
/// A word of so many letters may be a street by its ending.
const ENDED_CHARS_MIN: usize = 8;
/// The endings.
const ENDINGS: [&str; 40] = [
    "plas", "veld", "horst", "zicht", "hof", "pad", "park", "markt", "stede", "wal", "akker", "hoek", "kamp", "oord",
    "brink", "haven", "kanaal", "poort", "vaart", "berg", "tuin", "weide", "waard", "donk", "burg", "zoom", "drift",
    "gaard", "gaarde", "werf", "meent", "oever", "beek", "hage", "sluis", "brug", "heide", "duin", "wetering", "erf",
];

impl Line<'_> {
    /// A number behind the name of a street, or behind what is masked as a name, is that of a house.
    pub(super) fn houses(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Number {
            return;
        }
        let digits = self.text.digits_end(token.start).saturating_sub(token.start);
        let added = self.text.slice(token.start + digits, token.end);
        let short = added.len() <= 1 || (added.len() <= 4 && added.starts_with('-'));
        if !token.joined || !(1..=4).contains(&digits) || !short || at == 0 {
            return;
        }
        if self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::UNIT) {
            return;
        }
        // `op nr 14`, `Punt 2`: of a street the name stands before it.
        if self.is(at - 1, Marks::NUMBERED) {
            return;
        }
        // "schuld Wehkamp 1.890", "lening bij Ziggo 260,-": money.
        let low = self.text.low();
        let thousands = low.get(token.end) == Some(&'.') && low.get(token.end + 1).is_some_and(char::is_ascii_digit);
        let of_kin = at > 1 && self.is(at - 1, Marks::FIRST) && self.is(at - 2, Marks::ROLE | Marks::KIN);
        if of_kin || thousands || self.text.stands(token.end, ",-") || self.is(at - 1, Marks::HOUSE) {
            return;
        }
        let year = digits == 4 && matches!(self.text.low()[token.start], '1' | '2');
        let before = &self.tokens[at - 1];
        let named =
            self.judged[at - 1].is_masked() && before.marks.any(Marks::NAME | Marks::PLACE | Marks::WORD) && !year;
        if let Some(first) = self.street(at) {
            (first..=at).for_each(|at| self.mask(at, SpanType::Address));
            let added = self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::ADDED);
            if added && !self.is_above(at + 1) {
                self.mask(at + 1, SpanType::Address);
            }
        } else if named
            && ((before.case != Case::Lower && self.style == Style::Ordinary)
                || (digits > 1 && self.style != Style::Ordinary && !before.marks.any(Marks::FIRST | Marks::WORD)))
        {
            self.mask(at, SpanType::Address);
        }
    }

    /// The first word of the street that ends before this place.
    fn street(&self, end: usize) -> Option<usize> {
        let longest = end.min(STREET_WORDS_MAX);
        (1..=longest).rev().map(|words| end - words).find(|first| {
            let tokens = &self.tokens[*first..end];
            let whole =
                tokens[1..].iter().all(|token| token.joined) && tokens.iter().all(|token| token.sort != Sort::Mask);
            let short = tokens[0].marks.any(Marks::COMMON | Marks::SHORT) || tokens[0].end - tokens[0].start < 4;
            let written = tokens[0].case != Case::Lower && self.style == Style::Ordinary;
            let common = tokens.len() == 1 && !written && short;
            let addressed = *first > 0 && self.is(first - 1, Marks::ADDRESSED);
            whole && (!common || addressed) && self.phrase_of(*first, end).any(Marks::STREET)
        })
    }

    /// `boompjes nr 31`, `schoutstede 36 zw`, `heuvel 281hs`: what stands before such a number is a street.
    pub(super) fn numbered(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Number || at == 0 || !token.joined || !self.text.low()[token.start].is_ascii_digit() {
            return;
        }
        let digits = self.text.digits_end(token.start);
        let glued = self.text.is_any(digits, token.end, &ADDED);
        let spaced = digits == token.end
            && self.tokens.get(at + 1).is_some_and(|next| next.joined)
            && self.stands(at + 1, &ADDED)
            && !self.is_above(at + 1);
        let told = at > 1 && token.joined && self.stands(at - 1, &NUMBER) && self.tokens[at - 1].joined;
        let last = if told { at - 2 } else { at - 1 };
        let short = (1..=4).contains(&(digits - token.start));
        if !short || !self.is_street_like(last) {
            return;
        }
        let ended = self.has_street_ending(last) && digits == token.end && !self.counts_behind(at);
        let addressed = last > 0 && self.is(last - 1, Marks::ADDRESSED) && told;
        let named = told && self.tokens[last].case == Case::Capital && self.style == Style::Ordinary;
        let rare = told && !self.tokens[last].marks.any(Marks::OFTEN);
        if glued || spaced || addressed || named || rare || ended {
            let first = self.street_start(last);
            let end = if spaced { at + 1 } else { at };
            (first..=end).for_each(|at| self.mask(at, SpanType::Address));
        }
    }

    fn is_above(&self, at: usize) -> bool {
        house::is_above(self.text, self.tokens[at].start, self.tokens[at].end)
    }

    /// Whether a street may be called like this.
    fn is_street_like(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let capital = token.case == Case::Capital && self.style == Style::Ordinary && !token.starts;
        let who = Marks::ROLE | Marks::SURNAMED | Marks::TITLE;
        let other = token
            .marks
            .any(who | Marks::FREQUENT | Marks::NUMBERED | Marks::UNIT | Marks::SHORT | Marks::PLAIN);
        token.sort == Sort::Word && token.end - token.start > 2 && (capital || !other)
    }

    /// `klaverveld 216`, where nothing has a capital: a word that is made up and ends like a street.
    fn has_street_ending(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        self.style != Style::Ordinary
            && letters.len() >= ENDED_CHARS_MIN
            && !token.marks.any(Marks::WORD)
            && ENDINGS.iter().any(|ending| {
                letters
                    .iter()
                    .rev()
                    .copied()
                    .take(ending.len())
                    .eq(ending.chars().rev())
            })
    }

    fn counts_behind(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::UNIT)
    }

    /// Where the name of the street that ends with this word begins: at a capital, past links.
    fn street_start(&self, last: usize) -> usize {
        let mut first = last;
        let mut at = last;
        for _ in 0..STREET_WORDS_MAX {
            let Some(before) = at.checked_sub(1).filter(|_| self.tokens[at].joined) else {
                break;
            };
            let token: Token = self.tokens[before];
            let capital = token.case != Case::Lower && self.style == Style::Ordinary;
            let linking = token.marks.any(Marks::LINK) || self.stands(before, &["naar"]);
            let named = token.marks.any(Marks::FIRST | Marks::NAME) && !token.marks.any(Marks::COMMON);
            if token.sort == Sort::Mask || (!capital && !linking && !named) {
                break;
            }
            if !linking || capital {
                first = before;
            }
            at = before;
        }
        first
    }

    /// `2481 nd vinkhuizen`, `7571mx, zuilen`: what ends a clause behind a postcode is a place, word or not.
    pub(super) fn behind_postcode(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Number || self.style == Style::Ordinary {
            return;
        }
        if self.text.digits_end(token.start) != token.start + 4 {
            return;
        }
        let letters = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.letters == 2 && next.sort == Sort::Word);
        let place = match (token.end - token.start, letters) {
            (6, _) => at + 1,
            (4, Some(next)) if !next.marks.any(Marks::FREQUENT | Marks::SHORT | Marks::UNIT) => at + 2,
            _ => return,
        };
        let Some(next) = self
            .tokens
            .get(place)
            .filter(|next| next.sort == Sort::Word && next.letters > 2)
        else {
            return;
        };
        let behind = self.text.is_any(self.tokens[place - 1].end, next.start, &[" ", ", "]);
        let ends = self
            .text
            .low()
            .get(next.end)
            .is_none_or(|c| matches!(c, '\n' | ',' | ';' | '.' | ')' | '/'))
            || self.text.stands(next.end, " /")
            || self.text.stands(next.end, " -");
        if behind && ends && !next.marks.any(Marks::DOING) {
            self.mask(place, SpanType::Place);
        }
    }
}
