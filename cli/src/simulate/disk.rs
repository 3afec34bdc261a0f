//! A disk that loses, in a crash, what was written after the last flush, or the later part of it; and that fails when
//! it is told to.

use std::cell::Cell;

use protocol::id::DocumentId;
use protocol::store::{Batch, Memory, Op, Pair, Space, Store, StoreError};

use super::plan::Fault;
use super::sabotage::Sabotage;

/// A store in memory with the state that a crash would leave.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    now: Memory,
    flushed: Memory,
    since: Vec<Batch>,
    armed: Cell<Option<(u32, Fault)>>,
    /// A lasting fault struck: nothing works until the node starts again.
    down: Cell<bool>,
    struck: Cell<bool>,
    sabotage: Option<Sabotage>,
}

impl Disk {
    /// A disk that does what a sabotage says.
    pub(super) fn new(sabotage: Option<Sabotage>) -> Self {
        Self {
            sabotage,
            ..Self::default()
        }
    }

    /// Batches that a crash may lose.
    #[must_use]
    pub(super) fn unflushed(&self) -> usize {
        self.since.len()
    }

    /// What is on the disk after a crash in which the first `kept` unflushed batches happened to be written.
    #[must_use]
    pub(super) fn crash(&self, kept: usize) -> Self {
        let mut disk = self.flushed.clone();
        for batch in self.since.iter().take(kept) {
            disk.commit(batch.clone()).expect("it was committed before");
        }
        Self {
            now: disk.clone(),
            flushed: disk,
            sabotage: self.sabotage,
            ..Self::default()
        }
    }

    /// What is on the disk after an orderly end.
    #[must_use]
    pub(super) fn whole(&self) -> Self {
        self.crash(self.since.len())
    }

    /// Fails after so many calls.
    pub(super) fn arm(&self, after: u32, how: Fault) {
        self.armed.set(Some((after, how)));
    }

    /// No more faults.
    pub(super) fn disarm(&self) {
        self.armed.set(None);
    }

    /// Whether a fault waits.
    pub(super) fn is_armed(&self) -> bool {
        self.armed.get().is_some()
    }

    /// Whether a fault struck that nobody looked at yet.
    pub(super) fn has_struck(&self) -> bool {
        self.struck.get()
    }

    /// The same, and from now on it was looked at.
    pub(super) fn struck(&self) -> bool {
        self.struck.take()
    }

    /// Whether it is a lasting one.
    pub(super) fn is_down(&self) -> bool {
        self.down.get()
    }

    /// Counts a call, and fails it when its time has come.
    fn call(&self) -> Result<(), StoreError> {
        let failed = || StoreError::Engine {
            detail: "the simulated disk fails".to_owned(),
        };
        if self.down.get() {
            return Err(failed());
        }
        match self.armed.get() {
            Some((0, how)) => {
                self.armed.set(None);
                self.struck.set(true);
                self.down.set(how == Fault::Lasting);
                Err(failed())
            }
            Some((left, how)) => {
                self.armed.set(Some((left - 1, how)));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// What a disk that is tampered with makes of a batch.
    fn tampered(&self, mut batch: Batch) -> Batch {
        match self.sabotage {
            Some(Sabotage::KeepPayloads) => batch.ops.retain(|op| !matches!(op, Op::Forget { .. })),
            Some(Sabotage::CountCut) => batch.ops.iter_mut().for_each(count_cut),
            Some(Sabotage::TornBatches) if batch.ops.len() > 4 => batch.ops.truncate(batch.ops.len() / 2),
            _ => {}
        }
        batch
    }
}

/// Makes a stored log count as far as it is held: see *Store port* in the specification for where both stand.
fn count_cut(op: &mut Op) {
    if let Op::Put {
        space: Space::Logs,
        value,
        ..
    } = op
    {
        value.copy_within(55..95, 103);
    }
}

impl Store for Disk {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.call()?;
        self.now.get(space, key)
    }

    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.call()?;
        self.now.get_sealed(document, key)
    }

    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.call()?;
        self.now.scan(space, prefix, from, limit)
    }

    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        self.call()?;
        self.now.is_forgotten(document)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        let batch = self.tampered(batch);
        let was_down = self.down.get();
        if let Err(error) = self.call() {
            // The batch that failed may be on the disk, whole; nobody reads it before the next start.
            if self.down.get() && !was_down && self.since.len().is_multiple_of(2) {
                self.now.commit(batch.clone())?;
                self.since.push(batch);
            }
            return Err(error);
        }
        self.now.commit(batch.clone())?;
        self.since.push(batch);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.call()?;
        if self.sabotage == Some(Sabotage::NeverFlush) {
            return Ok(());
        }
        for batch in self.since.drain(..) {
            self.flushed.commit(batch)?;
        }
        Ok(())
    }
}
