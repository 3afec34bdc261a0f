//! Makes the store of a node anew from what can still be read: the old store, the own logs, and later the peers.
//!
//! The last resort, when the store or an own log does not open or cannot be written any more. What stands in the way is put
//! aside and never thrown away; what is still missing afterwards other nodes send, as to a node that is new.
//!
//! What was lost may have been a withdrawal, or the entry of a record that the vault calls shared. So the node hears others
//! before it shows or shares anything, like one that was made of a backup, and shares nothing anew by itself.
//!
//! **Invariant:** the keys and the own logs that can be read stay where they are: without them nothing could be read again.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use protocol::charter::Statement;
use protocol::id::FederationId;
use protocol::log::{Replica, ReplicaError};
use protocol::store::{Batch, Space, Store, StoreError};

use super::opening::take_back;
use super::release::came_back;
use super::{Home, RunError};
use crate::secret::{Secret, sync_dir};
use crate::store::{DocumentKeys, FILES, OpenError, OwnEnd, Sled, cut_own_log, survey_own_logs};
use crate::vault::Vault;

/// Bytes of entries that are moved together.
const STEP_BYTES: usize = 1024 * 1024;

/// Why a store could not be made anew.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// What is there could not be opened, for another reason than damage, or the new store failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file or directory could not be moved.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// What the new store holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    /// Where the old store is now.
    pub aside: PathBuf,
    /// The federation; without one the charter has to be imported.
    pub federation: Option<FederationId>,
    /// Statements of the charter.
    pub statements: usize,
    /// Entries that came from the old store.
    pub from_store: u64,
    /// Entries that came from the own logs.
    pub from_own: u64,
    /// Entries that the old store held and that are not in the new one: other nodes have them.
    pub missing: u64,
    /// Own entries that are refused; they stay in the own log.
    pub refused: u64,
    /// Copies of own logs that were damaged, as they were: the logs themselves now end before the damage.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_aside: Vec<PathBuf>,
}

/// Makes the store of a node that does not run anew.
///
/// # Errors
/// [`DoctorError`]; until the old store was put aside nothing changed.
pub fn doctor(home: &Home) -> Result<Rebuilt, DoctorError> {
    let storage = Secret::load(&home.key("storage")).map_err(RunError::from)?;
    let store = home.store();
    // Refuses a store in use, of a newer version or under another key, before anything is moved.
    match Sled::open(&store, &storage) {
        Ok(opened) => drop(opened),
        Err(error @ (OpenError::Damaged { .. } | OpenError::Engine { .. })) => {
            tracing::warn!(%error, "it does not open")
        }
        Err(error) => return Err(RunError::from(error).into()),
    }
    let key = Secret::load(&home.key("vault")).map_err(RunError::from)?;
    let mut vault = Vault::open(&home.vault(), &key).map_err(RunError::from)?;
    // Before anything is moved: whatever comes in between, the node does not start as if nothing happened.
    append(&home.restored(), "")?;
    let name = put_aside(home)?;
    Sled::mend_keys(&store).map_err(RunError::from)?;
    let old = Sled::open_files(&store, &name, &storage).ok();
    let new = Sled::open(&store, &storage).map_err(RunError::from)?;
    let keys = new.keys();
    let mut rebuilt = Rebuilt {
        aside: store.join(&name),
        ..Rebuilt::default()
    };
    let mut replica = match old {
        None => Replica::open(new).map_err(RunError::from)?,
        Some(old) => refill(old, new, &mut rebuilt)?,
    };
    rebuilt.own_aside = cut_damaged(home, &keys)?;
    let restored = take_back(&mut replica, &home.own(), &keys)?;
    rebuilt.from_own = restored.entries;
    rebuilt.missing = rebuilt.missing.saturating_sub(restored.entries);
    rebuilt.refused = restored.refused.len() as u64;
    rebuilt.federation = replica.federation();
    rebuilt.statements = replica.statements().len();
    replica.flush().map_err(RunError::from)?;
    drop_view(home)?;
    // What it does not find any more it does not share anew.
    came_back(&mut vault, &replica)?;
    Ok(rebuilt)
}

