//! Coming into a federation that exists, as the API tells it.

use serde::{Deserialize, Serialize};

use super::Message;
use crate::id::{FederationId, Gemeente, NodeKey};

/// Why a node that belongs to no federation yet cannot do what others do.
pub const NOT_FOUNDED: Message = Message::new(
    "deze node hoort nog niet bij een federatie",
    "this node does not belong to a federation yet",
);

/// What to do about that.
pub const NOT_FOUNDED_NEXT: Message = Message::new(
    "leerkring charter show zegt wat er nog moet gebeuren: stichten met de kaarten van allen (charter card, charter new), of \
     binnenkomen met een uitnodiging (join)",
    "leerkring charter show says what has still to be done: founding with the cards of all (charter card, charter new), or \
     coming in by an invitation (join)",
);

/// The answer to `GET /v1/uitnodiging`: an invitation to hand to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NieuweUitnodiging {
    /// The invitation, as a file holds it.
    pub tekst: String,
    /// What it says.
    pub uitnodiging: Uitnodiging,
}

/// What an invitation says; the answer to `POST /v1/uitnodiging`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uitnodiging {
    /// The federation.
    pub federatie: FederationId,
    /// The number of the edition in force when it was written.
    pub editie: u64,
    /// What to compare by phone.
    pub vingerafdruk: String,
    /// The nodes it names, the one that wrote it first.
    pub nodes: Vec<UitnodigingNode>,
    /// What the charter of this node says of that edition.
    pub oordeel: Oordeel,
    /// Whether this node belongs by now.
    pub toegelaten: bool,
    /// Whether this node is one more node of a member: that member certifies it, and no edition is needed.
    #[serde(default)]
    pub tweede: bool,
}

/// A node that an invitation names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UitnodigingNode {
    /// For whom it speaks.
    pub gemeente: Gemeente,
    /// Its key.
    pub node: NodeKey,
    /// Where it is.
    pub adressen: Vec<String>,
}

/// Whether the federation decided for the edition of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oordeel {
    /// The charter that is here does not reach as far as that edition.
    Onbekend,
    /// It did, now or before editions that followed it.
    Beslist,
    /// It did for several at once, of which this is one; none of them is in force.
    Dubbel,
    /// It is past that number, and never did.
    NietBeslist,
}
