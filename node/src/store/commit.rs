//! What a batch does to the keyring and to sled, on the thread that waits for both.
//!
//! **Invariant:** the keyring has a key before sled gets what was sealed with it, and forgets one only after sled did.

use std::path::PathBuf;

use protocol::store::{Batch, StoreError};

use super::blocks::Folded;
use super::error;
use super::keys::{DocumentKeys, calm};
use super::layout::Slot;
use super::stage::{Stage, Staged};

/// How many calls of sled free what one write replaced.
const CALLS_PER_WRITE: usize = 10;

/// One batch on its way, with all that it needs.
pub(super) struct Commit {
    pub(super) db: sled::Db,
    pub(super) keys: DocumentKeys,
    /// The directory of the keyring, for what an error says.
    pub(super) keys_dir: PathBuf,
    pub(super) any_forgotten: bool,
    /// The count that the batch takes along, and its place.
    pub(super) count: (Vec<u8>, Vec<u8>),
}

/// What the store has to remember of a batch that sled took.
#[derive(Debug)]
pub(super) struct Applied {
    /// Whether it forgot any document.
    pub(super) any_forgotten: bool,
    /// Slots to destroy once it is durable.
    pub(super) doomed: Vec<Slot>,
}

impl Commit {
    /// Applies a batch; nothing comes back of one that changes nothing.
    ///
    /// # Errors
    /// The outer [`StoreError`] when sled was given nothing; the inner one when it may have half of it.
    pub(super) fn apply(self, batch: &Batch) -> Result<Result<Option<Applied>, StoreError>, StoreError> {
        let mut stage = Stage::new(&self.db, &self.keys, self.any_forgotten);
        for op in &batch.ops {
            stage.add(op)?;
        }
        if stage.is_empty() {
            return Ok(Ok(None));
        }
        let staged = stage.finish()?;
        let appended = self.keys.ring().append(&staged.fresh);
        appended.map_err(|error| error::file(&self.keys_dir, &error))?;
        Ok(self.write(staged).map(Some))
    }

    fn write(self, staged: Staged) -> Result<Applied, StoreError> {
        let Folded { mut batch, writes } = staged.folded;
        let (at, count) = self.count;
        batch.insert(at, count);
        calm(|| self.db.apply_batch(batch))?;
        collect_garbage(&self.db, writes)?;
        let any_forgotten = !staged.forgotten.is_empty();
        let mut ring = self.keys.ring();
        ring.forget(staged.forgotten.into_iter().chain(staged.discarded));
        for (document, held) in staged.held {
            ring.remember(document, held);
        }
        Ok(Applied {
            any_forgotten,
            doomed: staged.doomed,
        })
    }
}

/// Lets sled free what a batch replaced. It frees a little at every 128th call, and a batch is one call however
/// many writes it has: by big batches alone 100,000 entries took 1.4 GB, with these calls 0.2 GB and less time.
fn collect_garbage(db: &sled::Db, writes: usize) -> Result<(), StoreError> {
    (0..writes * CALLS_PER_WRITE).try_for_each(|_| calm(|| db.contains_key([])).map(|_| ()))
}
