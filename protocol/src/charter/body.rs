//! What a statement can say.

mod ending;
mod member;
mod merge;
mod node;
mod suspend;
mod vote;

pub use ending::{Cut, Ending};
pub(super) use ending::{read_endings, write_endings};
pub use member::{Departure, Rotation};
pub use merge::{Day, Merge};
pub(super) use merge::{read_merges, write_merges};
pub(super) use node::read_gemeente;
pub use node::{NodeAddress, NodeProof};
pub use suspend::{Suspended, Suspension};
pub(super) use suspend::{read_suspended, write_suspended};
pub use vote::Endorsement;

use super::erasure::{self, Receipt, Withdrawal};
use super::evidence::{self, DoubleVote};
use super::{Edition, StatementError};
use crate::log::ForkProof;
use crate::wire::{Fields, Reader, Writer};

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
    /// 6: a member's next root key takes the place of the one before.
    Rotate(Rotation),
    /// 7: a member leaves.
    Leave(Departure),
    /// 8: a member asks to put another one on hold.
    Suspend(Suspension),
    /// 9: a document is taken back, for ever.
    Withdraw(Withdrawal),
    /// 10: a node confirms what it has erased.
    Receipt(Receipt),
    /// 11: a log has two histories.
    Fork(ForkProof),
    /// 12: a member voted twice.
    DoubleVote(DoubleVote),
    /// A type of a later version: kept and passed on, without effect here.
    Unknown {
        /// The type number.
        number: u16,
        /// The body as received.
        bytes: Vec<u8>,
    },
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
            Self::Rotate(_) => 6,
            Self::Leave(_) => 7,
            Self::Suspend(_) => 8,
            Self::Withdraw(_) => Self::WITHDRAWAL,
            Self::Receipt(_) => 10,
            Self::Fork(_) => 11,
            Self::DoubleVote(_) => 12,
            Self::Unknown { number, .. } => *number,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        match self {
            Self::Unknown { bytes, .. } => return bytes.clone(),
            Self::Edition(edition) => edition.fields(&mut fields),
            Self::Endorse(vote) => vote.fields(&mut fields),
            Self::NodeKey(proof) => proof.fields(&mut fields),
            Self::Address(address) => address.fields(&mut fields),
            Self::NodeKeyEnd(ending) => ending.fields(&mut fields),
            Self::Rotate(rotation) => rotation.fields(&mut fields),
            Self::Leave(departure) => departure.fields(&mut fields),
            Self::Suspend(suspension) => suspension.fields(&mut fields),
            Self::Withdraw(withdrawal) => erasure::write_withdrawal(withdrawal, &mut fields),
            Self::Receipt(receipt) => erasure::write_receipt(receipt, &mut fields),
            Self::Fork(proof) => evidence::write_fork(proof, &mut fields),
            Self::DoubleVote(proof) => proof.fields(&mut fields),
        }
        let mut out = Writer::new();
        fields.write(&mut out);
        out.finish()
    }

    /// Reads the body of this type number.
    pub(super) fn decode(number: u16, bytes: &[u8]) -> Result<Self, StatementError> {
        let unknown = || Self::Unknown {
            number,
            bytes: bytes.to_vec(),
        };
        if !matches!(number, 1..=12) {
            return Ok(unknown());
        }
        let mut input = Reader::new(bytes);
        let fields = Fields::read(&mut input, 64, BODY_BYTES_MAX)?;
        input.end()?;
        let body = match number {
            1 => Self::Edition(Edition::decode(fields)?),
            2 => Self::Endorse(Endorsement::decode(fields)?),
            3 => Self::NodeKey(NodeProof::decode(fields)?),
            4 => Self::Address(NodeAddress::decode(fields)?),
            5 => Self::NodeKeyEnd(Ending::decode(fields)?),
            6 => Self::Rotate(Rotation::decode(fields)?),
            7 => Self::Leave(Departure::decode(fields)?),
            8 => Self::Suspend(Suspension::decode(fields)?),
            9 => Self::Withdraw(erasure::read_withdrawal(fields)?),
            10 => Self::Receipt(erasure::read_receipt(fields)?),
            11 => Self::Fork(evidence::read_fork(fields)?),
            _ => Self::DoubleVote(DoubleVote::decode(fields)?),
        };
        // A later version may add fields to a known type. What they change cannot be told here, so it says nothing here.
        let known = body.encode() == bytes;
        Ok(if known { body } else { unknown() })
    }
}
