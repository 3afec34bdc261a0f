//! What schools, homes, churches and employers are called where nothing has a capital: by the word before or behind the
//! name, and by what somebody does there.

use super::context::{Line, ends_with};
use super::judge::{Judged, Style};
use super::token::{Case, Sort};
use crate::gate::lexicon::Marks;
use crate::gate::span::SpanType;

/// What somebody has or does at an employer.
const EMPLOYED: [&str; 21] = [
    "werknemer",
    "oud-werknemer",
    "medewerker",
    "medewerkster",
    "eigenaar",
    "werkt",
    "werk",
    "werkte",
    "werken",
    "werkzaam",
    "baan",
    "baantje",
    "bijbaan",
    "stage",
    "dienst",
    "contract",
    "ontslagen",
    "ontslag",
    "inpakken",
    "solliciteert",
    "gesolliciteerd",
];
/// Between that and the employer.
const AT: [&str; 4] = ["bij", "door", "voor", "van"];
/// Behind the name of a firm.
const FIRMS: [&str; 10] = [
    "bewind",
    "vastgoed",
    "advocaten",
    "makelaars",
    "cars",
    "catering",
    "logistiek",
    "schilders",
    "transport",
    "bewindvoering",
];
/// What words for a house end in, so that it is one whatever stands before it.
const HOSTS: [&str; 20] = [
    "school",
    "kerk",
    "moskee",
    "centrum",
    "kliniek",
    "restaurant",
    "stichting",
    "vereniging",
    "genootschap",
    "koor",
    "gevangenis",
    "bedrijf",
    "winkel",
    "bureau",
    "kantoor",
    "praktijk",
    "opvang",
    "bakkerij",
    "club",
    "gemeenschap",
];
/// The most words of the name of a house.
const NAME_WORDS_MAX: usize = 6;
/// Articles in front of a name.
const ARTICLES: [&str; 4] = ["de", "het", "t", "'t"];
/// What sports clubs begin with.
const CLUBS: [&str; 8] = ["vv", "sv", "hv", "fc", "rkvv", "rksv", "kc", "tc"];
/// Behind these stands a name, word or not.
const STRONG: [&str; 7] = [
    "zorgbureau",
    "uitzendbureau",
    "kwekerij",
    "toko",
    "bewindvoerderskantoor",
    "mentorkantoor",
    "moedercentrum",
];
/// In front of a name that is written like a slip of the pen, or like two words in one.
const BESIDE: [&str; 3] = ["bij", "via", "contact"];
/// The last parts of compounds that are no employer: `bij huisbezoek`, `via wijkverpleging`.
const NO_HOUSES: [&str; 44] = [
    "gesprek",
    "bezoek",
    "aanvraag",
    "overleg",
    "komst",
    "gang",
    "ing",
    "heid",
    "schap",
    "atie",
    "zorg",
    "hulp",
    "dienst",
    "werker",
    "team",
    "arts",
    "loket",
    "balie",
    "controle",
    "onderzoek",
    "plan",
    "afspraak",
    "besluit",
    "contact",
    "leider",
    "beheer",
    "werk",
    "punt",
    "kundige",
    "consulent",
    "regeling",
    "toets",
    "nummer",
    "adres",
    "kosten",
    "recht",
    "lijst",
    "woning",
    "problemen",
    "klachten",
    "intake",
    "mail",
    "app",
    "gever",
];

