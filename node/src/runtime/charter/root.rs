//! The root key of a member, in a file that may be anywhere.

use std::io;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;

use super::super::Home;
use crate::secret::{Secret, SecretError};

/// Where the root keys are, when they are not in the directory of the node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootFiles {
    /// The file of the root key.
    pub root: Option<PathBuf>,
    /// The file of the root key that is to follow it.
    pub next: Option<PathBuf>,
}

/// Why there is no root key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// There is no such file. The root key is to be kept away from the node, so this is how things should be.
    #[error("{} is not there", path.display())]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// There is no file of the root key that is to follow it.
    #[error("{} is not there", path.display())]
    NextAbsent {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl RootFiles {
    /// The root key of a node's member.
    ///
    /// # Errors
    /// [`RootError`].
    pub(in crate::runtime) fn root(&self, home: &Home) -> Result<SigningKey, RootError> {
        load(self.root.as_deref(), &home.key("root"))
    }

    /// The root key that is to follow it.
    ///
    /// # Errors
    /// [`RootError`].
    pub(in crate::runtime) fn next(&self, home: &Home) -> Result<SigningKey, RootError> {
        load(self.next.as_deref(), &home.key("next-root")).map_err(|error| match error {
            RootError::Absent { path } => RootError::NextAbsent { path },
            other => other,
        })
    }
}

/// The root key with which a member signs about a federation that runs.
///
/// # Errors
/// [`RootError`].
pub fn root_key(home: &Home, files: &RootFiles) -> Result<SigningKey, RootError> {
    files.root(home)
}

fn load(given: Option<&Path>, usual: &Path) -> Result<SigningKey, RootError> {
    let path = given.unwrap_or(usual);
    match Secret::load(path) {
        Ok(secret) => Ok(SigningKey::from_bytes(secret.bytes())),
        Err(SecretError::Io { path, source }) if source.kind() == io::ErrorKind::NotFound => {
            Err(RootError::Absent { path })
        }
        Err(error) => Err(error.into()),
    }
}
