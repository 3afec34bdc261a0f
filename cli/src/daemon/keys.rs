//! The keys of a gemeente, in the files of a node.

use std::collections::BTreeMap;
use std::path::Path;

use node::runtime::{self, Certified, Config, Home, Revoked, Said};
use protocol::api::HandvestLogs;
use protocol::id::{Gemeente, NodeKey};

use super::refused::{of_config, of_keys};
use super::{home_of, root_files};
use crate::args::{Ending, RootFiles};
use crate::command_error::CommandError;

pub use node::runtime::{Choice, Finished, KeyRing, Parted, Ringed, Rotating};

/// The gemeente of a node that does not run.
///
/// # Errors
/// [`CommandError`].
pub fn gemeente_of(dir: &Path) -> Result<Gemeente, CommandError> {
    Ok(Config::read(&Home::new(dir)).map_err(of_config)?.gemeente)
}

/// The keys of a gemeente by a charter.
///
/// # Errors
/// [`CommandError`].
pub fn key_ring(charter: &str, gemeente: Gemeente) -> Result<KeyRing, CommandError> {
    runtime::key_ring(charter, gemeente).map_err(of_keys)
}

/// The node key that begins like this.
///
/// # Errors
/// [`CommandError`] when there is none, or more than one.
pub fn find_key(ring: &KeyRing, text: &str) -> Result<NodeKey, CommandError> {
    ring.find(text).map_err(of_keys)
}

/// The request of a second node.
///
/// # Errors
/// [`CommandError`].
pub fn request(dir: &Path) -> Result<String, CommandError> {
    runtime::request(&home_of(dir)?).map_err(of_keys)
}

/// The node that asks in a request.
///
/// # Errors
/// [`CommandError`] when it is none.
pub fn requested(request: &str) -> Result<NodeKey, CommandError> {
    runtime::requested(request).map_err(of_keys)
}

/// A certificate for the node of a request.
///
/// # Errors
/// [`CommandError`].
pub fn certify(dir: &Path, charter: &str, request: &str, keys: &RootFiles) -> Result<Certified, CommandError> {
    runtime::certify(&home_of(dir)?, charter, request, &root_files(keys)).map_err(of_keys)
}

/// The key of the node in a folder.
///
/// # Errors
/// [`CommandError`].
pub fn this_node(dir: &Path) -> Result<NodeKey, CommandError> {
    runtime::this_node(&Home::new(dir)).map_err(of_keys)
}

/// The end of a node key, with what was typed of its logs.
///
/// # Errors
/// [`CommandError`].
pub fn revoke(
    dir: &Path,
    charter: &str,
    logs: &HandvestLogs,
    (key, typed): (NodeKey, &Ending),
    keys: &RootFiles,
) -> Result<Revoked, CommandError> {
    let home = home_of(dir)?;
    runtime::revoke(&home, charter, logs, key, &said(typed), &root_files(keys)).map_err(of_keys)
}

/// A change to the next root key.
///
/// # Errors
/// [`CommandError`].
pub fn rotate(
    dir: &Path,
    charter: &str,
    logs: &HandvestLogs,
    (choices, typed): (&BTreeMap<NodeKey, Choice>, &Ending),
    keys: &RootFiles,
) -> Result<Rotating, CommandError> {
    let home = home_of(dir)?;
    runtime::rotate(&home, charter, logs, choices, &said(typed), &root_files(keys)).map_err(of_keys)
}

fn said(typed: &Ending) -> Said {
    Said {
        from_nothing: typed.from_nothing,
        with: typed.with.clone(),
        without: typed.without.clone(),
        only_own: typed.only_own,
    }
}

/// Has the files follow a change of root key.
///
/// # Errors
/// [`CommandError`].
pub fn finish_rotation(dir: &Path, charter: &str, keys: &RootFiles) -> Result<Finished, CommandError> {
    runtime::finish_rotation(&home_of(dir)?, charter, &root_files(keys)).map_err(of_keys)
}
