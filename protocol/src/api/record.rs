//! Questions about the records of the federation.

use crate::id::{Gemeente, Week};

use super::zoeken::WORDS_CHARS_MAX;
use super::{Message, PAGE_DEFAULT, PAGE_MAX};

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// The page, from 1.
    pub pagina: u32,
    /// Lines per page, 1 to [`PAGE_MAX`].
    pub aantal: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            pagina: 1,
            aantal: PAGE_DEFAULT,
        }
    }
}

impl Paging {
    /// Lines before this page.
    #[must_use]
    pub fn skip(self) -> u64 {
        u64::from(self.pagina.saturating_sub(1)) * u64::from(self.aantal)
    }
}

/// Which records, and for which week the question is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordQuery {
    /// Only this kind; the node says which there are.
    pub soort: Option<String>,
    /// Only records with this theme.
    pub thema: Option<String>,
    /// Only records this gemeente owns or contributes to.
    pub eigenaar: Option<Gemeente>,
    /// The week the question is asked for; the current week when absent.
    pub peilweek: Option<Week>,
}

/// A query that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryFault {
    /// No question takes this key.
    #[error("unknown key {key:?}, expected one of {allowed}", allowed = .allowed.join(", "))]
    Unknown {
        /// The key as given.
        key: String,
        /// The keys this question takes.
        allowed: &'static [&'static str],
    },
    /// The key is given twice.
    #[error("key {key:?} is given more than once")]
    Twice {
        /// The key.
        key: &'static str,
    },
    /// The value is not what the key takes.
    #[error("{value:?} is not a value for {key}: {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value as given.
        value: String,
        /// What would have been right.
        expected: Expected,
    },
}

/// What a key of a query takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A code of the word list.
    Code,
    /// A CBS code.
    Gemeente,
    /// An ISO week.
    Week,
    /// A quarter.
    Quarter,
    /// A number from 1 to this.
    Number(u32),
    /// `true` or `false`.
    Truth,
    /// Words to search for.
    Words,
    /// The form of an export.
    Form,
}

impl Expected {
    fn message(self) -> Message {
        match self {
            Self::Code => Message::new(
                "een code met kleine letters, cijfers, - en _",
                "a code of lower case letters, digits, - and _",
            ),
            Self::Gemeente => Message::new("een CBS-code zoals GM0014", "a CBS code such as GM0014"),
            Self::Words => Message::with(
                format!("1 tot {WORDS_CHARS_MAX} tekens om te zoeken"),
                format!("1 to {WORDS_CHARS_MAX} characters to search for"),
            ),
            Self::Week => Message::new("een ISO-week zoals 2026-W07", "an ISO week such as 2026-W07"),
            Self::Truth => Message::new("true of false", "true or false"),
            Self::Form => Message::new("csv, excel, jsonl of parquet", "csv, excel, jsonl or parquet"),
            Self::Quarter => Message::new("een kwartaal zoals 2026-Q4", "a quarter such as 2026-Q4"),
            Self::Number(max) => Message::with(
                format!("een getal van 1 tot en met {max}"),
                format!("a number from 1 to {max}"),
            ),
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl QueryFault {
    /// The fault for a person.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unknown { key, allowed } => Message::with(
                format!(
                    "onbekende vraagsleutel {key:?}; deze vraag kent: {}",
                    allowed.join(", ")
                ),
                format!("unknown query key {key:?}; this question takes: {}", allowed.join(", ")),
            ),
            Self::Twice { key } => Message::with(
                format!("vraagsleutel {key} staat er meer dan een keer"),
                format!("query key {key} is given more than once"),
            ),
            Self::Value { key, value, expected } => Message::with(
                format!(
                    "{value:?} past niet bij {key}: verwacht wordt {}",
                    expected.message().nl
                ),
                format!("{value:?} is not a value for {key}: expected {}", expected.message().en),
            ),
        }
    }
}

/// A query as it came: keys with their values, in order.
type Pairs = [(String, String)];

