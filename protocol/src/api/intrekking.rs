//! Withdrawals as the API shows them: what is taken back, and who has confirmed that it is gone.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, Gemeente, LogId, NodeKey};

/// The answer to `POST /v1/records/{id}/intrekking`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingetrokken {
    /// The documents that are withdrawn from now on; empty when they all were already.
    pub documenten: Vec<DocumentId>,
}

/// The answer to `GET /v1/intrekkingen`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntrekkingPage {
    /// How many there are.
    pub totaal: u64,
    /// Those on this page, in order of document.
    pub intrekkingen: Vec<Intrekking>,
}

/// A document that is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intrekking {
    /// The document.
    pub document: DocumentId,
    /// The gemeente it belonged to.
    pub eigenaar: Gemeente,
    /// The kind, where this version knows it.
    pub soort: Option<String>,
    /// Nodes that have confirmed.
    pub bevestigd: u64,
    /// Nodes that should.
    pub nodes: u64,
}

/// The answer to `GET /v1/intrekkingen/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntrekkingDetail {
    /// The withdrawal.
    #[serde(flatten)]
    pub intrekking: Intrekking,
    /// Every node that should confirm, in order of gemeente and key.
    pub ontvangst: Vec<Ontvangst>,
}

/// Whether one node has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ontvangst {
    /// The node.
    pub node: NodeKey,
    /// The gemeente it speaks for.
    pub gemeente: Gemeente,
    /// Whether it has confirmed that the document is erased there.
    pub bevestigd: bool,
    /// Whether it still belongs: one that does not hears of nothing any more.
    pub hoort_erbij: bool,
}

/// The answer to `GET /v1/records/{id}/vindplaats`: where a document was founded. Who asks to withdraw it names it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vindplaats {
    /// The document.
    pub document: DocumentId,
    /// The gemeente that founded it.
    pub eigenaar: Gemeente,
    /// The number of its kind.
    pub soort: u16,
    /// The log.
    pub log: LogId,
    /// The position in it.
    pub positie: u64,
    /// The number for its withdrawal.
    pub nummer: u64,
}

/// A document that members asked to withdraw together, and too few of them so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntrekkingGevraagd {
    /// The document.
    pub document: DocumentId,
    /// The gemeente it belongs to.
    pub eigenaar: Gemeente,
    /// The kind, where this version knows it.
    pub soort: Option<String>,
    /// Who asked, in order of code.
    pub door: Vec<Gemeente>,
    /// How many more it takes.
    pub nodig: u64,
    /// Who can still ask, in order of code.
    #[serde(default)]
    pub ontbreekt: Vec<Gemeente>,
}
