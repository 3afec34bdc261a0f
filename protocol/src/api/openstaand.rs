//! What lasts, as the API shows it: knelpunten that stand open or came back, questions that wait.

use serde::{Deserialize, Serialize};

use super::{Expected, Paging, QueryFault};
use crate::id::{Gemeente, Week};

/// Which of what lasts, in `GET /v1/knelpunten` and `GET /v1/vragen`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenstaandQuery {
    /// Only what came back after it was solved.
    pub keert_terug: bool,
    /// Of the whole federation, not of this gemeente alone.
    pub netwerk: bool,
    /// With this theme.
    pub thema: Option<String>,
    /// The week it is asked for; this week when absent.
    pub peilweek: Option<Week>,
}

/// The answer to `GET /v1/knelpunten`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnelpuntenPage {
    /// The week it is asked for.
    pub peilweek: Week,
    /// How many there are on all pages.
    pub totaal: u64,
    /// The knelpunten: what stands open longest first, or what came back last.
    pub knelpunten: Vec<KnelpuntRegel>,
}

/// A knelpunt, and how long it has been asking for attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnelpuntRegel {
    /// What it is called here.
    pub id: String,
    /// The gemeente that was first.
    pub gemeente: Gemeente,
    /// Its title.
    pub titel: String,
    /// Its state.
    pub staat: String,
    /// When it was first reported.
    pub gemeld: Week,
    /// Since when it stands open: since it came back, or was first reported.
    pub sinds: Week,
    /// Weeks from then to the peilweek.
    pub weken: u32,
    /// How often it came back after it was solved.
    pub keren: u32,
    /// When it was solved, of one that came back after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opgelost: Option<Week>,
}

/// The answer to `GET /v1/vragen`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VragenPage {
    /// The week it is asked for.
    pub peilweek: Week,
    /// How many there are on all pages.
    pub totaal: u64,
    /// The questions, the oldest first.
    pub vragen: Vec<VraagRegel>,
}

/// A question that nobody has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VraagRegel {
    /// What it is called here.
    pub id: String,
    /// Its kind: a bericht, or a signaal that asks.
    pub soort: String,
    /// What it asks: a vraag, an answer to a tegenspraak, or to look along (`meekijken`).
    pub vorm: String,
    /// The gemeente that asks.
    pub gemeente: Gemeente,
    /// When.
    pub week: Week,
    /// Weeks from then to the peilweek.
    pub weken: u32,
    /// What it says.
    pub titel: String,
    /// The record that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
}

impl OpenstaandQuery {
    /// The keys of a list of knelpunten.
    pub const KEYS: &'static [&'static str] = &["terug", "netwerk", "thema", "peilweek", "pagina", "aantal"];
    /// The keys of a list of questions.
    pub const KEYS_OF_QUESTIONS: &'static [&'static str] = &["netwerk", "peilweek", "pagina", "aantal"];

    /// Reads the query.
    ///
    /// # Errors
    /// [`QueryFault`] for any other key and for what does not fit its key.
    pub fn read(pairs: &[(String, String)], keys: &'static [&'static str]) -> Result<(Self, Paging), QueryFault> {
        super::record::only(pairs, keys)?;
        let truth = |key| Ok(super::record::parsed(pairs, key, Expected::Truth)?.unwrap_or(false));
        let query = Self {
            keert_terug: truth("terug")?,
            netwerk: truth("netwerk")?,
            thema: super::record::code(pairs, "thema")?,
            peilweek: super::record::parsed(pairs, "peilweek", Expected::Week)?,
        };
        Ok((query, super::record::paging(pairs)?))
    }

    /// The query as it goes into a URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("terug", self.keert_terug.then(|| "true".to_owned())),
            ("netwerk", self.netwerk.then(|| "true".to_owned())),
            ("thema", self.thema.clone()),
            ("peilweek", self.peilweek.map(|week| week.to_string())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}
