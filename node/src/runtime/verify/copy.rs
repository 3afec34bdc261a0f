//! A copy of the store to look into, because looking into the store itself would change it.
//!
//! sled has no way to open its files without writing: opening takes up what a crash left, truncates, and writes a
//! snapshot. A node that was stopped wrong is exactly what somebody wants to look at before anything is repaired. So
//! the files are copied to the directory for temporary files, for the account alone, and removed afterwards.
//!
//! **Invariant:** nothing below the original is opened for writing.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::VerifyError;
use crate::secret::random_bytes;
use crate::store::FILES;

/// What is copied of a store; stores that were put aside are not.
const PARTS: [&str; 3] = [FILES, "keys", "own"];

/// A copy that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Copied(PathBuf);

impl Copied {
    /// Copies the store of a node that does not run.
    pub(super) fn of(store: &Path) -> Result<Self, VerifyError> {
        check_unused(store)?;
        let name: [u8; 8] = random_bytes().map_err(super::RunError::from)?;
        let name = format!("leerkring-verify-{:016x}", u64::from_be_bytes(name));
        let dir = std::env::temp_dir().join(name);
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |source| VerifyError::Copy { path, source }
        };
        DirBuilder::new().mode(0o700).create(&dir).map_err(failed(&dir))?;
        let copied = Self(dir);
        for part in PARTS {
            let (from, to) = (store.join(part), copied.0.join(part));
            if from.exists() {
                copy(&from, &to).map_err(|(path, source)| failed(&path)(source))?;
            }
        }
        Ok(copied)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "a copy of the store could not be removed");
        }
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
    match file.try_lock_shared() {
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