impl RecordQuery {
    /// The keys of a list of records.
    pub const KEYS: &'static [&'static str] = &["soort", "thema", "eigenaar", "peilweek", "pagina", "aantal"];
    /// The keys of one record.
    pub const KEYS_OF_ONE: &'static [&'static str] = &["peilweek"];

    /// Reads the query of a list of records.
    ///
    /// # Errors
    /// [`QueryFault`] for a key no list takes and for a value that does not fit its key.
    pub fn read(pairs: &Pairs) -> Result<(Self, Paging), QueryFault> {
        only(pairs, Self::KEYS)?;
        let query = Self {
            soort: code(pairs, "soort")?,
            thema: code(pairs, "thema")?,
            eigenaar: parsed(pairs, "eigenaar", Expected::Gemeente)?,
            peilweek: parsed(pairs, "peilweek", Expected::Week)?,
        };
        Ok((query, paging(pairs)?))
    }

    /// The query as it goes into a URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("soort", self.soort.clone()),
            ("thema", self.thema.clone()),
            ("eigenaar", self.eigenaar.map(|code| code.to_string())),
            ("peilweek", self.peilweek.map(|week| week.to_string())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// Reads a query that only says which part of a list.
///
/// # Errors
/// [`QueryFault`] for any other key and for numbers out of range.
pub fn read_paging(pairs: &Pairs) -> Result<Paging, QueryFault> {
    only(pairs, &["pagina", "aantal"])?;
    paging(pairs)
}

/// Reads a query that only says for which week it is asked.
///
/// # Errors
/// [`QueryFault`] for any other key and for what is not a week.
pub fn read_peilweek(pairs: &Pairs) -> Result<Option<Week>, QueryFault> {
    only(pairs, RecordQuery::KEYS_OF_ONE)?;
    parsed(pairs, "peilweek", Expected::Week)
}

/// Reads a query that only says of which gemeente, which it must say.
///
/// # Errors
/// [`QueryFault`] for any other key, and for what is no code or is missing.
pub fn read_gemeente(pairs: &Pairs) -> Result<crate::id::Gemeente, QueryFault> {
    only(pairs, &["gemeente"])?;
    let given = parsed(pairs, "gemeente", Expected::Gemeente)?;
    given.ok_or_else(|| wrong("gemeente", "", Expected::Gemeente))
}

/// Reads whether records are only tried, and not taken in.
///
/// # Errors
/// [`QueryFault`] for any other key, and for what is neither true nor false.
pub fn read_proef(pairs: &Pairs) -> Result<bool, QueryFault> {
    only(pairs, &["proef"])?;
    Ok(parsed(pairs, "proef", Expected::Truth)?.unwrap_or(false))
}

/// Whether a backup takes the audit log with it: `audit=true`.
///
/// # Errors
/// [`QueryFault`] for any other key, and for what is neither true nor false.
pub fn read_audit(pairs: &Pairs) -> Result<bool, QueryFault> {
    only(pairs, &["audit"])?;
    Ok(parsed(pairs, "audit", Expected::Truth)?.unwrap_or(false))
}

pub(super) fn only(pairs: &Pairs, allowed: &'static [&'static str]) -> Result<(), QueryFault> {
    match pairs.iter().find(|(key, _)| !allowed.contains(&key.as_str())) {
        None => Ok(()),
        Some((key, _)) => Err(QueryFault::Unknown {
            key: key.chars().take(64).collect(),
            allowed,
        }),
    }
}

pub(super) fn value<'a>(pairs: &'a Pairs, key: &'static str) -> Result<Option<&'a str>, QueryFault> {
    let mut values = pairs.iter().filter(|(found, _)| found == key);
    let first = values.next().map(|(_, value)| value.as_str());
    match values.next() {
        None => Ok(first),
        Some(_) => Err(QueryFault::Twice { key }),
    }
}

pub(super) fn wrong(key: &'static str, value: &str, expected: Expected) -> QueryFault {
    QueryFault::Value {
        key,
        value: value.chars().take(64).collect(),
        expected,
    }
}

pub(super) fn parsed<T: std::str::FromStr>(
    pairs: &Pairs,
    key: &'static str,
    expected: Expected,
) -> Result<Option<T>, QueryFault> {
    let given = value(pairs, key)?;
    given
        .map(|text| text.parse().map_err(|_| wrong(key, text, expected)))
        .transpose()
}

pub(super) fn code(pairs: &Pairs, key: &'static str) -> Result<Option<String>, QueryFault> {
    let given = value(pairs, key)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    match given {
        None => Ok(None),
        Some(text) if (1..=64).contains(&text.len()) && text.chars().all(fits) => Ok(Some(text.to_owned())),
        Some(text) => Err(wrong(key, text, Expected::Code)),
    }
}

pub(super) fn number(pairs: &Pairs, key: &'static str, default: u32, max: u32) -> Result<u32, QueryFault> {
    match parsed::<u32>(pairs, key, Expected::Number(max))? {
        None => Ok(default),
        Some(number) if (1..=max).contains(&number) => Ok(number),
        Some(number) => Err(wrong(key, &number.to_string(), Expected::Number(max))),
    }
}

pub(super) fn paging(pairs: &Pairs) -> Result<Paging, QueryFault> {
    Ok(Paging {
        pagina: number(pairs, "pagina", 1, 1_000_000)?,
        aantal: number(pairs, "aantal", PAGE_DEFAULT, PAGE_MAX)?,
    })
}

/// What a list of records is about; the records themselves follow as their canonical text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RecordPage {
    /// The week the question was asked for.
    pub peilweek: Week,
    /// The state of knowledge this answer comes from.
    pub snapshot: crate::id::Snapshot,
    /// How many records there are on all pages together.
    pub totaal: u64,
}
