//! Waiting for a condition, with a deadline. Tests have no other way to wait: a bare sleep is too short on a busy machine and
//! too long on a quiet one.

use std::fmt;
use std::time::{Duration, Instant};

/// How long a test waits for something that should take a second at most, on a machine that is busy with other tests.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks at the condition. Short at first, since most conditions hold at once.
const PAUSE_MIN: Duration = Duration::from_millis(2);
const PAUSE_MAX: Duration = Duration::from_millis(50);

/// The condition did not come true in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedOut {
    /// What was waited for.
    pub what: String,
    /// How long.
    pub waited: Duration,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waited {:?} in vain for {}", self.waited, self.what)
    }
}

/// Asks until there is an answer or the deadline has passed.
///
/// # Errors
/// [`TimedOut`].
pub fn within<T>(deadline: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> Result<T, TimedOut> {
    let start = Instant::now();
    let mut pause = PAUSE_MIN;
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        let waited = start.elapsed();
        if waited >= deadline {
            return Err(TimedOut {
                what: what.to_owned(),
                waited,
            });
        }
        rest(pause.min(deadline - waited));
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// Asks until there is an answer.
///
/// # Panics
/// When there is none within [`DEADLINE`].
#[track_caller]
pub fn until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    match within(DEADLINE, what, ask) {
        Ok(answer) => answer,
        Err(timed_out) => panic!("{timed_out}"),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where tests wait, between two looks at a condition"
)]
fn rest(pause: Duration) {
    std::thread::sleep(pause);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_until_there_is_an_answer() {
        let mut asked = 0;
        let answer = within(DEADLINE, "the third time", || {
            asked += 1;
            (asked == 3).then_some(asked)
        });
        assert_eq!(answer, Ok(3));
    }

    #[test]
    fn says_what_it_waited_for_in_vain() {
        let error = within(Duration::from_millis(5), "nothing", || None::<()>).unwrap_err();
        assert_eq!(error.what, "nothing");
        assert!(error.waited >= Duration::from_millis(5));
        assert!(error.to_string().ends_with("in vain for nothing"));
    }
}
