//! The storage port: what the protocol asks of an engine, and the in-memory one.
//!
//! Synchronous, ordered bytes in a few spaces, written in atomic batches. Payloads are *sealed*: kept under a
//! key of their document, so that destroying that key erases every one of them, also from old files.
//!
//! **Invariant:** a batch is applied whole or not at all, and after [`Store::flush`] returns it survives a crash.
//! **Invariant:** a sealed value of a forgotten document is never readable again, and never accepted again.

pub mod contract;
mod memory;

pub use memory::Memory;

use crate::id::DocumentId;

/// Longest key an engine must take, in bytes.
pub const KEY_BYTES_MAX: usize = 128;
/// Longest value an engine must take, in bytes.
pub const VALUE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A named, ordered part of the store. The number is part of the format on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Space {
    /// Format version and what a replica remembers of itself.
    Meta = 1,
    /// Log id to the state of that log.
    Logs = 2,
    /// (log number, seq) to header and signature.
    Headers = 3,
    /// (log number, seq) to sealed salt and payload.
    Payloads = 4,
    /// Document id to what is known of the document.
    Documents = 5,
    /// (document number, position) to one effective change.
    Changes = 6,
    /// Statement id to statement.
    Statements = 7,
    /// Documents that changed since the view last looked.
    Marks = 8,
}

/// One write inside a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Sets a key.
    Put {
        /// Where.
        space: Space,
        /// At most [`KEY_BYTES_MAX`] bytes.
        key: Vec<u8>,
        /// At most [`VALUE_BYTES_MAX`] bytes.
        value: Vec<u8>,
    },
    /// Removes a key; removing what is not there is no error.
    Delete {
        /// Where.
        space: Space,
        /// The key.
        key: Vec<u8>,
    },
    /// Sets a key in [`Space::Payloads`] to a value readable only while the document's key exists.
    PutSealed {
        /// The document whose key seals the value.
        document: DocumentId,
        /// At most [`KEY_BYTES_MAX`] bytes.
        key: Vec<u8>,
        /// At most [`VALUE_BYTES_MAX`] bytes.
        value: Vec<u8>,
    },
    /// Destroys the key of a document, for ever.
    Forget {
        /// The document.
        document: DocumentId,
    },
    /// Removes what is sealed for a document, with its key. Unlike after [`Op::Forget`], it may be sealed again.
    Discard {
        /// The document.
        document: DocumentId,
    },
}

/// Writes that happen together or not at all, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The writes.
    pub ops: Vec<Op>,
}

impl Batch {
    /// Adds a [`Op::Put`].
    pub fn put(&mut self, space: Space, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.ops.push(Op::Put {
            space,
            key: key.into(),
            value: value.into(),
        });
    }

    /// Adds a [`Op::Delete`].
    pub fn delete(&mut self, space: Space, key: impl Into<Vec<u8>>) {
        self.ops.push(Op::Delete { space, key: key.into() });
    }

    /// Adds a [`Op::PutSealed`].
    pub fn put_sealed(&mut self, document: DocumentId, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.ops.push(Op::PutSealed {
            document,
            key: key.into(),
            value: value.into(),
        });
    }

    /// Adds a [`Op::Forget`].
    pub fn forget(&mut self, document: DocumentId) {
        self.ops.push(Op::Forget { document });
    }

    /// Adds a [`Op::Discard`].
    pub fn discard(&mut self, document: DocumentId) {
        self.ops.push(Op::Discard { document });
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }
}

/// Why the engine could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine or the disk below it failed; nothing of the batch was applied.
    #[error("the storage engine failed: {detail}")]
    Engine {
        /// What the engine said.
        detail: String,
    },
    /// The disk, or the engine above it, did not answer in time. What was not durable yet may be lost, of the batch at hand also
    /// kept; nothing works until the store is opened again.
    #[error("the disk does not answer: {seconds} seconds were not enough")]
    Silent {
        /// How long was waited.
        seconds: u64,
    },
    /// The disk is full; nothing of the batch was applied.
    #[error("the disk is full")]
    Full,
    /// A value does not match its own hash: the disk changed it.
    #[error("a value in space {space:?} at key {key} is damaged")]
    Damaged {
        /// Where it stood.
        space: Space,
        /// Its key, in hexadecimal.
        key: String,
    },
    /// A key or value over the limit of the port; nothing of the batch was applied.
    #[error("{what} of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// `key` or `value`.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A sealed write for a document whose key was destroyed; nothing of the batch was applied.
    #[error("document {document} was forgotten and takes no payload")]
    Forgotten {
        /// The document.
        document: DocumentId,
    },
}

/// Key and value, as a scan gives them.
pub type Pair = (Vec<u8>, Vec<u8>);

/// What every engine can do. The contract is a suite of tests: [`contract`].
pub trait Store {
    /// The value at a key, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Engine`], [`StoreError::Damaged`].
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// A sealed payload; nothing when it was never written or its document was forgotten.
    ///
    /// # Errors
    /// [`StoreError::Engine`], [`StoreError::Damaged`].
    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` pairs with `from <= key` that start with `prefix`, in order of key.
    ///
    /// # Errors
    /// [`StoreError::Engine`], [`StoreError::Damaged`].
    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError>;

    /// Whether the document's key was destroyed.
    ///
    /// # Errors
    /// [`StoreError::Engine`].
    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError>;

    /// Applies a batch, whole or not at all; visible to reads at once, durable after [`Store::flush`].
    ///
    /// # Errors
    /// Any [`StoreError`]; nothing of the batch was applied then.
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError>;

    /// Returns when everything committed before survives a crash.
    ///
    /// # Errors
    /// [`StoreError::Engine`], [`StoreError::Full`], [`StoreError::Silent`].
    fn flush(&mut self) -> Result<(), StoreError>;
}
