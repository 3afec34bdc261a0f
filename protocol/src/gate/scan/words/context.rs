//! A word among its neighbours: titles, first names before surnames, prefixes, numbers of houses.

use super::judge::{Judged, Style};
use super::nearby::THINGS;
use super::token::{Case, Sort, Token};
use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::Plain;

/// The most words between the parts of one name.
pub(super) const LINKS_MAX: usize = 3;
/// The most words of the name of a street.
pub(super) const STREET_WORDS_MAX: usize = 5;

/// A line of words, and what is thought of each.
pub(super) struct Line<'a> {
    pub(super) text: &'a Plain,
    pub(super) lexicon: &'a Lexicon,
    pub(super) tokens: &'a [Token],
    pub(super) style: Style,
    pub(super) judged: Vec<Judged>,
}

/// Whether the word ends in this. Most words differ in their last letter, and this is asked a lot.
pub(super) fn ends_with(letters: &[char], tail: &str) -> bool {
    let last = tail.chars().next_back();
    letters.last().copied() == last && {
        let mut letters = letters.iter().rev();
        tail.chars().rev().all(|c| letters.next() == Some(&c))
    }
}

impl Line<'_> {
    /// Lets neighbours speak; each step only adds masks.
    pub(super) fn consider(&mut self) {
        self.headed();
        for at in 0..self.tokens.len() {
            self.body(at);
        }
        for at in 0..self.tokens.len() {
            self.titled(at);
            self.initials(at);
            self.prefixed(at);
            self.doing(at);
            self.housed(at);
            self.houses(at);
            self.numbered(at);
            self.bracketed(at);
            self.hyphenated(at);
            self.named(at);
            self.phrase(at);
            self.told_by_colon(at);
        }
        for at in 0..self.tokens.len() {
            self.surname(at);
        }
        for at in (0..self.tokens.len()).rev() {
            self.before(at);
            self.lettered(at);
            self.doubled(at);
            self.beside(at);
            self.headed_by(at);
            self.behind_postcode(at);
        }
        for at in 0..self.tokens.len() {
            self.instituted(at);
            self.personal(at);
        }
        for at in 0..self.tokens.len() {
            self.whole(at);
            self.pieces(at);
        }
        for at in 0..self.tokens.len() {
            self.called_so(at);
        }
        for at in 0..self.tokens.len() {
            self.nearby(at);
            self.whereabouts(at);
            self.roomy(at);
        }
        self.classes();
        for at in 0..self.tokens.len() {
            self.inverted(at);
        }
    }

    /// Whether the word here says this of what comes next.
    pub(super) fn is(&self, at: usize, mark: u64) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.sort == Sort::Word && token.marks.any(mark))
    }

    /// Whether one of these words stands here.
    #[inline]
    pub(super) fn stands(&self, at: usize, of: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let length = token.end - token.start;
            of.iter()
                .any(|word| word.len() == length && self.text.stands(token.start, word))
        })
    }

    pub(super) fn mask(&mut self, at: usize, what: SpanType) {
        if !self.judged[at].is_masked() && self.judged[at] != Judged::Public && self.tokens[at].sort != Sort::Mask {
            self.judged[at] = Judged::Masked(what);
        }
    }

    /// The first place after the links that follow here, all joined; the place itself when there are none.
    pub(super) fn after_links(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() && at < from + LINKS_MAX && self.tokens[at].joined && self.is(at, Marks::LINK) {
            at += 1;
        }
        at
    }

    /// Whether the word here may be part of a name, when something before it says that one comes.
    pub(super) fn may_be_name(&self, at: usize, linked: bool) -> bool {
        let Some(token) = self
            .tokens
            .get(at)
            .filter(|token| token.sort == Sort::Word && token.joined)
        else {
            return false;
        };
        let marks = token.marks;
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let plain = marks.any(Marks::PLAIN) && !marks.any(Marks::NAME);
        let named = marks.any(Marks::NAME | Marks::ALWAYS) || (linked && marks.any(Marks::PLACE));
        self.judged[at].is_masked() || (!plain && (capital || named || !marks.any(Marks::COMMON | Marks::SHORT)))
    }

    /// `van leiden naar assen`, `1234ab leiden`: a place that is also a word.
    pub(super) fn left(&mut self, at: usize) {
        let next = self
            .tokens
            .get(at + 1)
            .filter(|token| token.joined && token.sort == Sort::Word);
        let place = next.is_some_and(|token| token.marks.any(Marks::PLACE) && !token.marks.any(Marks::PLAIN));
        // `3852 vl, echt` and `f tekle, beek, 9 mrt`.
        let listed = self
            .tokens
            .get(at + 1)
            .filter(|next| self.text.is(self.tokens[at].end, next.start, ", "));
        let rare = listed.is_some_and(|next| {
            next.sort == Sort::Word && next.marks.any(Marks::PLACE) && !next.marks.any(Marks::PLAIN | Marks::FREQUENT)
        });
        let dated = self
            .tokens
            .get(at + 2)
            .is_some_and(|next| matches!(next.sort, Sort::Number | Sort::Mask))
            && self
                .tokens
                .get(at + 1)
                .is_some_and(|next| self.text.stands(next.end, ", "));
        if rare && (self.tokens[at].sort == Sort::Mask || (dated && self.judged[at].is_masked())) {
            self.mask(at + 1, SpanType::Place);
        }
        let towards = at + 2 < self.tokens.len() && self.stands(at, &["van"]) && self.stands(at + 2, &["naar"]);
        let token = self.tokens[at];
        let sealed = token.sort == Sort::Mask;
        let postcode = sealed || (token.sort == Sort::Number && token.end - token.start == 6);
        if place && (towards || postcode) {
            self.mask(at + 1, SpanType::Place);
        }
    }

    /// `J.M.P. van den Berg`, and `j. bakker`.
    fn initials(&mut self, at: usize) {
        if self.tokens[at].sort != Sort::Initials {
            return;
        }
        let mut name = at + 1;
        while self.is_letter(name) {
            name += 1;
        }
        let after = self.after_links(name);
        // `S. van L.`, as the press writes of a suspect.
        let hidden = after > name && self.is_letter(after) && self.tokens[after].sort == Sort::Initials;
        if hidden || self.may_be_name(after, after > name) {
            (at..=after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Roos belt`, and `de indicatie van roos` where nothing has a capital: a first name that is also a word.
    fn doing(&mut self, at: usize) {
        let token = self.tokens[at];
        let named = token
            .marks
            .any(Marks::FIRST | Marks::SURNAME | Marks::BOTH | Marks::HOUSE);
        if token.sort != Sort::Word || !named || token.marks.any(Marks::PLAIN | Marks::FREQUENT) {
            return;
        }
        // `max 3 weken`, and `Hond mag mee` where a sentence begins.
        if self.judged[at] == Judged::Slip || token.starts && self.stands(at, &THINGS) {
            return;
        }
        let first = token.marks.any(Marks::FIRST);
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let does = self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::DOING);
        let determined = at > 0 && token.joined && self.is(at - 1, Marks::DETERMINER);
        // "ster wil graag": a first name in front of what somebody does.
        let begins = at == 0 || token.starts || !token.joined;
        let small = begins && token.marks.any(Marks::BOTH) && does;
        if (capital && does) || small || (first && self.style != Style::Ordinary && !determined) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `van der voort`: nothing but a name begins like that.
    fn prefixed(&mut self, at: usize) {
        let second = at + 2 < self.tokens.len() && self.tokens[at + 1].joined && self.is(at + 1, Marks::SECOND);
        if !second {
            return;
        }
        // "uit den treure": behind the others a word stays a word.
        let rare = self.is(at, Marks::BEFORE_SECOND)
            && self.stands(at + 1, &["der", "den"])
            && (!self.tokens[at + 2].marks.any(Marks::WORD)
                || (self.style == Style::Ordinary && self.tokens[at + 2].case != Case::Lower));
        if (rare || self.stands(at, &["van"])) && self.may_be_name(at + 2, true) {
            (at..=at + 2).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    pub(super) fn phrase_of(&self, first: usize, end: usize) -> Marks {
        let start = self.tokens[first].start;
        // The apostrophe of `'t Zand` stands before its word.
        let marked = start
            .checked_sub(1)
            .is_some_and(|at| matches!(self.text.low()[at], '\'' | '’' | '‘'));
        self.lexicon
            .phrase(&self.text.low()[start - usize::from(marked)..self.tokens[end - 1].end])
    }

    /// `den haag`, `bergen op zoom`, `van dijk`: known together.
    fn phrase(&mut self, at: usize) {
        if !self.tokens[at].marks.any(Marks::HEAD) {
            return;
        }
        let longest = (at + STREET_WORDS_MAX).min(self.tokens.len());
        for end in (at + 2..=longest).rev() {
            let whole = self.tokens[at + 1..end]
                .iter()
                .all(|token| token.joined && token.sort == Sort::Word);
            let last = &self.tokens[end - 1];
            let named = self.style != Style::Ordinary || last.case != Case::Lower;
            let marks = if whole && named {
                self.phrase_of(at, end)
            } else {
                Marks::default()
            };
            if marks.any(Marks::PLACE | Marks::NAME) {
                let what = if marks.any(Marks::PLACE) {
                    SpanType::Place
                } else {
                    SpanType::Person
                };
                (at..end).for_each(|at| self.mask(at, what));
                return;
            }
        }
    }

    /// What follows a name, past its links: `wim kok`, `jan de wit`.
    fn surname(&mut self, at: usize) {
        let begins = self.judged[at].is_masked() && self.tokens[at].sort == Sort::Word;
        if !begins {
            return;
        }
        let mut after = self.after_links(at + 1);
        // "Monumenten en Landschappen": of people the first would be no word.
        let word = self.is(at, Marks::WORD) && !self.is(at, Marks::SURNAME | Marks::FIRST);
        let and = after == at + 1 && word && self.style == Style::Ordinary;
        if and && self.tokens.get(after).is_some_and(|next| next.joined) && self.stands(after, &["en"]) {
            after += 1;
        }
        let Some(token) = self.tokens.get(after).filter(|token| token.joined) else {
            return;
        };
        // `naar kampen of assen`: where one is a place the other is.
        let other =
            after == at + 1 && self.stands(after, &["of", "en"]) && self.judged[at] == Judged::Masked(SpanType::Place);
        if other
            && self.style != Style::Ordinary
            && self.tokens.get(after + 1).is_some_and(|next| {
                next.joined && next.marks.any(Marks::PLACE) && !next.marks.any(Marks::FREQUENT | Marks::PLAIN)
            })
        {
            self.mask(after + 1, SpanType::Place);
        }
        let person = self.tokens[at].marks.any(Marks::FIRST) || !self.tokens[at].marks.any(Marks::PLACE);
        let first = self.tokens[at].marks.any(Marks::FIRST | Marks::ALWAYS);
        let linked = after > at + 1 && self.stands(after - 1, &["de", "den", "der", "ten", "ter", "d"]);
        let called = first && (self.style == Style::Capitals || linked);
        let ordinary = if called { Marks::OFTEN } else { Marks::COMMON };
        let named = !token.marks.any(ordinary) && !self.is(after, Marks::DOING) && !self.conjugated(token);
        let surname = self.style != Style::Ordinary
            && person
            && token.sort == Sort::Word
            && (token.marks.any(Marks::NAME) || named)
            && !token.marks.any(Marks::PLAIN | Marks::SHORT);
        // `Quoc Vo`: a capital letter and a small one are no abbreviation.
        let short = self.style == Style::Ordinary
            && token.sort == Sort::Word
            && token.case == Case::Capital
            && !token.starts
            && after == at + 1
            && self.tokens[at].case == Case::Capital;
        let elsewhere = after > at + 1 && self.is_elsewhere(at, after);
        if elsewhere {
            return;
        }
        if surname || short {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        } else if self.judged[after].is_masked() {
            (at + 1..after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `overlegt`: a word and a `t`.
    fn conjugated(&self, token: &Token) -> bool {
        let letters = &self.text.low()[token.start..token.end];
        matches!(letters, [stem @ .., 't'] if self.lexicon.word(stem).any(Marks::WORD))
    }
}
