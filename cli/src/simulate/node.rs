//! One node: what it is, and its life from start to crash.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use protocol::charter::Statement;
use protocol::entropy::Seeded;
use protocol::id::{FederationId, LogId, NodeKey};
use protocol::log::{Entry, Reason, Replica, ReplicaError};
use protocol::sync::{Config, Machine};

use super::disk::Disk;
use super::sabotage::Sabotage;

/// Where clocks stand at first, so that one that jumps back does not pass zero.
const CLOCK_MS: u64 = 2_000 * 24 * 3600 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// A copy of everything a node keeps: its disk and its own log.
#[derive(Clone)]
pub(super) struct Backup {
    pub(super) disk: Disk,
    pub(super) file: Vec<Entry>,
    /// How far it held each log.
    pub(super) heights: BTreeMap<LogId, u64>,
}

/// A node that may be up or down.
pub(super) struct Node {
    /// Its number in the plan; a copy of a node has that of the first.
    pub(super) place: usize,
    /// The gemeente it speaks for.
    pub(super) of: usize,
    /// The key it signs with.
    pub(super) key: SigningKey,
    /// Its name.
    pub(super) name: NodeKey,
    /// Its random bytes, but for those of its logs.
    pub(super) rng: Seeded,
    /// What incarnations and salts are drawn from.
    pub(super) log_rng: Seeded,
    /// The own-log file: every entry that was acknowledged, in order.
    pub(super) file: Vec<Entry>,
    /// How often it was started.
    pub(super) starts: u64,
    /// What is on disk while it is down.
    pub(super) disk: Disk,
    /// How far each log is held by what a crash leaves.
    pub(super) heights: BTreeMap<LogId, u64>,
    /// The copy that somebody put away.
    pub(super) backup: Option<Backup>,
    /// What it is while it is up.
    pub(super) up: Option<Box<Up>>,
    /// What it is told before its first start; nothing while it does not exist.
    pub(super) known: Option<Vec<Statement>>,
    /// What its clock is set to at the next start, in days.
    pub(super) days: i64,
    /// Its clock has nothing to do with it any more: stopped for good.
    pub(super) gone: bool,
    pub(super) hostile: bool,
    /// A copy of it drew the same random bytes.
    pub(super) doubled: bool,
    pub(super) sabotage: Option<Sabotage>,
    /// Where the random bytes of its logs began.
    first_rng: Seeded,
    /// What a sabotaged node goes on with.
    machine: Option<Machine>,
}

/// A running node.
pub(super) struct Up {
    /// What it holds.
    pub(super) replica: Replica<Disk>,
    /// Its sync.
    pub(super) machine: Machine,
    /// When it wants to be called, on its own clock.
    pub(super) wake_ms: Option<u64>,
    /// Whether a flush is scheduled.
    pub(super) flushing: bool,
    /// How far its clock is before that of the world.
    pub(super) ahead_ms: u64,
}

impl Node {
    /// A node that never ran.
    pub(super) fn new(place: usize, of: usize, key: SigningKey, rng: (Seeded, Seeded)) -> Self {
        Self {
            place,
            of,
            name: NodeKey(key.verifying_key().to_bytes()),
            key,
            rng: rng.0,
            first_rng: rng.1.clone(),
            log_rng: rng.1,
            file: Vec::new(),
            starts: 0,
            disk: Disk::default(),
            heights: BTreeMap::new(),
            backup: None,
            up: None,
            known: None,
            days: 0,
            gone: false,
            hostile: false,
            doubled: false,
            sabotage: None,
            machine: None,
        }
    }

    /// A copy that runs beside it from the same disk and own log, with other random bytes unless they are copied too.
    pub(super) fn twin(&self, same: bool, rng: &mut Seeded) -> Self {
        let log_rng = if same {
            self.log_rng.clone()
        } else {
            Seeded::new(rng.next())
        };
        Self {
            file: self.file.clone(),
            disk: self.disk.clone(),
            heights: self.heights.clone(),
            known: self.known.clone(),
            days: self.days,
            hostile: self.hostile,
            doubled: self.doubled || same,
            sabotage: self.sabotage,
            ..Self::new(
                self.place,
                self.of,
                self.key.clone(),
                (Seeded::new(rng.next()), log_rng),
            )
        }
    }

