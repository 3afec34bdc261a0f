//! The own log of this run: when it is opened, and when what is in it counts as written.
//!
//! **Invariant:** whatever is acknowledged was in the own log before, and survives a crash.

use protocol::log::Entry;
use protocol::sync;

use super::clock::System;
use super::{Core, CoreError};
use crate::store::{OwnLog, OwnLogError, close};

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
        let entry = match self.parts.replica.own_log() {
            None => Some(self.parts.replica.open_log(&self.parts.key, &mut System)?),
            Some(_) => None,
        };
        let Some(log) = self.parts.replica.own_log() else {
            return Err(CoreError::NotFounded);
        };
        let made = OwnLog::create(&self.parts.own_dir, log, self.parts.keys.clone());
        self.own = Some(self.kept(made)?);
        entry.map_or(Ok(()), |entry| self.keep(&entry))
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
        if let Some(own) = &mut self.own {
            own.sync()?;
        }
        self.parts.replica.flush()?;
        close(self).map_err(|error| CoreError::Replica(error.into()))
    }
}
