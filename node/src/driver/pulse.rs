//! Whether the core still works: what anybody may ask without waiting for its thread.
//!
//! A question that goes through the core waits as long as the core is stuck, so it can never be told that it is.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
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
    own_fails: AtomicBool,
    waits: AtomicBool,
    lags: AtomicBool,
    own_disk: AtomicU8,
    vault_disk: AtomicU8,
}

/// What a try to write into a directory showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Disk {
    /// It takes what it is given.
    #[default]
    Works,
    /// It is full.
    Full,
    /// It takes nothing.
    Fails,
}

impl Disk {
    fn of(number: u8) -> Self {
        let known = [Self::Works, Self::Full].into_iter();
        known.clone().find(|disk| *disk as u8 == number).unwrap_or(Self::Fails)
    }
}

/// What does not work as it should, as the core knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Faults {
    /// The own log did not take what it was given last.
    pub(super) own: bool,
    /// The view does not take what it is given.
    pub(super) view: bool,
    /// This node was made of a backup and waits for others.
    pub(super) waits: bool,
    /// The view has not shown everything yet since the start, or since others were heard.
    pub(super) lags: bool,
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
    /// Whether the own log took what it was given last.
    pub own_works: bool,
    /// The disk below the own log.
    pub own_disk: Disk,
    /// The disk below the vault.
    pub vault_disk: Disk,
    /// Whether the node was made of a backup and hears others first.
    pub hears_first: bool,
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
            own_fails: AtomicBool::new(false),
            waits: AtomicBool::new(false),
            lags: AtomicBool::new(true),
            own_disk: AtomicU8::new(Disk::Works as u8),
            vault_disk: AtomicU8::new(Disk::Works as u8),
        }
    }
}

impl Pulse {
    /// The core finished a piece of work.
    pub(super) fn beat(&self, flushing: &Flushing, faults: &Faults) {
        let now_ms = self.clock.now_ms();
        self.beat_ms.store(now_ms, Ordering::Relaxed);
        self.flushed_ms
            .store(flushing.flushed_ms().unwrap_or(NEVER), Ordering::Relaxed);
        self.store_fails.store(flushing.fails(), Ordering::Relaxed);
        self.view_fails.store(faults.view, Ordering::Relaxed);
        self.own_fails.store(faults.own, Ordering::Relaxed);
        self.waits.store(faults.waits, Ordering::Relaxed);
        self.lags.store(faults.lags, Ordering::Relaxed);
    }

    /// Whether the view has not shown everything yet since the start, or since others were heard, or has worked too long on what came in.
    #[must_use]
    pub fn lags(&self) -> bool {
        self.lags.load(Ordering::Relaxed)
    }

    /// Somebody tried whether anything can be written beside the own log and the vault.
    pub fn tried(&self, own: Disk, vault: Disk) {
        self.own_disk.store(own as u8, Ordering::Relaxed);
        self.vault_disk.store(vault as u8, Ordering::Relaxed);
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
            own_works: !self.own_fails.load(Ordering::Relaxed),
            own_disk: Disk::of(self.own_disk.load(Ordering::Relaxed)),
            vault_disk: Disk::of(self.vault_disk.load(Ordering::Relaxed)),
            hears_first: self.waits.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests;
