//! That the key of the node is still the one it began with.
//!
//! Any 32 bytes are a key. One of which the disk changed a bit would be that of a node that nobody knows: it would start, be let
//! in nowhere and write for nobody. So its public half stands beside it from the first start on.

use std::{fs, io};

use protocol::id::NodeKey;

use super::{Home, RunError};
use crate::secret::replace;

/// Refuses a key that is not the one of the first start, and keeps the public half at the first.
///
/// # Errors
/// [`RunError::OtherKey`]; [`RunError::System`] when the file cannot be read or written.
pub(super) fn check(home: &Home, me: NodeKey) -> Result<(), RunError> {
    let path = home.node_public();
    let failed = |source| RunError::System {
        what: path.display().to_string(),
        source,
    };
    match fs::read(&path) {
        Ok(kept) if kept == me.to_string().as_bytes() => Ok(()),
        Ok(_) => Err(RunError::OtherKey {
            key: home.key("node"),
            public: path,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            replace(&path, me.to_string().as_bytes()).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}
