//! The log, ground truth: signed headers in a hash chain, payloads that can be erased, the effective set.
//!
//! A node writes one log per incarnation. Its entries are signed over the header's bytes as they are, so nobody
//! re-encodes to verify. What counts is the *effective* set: see [`Replica`].
//!
//! | file | what it holds |
//! |---|---|
//! | `header`, `entry` | what travels |
//! | `opening` | the first entry of a log |
//! | `ingest` | the border: what a run must be |
//! | `arrive`, `statements`, `write` | the three ways in |
//! | `effective` | which entries count |
//! | `pending`, `state`, `tables` | one batch in the making, and the rows in it |
//! | `read`, `past`, `digest`, `snapshot` | the ways out |
//! | `damage`, `mend` | what the disk lost, and how it comes back |
//! | `fork` | proof of two histories |
//! | `leaving` | of which federation, and what goes with another one |
//! | `replica` | the root that holds them together |
//!
//! **Invariant:** nothing enters a [`Replica`] that is not verified, and what is derived from it depends only on the
//! set of entries and statements it holds, never on the order in which they came.

mod arrive;
mod damage;
mod digest;
mod effective;
mod entry;
mod error;
mod fork;
mod header;
mod ingest;
mod leaving;
mod mend;
mod opening;
mod past;
mod pending;
mod read;
mod refusal;
mod replica;
mod snapshot;
mod state;
mod statements;
mod tables;
mod write;

pub use arrive::Ingested;
pub use damage::{Damage, Looked, Stored};
pub use entry::{Entry, PAYLOAD_BYTES_MAX, Payload, SALT_BYTES, commit};
pub use error::ReplicaError;
pub use fork::{BRANCH_HEADERS_MAX, FORK_PROOF_BYTES_MAX, ForkError, ForkProof, Forked, Search};
pub use header::{Class, HEADER_BYTES, HEADER_BYTES_MAX, Header, HeaderError, SignedHeader, document_id, log_id};
pub use ingest::{RUN_ENTRIES_MAX, SIGNED_EVERY, SIGNED_EVERY_BYTES};
pub use opening::{EARLIER_MAX, Earlier, OPENING_KIND, Opening};
pub use past::{Past, PastError};
pub use read::{CHANGES_BYTES_MAX, CHANGES_MAX, DocumentInfo};
pub use refusal::{Reason, Refusal, Refusals};
pub use replica::{Mark, Replica};
pub use snapshot::{Versions, state_of};
pub use state::{LogState, Waiting};
pub use write::Write;

#[cfg(test)]
mod tests;
