//! Own work that is held and counts for nobody: what `leerkring orphans` shows, and shares anew.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, LogId, NodeKey};

/// Why own work does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waarom {
    /// Two histories of its log are proven; everything behind the last common entry is cut.
    Gesplitst,
    /// The charter ended the key of its node, or the membership, before this was written.
    Beeindigd,
    /// The gemeente is on hold until the next edition.
    Geschorst,
    /// An entry before it in its log breaks a rule.
    Geweigerd,
    /// It builds on work in another log that does not count.
    BouwtOpVerweesd,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lot {
    /// It is in the vault and can be shared anew.
    Verweesd,
    /// It counts again when the next edition lets the gemeente go on: until then it is not shared anew.
    Wacht,
    /// It was shared anew, or changed and approved since.
    Opnieuw,
    /// It was taken back: it is not shared again.
    Ingetrokken,
    /// It is not in the vault of this node.
    Onbekend,
}

/// Own work of one document in one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verweesd {
    /// The document.
    pub document: DocumentId,
    /// The log it stands in.
    pub log: LogId,
    /// The node that wrote that log.
    pub node: NodeKey,
    /// The first entry of it that does not count.
    pub seq: u64,
    /// How many do not.
    pub entries: u64,
    /// The kind of the record, when it is known here.
    pub soort: Option<String>,
    /// Why they do not.
    pub waarom: Waarom,
    /// What can be done about it.
    pub lot: Lot,
    /// The local id, when it is in the vault.
    pub id: Option<String>,
    /// The record as it would leave, when it is in the vault.
    pub record: Option<serde_json::Value>,
}

/// The answer to `GET /v1/verweesde-records`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerweesdPage {
    /// At most [`super::LINES_MAX`] of them.
    pub verweesd: Vec<Verweesd>,
    /// How many there are.
    pub totaal: u64,
}

/// The body of `POST /v1/verweesde-records/heruitgave`: what is to be shared anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeruitgaveAsked {
    /// A local id, a document or the begin of one; everything when absent.
    #[serde(default)]
    pub id: Option<String>,
}
