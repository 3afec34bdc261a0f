//! Members put another one on hold.

use super::super::StatementError;
use super::super::member::exact;
use super::{Ending, read_endings, read_gemeente, write_endings};
use crate::id::Gemeente;
use crate::wire::{Fields, Reader, Writer};

/// Most members that can be on hold at once: as many as an edition has.
const SUSPENDED_MAX: usize = 512;
const ENDINGS_BYTES_MAX: usize = super::BODY_BYTES_MAX;

/// A member asks that another one is put on hold, for as long as an edition is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// Who is to be suspended.
    pub gemeente: Gemeente,
    /// The hash of the edition in force.
    pub edition: [u8; 32],
    /// How far its logs count meanwhile: unlisted at 0.
    pub endings: Vec<Ending>,
}

/// A member that an edition keeps on hold, for as long as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspended {
    /// Who.
    pub gemeente: Gemeente,
    /// How far its logs count meanwhile: unlisted at 0.
    pub endings: Vec<Ending>,
}

impl Suspension {
    pub(super) fn fields(&self, fields: &mut Fields) {
        fields
            .set(1, self.gemeente.number().to_be_bytes())
            .set(2, self.edition)
            .set(3, write_endings(&self.endings));
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "suspension";
        Ok(Self {
            gemeente: read_gemeente(what, &fields.require(what, 1)?)?,
            edition: exact(what, &fields.require(what, 2)?)?,
            endings: read_endings(&fields.require(what, 3)?)?,
        })
    }
}

/// The members that an edition keeps on hold: a count, then per member code and ends.
pub(in super::super) fn write_suspended(all: &[Suspended]) -> Vec<u8> {
    let mut out = Writer::new();
    out.number(all.len() as u64);
    for suspended in all {
        let endings = write_endings(&suspended.endings);
        out.u16(suspended.gemeente.number()).bytes(&endings);
    }
    out.finish()
}

pub(in super::super) fn read_suspended(bytes: &[u8]) -> Result<Vec<Suspended>, StatementError> {
    let what = "suspended member";
    let mut input = Reader::new(bytes);
    let count = input.count("number of suspended members", SUSPENDED_MAX)?;
    let all = (0..count).map(|_| {
        let gemeente = read_gemeente(what, input.take(what, 2)?)?;
        let endings = read_endings(input.bytes(what, ENDINGS_BYTES_MAX)?)?;
        Ok(Suspended { gemeente, endings })
    });
    let all = all.collect::<Result<Vec<_>, StatementError>>()?;
    input.end()?;
    Ok(all)
}