/// Cuts own logs off where they are damaged, so that the node starts, and gives where the whole of each is now. What stands
/// before the damage stays in its place: the store takes it back at this start, or at one after the charter came in.
fn cut_damaged(home: &Home, keys: &DocumentKeys) -> Result<Vec<PathBuf>, DoctorError> {
    let mut aside = Vec::new();
    for file in survey_own_logs(&home.own(), keys).map_err(RunError::from)? {
        let OwnEnd::Damaged { offset, .. } = file.end else {
            continue;
        };
        let copy = free(&file.path);
        let kept = fs::copy(&file.path, &copy).and_then(|_| fs::File::open(&copy)?.sync_all());
        let kept = kept.and_then(|()| sync_dir(&home.own()));
        let cut = kept.and_then(|()| cut_own_log(&file.path, offset));
        cut.map_err(|source| DoctorError::Io {
            path: file.path,
            source,
        })?;
        aside.push(copy);
    }
    Ok(aside)
}

/// Adds to a file for the owner only, which is made when it is not there.
fn append(path: &Path, text: &str) -> Result<(), DoctorError> {
    let mut options = OpenOptions::new();
    let file = options.append(true).create(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync_dir(path.parent().unwrap_or(Path::new(".")))
    });
    written.map_err(|source| DoctorError::Io {
        path: path.to_path_buf(),
        source,
    })
}

/// A name beside this one that nothing has.
fn free(path: &Path) -> PathBuf {
    let named = |end: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let mut names = (1_u32..).map(|number| named(format!(".kapot-{number}")));
    let free = names.find(|name| !name.exists());
    free.expect("no directory holds that many files")
}

/// Renames sled's files, so that there is room for new ones.
fn put_aside(home: &Home) -> Result<String, DoctorError> {
    let path = home.store().join(FILES);
    let aside = free(&path);
    let name = aside.file_name().expect("it is the name of the files with an end");
    match fs::rename(&path, &aside) {
        Ok(()) => Ok(name.to_string_lossy().into_owned()),
        Err(source) => Err(DoctorError::Io { path, source }),
    }
}

/// The view counts by marks of the old store; it is made anew at the next start.
fn drop_view(home: &Home) -> Result<(), DoctorError> {
    for end in ["", "-wal", "-shm"] {
        let mut path = home.view().into_os_string();
        path.push(end);
        let path = PathBuf::from(path);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(DoctorError::Io { path, source }),
            _ => {}
        }
    }
    Ok(())
}

/// Moves what the old store still gives.
fn refill(old: Sled, mut new: Sled, rebuilt: &mut Rebuilt) -> Result<Replica<Sled>, RunError> {
    forget_again(&old, &mut new)?;
    let statements = statements(&old);
    let mut replica = Replica::open(new)?;
    let founding = statements.iter().find_map(Statement::founding);
    if let Some(federation) = founding.map(protocol::charter::Edition::federation) {
        replica.join(federation)?;
        replica.add_statements(statements)?;
        match Replica::open(old) {
            Ok(old) => entries(&old, &mut replica, rebuilt)?,
            Err(error) => tracing::warn!(%error, "entries are left to the own log and to other nodes"),
        }
    }
    Ok(replica)
}

fn forget_again(old: &Sled, new: &mut Sled) -> Result<(), RunError> {
    let forgotten = old.forgotten().map_err(ReplicaError::from)?;
    let mut batch = Batch::default();
    forgotten.into_iter().for_each(|document| batch.forget(document));
    Ok(new.commit(batch).map_err(ReplicaError::from)?)
}

/// The statements that can still be read.
fn statements(old: &Sled) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut from = Vec::new();
    loop {
        let last = match old.scan(Space::Statements, b"", &from, 1) {
            Ok(rows) => {
                let Some((key, row)) = rows.into_iter().next() else {
                    return found;
                };
                found.extend(Statement::read(&row));
                key
            }
            Err(StoreError::Damaged { key, .. }) => match bytes(&key) {
                Some(key) if key >= from => key,
                _ => return found,
            },
            Err(_) => return found,
        };
        // The key behind this one: itself and a zero byte.
        from = [&last[..], &[0]].concat();
    }
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let pairs = hexadecimal.as_bytes().chunks_exact(2);
    let pairs = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}

/// Every log up to the first entry that cannot be read.
fn entries(old: &Replica<Sled>, new: &mut Replica<Sled>, rebuilt: &mut Rebuilt) -> Result<(), ReplicaError> {
    for (log, state) in old.logs() {
        let mut at = 0;
        while let Ok(entries) = old.entries(log, at, STEP_BYTES) {
            let count = entries.len() as u64;
            let taken = new.ingest(log, entries)?;
            rebuilt.from_store += taken.accepted;
            at += taken.accepted;
            if count == 0 || taken.accepted < count {
                break;
            }
        }
        rebuilt.missing += state.held - at.min(state.held);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
