//! Which federation a charter that is handed in makes this node part of, and whether a charter speaks of this node as it is.
//!
//! Anybody can write a charter with the code and the node key of another: both are in its card. What nobody else can make
//! is a signature of its root key, so that is what a node looks for.
//!
//! **Invariant:** what a node takes for its own root key never follows from a charter alone: it starts with what was kept
//! when the node was made.

use std::collections::BTreeSet;

use protocol::charter::{Body, Roster, Set, Statement, next_root};
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};

use super::{Core, CoreError};

/// For whom this node speaks, whatever a charter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The gemeente.
    pub gemeente: Gemeente,
    /// Its root keys that are known here.
    pub roots: Vec<Root>,
}

/// A root key, with what it is committed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// The key.
    pub key: RootKey,
    /// The hash of the one that will follow it.
    pub next: [u8; 32],
}

/// Why a charter is not for this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOurs {
    /// It lists this node nowhere.
    NotListed,
    /// It lists this node under another gemeente or a root key of somebody else, or the node key ended.
    Foreign,
    /// The root key of this gemeente signed nothing in it.
    Unsigned,
}

impl Own {
    /// Whether this roster lists the node for its own gemeente, with its own root key, and it has not ended.
    #[must_use]
    pub fn is_listed(&self, set: &Set, roster: &Roster, node: NodeKey) -> bool {
        let mut nodes = roster.nodes();
        let listed = nodes.any(|one| one == (node, self.gemeente)) && roster.may_connect(node);
        let root = roster.member(self.gemeente).map(|member| member.root);
        listed && root.is_some_and(|root| self.known(set, roster).contains(&root))
    }

    /// The root keys of this gemeente: those kept here, and those that followed them by what they were committed to.
    fn known(&self, set: &Set, roster: &Roster) -> BTreeSet<RootKey> {
        let mut known: BTreeSet<RootKey> = self.roots.iter().map(|root| root.key).collect();
        let mut committed: BTreeSet<[u8; 32]> = self.roots.iter().map(|root| root.next).collect();
        loop {
            let before = (known.len(), committed.len());
            for statement in set.iter() {
                match statement.body() {
                    Body::Edition(edition) => {
                        let decided = || roster.decided(&edition.hash()).is_some();
                        let Some(member) = edition.member(self.gemeente).filter(|_| decided()) else {
                            continue;
                        };
                        if committed.contains(&next_root(member.root)) {
                            known.insert(member.root);
                        }
                        if known.contains(&member.root) {
                            committed.insert(member.next_root);
                        }
                    }
                    Body::Rotate(rotation) if rotation.gemeente == self.gemeente && known.contains(&rotation.old) => {
                        let author = RootKey(statement.author());
                        known.extend(Some(author).filter(|author| committed.contains(&next_root(*author))));
                    }
                    _ => {}
                }
            }
            if before == (known.len(), committed.len()) {
                return known;
            }
        }
    }
}

/// The federation that these statements found, if they do. A node that is in it already takes whatever comes. For any other
/// they must list it for its own gemeente, and its root key must have signed one of them: who comes in without having signed
/// comes in by an invitation that a person confirmed.
///
/// # Errors
/// [`NotOurs`].
pub fn joins(
    statements: &[Statement],
    held: Option<FederationId>,
    own: &Own,
    node: NodeKey,
) -> Result<Option<FederationId>, NotOurs> {
    let Some(edition) = statements.iter().find_map(Statement::founding) else {
        return Ok(None);
    };
    let federation = edition.federation();
    if held == Some(federation) {
        return Ok(held);
    }
    let mut set = Set::new(federation);
    set.extend(statements.to_vec());
    let roster = Roster::of(&set);
    if roster.nodes().all(|(listed, _)| listed != node) {
        return Err(NotOurs::NotListed);
    }
    if !own.is_listed(&set, &roster, node) {
        return Err(NotOurs::Foreign);
    }
    let known = own.known(&set, &roster);
    let signed = set.iter().any(|statement| known.contains(&RootKey(statement.author())));
    signed.then_some(Some(federation)).ok_or(NotOurs::Unsigned)
}

impl From<NotOurs> for CoreError {
    fn from(why: NotOurs) -> Self {
        match why {
            NotOurs::NotListed => Self::NotListed,
            NotOurs::Foreign => Self::Foreign,
            NotOurs::Unsigned => Self::Unsigned,
        }
    }
}

impl Core {
    /// Whether the charter lists this node as what it is: nothing that was approved leaves when it does not.
    ///
    /// # Errors
    /// [`CoreError::NotFounded`], [`CoreError::Foreign`].
    pub fn check_own(&self) -> Result<(), CoreError> {
        let replica = &self.parts.replica;
        let roster = replica.roster();
        match () {
            () if !roster.is_active() => Err(CoreError::NotFounded),
            // What an end or a departure stops is told by what stops it.
            () if !roster.may_connect(self.me) => Ok(()),
            // A directory that was put back without its public root keys has nothing to compare with.
            () if self.parts.own.roots.is_empty() => Ok(()),
            () if self.parts.own.is_listed(replica.statements(), roster, self.me) => Ok(()),
            () => Err(CoreError::Foreign),
        }
    }

    /// Takes in statements of the charter; an edition 0 among them founds the federation this node belongs to, when it
    /// belongs to none.
    ///
    /// # Errors
    /// [`CoreError::Replica`].
    pub fn import(&mut self, statements: Vec<Statement>) -> Result<usize, CoreError> {
        let held = self.parts.replica.federation();
        let joined = joins(&statements, held, &self.parts.own, self.me)?;
        if let Some(federation) = joined {
            super::enter(&mut self.parts.replica, federation, self.me)?;
            self.parts.invitation = self.parts.invitation.take().filter(|one| one.federation == federation);
        }
        let new = self.parts.replica.add_statements(statements)?;
        self.charter_changed()?;
        self.parts.replica.flush()?;
        Ok(new)
    }
}
