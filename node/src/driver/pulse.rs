//! Whether the core still works: what anybody may ask without waiting for its thread.
//!
//! A question that goes through the core waits as long as the core is stuck, so it can never be told that it is.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::clock::Monotonic;
use super::flush::Flushing;

/// Stands for a moment that has not come.
const NEVER: u64 = u64::MAX;

/// The last signs of life of a core, written by its thread and read by all.
#[derive(Debug)]
pub struct Pulse {
    clock: Monotonic,
    beat_ms: AtomicU64,
    flushed_ms: AtomicU64,
    synced_ms: AtomicU64,
    store_fails: AtomicBool,
    view_fails: AtomicBool,
}

/// How long ago what was, at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// The core finished a piece of work.
    pub beat: Duration,
    /// The store was flushed, if it was since the start.
    pub flushed: Option<Duration>,
    /// Another node answered, if one did since the start.
    pub synced: Option<Duration>,
    /// Whether the store takes what it is given.
    pub store_works: bool,
    /// Whether the view takes what it is given.
    pub view_works: bool,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            clock: Monotonic::start(),
            beat_ms: AtomicU64::new(0),
            flushed_ms: AtomicU64::new(NEVER),
            synced_ms: AtomicU64::new(NEVER),
            store_fails: AtomicBool::new(false),
            view_fails: AtomicBool::new(false),
        }
    }
}

impl Pulse {
    /// The core finished a piece of work.
    pub(super) fn beat(&self, flushing: &Flushing, view_fails: bool) {
        let now_ms = self.clock.now_ms();
        self.beat_ms.store(now_ms, Ordering::Relaxed);
        self.flushed_ms
            .store(flushing.flushed_ms().unwrap_or(NEVER), Ordering::Relaxed);
        self.store_fails.store(flushing.fails(), Ordering::Relaxed);
        self.view_fails.store(view_fails, Ordering::Relaxed);
    }

    /// Another node answered.
    pub(super) fn synced(&self) {
        self.synced_ms.store(self.clock.now_ms(), Ordering::Relaxed);
    }

    /// How long ago what was.
    #[must_use]
    pub fn signs(&self) -> Signs {
        let now_ms = self.clock.now_ms();
        let since = |at: &AtomicU64| {
            let ms = at.load(Ordering::Relaxed);
            (ms != NEVER).then(|| Duration::from_millis(now_ms.saturating_sub(ms)))
        };
        Signs {
            beat: since(&self.beat_ms).unwrap_or_default(),
            flushed: since(&self.flushed_ms),
            synced: since(&self.synced_ms),
            store_works: !self.store_fails.load(Ordering::Relaxed),
            view_works: !self.view_fails.load(Ordering::Relaxed),
        }
    }
}
