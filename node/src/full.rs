//! Whether something failed because the disk is full: whoever asked is told so, and what to do, whatever was being done.

use std::error::Error;
use std::io;

use protocol::store::StoreError;

use crate::vault::VaultError;
use crate::view::ViewError;

/// Whether a full disk is behind this error.
#[must_use]
pub fn is_full(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (*error).source()).any(says_so)
}

fn says_so(error: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let file = error.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(file, Some(StorageFull | QuotaExceeded | FileTooLarge))
        || matches!(error.downcast_ref(), Some(StoreError::Full))
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
        assert!(!is_full(&file(io::ErrorKind::NotFound)));
        assert!(!is_full(&CoreError::NotFounded));
    }
}
