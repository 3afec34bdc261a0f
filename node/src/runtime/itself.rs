//! That the key of the node is still the one it began with.
//!
//! Any 32 bytes are a key. One of which the disk changed a bit would be that of a node that nobody knows: it would start, be let
//! in nowhere and write for nobody. So its public half stands beside it from the day it was made, or in an older folder from
//! the first start on.

use std::path::Path;
use std::{fs, io};

use protocol::id::NodeKey;

use super::roots::me;
use super::{Home, RunError};
use crate::secret::replace;

/// Refuses a key that is not the one of the first start, and keeps the public half at the first.
///
/// # Errors
/// [`RunError::OtherKey`]; [`RunError::System`] when the file cannot be read or written.
pub(super) fn check(home: &Home, me: NodeKey) -> Result<(), RunError> {
    let path = home.node_public();
    match is_kept(home, me)? {
        true => Ok(()),
        false => replace(&path, me.to_string().as_bytes()).map_err(failed(&path)),
    }
}

/// Refuses a key that is not the one of the first start, and writes nothing.
///
/// # Errors
/// As [`check`], and when there is no key.
pub(super) fn of(home: &Home) -> Result<(), RunError> {
    is_kept(home, me(home)?).map(drop)
}

/// Whether the public half of this key is kept; when that of another one is, this key is refused.
fn is_kept(home: &Home, me: NodeKey) -> Result<bool, RunError> {
    let path = home.node_public();
    match fs::read(&path) {
        Ok(kept) if kept == me.to_string().as_bytes() => Ok(true),
        Ok(_) => Err(RunError::OtherKey {
            key: home.key("node"),
            public: path,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(&path)(error)),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> RunError {
    let what = path.display().to_string();
    move |source| RunError::System { what, source }
}
