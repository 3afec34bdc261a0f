//! The charter as the API shows it: who belongs, and by which statements.

use serde::{Deserialize, Serialize};

use crate::id::{FederationId, Gemeente, NodeKey, RootKey, StatementId};

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
