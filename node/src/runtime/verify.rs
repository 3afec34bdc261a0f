//! Checks a node's directory offline: every chain, every signature, every payload.

use protocol::id::{FederationId, LogId};
use protocol::log::{Entry, Payload, ReplicaError};

use super::{Home, RunError, open_replica};

/// Bytes of entries that are looked at together.
const STEP_BYTES: usize = 1024 * 1024;

/// What was checked and found right.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// The federation.
    pub federation: Option<FederationId>,
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
}

/// What is wrong with a directory.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It could not be opened.
    #[error(transparent)]
    Open(#[from] RunError),
    /// An entry could not be read.
    #[error("log {log}: {source}")]
    Read {
        /// The log.
        log: LogId,
        /// Why.
        #[source]
        source: ReplicaError,
    },
    /// An entry is not what was signed.
    #[error("log {log}, entry {seq}: {what}")]
    Entry {
        /// The log.
        log: LogId,
        /// The position.
        seq: u64,
        /// What does not hold.
        what: &'static str,
    },
}

/// Checks every log in the store of a node that does not run. The statements are checked as they are opened, the own
/// logs as they are read.
///
/// # Errors
/// [`VerifyError`]: the first thing that does not hold.
pub fn verify(home: &Home) -> Result<Verified, VerifyError> {
    let (replica, _) = open_replica(home)?;
    let mut found = Verified {
        federation: replica.federation(),
        statements: replica.statements().len(),
        logs: 0,
        entries: 0,
        effective: 0,
        erased: 0,
    };
    for (log, state) in replica.logs() {
        let mut checked = Chain {
            log,
            seq: 0,
            previous: None,
        };
        while checked.seq < state.held {
            let entries = replica.entries(log, checked.seq, STEP_BYTES);
            let entries = entries.map_err(|source| VerifyError::Read { log, source })?;
            if entries.is_empty() {
                return Err(checked.wrong("it is not there"));
            }
            for entry in &entries {
                found.erased += u64::from(checked.check(entry)?);
            }
        }
        found.logs += 1;
        found.entries += state.held;
        found.effective += state.effective;
    }
    Ok(found)
}

/// How far one log is checked.
struct Chain {
    log: LogId,
    seq: u64,
    previous: Option<protocol::id::HeaderHash>,
}

impl Chain {
    fn wrong(&self, what: &'static str) -> VerifyError {
        VerifyError::Entry {
            log: self.log,
            seq: self.seq,
            what,
        }
    }

    /// Checks the next entry; true when its payload is erased.
    fn check(&mut self, entry: &Entry) -> Result<bool, VerifyError> {
        let header = entry.signed.header();
        let previous = self.previous.map_or([0; 32], |hash| hash.0);
        if header.log() != self.log || header.seq != self.seq {
            return Err(self.wrong("it stands in the wrong place"));
        }
        if header.previous.0 != previous {
            return Err(self.wrong("it does not follow the entry before it"));
        }
        if entry.signed.verify().is_err() {
            return Err(self.wrong("its signature is not the node's"));
        }
        let erased = entry.payload == Payload::Erased;
        if !erased && entry.payload.commitment() != Some(header.commitment) {
            return Err(self.wrong("its payload is not what was signed"));
        }
        self.previous = Some(entry.signed.hash());
        self.seq += 1;
        Ok(erased)
    }
}
