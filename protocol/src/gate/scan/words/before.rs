//! What stands before a name and belongs to it, and what stands there and does not.

use super::context::Line;
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What most streets end in.
pub(super) const STREETS: [&str; 8] = ["straat", "laan", "weg", "plein", "gracht", "kade", "singel", "steeg"];
/// Whom or what a note names behind a colon.
const WHO: u64 = Marks::ROLE | Marks::SURNAMED | Marks::HOSTING;

impl Line<'_> {
    /// `Wolf de Boer` at the begin of a sentence: a name that is a word, then links, then a name.
    fn before_links(&mut self, at: usize) {
        let token = self.tokens[at];
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let small = self.style != Style::Ordinary && !token.marks.any(Marks::FREQUENT | Marks::DOING);
        let called = token.marks.any(Marks::FIRST) || (small && token.marks.any(Marks::BOTH | Marks::SURNAME));
        let named = token.marks.any(Marks::NAME | Marks::BOTH) && (capital || called);
        // "Buurman Ahmed", behind the end of a sentence.
        let who = token.marks.any(Marks::ROLE | Marks::TITLE) && !token.marks.any(Marks::FIRST | Marks::BOTH);
        if !named || who {
            return;
        }
        let after = self.after_links(at + 1);
        let follows = self.tokens.get(after).is_some_and(|next| next.joined && !next.starts);
        let person = follows && matches!(self.judged[after], Judged::Masked(SpanType::Person | SpanType::Unknown));
        let elsewhere = after > at + 1 && self.is_elsewhere(at, after);
        if token.sort == Sort::Word && person && !elsewhere && !token.marks.any(Marks::PLAIN) {
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
        // "het dossier van Lieke": whose it is.
        let said = Marks::DOING | Marks::HOUSED | Marks::ROLE | Marks::SURNAMED | Marks::TITLE | Marks::LINK;
        let owned = at > 0 && token.joined && !self.is(at - 1, said | Marks::FREQUENT | Marks::OFTEN | Marks::FIRST);
        // "bij de Jumbo", "op de Kanaalstraat": no surname.
        let body = next
            .marks
            .any(Marks::HOUSE | Marks::PUBLIC | Marks::REGIONAL | Marks::INSTITUTION)
            || self.ends_as(at + 1, &STREETS);
        let bare = self.stands(at, &["de"]) && !body || self.stands(at, &["van"]) && !owned;
        let prefixed = token.case == Case::Lower && surname && bare;
        let words = next.marks.any(Marks::WORD) && !next.marks.any(Marks::NAME);
        let titled = token.starts && token.case != Case::Lower && !token.marks.any(Marks::FREQUENT | Marks::PLAIN);
        prefixed || (titled && words)
    }

    /// `bij de jumbo`, `app van naomi`, `pahlavi van dimence`: what stands in front of a name and is no part of it.
    fn is_no_surname(&self, at: usize) -> bool {
        let surname = self.is(at + 1, Marks::SURNAME);
        let place = self.judged[at + 1] == Judged::Masked(SpanType::Place) || self.ends_as(at + 1, &STREETS);
        let joined = at > 0 && self.tokens[at].joined;
        let towards = joined && self.is(at - 1, Marks::HOUSED | Marks::TOWARDS | Marks::LINK);
        let said = Marks::DOING | Marks::HOUSED | Marks::ROLE | Marks::SURNAMED | Marks::TITLE | Marks::LINK;
        let owned = joined && !self.is(at - 1, said | Marks::FREQUENT | Marks::OFTEN | Marks::FIRST);
        let body = self.is_where_one_works(at + 1);
        match () {
            () if surname => false,
            () if self.stands(at, &["de"]) => place || towards || body,
            () => body || owned && self.judged[at - 1] == Judged::Word,
        }
    }

    /// What stands before a name: `De Vries` at the begin of a sentence, `Roos Jansen`, `Rode Kruis`, `Nederlandse Spoorwegen`.
    pub(super) fn before(&mut self, at: usize) {
        self.before_links(at);
        let Some(next) = self.tokens.get(at + 1).filter(|next| next.joined && !next.starts) else {
            return;
        };
        let token = self.tokens[at];
        if !self.judged[at + 1].is_masked() || self.judged[at].is_masked() || token.sort != Sort::Word {
            return;
        }
        let capital = token.case != Case::Lower && self.style == Style::Ordinary;
        let next_capital = next.case != Case::Lower || self.style != Style::Ordinary;
        let written = capital && next_capital;
        let prefix = self.is(at, Marks::PREFIX) && !self.is_article(at);
        let person = matches!(self.judged[at + 1], Judged::Masked(SpanType::Person));
        let plain = token.marks.any(Marks::PLAIN);
        let both = token.marks.any(Marks::BOTH) && !token.marks.any(Marks::FREQUENT | Marks::DOING);
        let first = self.style != Style::Ordinary && (token.marks.any(Marks::FIRST) || both);
        // `broer el houssaine`, where nothing has a capital.
        let foreign =
            person && self.style != Style::Ordinary && self.stands(at, &["el", "ait", "abu", "bin", "ibn", "ould"]);
        let linked = prefix && next.joined && self.is(at + 1, Marks::SECOND) && self.is(at, Marks::BEFORE_SECOND);
        let behind = at > 0 && token.joined && self.is(at, Marks::SECOND) && self.is(at - 1, Marks::BEFORE_SECOND);
        if (capital && self.is_before_body(at))
            || (written && self.is_name_before(at) && !plain)
            || (written && self.is_of_more(at))
            || (written && token.case == Case::Upper && token.marks.any(Marks::PLAIN | Marks::SHORT))
            || self.called(at)
            || self.is_bare(at)
            || (capital && prefix && person)
            || (person && (linked || behind))
            || (first && person)
            || foreign
        {
            self.mask(at, SpanType::Person);
        }
    }

    /// "In Assen", "De NS", "De Raad": at the begin of a sentence, in front of what is no surname.
    fn is_article(&self, at: usize) -> bool {
        let (token, next) = (&self.tokens[at], &self.tokens[at + 1]);
        let common = !next.marks.any(Marks::NAME) && next.marks.any(Marks::PLACE | Marks::COMMON);
        token.starts
            && self.style == Style::Ordinary
            && !self.text.stands(next.end, ":")
            && (next.case == Case::Upper || common || self.stands(at, &["in", "op", "te"]))
    }

    /// A name or people: and no "Baas Nel weet", "Belde Autobedrijf Wildschut", where a sentence begins.
    fn is_name_before(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let said = Marks::ROLE | Marks::DOING | Marks::HOSTING | Marks::INSTITUTION;
        let begun = token.starts && token.marks.any(said) && !token.marks.any(Marks::FIRST | Marks::BOTH);
        token.marks.any(Marks::NATION) || token.marks.any(Marks::NAME | Marks::FIRST) && !begun
    }

    /// `van dijk`, where nothing has a capital.
    fn is_bare(&self, at: usize) -> bool {
        let next = &self.tokens[at + 1];
        self.style != Style::Ordinary
            && self.stands(at, &["van", "de", "den"])
            && next.marks.any(Marks::NAME)
            && !next.marks.any(Marks::FIRST | Marks::ALWAYS)
            && !self.is_no_surname(at)
    }

    /// `Centrum Jeugd`, and `Aanbieder: Jeugdhulp Op Maat`: a plain word that is the first of a name.
    fn is_of_more(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let told = at > 0 && self.text.is(self.tokens[at - 1].end, token.start, ": ") && self.is(at - 1, WHO);
        (!token.starts || told) && token.marks.any(Marks::PLAIN) && token.marks.any(Marks::WORD)
    }

    /// "Jumbo Overvecht", "Voedselbank Zeist": and no "Moeder Fatima", "Toezichthouder Verbeek".
    fn is_before_body(&self, at: usize) -> bool {
        let (token, next) = (&self.tokens[at], &self.tokens[at + 1]);
        let said = Marks::OFTEN | Marks::ROLE | Marks::SURNAMED | Marks::TITLE | Marks::DOING | Marks::SHORT;
        let other = said | Marks::LISTED | Marks::INSTITUTION | Marks::PLAIN;
        let who = self.ends_as_who(at) || (next.marks.any(Marks::FIRST) && !next.marks.any(Marks::PLACE));
        token.starts && next.case != Case::Lower && !who && !token.marks.any(other)
    }
}
