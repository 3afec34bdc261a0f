//! What two people compare by phone: the begin of a hash in groups of digits.
//!
//! Each thing that is compared has a hash of its own, which says all that must not change on the way: see
//! [`Invitation::fingerprint`](super::Invitation::fingerprint) and [`Member::fingerprint`](super::Member::fingerprint).

use crate::id::{NodeKey, RootKey};

/// Groups of four digits in a fingerprint: half of a hash, more than anybody can make another preimage for.
const GROUPS: usize = 8;

/// The begin of a hash or key in groups of digits.
pub(super) fn groups(hash: &[u8; 32]) -> String {
    let pairs = hash.chunks_exact(2).take(GROUPS);
    let groups: Vec<String> = pairs.map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
    groups.join(" ")
}

/// What is compared of a node that asks to speak for its gemeente: the begin of its key.
#[must_use]
pub fn node_fingerprint(node: NodeKey) -> String {
    groups(&node.0)
}

/// What is compared of a root key by itself: the begin of it.
#[must_use]
pub fn root_fingerprint(root: RootKey) -> String {
    groups(&root.0)
}

/// Whether somebody typed this fingerprint; spaces and case do not matter.
#[must_use]
pub fn is_fingerprint(typed: &str, fingerprint: &str) -> bool {
    bare(typed) == bare(fingerprint)
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}
