//! Kringen, as the API shows them: coming in and leaving, and the account over a quarter.

use serde::{Deserialize, Serialize};

use super::{ConceptState, QueryFault};
use crate::id::{Gemeente, Quarter, Snapshot, Week};

/// The question of `POST /v1/lidmaatschappen`: what this gemeente says of its own membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LidmaatschapAsked {
    /// The kring: a record, or a local id.
    pub kring: String,
    /// Whether it is in the kring from that week on, or no longer.
    pub lid: bool,
    /// From when; this week when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
}

/// What was said of the own membership of a kring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LidmaatschapStand {
    /// The local record that says so.
    pub id: String,
    /// The kring.
    pub kring: String,
    /// What it is called.
    pub naam: String,
    /// Whether this gemeente is in it from that week on.
    pub lid: bool,
    /// From when.
    pub week: Week,
    /// How far it is on its way out: others hear of it once a person approved.
    pub voortgang: ConceptState,
}

/// Which account, in `GET /v1/verantwoording`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerantwoordingQuery {
    /// The kring: a record or the begin of its id, or a local id.
    pub kring: String,
    /// The quarter.
    pub kwartaal: Quarter,
    /// The week it is asked for.
    pub peilweek: Option<Week>,
}

/// The answer to `GET /v1/verantwoording`: what a kring did in a quarter, why, and what it learned. The same at every node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verantwoording {
    /// The kring.
    pub kring: String,
    /// What it is called.
    pub naam: String,
    /// What it is for.
    pub doel: String,
    /// The quarter.
    pub kwartaal: Quarter,
    /// The week it is asked for.
    pub peilweek: Week,
    /// What was known.
    pub snapshot: Snapshot,
    /// Who is in it.
    pub leden: Vec<Gemeente>,
    /// Who joined in the quarter.
    pub toegetreden: Vec<Gemeente>,
    /// Who left in the quarter.
    pub vertrokken: Vec<Gemeente>,
    /// Its lines, in order.
    pub regels: Vec<VerantwoordingRegel>,
    /// Whether every record of the kring was looked at.
    pub volledig: bool,
}

/// One line of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerantwoordingRegel {
    /// The part it stands in, as a code: `gedaan`, `waarom`, `geleerd`.
    pub deel: String,
    /// The same in words.
    pub kop: String,
    /// When.
    pub week: Week,
    /// The gemeente that says so.
    pub gemeente: Gemeente,
    /// What happened, in words.
    pub wat: String,
    /// The kind of record.
    pub soort: String,
    /// The record.
    pub id: String,
    /// Of an afspraak its number in the sessie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afspraak: Option<u32>,
    /// What it says.
    pub titel: String,
    /// Its state.
    pub staat: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uitkomst: Option<String>,
}

impl VerantwoordingQuery {
    /// Its keys.
    pub const KEYS: &'static [&'static str] = &["kring", "kwartaal", "peilweek"];

    /// Reads the query.
    ///
    /// # Errors
    /// [`QueryFault`] for any other key, and for what is no quarter or week or is missing.
    pub fn read(pairs: &[(String, String)]) -> Result<Self, QueryFault> {
        super::record::only(pairs, Self::KEYS)?;
        let quarter = super::record::parsed(pairs, "kwartaal", super::Expected::Quarter)?;
        Ok(Self {
            kring: super::record::value(pairs, "kring")?.unwrap_or_default().to_owned(),
            kwartaal: quarter.ok_or_else(|| super::record::wrong("kwartaal", "", super::Expected::Quarter))?,
            peilweek: super::record::parsed(pairs, "peilweek", super::Expected::Week)?,
        })
    }

    /// The query as it goes into a URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("kring", self.kring.clone()), ("kwartaal", self.kwartaal.to_string())];
        pairs.extend(self.peilweek.map(|week| ("peilweek", week.to_string())));
        pairs
    }
}
