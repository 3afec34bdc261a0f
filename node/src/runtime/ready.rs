//! Where the running node answers: a file that is there, and locked, while it runs.
//!
//! A node that is killed leaves the file behind, and the port in it may be somebody else's by then. The lock goes with
//! the process whatever ends it, so whoever reads the file and finds it unlocked knows that nobody answers there, and that
//! the last run may not have flushed what it wrote.

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use protocol::id::NodeKey;
use serde::{Deserialize, Serialize};

use super::{Config, Home, RunError};
use crate::net;

/// What `node.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The process.
    pub pid: u32,
    /// Root of the API.
    pub api: String,
    /// The node key.
    pub node: NodeKey,
    /// The same, as the network names it.
    pub peer: String,
    /// Multiaddrs that others are told.
    pub addresses: Vec<String>,
}

impl Ready {
    pub(super) fn new(node: NodeKey, api: SocketAddr, config: &Config) -> Self {
        Self {
            pid: std::process::id(),
            api: format!("http://{api}"),
            node,
            peer: net::peer_text(node),
            addresses: config.announced().to_vec(),
        }
    }

    /// Written beside its place and renamed, so that who waits for it never reads half of it. What is returned holds
    /// the lock.
    pub(super) fn write(&self, home: &Home) -> Result<File, RunError> {
        let path = home.ready();
        self.publish(&path).map_err(|source| RunError::System {
            what: format!("writing {}", path.display()),
            source,
        })
    }

    fn publish(&self, path: &Path) -> io::Result<File> {
        let beside = path.with_extension("json.new");
        let text = serde_json::to_string(self).expect("a flat structure of text has a form in JSON");
        let mut file = File::create(&beside)?;
        // Locked before it can be found.
        file.lock()?;
        writeln!(file, "{text}")?;
        fs::rename(&beside, path)?;
        Ok(file)
    }

    pub(super) fn remove(home: &Home) {
        // Gone already is what is wanted.
        let _ = fs::remove_file(home.ready());
    }
}
