//! Questions in SQL, and the tables that they are asked of.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{Snapshot, Week};

/// Rows of an answer when the question does not say.
pub const ROWS_DEFAULT: u32 = 10_000;
/// Rows of an answer at most.
pub const ROWS_MAX: u32 = 100_000;

/// The question of `POST /v1/zoekvragen`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoekvraagAsked {
    /// One statement that only reads.
    pub sql: String,
    /// The values for its places: a list for `?1`, an object for `:naam`.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub parameters: Value,
    /// Rows that are wanted at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rijen: Option<u32>,
    /// Words that records are looked for by: what has them stands in the table `gevonden` of this question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoeken: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zoekantwoord {
    /// The week that the tables show.
    pub peilweek: Week,
    /// What was known: the same snapshot gives the same answer.
    pub snapshot: Snapshot,
    /// The names of the columns.
    pub kolommen: Vec<String>,
    /// How many rows there are here.
    pub aantal: u32,
    /// Whether there are more than these.
    pub afgekapt: bool,
    /// The rows, each with a value for every column.
    pub rijen: Vec<Vec<Value>>,
}

/// The questions that analysts ask most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoorbeeldvraagPage {
    /// In order of number.
    pub vragen: Vec<Voorbeeldvraag>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voorbeeldvraag {
    /// Its number, from 1.
    pub nr: u32,
    /// What it asks.
    pub vraag: String,
    /// How: a question for `POST /v1/zoekvragen`, without values.
    pub sql: String,
}

/// The tables that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabelPage {
    /// In order of name.
    pub tabellen: Vec<TabelRegel>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabelRegel {
    /// Its name.
    pub naam: String,
    /// What a row is.
    pub over: String,
    /// How many columns it has.
    pub kolommen: u32,
}

/// One table with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tabel {
    /// Its name.
    pub naam: String,
    /// What a row is.
    pub over: String,
    /// The columns that tell rows apart.
    pub sleutel: Vec<String>,
    /// Its columns, in order.
    pub kolommen: Vec<Kolom>,
    /// What is looked up fast beside the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexen: Vec<Index>,
}

/// An index of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub naam: String,
    /// The columns, in order.
    pub kolommen: Vec<String>,
    /// The column that must not be empty for a row to stand in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gevuld: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kolom {
    /// Its name.
    pub naam: String,
    /// What it holds.
    pub soort: KolomSoort,
    /// What it means.
    pub over: String,
    /// What a number is counted in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eenheid: Option<String>,
    /// The list in `woordenlijst` that its codes are from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<String>,
    /// The table whose key it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verwijst: Option<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KolomSoort {
    /// Text.
    Tekst,
    /// A whole number.
    Geheel,
    /// A number with decimals.
    Getal,
    /// 0 or 1.
    JaNee,
    /// Something of a newer version.
    #[serde(other)]
    Onbekend,
}

impl KolomSoort {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tekst => "tekst",
            Self::Geheel => "geheel",
            Self::Getal => "getal",
            Self::JaNee => "ja_nee",
            Self::Onbekend => "onbekend",
        }
    }
}
