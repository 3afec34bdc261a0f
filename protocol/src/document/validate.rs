//! The verdict on a change, before automerge sees it.
//!
//! **Invariant:** validity is this verdict alone. It reads nothing but the payload, so it is the same on every node and
//! does not change with the version of automerge. Whatever it accepts, automerge loads and applies without a panic.
//!
//! **Invariant:** the work is linear in the payload and the limits below, and nothing is allocated but the list of
//! dependencies: a claim in a payload (twenty million predecessors, two million rows) never becomes memory.

use super::ChangeError;
use super::chunk::{Actor, Chunk};
use super::rows::{Deaf, Visit, walk};
use crate::id::ChangeHash;

/// Most changes a change may name as its direct dependencies: the branches it joins.
pub const DEPENDENCIES_MAX: u64 = 64;
/// Most other actors whose operations a change may replace.
pub const ACTORS_MAX: u64 = 256;
/// Highest sequence number and highest operation counter; automerge keeps both in 32 bits and panics beyond.
pub const COUNTER_MAX: u64 = 1 << 30;
/// Most rows of a change.
pub const ROWS_MAX: u64 = 4096;
/// Most operations that the rows of a change may replace together.
pub const PREDECESSORS_MAX: u64 = 16_384;
/// Most bytes of a key.
pub const KEY_BYTES_MAX: usize = 512;
/// Most bytes of one text.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;

/// What a valid change says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its hash.
    pub hash: ChangeHash,
    /// The changes it depends on, ascending.
    pub deps: Vec<ChangeHash>,
    /// Who wrote it: [`super::actor`].
    pub actor: [u8; 16],
    /// The how manieth change of its actor.
    pub seq: u64,
    /// Counter of its first operation.
    pub start_op: u64,
    /// Number of operations.
    pub ops: u64,
    /// Counter of its last operation.
    pub max_op: u64,
}

/// What a change must say that comes next in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The actor of this log and document.
    pub actor: [u8; 16],
    /// The next sequence number of that actor.
    pub seq: u64,
    /// The highest operation among the dependencies; 0 when there are none.
    pub max_op_of_deps: u64,
}

/// Checks the form of a change and every limit. Cheap for any input: see the invariants of this file.
///
/// # Errors
/// The first rule that the payload breaks.
pub fn validate(payload: &[u8]) -> Result<Checked, ChangeError> {
    let (chunk, ops) = examine(payload, &mut Deaf)?;
    Ok(checked(&chunk, ops))
}

/// Checks what takes more than the payload to know.
///
/// # Errors
/// [`ChangeError::Actor`], [`ChangeError::Seq`], [`ChangeError::StartOp`].
pub fn matches(checked: &Checked, expected: &Expected) -> Result<(), ChangeError> {
    follows((&checked.actor, checked.seq, checked.start_op), expected)
}

/// [`matches`] for a change that has not been copied out of its payload.
pub(super) fn follows((actor, seq, start_op): (&Actor, u64, u64), expected: &Expected) -> Result<(), ChangeError> {
    let first = expected.max_op_of_deps.saturating_add(1);
    if *actor != expected.actor {
        return Err(ChangeError::Actor);
    }
    if seq != expected.seq {
        let (expected, found) = (expected.seq, seq);
        return Err(ChangeError::Seq { expected, found });
    }
    if start_op != first {
        let (expected, found) = (first, start_op);
        return Err(ChangeError::StartOp { expected, found });
    }
    Ok(())
}

/// [`validate`], telling `visit` about every row; what was told counts for nothing when an error comes back.
pub(super) fn examine<'a>(payload: &'a [u8], visit: &mut impl Visit<'a>) -> Result<(Chunk<'a>, u64), ChangeError> {
    let chunk = Chunk::read(payload)?;
    let is_root = chunk.dependencies().len() == 0;
    if is_root != (chunk.start_op == 1) || (is_root && chunk.seq > 1) {
        return Err(ChangeError::Root);
    }
    let rows = walk(&chunk, visit)?;
    Ok((chunk, rows))
}

fn checked(chunk: &Chunk<'_>, ops: u64) -> Checked {
    Checked {
        hash: chunk.hash,
        deps: chunk.dependencies().collect(),
        actor: *chunk.actor,
        seq: chunk.seq,
        start_op: chunk.start_op,
        ops,
        max_op: chunk.start_op + ops - 1,
    }
}
