//! Whether something failed because the disk is full, or says nothing any more: whoever asked is told so, and what to do,
//! whatever was being done.

use std::error::Error;
use std::io;

use protocol::store::StoreError;

use crate::runtime::{BackupError, RunError};
use crate::store::OpenError;
use crate::vault::VaultError;
use crate::view::ViewError;

/// Whether a full disk is behind this error.
#[must_use]
pub fn is_full(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(says_so)
}

/// What is behind an error, itself first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(held(error)), |error| (*error).source().map(held))
}

/// What a transparent error holds: its cause is that of what it holds, which would be passed over.
fn held<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    match (error.downcast_ref(), error.downcast_ref()) {
        (Some(BackupError::Run(error)), _) => held(error),
        (Some(BackupError::Vault(error)), _) | (_, Some(RunError::Vault(error))) => error,
        (_, Some(RunError::Store(error))) => error,
        (_, Some(RunError::View(error))) => error,
        _ => error,
    }
}

/// Whether a disk that does not answer is behind this error.
#[must_use]
pub fn is_silent(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|error| {
        matches!(error.downcast_ref(), Some(StoreError::Silent { .. }))
            || matches!(error.downcast_ref(), Some(OpenError::Silent { .. }))
    })
}

fn says_so(error: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let file = error.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(file, Some(StorageFull | QuotaExceeded | FileTooLarge))
        || matches!(error.downcast_ref(), Some(StoreError::Full))
        || matches!(error.downcast_ref(), Some(OpenError::Full { .. }))
        || matches!(error.downcast_ref(), Some(VaultError::Full { .. }))
        || error.downcast_ref().is_some_and(ViewError::is_full)
}

#[cfg(test)]
mod tests {
    use protocol::log::ReplicaError;

    use super::*;
    use crate::driver::CoreError;
    use crate::store::OwnLogError;

    #[test]
    fn it_is_found_behind_what_was_being_done() {
        let path = std::path::PathBuf::from("own.log");
        let file = |kind: io::ErrorKind| {
            CoreError::from(OwnLogError::Io {
                path: path.clone(),
                source: kind.into(),
            })
        };
        assert!(is_full(&CoreError::from(ReplicaError::from(StoreError::Full))));
        assert!(is_full(&file(io::ErrorKind::StorageFull)));
        assert!(is_full(&VaultError::Full { path: path.clone() }));
        assert!(is_full(&BackupError::from(VaultError::Full { path: path.clone() })));
        let dir = path.clone();
        assert!(is_full(&BackupError::from(RunError::from(OpenError::Full { dir }))));
        assert!(!is_full(&file(io::ErrorKind::NotFound)));
        assert!(!is_full(&CoreError::NotFounded));
        let silent = CoreError::from(ReplicaError::from(StoreError::Silent { seconds: 90 }));
        assert!(is_silent(&silent) && !is_full(&silent));
        assert!(is_silent(&RunError::from(OpenError::Silent { dir: path })));
        assert!(!is_silent(&CoreError::NotFounded));
    }
}
