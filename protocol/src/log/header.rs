//! The signed header of an entry.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::entry::SALT_BYTES;
use crate::id::{self, Commitment, DocumentId, FederationId, Gemeente, HeaderHash, Incarnation, LogId, NodeKey};
use crate::wire::{ReadError, Reader, Writer};

/// The version this program writes.
const VERSION: u8 = 1;
/// Bytes of a header of version 1 without extension.
pub const HEADER_BYTES: usize = 192;
/// Most bytes a header may have: later versions may add to the end, and those bytes are kept and signed.
pub const HEADER_BYTES_MAX: usize = 256;
/// Bytes an entry takes in a message besides header and payload, at most: signature, salt and three lengths.
pub(super) const ENTRY_BYTES_AROUND: usize = 64 + SALT_BYTES + 8;

/// What an entry carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// One automerge change of a document.
    Change = 1,
    /// A statement of the log's own node: the opening that closes its earlier logs.
    Statement = 2,
}

/// What is signed of an entry. 192 bytes, then whatever a later version adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The federation the entry belongs to.
    pub federation: FederationId,
    /// Who signs.
    pub node: NodeKey,
    /// Which run of the node.
    pub incarnation: Incarnation,
    /// Position in the log, from 0.
    pub seq: u64,
    /// Hash of the header before; zero at position 0.
    pub previous: HeaderHash,
    /// What the payload is.
    pub class: Class,
    /// The document that a change belongs to; zero for a statement.
    pub document: DocumentId,
    /// The kind of record (its number), or of statement.
    pub kind: u16,
    /// Bytes of the payload, without its salt.
    pub payload_len: u32,
    /// Hash of salt and payload.
    pub commitment: Commitment,
    /// What a later version wrote behind the fields known here.
    pub extension: Vec<u8>,
}

/// Why bytes are not a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The bytes do not have the form of a header.
    #[error("not a header: {0}")]
    Form(#[from] ReadError),
    /// A class this program does not know.
    #[error("class {0} is not known here")]
    Class(u8),
    /// The node key is not a valid public key, or the signature is not of this header.
    #[error("the signature does not belong to this header")]
    Signature,
}

impl Header {
    /// The log this header belongs to.
    #[must_use]
    pub fn log(&self) -> LogId {
        log_id(self.federation, self.node, self.incarnation)
    }

    /// The id of the document that this entry founds, if it founds one.
    #[must_use]
    pub fn founded(&self, owner: Gemeente) -> DocumentId {
        document_id(self.log(), self.seq, self.kind, owner)
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .raw(&self.federation.0)
            .raw(&self.node.0)
            .raw(&self.incarnation.0);
        out.u64(self.seq)
            .raw(&self.previous.0)
            .u8(self.class as u8)
            .raw(&self.document.0);
        out.u16(self.kind)
            .u32(self.payload_len)
            .raw(&self.commitment.0)
            .raw(&self.extension);
        out.finish()
    }

    /// Reads a header; trailing bytes up to [`HEADER_BYTES_MAX`] are a later version's and kept.
    ///
    /// # Errors
    /// [`HeaderError::Form`], [`HeaderError::Class`].
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > HEADER_BYTES_MAX {
            let (found, limit) = (bytes.len() as u64, HEADER_BYTES_MAX as u64);
            return Err(ReadError::Limit {
                what: "header",
                found,
                limit,
            }
            .into());
        }
        let mut input = Reader::new(bytes);
        let version = input.u8("version")?;
        if version == 0 {
            return Err(ReadError::Version {
                what: "header",
                found: 0,
            }
            .into());
        }
        Ok(Self {
            federation: FederationId(input.array("federation")?),
            node: NodeKey(input.array("node key")?),
            incarnation: Incarnation(input.array("incarnation")?),
            seq: input.u64("seq")?,
            previous: HeaderHash(input.array("previous")?),
            class: read_class(input.u8("class")?)?,
            document: DocumentId(input.array("document")?),
            kind: input.u16("kind")?,
            payload_len: input.u32("payload length")?,
            commitment: Commitment(input.array("commitment")?),
            extension: input.take("extension", input.left())?.to_vec(),
        })
    }
}

fn read_class(byte: u8) -> Result<Class, HeaderError> {
    match byte {
        1 => Ok(Class::Change),
        2 => Ok(Class::Statement),
        other => Err(HeaderError::Class(other)),
    }
}

/// The log of one incarnation of a node.
#[must_use]
pub fn log_id(federation: FederationId, node: NodeKey, incarnation: Incarnation) -> LogId {
    LogId(id::hash("log", &[&federation.0, &node.0, &incarnation.0]))
}

/// The document founded at this place by this owner: whoever copies the id elsewhere fails the check.
#[must_use]
pub fn document_id(log: LogId, seq: u64, kind: u16, owner: Gemeente) -> DocumentId {
    let place = [
        &log.0[..],
        &seq.to_be_bytes(),
        &kind.to_be_bytes(),
        owner.to_string().as_bytes(),
    ]
    .concat();
    DocumentId(id::hash("document", &[&place]))
}

/// A header as received, with its signature: the bytes are never re-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeader {
    bytes: Vec<u8>,
    signature: [u8; 64],
    header: Header,
    hash: HeaderHash,
}

impl SignedHeader {
    /// Bytes the entry takes in a message at most, its payload included also where that is erased: what it weighs
    /// must not depend on who holds what.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.bytes.len() + self.header.payload_len as usize + ENTRY_BYTES_AROUND
    }

    /// Signs a header with the key of its node.
    #[must_use]
    pub fn sign(header: Header, key: &SigningKey) -> Self {
        let bytes = header.encode();
        let hash = HeaderHash(id::hash("header", &[&bytes]));
        let signature = key.sign(&to_sign(hash)).to_bytes();
        Self {
            bytes,
            signature,
            header,
            hash,
        }
    }

    /// Takes a header and its signature from outside; the signature is not checked yet: [`SignedHeader::verify`].
    ///
    /// # Errors
    /// [`HeaderError::Form`], [`HeaderError::Class`].
    pub fn read(bytes: &[u8], signature: [u8; 64]) -> Result<Self, HeaderError> {
        let header = Header::decode(bytes)?;
        let hash = HeaderHash(id::hash("header", &[bytes]));
        Ok(Self {
            bytes: bytes.to_vec(),
            signature,
            header,
            hash,
        })
    }

    /// Checks the signature, strictly (no weak keys, one encoding per signature).
    ///
    /// # Errors
    /// [`HeaderError::Signature`].
    pub fn verify(&self) -> Result<(), HeaderError> {
        let key = VerifyingKey::from_bytes(&self.header.node.0).map_err(|_| HeaderError::Signature)?;
        let signature = Signature::from_bytes(&self.signature);
        key.verify_strict(&to_sign(self.hash), &signature)
            .map_err(|_| HeaderError::Signature)
    }

    /// What the header says.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The hash that the next header names.
    #[must_use]
    pub fn hash(&self) -> HeaderHash {
        self.hash
    }

    /// The bytes as received.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }
}

/// What a signature covers: a domain and the hash of the header.
fn to_sign(hash: HeaderHash) -> [u8; 32] {
    id::hash("entry signature", &[&hash.0])
}
