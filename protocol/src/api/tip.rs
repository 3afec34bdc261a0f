//! Tips of kringen, as the API shows them: which there are, which of them this node shows, and one that is shown.

use serde::{Deserialize, Serialize};

/// A tip that a kring gives with what somebody types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    /// By what it is switched off.
    pub id: String,
    /// The kring.
    pub kring: String,
    /// What that is called.
    pub naam: String,
    /// What it says.
    pub toon: String,
}

/// One line of the list of tips.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipRegel {
    /// The tip.
    #[serde(flatten)]
    pub tip: Tip,
    /// When it is shown, as the kring wrote it down.
    pub als: String,
    /// Whether this node shows it then.
    pub aan: bool,
    /// What is wrong with `als`: such a tip is never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fout: Option<String>,
}

/// The answer to `GET /v1/tips`: the tips of the kringen that this gemeente is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipPage {
    /// Whether all are switched off, also those that are yet to come.
    pub alle_uit: bool,
    /// How many there are.
    pub totaal: u64,
    /// These, in order of kring.
    pub tips: Vec<TipRegel>,
}

/// The question of `POST /v1/tipschakelingen`: switch a tip, or all of them, on or off at this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipSchakeling {
    /// The tip, or the begin of its id; all, also those that are yet to come, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<String>,
    /// Whether it is shown from now on.
    pub aan: bool,
}
