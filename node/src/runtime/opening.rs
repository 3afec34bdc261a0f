//! Opening what is on disk: the store, and what the own log gives back to it.

use std::path::Path;

use protocol::id::LogId;
use protocol::log::{Entry, Replica, ReplicaError};

use super::{Home, RunError, private};
use crate::driver::Restored;
use crate::secret::Secret;
use crate::store::{DocumentKeys, Sled, close, read_own_logs};

/// The replica, with whatever own entries the store lost taken back from the own log.
///
/// # Errors
/// [`RunError`]: the part that does not open.
pub fn open_replica(home: &Home) -> Result<(Replica<Sled>, DocumentKeys, Restored), RunError> {
    let sled = Sled::open(&home.store(), &Secret::load(&home.key("storage"))?)?;
    let keys = sled.keys();
    let mut replica = Replica::open(sled)?;
    let restored = take_back(&mut replica, &home.own(), &keys)?;
    Ok((replica, keys, restored))
}

/// Opens the replica of a node that does not run for one piece of work, and closes it: where the disk does not take the last
/// sync that is an error like any other.
///
/// # Errors
/// What the work says, or else why the replica does not open or close.
pub(super) fn with_replica<T, E: From<RunError>>(
    home: &Home,
    work: impl FnOnce(&mut Replica<Sled>) -> Result<T, E>,
) -> Result<T, E> {
    private::same_account(home).map_err(RunError::from)?;
    let (mut replica, ..) = open_replica(home)?;
    let done = work(&mut replica);
    let closed = close(replica).map_err(|error| RunError::from(ReplicaError::from(error)));
    let done = done?;
    closed?;
    Ok(done)
}

/// Takes own entries that the store lost back from the own log. A store that belongs to no federation yet takes none:
/// they stay in the own log until the charter was taken in.
pub(super) fn take_back(replica: &mut Replica<Sled>, own: &Path, keys: &DocumentKeys) -> Result<Restored, RunError> {
    let own = read_own_logs(own, keys)?;
    let mut restored = Restored::default();
    for torn in &own.torn {
        tracing::warn!(path = %torn.path.display(), bytes = torn.bytes, "an unfinished end of the own log was cut off");
        restored.torn += 1;
    }
    if replica.federation().is_none() {
        return Ok(restored);
    }
    for (log, entries) in own.logs {
        restore(replica, log, entries, &mut restored)?;
    }
    Ok(restored)
}

/// Takes back what the store does not hold of these entries of an own log.
fn restore(
    replica: &mut Replica<Sled>,
    log: LogId,
    entries: Vec<Entry>,
    restored: &mut Restored,
) -> Result<(), ReplicaError> {
    let held = replica.log(log).map_or(0, |state| state.held);
    let is_lost = |entry: &Entry| entry.signed.header().seq >= held;
    let lost: Vec<Entry> = entries.into_iter().filter(is_lost).collect();
    if lost.is_empty() {
        return Ok(());
    }
    tracing::warn!(%log, "own entries that the store lost are taken back from the own log");
    for ingested in replica.restore(lost)? {
        restored.entries += ingested.accepted;
        if let Some(refused) = ingested.refused {
            tracing::error!(%log, seq = refused.seq, why = %refused.why, "an own entry is refused; it stays in the own log");
            restored.refused.push((log, refused));
        }
    }
    Ok(())
}
