//! What notes say by how they are written: initials, registers, headings, names behind a colon or over two lines.

use super::context::{LINKS_MAX, Line};
use super::judge::Style;
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

impl Line<'_> {
    /// A name that went on behind the end of the line before: `mevrouw` there, and `Zomer` here.
    pub(super) fn go_on(&mut self, before: Marks) {
        let links = self
            .tokens
            .iter()
            .take(LINKS_MAX)
            .take_while(|token| token.sort == Sort::Word && token.marks.any(Marks::LINK));
        let name = links.count();
        let Some(token) = self.tokens.get(name).filter(|token| token.sort == Sort::Word) else {
            return;
        };
        let named = token.marks.any(Marks::NAME | Marks::ALWAYS) && !token.marks.any(Marks::FREQUENT);
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let titled =
            before.any(Marks::TITLE) && (named || !token.marks.any(Marks::COMMON | Marks::PLAIN | Marks::SHORT));
        let first = before.any(Marks::FIRST) && before.any(Marks::ALWAYS | Marks::CAPITAL) && capital && named;
        if titled || first {
            (0..=name).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// A line of one word, as above an article: the name of a place.
    pub(super) fn headed(&mut self) {
        if let [token] = self.tokens
            && token.sort == Sort::Word
            && token.case != Case::Lower
            && self.style == Style::Ordinary
            && token.marks.any(Marks::PLACE)
            && !token.marks.any(Marks::PLAIN)
        {
            self.mask(0, SpanType::Place);
        }
    }

    /// Whether one more initial stands here, with or without its dot.
    pub(super) fn is_letter(&self, at: usize) -> bool {
        let token = self.tokens.get(at).filter(|token| token.joined);
        token.is_some_and(|token| {
            let single = token.sort == Sort::Word && token.end - token.start == 1;
            token.sort == Sort::Initials || (single && (token.case != Case::Lower || self.style == Style::Small))
        })
    }

    /// `C L Haring`: letters in front of a name, the last one first.
    pub(super) fn lettered(&mut self, at: usize) {
        let next = self.tokens.get(at + 1).filter(|next| next.joined && !next.starts);
        let named = next.is_some() && self.judged[at + 1].is_masked() && !self.judged[at].is_masked();
        let token = self.tokens[at];
        let single = token.sort == Sort::Word && token.end - token.start == 1 && !self.stands(at, &["u", "n", "k"]);
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        if named && (token.sort == Sort::Initials || (single && (capital || self.style != Style::Ordinary))) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Zomer, A.B. van`: a name as registers write it; and `Roos Z.`
    pub(super) fn inverted(&mut self, at: usize) {
        let named = self.judged[at].is_masked() && self.tokens[at].sort == Sort::Word;
        let capital = self.style != Style::Ordinary || self.tokens[at].case == Case::Capital;
        if named && capital && self.is_letter(at + 1) && self.tokens[at + 1].sort == Sort::Initials {
            self.mask(at + 1, SpanType::Person);
        }
        let Some(letter) = self.tokens.get(at + 1).filter(|_| named) else {
            return;
        };
        let single = letter.sort == Sort::Initials || letter.letters == 1 && letter.end - letter.start == 1;
        if !single || !self.text.is(self.tokens[at].end, letter.start, ", ") {
            return;
        }
        let mut end = at + 2;
        while self.is_letter(end) {
            end += 1;
        }
        let after = self.after_links(end);
        let alone = self.tokens.get(after).is_none_or(|next| !next.joined);
        // "Zomer, A dat": a letter that a word follows is something else.
        if letter.sort == Sort::Initials || alone {
            let end = if alone { after } else { end };
            (at + 1..end).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Aanwezig: Roos, Zomer`, `- Zomer: geen adres`: in notes a colon makes names of words that may be one.
    pub(super) fn told_by_colon(&mut self, at: usize) {
        let token = self.tokens[at];
        let capital = token.case == Case::Capital && self.style == Style::Ordinary;
        let named = token.marks.any(Marks::SURNAME | Marks::FIRST) && !token.marks.any(Marks::PLAIN | Marks::FREQUENT);
        if token.sort != Sort::Word || !named || !(capital || self.style != Style::Ordinary) {
            return;
        }
        let before =
            at > 0 && self.is(at - 1, Marks::LISTED) && self.text.is(self.tokens[at - 1].end, token.start, ": ");
        let marked = [":", ",", " (", " /"]
            .iter()
            .any(|mark| self.text.stands(token.end, mark));
        let behind = at == 0 && marked && capital;
        if before || behind {
            self.mask(at, SpanType::Person);
        }
    }
}
