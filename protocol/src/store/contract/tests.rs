//! The in-memory engine keeps the contract, and the contract notices an engine that does not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

/// Memory has no disk: closing and opening is a copy.
struct InMemory;

impl Engine for InMemory {
    type Store = Memory;
    fn fresh(&mut self) -> Memory {
        Memory::default()
    }
    fn reopen(&mut self, store: Memory) -> Memory {
        store
    }
}

#[test]
fn memory_keeps_the_contract() {
    suite(&mut InMemory);
}

/// What a broken engine does wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Flaw {
    HalfBatches,
    ScansPastThePrefix,
    RemembersTheForgotten,
    KeepsTheDiscarded,
    ForgetsTheDiscarded,
    LosesOnReopen,
    NoLimits,
}

struct Flawed(Flaw);

struct FlawedStore(Flaw, Memory);

impl Engine for Flawed {
    type Store = FlawedStore;
    fn fresh(&mut self) -> FlawedStore {
        FlawedStore(self.0, Memory::default())
    }
    fn reopen(&mut self, store: FlawedStore) -> FlawedStore {
        match self.0 {
            Flaw::LosesOnReopen => self.fresh(),
            _ => store,
        }
    }
}

impl Store for FlawedStore {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.get(space, key)
    }
    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.get_sealed(document, key)
    }
    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        let prefix = if self.0 == Flaw::ScansPastThePrefix {
            b""
        } else {
            prefix
        };
        self.1.scan(space, prefix, from, limit)
    }
    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        self.1.is_forgotten(document)
    }
    fn commit(&mut self, mut batch: Batch) -> Result<(), StoreError> {
        match self.0 {
            Flaw::RemembersTheForgotten => batch.ops.retain(|op| !matches!(op, crate::store::Op::Forget { .. })),
            Flaw::KeepsTheDiscarded => batch.ops.retain(|op| !matches!(op, crate::store::Op::Discard { .. })),
            Flaw::ForgetsTheDiscarded => batch.ops.iter_mut().for_each(forget),
            Flaw::NoLimits => batch.ops.iter_mut().for_each(shorten),
            Flaw::HalfBatches => {
                for op in batch.ops {
                    self.1.commit(Batch { ops: vec![op] })?;
                }
                return Ok(());
            }
            _ => {}
        }
        self.1.commit(batch)
    }
    fn flush(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn shorten(op: &mut crate::store::Op) {
    if let crate::store::Op::Put { key, .. } = op {
        key.truncate(KEY_BYTES_MAX);
    }
}

fn forget(op: &mut crate::store::Op) {
    if let crate::store::Op::Discard { document } = *op {
        *op = crate::store::Op::Forget { document };
    }
}

#[test]
fn the_contract_notices_every_flaw() {
    for flaw in [
        Flaw::HalfBatches,
        Flaw::ScansPastThePrefix,
        Flaw::RemembersTheForgotten,
        Flaw::KeepsTheDiscarded,
        Flaw::ForgetsTheDiscarded,
        Flaw::LosesOnReopen,
        Flaw::NoLimits,
    ] {
        let run = catch_unwind(AssertUnwindSafe(|| suite(&mut Flawed(flaw))));
        assert!(run.is_err(), "{flaw:?} passed the contract");
    }
}
