//! How fast the logs of one gemeente are taken in when it brings very much.
//!
//! What one gemeente writes costs every other node the time to check, to keep and to show it. So what it brings takes tokens:
//! there are enough for what an honest one writes in a year, at once, and they come back slowly. One that used them up is not asked
//! for until its debt is paid; the others are asked in between as ever.
//!
//! A node that just started gets everything as fast as it can: it catches up, and nobody waits for what it does not show yet.
//! That ends once half of its peers told all they had, or after [`CATCHING_UP_MS_MAX`], whatever the others do.
//!
//! **Invariant:** a gemeente that used up its tokens is left out of a pull, and nobody else is; nothing of it is refused.

use std::collections::BTreeMap;

use super::budget::{Bucket, Work};
use super::config::Config;
use crate::charter::Roster;
use crate::id::{Gemeente, NodeKey};

/// How long a node catches up at most, since it met the first peer.
const CATCHING_UP_MS_MAX: u64 = 120_000;
/// How long it is told that a gemeente was left out.
const TOLD_MS: u64 = 60_000;

/// What each gemeente brought lately.
#[derive(Debug)]
pub(super) struct Rations {
    me: NodeKey,
    burst: u64,
    per_second: u64,
    /// When this node can have caught up at the earliest, and at the latest; nothing before it met anybody.
    catching_up_ms: Option<(u64, u64)>,
    /// Whether it caught up: from then on what comes is new.
    applies: bool,
    /// At most one for each gemeente of the roster.
    brought: BTreeMap<Gemeente, Brought>,
}

#[derive(Debug)]
struct Brought {
    bucket: Bucket,
    /// When it was last left out.
    left_out_ms: Option<u64>,
}

impl Rations {
    pub(super) fn new(me: NodeKey, config: &Config) -> Self {
        Self {
            me,
            burst: config.member_burst,
            per_second: config.member_per_second,
            catching_up_ms: None,
            applies: false,
            brought: BTreeMap::new(),
        }
    }

    /// A peer connected: the others have so long to connect as well.
    pub(super) fn met(&mut self, now_ms: u64, config: &Config) {
        let until_ms = |ms: u64| now_ms.saturating_add(ms);
        let catching_up = (until_ms(config.anti_entropy_ms), until_ms(CATCHING_UP_MS_MAX));
        self.catching_up_ms.get_or_insert(catching_up);
    }

    /// Rations from now on, if this node caught up: the peers that it has told all they had, or it took its time.
    pub(super) fn catch_up(&mut self, now_ms: u64, have_told: impl FnOnce() -> bool) {
        if let Some((earliest_ms, latest_ms)) = self.catching_up_ms.filter(|_| !self.applies) {
            self.applies = now_ms >= latest_ms || (now_ms >= earliest_ms && have_told());
        }
    }

    /// Entries of a node came in with one answer that are new here and take so many bytes.
    pub(super) fn charge(&mut self, roster: &Roster, node: NodeKey, bytes: u64, now_ms: u64) {
        let Some(gemeente) = self.gemeente_of(roster, node).filter(|_| bytes > 0) else {
            return;
        };
        let nothing = || Brought {
            bucket: Bucket::full(self.burst, self.per_second, now_ms),
            left_out_ms: None,
        };
        let brought = self.brought.entry(gemeente).or_insert_with(nothing);
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        brought.bucket.charge(bytes, Work::default());
    }

    /// After how many milliseconds the next answer with entries of a node may be asked for; nothing when it may be now.
    pub(super) fn wait_ms(&mut self, roster: &Roster, node: NodeKey, now_ms: u64) -> Option<u64> {
        let gemeente = self.gemeente_of(roster, node)?;
        let brought = self.brought.get_mut(&gemeente)?;
        let wait_ms = brought.bucket.admit(now_ms).err()?;
        brought.left_out_ms = Some(now_ms);
        Some(wait_ms)
    }

    /// Gemeenten that were left out in the last minute, in order of code.
    pub(super) fn left_out(&self, now_ms: u64) -> impl Iterator<Item = Gemeente> {
        let lately = move |brought: &Brought| {
            brought
                .left_out_ms
                .is_some_and(|ms| now_ms.saturating_sub(ms) <= TOLD_MS)
        };
        let left_out = self.brought.iter().filter(move |(_, brought)| lately(brought));
        left_out.map(|(gemeente, _)| *gemeente)
    }

    /// The gemeente whose tokens what a node brings takes; none for that of this one: what one wrote oneself one takes back at once.
    fn gemeente_of(&self, roster: &Roster, node: NodeKey) -> Option<Gemeente> {
        let gemeente = roster.gemeente_of(node).filter(|_| self.applies)?;
        (roster.gemeente_of(self.me) != Some(gemeente)).then_some(gemeente)
    }
}
