//! Looks over what is held, a little at a time, and has what the disk lost sent again.
//!
//! Damage shows when a value is read. Without this a value that nobody reads would be found damaged on the day that the
//! last other copy is gone.

use protocol::api::Fout;
use protocol::id::LogId;
use protocol::log::{Looked, Refusal, ReplicaError};
use protocol::sync;

use super::Core;
use crate::fault::fault;
use crate::store::survey_own_log;

/// Time between two looks, in milliseconds.
const EVERY_MS: u64 = 1_000;
/// Entries that are read in one: some two milliseconds of work, a million entries in little more than an hour.
const ENTRIES: usize = 256;

/// What the own log gave back at the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// Entries that the store had lost.
    pub entries: u64,
    /// Files of which an unfinished end was cut off.
    pub torn: u64,
    /// Entries that were refused, the first of each log.
    pub refused: Vec<(LogId, Refusal)>,
}

/// How far the look over everything has come.
#[derive(Debug, Default)]
pub(super) struct Scrub {
    looked: Looked,
    due_ms: u64,
    told: u64,
    failed: bool,
    error: Option<Fout>,
}

impl Core {
    /// Why the store could not be read the last time that everything was looked over, if it could not.
    #[must_use]
    pub fn scrub_error(&self) -> Option<&Fout> {
        self.scrub.error.as_ref()
    }

    /// Looks a little further when it is time, and asks for what was found to be lost, here or by whoever else read.
    pub(super) fn scrub_if_due(&mut self) {
        let now_ms = self.now_ms();
        if now_ms >= self.scrub.due_ms {
            self.scrub.due_ms = now_ms + EVERY_MS;
            self.look();
        }
        let damage = self.parts.replica.damage();
        if damage.found > self.scrub.told {
            self.scrub.told = damage.found;
            tracing::warn!(open = damage.open, "stored entries are damaged; they are fetched again");
            if let Err(error) = self.mend_own() {
                tracing::error!(%error, "damaged entries could not be put back from the own log");
            }
            self.sync(sync::Input::Damaged);
        }
    }

    fn look(&mut self) {
        let scrub = &mut self.scrub;
        if let Err(error) = self.parts.replica.look_over(&mut scrub.looked, ENTRIES) {
            tracing::error!(error = in_full(&error), "the store could not be read");
            (scrub.failed, scrub.error) = (true, Some(fault(&error)));
        }
        // The error of a whole round stands until a whole round was without.
        if scrub.looked == Looked::default() && !std::mem::take(&mut scrub.failed) {
            scrub.error = None;
        }
    }

    /// What this node wrote itself needs no peer.
    fn mend_own(&mut self) -> Result<(), super::CoreError> {
        let replica = &self.parts.replica;
        let damaged = replica.logs_of(self.me).map(|(log, _)| log);
        let damaged: Vec<LogId> = damaged.filter(|log| replica.first_damaged(*log).is_some()).collect();
        for log in damaged {
            let entries = survey_own_log(&self.parts.own_dir, log, &self.parts.keys)?;
            if self.parts.replica.mend_run(log, &entries)? > 0 {
                self.touched();
            }
        }
        Ok(())
    }
}

/// An error and what caused it, on one line.
fn in_full(error: &ReplicaError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
