//! What a statement can say.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::erasure::{self, Receipt, Withdrawal};
use super::member::{exact, read_texts, write_texts};
use super::{Edition, StatementError};
use crate::id::{self, FederationId, Gemeente, HeaderHash, LogId, NodeKey, RootKey};
use crate::wire::{Fields, ReadError, Reader, Writer};

/// Most logs an ending can list.
const CUTS_MAX: usize = 4096;
/// Most bytes the fields of one statement may have.
const BODY_BYTES_MAX: usize = super::STATEMENT_BYTES_MAX;

/// The content of a statement, by its type number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// 1: a version of the member list, proposed by its author.
    Edition(Edition),
    /// 2: a member's vote for an edition.
    Endorse(Endorsement),
    /// 3: a member certifies one more node.
    NodeKey(NodeProof),
    /// 4: a node's addresses.
    Address(NodeAddress),
    /// 5: a member ends a node key; what its logs held by then stays.
    NodeKeyEnd(Ending),
    /// 9: a document is taken back, for ever.
    Withdraw(Withdrawal),
    /// 10: a node confirms what it has erased.
    Receipt(Receipt),
    /// A type of a later version: kept and passed on, without effect here.
    Unknown {
        /// The type number.
        number: u16,
        /// The body as received.
        bytes: Vec<u8>,
    },
}

/// A vote for an edition: one per member, edition and ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// The hash of the edition voted for.
    pub edition: [u8; 32],
    /// Its number.
    pub number: u64,
    /// The ballot, 0 at first.
    pub ballot: u32,
}

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

/// Where a log stops counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The log.
    pub log: LogId,
    /// Entries from this position on do not count.
    pub seq: u64,
    /// Hash of the last header that counts.
    pub head: HeaderHash,
}

/// The end of a node key. Logs that are not listed are cut at 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The node key that ends.
    pub node: NodeKey,
    /// Where each of its logs stops, in order of log id.
    pub cuts: Vec<Cut>,
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
}

fn proof_message(federation: FederationId, root: RootKey) -> [u8; 32] {
    id::hash("node key proof", &[&federation.0, &root.0])
}

impl Body {
    /// The type number of a withdrawal.
    pub(super) const WITHDRAWAL: u16 = 9;

    /// The type number in the envelope.
    #[must_use]
    pub fn number(&self) -> u16 {
        match self {
            Self::Edition(_) => 1,
            Self::Endorse(_) => 2,
            Self::NodeKey(_) => 3,
            Self::Address(_) => 4,
            Self::NodeKeyEnd(_) => 5,
            Self::Withdraw(_) => Self::WITHDRAWAL,
            Self::Receipt(_) => 10,
            Self::Unknown { number, .. } => *number,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        match self {
            Self::Edition(edition) => return edition.encode(),
            Self::Unknown { bytes, .. } => return bytes.clone(),
            Self::Endorse(vote) => {
                fields
                    .set(1, vote.edition)
                    .set(2, vote.number.to_be_bytes())
                    .set(3, vote.ballot.to_be_bytes());
            }
            Self::NodeKey(proof) => {
                fields
                    .set(1, proof.gemeente.number().to_be_bytes())
                    .set(2, proof.node.0)
                    .set(3, proof.proof);
            }
            Self::Address(address) => {
                fields.set(1, address.node.0).set(2, address.counter.to_be_bytes());
                fields.set(3, write_texts(&address.addresses));
            }
            Self::NodeKeyEnd(ending) => {
                fields.set(1, ending.node.0).set(2, write_cuts(&ending.cuts));
            }
            Self::Withdraw(withdrawal) => erasure::write_withdrawal(withdrawal, &mut fields),
            Self::Receipt(receipt) => erasure::write_receipt(receipt, &mut fields),
        }
        let mut out = Writer::new();
        fields.write(&mut out);
        out.finish()
    }

    /// Reads the body of this type number.
    pub(super) fn decode(number: u16, bytes: &[u8]) -> Result<Self, StatementError> {
        if !matches!(number, 1..=5 | 9 | 10) {
            return Ok(Self::Unknown {
                number,
                bytes: bytes.to_vec(),
            });
        }
        let mut input = Reader::new(bytes);
        let fields = Fields::read(&mut input, 64, BODY_BYTES_MAX)?;
        input.end()?;
        let body = match number {
            1 => Self::Edition(Edition::decode(fields)?),
            2 => Self::Endorse(read_endorsement(fields)?),
            3 => Self::NodeKey(read_proof(fields)?),
            4 => Self::Address(read_address(fields)?),
            9 => Self::Withdraw(erasure::read_withdrawal(fields)?),
            10 => Self::Receipt(erasure::read_receipt(fields)?),
            _ => Self::NodeKeyEnd(read_ending(fields)?),
        };
        // A later version may add fields to a known type. What they change cannot be told here, so it says nothing here.
        if body.encode() == bytes {
            Ok(body)
        } else {
            let bytes = bytes.to_vec();
            Ok(Self::Unknown { number, bytes })
        }
    }
}

fn read_endorsement(mut fields: Fields) -> Result<Endorsement, StatementError> {
    let what = "endorsement";
    Ok(Endorsement {
        edition: exact(what, &fields.require(what, 1)?)?,
        number: u64::from_be_bytes(exact(what, &fields.require(what, 2)?)?),
        ballot: u32::from_be_bytes(exact(what, &fields.require(what, 3)?)?),
    })
}

fn read_proof(mut fields: Fields) -> Result<NodeProof, StatementError> {
    let what = "node key";
    let gemeente = u16::from_be_bytes(exact(what, &fields.require(what, 1)?)?);
    Ok(NodeProof {
        gemeente: Gemeente::new(gemeente).map_err(|_| StatementError::Content("no such gemeente code"))?,
        node: NodeKey(exact(what, &fields.require(what, 2)?)?),
        proof: exact(what, &fields.require(what, 3)?)?,
    })
}

fn read_address(mut fields: Fields) -> Result<NodeAddress, StatementError> {
    let what = "address";
    Ok(NodeAddress {
        node: NodeKey(exact(what, &fields.require(what, 1)?)?),
        counter: u64::from_be_bytes(exact(what, &fields.require(what, 2)?)?),
        addresses: read_texts(&fields.require(what, 3)?)?,
    })
}

fn read_ending(mut fields: Fields) -> Result<Ending, StatementError> {
    let what = "end of a node key";
    let node = NodeKey(exact(what, &fields.require(what, 1)?)?);
    let cuts = read_cuts(&fields.require(what, 2)?)?;
    if cuts.windows(2).all(|pair| pair[0].log < pair[1].log) {
        Ok(Ending { node, cuts })
    } else {
        Err(StatementError::Content("logs are not in order, each once"))
    }
}

fn write_cuts(cuts: &[Cut]) -> Vec<u8> {
    let mut out = Writer::new();
    out.number(cuts.len() as u64);
    for cut in cuts {
        out.raw(&cut.log.0).u64(cut.seq).raw(&cut.head.0);
    }
    out.finish()
}

fn read_cuts(bytes: &[u8]) -> Result<Vec<Cut>, ReadError> {
    let mut input = Reader::new(bytes);
    let count = input.count("number of logs", CUTS_MAX)?;
    let cuts = (0..count).map(|_| {
        let log = LogId(input.array("log")?);
        Ok(Cut {
            log,
            seq: input.u64("seq")?,
            head: HeaderHash(input.array("head")?),
        })
    });
    let cuts = cuts.collect::<Result<Vec<_>, ReadError>>()?;
    input.end()?;
    Ok(cuts)
}
