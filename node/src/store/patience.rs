//! How long a disk, or sled above it, may take.
//!
//! A disk that fails says so, and a disk that died may say nothing for ever. sled 0.34.7 can wait for ever as well: for a
//! write that failed, where a thread of it leaves its error where opening resets it and the one that waits does not look
//! again, and for its own locks ([`super::engine`] says how). Whoever waits here waits for another thread, and goes on
//! without it when the time is over. A thread that hangs cannot be ended; it ends with the process, and nothing joins it.
//!
//! **Invariant:** what is still waited for keeps what it was given, so nothing of it is closed, or opened again, meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use protocol::store::StoreError;

/// How long a write may take. A disk that is merely busy takes seconds; a remote one that comes back, most of a minute.
pub(super) const ANSWER_WAIT: Duration = Duration::from_secs(90);
/// How long opening may take: sled reads its whole log where it has no newer snapshot of its page table.
pub(super) const OPEN_WAIT: Duration = Duration::from_secs(30 * 60);

type Job = Box<dyn FnOnce() + Send>;

/// A thread that does, one after the other, what waits for the disk. It ends when this is dropped and it has nothing to do.
#[derive(Debug)]
pub(super) struct Hand(SyncSender<Job>);

impl Hand {
    /// Starts it.
    ///
    /// # Errors
    /// [`StoreError::Engine`] when there is no thread for it.
    pub(super) fn start() -> Result<Self, StoreError> {
        let (give, given) = sync_channel::<Job>(1);
        let started = thread::Builder::new()
            .name("disk".to_owned())
            .spawn(move || work(&given));
        started.map_err(|error| StoreError::Engine {
            detail: format!("no thread to wait for the disk: {error}"),
        })?;
        Ok(Self(give))
    }

    /// Has something done that waits for the disk, for at most so long. A panic of it is the caller's, as without this.
    ///
    /// # Errors
    /// [`StoreError::Silent`] when the time is over, or when what was given before still hangs.
    pub(super) fn within<T: Send + 'static>(
        &self,
        wait: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let silent = || StoreError::Silent {
            seconds: wait.as_secs(),
        };
        let (tell, told) = sync_channel(1);
        let job: Job = Box::new(move || {
            // What the work held is gone before its answer is told; nobody listens any more when the time was over.
            let done = catch_unwind(AssertUnwindSafe(work));
            drop(tell.send(done));
        });
        match self.0.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => return Err(silent()),
        }
        match told.recv_timeout(wait) {
            Ok(done) => Ok(done.unwrap_or_else(|panic| resume_unwind(panic))),
            Err(_) => Err(silent()),
        }
    }
}

fn work(given: &Receiver<Job>) {
    given.iter().for_each(|job| job());
}

/// Does one thing that waits for the disk, for at most so long. A panic of it is the caller's, as without this.
///
/// # Errors
/// [`StoreError::Silent`] when the time is over, [`StoreError::Engine`] when there is no thread for it.
pub(super) fn within<T: Send + 'static>(
    wait: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    Hand::start()?.within(wait, work)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn what_is_done_in_time_is_answered() {
        let hand = Hand::start().unwrap();
        let on = || thread::current().id();
        let first = hand.within(ANSWER_WAIT, on).unwrap();
        assert_eq!(hand.within(ANSWER_WAIT, on).unwrap(), first, "one thread does it all");
        assert_ne!(first, on());
    }

    #[test]
    fn what_waits_for_ever_is_left_behind_with_what_it_holds() {
        let (release, wait) = sync_channel::<()>(1);
        let hand = Hand::start().unwrap();
        let silent = |outcome| assert!(matches!(outcome, Err(StoreError::Silent { .. })), "{outcome:?}");
        silent(hand.within(SHORT, move || assert!(wait.recv().is_err(), "nobody sends")));
        silent(hand.within(SHORT, || ()));
        silent(hand.within(ANSWER_WAIT, || ()));
        drop(hand);
        assert!(release.try_send(()).is_ok(), "whoever waits still holds its end");
    }

    #[test]
    fn a_panic_is_the_callers_and_ends_nothing() {
        let hand = Hand::start().unwrap();
        let panicked = catch_unwind(AssertUnwindSafe(|| hand.within(ANSWER_WAIT, || panic!("of the work"))));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"of the work"));
        assert!(hand.within(ANSWER_WAIT, || ()).is_ok());
    }
}
