//! Where a backup is read from: a node that runs, or the files of one that does not.
//!
//! A running node is asked a step at a time: what one step reads is bounded, and between two steps it goes on with its work.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use protocol::id::{FederationId, LogId};
use protocol::log::{Entry, Replica};

use super::{BackupError, at};
use crate::driver::Calls;
use crate::runtime::Home;
use crate::runtime::backend::{SharedVault, lock};
use crate::secret::random_bytes;
use crate::store::Sled;
use crate::vault::Vault;

/// Bytes of entries that are read in one step.
const STEP_BYTES: usize = 1024 * 1024;
/// Begin and end of the name of a directory in which the vault is copied.
const TEMPORARY: (&str, &str) = ("backup-", ".tmp");

/// The federation, and how far each log is held.
type Heights = (Option<FederationId>, Vec<(LogId, u64)>);

/// What a backup asks.
pub(in crate::runtime) trait Source {
    /// Copies the vault into a file.
    fn vault(&self, to: &Path) -> Result<(), BackupError>;
    /// The federation, and how far each log is held.
    fn heights(&self) -> Result<Heights, BackupError>;
    /// The next entries of a log; none where the next cannot be read.
    fn entries(&self, log: LogId, from: u64) -> Result<Vec<Entry>, BackupError>;
    /// Every statement.
    fn statements(&self) -> Result<Vec<Vec<u8>>, BackupError>;
}

/// A node that runs.
pub(in crate::runtime) struct Running<'a> {
    pub(in crate::runtime) calls: &'a Calls,
    pub(in crate::runtime) vault: &'a SharedVault,
}

/// A node that does not.
pub(super) struct Stopped {
    pub(super) replica: Replica<Sled>,
    pub(super) vault: Vault,
}

impl Source for Running<'_> {
    fn vault(&self, to: &Path) -> Result<(), BackupError> {
        Ok(lock(self.vault).copy_to(to)?)
    }

    fn heights(&self) -> Result<Heights, BackupError> {
        Ok(self.calls.call(|core| heights(core.replica()))?)
    }

    fn entries(&self, log: LogId, from: u64) -> Result<Vec<Entry>, BackupError> {
        Ok(self
            .calls
            .call(move |core| core.replica().entries(log, from, STEP_BYTES))??)
    }

    fn statements(&self) -> Result<Vec<Vec<u8>>, BackupError> {
        Ok(self.calls.call(|core| statements(core.replica()))?)
    }
}

impl Source for Stopped {
    fn vault(&self, to: &Path) -> Result<(), BackupError> {
        Ok(self.vault.copy_to(to)?)
    }

    fn heights(&self) -> Result<Heights, BackupError> {
        Ok(heights(&self.replica))
    }

    fn entries(&self, log: LogId, from: u64) -> Result<Vec<Entry>, BackupError> {
        Ok(self.replica.entries(log, from, STEP_BYTES)?)
    }

    fn statements(&self) -> Result<Vec<Vec<u8>>, BackupError> {
        Ok(statements(&self.replica))
    }
}

fn heights(replica: &Replica<Sled>) -> Heights {
    let logs = replica.logs().map(|(log, state)| (log, state.held)).collect();
    (replica.federation(), logs)
}

fn statements(replica: &Replica<Sled>) -> Vec<Vec<u8>> {
    let statements = replica.statements().iter();
    statements.map(|statement| statement.bytes().to_vec()).collect()
}

/// A directory for the copy of the vault, removed when it is dropped.
pub(super) struct Temporary(PathBuf);

impl Temporary {
    pub(super) fn new(home: &Home) -> Result<Self, BackupError> {
        let drawn: [u8; 8] = random_bytes().map_err(crate::runtime::RunError::from)?;
        let (begin, end) = TEMPORARY;
        let name = format!("{begin}{:016x}{end}", u64::from_be_bytes(drawn));
        let dir = home.root().join(name);
        DirBuilder::new().mode(0o700).create(&dir).map_err(at(&dir))?;
        Ok(Self(dir))
    }

    pub(super) fn vault(&self) -> PathBuf {
        self.0.join("vault.sqlite")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "a copy of the vault could not be removed");
        }
    }
}

/// Removes the copies that a backup left behind whose node was killed. Called by who holds the store, so none is in use.
pub(in crate::runtime) fn sweep(home: &Home) {
    let Ok(found) = fs::read_dir(home.root()) else { return };
    for file in found.flatten() {
        let name = file.file_name();
        let left = name
            .to_str()
            .is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1));
        if left && let Err(error) = fs::remove_dir_all(file.path()) {
            tracing::warn!(path = %file.path().display(), %error, "what a backup left behind could not be removed");
        }
    }
}
