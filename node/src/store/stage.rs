//! A batch of the port on its way to sled: checked, sealed and folded to one write per key.
//!
//! **Invariant:** staging changes nothing; a batch that is refused leaves no trace.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::DocumentId;
use protocol::store::{KEY_BYTES_MAX, Op, StoreError, VALUE_BYTES_MAX};

use super::blocks::{self, Folded};
use super::keyring::Held;
use super::keys::{self, DocumentKeys, Found, calm};
use super::layout::{self, Slot};
use crate::secret::Secret;

/// The writes of one batch.
pub(super) struct Stage {
    db: sled::Db,
    keys: DocumentKeys,
    any_forgotten: bool,
    first_free: Slot,
    held: BTreeMap<DocumentId, Held>,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    fresh: Vec<(DocumentId, Secret)>,
    forgotten: BTreeSet<DocumentId>,
    discarded: BTreeSet<DocumentId>,
    doomed: Vec<Slot>,
}

impl Stage {
    /// `any_forgotten` spares a new document the search among the forgotten when there are none.
    pub(super) fn new(db: &sled::Db, keys: &DocumentKeys, any_forgotten: bool) -> Self {
        Self {
            db: db.clone(),
            keys: keys.clone(),
            any_forgotten,
            first_free: keys.ring().next(),
            held: BTreeMap::new(),
            writes: BTreeMap::new(),
            fresh: Vec::new(),
            forgotten: BTreeSet::new(),
            discarded: BTreeSet::new(),
            doomed: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, op: &Op) -> Result<(), StoreError> {
        match op {
            Op::Put { space, key, value } => {
                bounded(key, value)?;
                let key = layout::plain(*space, key);
                let value = layout::hashed(&key, value);
                self.writes.insert(key, Some(value));
            }
            Op::Delete { space, key } => {
                bounded(key, &[])?;
                self.writes.insert(layout::plain(*space, key), None);
            }
            Op::PutSealed { document, key, value } => {
                bounded(key, value)?;
                let held = self.key_for(*document)?;
                let sealed = held.key.seal(&layout::place(&document.0, key), value);
                self.writes.insert(layout::payload(held.slot, key), Some(sealed));
            }
            Op::Forget { document } => self.forget(*document)?,
            Op::Discard { document } => self.discard(*document)?,
        }
        Ok(())
    }

    /// The key of a document, made when it has none; refused when it was forgotten.
    fn key_for(&mut self, document: DocumentId) -> Result<Held, StoreError> {
        if let Some(held) = self.held.get(&document) {
            return Ok(held.clone());
        }
        if self.forgotten.contains(&document) {
            return Err(StoreError::Forgotten { document });
        }
        let found = match self.discarded.contains(&document) {
            true => Found::Nothing,
            false => self.keys.find(document)?,
        };
        let held = match found {
            Found::Key(held) => held,
            Found::Nothing if self.any_forgotten && is_forgotten(&self.db, document)? => {
                return Err(StoreError::Forgotten { document });
            }
            Found::Nothing => self.new_key(document)?,
            // Nothing under a key that does not open can be read; what is written now must be.
            Found::Damaged(slot) => {
                self.doom(slot)?;
                self.new_key(document)?
            }
        };
        self.held.insert(document, held.clone());
        Ok(held)
    }

    fn new_key(&mut self, document: DocumentId) -> Result<Held, StoreError> {
        let slot = self.first_free + self.fresh.len() as u64;
        let key = keys::fresh()?;
        self.fresh.push((document, key.clone()));
        self.put_own(layout::own(NEXT_SLOT), &(slot + 1).to_be_bytes());
        Ok(Held { slot, key })
    }

    fn forget(&mut self, document: DocumentId) -> Result<(), StoreError> {
        let staged = self.held.remove(&document).map(|held| held.slot);
        let on_disk = self.keys.ring().slot(document);
        let doomed = match staged.or(on_disk) {
            Some(slot) => vec![slot],
            // One of the frames that nobody can read may be the document's own.
            None => self.keys.ring().damaged().to_vec(),
        };
        for slot in doomed {
            self.doom(slot)?;
        }
        self.put_own(layout::forgotten(&document.0), &[]);
        self.forgotten.insert(document);
        Ok(())
    }

    /// A frame that nobody can read stays: what it sealed cannot be read either.
    fn discard(&mut self, document: DocumentId) -> Result<(), StoreError> {
        let staged = self.held.remove(&document).map(|held| held.slot);
        let on_disk = match self.discarded.insert(document) {
            true => self.keys.ring().slot(document),
            false => None,
        };
        staged.or(on_disk).map_or(Ok(()), |slot| self.doom(slot))
    }

    /// Removes what is sealed under a key and marks the key for destruction.
    fn doom(&mut self, slot: Slot) -> Result<(), StoreError> {
        let prefix = layout::payloads_of(slot);
        for (_, value) in self
            .writes
            .range_mut(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
        {
            *value = None;
        }
        for (key, _) in blocks::scan(&self.db, &prefix, &prefix, usize::MAX)? {
            self.writes.insert(key, None);
        }
        self.put_own(layout::doomed(slot), &[]);
        self.doomed.push(slot);
        Ok(())
    }

    /// A value that the store keeps for itself.
    pub(super) fn put_own(&mut self, key: Vec<u8>, value: &[u8]) {
        let value = layout::hashed(&key, value);
        self.writes.insert(key, Some(value));
    }

    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// What sled has to apply, and what to remember once it did.
    pub(super) fn finish(mut self) -> Result<Staged, StoreError> {
        self.discarded.retain(|document| !self.held.contains_key(document));
        Ok(Staged {
            folded: blocks::fold(&self.db, self.writes)?,
            fresh: self.fresh,
            held: self.held,
            forgotten: self.forgotten,
            discarded: self.discarded,
            doomed: self.doomed,
        })
    }
}

/// A batch that is ready.
pub(super) struct Staged {
    /// For sled.
    pub(super) folded: Folded,
    /// Keys to append to the keyring, in the order of their slots, before sled gets the writes.
    pub(super) fresh: Vec<(DocumentId, Secret)>,
    /// Keys that were used: they will be again.
    pub(super) held: BTreeMap<DocumentId, Held>,
    /// Documents that have no key any more.
    pub(super) forgotten: BTreeSet<DocumentId>,
    /// Documents that have none for now.
    pub(super) discarded: BTreeSet<DocumentId>,
    /// Slots to destroy once the batch is durable.
    pub(super) doomed: Vec<Slot>,
}

/// Under this name the store remembers how far the keyring must reach.
pub(super) const NEXT_SLOT: &str = "next slot";

/// Whether the key of a document was destroyed.
pub(super) fn is_forgotten(db: &sled::Db, document: DocumentId) -> Result<bool, StoreError> {
    calm(|| db.contains_key(layout::forgotten(&document.0)))
}

fn bounded(key: &[u8], value: &[u8]) -> Result<(), StoreError> {
    for (what, bytes, limit) in [
        ("key", key.len(), KEY_BYTES_MAX),
        ("value", value.len(), VALUE_BYTES_MAX),
    ] {
        if bytes > limit {
            return Err(StoreError::TooLarge { what, bytes, limit });
        }
    }
    Ok(())
}
