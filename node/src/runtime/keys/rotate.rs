//! Another root key: the next one, which was kept elsewhere, takes the place of the one before.
//!
//! Three things change: the charter, the file of the root key and that of the next one. The statement is handed to a node
//! first, and the files follow it; what the charter says and what is in the files always tells how far it came. Cut short at
//! any moment, the same command finishes it:
//!
//! 1. a fresh next key is made, beside the file of the next key (`.nieuw`);
//! 2. the next key signs, and the node takes the statement in;
//! 3. the old root key is put aside (`.oud-` and the begin of its public key);
//! 4. the next key is copied to the file of the root key;
//! 5. the fresh key takes the place of the next key, which stands in the file of the root key by now.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use protocol::api::HandvestLogs;
use protocol::charter::{Body, Ended, Ending, Fate, OwnKey, next_root, own_keys, rotation};
use protocol::id::{Gemeente, NodeKey, RootKey};

use super::super::charter::RootFiles;
use super::super::{Config, Home, armor, roots};
use super::revoke::{Parted, Said, parted, this_node};
use super::{Held, KeysError};
use crate::secret::{Secret, SecretError, sync_dir};

/// What somebody says becomes of a node key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It goes on speaking.
    Keep,
    /// It speaks again, although the gemeente ended it: whoever stole the root key said so.
    Revive,
    /// It ends where it stands, or where it ended; what it wrote before stays.
    End,
    /// Nothing it ever wrote counts.
    Drop,
}

/// A change of root key under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotating {
    /// The statement to be handed to a node; nothing when the charter holds it already and only the files are behind.
    pub text: Option<String>,
    /// Whose root key it is.
    pub gemeente: Gemeente,
    /// The root key from now on.
    pub root: RootKey,
    /// What becomes of each node key.
    pub fates: BTreeMap<NodeKey, Choice>,
    /// Where those end that did not end before.
    pub ends: Vec<Parted>,
}

/// A change of root key that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Where the root key is.
    pub root: PathBuf,
    /// Where the next root key is.
    pub next: PathBuf,
    /// Where the key is that was replaced, when it was there.
    pub aside: Option<PathBuf>,
}

/// The files of a member's root keys.
struct Files {
    root: PathBuf,
    next: PathBuf,
}

impl Files {
    fn of(home: &Home, keys: &RootFiles) -> Self {
        Self {
            root: keys.root.clone().unwrap_or_else(|| home.key("root")),
            next: keys.next.clone().unwrap_or_else(|| home.key("next-root")),
        }
    }

    /// Where the key that is to follow the next one is, until it takes its place.
    fn fresh(&self) -> PathBuf {
        with_ending(&self.next, ".nieuw")
    }

    /// Found out before anything is stated or moved: these are two files, in directories that are there and take a file, and
    /// the first holds no key but one that may be put aside.
    fn check(&self, held: &Held, gemeente: Gemeente, root: RootKey) -> Result<(), KeysError> {
        if one_file(&self.root, &self.next)? || one_file(&self.root, &self.fresh())? {
            let path = self.root.clone();
            return Err(KeysError::SameFile { path });
        }
        replaced(&self.root, held, gemeente, root)?;
        [&self.root, &self.next]
            .into_iter()
            .try_for_each(|path| takes_files(path))
    }
}

