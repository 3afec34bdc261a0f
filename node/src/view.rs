//! The view: what the documents say, in SQLite, for questions.
//!
//! Derived and deletable: it holds nothing that cannot be read again from the documents. One thread writes it
//! ([`Writer`]), in batches that are durable before the replica forgets that they were due; any number of questions
//! read it ([`Readers`]), each one state from begin to end.
//!
//! Beside the file stands the index for full text (`search`): it follows the view as the view follows the replica.
//!
//! What is shared stands here in the clear, since it is searched here; what no longer counts is gone from every byte of it once
//! [`Writer::owes`] says no more.
//!
//! **Invariant:** what a question answers depends on the documents and the peilweek alone: no clock, no order of
//! arrival, no row number.

mod beside;
pub mod export;
mod found;
mod indexer;
mod local;
mod question;
mod readers;
mod said;
mod schema;
mod search;
pub mod sql;
pub mod tables;
mod whole;
mod worker;
mod writer;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

pub use protocol::gate::received::RULES_VERSION;
use protocol::id::{Digest, DocumentId, Gemeente};

pub use beside::Beside;
pub use found::{Fits, Resembling};
pub use local::{Local, Near};
pub use question::{Filter, Found, Page};
pub use readers::{Readers, Reading};
pub use schema::VIEW_VERSION;
pub use search::{Asked, Facets, Hit, Looks, Matched, Results, SEARCH_HITS_MAX, Says, SearchError, Why};
pub use worker::{Outcome, follow};
pub use writer::Writer;

/// What became of one document.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which document.
    pub document: DocumentId,
    /// What there is of it now.
    pub content: Content,
}

/// What there is of a document.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing of it counts any more.
    Gone,
    /// It was withdrawn: what links to it says so.
    Withdrawn,
    /// It counts, and is more than anybody opens.
    Unreadable {
        /// The gemeente that writes it.
        gemeente: Gemeente,
    },
    /// Its effective changes.
    Changes {
        /// The gemeente that writes it.
        gemeente: Gemeente,
        /// The number of its kind, as its founding entry has it.
        kind: u16,
        /// Dependencies first.
        changes: Vec<Vec<u8>>,
    },
}

/// Documents that changed, in one step.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Rises with every batch.
    pub number: u64,
    /// Whether it starts over from the oldest document that is due, as the first one does, and the first after a
    /// failure. A batch that does not is worth something only on top of the one before.
    pub restarts: bool,
    /// The documents.
    pub changes: Vec<Change>,
    /// The state of the replica, when nothing else was due at the time.
    pub state: Option<Digest>,
    /// Which gemeente went on as which, in that state.
    pub heirs: BTreeMap<Gemeente, Gemeente>,
    /// How far each log counts, in that state.
    pub heights: Vec<tables::Height>,
    /// What the statements say, when that is not what an earlier batch said.
    pub charter: Option<tables::Charter>,
}

/// Why the view does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// SQLite failed.
    #[error("the view failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file cannot be made or kept from others.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The search index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A row is not what was written: the next start makes the file anew.
    #[error("a row of the view is damaged, the next start makes it anew: {detail}")]
    Damaged {
        /// What is wrong.
        detail: String,
    },
}

impl ViewError {
    /// Whether the file is not what was written.
    fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            Self::Damaged { .. } => true,
            Self::Sqlite(error) => matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)),
            Self::Io { .. } | Self::Search(_) => false,
        }
    }

    /// Whether the disk is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            Self::Search(error) => error.is_full(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
