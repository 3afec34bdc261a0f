//! A word among its neighbours: titles, first names before surnames, prefixes, numbers of houses.

use super::judge::{Judged, Style};
use super::token::{Case, Sort, Token};
use crate::gate::lexicon::fold::folded;
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
            // `mw. A`: of somebody the first letter.
            let letter = name == at + 1
                && self.is_letter(name)
                && (self.tokens[name].case != Case::Lower || self.text.stands(self.tokens[name].end, "."));
            if letter {
                self.mask(name, SpanType::Person);
            }
            let after = self.after_links(name);
            if self.may_be_name(after, after > name) {
                (name..=after).for_each(|at| self.mask(at, SpanType::Person));
            } else if after > name && self.may_be_name(name, false) && !self.is(name, Marks::LINK) {
                self.mask(name, SpanType::Person);
            }
        } else if self.is(at, Marks::ROLE) || self.is(at, Marks::SURNAMED) {
            let after = self.after_links(at + 1);
            // "Een weduwe in Hoogeveen": where somebody is, and not what they are called.
            let somewhere = after == at + 2 && self.stands(at + 1, &["in", "te", "op", "a"]);
            if self.is(at, Marks::SURNAMED) && after > at + 1 && !somewhere && self.may_be_name(after, true) {
                (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
            }
            let next = self.tokens.get(at + 1).filter(|token| token.joined || token.listed);
            let told = if self.is(at, Marks::SURNAMED) {
                Marks::NAME | Marks::BOTH
            } else {
                Marks::FIRST | Marks::ALWAYS | Marks::BOTH
            };
            if next.is_some_and(|token| {
                // `oma Mo`: a capital and small letters are no abbreviation.
                let written = self.style == Style::Ordinary && token.case == Case::Capital;
                // "moeder wil": where nothing has a capital, a word that does something is no name.
                let does = !written && token.marks.any(Marks::DOING | Marks::FREQUENT);
                let plain = token.marks.any(Marks::PLAIN) && !token.marks.any(Marks::BOTH);
                token.sort == Sort::Word && token.marks.any(told) && !does && (written || !plain)
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
        let words = self.text.slice(start - usize::from(marked), self.tokens[end - 1].end);
        self.lexicon.phrase(&folded(&words))
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
        if surname || short {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        } else if self.judged[after].is_masked() && !(after == at + 2 && self.stands(at + 1, &["in", "op", "te"])) {
            (at + 1..after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Wolf de Boer` at the begin of a sentence: a name that is a word, then links, then a name.
    fn before_links(&mut self, at: usize) {
        let token = self.tokens[at];
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let small = self.style != Style::Ordinary && !token.marks.any(Marks::FREQUENT | Marks::DOING);
        let called = token.marks.any(Marks::FIRST) || (small && token.marks.any(Marks::BOTH | Marks::SURNAME));
        let named = token.marks.any(Marks::NAME | Marks::BOTH) && (capital || called);
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
        let both = token.marks.any(Marks::BOTH) && !token.marks.any(Marks::FREQUENT | Marks::DOING);
        let first = self.style != Style::Ordinary && (token.marks.any(Marks::FIRST) || both);
        // `broer el houssaine`, where nothing has a capital.
        let foreign =
            person && self.style != Style::Ordinary && self.stands(at, &["el", "ait", "abu", "bin", "ibn", "ould"]);
        let linked = prefix && next.joined && self.is(at + 1, Marks::SECOND) && self.is(at, Marks::BEFORE_SECOND);
        let behind = at > 0 && token.joined && self.is(at, Marks::SECOND) && self.is(at - 1, Marks::BEFORE_SECOND);
        let bare = self.style != Style::Ordinary
            && self.stands(at, &["van", "de", "den"])
            && next.marks.any(Marks::NAME)
            && !next.marks.any(Marks::FIRST | Marks::ALWAYS);
        let of_more =
            capital && next_capital && !token.starts && token.marks.any(Marks::PLAIN) && token.marks.any(Marks::WORD);
        // "Jumbo Overvecht", "Voedselbank Zeist": and no "Moeder Fatima".
        let said = Marks::OFTEN | Marks::ROLE | Marks::SURNAMED | Marks::TITLE | Marks::DOING | Marks::SHORT;
        let of_body = capital
            && next.case != Case::Lower
            && token.starts
            && !token
                .marks
                .any(said | Marks::LISTED | Marks::INSTITUTION | Marks::PLAIN);
        if of_body
            || (capital && next_capital && (named || nation) && !token.marks.any(Marks::PLAIN))
            || of_more
            || (token.case == Case::Upper && capital && next_capital && token.marks.any(Marks::PLAIN | Marks::SHORT))
            || self.called(at)
            || bare
            || (capital && prefix && person)
            || (person && (linked || behind))
            || (first && person)
            || foreign
        {
            self.mask(at, SpanType::Person);
        }
    }
}
