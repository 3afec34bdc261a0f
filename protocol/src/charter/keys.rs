//! The node keys of one member, as its root key sees them, and what a new root key carries over.
//!
//! A change of root key takes away everything that the old key said of node keys, because whoever stole the old key may
//! have said it. So each of them has to be looked at: it goes on, it ends and keeps its past, or it never was.
//!
//! **Invariant:** what an edition ended stays ended and keeps the past that the edition left it, whatever is asked here.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Ended, Ending, Roster, Rotation, Set};
use crate::id::{Gemeente, NodeKey, RootKey};

/// A node key that speaks, or spoke, for a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKey {
    /// The key.
    pub node: NodeKey,
    /// Whether the edition in force lists it.
    pub listed: bool,
    /// Whether the root key in force certified it, or carried it over.
    pub certified: bool,
    /// Why it speaks no more, if it does not.
    pub ended: Option<Ended>,
}

/// What becomes of a node key when the root key changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It goes on speaking.
    Keep,
    /// It ends there; what it wrote before stays.
    End(Ending),
    /// Nothing it ever wrote counts.
    Drop,
}

/// The node keys of a member in order.
#[must_use]
pub fn own_keys(set: &Set, roster: &Roster, gemeente: Gemeente) -> Vec<OwnKey> {
    let member = roster.member(gemeente);
    let certified = member
        .map(|member| certified(set, member.root, gemeente))
        .unwrap_or_default();
    let nodes = roster.nodes().filter(|(_, of)| *of == gemeente);
    let own = nodes.map(|(node, _)| OwnKey {
        node,
        listed: member.is_some_and(|member| member.nodes.contains(&node)),
        certified: certified.contains(&node),
        ended: roster.ended(node),
    });
    own.collect()
}

/// What this root key certified, and what it carried over from the one before.
fn certified(set: &Set, root: RootKey, gemeente: Gemeente) -> BTreeSet<NodeKey> {
    let mut nodes = BTreeSet::new();
    for statement in set.iter().filter(|statement| statement.author() == root.0) {
        match statement.body() {
            Body::NodeKey(proof) if statement.holds() && proof.gemeente == gemeente => {
                nodes.insert(proof.node);
            }
            Body::Rotate(rotation) if rotation.gemeente == gemeente => nodes.extend(&rotation.nodes),
            _ => {}
        }
    }
    nodes
}

impl OwnKey {
    /// Whether somebody has to say what becomes of it: only what an edition ended is settled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended != Some(Ended::ByEdition)
    }
}

/// The change to another root key, with these fates; the keys that are open and have none are dropped.
#[must_use]
pub fn rotation(own: &[OwnKey], gemeente: Gemeente, old: RootKey, fates: &BTreeMap<NodeKey, Fate>) -> Rotation {
    let (mut nodes, mut endings) = (Vec::new(), Vec::new());
    for key in own {
        let fate = match fates.get(&key.node) {
            _ if !key.is_open() => &Fate::Keep,
            given => given.unwrap_or(&Fate::Drop),
        };
        if key.certified && *fate != Fate::Drop {
            nodes.push(key.node);
        }
        match fate {
            Fate::Keep => {}
            Fate::End(ending) => endings.push(ending.clone()),
            // What an edition lists speaks without any certificate.
            Fate::Drop if key.listed => endings.push(Ending {
                node: key.node,
                cuts: Vec::new(),
            }),
            Fate::Drop => {}
        }
    }
    Rotation {
        gemeente,
        old,
        nodes,
        endings,
    }
}