/// Whether two names lead to one file, now or once it is made.
fn one_file(one: &Path, other: &Path) -> Result<bool, KeysError> {
    let found = |path: &Path| match fs::metadata(path) {
        Ok(found) => Ok(Some((found.dev(), found.ino()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(io_at(path, source)),
    };
    match (found(one)?, found(other)?) {
        (Some(one), Some(other)) => Ok(one == other),
        _ => Ok(place(one)? == place(other)?),
    }
}

/// The directory of a file and its name in there.
fn place(path: &Path) -> Result<(PathBuf, Option<&OsStr>), KeysError> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let whole = dir.canonicalize().map_err(|source| io_at(dir, source))?;
    Ok((whole, path.file_name()))
}

/// A stick that is not there, or may only be read, is to be known before the change is in force.
fn takes_files(path: &Path) -> Result<(), KeysError> {
    let probe = with_ending(path, ".proef");
    let mut options = OpenOptions::new();
    let made = options.write(true).create(true).truncate(true).mode(0o600).open(&probe);
    made.and_then(|_| fs::remove_file(&probe))
        .map_err(|source| io_at(&probe, source))
}

/// The key in the file of the root key that this root key takes the place of, if one is there. Any other key there belongs
/// to something else, and stays where it is.
fn replaced(path: &Path, held: &Held, gemeente: Gemeente, root: RootKey) -> Result<Option<RootKey>, KeysError> {
    let Some(found) = key_in(path)?.as_ref().map(public).filter(|found| *found != root) else {
        return Ok(None);
    };
    let mut statements = held.set.iter();
    let stated = statements.any(|statement| match statement.body() {
        Body::Rotate(rotation) => {
            (rotation.gemeente, rotation.old) == (gemeente, found) && statement.author() == root.0
        }
        _ => false,
    });
    if stated || held.member(gemeente)?.root == found {
        Ok(Some(found))
    } else {
        Err(KeysError::OtherRoot { gemeente })
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The key in a file; nothing when there is no such file.
fn key_in(path: &Path) -> Result<Option<Secret>, KeysError> {
    match Secret::load(path) {
        Ok(secret) => Ok(Some(secret)),
        Err(SecretError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn public(secret: &Secret) -> RootKey {
    RootKey(SigningKey::from_bytes(secret.bytes()).verifying_key().to_bytes())
}

/// Prepares the change to the next root key, or finds that it is stated already.
///
/// # Errors
/// [`KeysError::Open`] when somebody has to say what becomes of node keys; [`KeysError`].
pub fn rotate(
    home: &Home,
    charter: &str,
    logs: &HandvestLogs,
    choices: &BTreeMap<NodeKey, Choice>,
    said: &Said,
    keys: &RootFiles,
) -> Result<Rotating, KeysError> {
    let gemeente = Config::read(home)?.gemeente;
    let held = Held::read(charter)?;
    let member = held.member(gemeente)?;
    let files = Files::of(home, keys);
    if is_stated(&files, member.root)? {
        files.check(&held, gemeente, member.root)?;
        return Ok(Rotating {
            text: None,
            gemeente,
            root: member.root,
            fates: BTreeMap::new(),
            ends: Vec::new(),
        });
    }
    if held.roster.left().any(|left| left == gemeente) {
        return Err(KeysError::Left { gemeente });
    }
    if member.next_root == [0; 32] {
        let edition = held.edition();
        return Err(KeysError::Unrenewed { gemeente, edition });
    }
    let next = keys.next(home)?;
    let root = RootKey(next.verifying_key().to_bytes());
    if next_root(root) != member.next_root {
        return Err(KeysError::NotCommitted { gemeente });
    }
    files.check(&held, gemeente, root)?;
    let own = own_keys(&held.set, &held.roster, gemeente);
    let fates = chosen(home, &own, choices)?;
    let ends = ends(home, &held, logs, (&fates, said))?;
    let body = Body::Rotate(rotation(&own, gemeente, member.root, &in_words(&held, &fates, &ends)));
    let (statement, after) = held.sign(body, &next)?;
    if after.member(gemeente).is_none_or(|member| member.root != root) {
        return Err(KeysError::NotCommitted { gemeente });
    }
    // Made before anything is stated: without it the member could not change its key again.
    Secret::load_or_create(&files.fresh())?;
    Ok(Rotating {
        text: Some(armor::write_charter([&statement])),
        gemeente,
        root,
        fates,
        ends,
    })
}

/// Whether the charter has the next key as root key already, and only the files are behind.
fn is_stated(files: &Files, root: RootKey) -> Result<bool, KeysError> {
    Ok(key_in(&files.next)?.as_ref().map(public) == Some(root))
}

/// What becomes of each key that is open: this node's goes on unless somebody says otherwise, and of every other one
/// somebody has to say.
fn chosen(
    home: &Home,
    own: &[OwnKey],
    choices: &BTreeMap<NodeKey, Choice>,
) -> Result<BTreeMap<NodeKey, Choice>, KeysError> {
    let me = this_node(home)?;
    let (mut fates, mut open) = (BTreeMap::new(), Vec::new());
    for key in own.iter().filter(|key| key.is_open()) {
        let fallback = (key.node == me && key.ended != Some(Ended::ByMember)).then_some(Choice::Keep);
        match choices.get(&key.node).copied().or(fallback) {
            Some(Choice::Keep) if key.ended == Some(Ended::ByMember) => {
                return Err(KeysError::HasEnded { node: key.node });
            }
            Some(choice) => {
                fates.insert(key.node, choice);
            }
            None => open.push((key.node, key.ended)),
        }
    }
    if open.is_empty() {
        Ok(fates)
    } else {
        Err(KeysError::Open { nodes: open })
    }
}

/// Where each key ends that did not end before.
fn ends(
    home: &Home,
    held: &Held,
    logs: &HandvestLogs,
    (fates, said): (&BTreeMap<NodeKey, Choice>, &Said),
) -> Result<Vec<Parted>, KeysError> {
    let ending = fates.iter().filter(|(_, choice)| **choice == Choice::End);
    let ending = ending.filter(|(node, _)| held.roster.ended(**node) != Some(Ended::ByMember));
    ending.map(|(node, _)| parted(home, logs, *node, said)).collect()
}

/// The choices in the words of the charter.
fn in_words(held: &Held, fates: &BTreeMap<NodeKey, Choice>, ends: &[Parted]) -> BTreeMap<NodeKey, Fate> {
    let fate = |node: NodeKey, choice: Choice| match choice {
        Choice::Keep | Choice::Revive => Fate::Keep,
        Choice::Drop => Fate::Drop,
        Choice::End => {
            let now = ends.iter().find(|parted| parted.node == node).map(Parted::ending);
            let cuts = Vec::new();
            Fate::End(
                now.or_else(|| held.roster.ending(node))
                    .unwrap_or(Ending { node, cuts }),
            )
        }
    };
    let fates = fates.iter();
    fates.map(|(node, choice)| (*node, fate(*node, *choice))).collect()
}

/// Has the files follow a change of root key that the charter holds.
///
/// # Errors
/// [`KeysError::NotCommitted`] when the charter does not hold it; [`KeysError::Io`] and [`KeysError::Secret`], and then calling
/// it again goes on where it stopped.
pub fn finish_rotation(home: &Home, charter: &str, keys: &RootFiles) -> Result<Finished, KeysError> {
    let gemeente = Config::read(home)?.gemeente;
    let held = Held::read(charter)?;
    let root = held.member(gemeente)?.root;
    let files = Files::of(home, keys);
    let next = key_in(&files.next)?.filter(|next| public(next) == root);
    let next = next.ok_or(KeysError::NotCommitted { gemeente })?;
    files.check(&held, gemeente, root)?;
    let aside = put_aside(&files.root, replaced(&files.root, &held, gemeente, root)?)?;
    if key_in(&files.root)?.is_none() {
        next.write(&files.root).map_err(|source| io_at(&files.root, source))?;
    }
    Secret::load_or_create(&files.fresh())?;
    // The key that stands here stands in the file of the root key too.
    rename(&files.fresh(), &files.next)?;
    // From now on this directory knows the key that was replaced from the one that took its place.
    roots::keep(home, keys).map_err(|source| io_at(&home.roots(), source))?;
    Ok(Finished {
        root: files.root,
        next: files.next,
        aside,
    })
}

/// Puts the root key that was replaced, if it is there, under another name.
fn put_aside(path: &Path, old: Option<RootKey>) -> Result<Option<PathBuf>, KeysError> {
    let Some(old) = old else { return Ok(None) };
    let begin: String = old.to_string().chars().take(8).collect();
    let aside = with_ending(path, &format!(".oud-{begin}"));
    rename(path, &aside)?;
    Ok(Some(aside))
}

fn rename(from: &Path, to: &Path) -> Result<(), KeysError> {
    fs::rename(from, to)
        .and_then(|()| sync_dir(to.parent().unwrap_or(Path::new("."))))
        .map_err(|source| io_at(from, source))
}

fn io_at(path: &Path, source: std::io::Error) -> KeysError {
    KeysError::Io {
        path: path.to_path_buf(),
        source,
    }
}
