//! From one state into another, as the API shows and takes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Expected, Gekoppeld, QueryFault};
use crate::id::Week;

/// Fields that one step is said with.
pub const SAID_MAX: usize = 16;

/// The question of `POST /v1/lokale-records/{id}/overgangen`: a local record, or an afspraak of it, is in this state now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OvergangAsked {
    /// The state.
    pub staat: String,
    /// Of an afspraak its number in the sessie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afspraak: Option<u32>,
    /// The week in which it became so; this week when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// What is said with it, by the name of the field: as that field takes it, or as text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub velden: BTreeMap<String, Json>,
}

/// A local record, or an afspraak, with what can become of it: the answer of both operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toestand {
    /// Its local id.
    pub id: String,
    /// Its kind, or `afspraak`.
    pub soort: String,
    /// Of an afspraak its number in the sessie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afspraak: Option<u32>,
    /// What it says.
    pub titel: String,
    /// The state it is in now.
    pub staat: String,
    /// Into which states it can go.
    pub overgangen: Vec<Overgang>,
    /// What was typed anew by it; nothing when it was only looked at.
    pub concepten: Vec<Gekoppeld>,
}

/// One way into another state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overgang {
    /// The state it leads to.
    pub staat: String,
    /// Fields that must be said with it.
    pub vraagt: Vec<String>,
    /// Fields that may be.
    pub mag: Vec<String>,
    /// What it follows from, of a state that nobody can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volgt: Option<String>,
}

/// Reads which afspraak is asked for, and for which week.
///
/// # Errors
/// [`QueryFault`] for any other key, and for what is no number or week.
pub fn read_afspraak(pairs: &[(String, String)]) -> Result<(Option<u32>, Option<Week>), QueryFault> {
    super::record::only(pairs, &["afspraak", "peilweek"])?;
    let afspraak = super::record::parsed(pairs, "afspraak", Expected::Number(9_999))?;
    Ok((afspraak, super::record::parsed(pairs, "peilweek", Expected::Week)?))
}
