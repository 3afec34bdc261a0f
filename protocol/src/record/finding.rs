//! What is wrong with input: where, what, and what would be right, in Dutch and in English.
//!
//! A finding quotes at most a few characters of what was typed, and only back to whoever typed it.

use std::fmt;

use super::{Kind, List};
use crate::api::Lang;
use crate::id::Gemeente;

/// The most findings reported on one record; what comes after tells nobody more.
pub const FINDINGS_MAX: usize = 50;
const QUOTE_CHARS_MAX: usize = 40;

/// One thing that is wrong, or worth knowing, about a record that was typed or imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where, such as `afspraken[2].klaar`; empty for the record as a whole.
    pub path: String,
    /// What.
    pub problem: Problem,
}

/// How heavy a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the record is accepted.
    Note,
    /// The record is refused.
    Refused,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The record, or a structure in it, is not a JSON object.
    NotAnObject,
    /// No field of that name.
    UnknownField {
        /// Names that are known here.
        known: Vec<&'static str>,
    },
    /// A required field is not there, or empty.
    Missing,
    /// The value has another JSON type than the field.
    WrongType {
        /// What the field takes.
        expected: Expected,
    },
    /// A code outside its list.
    UnknownCode {
        /// What was given.
        code: String,
        /// The list of allowed codes.
        list: List,
    },
    /// `soort` names a kind that a later version reads.
    LaterKind {
        /// The name.
        name: String,
    },
    /// `soort` names nothing.
    UnknownKind {
        /// What was given.
        name: String,
    },
    /// Too many characters.
    TooLong {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// Too few characters.
    TooShort {
        /// How many there are.
        found: usize,
        /// How many there have to be.
        min: usize,
    },
    /// Too few or too many items.
    Items {
        /// How many there are.
        found: usize,
        /// Fewest.
        min: usize,
        /// Most.
        max: usize,
    },
    /// A number outside its limits (of hundredths, in hundredths).
    OutOfRange {
        /// Lowest.
        min: i64,
        /// Highest.
        max: i64,
    },
    /// More than two decimals.
    Decimals,
    /// The same `nr` twice.
    NumberTwice {
        /// The number.
        nr: u32,
    },
    /// The owner is another gemeente than this node's.
    OtherOwner {
        /// The gemeente of this node.
        own: Gemeente,
    },
    /// The schema is not the one this version reads.
    OtherSchema,
    /// Visible to a kring only: refused until records can be encrypted per kring.
    KringOnly,
    /// `zichtbaarheid` is neither of the two.
    VisibilityUnknown,
    /// An effect beside `onderdrukt`.
    EffectWithheld,
    /// `yi` without `vi`, or either without `effectmaat`.
    EffectIncomplete,
    /// More than one variable is varied.
    VariedMany,
    /// The planned end lies before the start.
    EndsBeforeStart,
    /// An experiment is frozen when it has started.
    FrozenLate,
    /// A gemeente leaves a kring before it was in it.
    LeavesBeforeJoining,
    /// A full record id on a kind that nobody else can write to.
    NotCowritten {
        /// The kind.
        kind: Kind,
    },
    /// A row of a table has another number of cells than its header.
    Cells {
        /// How many there are.
        found: usize,
        /// How many columns the header has.
        expected: usize,
    },
    /// The record as a whole is too large.
    TooLarge {
        /// Most characters.
        max: usize,
    },
    /// Note: `staat` is derived, what was typed is not used.
    StateDerived,
    /// Note: the value of another gemeente is not used.
    OthersValue,
}

/// What a field takes, for [`Problem::WrongType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// A decimal number.
    Decimal,
    /// An ISO week.
    Week,
    /// A quarter.
    Quarter,
    /// A CBS code.
    Gemeente,
    /// A list.
    List,
    /// An object.
    Object,
    /// A record id.
    Link,
    /// The id of a record of the network.
    Record,
    /// The number of a row.
    RowNumber,
}

impl Finding {
    pub(crate) fn new(path: impl Into<String>, problem: Problem) -> Self {
        Self {
            path: path.into(),
            problem,
        }
    }

