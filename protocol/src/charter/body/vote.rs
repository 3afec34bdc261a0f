//! A member's vote for an edition.

use super::super::StatementError;
use super::super::member::exact;
use crate::wire::Fields;

/// A vote for an edition: one per member, number and ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// The hash of the edition voted for.
    pub edition: [u8; 32],
    /// Its number.
    pub number: u64,
    /// The ballot, 0 at first.
    pub ballot: u32,
}

impl Endorsement {
    pub(super) fn fields(&self, fields: &mut Fields) {
        fields
            .set(1, self.edition)
            .set(2, self.number.to_be_bytes())
            .set(3, self.ballot.to_be_bytes());
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "endorsement";
        Ok(Self {
            edition: exact(what, &fields.require(what, 1)?)?,
            number: u64::from_be_bytes(exact(what, &fields.require(what, 2)?)?),
            ballot: u32::from_be_bytes(exact(what, &fields.require(what, 3)?)?),
        })
    }
}
