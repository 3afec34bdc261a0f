//! The in-memory engine: for simulation and tests.

use std::collections::{BTreeMap, BTreeSet};

use super::{Batch, KEY_BYTES_MAX, Op, Pair, Space, Store, StoreError, VALUE_BYTES_MAX};
use crate::id::DocumentId;

/// An engine that keeps everything in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    values: BTreeMap<(Space, Vec<u8>), Vec<u8>>,
    sealed: BTreeMap<(DocumentId, Vec<u8>), Vec<u8>>,
    forgotten: BTreeSet<DocumentId>,
}

impl Memory {
    fn check(&self, op: &Op) -> Result<(), StoreError> {
        let (key, value) = match op {
            Op::Put { key, value, .. } => (key.len(), value.len()),
            Op::PutSealed { key, value, document } => {
                if self.forgotten.contains(document) {
                    return Err(StoreError::Forgotten { document: *document });
                }
                (key.len(), value.len())
            }
            Op::Delete { key, .. } => (key.len(), 0),
            Op::Forget { .. } | Op::Discard { .. } => (0, 0),
        };
        bounded("key", key, KEY_BYTES_MAX)?;
        bounded("value", value, VALUE_BYTES_MAX)
    }

    fn apply(&mut self, op: Op) {
        match op {
            Op::Put { space, key, value } => {
                self.values.insert((space, key), value);
            }
            Op::Delete { space, key } => {
                self.values.remove(&(space, key));
            }
            Op::PutSealed { document, key, value } => {
                self.sealed.insert((document, key), value);
            }
            Op::Forget { document } => {
                self.sealed.retain(|(of, _), _| *of != document);
                self.forgotten.insert(document);
            }
            Op::Discard { document } => self.sealed.retain(|(of, _), _| *of != document),
        }
    }
}

fn bounded(what: &'static str, bytes: usize, limit: usize) -> Result<(), StoreError> {
    if bytes > limit {
        Err(StoreError::TooLarge { what, bytes, limit })
    } else {
        Ok(())
    }
}

impl Store for Memory {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.values.get(&(space, key.to_vec())).cloned())
    }

    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.sealed.get(&(document, key.to_vec())).cloned())
    }

    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        let start = from.max(prefix).to_vec();
        let range = self
            .values
            .range((space, start)..)
            .take_while(|((of, key), _)| *of == space && key.starts_with(prefix));
        Ok(range
            .take(limit)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        Ok(self.forgotten.contains(&document))
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        // A batch may forget a document and then write to it: the check must see the batch's own order.
        let mut forgotten = BTreeSet::new();
        for op in &batch.ops {
            self.check(op)?;
            match op {
                Op::Forget { document } => {
                    forgotten.insert(*document);
                }
                Op::PutSealed { document, .. } if forgotten.contains(document) => {
                    return Err(StoreError::Forgotten { document: *document });
                }
                _ => {}
            }
        }
        batch.ops.into_iter().for_each(|op| self.apply(op));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
