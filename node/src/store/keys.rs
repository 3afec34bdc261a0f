//! The key of a document, for whoever seals under it: the engine its payloads, the own log its entries.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use protocol::id::DocumentId;
use protocol::store::{Space, StoreError};

use super::error;
use super::keyring::{Held, Keyring};
use super::layout::{self, Slot};
use crate::secret::Secret;

/// A handle on the keys of documents. It stays valid while the store that gave it is open.
#[derive(Debug, Clone)]
pub struct DocumentKeys {
    db: sled::Db,
    ring: Arc<Mutex<Keyring>>,
}

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
    pub(super) fn new(db: sled::Db, ring: Keyring) -> Self {
        let ring = Arc::new(Mutex::new(ring));
        Self { db, ring }
    }

    pub(super) fn db(&self) -> &sled::Db {
        &self.db
    }

    pub(super) fn ring(&self) -> MutexGuard<'_, Keyring> {
        // A panic while the lock was held leaves the ring as it was before the call: every change to it is a single
        // assignment after the file was written.
        self.ring.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The key of a document, from memory or from its slot.
    pub(super) fn find(&self, document: DocumentId) -> Result<Found, StoreError> {
        if let Some(held) = self.ring().cached(document) {
            return Ok(Found::Key(held));
        }
        let Some(slot) = self.slot(document)? else {
            return Ok(Found::Nothing);
        };
        let mut ring = self.ring();
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

    /// Where the key of a document stands.
    pub(super) fn slot(&self, document: DocumentId) -> Result<Option<Slot>, StoreError> {
        let key = layout::slot_of(&document.0);
        let Some(stored) = calm(|| self.db.get(&key))? else {
            return Ok(None);
        };
        let slot = layout::checked(&key, &stored).and_then(layout::read_slot);
        slot.map(Some).ok_or_else(|| damaged(Space::Payloads, &document.0))
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
