//! The snapshot: the hash that cites a state of knowledge.

use super::replica::Replica;
use crate::id::{self, Digest, Snapshot, Week};
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

impl<S: Store> Replica<S> {
    /// What counts here, as one hash: the same on every replica with the same effective entries and statements.
    /// `H("state", federation, statement digest, per log in order of id with an effective entry: id, height, head)`.
    #[must_use]
    pub fn state(&self) -> Digest {
        if let Some(state) = self.known_state.get() {
            return state;
        }
        let mut heights = Vec::new();
        for (log, state) in self.logs().filter(|(_, state)| state.effective > 0) {
            heights.extend_from_slice(&log.0);
            heights.extend_from_slice(&state.effective.to_be_bytes());
            heights.extend_from_slice(&state.effective_head.0);
        }
        let statements = self.statements();
        let parts = [&statements.federation().0[..], &statements.digest().0, &heights];
        let state = Digest(id::hash("state", &parts));
        self.known_state.set(Some(state));
        state
    }

    /// The hash that cites what is known here, asked for a peilweek.
    #[must_use]
    pub fn snapshot(&self, versions: &Versions, peilweek: Week) -> Snapshot {
        versions.snapshot(self.state(), peilweek)
    }
}
