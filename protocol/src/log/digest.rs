//! The digest: two replicas with the same one hold the same.
//!
//! `digest = H("replica", statements ‖ per node key in order: key, node digest)` and
//! `node digest = H("node", per log in order of id: id, held, head)`, where of a log whose fork is proven only what comes
//! before it is named, since behind it each replica may hold another history. Only nodes of the roster count, since logs of
//! others may be held here from before and nowhere else. Both are kept up to date, so asking costs nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::state::LogState;
use crate::charter::Roster;
use crate::id::{self, Digest, LogId, NodeKey};

/// The digests of a replica.
#[derive(Debug, Clone)]
pub(super) struct Digests {
    nodes: BTreeMap<NodeKey, [u8; 32]>,
    whole: Digest,
}

/// The digest of a node of which nothing is held.
pub(super) const NOTHING: [u8; 32] = [0; 32];

impl Digests {
    /// All digests, from nothing.
    pub(super) fn of(
        statements: Digest,
        roster: &Roster,
        by_node: &BTreeMap<NodeKey, BTreeSet<LogId>>,
        logs: &BTreeMap<LogId, LogState>,
    ) -> Self {
        let mut digests = Self {
            nodes: BTreeMap::new(),
            whole: statements,
        };
        for (node, ids) in by_node {
            if roster.gemeente_of(*node).is_some() {
                digests.nodes.insert(*node, of_node(roster, ids, logs));
            }
        }
        digests.refresh(statements);
        digests
    }

    /// The logs of a node changed; call [`Digests::refresh`] after the last.
    pub(super) fn update(
        &mut self,
        node: NodeKey,
        roster: &Roster,
        ids: &BTreeSet<LogId>,
        logs: &BTreeMap<LogId, LogState>,
    ) {
        self.nodes.insert(node, of_node(roster, ids, logs));
    }

    /// Computes the digest of the whole.
    pub(super) fn refresh(&mut self, statements: Digest) {
        let mut nodes = Vec::with_capacity(self.nodes.len() * 64);
        for (key, digest) in &self.nodes {
            nodes.extend_from_slice(&key.0);
            nodes.extend_from_slice(digest);
        }
        self.whole = Digest(id::hash("replica", &[&statements.0, &nodes]));
    }

    pub(super) fn whole(&self) -> Digest {
        self.whole
    }

    pub(super) fn node(&self, node: NodeKey) -> [u8; 32] {
        self.nodes.get(&node).copied().unwrap_or(NOTHING)
    }
}

fn of_node(roster: &Roster, ids: &BTreeSet<LogId>, logs: &BTreeMap<LogId, LogState>) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(ids.len() * 72);
    for (log, state) in ids.iter().filter_map(|log| Some((log, logs.get(log)?))) {
        bytes.extend_from_slice(&log.0);
        let (held, head) = state.common(roster.fork(*log));
        bytes.extend_from_slice(&held.to_be_bytes());
        bytes.extend_from_slice(&head.0);
    }
    id::hash("node", &[&bytes])
}
