//! Record to automerge and back, and the validator that reads a change before automerge does.
//!
//! A document is one automerge document, written by the nodes of one gemeente. It is a flat map of scalars: no objects,
//! no lists, no marks. That keeps what a change can say so small that it can be read and checked without automerge,
//! and lets concurrent work of two nodes always merge, key by key. automerge is the format and the writer; that any
//! automerge reads the same in it is what the tests check.
//!
//! [`validate`] is the verdict on the bytes of a change, [`matches()`] the part of it that takes the log; [`found`] and
//! [`edit`] write changes; [`read`] says what a document says.
//!
//! **Invariant:** what a document says is a function of the set of its effective changes. Its bytes are judged here and
//! nowhere else, so that no version of automerge can make two nodes disagree.

mod chunk;
mod columns;
mod decode;
mod encode;
mod error;
mod foreign;
mod history;
mod input;
mod read;
mod rows;
mod runs;
mod seal;
mod texts;
mod validate;
mod write;

pub use error::{ChangeError, DocumentError};
pub use read::{Contents, read};
pub use validate::{
    ACTORS_MAX, COUNTER_MAX, Checked, DEPENDENCIES_MAX, Expected, KEY_BYTES_MAX, PREDECESSORS_MAX, ROWS_MAX,
    TEXT_BYTES_MAX, matches, validate,
};
pub use write::{edit, found};

use crate::id::{self, DocumentId, LogId};

/// The automerge actor that writes this document in this log. A log is never resumed, so that no actor is ever used
/// from two states of a document.
#[must_use]
pub fn actor(log: LogId, document: DocumentId) -> [u8; 16] {
    let hash = id::hash("actor", &[&log.0, &document.0]);
    *hash.first_chunk().expect("a hash is longer than an actor")
}

#[cfg(test)]
pub(crate) mod tests;
