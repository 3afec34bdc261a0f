//! A word among its neighbours: titles, first names before surnames, prefixes, numbers of houses.

use super::judge::{Judged, Style};
use super::token::{Case, Sort, Token};
use crate::gate::lexicon::fold::folded;
use crate::gate::lexicon::{Lexicon, Marks};
use crate::gate::span::SpanType;
use crate::gate::text::Plain;

/// The most words between the parts of one name.
pub(super) const LINKS_MAX: usize = 3;
/// The most words of the name of a public body.
const PUBLIC_WORDS_MAX: usize = 7;
/// The most words of the name of a street.
const STREET_WORDS_MAX: usize = 5;

/// A line of words, and what is thought of each.
pub(super) struct Line<'a> {
    pub(super) text: &'a Plain,
    pub(super) lexicon: &'a Lexicon,
    pub(super) tokens: &'a [Token],
    pub(super) style: Style,
    pub(super) judged: Vec<Judged>,
}

impl Line<'_> {
    /// Lets neighbours speak; each step only adds masks.
    pub(super) fn consider(&mut self) {
        self.headed();
        for at in 0..self.tokens.len() {
            self.public(at);
        }
        for at in 0..self.tokens.len() {
            self.titled(at);
            self.initials(at);
            self.prefixed(at);
            self.doing(at);
            self.called_after(at);
            self.houses(at);
            self.phrase(at);
            self.told_by_colon(at);
        }
        for at in 0..self.tokens.len() {
            self.surname(at);
        }
        for at in (0..self.tokens.len()).rev() {
            self.before(at);
            self.lettered(at);
        }
        for at in 0..self.tokens.len() {
            self.inverted(at);
        }
    }

    /// Whether the word here says this of what comes next.
    pub(super) fn is(&self, at: usize, mark: u64) -> bool {
        self.tokens[at].sort == Sort::Word && self.tokens[at].marks.any(mark)
    }

    /// Whether one of these words stands here.
    pub(super) fn stands(&self, at: usize, of: &[&str]) -> bool {
        let token = &self.tokens[at];
        let length = token.end - token.start;
        of.iter()
            .any(|word| word.len() == length && self.text.stands(token.start, word))
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

    /// `mevrouw bakker`, `dhr. de wit`, `zoon mark`.
    fn titled(&mut self, at: usize) {
        if self.is(at, Marks::TITLE) {
            let mut name = at + 1;
            while self.tokens.get(name).is_some_and(|token| token.sort == Sort::Initials) {
                self.mask(name, SpanType::Person);
                name += 1;
            }
            let after = self.after_links(name);
            if self.may_be_name(after, after > name) {
                (name..=after).for_each(|at| self.mask(at, SpanType::Person));
            } else if after > name && self.may_be_name(name, false) && !self.is(name, Marks::LINK) {
                self.mask(name, SpanType::Person);
            }
        } else if self.is(at, Marks::ROLE) || self.is(at, Marks::SURNAMED) {
            let after = self.after_links(at + 1);
            if self.is(at, Marks::SURNAMED) && after > at + 1 && self.may_be_name(after, true) {
                (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
            }
            let next = self.tokens.get(at + 1).filter(|token| token.joined || token.listed);
            let told = if self.is(at, Marks::SURNAMED) {
                Marks::NAME
            } else {
                Marks::FIRST | Marks::ALWAYS
            };
            if next.is_some_and(|token| {
                // `oma Mo`: a capital and small letters are no abbreviation.
                let written = self.style == Style::Ordinary && token.case == Case::Capital;
                token.sort == Sort::Word && token.marks.any(told) && (written || !token.marks.any(Marks::PLAIN))
            }) {
                self.mask(at + 1, SpanType::Person);
            }
        } else if self.style != Style::Ordinary && self.is(at, Marks::TOWARDS) {
            let next = self
                .tokens
                .get(at + 1)
                .filter(|token| token.joined && token.sort == Sort::Word);
            if next.is_some_and(|token| token.marks.any(Marks::PLACE) && !token.marks.any(Marks::PLAIN)) {
                self.mask(at + 1, SpanType::Place);
            }
        } else if self.style != Style::Ordinary {
            self.left(at);
        }
    }

    /// `van leiden naar assen`, `1234ab leiden`: a place that is also a word.
    fn left(&mut self, at: usize) {
        let next = self
            .tokens
            .get(at + 1)
            .filter(|token| token.joined && token.sort == Sort::Word);
        let place = next.is_some_and(|token| token.marks.any(Marks::PLACE) && !token.marks.any(Marks::PLAIN));
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
        let named = token.marks.any(Marks::FIRST | Marks::SURNAME);
        if token.sort != Sort::Word || !named || token.marks.any(Marks::PLAIN | Marks::FREQUENT) {
            return;
        }
        let first = token.marks.any(Marks::FIRST);
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let does = self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::DOING);
        let determined = at > 0 && token.joined && self.is(at - 1, Marks::DETERMINER);
        if (capital && does) || (first && self.style != Style::Ordinary && !determined) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `basisschool de regenboog`: a word that is the name of a house.
    fn called_after(&mut self, at: usize) {
        if !self.is(at, Marks::INSTITUTION) || at + 2 >= self.tokens.len() {
            return;
        }
        let (article, name) = (self.tokens[at + 1], self.tokens[at + 2]);
        let joined = article.joined && name.joined && name.sort == Sort::Word;
        let called = self.stands(at + 1, &["de", "het", "t", "sint", "st"]);
        if joined && called && !name.marks.any(Marks::FREQUENT | Marks::PLAIN) {
            (at + 1..=at + 2).for_each(|at| self.mask(at, SpanType::Person));
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

    /// A number behind the name of a street, or behind what is masked as a name, is that of a house.
    fn houses(&mut self, at: usize) {
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
        let year = digits == 4 && matches!(self.text.low()[token.start], '1' | '2');
        let before = &self.tokens[at - 1];
        let named =
            self.judged[at - 1].is_masked() && before.marks.any(Marks::NAME | Marks::PLACE | Marks::WORD) && !year;
        if let Some(first) = self.street(at) {
            (first..=at).for_each(|at| self.mask(at, SpanType::Address));
            if self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.is(at + 1, Marks::ADDED) {
                self.mask(at + 1, SpanType::Address);
            }
        } else if named && before.case != Case::Lower && self.style == Style::Ordinary {
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
            let common = tokens.len() == 1 && tokens[0].case == Case::Lower && short;
            let addressed = *first > 0 && self.is(first - 1, Marks::ADDRESSED);
            whole && (!common || addressed) && self.phrase_of(*first, end).any(Marks::STREET)
        })
    }

    fn phrase_of(&self, first: usize, end: usize) -> Marks {
        let start = self.tokens[first].start;
        // The apostrophe of `'t Zand` stands before its word.
        let marked = start
            .checked_sub(1)
            .is_some_and(|at| matches!(self.text.low()[at], '\'' | '’' | '‘'));
        let words = self.text.slice(start - usize::from(marked), self.tokens[end - 1].end);
        self.lexicon.phrase(&folded(&words))
    }

    /// `Kamer van Koophandel`: known together, and nobody's name.
    fn public(&mut self, at: usize) {
        if !self.tokens[at].marks.any(Marks::PUBLIC) {
            return;
        }
        let longest = (at + PUBLIC_WORDS_MAX).min(self.tokens.len());
        let joined = self.tokens[at + 1..longest]
            .iter()
            .take_while(|token| token.joined && token.sort == Sort::Word)
            .count();
        let found = (at + 2..=at + 1 + joined)
            .rev()
            .find(|end| self.phrase_of(at, *end).any(Marks::PLAIN));
        if let Some(end) = found {
            self.judged[at..end].fill(Judged::Public);
        }
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
        let and = after == at + 1 && self.tokens[at].marks.any(Marks::WORD) && self.style == Style::Ordinary;
        if and && self.tokens.get(after).is_some_and(|next| next.joined) && self.stands(after, &["en"]) {
            after += 1;
        }
        let Some(token) = self.tokens.get(after).filter(|token| token.joined) else {
            return;
        };
        let person = self.tokens[at].marks.any(Marks::FIRST) || !self.tokens[at].marks.any(Marks::PLACE);
        let called = self.style == Style::Capitals && self.tokens[at].marks.any(Marks::FIRST | Marks::ALWAYS);
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
        if surname || short {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        } else if self.judged[after].is_masked() {
            (at + 1..after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Wolf de Boer` at the begin of a sentence: a name that is a word, then links, then a name.
    fn before_links(&mut self, at: usize) {
        let token = self.tokens[at];
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let named = token.marks.any(Marks::NAME) && (capital || token.marks.any(Marks::FIRST));
        if !named {
            return;
        }
        let after = self.after_links(at + 1);
        let follows = self.tokens.get(after).is_some_and(|next| next.joined && !next.starts);
        let person = follows && matches!(self.judged[after], Judged::Masked(SpanType::Person | SpanType::Unknown));
        if token.sort == Sort::Word && person && !token.marks.any(Marks::PLAIN) {
            (at..after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `ik sprak van Basten`, and `Ruimtelijke Ordening` at the begin of a sentence.
    fn called(&self, at: usize) -> bool {
        let (token, next) = (&self.tokens[at], &self.tokens[at + 1]);
        if self.style != Style::Ordinary || next.case == Case::Lower {
            return false;
        }
        let surname = next.marks.any(Marks::NAME) && !next.marks.any(Marks::FIRST | Marks::ALWAYS | Marks::PLACE);
        let prefixed = token.case == Case::Lower && surname && self.stands(at, &["van", "de"]);
        let words = next.marks.any(Marks::WORD) && !next.marks.any(Marks::NAME);
        let titled = token.starts && token.case != Case::Lower && !token.marks.any(Marks::FREQUENT | Marks::PLAIN);
        prefixed || (titled && words)
    }

    /// `overlegt`: a word and a `t`.
    fn conjugated(&self, token: &Token) -> bool {
        let letters = &self.text.low()[token.start..token.end];
        matches!(letters, [stem @ .., 't'] if self.lexicon.word(stem).any(Marks::WORD))
    }

    /// What stands before a name: `De Vries` at the begin of a sentence, `Roos Jansen`, `Rode Kruis`, `Nederlandse Spoorwegen`.
    fn before(&mut self, at: usize) {
        self.before_links(at);
        let Some(next) = self.tokens.get(at + 1).filter(|next| next.joined && !next.starts) else {
            return;
        };
        let token = self.tokens[at];
        if !self.judged[at + 1].is_masked() || self.judged[at].is_masked() || token.sort != Sort::Word {
            return;
        }
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        // "In Assen", "De NS", "De Raad": at the begin of a sentence, in front of what is no surname.
        let common = !next.marks.any(Marks::NAME) && next.marks.any(Marks::PLACE | Marks::COMMON);
        let article = token.starts
            && self.style == Style::Ordinary
            && !self.text.stands(next.end, ":")
            && (next.case == Case::Upper || common || self.stands(at, &["in", "op", "te"]));
        let prefix = self.is(at, Marks::PREFIX) && !article;
        let named = token.marks.any(Marks::NAME | Marks::FIRST);
        let next_capital = next.case != Case::Lower || self.style != Style::Ordinary;
        let person = matches!(self.judged[at + 1], Judged::Masked(SpanType::Person));
        let nation = token.marks.any(Marks::NATION) && capital;
        let first = self.style != Style::Ordinary && token.marks.any(Marks::FIRST);
        let linked = prefix && next.joined && self.is(at + 1, Marks::SECOND) && self.is(at, Marks::BEFORE_SECOND);
        let behind = at > 0 && token.joined && self.is(at, Marks::SECOND) && self.is(at - 1, Marks::BEFORE_SECOND);
        let bare = self.style != Style::Ordinary
            && self.stands(at, &["van", "de", "den"])
            && next.marks.any(Marks::NAME)
            && !next.marks.any(Marks::FIRST | Marks::ALWAYS);
        let of_more =
            capital && next_capital && !token.starts && token.marks.any(Marks::PLAIN) && token.marks.any(Marks::WORD);
        if (capital && next_capital && (named || nation) && !token.marks.any(Marks::PLAIN))
            || of_more
            || (token.case == Case::Upper && capital && next_capital && token.marks.any(Marks::PLAIN | Marks::SHORT))
            || self.called(at)
            || bare
            || (capital && prefix && person)
            || (person && (linked || behind))
            || (first && person)
        {
            self.mask(at, SpanType::Person);
        }
    }
}
