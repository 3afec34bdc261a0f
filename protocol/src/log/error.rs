//! What can go wrong in a replica that is not a refusal of what arrived.

use super::{CHANGES_BYTES_MAX, CHANGES_MAX, HeaderError, Reason};
use crate::charter::StatementError;
use crate::document::DocumentError;
use crate::id::{DocumentId, FederationId, Gemeente, LogId, NodeKey};
use crate::store::StoreError;
use crate::wire::ReadError;

/// Why a replica could not do what was asked; it is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The store has a format of another version.
    #[error("the store has format {found}, which this version cannot read")]
    Format {
        /// The version found.
        found: u64,
    },
    /// What the replica remembers of itself cannot be read.
    #[error("what the store says about itself cannot be read")]
    Meta,
    /// A row cannot be read.
    #[error("a stored row cannot be read")]
    Row(#[from] ReadError),
    /// A stored header cannot be read.
    #[error("a stored header cannot be read")]
    Header(#[from] HeaderError),
    /// A stored statement cannot be read.
    #[error("a stored statement cannot be read")]
    Statement(#[from] StatementError),
    /// An entry that was held is not there.
    #[error("entry {seq} of log {log} is no longer in the store")]
    Lost {
        /// The log.
        log: LogId,
        /// The position.
        seq: u64,
    },
    /// The payload of a change that counts is not there or damaged.
    #[error("a change of document {document} is no longer in the store")]
    PayloadLost {
        /// The document.
        document: DocumentId,
    },
    /// The document has more changes than are opened.
    #[error("document {document} has {found} changes, the limit is {CHANGES_MAX}")]
    TooManyChanges {
        /// The document.
        document: DocumentId,
        /// Its changes.
        found: u64,
    },
    /// The changes of the document are larger than what is opened.
    #[error("the changes of document {document} have {found} bytes, the limit is {CHANGES_BYTES_MAX}")]
    TooManyBytes {
        /// The document.
        document: DocumentId,
        /// Bytes of its changes.
        found: u64,
    },
    /// There are no local log numbers left.
    #[error("there are too many logs")]
    TooManyLogs,
    /// No federation was joined yet.
    #[error("no federation was joined yet")]
    NoFederation,
    /// Another federation was joined before.
    #[error("this node belongs to federation {held} already")]
    OtherFederation {
        /// The federation it belongs to.
        held: FederationId,
    },
    /// The node may not write: it is not in the roster of a founded federation.
    #[error("node {node} is not a node of a member")]
    NotMember {
        /// The node.
        node: NodeKey,
    },
    /// What the node would write does not count: its key ended, or the log is cut, or stands still at an entry before it.
    #[error("entries of log {log} count up to {seq} and no further")]
    Cut {
        /// The log.
        log: LogId,
        /// The position from which its entries do not count.
        seq: u64,
    },
    /// No log was opened yet, or with another key.
    #[error("no log was opened with this key")]
    NoLog,
    /// This process has opened its log already.
    #[error("this process has opened its log already")]
    LogOpen,
    /// The document is not known here.
    #[error("document {document} is not known here")]
    UnknownDocument {
        /// The document.
        document: DocumentId,
    },
    /// The record or document belongs to another gemeente.
    #[error("it belongs to {owner}, which this node does not speak for")]
    OtherGemeente {
        /// Whose it is.
        owner: Gemeente,
    },
    /// The record is of another kind than the document.
    #[error("the document holds a record of another kind")]
    OtherKind,
    /// The document room could not make the change.
    #[error("the change could not be made")]
    Document(#[from] DocumentError),
    /// What was written would be refused by every node, this one included.
    #[error("the entry would be refused: {why}")]
    Refused {
        /// Why.
        why: Reason,
    },
}

impl ReplicaError {
    /// Whether the store is to blame: what was asked may be asked again once it works.
    #[must_use]
    pub fn is_store(&self) -> bool {
        matches!(self, Self::Store(_))
    }
}
