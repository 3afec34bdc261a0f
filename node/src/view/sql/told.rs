//! Why a question has no answer, for a person: what is wrong, and what to do.

use protocol::api::{Message, ProblemKind};

use super::allowed::FOUND_NAME;
use super::fault::Refused;
use super::{Fault, Place, SQL_BYTES_MAX};

impl Fault {
    /// The kind of problem that it is.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Late { .. } => ProblemKind::TeLaat,
            Self::View { .. } => ProblemKind::Intern,
            _ => ProblemKind::Invoer,
        }
    }

    /// Where in the question, when that is known.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::NoTable { at, .. }
            | Self::NoColumn { at, .. }
            | Self::Ambiguous { at, .. }
            | Self::Syntax { at, .. }
            | Self::Said { at, .. } => *at,
            _ => None,
        }
    }

    /// The names that were perhaps meant.
    #[must_use]
    pub fn near(&self) -> &[String] {
        match self {
            Self::NoTable { near, .. } | Self::NoColumn { near, .. } | Self::NoFunction { near, .. } => near,
            _ => &[],
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("er staat geen vraag in", "there is no question in it"),
            Self::Several => Message::new("een vraag tegelijk", "one question at a time"),
            Self::Long => Message::with(
                format!("een vraag heeft hoogstens {SQL_BYTES_MAX} bytes"),
                format!("a question has {SQL_BYTES_MAX} bytes at most"),
            ),
            Self::Nul => Message::new(
                "de vraag bevat het teken NUL",
                "the question has the character NUL in it",
            ),
            Self::Refused(refused) => refused.message(),
            Self::NoTable { name, .. } => both(("er is geen tabel", name), ("there is no table", name)),
            Self::NoColumn { name, .. } => both(("er is geen kolom", name), ("there is no column", name)),
            Self::Ambiguous { name, .. } => Message::with(
                format!("meer dan een tabel heeft een kolom {name}"),
                format!("more than one table has a column {name}"),
            ),
            Self::NoFunction { name, .. } => both(("er is geen functie", name), ("there is no function", name)),
            Self::Arguments { name } => Message::with(
                format!("de functie {name} vraagt een ander aantal waarden"),
                format!("the function {name} takes another number of values"),
            ),
            Self::Syntax { near: None, .. } => {
                Message::new("de vraag houdt te vroeg op", "the question ends too early")
            }
            Self::Syntax { near: Some(near), .. } => Message::with(
                format!("dit is geen SQL vanaf {near:?}"),
                format!("this is no SQL from {near:?} on"),
            ),
            Self::Parameters { wanted, given } => Message::with(
                format!("de vraag heeft {wanted} plaatsen voor waarden, en er zijn {given} waarden gegeven"),
                format!("the question has {wanted} places for values, and {given} values were given"),
            ),
            Self::NoParameter { name } => both(("er is geen waarde voor", name), ("there is no value for", name)),
            Self::Said { text, .. } => Message::with(
                format!("SQLite begrijpt de vraag niet: {text}"),
                format!("SQLite does not understand the question: {text}"),
            ),
            Self::View { .. } => Message::new(
                "de node kon de tabellen niet lezen",
                "the node could not read the tables",
            ),
            Self::Late { .. } | Self::Memory { .. } | Self::Value { .. } => self.too_much(),
        }
    }

    fn too_much(&self) -> Message {
        match self {
            Self::Memory { mib } => Message::with(
                format!("de vraag heeft meer dan {mib} MiB geheugen nodig"),
                format!("the question needs more than {mib} MiB of memory"),
            ),
            Self::Value { bytes } => Message::with(
                format!("een waarde in de vraag is groter dan {bytes} bytes"),
                format!("a value in the question is larger than {bytes} bytes"),
            ),
            Self::Late { ms } => {
                let (seconds, tenths) = (ms / 1000, ms % 1000 / 100);
                Message::with(
                    format!("de vraag duurde langer dan {seconds},{tenths} s en is gestopt"),
                    format!("the question took longer than {seconds}.{tenths} s and was stopped"),
                )
            }
            other => other.message(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Message> {
        let hint = match self {
            Self::Refused(refused) => return refused.hint(),
            Self::Empty => Message::new(
                "bijvoorbeeld: SELECT count(*) FROM signalen",
                "for example: SELECT count(*) FROM signalen",
            ),
            Self::Several => Message::new(
                "laat weg wat achter de eerste puntkomma staat",
                "leave out what stands behind the first semicolon",
            ),
            Self::NoTable { name, .. } if name == FOUND_NAME => Message::new(
                "gevonden is er bij een vraag met woorden om te zoeken: --search WOORDEN, in de API zoeken",
                "gevonden is there for a question with words to look for: --search WORDS, in the API zoeken",
            ),
            Self::NoTable { near, .. } => perhaps(
                near,
                "leerkring tables toont de tabellen",
                "leerkring tables shows the tables",
            ),
            Self::NoColumn { near, .. } => perhaps(
                near,
                "leerkring tables NAAM toont de kolommen; een tekst staat tussen enkele aanhalingstekens",
                "leerkring tables NAME shows the columns; a text stands between single quotes",
            ),
            Self::NoFunction { near, .. } => perhaps(
                near,
                "de functies zijn die van SQLite",
                "the functions are those of SQLite",
            ),
            Self::Ambiguous { name, .. } => Message::with(
                format!("zet de naam van de tabel ervoor: tabel.{name}"),
                format!("put the name of the table before it: table.{name}"),
            ),
            Self::Late { .. } => Message::new(
                "beperk de vraag met WHERE, of stel haar aan een export of de spiegel",
                "narrow the question down with WHERE, or put it to an export or the mirror",
            ),
            Self::Memory { .. } | Self::Value { .. } => Message::new(
                "beperk de vraag met WHERE, of vraag minder kolommen",
                "narrow the question down with WHERE, or ask for fewer columns",
            ),
            Self::View { .. } => Message::new("het logboek van de node zegt waarom", "the log of the node says why"),
            _ => return None,
        };
        Some(hint)
    }
}

impl Refused {
    fn message(&self) -> Message {
        match self {
            Self::Table(name) => both(("er is geen tabel", name), ("there is no table", name)),
            Self::Column(name) => both(("er is geen kolom", name), ("there is no column", name)),
            Self::Function(name) => Message::with(
                format!("de functie {name} kan hier niet"),
                format!("the function {name} is not possible here"),
            ),
            Self::Clock(name) => Message::with(
                format!("{name} kijkt op de klok, en een antwoord hangt alleen af van wat er is gedeeld"),
                format!("{name} looks at the clock, and an answer depends on nothing but what is shared"),
            ),
            Self::Chance(name) => Message::with(
                format!("{name} is toeval, en een antwoord hangt alleen af van wat er is gedeeld"),
                format!("{name} is chance, and an answer depends on nothing but what is shared"),
            ),
            Self::Write => Message::new("hier kan alleen worden gelezen", "here is only read"),
            Self::Attach => Message::new(
                "andere bestanden zijn hier niet te openen",
                "other files cannot be opened here",
            ),
            Self::Pragma(name) => Message::with(
                format!("PRAGMA {name} kan hier niet"),
                format!("PRAGMA {name} is not possible here"),
            ),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Clock(_) => Some(Message::new(
                "weken staan in de tabellen als 2026-W07: vergelijk ze als tekst, of geef de week als waarde mee",
                "weeks stand in the tables as 2026-W07: compare them as text, or give the week as a value",
            )),
            Self::Chance(_) => Some(Message::new(
                "neem een vaste greep, zoals WHERE id < '1'",
                "take a fixed part, such as WHERE id < '1'",
            )),
            Self::Write => Some(Message::new("begin met SELECT of WITH", "begin with SELECT or WITH")),
            Self::Pragma(_) | Self::Table(_) | Self::Column(_) => Some(Message::new(
                "leerkring tables toont de tabellen en kolommen",
                "leerkring tables shows the tables and columns",
            )),
            Self::Function(_) | Self::Attach => None,
        }
    }
}

fn both((nl, name): (&str, &str), (en, _): (&str, &str)) -> Message {
    Message::with(format!("{nl} {name}"), format!("{en} {name}"))
}

/// The names that were perhaps meant, or else where to look.
fn perhaps(near: &[String], nl: &str, en: &str) -> Message {
    match near {
        [] => Message::with(nl.to_owned(), en.to_owned()),
        near => {
            let names = |or: &str| near.join(&format!(" {or} "));
            Message::with(
                format!("bedoelt u {}?", names("of")),
                format!("do you mean {}?", names("or")),
            )
        }
    }
}
