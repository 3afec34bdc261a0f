//! What was found in a text: where, what it looks like, and what becomes of it.

use super::{combine, mask};
use crate::api::Lang;

/// What a piece of text looks like. The order decides which name an overlap of equal length gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpanType {
    /// An identity of this case, given with the draft.
    Known,
    /// A bank account.
    Iban,
    /// A VAT number.
    Vat,
    /// A number of the Kamer van Koophandel.
    Kvk,
    /// A number of an organisation in the tax register.
    Rsin,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// An IP or hardware address.
    Ip,
    /// A telephone number.
    Phone,
    /// A postcode.
    Postcode,
    /// A street with a house number.
    Address,
    /// A licence plate.
    Plate,
    /// A burgerservicenummer.
    Bsn,
    /// The number of a case or client.
    CaseNumber,
    /// The number of a passport, licence or other document.
    DocumentNumber,
    /// A date of birth.
    BirthDate,
    /// Any other exact date.
    Date,
    /// A time of day.
    Time,
    /// A long number that could be any of these.
    Number,
    /// An age.
    Age,
    /// An age that few people reach.
    OldAge,
    /// Somebody's name.
    Person,
    /// The name of a place.
    Place,
    /// A word that Dutch does not know.
    Unknown,
    /// The same in a code, which may be made up.
    UnknownCode,
    /// What makes somebody the only one.
    Unique,
    /// A characteristic that stands with others.
    Combined,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It is replaced by a mask.
    Mask,
    /// It is replaced by something less exact.
    Generalise,
    /// It stays, and a person looks at it.
    Flag,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First character, counted from 0 in code points of the text as given.
    pub start: u32,
    /// First character after it.
    pub end: u32,
    /// What it looks like.
    pub what: SpanType,
    /// The rule that found it.
    pub rule: &'static str,
    /// The number of the person it names, within its record; of an age that stands with other characteristics the first of
    /// its group.
    pub nr: Option<u16>,
}

impl Span {
    /// What stands in its place once it is masked.
    #[must_use]
    pub fn mask(&self) -> String {
        mask::mask(self.what, self.nr)
    }

    /// What becomes of it.
    #[must_use]
    pub fn action(&self) -> Action {
        self.what.action()
    }

    /// Why, in one sentence.
    #[must_use]
    pub fn why(&self, lang: Lang) -> String {
        let what = self.what.label(lang);
        if let Some(proposal) = combine::proposal(self.rule, self.nr, lang) {
            return format!("{what}: {proposal}");
        }
        match self.action() {
            Action::Mask => lang.pick(
                format!("lijkt op {what}; wordt {}", self.mask()),
                format!("looks like {what}; becomes {}", self.mask()),
            ),
            Action::Generalise => lang.pick(
                format!("is {what}; wordt {}", self.mask()),
                format!("is {what}; becomes {}", self.mask()),
            ),
            Action::Flag => lang.pick(
                format!("is {what}; kijk of het iemand herkenbaar maakt"),
                format!("is {what}; see whether it gives somebody away"),
            ),
        }
    }
}

impl Action {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Generalise => "generalise",
            Self::Flag => "flag",
        }
    }
}

impl SpanType {
    /// Every type.
    pub const ALL: [Self; 27] = [
        Self::Known,
        Self::Iban,
        Self::Vat,
        Self::Kvk,
        Self::Rsin,
        Self::Email,
        Self::Url,
        Self::Ip,
        Self::Phone,
        Self::Postcode,
        Self::Address,
        Self::Plate,
        Self::Bsn,
        Self::CaseNumber,
        Self::DocumentNumber,
        Self::BirthDate,
        Self::Date,
        Self::Time,
        Self::Number,
        Self::Age,
        Self::OldAge,
        Self::Person,
        Self::Place,
        Self::Unknown,
        Self::UnknownCode,
        Self::Unique,
        Self::Combined,
    ];

    /// What becomes of it.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::Date | Self::Time | Self::OldAge => Action::Generalise,
            Self::Age | Self::UnknownCode | Self::Unique | Self::Combined => Action::Flag,
            _ => Action::Mask,
        }
    }

    /// The word that stands in its place, between brackets.
    #[must_use]
    pub fn mask_word(self) -> &'static str {
        self.names().1
    }

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// What a person calls it.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        let (_, _, nl, en) = self.names();
        lang.pick(nl, en)
    }

    fn names(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Known => ("bekend", "bekend", "een gegeven uit de casus", "a fact of the case"),
            Self::Iban => ("iban", "iban", "een rekeningnummer", "a bank account"),
            Self::Bsn => ("bsn", "bsn", "een BSN", "a citizen service number"),
            Self::Vat => ("btw", "btw", "een btw-nummer", "a VAT number"),
            Self::Kvk => ("kvk", "kvk", "een KvK-nummer", "a trade register number"),
            Self::Rsin => ("rsin", "rsin", "een RSIN", "a tax register number"),
            Self::Email => ("email", "e-mail", "een e-mailadres", "an e-mail address"),
            Self::Url => ("url", "webadres", "een webadres", "a web address"),
            Self::Ip => ("ip", "ip-adres", "een IP-adres", "an IP address"),
            Self::Phone => ("telefoon", "telefoon", "een telefoonnummer", "a telephone number"),
            Self::Postcode => ("postcode", "postcode", "een postcode", "a postcode"),
            Self::Address => ("adres", "adres", "een adres", "an address"),
            Self::Plate => ("kenteken", "kenteken", "een kenteken", "a licence plate"),
            Self::CaseNumber => ("zaaknummer", "zaaknummer", "een zaaknummer", "a case number"),
            Self::DocumentNumber => (
                "documentnummer",
                "documentnummer",
                "het nummer van een document",
                "the number of a document",
            ),
            Self::BirthDate => ("geboortedatum", "geboortedatum", "een geboortedatum", "a date of birth"),
            Self::Date => ("datum", "datum", "een datum", "a date"),
            Self::Time => ("tijd", "tijd", "een tijdstip", "a time of day"),
            Self::Number => ("nummer", "nummer", "een nummer", "a number"),
            Self::Age => ("leeftijd", "leeftijd", "een leeftijd", "an age"),
            Self::OldAge => ("hoge-leeftijd", "leeftijd", "een hoge leeftijd", "a high age"),
            Self::Person => ("naam", "naam", "een naam", "a name"),
            Self::Place => ("plaats", "plaats", "een plaatsnaam", "the name of a place"),
            Self::Unknown => (
                "onbekend",
                "onbekend",
                "een woord dat niet in de woordenlijst staat",
                "a word that is not in the word list",
            ),
            Self::UnknownCode => (
                "onbekend-in-code",
                "onbekend",
                "een woord dat niet in de woordenlijst staat, in een code die zo vertrekt",
                "a word that is not in the word list, in a code that leaves like this",
            ),
            Self::Unique => (
                "bijzonder",
                "bijzonder",
                "iets dat iemand uniek maakt",
                "something that makes somebody unique",
            ),
            Self::Combined => ("combinatie", "combinatie", "een kenmerk", "a characteristic"),
        }
    }
}
