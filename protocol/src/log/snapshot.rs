//! The snapshot: the hash that cites a state of knowledge.

use super::replica::Replica;
use crate::id::{self, Digest, FederationId, HeaderHash, LogId, Snapshot, Week};
use crate::store::Store;

/// The versions that, besides entries and statements, decide what an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Of the derived tables.
    pub view: u32,
    /// Of the word list.
    pub words: u32,
    /// Of the rules by which a receiver hides identifiers.
    pub rules: u32,
}

impl Versions {
    /// The snapshot of a state asked for a peilweek: `H("snapshot", state, versions 3 × 4, week index 8)`.
    #[must_use]
    pub fn snapshot(&self, state: Digest, peilweek: Week) -> Snapshot {
        let versions = [self.view, self.words, self.rules].map(u32::to_be_bytes);
        let parts = [&state.0[..], versions.as_flattened(), &peilweek.index().to_be_bytes()];
        Snapshot(id::hash("snapshot", &parts))
    }
}

/// What counts, as one hash: `H("state", federation, statement digest, per log in order of id with an effective entry: id,
/// height, head)`.
#[must_use]
pub fn state_of(
    federation: FederationId,
    statements: Digest,
    logs: impl Iterator<Item = (LogId, u64, HeaderHash)>,
) -> Digest {
    let mut heights = Vec::new();
    for (log, height, head) in logs {
        heights.extend_from_slice(&log.0);
        heights.extend_from_slice(&height.to_be_bytes());
        heights.extend_from_slice(&head.0);
    }
    Digest(id::hash("state", &[&federation.0, &statements.0, &heights]))
}

impl<S: Store> Replica<S> {
    /// What counts here, as one hash ([`state_of`]): the same on every replica with the same effective entries and statements.
    #[must_use]
    pub fn state(&self) -> Digest {
        if let Some(state) = self.known_state.get() {
            return state;
        }
        let logs = self.logs().filter(|(_, state)| state.effective > 0);
        let heights = logs.map(|(log, state)| (log, state.effective, state.effective_head));
        let statements = self.statements();
        let state = state_of(statements.federation(), statements.digest(), heights);
        self.known_state.set(Some(state));
        state
    }

    /// The hash that cites what is known here, asked for a peilweek.
    #[must_use]
    pub fn snapshot(&self, versions: &Versions, peilweek: Week) -> Snapshot {
        versions.snapshot(self.state(), peilweek)
    }
}
