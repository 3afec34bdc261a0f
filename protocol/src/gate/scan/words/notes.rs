//! What notes say by how they are written: initials, registers, headings, names behind a colon or over two lines.

use super::context::{LINKS_MAX, Line};
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// A longer number may be anybody's.
const DIGITS_MAX: usize = 4;

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
        // Under a letter, or above what is said of somebody.
        if let [token] = self.tokens
            && token.sort == Sort::Word
            && token.marks.any(Marks::FIRST | Marks::BOTH)
            && !(token.case == Case::Lower && token.marks.any(Marks::FREQUENT | Marks::DOING))
        {
            self.mask(0, SpanType::Person);
        }
    }

    /// `storm bakker`, `post - visser`: two words that are names, and one behind the other.
    pub(super) fn doubled(&mut self, at: usize) {
        let Some(next) = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.sort == Sort::Word)
        else {
            return;
        };
        if !next.marks.any(Marks::SURNAME) {
            return;
        }
        let token = self.tokens[at];
        let other = Marks::FREQUENT | Marks::PLAIN | Marks::DOING;
        let determined = at > 0 && token.joined && self.is(at - 1, Marks::DETERMINER | Marks::DOING);
        let surname = next.marks.any(Marks::SURNAME) && !next.marks.any(other);
        let spaced = self.text.is(token.end, next.start, " ");
        let hyphened = self.text.is(token.end, next.start, " - ") || self.text.is(token.end, next.start, "-");
        let first = spaced && token.marks.any(Marks::BOTH | Marks::FIRST) && !token.marks.any(other);
        let twice = hyphened && token.marks.any(Marks::SURNAME) && !token.marks.any(other);
        let capital = self.style == Style::Ordinary && (token.case == Case::Lower || next.case == Case::Lower);
        if token.sort == Sort::Word && surname && (first || twice) && !determined && !capital {
            (at..=at + 1).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Lente en Storm zijn thuis`: at the begin of a sentence, beside a name.
    pub(super) fn beside(&mut self, at: usize) {
        let token = self.tokens[at];
        let named = token.marks.any(Marks::BOTH | Marks::FIRST | Marks::SURNAME) && !token.marks.any(Marks::PLAIN);
        if !named {
            return;
        }
        let and = at + 2 < self.tokens.len() && self.tokens[at + 1].joined && self.stands(at + 1, &["en"]);
        let joined = and && self.tokens[at + 2].joined && self.judged[at + 2].is_masked();
        let capital = |at: usize| self.tokens[at].case == Case::Capital && self.style == Style::Ordinary;
        if named && joined && token.sort == Sort::Word && capital(at) && capital(at + 2) {
            self.mask(at, SpanType::Person);
        }
        // `kick en beer gaan mee`, where nothing has a capital.
        let both = |at: usize| self.is(at, Marks::BOTH) && !self.is(at, Marks::FREQUENT | Marks::PLAIN);
        if and
            && self.style != Style::Ordinary
            && !token.joined
            && both(at)
            && self.tokens[at + 2].joined
            && both(at + 2)
        {
            self.mask(at, SpanType::Person);
            self.mask(at + 2, SpanType::Person);
        }
    }

    /// `vader heet wil`: whatever it is, it is a name.
    pub(super) fn named(&mut self, at: usize) {
        // Most words begin otherwise.
        if !matches!(self.text.low()[self.tokens[at].start], 'h' | 'g' | 'r') {
            return;
        }
        let next = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.sort == Sort::Word);
        let called = self.stands(at, &["heet", "heette", "heten", "genaamd", "roepnaam"]);
        if let Some(next) = next.filter(|_| called) {
            let named = next.marks.any(Marks::BOTH | Marks::FIRST | Marks::SURNAME);
            if (named && !next.marks.any(Marks::PLAIN)) || !next.marks.any(Marks::COMMON | Marks::SHORT | Marks::PLAIN)
            {
                self.mask(at + 1, SpanType::Person);
            }
        }
    }

    /// `vogel-van de weteringh`, `Dijk-ter Beek`: a name that goes on behind a hyphen and a link.
    pub(super) fn hyphenated(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.marks.any(Marks::COMMON) {
            return;
        }
        let letters = &self.text.low()[token.start..token.end];
        let Some(hyphen) = letters
            .iter()
            .position(|c| *c == '-')
            .filter(|_| token.sort == Sort::Word)
        else {
            return;
        };
        let (head, tail) = (
            self.lexicon.word(&letters[..hyphen]),
            self.lexicon.word(&letters[hyphen + 1..]),
        );
        let after = self.after_links(at + 1);
        let linked = tail.any(Marks::LINK) && (head.any(Marks::NAME) || !head.any(Marks::WORD));
        if linked && self.may_be_name(after, true) {
            (at..=after).for_each(|at| self.mask(at, SpanType::Person));
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
        if !named {
            return;
        }
        let token = self.tokens[at];
        let letter = |at: usize| self.tokens.get(at).is_some_and(|token| token.end - token.start == 1);
        let said = token.case == Case::Lower
            && self.stands(at, &["u", "n", "k"])
            && !letter(at + 1)
            && !at.checked_sub(1).is_some_and(|before| token.joined && letter(before));
        let single = token.sort == Sort::Word && token.end - token.start == 1 && !said;
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        if token.sort == Sort::Initials || (single && (capital || self.style != Style::Ordinary)) {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Zomer, A.B. van`: a name as registers write it; `Zomer, Roos` and `Roos Z.`
    pub(super) fn inverted(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Word {
            return;
        }
        let named = self.judged[at].is_masked();
        let capital = self.style != Style::Ordinary || token.case == Case::Capital;
        if named && capital && self.is_letter(at + 1) && self.tokens[at + 1].sort == Sort::Initials {
            self.mask(at + 1, SpanType::Person);
        }
        let surname = capital && token.marks.any(Marks::SURNAME) && !token.marks.any(Marks::FREQUENT);
        let Some(letter) = self.tokens.get(at + 1).filter(|_| named || surname) else {
            return;
        };
        if !self.text.is(token.end, letter.start, ", ") {
            return;
        }
        let first = letter.marks.any(Marks::FIRST | Marks::ALWAYS | Marks::BOTH) && !letter.marks.any(Marks::FREQUENT);
        let single = letter.sort == Sort::Initials || letter.letters == 1 && letter.end - letter.start == 1;
        if surname && (token.starts || self.style != Style::Ordinary) && first && self.judged[at + 1].is_masked() {
            self.mask(at, SpanType::Person);
        }
        if !single {
            return;
        }
        let mut end = at + 2;
        while self.is_letter(end) {
            end += 1;
        }
        let after = self.after_links(end);
        let divided = |next: usize| self.text.stands(self.tokens[next - 1].end, " - ");
        let alone = divided(after) || self.tokens.get(after).is_none_or(|next| !next.joined);
        // "Zomer, A dat": a letter that a word follows is something else.
        if letter.sort == Sort::Initials || alone {
            let end = if alone { after } else { end };
            (at..end).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `Aanwezig: Roos, Zomer`, `- Zomer: geen adres`: in notes a colon makes names of words that may be one.
    pub(super) fn told_by_colon(&mut self, at: usize) {
        let token = self.tokens[at];
        let capital = token.case == Case::Capital && self.style == Style::Ordinary;
        let plain = token.marks.any(Marks::PLAIN | Marks::FREQUENT) && !token.marks.any(Marks::BOTH);
        let named = token.marks.any(Marks::SURNAME | Marks::FIRST | Marks::BOTH) && !plain;
        if token.sort != Sort::Word || !named || !(capital || self.style != Style::Ordinary) {
            return;
        }
        let before =
            at > 0 && self.is(at - 1, Marks::LISTED) && self.text.is(self.tokens[at - 1].end, token.start, ": ");
        // `groet, Ster`, and on the next line no more.
        let signed = at > 0
            && self.stands(at - 1, &["groet", "groeten", "groetjes", "gr", "mvg"])
            && self.tokens.get(at + 1).is_none_or(|next| !next.joined)
            && (token.listed || token.joined);
        let marked = [":", ",", " (", " /", " &", " +"]
            .iter()
            .any(|mark| self.text.stands(token.end, mark));
        let behind = at == 0 && marked && capital;
        if before || behind || signed {
            self.mask(at, SpanType::Person);
        }
    }

    /// Whether a person must look at a word that stays: it may be a name, and only a reader can tell.
    pub(super) fn is_doubtful(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let marks = token.marks;
        match self.judged[at] {
            Judged::Masked(_) => return false,
            Judged::Slip => return true,
            // A law is nobody, and a body may point at somebody.
            Judged::Public if self.stands(at, &["wet"]) => return false,
            Judged::Public => return self.style != Style::Ordinary || token.case != Case::Lower,
            Judged::Word => {}
        }
        if token.sort == Sort::Number {
            // `lijn5`, `12345`, `14.00` and `1958` may be somebody's; `3`, `2e` and `1.200` are not.
            let end = self.text.digits_end(token.start);
            let digits = end - token.start;
            let ordinal = self
                .text
                .is_any(end, token.end, &["", "e", "x", "de", "ste", "uur", "jarige", "%"]);
            let low = self.text.low();
            let divided = matches!(low.get(token.end), Some('.' | '-' | '/' | ':' | '_'))
                && low.get(token.end + 1).is_some_and(char::is_ascii_digit)
                && self.text.digits_end(token.end + 1) != token.end + 4;
            let more = self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.joined && next.sort == Sort::Number);
            let born = digits == 4 && self.text.stands(token.start, "19");
            return !ordinal || digits > DIGITS_MAX || divided || more || born;
        }
        let titled =
            token.joined && at > 0 && self.is(at - 1, Marks::TITLE) && (token.letters < 3 || self.is(at, Marks::LINK));
        if titled {
            return true;
        }
        if token.sort != Sort::Word || marks.any(Marks::FREQUENT) {
            return false;
        }
        let people = marks.any(Marks::FIRST | Marks::BOTH | Marks::HOUSE | Marks::PLACE | Marks::ALWAYS);
        let ordinary = marks.any(Marks::WORD | Marks::PLAIN) && marks.any(Marks::COMMON);
        if self.style != Style::Ordinary {
            return people || marks.any(Marks::SURNAME | Marks::NATION) || !(ordinary || marks.any(Marks::SHORT));
        }
        let capital = token.case != Case::Lower;
        if token.starts {
            return capital && (people || marks.any(Marks::SURNAME));
        }
        let known = marks.any(Marks::PLAIN) && marks.any(Marks::WORD | Marks::SHORT);
        capital && !known
    }
}