    /// Whether the record is refused for this.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.problem {
            Problem::StateDerived | Problem::OthersValue => Severity::Note,
            _ => Severity::Refused,
        }
    }

    /// What would have been right, when that is a short list.
    #[must_use]
    pub fn allowed(&self) -> Vec<&'static str> {
        match &self.problem {
            Problem::UnknownField { known } => known.clone(),
            Problem::UnknownCode { list, .. } => list.words().iter().map(|word| word.code).collect(),
            Problem::LaterKind { .. } | Problem::UnknownKind { .. } => Kind::ALL.map(Kind::name).into(),
            Problem::VisibilityUnknown | Problem::KringOnly => vec!["lokaal", "netwerk"],
            _ => Vec::new(),
        }
    }

    /// One sentence that says where, what is wrong and what would be right.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let what = self.problem.message(lang);
        if self.path.is_empty() {
            what
        } else {
            format!("{}: {what}", self.path)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::default()))
    }
}

impl Problem {
    /// What is wrong and what would be right, without the place.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::NotAnObject => lang
                .pick("verwacht een JSON-object", "expected a JSON object")
                .to_owned(),
            Self::UnknownField { known } => format!(
                "{}: {}",
                lang.pick("dit veld bestaat niet; bekend zijn", "no such field; known are"),
                known.join(", ")
            ),
            Self::Missing => lang.pick("moet worden ingevuld", "must be filled in").to_owned(),
            Self::WrongType { expected } => {
                format!("{} {}", lang.pick("verwacht", "expected"), expected.message(lang))
            }
            Self::UnknownCode { code, list } => unknown_code(code, *list, lang),
            Self::LaterKind { name } => format!(
                "{} '{name}' {}: {}",
                lang.pick("soort", "kind"),
                lang.pick(
                    "kent deze versie nog niet; bekend zijn",
                    "is not read by this version yet; known are"
                ),
                kinds()
            ),
            Self::UnknownKind { name } => format!(
                "{} '{}' {}: {}",
                lang.pick("soort", "kind"),
                quoted(name),
                lang.pick("bestaat niet; bekend zijn", "does not exist; known are"),
                kinds()
            ),
            _ => self.limit_message(lang),
        }
    }

    fn limit_message(&self, lang: Lang) -> String {
        match self {
            Self::TooLong { found, max } => lang.pick(
                format!("telt {found} tekens; hooguit {max}"),
                format!("has {found} characters; at most {max}"),
            ),
            Self::TooShort { found, min } => lang.pick(
                format!("telt {found} tekens; minstens {min}"),
                format!("has {found} characters; at least {min}"),
            ),
            Self::Items { found, min, max } => lang.pick(
                format!("heeft {found} waarden; {min} tot {max} mogen"),
                format!("has {found} values; {min} to {max} are allowed"),
            ),
            Self::OutOfRange { min, max } => lang.pick(
                format!("ligt buiten {min} tot {max}"),
                format!("is outside {min} to {max}"),
            ),
            Self::NumberTwice { nr } => lang.pick(
                format!("nr {nr} komt twee keer voor"),
                format!("nr {nr} is there twice"),
            ),
            Self::Cells { found, expected } => lang.pick(
                format!("{found} cellen in deze rij; de kop heeft er {expected}"),
                format!("{found} cells in this row; the header has {expected}"),
            ),
            Self::TooLarge { max } => lang.pick(
                format!("het record is te groot; hooguit {max} tekens"),
                format!("the record is too large; at most {max} characters"),
            ),
            Self::OtherOwner { own } => lang.pick(
                format!("deze node schrijft alleen voor {own}"),
                format!("this node writes for {own} only"),
            ),
            Self::NotCowritten { kind } => lang.pick(
                format!(
                    "aan een {} van een ander kan niemand meeschrijven; laat id weg",
                    kind.name()
                ),
                format!("nobody can co-write a {} of another; leave id out", kind.name()),
            ),
            _ => self.fixed_message(lang).to_owned(),
        }
    }

    fn fixed_message(&self, lang: Lang) -> &'static str {
        match self {
            Self::Decimals => lang.pick(
                "hooguit twee decimalen: nauwkeuriger zou tot de cellen te herleiden zijn",
                "at most two decimals: anything finer could be traced back to the cells",
            ),
            Self::OtherSchema => lang.pick("deze versie leest schema leerkring/0", "this version reads schema leerkring/0"),
            Self::KringOnly => lang.pick(
                "alleen voor een kring kan nog niet: elk lid van de federatie heeft elk gedeeld record; kies lokaal of netwerk",
                "a kring alone is not possible yet: every member of the federation holds every shared record; choose lokaal or netwerk",
            ),
            Self::VisibilityUnknown => lang.pick("kies lokaal of netwerk", "choose lokaal or netwerk"),
            Self::EffectWithheld => lang.pick(
                "een onderdrukt effect wordt niet gedeeld: laat effectmaat, yi en vi weg",
                "a withheld effect is not shared: leave out effectmaat, yi and vi",
            ),
            Self::EffectIncomplete => lang.pick(
                "effectmaat, yi en vi horen bij elkaar: geef alle drie of geen",
                "effectmaat, yi and vi belong together: give all three or none",
            ),
            Self::VariedMany => lang.pick(
                "een experiment varieert precies één ding: verwacht één object",
                "an experiment varies exactly one thing: expected one object",
            ),
            Self::FrozenLate => lang.pick(
                "vastleggen kan alleen in een week voor de start",
                "freezing is possible only in a week before the start",
            ),
            Self::LeavesBeforeJoining => lang.pick("ligt niet na van", "does not lie after van"),
            Self::EndsBeforeStart => lang.pick("ligt voor de start", "lies before the start"),
            Self::StateDerived => lang.pick("staat wordt afgeleid en niet overgenomen", "staat is derived and not taken over"),
            Self::OthersValue => lang.pick(
                "elke gemeente geeft alleen haar eigen waarde; die van anderen is niet overgenomen",
                "each gemeente states its own value; those of others are not taken over",
            ),
            _ => lang.pick("klopt niet", "is not right"),
        }
    }
}

