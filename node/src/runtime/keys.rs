//! The keys of a member: one more node, the end of a node key, another root key.
//!
//! As with everything that a root key signs, what is held comes in as text and numbers and a statement goes out as text; the
//! root key is in a file that may be anywhere. What a statement would do is tried on a copy of the charter before it is handed
//! to anybody.
//!
//! **Invariant:** no key is ever deleted here, and none is written over before it is safe under another name.

mod certify;
mod revoke;
mod rotate;

use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use protocol::api::LogHoogte;
use protocol::charter::{Body, Ended, Member, OwnKey, Roster, Set, SetError, Statement, own_keys};
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};
use serde::Serialize;

use super::armor::{self, ArmorError};
use super::charter::RootError;
use super::{ConfigError, RunError};
use crate::secret::SecretError;
use crate::store::OwnLogError;

pub use certify::{Certified, certify, request, requested};
pub use revoke::{Parted, Revoked, Said, revoke, this_node};
pub use rotate::{Choice, Finished, Rotating, finish_rotation, rotate};

/// Why a key could not be looked after.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The charter founds nothing yet.
    #[error("the federation is not founded yet")]
    NotFounded,
    /// The charter does not list this gemeente.
    #[error("{gemeente} is no member")]
    NotMember {
        /// Which.
        gemeente: Gemeente,
    },
    /// The member left.
    #[error("{gemeente} has left")]
    Left {
        /// Which.
        gemeente: Gemeente,
    },
    /// The root key in the file is not the one that speaks for this member.
    #[error("the root key in the file does not speak for {gemeente}")]
    OtherRoot {
        /// Which.
        gemeente: Gemeente,
    },
    /// The request is not for this member.
    #[error("the request is for another federation, gemeente or root key")]
    OtherRequest,
    /// A node key that speaks for another member, or has ended.
    #[error("{node} speaks for another member, or has ended")]
    Taken {
        /// Which.
        node: NodeKey,
    },
    /// A node key of nobody here, or the begin of several.
    #[error("{text:?} is no node key of {gemeente}, or of more than one")]
    NoSuchKey {
        /// As typed.
        text: String,
        /// Whose it should be.
        gemeente: Gemeente,
    },
    /// Ends already, no later than asked for.
    #[error("{node} has ended already")]
    HasEnded {
        /// Which.
        node: NodeKey,
    },
    /// The charter refuses the statement: the key signed too many already.
    #[error("the charter does not take the statement: {0}")]
    Refused(SetError),
    /// The node does not know yet where it belongs.
    #[error("there is no invitation in {}", path.display())]
    NoInvitation {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The node is no second node of anybody.
    #[error("there is no card in {}", path.display())]
    NoCard {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The next root key is not the one that the member committed itself to.
    #[error("{gemeente} committed itself to another next root key")]
    NotCommitted {
        /// Which.
        gemeente: Gemeente,
    },
    /// The root key was changed already under this edition.
    #[error("{gemeente} changed its root key already under edition {edition}")]
    Unrenewed {
        /// Which.
        gemeente: Gemeente,
        /// The edition in force.
        edition: u64,
    },
    /// One file for the root key and the next one: following the charter would write over one of them.
    #[error("the root key and the next one cannot both be in {}", path.display())]
    SameFile {
        /// Which.
        path: PathBuf,
    },
    /// Logs of the key of this node that it does not know to be its own work.
    #[error("nobody said whether {} logs of {node} count", logs.len())]
    Unsure {
        /// The key.
        node: NodeKey,
        /// Which, and how far they are held.
        logs: Vec<LogHoogte>,
    },
    /// A log of nobody here, or the begin of several.
    #[error("{text:?} is no log that counts, or the begin of more than one")]
    NoSuchLog {
        /// As typed.
        text: String,
    },
    /// Node keys of which nobody said what becomes of them.
    #[error("nobody said what becomes of {} node keys", nodes.len())]
    Open {
        /// Which, and why it speaks no more, if it does not.
        nodes: Vec<(NodeKey, Option<Ended>)>,
    },
    /// A text is not what it should be.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// There is no root key to sign with.
    #[error(transparent)]
    Root(#[from] RootError),
    /// Another key.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The own log.
    #[error(transparent)]
    OwnLog(#[from] OwnLogError),
    /// The store.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The keys of a member, as the charter has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyRing {
    /// The federation.
    pub federatie: FederationId,
    /// The edition in force.
    pub editie: u64,
    /// The member.
    pub gemeente: Gemeente,
    /// Its name.
    pub naam: String,
    /// The root key that speaks for it.
    pub wortel: RootKey,
    /// Whether a next root key is committed to, so that the root key can be changed.
    pub volgende_vastgelegd: bool,
    /// Its node keys in order.
    pub nodes: Vec<Ringed>,
}

/// A node key of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ringed {
    /// The key.
    pub node: NodeKey,
    /// Whether the edition lists it.
    pub in_editie: bool,
    /// Whether the root key certified it.
    pub gecertificeerd: bool,
    /// Whether it speaks.
    pub spreekt: bool,
    /// Why it does not, if it does not: `editie`, `lid`, `vertrokken` or `geschorst`.
    pub reden: Option<&'static str>,
}

/// The keys of a member.
///
/// # Errors
/// [`KeysError`].
pub fn key_ring(charter: &str, gemeente: Gemeente) -> Result<KeyRing, KeysError> {
    let held = Held::read(charter)?;
    let member = held.member(gemeente)?;
    let nodes = own_keys(&held.set, &held.roster, gemeente);
    Ok(KeyRing {
        federatie: held.set.federation(),
        editie: held.edition(),
        gemeente,
        naam: member.name.clone(),
        wortel: member.root,
        volgende_vastgelegd: member.next_root != [0; 32],
        nodes: nodes.iter().map(ringed).collect(),
    })
}

fn ringed(key: &OwnKey) -> Ringed {
    Ringed {
        node: key.node,
        in_editie: key.listed,
        gecertificeerd: key.certified,
        spreekt: key.ended.is_none(),
        reden: key.ended.map(|why| match why {
            Ended::ByEdition => "editie",
            Ended::ByMember => "lid",
            Ended::Left => "vertrokken",
            Ended::OnHold => "geschorst",
        }),
    }
}

impl KeyRing {
    /// The node key that begins like this.
    ///
    /// # Errors
    /// [`KeysError::NoSuchKey`] when there is none, or more than one.
    pub fn find(&self, text: &str) -> Result<NodeKey, KeysError> {
        let mut found = self.nodes.iter().map(|key| key.node);
        let mut like = found
            .by_ref()
            .filter(|node| !text.is_empty() && node.to_string().starts_with(text));
        match (like.next(), like.next()) {
            (Some(node), None) => Ok(node),
            _ => Err(KeysError::NoSuchKey {
                text: text.chars().take(2 * NodeKey::LEN).collect(),
                gemeente: self.gemeente,
            }),
        }
    }
}

/// A charter that was read.
struct Held {
    set: Set,
    roster: Roster,
}

impl Held {
    fn read(charter: &str) -> Result<Self, KeysError> {
        let statements = match armor::read_charter(charter) {
            // A node that knows of no federation yet has this to say.
            Err(ArmorError::Empty) => return Err(KeysError::NotFounded),
            read => read?,
        };
        let founding = statements.iter().find_map(Statement::founding);
        let federation = founding.ok_or(KeysError::NotFounded)?.federation();
        let mut set = Set::new(federation);
        set.extend(statements);
        let roster = Roster::of(&set);
        if roster.is_active() {
            Ok(Self { set, roster })
        } else {
            Err(KeysError::NotFounded)
        }
    }

    fn edition(&self) -> u64 {
        self.roster.course().map_or(0, |course| course.number)
    }

    fn member(&self, gemeente: Gemeente) -> Result<&Member, KeysError> {
        self.roster.member(gemeente).ok_or(KeysError::NotMember { gemeente })
    }

    /// Whether this root key speaks for the member now.
    fn check_root(&self, gemeente: Gemeente, root: &SigningKey) -> Result<(), KeysError> {
        let public = RootKey(root.verifying_key().to_bytes());
        if self.member(gemeente)?.root == public {
            Ok(())
        } else {
            Err(KeysError::OtherRoot { gemeente })
        }
    }

    /// Signs, and tries what the charter makes of it.
    fn sign(&self, body: Body, key: &SigningKey) -> Result<(Statement, Roster), KeysError> {
        let statement = Statement::sign(self.set.federation(), body, key);
        let mut set = self.set.clone();
        let (_, refused) = set.extend(vec![statement.clone()]);
        match refused.first() {
            Some((_, why)) => Err(KeysError::Refused(*why)),
            None => Ok((statement, Roster::of(&set))),
        }
    }
}

#[cfg(test)]
mod tests;
