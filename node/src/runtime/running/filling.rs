//! When the tables that analysts read take what they lack.
//!
//! Little is filled together with what brought it. Much, as when everything comes in anew, waits for a pause between the
//! batches: a record is then filled once, with everything around it there, and no batch waits for it.

use std::time::{Duration, Instant};

use super::SETTLE_AGAIN;
use crate::driver::week_now;
use crate::trouble::Trouble;
use crate::view::{ViewError, Writer};

/// How long nothing may come in before much is filled.
const PAUSE: Duration = Duration::from_millis(50);
/// How long at most is waited for a pause.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// When the tables are filled.
#[derive(Debug, Default)]
pub(super) struct Filling {
    /// Whether nothing came in since the last batch for as long as a pause.
    is_pause: bool,
    /// Since when they lack something.
    since: Option<Instant>,
    /// Not before this, after it failed.
    again: Option<Instant>,
    began: Option<Instant>,
    trouble: Trouble,
}

impl Filling {
    /// Whether nothing came in since the last time.
    pub(super) fn pause(&mut self, is_pause: bool) {
        self.is_pause = is_pause;
    }

    /// How long to wait for a batch before there is something to do here.
    pub(super) fn wait(&self, writer: &Writer) -> Duration {
        match (writer.tables_due(), self.again) {
            (None, _) => Duration::MAX,
            (Some(_), Some(again)) => again.saturating_duration_since(Instant::now()).max(PAUSE),
            (Some(_), None) => PAUSE,
        }
    }

    /// Sees to the week at which states are determined, and fills some of what the tables lack when it is time to; whether it
    /// did that.
    pub(super) fn go_on(&mut self, writer: &mut Writer) -> bool {
        let now = Instant::now();
        if self.again.is_some_and(|again| now < again) {
            return false;
        }
        let set = writer.set_peilweek(week_now());
        if set.is_ok() && writer.tables_due().is_none() {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert(now);
        let is_due = self.is_pause || writer.tables_asked() || now.duration_since(since) > WAIT_MAX;
        if set.is_ok() && !is_due {
            return false;
        }
        let filled = set.and_then(|()| writer.fill_some());
        self.since = None;
        self.look(now, filled)
    }

    /// Whether it went well; if not, it is tried again after a while.
    fn look(&mut self, now: Instant, filled: Result<(), ViewError>) -> bool {
        let since = now - *self.began.get_or_insert(now);
        match filled {
            Ok(()) => {
                self.again = None;
                if let Some(times) = self.trouble.over() {
                    tracing::info!(times, "the tables are filled again");
                }
                true
            }
            Err(error) => {
                self.again = Some(now + SETTLE_AGAIN);
                let now_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
                if let Some(times) = self.trouble.again(now_ms) {
                    tracing::error!(%error, times, "the tables could not be filled; it is tried again");
                }
                false
            }
        }
    }
}
