//! A node that was made of a backup hears others before it shows or gives anything.
//!
//! Its backup may hold what was withdrawn since. Whoever was there knows, and tells it with the statements, which come first in
//! every exchange. One node may be as old as the backup, or keep silent about a withdrawal: so it takes nodes of more than a
//! third of the other gemeenten, of two others both, and never more than six. Until then this node shows people nothing and writes nothing; nodes
//! that told it all their statements are given entries, so that two that wait hear each other.
//!
//! A folder that was put back from a snapshot of its machine says nothing of that. So the core also knows whether it heard anybody
//! since its start: before that nobody signs a vote at it, unless a person means it.
//!
//! **Invariant:** who was heard is kept only after what it told is durable, and the file that says that this node waits goes
//! only after enough were.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use protocol::id::{Gemeente, NodeKey};

use super::Core;
use crate::secret::{replace, sync_dir};
use crate::trouble::Trouble;

/// Gemeenten that are enough, whatever the size of the federation: a node dials eight others, and some of those are silent.
const ENOUGH: usize = 6;
/// Longest file that is read: a line for each node key of the largest federation.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Time after which a disk that failed is tried again, in milliseconds.
const RETRY_MS: u64 = 1_000;

/// For how many gemeenten a restored node waits, of so many others. A third of the members may be wrong, as with the votes.
#[must_use]
fn needed(others: usize) -> usize {
    others.min(ENOUGH).min((others / 3 + 1).max(2))
}

/// A node that waits: who was heard, and the file that keeps it.
#[derive(Debug)]
pub struct Hearing {
    path: PathBuf,
    heard: BTreeSet<NodeKey>,
    /// Whether somebody was heard of whom the file does not say so yet.
    unkept: bool,
    /// When it is tried again, after the disk failed.
    retry_ms: Option<u64>,
    trouble: Trouble,
}

/// How far a node is that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// Gemeenten of which a node was heard.
    pub heard: BTreeSet<Gemeente>,
    /// The others that have a node.
    pub unheard: BTreeSet<Gemeente>,
    /// How many are to be heard.
    pub needed: usize,
}

impl Hearing {
    /// What the file of a node that waits says; nothing when it waits for nobody. A file that cannot be read names nobody.
    #[must_use]
    pub fn of(path: PathBuf) -> Option<Self> {
        let text = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Ok(found) if found.len() <= FILE_BYTES_MAX => fs::read_to_string(&path).unwrap_or_default(),
            Ok(_) | Err(_) => String::new(),
        };
        let heard = text.lines().filter_map(|line| line.parse().ok()).collect();
        Some(Self {
            path,
            heard,
            unkept: false,
            retry_ms: None,
            trouble: Trouble::default(),
        })
    }

    /// When it is tried again what failed; never when nothing did.
    pub(super) fn due_ms(&self) -> u64 {
        self.retry_ms.unwrap_or(u64::MAX)
    }

    /// Keeps who was heard.
    fn keep(&self) -> io::Result<()> {
        let text: String = self.heard.iter().map(|node| format!("{node}\n")).collect();
        replace(&self.path, text.as_bytes())
    }

    /// Waits no longer.
    fn end(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => sync_dir(self.path.parent().unwrap_or(Path::new("."))),
        }
    }
}

impl Core {
    /// Whether this node has to hear others first.
    #[must_use]
    pub fn hears_first(&self) -> bool {
        self.parts.hears_first.is_some()
    }

    /// How far it is, when it has to.
    #[must_use]
    pub fn waits(&self) -> Option<Waits> {
        let hearing = self.parts.hears_first.as_ref()?;
        let others: BTreeSet<Gemeente> = self.others().map(|(_, of)| of).collect();
        let heard = self.others().filter(|(node, _)| hearing.heard.contains(node));
        let heard: BTreeSet<Gemeente> = heard.map(|(_, of)| of).collect();
        let needed = needed(others.len());
        let unheard = &others - &heard;
        Some(Waits { heard, unheard, needed })
    }

    /// Whether there are other nodes, and none of them was heard since the start: what a folder holds that was put back from a
    /// snapshot of its machine is old, and nothing in it says so.
    #[must_use]
    pub fn heard_nobody(&self) -> bool {
        !self.heard_any && self.parts.replica.roster().is_active() && self.others().next().is_some()
    }

    /// Looks whether another node was equal with this one, or told all that it has.
    pub(super) fn note_heard(&mut self) {
        let heard = |node| self.machine().peer(node).is_some_and(|seen| seen.told || seen.equal);
        self.heard_any = self.heard_any || self.others().any(|(node, _)| heard(node));
    }

    fn others(&self) -> impl Iterator<Item = (NodeKey, Gemeente)> {
        let roster = self.parts.replica.roster();
        let nodes = roster.nodes();
        nodes.filter(|(node, _)| *node != self.me && roster.may_connect(*node))
    }

    /// Looks whether enough others were heard, or whether there are none to hear. What the disk did not take is tried again a
    /// little later, and not at every turn.
    pub(super) fn heard_if_so(&mut self) {
        let now_ms = self.now_ms();
        let Some(hearing) = &self.parts.hears_first else { return };
        if hearing.retry_ms.is_some_and(|retry_ms| now_ms < retry_ms) {
            return;
        }
        let told = |node: &NodeKey| self.machine().peer(*node).is_some_and(|seen| seen.told);
        let others = self.others().map(|(node, _)| node);
        let news: Vec<NodeKey> = others
            .filter(|node| !hearing.heard.contains(node) && told(node))
            .collect();
        let any = !news.is_empty();
        if any && let Err(error) = self.parts.replica.flush() {
            if let Some(times) = self
                .parts
                .hears_first
                .as_mut()
                .and_then(|one| one.trouble.again(now_ms))
            {
                tracing::error!(%error, times, "what another node told could not be kept; it is tried again");
            }
            return self.hear_again(Some(now_ms + RETRY_MS));
        }
        if let Some(hearing) = &mut self.parts.hears_first {
            hearing.heard.extend(news);
            hearing.unkept |= any;
        }
        self.heard_enough(now_ms);
    }

    fn hear_again(&mut self, retry_ms: Option<u64>) {
        if let Some(hearing) = &mut self.parts.hears_first {
            hearing.retry_ms = retry_ms;
        }
    }

    /// Waits no longer when enough were heard; keeps who was heard when they were not.
    fn heard_enough(&mut self, now_ms: u64) {
        let Some((waits, hearing)) = self.waits().zip(self.parts.hears_first.as_mut()) else {
            return;
        };
        // Without a charter nobody is known that could be heard, and it may still come: a store that was made anew has none.
        let enough = waits.heard.len() >= waits.needed && self.parts.replica.roster().is_active();
        let done = match (enough, hearing.unkept) {
            (true, _) => hearing.end(),
            (false, true) => hearing.keep(),
            (false, false) => Ok(()),
        };
        match done {
            Ok(()) if enough => {
                tracing::info!("this node was made of a backup and has heard what happened since");
                self.parts.hears_first = None;
                self.machine.hear_first(false);
            }
            Ok(()) => {
                hearing.unkept = false;
                if let Some(times) = hearing.trouble.over() {
                    tracing::info!(times, "who was heard is kept again");
                }
                self.hear_again(None);
            }
            Err(error) => {
                if let Some(times) = hearing.trouble.again(now_ms) {
                    tracing::error!(%error, times, "that another node was heard could not be kept; it is tried again");
                }
                self.hear_again(Some(now_ms + RETRY_MS));
            }
        }
    }
}

#[cfg(test)]
mod tests;
