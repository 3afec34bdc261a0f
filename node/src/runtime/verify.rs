//! Checks a node's directory offline: its keys and vault, the own logs, every chain, every signature, every payload.
//!
//! **Invariant:** it only reads. What it finds it tells; the node mends at its next start, and `doctor` what the node
//! cannot.

mod beside;
mod chain;
mod copy;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use protocol::id::{FederationId, LogId};
use protocol::log::{Entry, Replica};
use protocol::store::StoreError;

use super::{Config, Home, RunError};
use crate::secret::Secret;
use crate::store::{Damage, DocumentKeys, OpenError, OwnEnd, OwnFile, Sled, survey_own_logs};

use chain::Chain;
use copy::Copied;
pub(super) use copy::sweep;

/// Most faults that are told one by one; all are counted.
const TOLD_MAX: usize = 1_000;

/// What was checked, and what does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// The federation.
    pub federation: Option<FederationId>,
    /// Whether the last run of the node did not end well: it was killed, or could not flush.
    pub killed: bool,
    /// Statements of the charter, each with its signature.
    pub statements: usize,
    /// Logs, each with its chain.
    pub logs: u64,
    /// Entries, each with its signature and payload.
    pub entries: u64,
    /// Of those, entries that count.
    pub effective: u64,
    /// Of those, entries whose payload was withdrawn.
    pub erased: u64,
    /// How often each fault was found.
    pub counts: BTreeMap<FaultKind, u64>,
    /// The first of them, each with where it is.
    pub faults: Vec<Fault>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A key of the node is missing, or is not the one that it began with.
    Key,
    /// The vault is gone, or does not give what is in it.
    Vault,
    /// The store does not know the federation that the node belongs to.
    Lost,
    /// The store does not open, or does not give what is in it.
    Store,
    /// An own log ends in the middle of an entry: a crash leaves that.
    OwnTorn,
    /// An own log is damaged.
    OwnDamaged,
    /// An own entry is in the own log and not in the store, which takes it over at the next start.
    OwnMissing,
    /// An own entry is not in the store and would be refused.
    OwnRefused,
    /// An entry that is held cannot be read.
    Entry,
    /// The payload of an entry cannot be read, or is not what was signed.
    Payload,
    /// The signature of an entry is not its node's.
    Signature,
    /// An entry stands in the wrong place, or does not follow the one before it.
    Chain,
    /// An entry is held and breaks a rule: its log counts no further.
    Refused,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// In which file or directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// In which log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<LogId>,
    /// At which entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// More, for who looks into it.
    pub detail: String,
    /// What is wrong with a store that does not open; `detail` says the same in English.
    #[serde(skip)]
    pub damage: Option<Damage>,
}

/// Why a directory could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It could not be opened.
    #[error(transparent)]
    Open(#[from] RunError),
    /// A process has it in use.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The store.
        path: PathBuf,
    },
    /// Another check of the same directory is under way.
    #[error("{} is in use by another check", path.display())]
    Busy {
        /// The copy that it looks into.
        path: PathBuf,
    },
    /// The store could not be copied; a copy is looked into, so that nothing changes.
    #[error("the store could not be copied: {}: {source}", path.display())]
    Copy {
        /// What could not be read or written.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Verified {
    /// Whether everything holds. An own entry that stands in the own log only is where it must be to be acknowledged: after a
    /// kill the store may be behind it, and the next start takes it over. A node that stopped well flushed it.
    #[must_use]
    pub fn holds(&self) -> bool {
        let expected = |kind: &FaultKind| self.killed && *kind == FaultKind::OwnMissing;
        self.counts.keys().all(expected)
    }

    /// Whether something is wrong that a new store does not mend: a key, or the vault.
    #[must_use]
    pub fn needs_other_files(&self) -> bool {
        let kinds = [FaultKind::Key, FaultKind::Vault];
        kinds.iter().any(|kind| self.counts.contains_key(kind))
    }

    fn add(&mut self, fault: Fault) {
        *self.counts.entry(fault.kind).or_default() += 1;
        if self.faults.len() < TOLD_MAX {
            self.faults.push(fault);
        }
    }

    fn at(&mut self, kind: FaultKind, log: LogId, seq: u64, detail: impl Into<String>) {
        self.add(Fault {
            kind,
            path: None,
            log: Some(log),
            seq: Some(seq),
            detail: detail.into(),
            damage: None,
        });
    }

    fn in_file(&mut self, kind: FaultKind, path: &Path, detail: String) {
        self.add(Fault {
            kind,
            path: Some(path.to_path_buf()),
            log: None,
            seq: None,
            detail,
            damage: None,
        });
    }

    fn in_store(&mut self, path: &Path, damage: Damage) {
        self.add(Fault {
            kind: FaultKind::Store,
            path: Some(path.to_path_buf()),
            log: None,
            seq: None,
            detail: damage.to_string(),
            damage: Some(damage),
        });
    }
}

