//! Opening sled on its files: once, by one process, after what an earlier end left unfinished was cleared.

use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use protocol::store::StoreError;

use super::error::OpenError;
use super::keys::panic_text;
use super::patience::{ANSWER_WAIT, within};

/// What sled may keep of pages, in bytes as on disk.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// What sled writes at once; also the most it loses of its own buffer.
const SEGMENT_BYTES: usize = 512 * 1024;
/// How long to wait for the lock on a directory, and how often to look.
const LOCK_WAIT: Duration = Duration::from_secs(2);
const LOOKED_EVERY: Duration = Duration::from_millis(5);
/// How sled calls a snapshot of its page table that it is still writing.
const UNFINISHED: &str = ".generating";

/// Opens sled.
pub(super) fn open_db(files: &Path) -> Result<sled::Db, OpenError> {
    unlocked(
        || try_open_db(files),
        |opened| matches!(opened, Err(OpenError::InUse { .. })),
    )
}

/// Tries again for a moment while somebody holds the lock: a thread of sled may hold it a little longer than the store that
/// was just closed.
pub(crate) fn unlocked<T>(attempt: impl Fn() -> T, is_held: impl Fn(&T) -> bool) -> T {
    let started = Instant::now();
    loop {
        let outcome = attempt();
        if !is_held(&outcome) || started.elapsed() >= LOCK_WAIT {
            return outcome;
        }
        pause();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "opening is synchronous and happens once, before anything runs"
)]
fn pause() {
    std::thread::sleep(LOOKED_EVERY);
}

fn try_open_db(files: &Path) -> Result<sled::Db, OpenError> {
    let config = sled::Config::new()
        .path(files)
        .cache_capacity(CACHE_BYTES)
        .segment_size(SEGMENT_BYTES)
        .mode(sled::Mode::LowSpace)
        .flush_every_ms(None);
    clear_unfinished(files).map_err(|error| OpenError::io(files, error))?;
    let opened = catch_unwind(AssertUnwindSafe(|| config.open()));
    match opened {
        Ok(opened) => opened.map_err(|error| OpenError::sled(files, error)),
        Err(panic) => Err(OpenError::Engine {
            dir: files.to_path_buf(),
            detail: format!("sled panicked: {}", panic_text(panic.as_ref())),
        }),
    }
}

/// Closes what holds a database. sled syncs once more as it does, when everything was flushed before, and panics when that
/// fails.
///
/// # Errors
/// [`StoreError`]: the disk did not take the last sync, or does not answer.
pub fn close<T: Send + 'static>(holder: T) -> Result<(), StoreError> {
    within(ANSWER_WAIT, move || {
        let closed = catch_unwind(AssertUnwindSafe(|| drop(holder)));
        closed.map_err(|panic| closing(&panic_text(panic.as_ref())))
    })?
}

/// What a panic of sled as it closes says of the disk. It shows the error of the system, and nothing else tells which it was.
fn closing(panic: &str) -> StoreError {
    match panic.contains("StorageFull") || panic.contains("QuotaExceeded") {
        true => StoreError::Full,
        false => StoreError::Engine {
            detail: format!(
                "the disk did not take the last sync as the store closed, after all of it was flushed: {panic}"
            ),
        },
    }
}

/// Removes what sled was writing when it ended. A snapshot of its page table gets its name when it is whole, but sled
/// 0.34.7 looks for whole ones by a name that it does not write, and so takes half a snapshot for the newest and
/// refuses to open; and parameters that it could not write to the end it refuses to read. Neither says anything that the
/// database file does not.
///
/// Under the lock of the database file: another process may be writing at this moment, and then sled says so.
fn clear_unfinished(files: &Path) -> io::Result<()> {
    let database = match File::open(files.join("db")) {
        Ok(database) => database,
        // sled writes its parameters first, so without a database there is nothing yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return remove_if_there(&files.join("conf")),
        Err(error) => return Err(error),
    };
    match database.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(()),
        locked => locked.map_err(io::Error::from)?,
    }
    for found in fs::read_dir(files)? {
        let found = found?;
        if found.file_name().to_string_lossy().ends_with(UNFINISHED) {
            remove_if_there(&found.path())?;
        }
    }
    database.unlock()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics as sled does when its last sync fails.
    struct Closing(io::ErrorKind);

    impl Drop for Closing {
        fn drop(&mut self) {
            panic!(
                "called `Result::unwrap()` on an `Err` value: {:?}",
                io::Error::from(self.0)
            );
        }
    }

    #[test]
    fn a_last_sync_that_fails_is_an_error_and_no_panic() {
        assert!(close(()).is_ok());
        let full = close(Closing(io::ErrorKind::StorageFull));
        assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
        let broken = close(Closing(io::ErrorKind::Other)).unwrap_err().to_string();
        assert!(broken.contains("the last sync"), "{broken}");
    }
}
