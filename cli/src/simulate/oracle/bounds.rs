//! How much of one key a set may keep, naively: counted per author and type.

use std::collections::BTreeMap;

use protocol::charter::{Body, Set};
use protocol::id::NodeKey;

use super::super::law::{Broken, Law};
use super::members::Members;

/// What is counted together: author, type with all unknown ones as one, and the node that it is about where that matters.
type Sort = ([u8; 32], Option<u16>, Option<NodeKey>);

/// Whether nobody has more in this set than the specification leaves it.
///
/// # Errors
/// Who has.
pub(super) fn check(set: &Set, members: &Members) -> Result<(), Broken> {
    let mut counted: BTreeMap<Sort, (usize, usize)> = BTreeMap::new();
    let mut carried = 0;
    for held in set.iter() {
        if let Body::Rotate(rotation) = held.body() {
            carried += rotation.nodes.len();
        }
    }
    for held in set.iter() {
        let node_key = members.spoke.contains_key(&NodeKey(held.author()));
        let Some((about, most)) = bound(held.body(), node_key, carried) else {
            continue;
        };
        let number = match held.body() {
            Body::Unknown { .. } => None,
            body => Some(body.number()),
        };
        let (count, _) = counted.entry((held.author(), number, about)).or_insert((0, most));
        *count += 1;
    }
    match counted.iter().find(|(_, (count, most))| count > most) {
        Some(((_, number, _), (count, most))) => Law::Bounded.broken(format!(
            "one key has {count} statements of type {number:?} in the set, where {most} may be"
        )),
        None => Ok(()),
    }
}

/// About which node a statement counts, and how many may; nothing where the number depends on votes and proofs.
fn bound(body: &Body, node_key: bool, carried: usize) -> Option<(Option<NodeKey>, usize)> {
    match body {
        Body::Edition(_) | Body::Endorse(_) | Body::Suspend(_) | Body::Fork(_) | Body::DoubleVote(_) => None,
        Body::NodeKey(_) => Some((None, 32 + carried)),
        Body::Address(address) => Some((Some(address.node), 1)),
        Body::Withdraw(_) => Some((None, 2048)),
        Body::Receipt(_) => Some((None, 1)),
        _ => Some((None, if node_key { 16 } else { 256 })),
    }
}
