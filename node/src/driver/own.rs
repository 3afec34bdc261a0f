//! The own log of this run: when it is opened, and when what is in it counts as written.
//!
//! **Invariant:** whatever is acknowledged was in the own log before, and survives a crash.
//! **Invariant:** the file of a log holds it from its first entry on: behind a gap nothing could be taken back.

use protocol::log::{Entry, ReplicaError};
use protocol::sync;

use super::clock::System;
use super::{Core, CoreError};
use crate::store::{OwnLog, OwnLogError, close};

/// Most bytes of a log that has no file yet: nothing is written into it before it has one, so that is its opening.
const OPENED_BYTES_MAX: usize = 128 * 1024;

impl Core {
    /// Makes what was written survive a crash, and tells the others that there is something new.
    ///
    /// # Errors
    /// [`CoreError::OwnLog`].
    pub fn acknowledge(&mut self) -> Result<(), CoreError> {
        let synced = self.own.as_mut().map_or(Ok(()), OwnLog::sync);
        self.kept(synced)?;
        self.sync(sync::Input::Written);
        Ok(())
    }

    /// Opens the log of this run at the first thing it writes, so that a node that only reads leaves no logs behind; another
    /// one when nothing that it would write into that would count.
    pub(super) fn open_own(&mut self) -> Result<(), CoreError> {
        if self.own.is_some() && !self.parts.replica.leave_log() {
            return Ok(());
        }
        self.own = None;
        if self.parts.replica.own_log().is_none() {
            self.parts.replica.open_log(&self.parts.key, &mut System)?;
        }
        let Some(log) = self.parts.replica.own_log() else {
            return Err(CoreError::NotFounded);
        };
        // From its first entry on: the log may be open already, since making its file failed before.
        let held = self.parts.replica.log(log).map_or(0, |state| state.held);
        let entries = self.parts.replica.entries(log, 0, OPENED_BYTES_MAX)?;
        let seq = entries.len() as u64;
        if seq < held {
            return Err(ReplicaError::Lost { log, seq }.into());
        }
        let made = OwnLog::create(&self.parts.own_dir, log, self.parts.keys.clone());
        self.own = Some(self.kept(made)?);
        entries.iter().try_for_each(|entry| self.keep(entry))
    }

    pub(super) fn keep(&mut self, entry: &Entry) -> Result<(), CoreError> {
        self.touched();
        let appended = self.own.as_mut().map_or(Ok(()), |own| own.append(entry));
        self.kept(appended)
    }

    /// Remembers whether the own log took what it was given last.
    fn kept<T>(&mut self, outcome: Result<T, OwnLogError>) -> Result<T, CoreError> {
        self.own_fails = outcome.is_err();
        Ok(outcome?)
    }

    /// Makes everything that was written survive a crash, at the end.
    ///
    /// # Errors
    /// [`CoreError`] when it may not have.
    pub fn finish(mut self) -> Result<(), CoreError> {
        // A disk that says nothing may never take the own log either, of which everything that was acknowledged is on it.
        if let Some(error) = self.silence() {
            return Err(ReplicaError::from(error).into());
        }
        if let Some(own) = &mut self.own {
            own.sync()?;
        }
        self.parts.replica.flush()?;
        close(self).map_err(|error| CoreError::Replica(error.into()))
    }
}

#[cfg(test)]
mod tests;
