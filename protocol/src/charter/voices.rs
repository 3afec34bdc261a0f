//! Which keys speak for which gemeente, by any edition that was ever decided for.
//!
//! Wider than the roster on purpose: a voice is not taken away by what is said later, so what follows from a statement
//! cannot make that statement disappear.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Edition, NodeAddress, NodeProof, Set, Statement, next_root};
use crate::id::{Gemeente, RootKey};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Voices {
    roots: BTreeMap<[u8; 32], BTreeSet<Gemeente>>,
    nodes: BTreeMap<[u8; 32], BTreeSet<Gemeente>>,
    /// Who took over from whom by any of the editions.
    heirs: BTreeMap<Gemeente, BTreeSet<Gemeente>>,
}

impl Voices {
    /// The keys that these editions list, and those authors to whom a member committed itself.
    pub(super) fn of<'a>(editions: impl Iterator<Item = &'a Edition>, authors: impl Iterator<Item = [u8; 32]>) -> Self {
        let mut voices = Self::default();
        let mut committed: BTreeMap<[u8; 32], BTreeSet<Gemeente>> = BTreeMap::new();
        let editions: Vec<&Edition> = editions.collect();
        for merge in editions.iter().flat_map(|edition| &edition.merges) {
            voices.heirs.entry(merge.from).or_default().insert(merge.to);
        }
        for member in editions.iter().flat_map(|edition| &edition.members) {
            voices.roots.entry(member.root.0).or_default().insert(member.gemeente);
            committed.entry(member.next_root).or_default().insert(member.gemeente);
            for node in &member.nodes {
                voices.nodes.entry(node.0).or_default().insert(member.gemeente);
            }
        }
        for author in authors.collect::<BTreeSet<[u8; 32]>>() {
            if let Some(of) = committed.get(&next_root(RootKey(author))) {
                voices.roots.entry(author).or_default().extend(of);
            }
        }
        voices
    }

    /// All that speak in a set, by these editions.
    pub(super) fn of_set(editions: &[&Edition], set: &Set) -> Self {
        let mut voices = Self::of(editions.iter().copied(), set.iter().map(Statement::author));
        for statement in set.iter().filter(|statement| statement.holds()) {
            if let Body::NodeKey(proof) = statement.body()
                && voices.is_root_of(&statement.author(), proof.gemeente)
            {
                voices.certified(proof);
            }
        }
        voices
    }

    /// A node key that a root key of its gemeente certified.
    pub(super) fn certified(&mut self, proof: &NodeProof) {
        self.nodes.entry(proof.node.0).or_default().insert(proof.gemeente);
    }

    pub(super) fn knows(&self, author: &[u8; 32]) -> bool {
        self.roots.contains_key(author) || self.nodes.contains_key(author)
    }

    pub(super) fn is_root(&self, author: &[u8; 32]) -> bool {
        self.roots.contains_key(author)
    }

    pub(super) fn is_root_of(&self, author: &[u8; 32], gemeente: Gemeente) -> bool {
        self.roots.get(author).is_some_and(|of| of.contains(&gemeente))
    }

    pub(super) fn is_node(&self, author: &[u8; 32]) -> bool {
        self.nodes.contains_key(author)
    }

    /// Whether a key is, or was, a voice of a gemeente or of one that took over from it: a root key or a node that it
    /// took for its own.
    pub(super) fn speaks_for(&self, author: &[u8; 32], gemeente: Gemeente) -> bool {
        let node = |of: &Gemeente| self.nodes.get(author).is_some_and(|voices| voices.contains(of));
        let line = self.line(gemeente);
        line.iter().any(|of| node(of) || self.is_root_of(author, *of))
    }

    /// A gemeente and all that took over from it.
    fn line(&self, gemeente: Gemeente) -> BTreeSet<Gemeente> {
        let mut line = BTreeSet::new();
        let mut waiting = vec![gemeente];
        while let Some(one) = waiting.pop() {
            if line.insert(one) {
                waiting.extend(self.heirs.get(&one).into_iter().flatten());
            }
        }
        line
    }

    /// A node takes back what is its gemeente's; a root key may be one voice of a quorum.
    pub(super) fn may_withdraw(&self, author: &[u8; 32], owner: Gemeente) -> bool {
        self.is_root(author) || self.speaks_for(author, owner)
    }

    /// A node says where it is itself; a root key says it of the nodes of its gemeente.
    pub(super) fn may_address(&self, author: &[u8; 32], address: &NodeAddress) -> bool {
        let Some(of) = self.nodes.get(&address.node.0) else {
            return false;
        };
        *author == address.node.0 || of.iter().any(|gemeente| self.is_root_of(author, *gemeente))
    }

    /// Every key that may speak.
    pub(super) fn keys(self) -> BTreeSet<[u8; 32]> {
        self.roots.into_keys().chain(self.nodes.into_keys()).collect()
    }
}
