//! The public root keys of the gemeente of a node, kept in its directory.
//!
//! The root key itself is to be elsewhere. A node still has to tell a charter of its own gemeente from one that only says so,
//! and that cannot come from a charter: it is kept when the node is made, and when a person makes a card with the root key.

use std::fs::{self, File};
use std::io::{self, Write};

use protocol::charter::next_root;
use protocol::id::{NodeKey, RootKey};

use super::charter::RootFiles;
use super::{Config, Home, RunError, armor};
use crate::driver::{Own, Root};
use crate::secret::sync_dir;

/// Most keys that are kept; beyond it the oldest is forgotten.
const KEPT_MAX: usize = 16;
/// Longest file that is read: each key is a line of two hashes.
const FILE_BYTES_MAX: u64 = 4 * 1024;

/// Keeps the root key in these files, or the one in the card of the gemeente, beside those that are kept already.
pub(super) fn keep(home: &Home, keys: &RootFiles) -> io::Result<()> {
    let mut roots = kept(home)?;
    let new = of_files(home, keys).filter(|root| !roots.contains(root));
    if new.is_none() && (roots.is_empty() || home.roots().exists()) {
        return Ok(());
    }
    roots.extend(new);
    let text = text_of(&roots[roots.len().saturating_sub(KEPT_MAX)..]);
    let path = home.roots();
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, &path)?;
    sync_dir(home.root())
}

/// What is kept, as the file that keeps it; nothing when nothing is known.
pub(super) fn text(home: &Home) -> io::Result<Option<String>> {
    let roots = kept(home)?;
    Ok((!roots.is_empty()).then(|| text_of(&roots)))
}

fn text_of(roots: &[Root]) -> String {
    let line = |root: &Root| format!("{} {}\n", root.key, RootKey(root.next));
    roots.iter().map(line).collect()
}

/// For whom the node in this directory speaks.
///
/// # Errors
/// [`RunError`]: the file that cannot be read.
pub fn own(home: &Home) -> Result<Own, RunError> {
    let gemeente = Config::read(home)?.gemeente;
    let roots = kept(home).map_err(|source| RunError::System {
        what: home.roots().display().to_string(),
        source,
    })?;
    Ok(Own { gemeente, roots })
}

/// The key that speaks for the node in this directory.
pub(super) fn me(home: &Home) -> Result<NodeKey, RunError> {
    let key = super::founding::signing_key(home, "node")?;
    Ok(NodeKey(key.verifying_key().to_bytes()))
}

/// What is kept; in a directory that was made before anything was, what its card or its own root keys say.
pub(super) fn kept(home: &Home) -> io::Result<Vec<Root>> {
    let path = home.roots();
    match fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found(home).into_iter().collect()),
        Err(error) => return Err(error),
        Ok(found) if found.len() > FILE_BYTES_MAX => return Err(io::Error::other("it is too large")),
        Ok(_) => {}
    }
    let text = fs::read_to_string(&path)?;
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a line is not two hashes");
    let root = |line: &str| {
        let (key, next) = line.split_once(' ')?;
        let next: RootKey = next.parse().ok()?;
        let key = key.parse().ok()?;
        Some(Root { key, next: next.0 })
    };
    text.lines().map(|line| root(line).ok_or_else(damaged)).collect()
}

fn found(home: &Home) -> Option<Root> {
    let card = fs::read_to_string(home.card()).ok();
    if let Some(card) = card.and_then(|text| armor::read_card(&text).ok()) {
        return Some(Root {
            key: card.member.root,
            next: card.member.next_root,
        });
    }
    of_files(home, &RootFiles::default())
}

/// The root keys in these files; nothing when one is away.
fn of_files(home: &Home, keys: &RootFiles) -> Option<Root> {
    let public = |key: ed25519_dalek::SigningKey| RootKey(key.verifying_key().to_bytes());
    Some(Root {
        key: public(keys.root(home).ok()?),
        next: next_root(public(keys.next(home).ok()?)),
    })
}
