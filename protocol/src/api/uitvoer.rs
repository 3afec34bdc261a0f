//! What a state of knowledge is made of, and exports of it.

use serde::{Deserialize, Serialize};

use super::QueryFault;
use super::record::{Expected, only, parsed, wrong};
use crate::id::{Digest, EditionHash, FederationId, Gemeente, HeaderHash, LogId, NodeKey, Snapshot, Week};

type Pairs = [(String, String)];

/// The parts of a snapshot: from these anybody computes it anew. The answer to `GET /v1/momentopname`, and `hoogten.json` in
/// an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Momentopname {
    /// The hash that cites this state of knowledge.
    pub snapshot: Snapshot,
    /// The week at which states are determined.
    pub peilweek: Week,
    /// The federation.
    pub federatie: FederationId,
    /// The edition of the list of members that is in force.
    pub editie: Editie,
    /// What counts, as one hash: of the federation, the statements and the heights.
    pub stand: Digest,
    /// The statements.
    pub verklaringen: Verklaringen,
    /// The versions of what the answers were made with.
    pub versies: Weergaveversies,
    /// How far each log counts, in order of log.
    pub hoogten: Vec<Hoogte>,
}

/// An edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editie {
    /// Its number.
    pub nummer: u64,
    /// Its hash.
    pub hash: EditionHash,
}

/// The statements of a state of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verklaringen {
    /// How many there are.
    pub aantal: u64,
    /// The digest of the set.
    pub digest: Digest,
}

/// The versions that a snapshot depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weergaveversies {
    /// Of the tables.
    pub weergave: u32,
    /// Of the word list.
    pub woordenlijst: u32,
    /// Of the rules for what arrives.
    pub regels: u32,
}

/// How far a log counts, with the signature of its node under the last entry that does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hoogte {
    /// The log.
    pub logboek: LogId,
    /// The node that writes it.
    pub node: NodeKey,
    /// For whom that node speaks.
    pub gemeente: Gemeente,
    /// How many entries count.
    pub hoogte: u64,
    /// The hash of the last of these.
    pub kop: HeaderHash,
    /// The header of that entry as it was signed, in hexadecimal.
    pub kopregel: String,
    /// The signature under it, in hexadecimal.
    pub handtekening: String,
}

/// An earlier state of knowledge that is asked for again: the body of `POST /v1/uitvoer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EerdereStand {
    /// The form of its tables.
    pub vorm: Uitvoervorm,
    /// Its parts, as `hoogten.json` has them.
    pub momentopname: Momentopname,
    /// Its statements, as `handvest.txt` has them.
    pub handvest: String,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Uitvoervorm {
    /// CSV as RFC 4180 has it, in UTF-8.
    Csv,
    /// CSV as Excel reads it in a Dutch setting: with a byte order mark, semicolons and decimal commas.
    Excel,
    /// One JSON object per line.
    Jsonl,
    /// Parquet, compressed with Snappy.
    Parquet,
}

impl Uitvoervorm {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Excel, Self::Jsonl, Self::Parquet];

    /// The word in a query.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Excel => "excel",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// How the name of a file in this form ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv | Self::Excel => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

impl std::str::FromStr for Uitvoervorm {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|form| form.name() == text).ok_or(())
    }
}

/// Reads in which form an export is asked, which the query must say.
///
/// # Errors
/// [`QueryFault`] for any other key, and for what is no form or is missing.
pub fn read_vorm(pairs: &Pairs) -> Result<Uitvoervorm, QueryFault> {
    only(pairs, &["vorm"])?;
    let given = parsed(pairs, "vorm", Expected::Form)?;
    given.ok_or_else(|| wrong("vorm", "", Expected::Form))
}
