//! An error as a code for whoever asks how the node is doing: the words of the system and of an engine stay in the log.

use std::error::Error;
use std::io;

use protocol::api::Fout;
use protocol::log::ReplicaError;
use protocol::store::StoreError;

use crate::driver::CoreError;
use crate::full::is_full;
use crate::view::ViewError;

/// What is wrong, as far as a person can do something about it.
#[must_use]
pub fn fault(error: &(dyn Error + 'static)) -> Fout {
    if is_full(error) {
        return Fout::SchijfVol;
    }
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.filter_map(known).next().unwrap_or(Fout::Onbekend)
}

fn known(error: &(dyn Error + 'static)) -> Option<Fout> {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    if let Some(CoreError::Replica(error)) = error.downcast_ref() {
        // Transparent: its cause is that of what it holds.
        return known(error);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return match error.kind() {
            PermissionDenied => Some(Fout::GeenToegang),
            ReadOnlyFilesystem => Some(Fout::AlleenLezen),
            _ => None,
        };
    }
    if matches!(error.downcast_ref(), Some(StoreError::Silent { .. })) {
        return Some(Fout::SchijfZwijgt);
    }
    let damaged = matches!(error.downcast_ref(), Some(StoreError::Damaged { .. }))
        || matches!(
            error.downcast_ref(),
            Some(ReplicaError::PayloadLost { .. } | ReplicaError::Lost { .. })
        )
        || matches!(error.downcast_ref(), Some(ViewError::Damaged { .. }));
    damaged.then_some(Fout::Beschadigd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::OwnLogError;

    #[test]
    fn what_a_person_can_mend_is_found_behind_what_was_being_done() {
        let file = |kind: io::ErrorKind| {
            CoreError::from(OwnLogError::Io {
                path: "own.log".into(),
                source: kind.into(),
            })
        };
        assert_eq!(fault(&file(io::ErrorKind::StorageFull)), Fout::SchijfVol);
        assert_eq!(fault(&file(io::ErrorKind::PermissionDenied)), Fout::GeenToegang);
        assert_eq!(fault(&file(io::ErrorKind::ReadOnlyFilesystem)), Fout::AlleenLezen);
        assert_eq!(fault(&file(io::ErrorKind::Other)), Fout::Onbekend);
        let silent = ReplicaError::from(StoreError::Silent { seconds: 90 });
        assert_eq!(fault(&CoreError::from(silent)), Fout::SchijfZwijgt);
        let damaged = ViewError::Damaged {
            detail: "a row".to_owned(),
        };
        assert_eq!(fault(&damaged), Fout::Beschadigd);
    }
}
