//! What is said of one node: that it speaks for a member, and where it is.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::super::StatementError;
use super::super::member::{exact, read_texts, write_texts};
use crate::id::{self, FederationId, Gemeente, NodeKey, RootKey};
use crate::wire::Fields;

/// A node key with the node's own proof that it agrees to speak for this member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeProof {
    /// For which gemeente.
    pub gemeente: Gemeente,
    /// The node key.
    pub node: NodeKey,
    /// The node's signature over federation and root key.
    pub proof: [u8; 64],
}

/// Where a node can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeAddress {
    /// Which node.
    pub node: NodeKey,
    /// Higher wins; on a tie the greater statement id.
    pub counter: u64,
    /// Multiaddr texts; none means that the node takes no inbound connections.
    pub addresses: Vec<String>,
}

impl NodeProof {
    /// The node agrees to speak for the member with this root key.
    #[must_use]
    pub fn sign(federation: FederationId, root: RootKey, gemeente: Gemeente, key: &SigningKey) -> Self {
        let proof = key.sign(&proof_message(federation, root)).to_bytes();
        Self {
            gemeente,
            node: NodeKey(key.verifying_key().to_bytes()),
            proof,
        }
    }

    /// Whether the node indeed agreed.
    #[must_use]
    pub fn holds(&self, federation: FederationId, root: RootKey) -> bool {
        let signature = Signature::from_bytes(&self.proof);
        let key = VerifyingKey::from_bytes(&self.node.0);
        key.is_ok_and(|key| key.verify_strict(&proof_message(federation, root), &signature).is_ok())
    }

    pub(super) fn fields(&self, fields: &mut Fields) {
        fields
            .set(1, self.gemeente.number().to_be_bytes())
            .set(2, self.node.0)
            .set(3, self.proof);
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "node key";
        Ok(Self {
            gemeente: read_gemeente(what, &fields.require(what, 1)?)?,
            node: NodeKey(exact(what, &fields.require(what, 2)?)?),
            proof: exact(what, &fields.require(what, 3)?)?,
        })
    }
}

fn proof_message(federation: FederationId, root: RootKey) -> [u8; 32] {
    id::hash("node key proof", &[&federation.0, &root.0])
}

impl NodeAddress {
    pub(super) fn fields(&self, fields: &mut Fields) {
        fields.set(1, self.node.0).set(2, self.counter.to_be_bytes());
        fields.set(3, write_texts(&self.addresses));
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "address";
        Ok(Self {
            node: NodeKey(exact(what, &fields.require(what, 1)?)?),
            counter: u64::from_be_bytes(exact(what, &fields.require(what, 2)?)?),
            addresses: read_texts(&fields.require(what, 3)?)?,
        })
    }
}

/// A gemeente by its number, two bytes.
pub(in super::super) fn read_gemeente(what: &'static str, bytes: &[u8]) -> Result<Gemeente, StatementError> {
    let number = u16::from_be_bytes(exact(what, bytes)?);
    Gemeente::new(number).map_err(|_| StatementError::Content("no such gemeente code"))
}
