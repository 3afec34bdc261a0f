//! The end of a node key: what it wrote before stays, as far as this node can vouch for it.
//!
//! Whoever stole a node key writes logs of its own with it, and every node holds these too. A node knows which logs it wrote
//! itself, by the files it keeps of them. So the end of this node's own key lists those, and no other.

use std::collections::BTreeSet;

use protocol::api::{HandvestLogs, LogHoogte};
use protocol::charter::{Body, Cut, Ended, Ending};
use protocol::id::{Gemeente, LogId, NodeKey};
use serde::Serialize;

use super::super::charter::RootFiles;
use super::super::{Config, Home, armor, founding};
use super::{Held, KeysError};
use crate::store::own_log_ids;

/// The end of a node key, to be handed to a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revoked {
    /// The statement as text.
    #[serde(skip)]
    pub text: String,
    /// Whose it was.
    pub gemeente: Gemeente,
    /// The key.
    pub node: NodeKey,
    /// Whether it is the key of the node on which this was done.
    pub deze: bool,
    /// Logs that go on counting, as far as this node holds them.
    pub logs: u64,
    /// Entries in them.
    pub entries: u64,
    /// Logs of which nothing counts any more.
    pub vervallen: Vec<LogId>,
    /// Entries that this node holds of those.
    pub vervallen_entries: u64,
}

/// Ends a node key of the gemeente of this node; with `from_nothing` as if it had never spoken.
///
/// # Errors
/// [`KeysError`].
pub fn revoke(
    home: &Home,
    charter: &str,
    logs: &HandvestLogs,
    node: NodeKey,
    from_nothing: bool,
    keys: &RootFiles,
) -> Result<Revoked, KeysError> {
    let gemeente = Config::read(home)?.gemeente;
    let held = Held::read(charter)?;
    let root = keys.root(home)?;
    held.check_root(gemeente, &root)?;
    let deze = this_node(home)? == node;
    let heights = heights(logs, node);
    let sound: BTreeSet<LogId> = sound(home, node, &heights)?.iter().map(|height| height.log).collect();
    let stays = |height: &&LogHoogte| !from_nothing && sound.contains(&height.log);
    let (kept, gone): (Vec<&LogHoogte>, Vec<&LogHoogte>) = heights.iter().partition(stays);
    let ending = Ending {
        node,
        cuts: cuts(kept.iter().copied()),
    };
    let before = held.roster.ending(node);
    let (statement, after) = held.sign(Body::NodeKeyEnd(ending), &root)?;
    let settled = held.roster.ended(node) == Some(Ended::ByEdition);
    if settled || (before.is_some() && before == after.ending(node)) {
        return Err(KeysError::HasEnded { node });
    }
    let entries = |heights: &[&LogHoogte]| heights.iter().map(|height| height.positie).sum();
    Ok(Revoked {
        text: armor::write_charter([&statement]),
        gemeente,
        node,
        deze,
        logs: kept.len() as u64,
        entries: entries(&kept),
        vervallen: gone.iter().map(|height| height.log).collect(),
        vervallen_entries: entries(&gone),
    })
}

pub(super) fn this_node(home: &Home) -> Result<NodeKey, KeysError> {
    Ok(NodeKey(founding::signing_key(home, "node")?.verifying_key().to_bytes()))
}

/// Where the logs of a node stand.
pub(super) fn heights(logs: &HandvestLogs, node: NodeKey) -> Vec<LogHoogte> {
    let found = logs.nodes.iter().find(|held| held.node == node);
    found.map(|held| held.logs.clone()).unwrap_or_default()
}

pub(super) fn cuts<'a>(heights: impl Iterator<Item = &'a LogHoogte>) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = heights
        .map(|height| Cut {
            log: height.log,
            seq: height.positie,
            head: height.kop,
        })
        .collect();
    cuts.sort_by_key(|cut| cut.log);
    cuts
}

/// The logs of this node's own key that it wrote itself; of another key all.
pub(super) fn sound(home: &Home, node: NodeKey, heights: &[LogHoogte]) -> Result<Vec<LogHoogte>, KeysError> {
    if this_node(home)? != node {
        return Ok(heights.to_vec());
    }
    let own: BTreeSet<LogId> = own_log_ids(&home.own())?;
    Ok(heights
        .iter()
        .filter(|height| own.contains(&height.log))
        .copied()
        .collect())
}
