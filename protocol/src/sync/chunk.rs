//! One answer's worth of entries.

use super::limits::{CHUNK_BYTES_MAX, RUNS_MAX};
use super::run::{Run, Sent};
use crate::id::LogId;
use crate::log::{HEADER_BYTES_MAX, PAYLOAD_BYTES_MAX, Replica, ReplicaError, SIGNED_EVERY_BYTES};
use crate::store::Store;

/// Most bytes one entry takes, with what is around it.
const ENTRY_BYTES_MAX: usize = PAYLOAD_BYTES_MAX + HEADER_BYTES_MAX + 128;

/// Runs of entries up to [`CHUNK_BYTES_MAX`]; once something did not fit, nothing more is added.
///
/// **Invariant:** a run ends where the replica ended it, because there a signature was checked.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    runs: Vec<Run>,
    bytes: usize,
    more: bool,
}

impl Chunk {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds the entries `from..to` of a log, as far as they fit.
    pub(super) fn fill<S: Store>(
        &mut self,
        replica: &Replica<S>,
        log: LogId,
        from: u64,
        to: u64,
    ) -> Result<(), ReplicaError> {
        if from >= to || self.more {
            return Ok(());
        }
        if self.is_full() {
            self.more = true;
            return Ok(());
        }
        let entries = replica.entries(log, from, CHUNK_BYTES_MAX - self.bytes)?;
        self.bytes += entries.iter().map(|entry| entry.signed.weight()).sum::<usize>();
        let run: Run = entries.into_iter().map(Sent::from).collect();
        // A run that ends early although there is room for what one signature vouches for ends at a payload that is
        // lost here: others have it.
        self.more = (run.len() as u64) < to - from && self.bytes + SIGNED_EVERY_BYTES > CHUNK_BYTES_MAX;
        if !run.is_empty() {
            self.runs.push(run);
        }
        Ok(())
    }

    /// Whether an entry may not fit any more.
    fn is_full(&self) -> bool {
        self.runs.len() == RUNS_MAX || self.bytes + ENTRY_BYTES_MAX > CHUNK_BYTES_MAX
    }

    /// Whether something did not fit: whatever else there is will be asked for again.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }

    /// Whether more remains, and the runs.
    pub(super) fn finish(self) -> (bool, Vec<Run>) {
        (self.more, self.runs)
    }
}