    /// Whether it can run.
    pub(super) fn exists(&self) -> bool {
        self.known.is_some() && !self.gone
    }

    /// Starts it with what is on disk, and takes back what the own-log file has more.
    ///
    /// # Errors
    /// What the store or the replica says; then it is down as before.
    pub(super) fn start(&mut self, federation: FederationId, config: &Config) -> Result<(), StartError> {
        let disk = std::mem::take(&mut self.disk);
        let kept = disk.clone();
        let opened = self.open(disk, federation);
        let replica = opened.inspect_err(|_| self.disk = kept.whole())?;
        self.starts += 1;
        if self.sabotage == Some(Sabotage::SameIncarnation) {
            self.log_rng = self.first_rng.clone();
        }
        let machine = self.machine.take();
        let ahead_ms = CLOCK_MS.saturating_add_signed(self.days * DAY_MS);
        self.up = Some(Box::new(Up {
            replica,
            machine: machine.unwrap_or_else(|| Machine::new(self.name, config.clone())),
            wake_ms: None,
            flushing: false,
            ahead_ms,
        }));
        Ok(())
    }

    fn open(&mut self, disk: Disk, federation: FederationId) -> Result<Replica<Disk>, StartError> {
        let mut replica = Replica::open(disk)?;
        replica.join(federation)?;
        replica.add_statements(self.known.clone().unwrap_or_default())?;
        let file = match self.sabotage {
            Some(Sabotage::IgnoreOwnLog) => Vec::new(),
            _ => self.file.clone(),
        };
        for restored in replica.restore(file)? {
            // A copy that drew the same bits may have gone on with what the other wrote.
            let excused = self.hostile || self.doubled;
            if let Some(refusal) = restored.refused.filter(|refusal| is_own_fault(refusal.why) && !excused) {
                let (seq, why) = (refusal.seq, refusal.why);
                return Err(StartError::Own(format!("entry {seq}: {why}")));
            }
        }
        Ok(replica)
    }

    /// Ends it in the middle of things; what was not flushed is lost, or part of it.
    pub(super) fn crash(&mut self) {
        if let Some(up) = self.up.take() {
            let disk = up.replica.store();
            let kept = self.rng.below(disk.unflushed() as u64 + 1) as usize;
            self.disk = disk.crash(kept);
            self.machine = Some(up.machine).filter(|_| self.sabotage == Some(Sabotage::TrustClock));
        }
    }

    /// Puts what a crash would leave away.
    pub(super) fn back_up(&mut self) {
        let disk = match &self.up {
            Some(up) => up.replica.store().crash(0),
            None => self.disk.clone(),
        };
        self.backup = Some(Backup {
            disk,
            file: self.file.clone(),
            heights: self.heights.clone(),
        });
    }

    /// How far each log is held, once it is flushed.
    pub(super) fn flushed(&mut self) {
        if let Some(up) = &self.up {
            self.heights = up.replica.logs().map(|(log, state)| (log, state.held)).collect();
        }
    }
}

/// What a correct node is never told of its own entries: that they are not its own, or not whole.
fn is_own_fault(why: Reason) -> bool {
    matches!(
        why,
        Reason::Federation
            | Reason::Log
            | Reason::Gap
            | Reason::Chain
            | Reason::Signature
            | Reason::PayloadLength
            | Reason::Commitment
            | Reason::Opening
            | Reason::Change
            | Reason::DocumentId
    )
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    /// The replica does not open.
    #[error("a node does not start: {0}")]
    Replica(#[from] ReplicaError),
    /// It refuses what it wrote itself.
    #[error("a node refuses its own {0}")]
    Own(String),
}
