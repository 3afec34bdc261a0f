//! Asking the view: once it shows what the node knows, or what it showed last.
//!
//! **Invariant:** an answer is of one whole state of the replica, and says which; what this node wrote before the question is in it.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use protocol::id::Digest;

use super::backend::{Answers, stopping, view_failed};
use super::heard::hears_first;
use crate::driver::PATIENCE;
use crate::http::Failure;
use crate::view::{Reading, ViewError};

/// How long a question that may be shown an older state waits for the newest, and how often it looks meanwhile.
const BRIEF: Duration = Duration::from_millis(250);
const BRIEF_LOOKS: u32 = 25;

/// How often a question is put to the view before the node says that it is busy: a batch may have come in between.
pub(super) const TRIES: usize = 3;

impl Answers {
    /// Asks the view once it shows all that the replica held when the question came. A view that cannot be written gives what
    /// it shows: an older state, and the status says why.
    pub(super) fn caught_up<T>(
        &self,
        question: impl Fn(&Reading<'_>, Digest) -> Result<T, ViewError>,
    ) -> Result<T, Failure> {
        for _ in 0..TRIES {
            self.wait_shown()?;
            let answer = self.readers.read(|reading| match reading.state() {
                Some(state) => question(reading, state).map(Some),
                None => Ok(None),
            });
            if let Some(answer) = answer.map_err(view_failed)? {
                return Ok(answer);
            }
        }
        Err(self.behind())
    }

    /// Asks the same; while others bring in much, of the last state that the view showed whole. What this node wrote is always in
    /// it.
    pub(super) fn lately<T>(
        &self,
        question: impl Fn(&Reading<'_>, Digest) -> Result<T, ViewError>,
    ) -> Result<T, Failure> {
        let ask = |reading: &Reading<'_>| reading.state().map(|state| question(reading, state)).transpose();
        if self.is_shown_or_lags()? {
            let mut answer = self.readers.read(ask).map_err(view_failed)?;
            if answer.is_none() && self.pulse.lags() {
                answer = self.readers.read_held(ask).map_err(view_failed)?.flatten();
            }
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
        self.caught_up(question)
    }

    /// Waits a little until the view shows all that the replica held when the question came, cannot be written, or is not to be
    /// waited for.
    fn is_shown_or_lags(&self) -> Result<bool, Failure> {
        if self.pulse.lags() {
            return Ok(true);
        }
        let (told, failing) = self.ask_to_be_told(BRIEF)?;
        let mut looks = 0..BRIEF_LOOKS;
        Ok(failing || looks.any(|_| told.recv_timeout(BRIEF / BRIEF_LOOKS).is_ok() || self.pulse.lags()))
    }

    /// Waits until the view shows all that the replica held when the question came, or cannot be written.
    pub(super) fn wait_shown(&self) -> Result<(), Failure> {
        let (told, failing) = self.ask_to_be_told(PATIENCE)?;
        match failing || told.recv_timeout(PATIENCE).is_ok() {
            true => Ok(()),
            false => Err(self.behind()),
        }
    }

    /// Where is told that the view shows all that the replica holds now, and whether the view fails. Nothing is told when too many
    /// wait already.
    fn ask_to_be_told(&self, patience: Duration) -> Result<(Receiver<()>, bool), Failure> {
        let (tell, told) = sync_channel(1);
        let asked = self.calls.call(move |core| {
            (!core.hears_first()).then(|| {
                core.tell_when_shown(tell, patience);
                core.feed().error.is_some()
            })
        });
        let failing = asked.map_err(stopping)?.ok_or_else(hears_first)?;
        Ok((told, failing))
    }
}
