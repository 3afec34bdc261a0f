//! A node that was made of a backup hears another one before it shows or gives anything.
//!
//! Its backup may hold what was withdrawn since. Whoever was there knows, and tells it with the statements, which come first in
//! every exchange. Until one exchange brought all that another node had, this node answers neither people nor nodes.
//!
//! **Invariant:** the file that says so goes only after what was heard is durable.

use std::fs;
use std::io;

use protocol::id::NodeKey;

use super::Core;

impl Core {
    /// Whether this node has to hear another first.
    #[must_use]
    pub fn hears_first(&self) -> bool {
        self.parts.hears_first.is_some()
    }

    /// Looks whether another node was heard, or whether there is none to hear.
    pub(super) fn heard_if_so(&mut self) {
        let Some(path) = &self.parts.hears_first else { return };
        let replica = &self.parts.replica;
        let roster = replica.roster();
        let others = roster.nodes().map(|(node, _)| node);
        let others: Vec<NodeKey> = others
            .filter(|node| *node != self.me && roster.may_connect(*node))
            .collect();
        let heard = |node: &NodeKey| {
            let seen = self.machine().peer(*node);
            seen.is_some_and(|seen| seen.told)
        };
        if !others.is_empty() && !others.iter().any(heard) {
            return;
        }
        let path = path.clone();
        let done = self.parts.replica.flush().map_err(io::Error::other);
        let done = done.and_then(|()| match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        });
        match done {
            Ok(()) => {
                tracing::info!("this node was made of a backup and has heard what happened since");
                self.parts.hears_first = None;
            }
            Err(error) => tracing::error!(%error, "that another node was heard could not be kept"),
        }
    }
}
