//! A disk that loses, in a crash, what was written after the last flush, or the later part of it.

use protocol::id::DocumentId;
use protocol::store::{Batch, Memory, Pair, Space, Store, StoreError};

/// A store in memory with the state that a crash would leave.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    now: Memory,
    flushed: Memory,
    since: Vec<Batch>,
}

impl Disk {
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
            since: Vec::new(),
        }
    }
}

impl Store for Disk {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.now.get(space, key)
    }

    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.now.get_sealed(document, key)
    }

    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.now.scan(space, prefix, from, limit)
    }

    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        self.now.is_forgotten(document)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.now.commit(batch.clone())?;
        self.since.push(batch);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        for batch in self.since.drain(..) {
            self.flushed.commit(batch)?;
        }
        Ok(())
    }
}
