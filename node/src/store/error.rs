//! What can go wrong when a store is opened, and what sled says in the words of the port.

use std::io;
use std::path::{Path, PathBuf};

use protocol::store::StoreError;

/// Why a store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the directory.
    #[error("{} is in use by another process", dir.display())]
    InUse {
        /// The directory.
        dir: PathBuf,
    },
    /// A newer program wrote it.
    #[error("{} has format {found}, this program reads up to {known}", dir.display())]
    Newer {
        /// The directory.
        dir: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this program reads.
        known: u32,
    },
    /// The storage key is not the one that the store was made with.
    #[error("the storage key does not belong to {}", dir.display())]
    WrongKey {
        /// The directory.
        dir: PathBuf,
    },
    /// What is on disk is not what was written.
    #[error("{} is damaged: {damage}", path.display())]
    Damaged {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong.
        damage: Damage,
    },
    /// The disk is full.
    #[error("no space left to open {}", dir.display())]
    Full {
        /// The directory.
        dir: PathBuf,
    },
    /// The disk does not answer.
    #[error("the disk below {} does not answer", dir.display())]
    Silent {
        /// The directory.
        dir: PathBuf,
    },
    /// The file system does not allow it.
    #[error("no permission for {}", path.display())]
    Permission {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Any other failure of the file system.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The engine refused for a reason of its own.
    #[error("the storage engine does not open {}: {detail}", dir.display())]
    Engine {
        /// The directory.
        dir: PathBuf,
        /// What it said.
        detail: String,
    },
}

/// What is wrong with a store that is damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The end of it is gone.
    #[error("the last {writes} writes that it had are gone: sled took a damaged place for its end")]
    Lost {
        /// How many batches.
        writes: u64,
    },
    /// It does not begin as a store does.
    #[error("it does not say its format")]
    Format,
    /// The files with the keys of documents are not what they were.
    #[error("the keys of documents: {detail}")]
    Keys {
        /// What is wrong with them.
        detail: String,
    },
    /// Something that it holds is not what was written.
    #[error("what it holds: {detail}")]
    Content {
        /// What, for who looks into it.
        detail: String,
    },
    /// The engine refuses its files.
    #[error("{detail}")]
    Engine {
        /// What the engine said.
        detail: String,
    },
}

impl OpenError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Permission { path, source },
            _ if is_full(&source) => Self::Full { dir: path },
            _ => Self::Io { path, source },
        }
    }

    pub(super) fn sled(dir: &Path, error: sled::Error) -> Self {
        match error {
            // sled has no kind for this; the text is the only sign.
            sled::Error::Io(source) if source.to_string().contains("could not acquire lock") => {
                Self::InUse { dir: dir.to_path_buf() }
            }
            sled::Error::Io(source) => Self::io(dir, source),
            sled::Error::Corruption { at, .. } => Self::Damaged {
                path: dir.to_path_buf(),
                damage: Damage::Engine {
                    detail: format!("sled finds corruption at {at:?}"),
                },
            },
            other => Self::Engine {
                dir: dir.to_path_buf(),
                detail: other.to_string(),
            },
        }
    }

    pub(super) fn store(dir: &Path, error: StoreError) -> Self {
        let dir = dir.to_path_buf();
        match error {
            StoreError::Full => Self::Full { dir },
            StoreError::Silent { .. } => Self::Silent { dir },
            error @ StoreError::Damaged { .. } => Self::Damaged {
                path: dir,
                damage: Damage::Content {
                    detail: error.to_string(),
                },
            },
            other => Self::Engine {
                dir,
                detail: other.to_string(),
            },
        }
    }
}

/// What a failing call of sled means to the port.
pub(super) fn engine(error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(error) => file(Path::new("sled"), &error),
        other => StoreError::Engine {
            detail: other.to_string(),
        },
    }
}

/// What a failing file means to the port.
pub(super) fn file(path: &Path, error: &io::Error) -> StoreError {
    if is_full(error) {
        return StoreError::Full;
    }
    StoreError::Engine {
        detail: format!("{}: {error}", path.display()),
    }
}

/// A file over its limit or a quota is a full disk to whoever has to make room.
pub(super) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
