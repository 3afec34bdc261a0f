//! Making a node, and founding a federation with others: the steps a person takes before anything is shared.
//!
//! `init` makes keys and configuration. `card` is what a gemeente hands to the other founders; `propose` makes of all
//! cards the founding edition; `endorse` adds a founder's signature. The text goes round by any means, since every
//! statement in it verifies itself; once each founder signed, the federation exists. `inspect` says what such a text
//! means before anybody signs it.

mod endorsing;
mod making;
mod paper;
mod port;

use std::io;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use protocol::charter::NAME_BYTES_MAX;
use protocol::charter::{Body, Card, Edition, Endorsement, Member, Role, Statement, next_root};
use protocol::id::{Gemeente, NodeKey, RootKey};

use super::armor::{self, ArmorError};
use super::charter::{RootError, RootFiles};
use super::{Config, ConfigError, Home, RunError, itself, roots};
use crate::driver::Root;
use crate::secret::{Secret, SecretError, random_bytes};

pub use endorsing::{Endorsing, Entry, endorse, to_endorse};
pub use making::{Init, Roots, init, init_with};
pub use paper::{Paper, Proposal, inspect};

use making::keep_root;

/// Why a step of the founding failed.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// The directory holds a node already.
    #[error("{} holds a node already", path.display())]
    Exists {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds something else.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// There is a key in the file already.
    #[error("{} is there already", path.display())]
    KeyExists {
        /// The file.
        path: PathBuf,
    },
    /// A key is to be in a directory that does not exist.
    #[error("{} does not exist", path.display())]
    NoFolder {
        /// The directory.
        path: PathBuf,
    },
    /// Both root keys are to be in one file.
    #[error("the root key and the next one cannot be in one file")]
    SameFile,
    /// A file or directory could not be made.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A key could not be read or made.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is no root key to sign with.
    #[error(transparent)]
    Root(#[from] RootError),
    /// The key of the node is not the one it began with.
    #[error(transparent)]
    Itself(#[from] RunError),
    /// The file of the root key holds the next one.
    #[error("this is the next root key, not the root key")]
    IsNext,
    /// Both files hold the same key.
    #[error("the root key and the next one are the same key")]
    OneKey,
    /// The next root key took its place.
    #[error("this root key of {gemeente} was replaced by the next one")]
    Replaced {
        /// This gemeente.
        gemeente: Gemeente,
    },
    /// The root key is not one of this gemeente.
    #[error("this is not the root key of {gemeente} that this node knows")]
    OtherRoot {
        /// This gemeente.
        gemeente: Gemeente,
    },
    /// The configuration could not be read or written.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address that no other node could use.
    #[error("{address:?} is too much, or not a multiaddr such as /ip4/192.0.2.1/tcp/4001")]
    Address {
        /// The address.
        address: String,
    },
    /// A name or mailbox that no card can carry.
    #[error("{text:?} has {} bytes, a card carries {NAME_BYTES_MAX}", text.len())]
    TooLong {
        /// The text.
        text: String,
    },
    /// What is no address of a mailbox.
    #[error("{text:?} is no address of a mailbox")]
    Mailbox {
        /// The text.
        text: String,
    },
    /// A card or charter could not be read.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// The cards do not make an edition.
    #[error("these cards do not make a federation: {0}")]
    Edition(#[from] protocol::charter::StatementError),
    /// The charter holds no founding edition.
    #[error("the charter holds no founding edition")]
    NoEdition,
    /// The founding edition lists this gemeente with a key or a vote that is not in its card.
    #[error("the founding edition lists {gemeente} with {entry:?} that are not its own")]
    Altered {
        /// This gemeente.
        gemeente: Gemeente,
        /// What is not its own.
        entry: Entry,
    },
    /// The founding edition does not list this gemeente with this key.
    #[error("the founding edition does not list {gemeente} with the key of this node")]
    NotListed {
        /// This gemeente.
        gemeente: Gemeente,
    },
}

/// The key in a file of this node.
pub(super) fn signing_key(home: &Home, name: &str) -> Result<SigningKey, SecretError> {
    Ok(SigningKey::from_bytes(Secret::load(&home.key(name))?.bytes()))
}

fn member(home: &Home, config: &Config, keys: &RootFiles) -> Result<Member, FoundingError> {
    let public = |key: SigningKey| key.verifying_key().to_bytes();
    let (root, next) = (RootKey(public(keys.root(home)?)), RootKey(public(keys.next(home)?)));
    check_root(home, config.gemeente, root, Some(next))?;
    let node = NodeKey(public(signing_key(home, "node")?));
    itself::check(home, node)?;
    Ok(Member {
        gemeente: config.gemeente,
        name: config.name.clone(),
        root,
        next_root: next_root(next),
        role: Role::Voting,
        nodes: vec![node],
        mailbox: config.mailbox.clone(),
        addresses: config.announced().to_vec(),
    })
}

/// Whether a root key is one of this gemeente, as far as this directory knows: the one it was made with, or the next one once
/// that replaced it. Two sticks are easily swapped, and whoever is handed the wrong card finds out last.
fn check_root(home: &Home, gemeente: Gemeente, root: RootKey, next: Option<RootKey>) -> Result<(), FoundingError> {
    let kept = roots::kept(home).map_err(|source| FoundingError::Io {
        path: home.roots(),
        source,
    })?;
    let known = |key: RootKey| kept.iter().any(|kept| kept.key == key);
    let follows = |old: &Root| {
        kept.iter()
            .any(|new| new.key != old.key && next_root(new.key) == old.next)
    };
    let replaced = kept.iter().any(|old| old.key == root && follows(old));
    let is_next = kept.iter().any(|kept| kept.next == next_root(root));
    match next {
        Some(next) if next == root => Err(FoundingError::OneKey),
        _ if replaced => Err(FoundingError::Replaced { gemeente }),
        _ if kept.is_empty() || known(root) => Ok(()),
        Some(next) if is_next && !known(next) => Ok(()),
        _ if is_next => Err(FoundingError::IsNext),
        _ => Err(FoundingError::OtherRoot { gemeente }),
    }
}

/// The card of this gemeente, as text.
///
/// # Errors
/// [`FoundingError`].
pub fn card(home: &Home, keys: &RootFiles) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    let member = member(home, &config, keys)?;
    keep_root(home, keys)?;
    Ok(armor::write_card(&Card::sign(&member, &keys.root(home)?)))
}

/// The founding edition of this gemeente and the cards of the others, signed by this gemeente.
///
/// # Errors
/// [`FoundingError`].
pub fn propose(home: &Home, cards: &[String], keys: &RootFiles) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    let mut members = vec![member(home, &config, keys)?];
    for text in cards {
        members.push(armor::read_card(text)?.member);
    }
    members.sort_by_key(|member| member.gemeente);
    // One's own card among the others is what a person expects to be allowed.
    members.dedup();
    let edition = Edition::founding(random_bytes()?, members);
    edition.check()?;
    let root = keys.root(home)?;
    let federation = edition.federation();
    let vote = Statement::sign(federation, endorsement(&edition), &root);
    let proposal = Statement::sign(federation, Body::Edition(edition), &root);
    Ok(armor::write_charter([&proposal, &vote]))
}

fn endorsement(edition: &Edition) -> Body {
    Body::Endorse(Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    })
}

#[cfg(test)]
mod tests;
