//! When what was written is made durable.
//!
//! Own entries are in the own log before anybody is told of them, and what came from others can be asked for again; so the
//! store is flushed together, a little later.

use protocol::api::Fout;
use protocol::store::StoreError;

use super::Core;
use crate::fault::fault;
use crate::trouble::Trouble;

/// What is not flushed for longer than this is flushed, in milliseconds.
const FLUSH_MS: u64 = 1_000;

/// What waits to be flushed.
#[derive(Debug, Default)]
pub(super) struct Flushing {
    since_ms: Option<u64>,
    error: Option<Fout>,
    trouble: Trouble,
    flushed_ms: Option<u64>,
}

impl Flushing {
    /// When the next flush is due; never when nothing waits.
    pub(super) fn due_ms(&self) -> u64 {
        self.since_ms.map_or(u64::MAX, |since| since + FLUSH_MS)
    }

    /// Whether the last flush failed.
    pub(super) fn fails(&self) -> bool {
        self.error.is_some()
    }

    /// When the last flush succeeded.
    pub(super) fn flushed_ms(&self) -> Option<u64> {
        self.flushed_ms
    }

    /// The next look flushes.
    pub(super) fn at_once(&mut self) {
        self.since_ms = Some(0);
    }
}

impl Core {
    /// Why the last flush failed, if it did.
    #[must_use]
    pub fn flush_error(&self) -> Option<&Fout> {
        self.flushing.error.as_ref()
    }

    /// Whether something waits to be flushed.
    #[must_use]
    pub fn is_unflushed(&self) -> bool {
        self.flushing.since_ms.is_some()
    }

    /// That the store waited in vain for the disk or for itself: nothing works any more until it is opened again.
    pub(super) fn silence(&self) -> Option<StoreError> {
        let unusable = self.parts.replica.store().unusable();
        unusable.filter(|error| matches!(error, StoreError::Silent { .. }))
    }

    /// Ends the node once its store says nothing any more: whoever runs it as a service starts it again.
    pub(super) fn stop_if_silent(&mut self) {
        if let Some(error) = self.silence() {
            tracing::error!(%error, "the node stops: only a store that is opened again works");
            self.stop();
        }
    }

    pub(super) fn touched(&mut self) {
        let now_ms = self.now_ms();
        self.flushing.since_ms.get_or_insert(now_ms);
    }

    pub(super) fn flush_if_due(&mut self) {
        if self.now_ms() < self.flushing.due_ms() {
            return;
        }
        let flushed = self.parts.replica.flush();
        let now_ms = self.now_ms();
        match flushed {
            Ok(()) => {
                self.flushing.flushed_ms = Some(now_ms);
                if let Some(times) = self.flushing.trouble.over() {
                    tracing::info!(times, "the store is flushed again");
                }
            }
            Err(ref error) => {
                if let Some(times) = self.flushing.trouble.again(now_ms) {
                    tracing::error!(%error, times, "the store could not be flushed; it is tried again");
                }
            }
        }
        self.flushing.error = flushed.err().map(|error| fault(&error));
        // A failed flush is tried again after the same time.
        self.flushing.since_ms = self.flushing.error.is_some().then_some(now_ms);
    }
}
