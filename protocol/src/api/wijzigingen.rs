//! What a mirror of the tables is told: everything, or what changed since a mark. Lines of JSON: an object that says what
//! follows, and per row a list of the values in order of the columns.

use serde::{Deserialize, Serialize};

use super::QueryFault;
use super::record::{number, only, value};
use crate::id::{FederationId, RecordId, Snapshot};

type Pairs = [(String, String)];

/// Records in one batch when the question does not say.
pub const BATCH_DEFAULT: u32 = 1_000;
/// Records in one batch at most.
pub const BATCH_MAX: u32 = 10_000;

/// A line that is not a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wijzigingsregel {
    /// The first.
    Begin(Wijzigingsbegin),
    /// Which records changed: their rows go, in every table that follows and is not whole, and what follows is what there is
    /// of them now.
    Records(Vec<RecordId>),
    /// Rows of this table follow.
    Tabel(Wijzigingstabel),
    /// The last. Without it the answer broke off.
    Einde(Wijzigingseinde),
}

/// Of what the lines tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wijzigingsbegin {
    /// The federation.
    pub federatie: FederationId,
    /// The version of the names and meanings of tables and columns.
    pub versie: u32,
    /// Whether it is everything, in place of whatever is there.
    pub geheel: bool,
}

/// A table of which rows follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wijzigingstabel {
    /// Its name.
    pub naam: String,
    /// Whether all of its rows follow; otherwise those of the records that were named.
    pub geheel: bool,
}

/// Where somebody is who applied everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wijzigingseinde {
    /// From where to ask on.
    pub merk: String,
    /// The snapshot that is there then; none halfway, and while the node is still taking something in.
    pub snapshot: Option<Snapshot>,
    /// Whether nothing more changed.
    pub klaar: bool,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WijzigingenQuery {
    /// Up to where everything is there; without it everything is told.
    pub since: Option<String>,
    /// How many records at most.
    pub count: u32,
}

/// Reads what is asked.
///
/// # Errors
/// [`QueryFault`] for any other key, and for a number that is none.
pub fn read_wijzigingen(pairs: &Pairs) -> Result<WijzigingenQuery, QueryFault> {
    only(pairs, &["sinds", "aantal"])?;
    Ok(WijzigingenQuery {
        since: value(pairs, "sinds")?.map(str::to_owned),
        count: number(pairs, "aantal", BATCH_DEFAULT, BATCH_MAX)?,
    })
}
