//! How long a disk may take to make something durable.
//!
//! A disk that fails says so, and a disk that died may say nothing for ever. sled 0.34.7 can wait for ever as well: a
//! thread of it that cannot write leaves its error where opening resets it, and where the one that waits does not look
//! again. Whoever waits here waits on a thread of its own, and goes on without it when the time is over.
//!
//! **Invariant:** what is still waited for keeps what it was given, so nothing of it is closed, or opened again, meanwhile.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use protocol::store::StoreError;

/// How long. A disk that is merely busy takes seconds; a remote one that comes back, most of a minute.
pub(super) const ANSWER_WAIT: Duration = Duration::from_secs(90);

/// Does something that waits for the disk, for at most so long. A panic of it is the caller's, as without this.
///
/// # Errors
/// [`StoreError::Silent`] when the time is over, [`StoreError::Engine`] when there is no thread for it.
pub(super) fn within<T: Send + 'static>(
    wait: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    let (tell, told) = sync_channel(1);
    let waiting = thread::Builder::new().name("disk".to_owned()).spawn(move || {
        let done = work();
        // Nobody listens any more when the time was over.
        drop(tell.send(done));
    });
    waiting.map_err(|error| StoreError::Engine {
        detail: format!("no thread to wait for the disk: {error}"),
    })?;
    told.recv_timeout(wait).map_err(|_| StoreError::Silent {
        seconds: wait.as_secs(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_in_time_is_answered() {
        assert_eq!(within(ANSWER_WAIT, || 7).unwrap(), 7);
    }

    #[test]
    fn what_waits_for_ever_is_left_behind_with_what_it_holds() {
        let (release, wait) = sync_channel::<()>(1);
        let silent = within(Duration::from_millis(20), move || wait.recv());
        assert!(matches!(silent, Err(StoreError::Silent { .. })), "{silent:?}");
        assert!(release.send(()).is_ok(), "whoever waits still holds its end");
    }
}
