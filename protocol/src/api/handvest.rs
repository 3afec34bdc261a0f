//! The charter as the API shows it: who belongs, and by which statements.

use serde::{Deserialize, Serialize};

use super::Uitnodiging;
use crate::id::{FederationId, Gemeente, HeaderHash, LogId, NodeKey, RootKey, StatementId};

/// The answer to `POST /v1/handvest`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Statements in the body.
    pub gelezen: u64,
    /// Statements of those that were not known yet.
    pub nieuw: u64,
    /// The federation, once it is founded.
    pub federatie: Option<FederationId>,
}

/// The answer to `GET /v1/handvest`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandvestStand {
    /// The federation, once it is founded.
    pub federatie: Option<FederationId>,
    /// The number of the edition that counts, once there is one.
    pub editie: Option<u64>,
    /// What members compare by phone: the federation and that edition in groups of digits.
    #[serde(default)]
    pub vingerafdruk: Option<String>,
    /// The invitation with which this node came, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uitnodiging: Option<Uitnodiging>,
    /// The members of that edition in order of code.
    pub leden: Vec<Lid>,
    /// The statements the node holds in order of id, at most [`super::LINES_MAX`].
    pub statements: Vec<StatementLine>,
    /// How many statements there are.
    pub totaal: u64,
}

/// A member of the federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lid {
    /// CBS code.
    pub gemeente: Gemeente,
    /// Name.
    pub naam: String,
    /// The key that stands above its nodes.
    pub wortel: RootKey,
    /// Whether it votes.
    pub stemt: bool,
    /// Whether it has signed the founding edition.
    #[serde(default)]
    pub getekend: bool,
    /// Its nodes in order of key.
    pub nodes: Vec<LidNode>,
}

/// A node of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LidNode {
    /// Its key.
    pub node: NodeKey,
    /// Where it can be dialled, as the member says.
    pub adressen: Vec<String>,
}

/// A statement of the charter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// The content address.
    pub id: StatementId,
    /// What kind of statement.
    pub soort: String,
    /// Whether it counts at present.
    pub telt: bool,
}

/// The answer to `GET /v1/handvest/logs`: how far a node holds each log of a gemeente, and how far it counts at most. What
/// ends a node key says it in these terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandvestLogs {
    /// The gemeente.
    pub gemeente: Gemeente,
    /// Every node key that speaks, or spoke, for it, in order.
    pub nodes: Vec<NodeLogs>,
}

/// The logs of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLogs {
    /// Its key.
    pub node: NodeKey,
    /// Its logs in order, those of which something counts.
    pub logs: Vec<LogHoogte>,
}

/// How far one log is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHoogte {
    /// The log.
    pub log: LogId,
    /// How many entries from the first on.
    pub positie: u64,
    /// Hash of the header of the last of them.
    pub kop: HeaderHash,
}
