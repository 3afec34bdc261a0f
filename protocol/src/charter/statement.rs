//! The signed envelope of every statement.
//!
//! `version u8 ‖ type u16 ‖ federation 32 ‖ author 32 ‖ body (length-prefixed) ‖ signature 64`. The signature is
//! ed25519 (strict) over a domain and everything before it. A type that this program does not know can still be
//! verified, kept and passed on, so that an older node does not cut the network in two.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::{Body, Edition, Evidence};
use crate::id::{self, FederationId, RootKey, StatementId};
use crate::wire::{ReadError, Reader, Writer};

/// Most bytes a statement may have: an edition with 512 members fits.
pub const STATEMENT_BYTES_MAX: usize = 256 * 1024;
const VERSION: u8 = 1;
const SIGNATURE_BYTES: usize = 64;

/// Why bytes are not a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The bytes do not have the form of a statement.
    #[error("not a statement: {0}")]
    Form(#[from] ReadError),
    /// The author is not a valid public key, or the signature is not the author's.
    #[error("the signature does not belong to this statement")]
    Signature,
    /// The content contradicts itself.
    #[error("the statement contradicts itself: {0}")]
    Content(&'static str),
}

/// A statement whose form and signature were checked. Whether it *counts* is for the roster to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    bytes: Vec<u8>,
    id: StatementId,
    federation: FederationId,
    author: [u8; 32],
    body: Body,
    /// The hash of the edition, when this is one: it is asked for often and costs as much as the edition is long.
    edition: Option<[u8; 32]>,
    /// Whether what the statement carries as proof proves it.
    holds: bool,
    /// What it proves by itself.
    evidence: Option<Evidence>,
}

impl AsRef<Statement> for Statement {
    fn as_ref(&self) -> &Statement {
        self
    }
}

impl Statement {
    /// Signs a statement in the name of `key`.
    #[must_use]
    pub fn sign(federation: FederationId, body: Body, key: &SigningKey) -> Self {
        let author = key.verifying_key().to_bytes();
        let mut out = Writer::new();
        out.u8(VERSION)
            .u16(body.number())
            .raw(&federation.0)
            .raw(&author)
            .bytes(&body.encode());
        let unsigned = out.finish();
        let signature = key.sign(&to_sign(&unsigned)).to_bytes();
        let bytes = [&unsigned[..], &signature].concat();
        Self::made(bytes, content_id(&unsigned), federation, author, body)
    }

    fn made(bytes: Vec<u8>, id: StatementId, federation: FederationId, author: [u8; 32], body: Body) -> Self {
        let edition = match &body {
            Body::Edition(edition) => Some(edition.hash()),
            _ => None,
        };
        let evidence = Evidence::of(&body, federation);
        let holds = match &body {
            Body::NodeKey(proof) => proof.holds(federation, RootKey(author)),
            Body::Fork(_) | Body::DoubleVote(_) => evidence.is_some(),
            _ => true,
        };
        Self {
            bytes,
            id,
            federation,
            author,
            body,
            edition,
            holds,
            evidence,
        }
    }

    /// Reads a statement and checks its form, its content and its signature.
    ///
    /// # Errors
    /// [`StatementError`]: what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            let (found, limit) = (bytes.len() as u64, STATEMENT_BYTES_MAX as u64);
            return Err(ReadError::Limit {
                what: "statement",
                found,
                limit,
            }
            .into());
        }
        let mut input = Reader::new(bytes);
        let version = input.u8("version")?;
        if version != VERSION {
            return Err(ReadError::Version {
                what: "statement",
                found: version.into(),
            }
            .into());
        }
        let number = input.u16("type")?;
        let federation = FederationId(input.array("federation")?);
        let author = input.array("author")?;
        let body = input.bytes("body", STATEMENT_BYTES_MAX)?;
        let unsigned = &bytes[..input.at()];
        let signature = input.array::<SIGNATURE_BYTES>("signature")?;
        input.end()?;
        check_signature(&author, unsigned, &signature)?;
        let body = Body::decode(number, body)?;
        let id = content_id(unsigned);
        Ok(Self::made(bytes.to_vec(), id, federation, author, body))
    }

    /// The content address: two signatures under the same words are one statement.
    #[must_use]
    pub fn id(&self) -> StatementId {
        self.id
    }

    /// The federation it speaks in; for an edition 0, the one it founds.
    #[must_use]
    pub fn federation(&self) -> FederationId {
        let founded = self.edition.filter(|_| self.founding().is_some());
        founded.map_or(self.federation, FederationId)
    }

    /// The public key that signed it.
    #[must_use]
    pub fn author(&self) -> [u8; 32] {
        self.author
    }

    /// What it says.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The founding edition, when this is one.
    #[must_use]
    pub fn founding(&self) -> Option<&Edition> {
        match &self.body {
            Body::Edition(edition) if edition.number == 0 => Some(edition),
            _ => None,
        }
    }

    /// The hash of the edition, when this is one.
    #[must_use]
    pub fn edition_hash(&self) -> Option<[u8; 32]> {
        self.edition
    }

    /// Whether what it carries as proof proves it: a certificate whose node did not agree is a statement, and says
    /// nothing.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// What it proves by itself, whoever signed it.
    #[must_use]
    pub fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }

    /// The bytes as received.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn check_signature(author: &[u8; 32], unsigned: &[u8], signature: &[u8; 64]) -> Result<(), StatementError> {
    let key = VerifyingKey::from_bytes(author).map_err(|_| StatementError::Signature)?;
    let signature = Signature::from_bytes(signature);
    key.verify_strict(&to_sign(unsigned), &signature)
        .map_err(|_| StatementError::Signature)
}

fn to_sign(unsigned: &[u8]) -> [u8; 32] {
    id::hash("statement signature", &[unsigned])
}

fn content_id(unsigned: &[u8]) -> StatementId {
    StatementId(id::hash("statement", &[unsigned]))
}
