//! The key of a document, for whoever seals under it: the engine its payloads, the own log its entries.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::id::DocumentId;
use protocol::store::{Space, StoreError};

use super::error;
use super::keyring::{Held, Keyring};
use super::layout::{self, Slot};
use crate::secret::Secret;

/// A handle on the keys of documents. It stays valid while the store that gave it is open.
#[derive(Debug, Clone)]
pub struct DocumentKeys(Arc<Mutex<Keyring>>);

/// What is known of the key of a document.
pub(super) enum Found {
    /// The document has none.
    Nothing,
    /// Here it is.
    Key(Held),
    /// It has one, but the frame on disk does not open.
    Damaged(Slot),
}

impl DocumentKeys {
    pub(super) fn new(ring: Keyring) -> Self {
        Self(Arc::new(Mutex::new(ring)))
    }

    pub(super) fn ring(&self) -> MutexGuard<'_, Keyring> {
        // Nothing in the ring panics between a change of its files and that of its memory.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a document, from memory or from its slot.
    pub(super) fn find(&self, document: DocumentId) -> Result<Found, StoreError> {
        let mut ring = self.ring();
        if let Some(held) = ring.cached(document) {
            return Ok(Found::Key(held));
        }
        let Some(slot) = ring.slot(document) else {
            return Ok(Found::Nothing);
        };
        let read = ring.read(slot, document);
        match read.map_err(|error| error::file(Path::new("keys"), &error))? {
            None => Ok(Found::Damaged(slot)),
            Some(key) => {
                let held = Held { slot, key };
                ring.remember(document, held.clone());
                Ok(Found::Key(held))
            }
        }
    }

    /// Gives each of these documents a key that has none, durably and all at once: one by one every key waits for the disk.
    pub(super) fn prepare(&self, dir: &Path, documents: &BTreeSet<DocumentId>) -> Result<(), StoreError> {
        let mut ring = self.ring();
        let without = documents.iter().filter(|document| ring.slot(**document).is_none());
        let keys = without.map(|document| Ok((*document, fresh()?)));
        let keys = keys.collect::<Result<Vec<_>, StoreError>>()?;
        let first = ring.next();
        ring.append(&keys).map_err(|error| error::file(dir, &error))?;
        for ((document, key), slot) in keys.into_iter().zip(first..) {
            ring.remember(document, Held { slot, key });
        }
        Ok(())
    }

    /// Seals bytes under the key of a document; nothing when it has none (never written, or forgotten).
    pub(super) fn seal(&self, document: DocumentId, key: &[u8], plain: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.find(document)? {
            Found::Nothing => Ok(None),
            Found::Key(held) => Ok(Some(held.key.seal(&layout::place(&document.0, key), plain))),
            Found::Damaged(_) => Err(damaged(Space::Payloads, key)),
        }
    }

    /// Opens what [`DocumentKeys::seal`] sealed; nothing when the document has no key any more.
    pub(super) fn open(&self, document: DocumentId, key: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let held = match self.find(document)? {
            Found::Nothing => return Ok(None),
            Found::Key(held) => held,
            Found::Damaged(_) => return Err(damaged(Space::Payloads, key)),
        };
        let place = layout::place(&document.0, key);
        let opened = held.key.open(&place, sealed);
        opened.map(Some).ok_or_else(|| damaged(Space::Payloads, key))
    }
}

/// A value that is not what was written at its key.
pub(super) fn damaged(space: Space, key: &[u8]) -> StoreError {
    use std::fmt::Write;
    let mut hex = String::with_capacity(key.len() * 2);
    for byte in key {
        write!(hex, "{byte:02x}").expect("a String takes everything");
    }
    StoreError::Damaged { space, key: hex }
}

/// A call of sled. It panics where its files are not what it expects; that is an error of the engine here.
pub(super) fn calm<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(error::engine),
        Err(panic) => Err(StoreError::Engine {
            detail: format!("sled panicked: {}", panic_text(panic.as_ref())),
        }),
    }
}

pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "for no stated reason".to_owned())
}

/// A secret for a document that has none.
pub(super) fn fresh() -> Result<Secret, StoreError> {
    Secret::random().map_err(|error| StoreError::Engine {
        detail: error.to_string(),
    })
}
