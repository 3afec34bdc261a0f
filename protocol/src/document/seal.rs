//! The only file that opens automerge: it has a change written.
//!
//! automerge is given the operations of the change, not the document they belong to: which operations they replace is
//! known from the history. So there is no document to load, and nothing random in here (a document of automerge begins
//! with an actor drawn at random). The bytes are those that automerge writes when it is asked the long way.

use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Change, ExpandedChange, ScalarValue};

use super::DocumentError;
use super::encode::Scalar;
use super::history::History;
use super::rows;

/// Keys in their order, with what they become; nothing deletes the key.
pub(super) type Edits<'a> = Vec<(String, Option<Scalar<'a>>)>;

/// The next change of an actor in a document.
pub(super) fn seal(actor: [u8; 16], history: &History<'_>, edits: Edits<'_>) -> Result<Vec<u8>, DocumentError> {
    let next = history.next(&actor);
    let replaceable = history.replaceable();
    let operations = edits.into_iter().map(|(key, scalar)| {
        let replaced = replaceable.get(key.as_str()).map_or(&[][..], Vec::as_slice);
        operation(&key, scalar, replaced)
    });
    let change = ExpandedChange {
        operations: operations.collect(),
        actor_id: ActorId::from(actor),
        hash: None,
        seq: next.seq,
        start_op: NonZeroU64::MIN.saturating_add(next.start_op - 1),
        time: 0,
        message: None,
        deps: next
            .dependencies
            .iter()
            .map(|hash| automerge::ChangeHash(hash.0))
            .collect(),
        extra_bytes: Vec::new(),
        author: None,
    };
    // There is no reason to panic in writing operations that are in order; if automerge does, a record is not written
    // and nothing else happens.
    let change = catch_unwind(AssertUnwindSafe(|| Change::from(change))).map_err(|_| DocumentError::Panic)?;
    Ok(change.raw_bytes().to_vec())
}

fn operation(key: &str, scalar: Option<Scalar<'_>>, replaced: &[rows::OpId<'_>]) -> Op {
    let name = |(counter, actor): &rows::OpId<'_>| OpId::new(*counter, &ActorId::from(*actor));
    Op {
        action: scalar.map_or(OpType::Delete, |scalar| OpType::Put(value(scalar))),
        obj: ObjectId::Root,
        key: Key::Map(key.into()),
        pred: replaced.iter().map(name).collect(),
        insert: false,
    }
}

fn value(scalar: Scalar<'_>) -> ScalarValue {
    match scalar {
        Scalar::Text(text) => ScalarValue::Str(text.as_ref().into()),
        Scalar::Number(number) => ScalarValue::Int(number),
        Scalar::Flag(flag) => ScalarValue::Boolean(flag),
    }
}