/// Checks everything that a node that does not run has on disk of its federation.
///
/// # Errors
/// [`VerifyError`] when there is nothing to check; what does not hold is no error but in [`Verified::faults`].
pub fn verify(home: &Home) -> Result<Verified, VerifyError> {
    Config::read(home).map_err(RunError::from)?;
    let storage = Secret::load(&home.key("storage")).map_err(RunError::from)?;
    let copy = Copied::of(home)?;
    let mut found = Verified {
        killed: home.ready().exists(),
        ..Verified::default()
    };
    beside::keys(home, &mut found);
    beside::vault(home, &copy, &mut found);
    match open(copy.path(), &storage) {
        Ok((mut replica, keys)) => {
            logs(&replica, &mut found);
            beside::federation(home, &replica, &mut found)?;
            own(home, &mut replica, &keys, &copy, &mut found)?;
        }
        Err(error) => match damage(&error) {
            Some(damage) => found.in_store(&home.store(), damage),
            None => return Err(at_home(error, home).into()),
        },
    }
    Ok(found)
}

fn open(dir: &Path, storage: &Secret) -> Result<(Replica<Sled>, DocumentKeys), RunError> {
    let sled = Sled::open(dir, storage)?;
    let keys = sled.keys();
    Ok((Replica::open(sled)?, keys))
}

/// What is damaged, when that is why a store does not open.
pub(super) fn damage(error: &RunError) -> Option<Damage> {
    use protocol::log::ReplicaError;
    match error {
        RunError::Store(OpenError::Damaged { damage, .. }) => Some(damage.clone()),
        RunError::Store(OpenError::Engine { detail, .. })
        | RunError::Replica(ReplicaError::Store(StoreError::Engine { detail })) => {
            Some(Damage::Engine { detail: detail.clone() })
        }
        RunError::Replica(ReplicaError::Store(error @ StoreError::Damaged { .. })) => Some(Damage::Content {
            detail: error.to_string(),
        }),
        RunError::Replica(
            error @ (ReplicaError::Meta | ReplicaError::Row(_) | ReplicaError::Header(_) | ReplicaError::Statement(_)),
        ) => Some(Damage::Content {
            detail: error.to_string(),
        }),
        _ => None,
    }
}

/// An error that names the store itself instead of its copy.
fn at_home(error: RunError, home: &Home) -> RunError {
    let dir = home.store();
    match error {
        RunError::Store(OpenError::WrongKey { .. }) => OpenError::WrongKey { dir }.into(),
        RunError::Store(OpenError::Newer { found, known, .. }) => OpenError::Newer { dir, found, known }.into(),
        other => other,
    }
}

fn logs(replica: &Replica<Sled>, found: &mut Verified) {
    found.federation = replica.federation();
    found.statements = replica.statements().len();
    for (log, state) in replica.logs() {
        let mut chain = Chain::of(log);
        (0..state.held).for_each(|seq| chain.check(replica, seq, found));
        chain.end(state, found);
        if let Some(cut) = state.cut {
            found.at(FaultKind::Refused, log, cut.seq, cut.why.to_string());
        }
        found.logs += 1;
        found.entries += state.held;
        found.effective += state.effective;
    }
}

/// The own logs: whole, and everything in them in the store. What is not is tried on the copy.
fn own(
    home: &Home,
    replica: &mut Replica<Sled>,
    keys: &DocumentKeys,
    copy: &Copied,
    found: &mut Verified,
) -> Result<(), RunError> {
    for file in survey_own_logs(&copy.path().join("own"), keys)? {
        let OwnFile {
            log,
            path,
            entries,
            end,
        } = file;
        let path = home.own().join(path.file_name().unwrap_or_default());
        match end {
            OwnEnd::Whole => {}
            OwnEnd::Torn { offset, bytes } => {
                found.in_file(FaultKind::OwnTorn, &path, format!("{bytes} bytes from byte {offset}"));
            }
            OwnEnd::Damaged { offset, detail } => {
                found.in_file(FaultKind::OwnDamaged, &path, format!("byte {offset}: {detail}"));
            }
        }
        if replica.federation().is_none() {
            // All of it is lost, and told as that.
            continue;
        }
        let held = replica.log(log).map_or(0, |state| state.held);
        let is_lost = |entry: &Entry| entry.signed.header().seq >= held;
        let lost: Vec<Entry> = entries.into_iter().filter(is_lost).collect();
        for entry in &lost {
            found.at(FaultKind::OwnMissing, log, entry.signed.header().seq, "");
        }
        if lost.is_empty() {
            continue;
        }
        for refused in replica.restore(lost)?.iter().filter_map(|ingested| ingested.refused) {
            found.at(FaultKind::OwnRefused, log, refused.seq, refused.why.to_string());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
