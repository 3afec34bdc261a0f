//! The log, ground truth: signed headers in a hash chain, payloads that can be erased, the effective set.
//!
//! A node writes one log per incarnation. Its entries are signed over the header's bytes as they are, so nobody
//! re-encodes to verify. What counts is the *effective* set: see [`Replica`].
//!
//! **Invariant:** nothing enters a [`Replica`] that is not verified, and what is derived from it depends only on the
//! set of entries and statements it holds, never on the order in which they came.

mod entry;
mod header;

pub use entry::{Entry, PAYLOAD_BYTES_MAX, Payload, SALT_BYTES};
pub use header::{Class, HEADER_BYTES, HEADER_BYTES_MAX, Header, HeaderError, SignedHeader};
