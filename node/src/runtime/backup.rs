//! A backup: everything of a node that nobody can give back, in one file, and a new node made of it.
//!
//! | part | what | sealed |
//! |---|---|---|
//! | keys | `node`, `storage` and `vault`; never `root` and `next-root`; left out where that is asked for | no |
//! | head | which gemeente, node and federation, and when | no |
//! | configuration | `leerkring.toml`, and the card of the gemeente where the node is a second one | with the storage key |
//! | root keys | `wortelsleutels`: the public ones, by which a node tells a charter of its own gemeente | with the storage key |
//! | vault | a copy of its file, whose rows are sealed with the vault key as well | with the storage key |
//! | entries | every log as far as it was held when the backup began | with the storage key |
//! | statements | the charter, after the entries: what was withdrawn while they were read is among them | with the storage key |
//! | audit | the audit log, only where that is asked for | with the storage key |
//!
//! ```text
//! "leerkring-reservekopie-1\n" | frames | BLAKE3 of all before (32)
//! frame: kind (u8) | length (u32) | body
//! ```
//!
//! The order is that in which a node writes: the vault first, so that everything it calls shared is in the entries. No key
//! of a document is in it: what was withdrawn before the backup began is in no part of it, and the new node draws new keys.
//!
//! **Invariant:** a backup has its name only when it is whole; until then it stands beside it as `.half`.
//! **Invariant:** nothing is restored from a file that was not read to its end and found whole.

mod frame;
mod make;
mod place;
mod restore;
mod source;

use std::io;
use std::path::{Path, PathBuf};

use protocol::id::{FederationId, Gemeente, NodeKey};
use protocol::log::ReplicaError;
use serde::{Deserialize, Serialize};

use super::RunError;
use crate::driver::CallError;
use crate::vault::VaultError;

pub use make::{Ask, Made, backup};
pub use restore::{Checked, Restore, check, restore};

pub(super) use make::stream;
pub(super) use source::{Running, sweep};

/// The keys a node cannot do without. The root keys are not among them: they speak for the gemeente and belong in a safe.
const KEYS: [&str; 3] = ["node", "storage", "vault"];

/// What a backup says of itself to whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// CBS code.
    pub gemeente: Gemeente,
    /// Its name.
    pub name: String,
    /// The node it was made of.
    pub node: NodeKey,
    /// The federation, once joined.
    pub federation: Option<FederationId>,
    /// Seconds since 1970, by the clock of that machine.
    pub made_s: u64,
    /// The version of the program that made it.
    pub leerkring: String,
    /// Drawn for this backup: its parts fit no other.
    id: [u8; 16],
}

/// What is in a backup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Logs.
    pub logs: u64,
    /// Entries.
    pub entries: u64,
    /// Of those, entries whose payload was withdrawn.
    pub erased: u64,
    /// Entries that were held and could not be read: other nodes have them.
    pub missing: u64,
    /// Statements of the charter.
    pub statements: u64,
    /// Bytes of the vault.
    pub vault_bytes: u64,
    /// Bytes of the audit log.
    pub audit_bytes: u64,
}

/// Why there is no backup, or nothing could be restored from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What is on disk could not be opened.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file or directory could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is something already where it would be written.
    #[error("{} is there already", path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// It would be written into the directory that it is a backup of, and be lost with it.
    #[error("{} is in the directory of the node itself", path.display())]
    Inside {
        /// Where.
        path: PathBuf,
    },
    /// The file is no backup, or not a whole one, or was changed.
    #[error("{} is no whole backup: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A newer version of the program made it.
    #[error("{} was made by a newer version", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The keys are not in it and were not given.
    #[error("the backup holds no keys")]
    NoKeys,
    /// The key that was given is not the one it is sealed with.
    #[error("the storage key is not the one that this backup is sealed with")]
    WrongKey,
    /// The vault could not be copied.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store could not be read, or took not what is in the backup.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The running node is stopping.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// Whether the backup could not be written because nobody reads it any more.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_path_buf();
    move |source| BackupError::Io { path, source }
}

#[cfg(test)]
mod tests;
