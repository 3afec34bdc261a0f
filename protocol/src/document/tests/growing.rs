//! Changes of any size, one behind the other, for tests of what a document may be made of.

use std::num::NonZeroU64;

use automerge::legacy::{Key, ObjectId, Op, OpType};
use automerge::{ActorId, Change, ExpandedChange, ScalarValue};

use crate::document::Checked;

/// The change behind this one, of the same actor and its `seq`-th, with texts of these lengths.
pub(crate) fn next(last: &Checked, seq: u64, texts: &[usize]) -> Vec<u8> {
    let put = |(at, bytes): (usize, &usize)| Op {
        action: OpType::Put(ScalarValue::Str("x".repeat(*bytes).into())),
        obj: ObjectId::Root,
        key: Key::Map(format!("t:later{at}").into()),
        pred: [].into_iter().collect(),
        insert: false,
    };
    let change = Change::from(ExpandedChange {
        operations: texts.iter().enumerate().map(put).collect(),
        actor_id: ActorId::from(last.actor),
        hash: None,
        seq,
        start_op: NonZeroU64::new(last.max_op + 1).unwrap(),
        time: 0,
        message: None,
        deps: vec![automerge::ChangeHash(last.hash.0)],
        extra_bytes: Vec::new(),
        author: None,
    });
    change.raw_bytes().to_vec()
}
