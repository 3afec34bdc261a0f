//! A copy of the store, and of the vault, to look into, because looking into the store itself would change it.
//!
//! sled has no way to open its files without writing: opening takes up what a crash left, truncates, and writes a
//! snapshot. A node that was stopped wrong is exactly what somebody wants to look at before anything is repaired. So
//! the files are copied to a directory beside it, for the account alone, and removed afterwards. A `verify` that was killed
//! leaves its copy behind; the next one, or the next start of the node, removes it, and knows by a lock that nobody uses it.
//!
//! **Invariant:** nothing below the original is opened for writing.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::{Home, VerifyError};
use crate::store::{FILES, unlocked};

/// What is copied of a store; stores that were put aside are not.
const PARTS: [&str; 3] = [FILES, "keys", "own"];
/// What the vault is called in a copy.
const VAULT: &str = "vault";

/// The file whose lock says that a copy is in use.
const LOCK: &str = "lock";

/// A copy that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Copied {
    dir: PathBuf,
    _lock: File,
}

impl Copied {
    /// Copies the store of a node that does not run.
    pub(super) fn of(home: &Home) -> Result<Self, VerifyError> {
        let (store, dir) = (home.store(), home.copy());
        check_unused(&store)?;
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |source| VerifyError::Copy { path, source }
        };
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&dir);
        made.map_err(failed(&dir))?;
        let Some(lock) = lock(&dir).map_err(failed(&dir))? else {
            return Err(VerifyError::Busy { path: dir });
        };
        let copied = Self { dir, _lock: lock };
        let parts = PARTS.map(|part| (store.join(part), copied.dir.join(part)));
        for (from, to) in parts.into_iter().chain([(home.vault(), copied.vault())]) {
            remove(&to).map_err(failed(&to))?;
            if from.exists() {
                copy(&from, &to).map_err(|(path, source)| failed(&path)(source))?;
            }
        }
        Ok(copied)
    }

    pub(super) fn path(&self) -> &Path {
        &self.dir
    }

    /// The copy of the vault.
    pub(super) fn vault(&self) -> PathBuf {
        self.dir.join(VAULT)
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.dir) {
            tracing::warn!(path = %self.dir.display(), %error, "a copy of the store could not be removed");
        }
    }
}

/// Removes the copy that a killed `verify` left behind, if nobody uses it.
pub(in crate::runtime) fn sweep(home: &Home) {
    let dir = home.copy();
    if !dir.exists() {
        return;
    }
    let swept = lock(&dir).and_then(|held| match held {
        // With the lock still held: nobody may begin a copy meanwhile.
        Some(_held) => fs::remove_dir_all(&dir),
        None => Ok(()),
    });
    if let Err(error) = swept {
        tracing::warn!(path = %dir.display(), %error, "what a check left behind could not be removed");
    }
}

/// The lock on a copy; nothing when somebody else holds it.
fn lock(dir: &Path) -> io::Result<Option<File>> {
    let mut options = File::options();
    let file = options.write(true).create(true).truncate(false).open(dir.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// A store that a process holds changes while it is copied.
fn check_unused(store: &Path) -> Result<(), VerifyError> {
    let path = store.join(FILES).join("db");
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(VerifyError::Copy { path, source }),
    };
    let held = |locked: &Result<(), TryLockError>| matches!(locked, Err(TryLockError::WouldBlock));
    match unlocked(|| file.try_lock_shared(), held) {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(VerifyError::InUse {
            path: store.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(VerifyError::Copy { path, source }),
    }
}

/// Copies a file or a directory; the path that failed otherwise.
fn copy(from: &Path, to: &Path) -> Result<(), (PathBuf, io::Error)> {
    let reading = |error| (from.to_path_buf(), error);
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => reading(error),
            _ => (to.to_path_buf(), error),
        });
    }
    fs::create_dir(to).map_err(|error| (to.to_path_buf(), error))?;
    for entry in fs::read_dir(from).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        let Some(name) = path.file_name() else { continue };
        copy(&path, &to.join(name))?;
    }
    Ok(())
}
