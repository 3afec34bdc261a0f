//! What went wrong, as RFC 9457 says it: one kind, one status, one sentence about this case, one hint.

use serde::{Deserialize, Serialize};

use super::{Fault, Lang, Message};

/// Every way in which a question to the API can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The question or its body is not well formed.
    Invoer,
    /// More than one thing has this name.
    NietUniek,
    /// The token is missing or wrong.
    Toegang,
    /// There is no such thing.
    NietGevonden,
    /// The path does not take this method.
    Methode,
    /// What is asked does not go together with how things stand.
    Conflict,
    /// The body is too large.
    TeGroot,
    /// The body is of a kind that nobody reads here.
    Mediatype,
    /// The gate does not let it through.
    Geweigerd,
    /// The node itself failed; the log of the node says why.
    Intern,
    /// Too much is being asked at once.
    Bezet,
    /// The answer took too long.
    TeLaat,
    /// A part of the node does not work.
    Storing,
    /// The token is not for this.
    NietBevoegd,
    /// What is to be changed has changed since it was shown.
    Achterhaald,
    /// It must be said which version is to be changed.
    Voorwaarde,
    /// What it goes on from is not there any more.
    Vervallen,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Invoer,
        Self::NietUniek,
        Self::Toegang,
        Self::NietGevonden,
        Self::Methode,
        Self::Conflict,
        Self::TeGroot,
        Self::Mediatype,
        Self::Geweigerd,
        Self::Intern,
        Self::Bezet,
        Self::TeLaat,
        Self::Storing,
        Self::NietBevoegd,
        Self::Achterhaald,
        Self::Voorwaarde,
        Self::Vervallen,
    ];

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Invoer | Self::NietUniek => 400,
            Self::Toegang => 401,
            Self::NietGevonden => 404,
            Self::Methode => 405,
            Self::Conflict => 409,
            Self::TeGroot => 413,
            Self::Mediatype => 415,
            Self::Geweigerd => 422,
            Self::Intern => 500,
            Self::Bezet | Self::Storing => 503,
            Self::TeLaat => 504,
            Self::NietBevoegd => 403,
            Self::Achterhaald => 412,
            Self::Voorwaarde => 428,
            Self::Vervallen => 410,
        }
    }

    /// The name in `type`, after [`Problem::TYPE_PREFIX`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invoer => "invoer",
            Self::NietUniek => "niet-uniek",
            Self::Toegang => "toegang",
            Self::NietGevonden => "niet-gevonden",
            Self::Methode => "methode",
            Self::Conflict => "conflict",
            Self::TeGroot => "te-groot",
            Self::Mediatype => "mediatype",
            Self::Geweigerd => "geweigerd",
            Self::Intern => "intern",
            Self::Bezet => "bezet",
            Self::TeLaat => "te-laat",
            Self::Storing => "storing",
            Self::NietBevoegd => "niet-bevoegd",
            Self::Achterhaald => "achterhaald",
            Self::Voorwaarde => "voorwaarde",
            Self::Vervallen => "vervallen",
        }
    }

    fn title(self) -> Message {
        match self {
            Self::Invoer => Message::new("De invoer klopt niet", "The input is not right"),
            Self::NietUniek => Message::new("De naam is niet uniek", "The name is not unique"),
            Self::Toegang => Message::new("Geen toegang", "No access"),
            Self::NietGevonden => Message::new("Niet gevonden", "Not found"),
            Self::Methode => Message::new("Dit kan hier niet", "Not possible here"),
            Self::Conflict => Message::new("Dat gaat nu niet samen", "Not as things stand"),
            Self::TeGroot => Message::new("De invoer is te groot", "The input is too large"),
            Self::Mediatype => Message::new("Onbekend mediatype", "Unknown media type"),
            Self::Geweigerd => Message::new("Tegengehouden door de poort", "Held back by the gate"),
            Self::Intern => Message::new("Er ging iets mis in de node", "Something went wrong in the node"),
            Self::Bezet => Message::new("De node is bezet", "The node is busy"),
            Self::TeLaat => Message::new("Het antwoord duurde te lang", "The answer took too long"),
            Self::NietBevoegd => Message::new("Niet bevoegd", "Not allowed"),
            Self::Achterhaald => Message::new("Intussen gewijzigd", "Changed meanwhile"),
            Self::Voorwaarde => Message::new("Zeg welke versie", "Say which version"),
            Self::Vervallen => Message::new("Begin opnieuw", "Begin anew"),
            Self::Storing => Message::new("Een onderdeel werkt niet", "A part does not work"),
        }
    }
}

/// The body of every answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A name for the kind of problem; see [`ProblemKind::name`].
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The kind of problem, for people.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What is wrong in this case.
    #[serde(default)]
    pub detail: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where in the body, when the body is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad: Option<String>,
    /// Line in the body, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regelnummer: Option<u32>,
    /// Column in that line, from 1, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kolom: Option<u32>,
    /// What would have been right, when that is a short list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toegestaan: Vec<String>,
}

impl Problem {
    /// What stands before the name of the kind in `type`.
    pub const TYPE_PREFIX: &str = "urn:leerkring:probleem:";

    /// A problem of this kind.
    #[must_use]
    pub fn new(kind: ProblemKind, lang: Lang, detail: &Message) -> Self {
        Self {
            kind: format!("{}{}", Self::TYPE_PREFIX, kind.name()),
            title: kind.title().text(lang).to_owned(),
            status: kind.status(),
            detail: detail.text(lang).to_owned(),
            hint: None,
            pad: None,
            regelnummer: None,
            kolom: None,
            toegestaan: Vec::new(),
        }
    }

    /// A body that could not be read, with the place.
    #[must_use]
    pub fn of_fault(fault: Fault, lang: Lang) -> Self {
        let mut problem = Self::new(ProblemKind::Invoer, lang, &Message::new("", ""));
        problem.detail = fault.melding;
        problem.hint = fault.hint;
        problem.pad = (!fault.pad.is_empty()).then_some(fault.pad);
        problem.regelnummer = fault.regelnummer;
        problem.kolom = fault.kolom;
        problem.toegestaan = fault.toegestaan;
        problem
    }

    /// The same problem with what to do about it.
    #[must_use]
    pub fn hinting(mut self, lang: Lang, hint: &Message) -> Self {
        self.hint = Some(hint.text(lang).to_owned());
        self
    }

    /// The kind, when it is one we know.
    #[must_use]
    pub fn known_kind(&self) -> Option<ProblemKind> {
        let name = self.kind.strip_prefix(Self::TYPE_PREFIX)?;
        ProblemKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
