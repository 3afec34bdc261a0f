//! What a node needs beside what its store holds: its keys, its vault, and a store that knows where it belongs.
//!
//! A store in which every signature is right says nothing of a key that is gone or of a vault that nobody can read, and an empty
//! store is in order as far as it goes. The node would not start, or start as one that belongs nowhere.

use std::path::Path;

use protocol::log::Replica;

use super::super::{Home, RunError, belongs, itself};
use super::copy::Copied;
use super::{FaultKind, Verified};
use crate::secret::Secret;
use crate::store::Sled;
use crate::vault::{self, State, Vault, VaultError};

/// The keys are there, and that of the node is the one that it began with.
pub(super) fn keys(home: &Home, found: &mut Verified) {
    if let Err(error) = itself::of(home) {
        found.in_file(FaultKind::Key, &home.key("node"), error.to_string());
    }
    if let Err(error) = Secret::load(&home.key("vault")) {
        found.in_file(FaultKind::Key, &home.key("vault"), error.to_string());
    }
}

/// The vault is there once the node ran, and every record in it can be read. Without its key nothing can be said of it.
pub(super) fn vault(home: &Home, copy: &Copied, found: &mut Verified) {
    let Ok(key) = Secret::load(&home.key("vault")) else {
        return;
    };
    if !vault::is_in(&copy.vault()) {
        if home.view().exists() {
            found.in_file(FaultKind::Vault, &home.vault(), "it is gone".to_owned());
        }
        return;
    }
    match read(&copy.vault(), &key) {
        Ok(()) => {}
        Err(VaultError::WrongKey { .. }) => {
            let detail = "it is not the key of the vault".to_owned();
            found.in_file(FaultKind::Key, &home.key("vault"), detail);
        }
        Err(error) => found.in_file(FaultKind::Vault, &home.vault(), what(&error)),
    }
}

/// Reads every record in a vault.
fn read(dir: &Path, key: &Secret) -> Result<(), VaultError> {
    let vault = Vault::open(dir, key)?;
    let mut lines = vault.list(&State::ALL, None, usize::MAX).into_iter();
    lines.try_for_each(|line| vault.get(&line.id).map(drop))
}

/// What is wrong with the vault, without the name of its copy.
fn what(error: &VaultError) -> String {
    match error {
        VaultError::Damaged { detail, .. } => detail.clone(),
        VaultError::Engine { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// A node that belonged to a federation has a store that knows it.
pub(super) fn federation(home: &Home, replica: &Replica<Sled>, found: &mut Verified) -> Result<(), RunError> {
    if replica.federation().is_none() && belongs::somewhere(home)? {
        found.in_file(FaultKind::Lost, &home.store(), String::new());
    }
    Ok(())
}
