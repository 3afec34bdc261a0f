//! An entry: a signed header and a payload that can be erased.

use super::SignedHeader;
use crate::id::{self, Commitment};

/// Most bytes a payload may have: one automerge change of one document.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// Bytes of the random salt that keeps an erased payload from being guessed back.
pub const SALT_BYTES: usize = 16;

/// What an entry carries besides its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// The payload and its salt.
    Held {
        /// Random, kept with the payload, destroyed with it.
        salt: [u8; SALT_BYTES],
        /// The payload.
        bytes: Vec<u8>,
    },
    /// Erased: a withdrawal that the receiver can check allows it to be absent.
    Erased,
}

/// A header with its payload, or without it where that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The signed header.
    pub signed: SignedHeader,
    /// The payload.
    pub payload: Payload,
}

impl Payload {
    /// The hash that the header carries, for a payload that is held.
    #[must_use]
    pub fn commitment(&self) -> Option<Commitment> {
        match self {
            Self::Held { salt, bytes } => Some(commit(salt, bytes)),
            Self::Erased => None,
        }
    }
}

/// Hash of salt and payload.
#[must_use]
pub fn commit(salt: &[u8; SALT_BYTES], bytes: &[u8]) -> Commitment {
    Commitment(id::hash("commitment", &[salt, bytes]))
}