impl Expected {
    fn message(self, lang: Lang) -> &'static str {
        match self {
            Self::Text => lang.pick("tekst", "a text"),
            Self::Flag => lang.pick("ja of nee (true of false)", "yes or no (true or false)"),
            Self::Number => lang.pick("een geheel getal", "a whole number"),
            Self::Decimal => lang.pick("een getal", "a number"),
            Self::Week => lang.pick("een week zoals 2025-W06", "a week such as 2025-W06"),
            Self::Quarter => lang.pick("een kwartaal zoals 2025-Q2", "a quarter such as 2025-Q2"),
            Self::Gemeente => lang.pick("een CBS-code zoals GM0014", "a CBS code such as GM0014"),
            Self::List => lang.pick("een lijst", "a list"),
            Self::Object => lang.pick("een object met velden", "an object with fields"),
            Self::Link => lang.pick(
                "het id van een record (32 tekens, of een eigen id zoals signaal-01)",
                "the id of a record (32 characters, or an id of your own such as signaal-01)",
            ),
            Self::Record => lang.pick(
                "het id van een gedeeld record (32 tekens)",
                "the id of a shared record (32 characters)",
            ),
            Self::RowNumber => lang.pick("een nummer vanaf 1", "a number from 1"),
        }
    }
}

fn unknown_code(code: &str, list: List, lang: Lang) -> String {
    let code = quoted(code);
    if list == List::Open {
        return lang.pick(
            format!("'{code}' is geen code: kleine letters, cijfers en _, hooguit 40"),
            format!("'{code}' is not a code: lower-case letters, digits and _, at most 40"),
        );
    }
    let allowed: Vec<_> = list.words().iter().map(|word| word.code).collect();
    let allowed = allowed.join(", ");
    lang.pick(
        format!("'{code}' staat niet in de lijst; toegestaan: {allowed}"),
        format!("'{code}' is not in the list; allowed: {allowed}"),
    )
}

fn kinds() -> String {
    Kind::ALL.map(Kind::name).join(", ")
}

/// The start of what was typed, without anything a terminal would obey.
fn quoted(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control());
    let mut out: String = shown.take(QUOTE_CHARS_MAX).collect();
    if text.chars().count() > QUOTE_CHARS_MAX {
        out.push('…');
    }
    out
}
