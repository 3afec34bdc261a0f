//! What can go wrong with the vault. Nothing here quotes a record.

use std::io;
use std::path::PathBuf;

use super::State;
use crate::secret::SecretError;

/// Why the vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Another process has it open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error("{} has format {found}, this program reads up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this program reads.
        known: i64,
    },
    /// The key is not the one it was made with.
    #[error("the vault key does not belong to {}", path.display())]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// What is on disk is not what was written.
    #[error("{} is damaged: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The disk is full.
    #[error("no space left for {}", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Of several things that are kept together an earlier one failed, and with it all of them.
    #[error("an earlier write to {} failed, and what belongs to it was taken back", path.display())]
    TakenBack {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be made or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// SQLite failed for another reason.
    #[error("{}: {source}", path.display())]
    Engine {
        /// The file.
        path: PathBuf,
        /// What it said.
        #[source]
        source: rusqlite::Error,
    },
    /// No random bytes for an id.
    #[error(transparent)]
    Random(#[from] SecretError),
    /// No record has this id, or an id with this begin.
    #[error("no local record {id}")]
    Unknown {
        /// What was asked for.
        id: String,
    },
    /// Several records have an id with this begin.
    #[error("{begin} is the begin of {}", examples.join(", "))]
    Ambiguous {
        /// What was asked for.
        begin: String,
        /// Some of the ids.
        examples: Vec<String>,
    },
    /// Others hold something of the record, or it is about to leave.
    #[error("local record {id} was shared")]
    Leaves {
        /// The record.
        id: String,
    },
    /// The record is not where this step starts.
    #[error("local record {id} is {from}, it cannot become {to}")]
    Transition {
        /// The record.
        id: String,
        /// How far it is.
        from: State,
        /// Where it was to go.
        to: State,
    },
}
