//! The clocks and the randomness of this machine, handed to the protocol as arguments.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use protocol::entropy::Entropy;
use protocol::id::Week;

/// Random bytes of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct System;

impl Entropy for System {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("the operating system gave random bytes when the node started");
    }
}

/// The ISO week of this moment, UTC.
#[must_use]
pub fn week_now() -> Week {
    Week::at(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
    )
}

/// Milliseconds since the node started; it never goes back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Monotonic {
    started: Instant,
}

impl Monotonic {
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    pub(super) fn now_ms(self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Lets time pass: the node started longer ago.
    #[cfg(test)]
    pub(super) fn put_ahead(&mut self, ms: u64) {
        let earlier = self.started.checked_sub(std::time::Duration::from_millis(ms));
        self.started = earlier.expect("the clock of the system counts below zero");
    }
}
