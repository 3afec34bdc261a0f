//! What a node keeps on disk of its federation: the sled engine, the keys of documents, the own log.
//!
//! | file | what it holds |
//! |---|---|
//! | `sled/` | everything of the storage port; payloads sealed, every other value with its own hash; `written`: how far it was |
//! | `keys/NNNNNN.seg` | the keys that payloads are sealed with, one per document, at most 4,096 a file |
//! | `own/<log>.log` | what this node wrote itself, a second time, in plain append-only files |
//!
//! Keys stand outside sled because sled keeps deleted bytes in its files: forgetting a document rewrites one small
//! file, and with it every copy of its payloads, also in old files of sled, is noise.
//!
//! **Invariant:** sled is named in this room only, so that leaving it is a change in one room.
//! **Invariant:** a payload is never durable before the key that reads it.

mod blocks;
mod commit;
mod database;
mod engine;
mod error;
mod keyring;
mod keys;
mod layout;
mod own_log;
mod patience;
mod segment;
mod stage;
mod written;

pub use database::close;
pub(crate) use database::unlocked;
pub use engine::{FILES, Sled};
pub use error::{Damage, OpenError};
pub use keys::DocumentKeys;
pub use own_log::{
    OwnEnd, OwnEntries, OwnFile, OwnLog, OwnLogError, Torn, cut_own_log, own_log_ids, read_own_logs, survey_own_log,
    survey_own_logs,
};

#[cfg(test)]
mod tests;
