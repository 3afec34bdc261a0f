//! The names of things: hashes, keys, gemeente codes.
//!
//! One type per meaning, so that a log id can never stand where a document id belongs. A hash is BLAKE3 over
//! a domain and its length-prefixed parts (`hash`), so that no two meanings share a preimage.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod gemeente;
mod text;
mod week;

pub use gemeente::Gemeente;
pub use week::{Quarter, Week};

/// Why a piece of text is not the name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdError {
    /// The text has the wrong number of characters.
    #[error("expected {expected} characters, found {found}")]
    Length {
        /// Number of characters the form takes.
        expected: usize,
        /// Number of characters that were given.
        found: usize,
    },
    /// A character outside the alphabet of the form.
    #[error("character {found:?} at position {at} is not allowed here")]
    Character {
        /// The offending character.
        found: char,
        /// Its position, counted from 0 in characters.
        at: usize,
    },
    /// The text has the right characters but names nothing that exists.
    #[error("{text:?} is out of range")]
    Range {
        /// The text as given.
        text: String,
    },
}

/// BLAKE3 over a domain and length-prefixed parts; every hash of the protocol is one of these.
#[must_use]
pub fn hash(domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"leerkring/1/");
    hasher.update(domain.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

macro_rules! hex_name {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Number of bytes.
            pub const LEN: usize = $len;

            /// The bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                text::write_hex(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text::read_hex(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

hex_name!(
    /// A federation: the hash of its edition 0.
    FederationId, 32
);
hex_name!(
    /// The ed25519 public key of a node; also its peer identity on the network.
    NodeKey, 32
);
hex_name!(
    /// The ed25519 public key of a member; it certifies node keys and may stay offline.
    RootKey, 32
);
hex_name!(
    /// One run of a node: 128 random bits drawn at every process start.
    Incarnation, 16
);
hex_name!(
    /// The log of one incarnation: hash of federation, node key and incarnation.
    LogId, 32
);
hex_name!(
    /// The hash of a header's bytes as received.
    HeaderHash, 32
);
hex_name!(
    /// Hash of salt and payload, inside the header.
    Commitment, 32
);
hex_name!(
    /// One automerge document: hash of the log, seq, kind and owner that created it.
    DocumentId, 32
);
hex_name!(
    /// The hash automerge gives a change (SHA-256 of its chunk).
    ChangeHash, 32
);
hex_name!(
    /// The content address of a charter statement.
    StatementId, 32
);
hex_name!(
    /// An edition of the charter: the hash of its content.
    EditionHash, 32
);
hex_name!(
    /// A digest of everything a replica holds.
    Digest, 32
);
hex_name!(
    /// The hash that cites a state of knowledge.
    Snapshot, 32
);
hex_name!(
    /// What names exactly the content of a record that would leave: who approves names what was shown.
    Content, 32
);

/// A record: the first 160 bits of the id of the document that founded it, written as 32 characters of
/// base32 (`0-9a-z` without `ilou`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub [u8; 20]);

impl From<DocumentId> for RecordId {
    fn from(document: DocumentId) -> Self {
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&document.0[..20]);
        Self(bytes)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_base32(f, &self.0)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

impl FromStr for RecordId {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        text::read_base32(text).map(Self)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
