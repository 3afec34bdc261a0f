//! Persons whose name is a word or a letter, where nothing has a capital: by who they are to somebody, where they work, and
//! what links the parts of a name.

use super::context::Line;
use super::judge::{Judged, Style};
use super::token::Sort;
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// In front of a letter that stands for somebody: `v d.`
const OF: [&str; 8] = ["v", "van", "m", "met", "bij", "door", "naar", "voor"];
/// Between the parts of names from elsewhere.
const FOREIGN_LINKS: [&str; 26] = [
    "el", "ait", "abu", "bin", "ibn", "ould", "dos", "das", "da", "del", "della", "di", "du", "la", "le", "las", "los",
    "san", "santa", "mac", "bint", "oulad", "ten", "ter", "ul", "ur",
];
/// Single letters that notes write for a word.
const WORDS_OF_LETTER: [&str; 7] = ["u", "n", "k", "m", "v", "t", "x"];
/// What surnames end in.
const SURNAMES: [&str; 30] = [
    "veen", "laar", "dijk", "berg", "burg", "veld", "horst", "kamp", "brink", "hof", "huis", "huizen", "meijer",
    "stra", "inga", "ema", "man", "mans", "sma", "beek", "broek", "bos", "aard", "haar", "hout", "donk", "woude",
    "stein", "mond", "link",
];
/// In front of what somebody says they are called.
const SELF: [&str; 4] = ["zich", "zichzelf", "bijnaam", "alias"];

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn personal(&mut self, at: usize) {
        self.local(at);
        self.letters(at);
        self.kin_of(at);
        if self.style == Style::Ordinary {
            return;
        }
        self.kin(at);
        self.announced(at);
        self.linked(at);
        self.of_team(at);
        self.shortened(at);
        self.alone(at);
        self.surnamed(at);
    }

    fn next_word(&self, at: usize) -> Option<usize> {
        let next = self.tokens.get(at + 1)?;
        (next.joined && next.sort == Sort::Word).then_some(at + 1)
    }

    /// Whether the word here can be no name: it does something, links, or is in every text.
    fn is_plainly_word(&self, at: usize) -> bool {
        let said = Marks::FREQUENT | Marks::DOING | Marks::PLAIN | Marks::SHORT | Marks::DETERMINER | Marks::HOUSED;
        self.is(at, said | Marks::LINK | Marks::TOWARDS | Marks::ROLE | Marks::UNIT)
    }

    /// `Oma van de Ven`: a relative whom others call by a surname.
    fn kin_of(&mut self, at: usize) {
        let after = if self.is(at, Marks::KIN) {
            self.after_links(at + 1)
        } else {
            return;
        };
        let somewhere = after == at + 2 && self.stands(at + 1, &["in", "te", "op", "a", "aan", "voor", "van", "met"]);
        let capital = self.style != Style::Ordinary || self.tokens.get(after).is_some_and(|next| next.capitals > 0);
        if after > at + 1 && !somewhere && capital && self.may_be_name(after, true) {
            (at + 1..=after).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `opa kok`, `tante gülşen`: behind a relative a name, also one that is a word or looks like a slip of the pen.
    fn kin(&mut self, at: usize) {
        let Some(next) = self.next_word(at).filter(|_| self.is(at, Marks::KIN)) else {
            return;
        };
        let marks = self.tokens[next].marks;
        let named = marks.any(Marks::NAME | Marks::SURNAME | Marks::FIRST | Marks::BOTH) || !marks.any(Marks::COMMON);
        if named && (!self.is_plainly_word(next) || marks.any(Marks::BOTH)) && !self.is(next, Marks::DOING) {
            self.mask(next, SpanType::Person);
        }
    }

    /// `noemt zich engel`, `gezin ter haar`, `huisarts v. bommel`.
    fn announced(&mut self, at: usize) {
        let called = self.stands(at, &SELF) && (at == 0 || !self.stands(at, &SELF[..2]) || self.names_before(at));
        if let Some(next) = self.next_word(at).filter(|next| called && !self.is_plainly_word(*next)) {
            self.mask(next, SpanType::Person);
        }
        let Some(link) = self.tokens.get(at + 1).filter(|link| link.joined) else {
            return;
        };
        let titled =
            self.is(at, Marks::TITLE) && self.stands(at + 1, &["ter", "ten", "te", "van", "de", "den", "v", "vd"]);
        let initial = link.sort == Sort::Initials || link.end - link.start == 1;
        let dotted = self.is(at, Marks::SURNAMED) && self.stands(at + 1, &["v.", "d."]) && initial;
        let name = at + 2;
        let follows = self
            .tokens
            .get(name)
            .is_some_and(|token| token.joined && token.sort == Sort::Word && token.letters > 2);
        let other = follows && (self.is(name, Marks::DOING) || self.stands(name, &["wie", "een", "het", "de"]));
        let common = titled
            && !self.stands(at + 1, &["ter", "ten"])
            && follows
            && self.is(
                name,
                Marks::OFTEN | Marks::PLAIN | Marks::HOSTING | Marks::INSTITUTION | Marks::REGIONAL,
            );
        if follows && (titled || dotted) && !other && !common {
            (at + 1..=name).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    fn names_before(&self, at: usize) -> bool {
        self.stands(at - 1, &["noemt", "noemde", "noemen"])
    }

    /// `dos santos lima`, `tjon a ten`: what links the parts of a name, and what it links.
    fn linked(&mut self, at: usize) {
        let person = matches!(self.judged[at], Judged::Masked(SpanType::Person | SpanType::Unknown));
        if !person || self.tokens[at].sort != Sort::Word {
            return;
        }
        let links = |line: &Self, at: usize| line.tokens[at].sort == Sort::Word && line.stands(at, &FOREIGN_LINKS);
        if at > 0 && self.tokens[at].joined && links(self, at - 1) {
            self.mask(at - 1, SpanType::Person);
        }
        let surinamese = self.next_word(at).filter(|next| self.stands(*next, &["a"]));
        let last = surinamese.and_then(|link| self.next_word(link));
        if let Some(last) = last.filter(|last| !self.is(*last, Marks::DOING)) {
            (at + 1..=last).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `bakker van het wijkteam`: a name that is a word, and where they work.
    fn of_team(&mut self, at: usize) {
        let token = self.tokens[at];
        let named = token.sort == Sort::Word && token.marks.any(Marks::SURNAME | Marks::BOTH | Marks::FIRST);
        let determined = at > 0 && token.joined && self.is(at - 1, Marks::DETERMINER);
        if !named
            || determined
            || token
                .marks
                .any(Marks::FREQUENT | Marks::PLAIN | Marks::DOING | Marks::ROLE)
        {
            return;
        }
        let Some(of) = self
            .next_word(at)
            .filter(|of| self.stands(*of, &["van", "v", "vd", "v/d"]))
        else {
            return;
        };
        let Some(team) = self.next_word(of) else {
            return;
        };
        let team = if self.stands(team, &["de", "het", "t"]) {
            team + 1
        } else {
            team
        };
        let works = self.tokens.get(team).is_some_and(|token| {
            token.sort == Sort::Word && token.marks.any(Marks::REGIONAL | Marks::HOUSE | Marks::PLAIN)
        });
        if works && !self.stands(team, &["wet", "inwoner"]) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `huisarts akkerhorst`: two words in one that end like a surname, behind whom one calls by it.
    fn surnamed(&mut self, at: usize) {
        let Some(next) = self
            .next_word(at)
            .filter(|_| self.is(at, Marks::SURNAMED | Marks::TITLE) || self.ends_as_who(at))
        else {
            return;
        };
        let token = self.tokens[next];
        let letters = &self.text.low()[token.start..token.end];
        let mut tails = SURNAMES.iter();
        let ended = letters.len() > 6
            && tails.any(|tail| letters.iter().rev().copied().take(tail.len()).eq(tail.chars().rev()));
        let known = token.marks.any(Marks::WORD | Marks::SHORT | Marks::PLAIN);
        if ended && !known && !self.judged[next].is_masked() {
            self.mask(next, SpanType::Person);
        }
    }

    /// `moeder wil, 34`: a name that is a verb, when nothing follows that it could do.
    fn alone(&mut self, at: usize) {
        let Some(next) = self.next_word(at).filter(|_| self.is(at, Marks::ROLE)) else {
            return;
        };
        let both = self.tokens[next].marks.any(Marks::BOTH) && !self.is(next, Marks::FREQUENT);
        let and = at > 0 && self.tokens[at].joined && self.stands(at - 1, &["en", "met"]);
        let mark = self.text.low().get(self.tokens[next].end);
        let ends = matches!(mark, Some(',' | ';' | ')') | None) || (and && mark == Some(&'.'));
        if both && ends {
            self.mask(next, SpanType::Person);
        }
    }

    /// `samira t,`: of a surname the first letter, when nothing follows that it could be said of.
    fn shortened(&mut self, at: usize) {
        let first = self.judged[at].is_masked() && self.tokens[at].marks.any(Marks::FIRST);
        let Some(next) = self.next_word(at).filter(|_| first) else {
            return;
        };
        let letter = self.tokens[next].end - self.tokens[next].start == 1;
        let alone = self.tokens.get(next + 1).is_none_or(|after| !after.joined);
        if letter && alone && !(self.stands(next, &WORDS_OF_LETTER[..2])) {
            self.mask(next, SpanType::Person);
        }
    }

    /// `kids l. en n.`, `klap gehad v d.`: letters that stand for somebody.
    fn letters(&mut self, at: usize) {
        let token = self.tokens[at];
        let single = token.sort == Sort::Initials && token.end - token.start == 2;
        if !single || at == 0 || (self.style == Style::Ordinary && !self.text.is_capital(token.start)) {
            return;
        }
        let who = self.is(at - 1, Marks::ROLE | Marks::TITLE | Marks::SURNAMED) && token.joined;
        let of = token.joined && self.stands(at - 1, &OF) && !self.text.stands(token.start, "h.");
        let and = at > 1
            && token.joined
            && self.stands(at - 1, &["en"])
            && self.tokens[at - 2].sort == Sort::Initials
            && self.judged[at - 2].is_masked();
        // `youssef el m.`
        let linked = at > 1 && token.joined && self.stands(at - 1, &FOREIGN_LINKS) && self.judged[at - 2].is_masked();
        if linked {
            (at - 1..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
        let ends = self
            .tokens
            .get(at + 1)
            .is_none_or(|next| !next.joined || self.stands(at + 1, &["en", "is", "heeft"]));
        if who || and || (of && ends) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `rotterdam noord`: a part of a town behind its name.
    fn local(&mut self, at: usize) {
        let place = self.judged[at] == Judged::Masked(SpanType::Place);
        let next = self.next_word(at).filter(|next| place && self.is(*next, Marks::LOCAL));
        if let Some(next) = next {
            self.mask(next, SpanType::Place);
        }
        let street = at > 0 && self.tokens[at].joined && self.judged[at].is_masked() && self.style != Style::Ordinary;
        let letters = &self.text.low()[self.tokens[at].start..self.tokens[at].end];
        let ended = [
            ['s', 't', 'r', 'a', 'a', 't'].as_slice(),
            &['g', 'r', 'a', 'c', 'h', 't'],
            &['p', 'l', 'e', 'i', 'n'],
        ];
        if street
            && ended.iter().any(|end| letters.ends_with(end))
            && self.stands(at - 1, &["oude", "nieuwe", "lange", "korte", "grote"])
        {
            self.mask(at - 1, SpanType::Place);
        }
    }
}
