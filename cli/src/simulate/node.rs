//! One node: what it is, and its life from start to crash.

use ed25519_dalek::SigningKey;
use protocol::charter::Statement;
use protocol::entropy::Seeded;
use protocol::id::{FederationId, Gemeente, NodeKey};
use protocol::log::{Entry, Replica};
use protocol::sync::{Config, Machine};

use super::disk::Disk;

/// A node that may be up or down.
pub(super) struct Node {
    /// The key it signs with.
    pub(super) key: SigningKey,
    /// Its name.
    pub(super) name: NodeKey,
    /// For whom it speaks.
    pub(super) gemeente: Gemeente,
    /// Its random bytes.
    pub(super) rng: Seeded,
    /// The own-log file: every entry that was acknowledged, in order.
    pub(super) file: Vec<Entry>,
    /// How often it was started.
    pub(super) starts: u64,
    /// What is on disk while it is down.
    pub(super) disk: Disk,
    /// What it is while it is up.
    pub(super) up: Option<Box<Up>>,
}

/// A running node.
pub(super) struct Up {
    /// What it holds.
    pub(super) replica: Replica<Disk>,
    /// Its sync.
    pub(super) machine: Machine,
    /// When it wants to be called.
    pub(super) wake_ms: Option<u64>,
    /// Whether a flush is scheduled.
    pub(super) flushing: bool,
}

impl Node {
    /// A node that never ran.
    pub(super) fn new(key: SigningKey, gemeente: Gemeente, rng: Seeded) -> Self {
        Self {
            name: NodeKey(key.verifying_key().to_bytes()),
            key,
            gemeente,
            rng,
            file: Vec::new(),
            starts: 0,
            disk: Disk::default(),
            up: None,
        }
    }

    /// Starts it with what is on disk, and takes back what the own-log file has more.
    pub(super) fn start(
        &mut self,
        federation: FederationId,
        known: &[Statement],
        config: &Config,
    ) -> Result<(), String> {
        let failed = |error: protocol::log::ReplicaError| format!("a node does not start: {error}");
        let mut replica = Replica::open(std::mem::take(&mut self.disk)).map_err(failed)?;
        replica.join(federation).map_err(failed)?;
        replica.add_statements(known.to_vec()).map_err(failed)?;
        for restored in replica.restore(self.file.clone()).map_err(failed)? {
            if let Some(refusal) = restored.refused {
                return Err(format!(
                    "a node refuses its own entry at {}: {}",
                    refusal.seq, refusal.why
                ));
            }
        }
        self.starts += 1;
        self.up = Some(Box::new(Up {
            replica,
            machine: Machine::new(self.name, config.clone()),
            wake_ms: None,
            flushing: false,
        }));
        Ok(())
    }

    /// Ends it in the middle of things; what was not flushed is lost, or part of it.
    pub(super) fn crash(&mut self) {
        if let Some(up) = self.up.take() {
            let disk = up.replica.store();
            let kept = self.rng.below(disk.unflushed() as u64 + 1) as usize;
            self.disk = disk.crash(kept);
        }
    }
}