impl Line<'_> {
    /// Everything that this file knows, for the word here.
    pub(super) fn instituted(&mut self, at: usize) {
        self.opened(at);
        if self.style == Style::Ordinary {
            return;
        }
        self.named_house(at);
        self.hosted(at);
        self.headed_house(at);
        self.employed(at);
        self.beside_house(at);
        self.described(at);
        self.bracketed_house(at);
        self.regional_house(at);
        self.told_behind(at);
    }

    /// `(Zeker Goede Zorg)`: behind a bracket a capital says more than that a sentence begins.
    fn opened(&mut self, at: usize) {
        self.capitals(at);
        // `vv Alverna`
        let club = self.tokens[at].end - self.tokens[at].start <= 4 && self.stands(at, &CLUBS);
        if club && self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.judged[at + 1].is_masked() {
            self.mask(at, SpanType::Person);
        }
        let token = self.tokens[at];
        let capital = token.case == Case::Capital && self.style == Style::Ordinary && token.sort == Sort::Word;
        let bracket = token.start > 0 && self.text.low()[token.start - 1] == '(';
        let next = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.case == Case::Capital);
        let alone = next.is_some_and(|next| self.text.stands(next.end, ")"));
        let frequent = if alone { 0 } else { Marks::FREQUENT };
        let known = token
            .marks
            .any(Marks::ROLE | Marks::TITLE | Marks::SURNAMED | Marks::LISTED | frequent);
        if capital && bracket && next.is_some() && !known && self.judged[at + 1].is_masked() {
            self.mask(at, SpanType::Person);
        }
    }

    /// `Stichting Samen in Ons Dorp`: whatever has a capital behind it.
    fn capitals(&mut self, at: usize) {
        let first = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.case == Case::Capital);
        let told = self.style == Style::Ordinary && first.is_some() && self.is(at, Marks::INSTITUTION | Marks::HOSTING);
        if !told || self.is(at, Marks::PUBLIC | Marks::PLAIN) && !self.stands(at, &["stichting"]) {
            return;
        }
        let mut links = 0;
        for name in at + 1..self.tokens.len().min(at + 1 + NAME_WORDS_MAX) {
            let token = self.tokens[name];
            if !token.joined || token.sort != Sort::Word || self.judged[name] == Judged::Public {
                return;
            }
            // "restaurant De Gouden Draak in Oss": where it is.
            let somewhere = links > 0 && self.stands(name - links, &["in", "te", "op", "aan"]) && {
                self.judged[name] == Judged::Masked(SpanType::Place) || self.is(name, Marks::INSTITUTION | Marks::PLACE)
            };
            if somewhere {
                return;
            }
            if token.case == Case::Capital {
                (name - links..=name).for_each(|at| self.mask(at, SpanType::Person));
                links = 0;
            } else if token.marks.any(Marks::LINK) || self.stands(name, &["en", "ons", "onze"]) {
                links += 1;
            } else {
                return;
            }
        }
    }

    /// `in de fontein`, `groep 5 de regenboog`: a word that houses are called, where one may be.
    fn named_house(&mut self, at: usize) {
        let token = self.tokens[at];
        let Some(article) = at.checked_sub(1).filter(|_| token.joined && token.sort == Sort::Word) else {
            return;
        };
        if !self.stands(article, &ARTICLES) {
            return;
        }
        let Some(before) = article.checked_sub(1).filter(|_| self.tokens[article].joined) else {
            return;
        };
        let class = self.tokens[before].sort == Sort::Number
            && before
                .checked_sub(1)
                .is_some_and(|group| self.stands(group, &["groep", "klas", "gr"]));
        let somewhere = self.is(before, Marks::HOUSED | Marks::TOWARDS) || self.stands(before, &["op", "school", "is"]);
        let slipped =
            self.judged[at] == Judged::Slip && !self.lexicon.is_slip(&self.text.low()[token.start..token.end]);
        if slipped && somewhere {
            self.mask(at, SpanType::Person);
        }
        let called = token.marks.any(Marks::CALLED) && !token.marks.any(Marks::OFTEN) && somewhere;
        let of_class = class && !token.marks.any(Marks::OFTEN | Marks::FREQUENT | Marks::DOING);
        let housed = self.judged[at].is_masked() && !token.marks.any(Marks::FIRST) && somewhere;
        if called || of_class {
            self.mask(at, SpanType::Person);
        }
        if called || of_class || (housed && self.tokens[article].case != Case::Capital) {
            self.mask(article, SpanType::Person);
        }
    }

    /// `kwekerij lans`, `vmbo het kompas`, `kerk (de ontmoeting)`.
    fn hosted(&mut self, at: usize) {
        if !self.joined_word(at + 1) || !self.is_host(at) {
            return;
        }
        self.of_family(at);
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let founded = ["stichting", "vereniging", "school"].iter().any(|tail| {
            letters
                .iter()
                .rev()
                .copied()
                .zip(tail.chars().rev())
                .filter(|(a, b)| a == b)
                .count()
                == tail.len()
        });
        let next_is = |of: &[&str]| self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.stands(at + 1, of);
        let ours = founded && next_is(&["ons", "onze"]);
        let article = ours || next_is(&ARTICLES);
        let name = at + 1 + usize::from(article);
        let Some(next) = self
            .tokens
            .get(name)
            .filter(|next| next.joined && next.sort == Sort::Word && next.end - next.start > 1)
        else {
            return;
        };
        let said = Marks::FREQUENT | Marks::DOING | Marks::SHORT | Marks::PLAIN | Marks::HOUSED | Marks::DETERMINER;
        let other = Marks::ROLE | Marks::TITLE | Marks::UNIT | Marks::TOWARDS | Marks::LINK;
        let ordinary = if article {
            Marks::FREQUENT | Marks::ROLE | Marks::HOSTING
        } else {
            Marks::COMMON
        };
        let strong = self.stands(at, &STRONG) && !next.marks.any(Marks::FREQUENT | Marks::DOING | Marks::HOSTING);
        if strong || (!next.marks.any(said | other | ordinary) && !self.is_participle(name)) {
            (at + 1..=name).for_each(|at| self.mask(at, SpanType::Person));
            // `restaurant nieuw hong kong`: what stands between a head and a name belongs to it.
        } else if !article && self.is_between(name) {
            self.mask(name, SpanType::Person);
        }
    }

    /// `kwekerij`, and a word that ends in one of these: `wijkrestaurant`.
    fn is_host(&self, at: usize) -> bool {
        if self.is(at, Marks::HOSTING | Marks::INSTITUTION) {
            return true;
        }
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let mut tails = HOSTS.iter();
        token.sort == Sort::Word
            && letters.len() > 7
            && tails.any(|tail| letters.len() > tail.len() + 2 && ends_with(letters, tail))
    }

    /// `bakkerij van tol`, `slagerij de wit`: whose it is.
    fn of_family(&mut self, at: usize) {
        let link = self.tokens.get(at + 1).is_some_and(|next| next.joined) && self.stands(at + 1, &["van", "de"]);
        let named = |token: &&super::token::Token| {
            let marks = token.marks;
            token.joined && marks.any(Marks::SURNAME) && !marks.any(Marks::FREQUENT | Marks::DOING | Marks::PLAIN)
        };
        if link && self.tokens.get(at + 2).filter(named).is_some() {
            (at + 1..=at + 2).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `ggz de wende`: a body of which there are more, called after something.
    fn regional_house(&mut self, at: usize) {
        let article = self.is(at, Marks::REGIONAL)
            && at + 2 < self.tokens.len()
            && self.tokens[at + 1].joined
            && self.tokens[at + 2].joined
            && self.stands(at + 1, &ARTICLES);
        let said = Marks::COMMON | Marks::FREQUENT | Marks::PLAIN | Marks::DOING | Marks::ROLE | Marks::HOSTING;
        if article && self.tokens[at + 2].sort == Sort::Word && !self.is(at + 2, said) {
            (at + 1..=at + 2).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `de kopstoot (kroeg)`: behind it, in brackets, what it is.
    fn told_behind(&mut self, at: usize) {
        let token = self.tokens[at];
        if token.sort != Sort::Word || !self.text.stands(token.end, " (") || at + 1 >= self.tokens.len() {
            return;
        }
        let what = self.is_host(at + 1)
            || self.stands(at + 1, &["kroeg", "woonvorm", "café", "cafe", "koor", "winkel", "werk"]);
        let said = Marks::FREQUENT | Marks::PLAIN | Marks::ROLE | Marks::TITLE | Marks::HOSTING | Marks::INSTITUTION;
        if what && !self.is(at, said | Marks::DOING) {
            let article = at > 0 && token.joined && self.stands(at - 1, &ARTICLES);
            (at - usize::from(article)..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// A word in front of one that is masked, and no verb or preposition.
    fn is_between(&self, at: usize) -> bool {
        let said = Marks::DOING | Marks::HOUSED | Marks::DETERMINER | Marks::TOWARDS | Marks::LINK;
        let who = Marks::ROLE | Marks::TITLE | Marks::LISTED;
        let next = self
            .tokens
            .get(at + 1)
            .filter(|next| next.joined && next.sort == Sort::Word);
        next.is_some_and(|next| !next.marks.any(Marks::FIRST))
            && self.judged[at + 1].is_masked()
            && !self.is(at, said | who)
            && !self.is_participle(at)
    }

    /// `aangevraagd`, `gestart`, `opgezegd`: what happened there.
    fn is_participle(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let letters = &self.text.low()[token.start..token.end];
        let ends = matches!(letters.last(), Some('d' | 't' | 'n'));
        ends && letters.windows(2).take(6).any(|pair| pair == ['g', 'e']) && token.marks.any(Marks::WORD)
    }

    /// `bij de groene hoven`, `hotel de koperen hoogte`: two words, of which the last or the place says that they are a name.
    fn described(&mut self, at: usize) {
        let from =
            self.is(at, Marks::HOUSED | Marks::INSTITUTION | Marks::HOSTING) || self.stands(at, &["in", "op", "uit"]);
        let whole = at + 3 < self.tokens.len() && (at + 1..=at + 3).all(|at| self.tokens[at].joined);
        if !from || !whole || !self.stands(at + 1, &ARTICLES) {
            return;
        }
        let letters = &self.text.low()[self.tokens[at + 2].start..self.tokens[at + 2].end];
        let adjective = letters.ends_with(&['e']) || letters.ends_with(&['e', 'n']);
        let said =
            Marks::DOING | Marks::FREQUENT | Marks::PLAIN | Marks::SHORT | Marks::ROLE | Marks::TITLE | Marks::UNIT;
        let (first, last) = (self.tokens[at + 2], self.tokens[at + 3]);
        let hosted = self.is(at, Marks::INSTITUTION | Marks::HOSTING) || last.marks.any(Marks::CALLED);
        let ordinary = if hosted { Marks::HOUSED } else { Marks::COMMON };
        let known = self.lexicon.is_compound(&self.text.low()[last.start..last.end]);
        let words = first.sort == Sort::Word && last.sort == Sort::Word && adjective;
        let named = last.marks.any(Marks::WORD) && !known;
        if words && !first.marks.any(Marks::ROLE) && !last.marks.any(said | ordinary | Marks::HOUSED) && named {
            (at + 1..=at + 3).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `van 't hof (zeker goede zorgverlening)`: behind a name, in brackets, where somebody works.
    fn bracketed_house(&mut self, at: usize) {
        let token = self.tokens[at];
        if !self.text.stands(token.end, " (") || !(self.judged[at].is_masked() || token.sort == Sort::Mask) {
            return;
        }
        let inside = self.tokens[at + 1..].iter().take(4);
        let Some(last) = inside.clone().position(|token| self.text.stands(token.end, ")")) else {
            return;
        };
        let range = at + 1..=at + 1 + last;
        let who = Marks::ROLE | Marks::TITLE | Marks::DOING | Marks::FREQUENT;
        let headed = range.clone().any(|at| self.is(at, Marks::HEADING | Marks::HOUSE));
        if last > 0 && headed && range.clone().all(|at| !self.is(at, who)) {
            range.for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `nova college`, `bhaskar vastgoed`: what a rare word in front says that this is called.
    fn headed_house(&mut self, at: usize) {
        if !self.is(at, Marks::HEADING) || !self.tokens[at].joined {
            return;
        }
        let Some(name) = at.checked_sub(1) else {
            return;
        };
        let token = self.tokens[name];
        let masked = self.judged[name].is_masked() && !token.marks.any(Marks::FIRST);
        let letters = &self.text.low()[token.start..token.end];
        let adjective = letters.ends_with(&['e']) || letters.ends_with(&['s', 'c', 'h']);
        let said = Marks::COMMON | Marks::PLAIN | Marks::SHORT | Marks::DOING | Marks::HOSTING | Marks::INSTITUTION;
        let from = name > 0 && token.joined && self.is(name - 1, Marks::HOUSED) && self.stands(at, &FIRMS);
        let told = from && token.sort == Sort::Word && !token.marks.any(Marks::FREQUENT | Marks::DETERMINER);
        let rare = told || token.sort == Sort::Word && !token.marks.any(said) && !adjective && letters.len() > 2;
        if (masked || rare) && !self.is_participle(name) {
            (name..=at).for_each(|at| self.mask(at, SpanType::Person));
        }
    }

    /// `werkt bij breng`, `ontslagen door tempo team`: what stands behind it is an employer, word or not.
    fn employed(&mut self, at: usize) {
        let at_work = at + 2 < self.tokens.len() && self.stands(at + 1, &AT) && self.stands(at, &EMPLOYED);
        if !at_work {
            return;
        }
        let article = self.stands(at + 2, &ARTICLES);
        let name = at + 2 + usize::from(article);
        let said = Marks::FREQUENT | Marks::PLAIN | Marks::DETERMINER | Marks::ROLE | Marks::UNIT | Marks::DOING;
        let named = |line: &Self, at: usize, ordinary: u64| {
            line.tokens.get(at).is_some_and(|token| {
                token.joined && token.sort == Sort::Word && !token.marks.any(said | ordinary) && token.letters > 1
            })
        };
        let ordinary = if article { Marks::COMMON } else { Marks::DETERMINER };
        if !named(self, name, ordinary) {
            return;
        }
        self.mask(name, SpanType::Person);
        let other = Marks::OFTEN | Marks::HOUSED | Marks::TOWARDS | Marks::LINK;
        if named(self, name + 1, other) && !self.is_participle(name + 1) {
            self.mask(name + 1, SpanType::Person);
        }
    }

    /// `bij talant`, `via kloosterboer`: a bare word that Dutch has not, as it is written.
    fn beside_house(&mut self, at: usize) {
        let token = self.tokens[at];
        let behind = at > 0 && token.joined && token.sort == Sort::Word && self.stands(at - 1, &BESIDE);
        if !behind {
            return;
        }
        let letters = &self.text.low()[token.start..token.end];
        let slip = self.judged[at] == Judged::Slip;
        let abstracted = NO_HOUSES.iter().any(|tail| {
            letters.len() >= tail.len() && letters.iter().rev().copied().take(tail.len()).eq(tail.chars().rev())
        });
        let known = token.marks.any(Marks::WORD | Marks::SHORT | Marks::PLAIN);
        let plural = letters.ends_with(&['e', 'n']);
        let made_up = !known && !abstracted && !plural && self.judged[at] == Judged::Word && letters.len() > 6;
        let next = self.tokens.get(at + 1).filter(|next| next.joined);
        let said = Marks::FREQUENT | Marks::DETERMINER | Marks::ROLE | Marks::HOUSED | Marks::TOWARDS | Marks::UNIT;
        let somewhere = next.is_some_and(|next| !next.marks.any(Marks::FIRST))
            && (matches!(self.judged.get(at + 1), Some(Judged::Masked(_))) || self.is(at + 1, Marks::LOCAL))
            && !token
                .marks
                .any(said | Marks::TITLE | Marks::PLAIN | Marks::SURNAMED | Marks::DOING | Marks::REGIONAL);
        // `bij rosmalen staal`: of a place nobody says that they are beside it.
        let place = self.judged[at] == Judged::Masked(SpanType::Place);
        let goes_on = next.is_some_and(|next| {
            next.sort == Sort::Word
                && !next
                    .marks
                    .any(said | Marks::OFTEN | Marks::DOING | Marks::LINK | Marks::PLAIN)
        });
        if place && goes_on && self.stands(at - 1, &["bij"]) && !self.is_participle(at + 1) {
            self.mask(at + 1, SpanType::Person);
        }
        if slip && !abstracted || made_up || somewhere {
            self.mask(at, SpanType::Person);
        }
    }
}
