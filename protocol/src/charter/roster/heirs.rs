//! Which gemeente took over the documents of which.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Merge;
use crate::id::Gemeente;

/// The mergers of all editions so far: of several of one gemeente the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Heirs {
    first: BTreeMap<Gemeente, Merge>,
}

impl Heirs {
    pub(super) fn add(&mut self, merges: &[Merge]) {
        for merge in merges {
            self.first.entry(merge.from).or_insert(*merge);
        }
    }

    pub(super) fn merges(&self) -> impl Iterator<Item = &Merge> {
        self.first.values()
    }

    /// A gemeente and those that took over from it, one after the other.
    pub(super) fn line(&self, gemeente: Gemeente) -> Vec<Gemeente> {
        let mut line = vec![gemeente];
        let mut last = gemeente;
        while let Some(merge) = self.first.get(&last).filter(|merge| !line.contains(&merge.to)) {
            last = merge.to;
            line.push(last);
        }
        line
    }

    /// Every gemeente that can have changed a document that this one can change.
    pub(super) fn kin(&self, gemeente: Gemeente) -> BTreeSet<Gemeente> {
        let line: BTreeSet<Gemeente> = self.line(gemeente).into_iter().collect();
        let others = self
            .first
            .keys()
            .filter(|other| self.line(**other).iter().any(|heir| line.contains(heir)));
        others.copied().chain(line.iter().copied()).collect()
    }
}
