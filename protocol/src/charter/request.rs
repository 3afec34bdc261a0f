//! The request of a node that its member certifies it.
//!
//! A second node of a gemeente has a key of its own, and the root key is not where that node is. What travels between the
//! two holds no secret: the node's agreement to speak for the member with that root key, in that federation.

use ed25519_dalek::SigningKey;

use super::{NodeProof, StatementError};
use crate::id::{FederationId, Gemeente, NodeKey, RootKey};
use crate::wire::{ReadError, Reader, Writer};

const VERSION: u8 = 1;

/// A node asks to speak for a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRequest {
    /// In which federation.
    pub federation: FederationId,
    /// The root key of the member.
    pub root: RootKey,
    /// For whom, with the node's own signature.
    pub proof: NodeProof,
}

impl NodeRequest {
    /// The request of the node with this key.
    #[must_use]
    pub fn sign(federation: FederationId, root: RootKey, gemeente: Gemeente, key: &SigningKey) -> Self {
        Self {
            federation,
            root,
            proof: NodeProof::sign(federation, root, gemeente, key),
        }
    }

    /// The bytes of a request.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .raw(&self.federation.0)
            .raw(&self.root.0)
            .u16(self.proof.gemeente.number())
            .raw(&self.proof.node.0)
            .raw(&self.proof.proof);
        out.finish()
    }

    /// Reads a request and checks that its node made it.
    ///
    /// # Errors
    /// [`StatementError`]: what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, StatementError> {
        let mut input = Reader::new(bytes);
        let found = input.u8("version")?;
        if found != VERSION {
            let (what, found) = ("request", found.into());
            return Err(ReadError::Version { what, found }.into());
        }
        let federation = FederationId(input.array("federation")?);
        let root = RootKey(input.array("root key")?);
        let gemeente = Gemeente::new(input.u16("gemeente")?);
        let proof = NodeProof {
            gemeente: gemeente.map_err(|_| StatementError::Content("no such gemeente code"))?,
            node: NodeKey(input.array("node key")?),
            proof: input.array("proof")?,
        };
        input.end()?;
        if proof.holds(federation, root) {
            Ok(Self {
                federation,
                root,
                proof,
            })
        } else {
            Err(StatementError::Signature)
        }
    }
}
