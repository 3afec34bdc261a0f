//! The end of a node key: what it wrote before stays, as far as this node can vouch for it.
//!
//! Whoever stole a node key writes logs of its own with it, and every node holds these too. A node knows which logs it wrote
//! itself, by the files it keeps of them and by what its backup held when it was made of one. Of the other logs of its own key
//! it cannot know it, and an end is for good: somebody has to say whether they count.

use std::collections::BTreeSet;

use protocol::api::{HandvestLogs, LogHoogte};
use protocol::charter::{Body, Cut, Ended, Ending};
use protocol::id::{Gemeente, LogId, NodeKey};
use serde::Serialize;

use super::super::charter::RootFiles;
use super::super::{Config, Home, armor, founding};
use super::{Held, KeysError};
use crate::store::own_log_ids;

/// What somebody says of the logs of a key that ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// None counts, as if the key had never spoken.
    pub from_nothing: bool,
    /// Logs that count although this node does not know that it wrote them: each by its begin.
    pub with: Vec<String>,
    /// Logs that do not count: each by its begin.
    pub without: Vec<String>,
    /// What this node does not know to be its own work does not count.
    pub only_own: bool,
}

/// Where a node key ends: of each log how far it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parted {
    /// The key.
    pub node: NodeKey,
    /// Logs that go on counting up to here, whoever wrote it.
    pub blijft: Vec<LogHoogte>,
    /// Logs of which nothing counts any more.
    pub vervalt: Vec<LogHoogte>,
}

/// The end of a node key, to be handed to a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revoked {
    /// The statement as text.
    #[serde(skip)]
    pub text: String,
    /// Whose it was.
    pub gemeente: Gemeente,
    /// Where it ends.
    #[serde(flatten)]
    pub parted: Parted,
    /// Whether it is the key of the node on which this was done.
    pub deze: bool,
}

/// Ends a node key of the gemeente of this node.
///
/// # Errors
/// [`KeysError::Unsure`] when somebody has to say whether logs count; [`KeysError`].
pub fn revoke(
    home: &Home,
    charter: &str,
    logs: &HandvestLogs,
    node: NodeKey,
    said: &Said,
    keys: &RootFiles,
) -> Result<Revoked, KeysError> {
    let gemeente = Config::read(home)?.gemeente;
    let held = Held::read(charter)?;
    let root = keys.root(home)?;
    held.check_root(gemeente, &root)?;
    let parted = parted(home, logs, node, said)?;
    let before = held.roster.ending(node);
    let (statement, after) = held.sign(Body::NodeKeyEnd(parted.ending()), &root)?;
    let ended = held.roster.ended(node);
    // A hold is no end: it goes with the edition.
    let same = ended != Some(Ended::OnHold) && before.is_some() && before == after.ending(node);
    if ended == Some(Ended::ByEdition) || same {
        return Err(KeysError::HasEnded { node });
    }
    Ok(Revoked {
        text: armor::write_charter([&statement]),
        gemeente,
        parted,
        deze: this_node(home)? == node,
    })
}

/// The key of the node in this directory.
///
/// # Errors
/// [`KeysError::Secret`].
pub fn this_node(home: &Home) -> Result<NodeKey, KeysError> {
    Ok(NodeKey(founding::signing_key(home, "node")?.verifying_key().to_bytes()))
}

impl Parted {
    /// In the words of the charter.
    pub(super) fn ending(&self) -> Ending {
        let mut cuts: Vec<Cut> = self.blijft.iter().map(cut).collect();
        cuts.sort_by_key(|cut| cut.log);
        Ending { node: self.node, cuts }
    }
}

fn cut(height: &LogHoogte) -> Cut {
    Cut {
        log: height.log,
        seq: height.positie,
        head: height.kop,
    }
}

/// Which logs of a key count after its end: of this node's own key those it knows to be its own work, of another key all,
/// unless somebody says otherwise.
pub(super) fn parted(home: &Home, logs: &HandvestLogs, node: NodeKey, said: &Said) -> Result<Parted, KeysError> {
    let found = logs.nodes.iter().find(|held| held.node == node);
    let heights = found.map(|held| held.logs.as_slice()).unwrap_or_default();
    let own = match this_node(home)? == node {
        true => Some(own_work(home)?),
        false => None,
    };
    let (with, without) = (named(logs, &said.with)?, named(logs, &said.without)?);
    let (mut blijft, mut vervalt, mut unsure) = (Vec::new(), Vec::new(), Vec::new());
    for height in heights {
        let known = own.as_ref().is_none_or(|own| own.contains(&height.log));
        let side = match () {
            () if said.from_nothing || without.contains(&height.log) => &mut vervalt,
            () if known || with.contains(&height.log) => &mut blijft,
            () if said.only_own => &mut vervalt,
            () => &mut unsure,
        };
        side.push(*height);
    }
    if unsure.is_empty() {
        Ok(Parted { node, blijft, vervalt })
    } else {
        Err(KeysError::Unsure { node, logs: unsure })
    }
}

/// The logs that begin like this.
fn named(logs: &HandvestLogs, texts: &[String]) -> Result<BTreeSet<LogId>, KeysError> {
    let all = || logs.nodes.iter().flat_map(|node| &node.logs).map(|height| height.log);
    let find = |text: &String| {
        let mut like = all().filter(|log| !text.is_empty() && log.to_string().starts_with(text.as_str()));
        match (like.next(), like.next()) {
            (Some(log), None) => Ok(log),
            _ => Err(KeysError::NoSuchLog {
                text: text.chars().take(2 * NodeKey::LEN).collect(),
            }),
        }
    };
    texts.iter().map(find).collect()
}

/// The logs that this node wrote itself.
fn own_work(home: &Home) -> Result<BTreeSet<LogId>, KeysError> {
    let mut own = own_log_ids(&home.own())?;
    let path = home.restored_logs();
    let listed = match std::fs::read_to_string(&path) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(KeysError::Io { path, source }),
    };
    own.extend(listed.lines().filter_map(|line| line.parse::<LogId>().ok()));
    Ok(own)
}
