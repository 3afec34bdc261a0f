//! The background work of a node, and what may be wrong with it: as codes and facts, never as text.
//!
//! Whoever shows an answer puts it in the language of the reader. What the system or an engine says in its own words
//! stays in the log of the node. **Invariant:** a code that this version does not know is read as `onbekend`, so that a
//! newer node can be asked.

use serde::{Deserialize, Serialize};

use super::Message;
use crate::id::{ChangeHash, DocumentId, LogId};

/// A piece of background work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerLine {
    /// Which.
    pub naam: Werk,
    /// What it does now.
    pub status: WerkStatus,
    /// What it counted since the start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub geteld: Vec<Telling>,
    /// What waits for it.
    pub wachtrij: u64,
    /// Its last error.
    #[serde(default)]
    pub laatste_fout: Option<Fout>,
}

impl WorkerLine {
    /// Work that does this and has nothing to tell beside it.
    #[must_use]
    pub fn new(naam: Werk, status: WerkStatus) -> Self {
        Self {
            naam,
            status,
            geteld: Vec::new(),
            wachtrij: 0,
            laatste_fout: None,
        }
    }

    /// The same work, which counted this.
    #[must_use]
    pub fn counting(mut self, wat: Geteld, aantal: u64) -> Self {
        self.geteld.push(Telling { wat, aantal });
        self
    }
}

/// The pieces of background work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Werk {
    /// The store.
    Store,
    /// The view that questions are answered from.
    View,
    /// Making durable what was written.
    Flush,
    /// Exchanging with other nodes.
    Sync,
    /// The network.
    Network,
    /// Looking over all that is stored.
    Scrub,
    /// What the own log gave back at the start.
    OwnLog,
    /// Answering other nodes.
    Serve,
    /// The vault.
    Vault,
    /// Letting approved records leave.
    Release,
    /// The audit log.
    Audit,
    /// Answering questions in SQL.
    Zoekvragen,
    /// Work of a newer version.
    #[serde(other)]
    Onbekend,
}

/// What a piece of background work does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WerkStatus {
    /// Nothing waits.
    Rust,
    /// Something waits.
    Bezig,
    /// It is open.
    Open,
    /// It must be opened anew: the node has to restart.
    Gestopt,
    /// It finds no room on the disk.
    SchijfVol,
    /// What is approved leaves at once.
    Meteen,
    /// What is approved leaves once a week.
    Wekelijks,
    /// A state of a newer version.
    #[serde(other)]
    Onbekend,
}

/// How often something was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// What.
    pub wat: Geteld,
    /// How often.
    pub aantal: u64,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Geteld {
    /// Stored values that were found damaged.
    Beschadigd,
    /// Of those, put back.
    Hersteld,
    /// Own entries that the store had lost and the own log gave back.
    Teruggehaald,
    /// Own logs of which an unfinished end was cut off.
    Afgeknipt,
    /// Frames of other nodes that were refused.
    Geweigerd,
    /// Days that the audit log is kept.
    Dagen,
    /// Something of a newer version.
    #[serde(other)]
    Onbekend,
}

/// What is wrong with a piece of background work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "soort", rename_all = "snake_case")]
pub enum Fout {
    /// There is no room on the disk.
    SchijfVol,
    /// There is none, and the store has to be opened anew once there is.
    SchijfVolHerstart,
    /// The disk does not answer, and the store has to be opened anew once it does.
    SchijfZwijgt,
    /// The system does not let the node at a file.
    GeenToegang,
    /// The disk can only be read.
    AlleenLezen,
    /// What is stored is damaged.
    Beschadigd,
    /// The view ended.
    WeergaveGestopt,
    /// The node was made of a backup and has heard nobody yet.
    EerstHoren,
    /// There is no federation yet.
    NietGesticht,
    /// This node may share nothing, as what it is in the federation.
    MagNietDelen,
    /// An own entry is refused by the store.
    EigenGeweigerd {
        /// Its log.
        log: LogId,
        /// Its place.
        seq: u64,
        /// Why, as [`crate::log::Reason::name`] says it.
        reden: String,
    },
    /// A record could not leave.
    NietVertrokken {
        /// Its local id.
        id: String,
        /// Why.
        reden: Mislukt,
    },
    /// Something else: the log of the node says what.
    #[serde(other)]
    Onbekend,
}

/// Why an approved record did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mislukt {
    /// It was approved when a backup was made, and may have left since.
    MisschienGedeeld,
    /// It was shared, and neither the backup nor another node has it.
    Kwijt,
    /// What was approved is not what would leave now.
    Veranderd,
    /// Nothing was written.
    NietGeschreven,
    /// Something else: the log of the node says what.
    #[serde(other)]
    Onbekend,
}

impl Mislukt {
    /// The same for a person, with what to do.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::MisschienGedeeld => Message::new(
                "het was goedgekeurd toen de reservekopie werd gemaakt: kijk eerst of het sindsdien is gedeeld of ingetrokken",
                "it was approved when the backup was made: look first whether it was shared since, or withdrawn",
            ),
            Self::Kwijt => Message::new(
                "het was gedeeld, maar de reservekopie noch een andere node heeft het: kijk of het opnieuw moet vertrekken",
                "it was shared, but neither the backup nor another node has it: look whether it is to leave again",
            ),
            Self::Veranderd => Message::new(
                "wat is goedgekeurd is niet wat nu zou vertrekken: bekijk het opnieuw",
                "what was approved is not what would leave now: look at it again",
            ),
            Self::NietGeschreven => Message::new(
                "er was niets te schrijven: bekijk het opnieuw",
                "there was nothing to write: look at it again",
            ),
            Self::Onbekend => Message::new(
                "de node weigerde het; het logboek van de node zegt waarom",
                "the node refused it; the log of the node says why",
            ),
        }
    }
}

/// Why a peer could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verbindfout {
    /// Nobody listens there.
    Geweigerd,
    /// Nobody answers there.
    GeenAntwoord,
    /// There is no way to that address from here.
    Onbereikbaar,
    /// Another node answers there.
    AndereNode,
    /// The name does not resolve.
    NaamOnbekend,
    /// Its address cannot be used.
    AdresOnbruikbaar,
    /// It closed the connection at once: it does not know us, or it is full.
    WijstAf,
    /// The connection broke before it stood.
    Verbroken,
    /// Something else: the log of the node says what.
    #[serde(other)]
    Onbekend,
}

/// For what a log waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "soort", rename_all = "snake_case")]
pub enum WachtOp {
    /// A document that is not founded here yet.
    Document {
        /// Which.
        document: DocumentId,
    },
    /// The payload of a document, which is withdrawn or lost here.
    Inhoud {
        /// Which.
        document: DocumentId,
    },
    /// A change of a document.
    Wijziging {
        /// The document.
        document: DocumentId,
        /// The change.
        wijziging: ChangeHash,
    },
    /// Nothing: the charter cut it off.
    Handvest,
    /// Something of a newer version.
    #[serde(other)]
    Onbekend,
}
