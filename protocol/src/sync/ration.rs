//! How fast the logs of one gemeente are taken in when it brings very much.
//!
//! What one gemeente writes costs every other node the time to check, to keep and to show it. So what it brings takes tokens:
//! there are enough for what an honest one writes in a year, at once, and they come back slowly. Of one that used them up an
//! answer at a time is asked for, and nothing until that is paid; the others are asked in between as ever.
//!
//! A node that just started gets everything as fast as it can: it catches up, and nobody waits for what it does not show yet.
//!
//! **Invariant:** a gemeente that used up its tokens is left out of a pull, and nobody else is; nothing of it is refused.

use std::collections::BTreeMap;

use super::budget::{Bucket, Work};
use super::config::Config;
use crate::charter::Roster;
use crate::id::{Gemeente, NodeKey};

/// What each gemeente brought lately.
#[derive(Debug)]
pub(super) struct Rations {
    me: NodeKey,
    burst: u64,
    per_second: u64,
    /// When this node can have caught up at the earliest; nothing before it met anybody.
    earliest_ms: Option<u64>,
    /// Whether it caught up: from then on what comes is new.
    applies: bool,
    /// At most one for each gemeente of the roster.
    brought: BTreeMap<Gemeente, Bucket>,
}

impl Rations {
    pub(super) fn new(me: NodeKey, config: &Config) -> Self {
        Self {
            me,
            burst: config.member_burst,
            per_second: config.member_per_second,
            earliest_ms: None,
            applies: false,
            brought: BTreeMap::new(),
        }
    }

    /// A peer connected: the others have so long to connect as well.
    pub(super) fn met(&mut self, now_ms: u64, config: &Config) {
        let earliest_ms = now_ms.saturating_add(config.anti_entropy_ms);
        self.earliest_ms.get_or_insert(earliest_ms);
    }

    /// Rations from now on, if this node caught up: the peers that it has told all they had.
    pub(super) fn catch_up(&mut self, now_ms: u64, have_told: impl FnOnce() -> bool) {
        let may = self.earliest_ms.is_some_and(|earliest_ms| earliest_ms <= now_ms);
        if may && !self.applies {
            self.applies = have_told();
        }
    }

    /// Entries of a node came in that are new here and take so many bytes.
    pub(super) fn charge(&mut self, roster: &Roster, node: NodeKey, bytes: u64, now_ms: u64) {
        let Some(gemeente) = self.rationed(roster, node).filter(|_| bytes > 0) else {
            return;
        };
        let full = || Bucket::full(self.burst, self.per_second, now_ms);
        let bucket = self.brought.entry(gemeente).or_insert_with(full);
        bucket.charge(usize::try_from(bytes).unwrap_or(usize::MAX), Work::default());
    }

    /// After how many milliseconds the next answer with entries of a node may be asked for; nothing when it may be now.
    pub(super) fn wait_ms(&mut self, roster: &Roster, node: NodeKey, now_ms: u64) -> Option<u64> {
        let gemeente = self.rationed(roster, node)?;
        self.brought.get_mut(&gemeente)?.admit(now_ms).err()
    }

    /// Gemeenten that used up more than half of their tokens, in order of code: those that are left out at times.
    pub(super) fn low(&self, now_ms: u64) -> impl Iterator<Item = Gemeente> {
        let low = self.brought.iter().filter(move |(_, bucket)| bucket.is_low(now_ms));
        low.map(|(gemeente, _)| *gemeente)
    }

    /// The gemeente of a node, unless it is that of this one: what one wrote oneself one takes back at once.
    fn rationed(&self, roster: &Roster, node: NodeKey) -> Option<Gemeente> {
        let gemeente = roster.gemeente_of(node).filter(|_| self.applies)?;
        (roster.gemeente_of(self.me) != Some(gemeente)).then_some(gemeente)
    }
}
