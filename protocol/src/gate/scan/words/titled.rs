//! Names behind what says who somebody is: titles, relatives, roles; and places behind what says that one comes.

use super::context::Line;
use super::judge::Style;
use super::token::{Case, Sort, Token};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

impl Line<'_> {
    /// `mevrouw bakker`, `zoon mark`, `naar assen`.
    pub(super) fn titled(&mut self, at: usize) {
        if self.is(at, Marks::TITLE) {
            self.addressed(at);
        } else if self.is(at, Marks::ROLE | Marks::SURNAMED) || self.ends_as_who(at) {
            self.who_is_called(at);
        } else if self.style != Style::Ordinary && self.is(at, Marks::TOWARDS) {
            let next = self.tokens.get(at + 1);
            let next = next.filter(|token| token.joined && token.sort == Sort::Word);
            if next.is_some_and(|token| token.marks.any(Marks::PLACE) && !token.marks.any(Marks::PLAIN)) {
                self.mask(at + 1, SpanType::Place);
            }
        } else if self.style != Style::Ordinary {
            self.left(at);
        }
    }

    /// `mevrouw bakker`, `dhr. de wit`.
    fn addressed(&mut self, at: usize) {
        let mut name = at + 1;
        while self.tokens.get(name).is_some_and(|token| token.sort == Sort::Initials) {
            self.mask(name, SpanType::Person);
            name += 1;
        }
        // `mw. A`: of somebody the first letter.
        let letter = name == at + 1
            && self.is_letter(name)
            && (self.tokens[name].case != Case::Lower || self.text.stands(self.tokens[name].end, "."));
        if letter {
            self.mask(name, SpanType::Person);
        }
        let after = self.after_links(name);
        // "Mw. op tandvlees"
        let somehow = after == name + 1
            && self.stands(name, &["in", "op", "te", "aan", "voor", "of", "a"])
            && self.is(after, Marks::WORD)
            && !self.is(after, Marks::NAME);
        if self.may_be_name(after, after > name) {
            let first = if somehow { after + 1 } else { name };
            (first..=after).for_each(|at| self.mask(at, SpanType::Person));
        } else if after > name && self.may_be_name(name, false) && !self.is(name, Marks::LINK) {
            self.mask(name, SpanType::Person);
        }
    }

    /// `zoon mark`, `consulent van dijk`, `zedenrechercheur kuiper`.
    fn who_is_called(&mut self, at: usize) {
        let surnamed = !self.is(at, Marks::ROLE) || self.is(at, Marks::SURNAMED);
        let after = self.after_links(at + 1);
        // "Een weduwe in Hoogeveen": where somebody is, and not what they are called.
        let somewhere = after == at + 2 && self.stands(at + 1, &["in", "te", "op", "a"]);
        let works = self.stands(at + 1, &["van", "vd", "v", "v/d"]) && self.is_where_one_works(after);
        // "de advocaat van mw. Prins": somebody else.
        let other = somewhere || works || self.is(after, Marks::TITLE);
        if surnamed && after > at + 1 && !other && self.may_be_name(after, true) {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        }
        let told = if surnamed {
            Marks::NAME | Marks::BOTH
        } else {
            Marks::FIRST | Marks::ALWAYS | Marks::BOTH
        };
        let next = self.tokens.get(at + 1).filter(|token| token.joined || token.listed);
        if next.is_some_and(|next| next.marks.any(told) && self.is_somebody(next)) {
            self.mask(at + 1, SpanType::Person);
        }
    }

    /// Whether the word behind a role may be a name, as it is written.
    fn is_somebody(&self, token: &Token) -> bool {
        // `oma Mo`: a capital and small letters are no abbreviation.
        let written = self.style == Style::Ordinary && token.case == Case::Capital;
        let plain = token.marks.any(Marks::PLAIN) && !token.marks.any(Marks::BOTH);
        // "moeder wil": where nothing has a capital, a word that does something is no name.
        let does = !written && token.marks.any(Marks::DOING | Marks::FREQUENT);
        // "mag cl. extra leefgeld": a word of everyday in small letters.
        let often = token.marks.any(Marks::OFTEN) && !token.marks.any(Marks::BOTH | Marks::FIRST | Marks::ALWAYS);
        let small = token.case == Case::Lower && self.style == Style::Ordinary;
        let everyday = often && (small || !token.marks.any(Marks::SURNAME));
        token.sort == Sort::Word && !token.marks.any(Marks::TITLE) && !does && !everyday && (written || !plain)
    }
}
