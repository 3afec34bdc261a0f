//! The snapshot: the hash that cites a state of knowledge.

use super::replica::Replica;
use crate::id::{self, Snapshot, Week};
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

impl<S: Store> Replica<S> {
    /// The same on every replica with the same effective entries and statements, asked for the same week:
    /// `H("snapshot", federation, statement digest, versions 3 × 4, week index 8, per log in order of id with an
    /// effective entry: id, height, head)`.
    #[must_use]
    pub fn snapshot(&self, versions: &Versions, peilweek: Week) -> Snapshot {
        let versions = [versions.view, versions.words, versions.rules].map(u32::to_be_bytes);
        let mut heights = Vec::new();
        for (log, state) in self.logs().filter(|(_, state)| state.effective > 0) {
            heights.extend_from_slice(&log.0);
            heights.extend_from_slice(&state.effective.to_be_bytes());
            heights.extend_from_slice(&state.effective_head.0);
        }
        let statements = self.statements();
        Snapshot(id::hash(
            "snapshot",
            &[
                &statements.federation().0,
                &statements.digest().0,
                versions.as_flattened(),
                &peilweek.index().to_be_bytes(),
                &heights,
            ],
        ))
    }
}
