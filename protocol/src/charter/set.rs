//! The set of statements of one federation.
//!
//! What two nodes hold together is the union of what each holds, and what stays of a union is a pure function of it
//! ([`kept`]): whatever order statements came in, and whatever was refused or crowded out on the way, nodes that
//! offer each other what they have end with the same set. Who may speak follows from what is in the set, so a key whose
//! certificate is crowded out loses its voice, and what it said goes with it.
//!
//! **Invariant:** the set is what [`kept`] leaves of itself.

mod kept;
mod quota;
#[cfg(test)]
mod tests;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Body, Statement};
use crate::id::{self, Digest, FederationId, NodeKey, StatementId};
use kept::Kept;

/// Statements by their id. A set is copied for every arrival; the statements in it are not.
type Pile = BTreeMap<StatementId, Arc<Statement>>;

/// Why a statement does not enter the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// It belongs to another federation.
    #[error("the statement belongs to another federation")]
    Federation,
    /// Its author is not known (yet): nobody in the set vouches for that key.
    #[error("the author of the statement is not known here")]
    Author,
    /// Its author is known and has no say in what it is about, or it is crowded out by what the set holds.
    #[error("the statement is superseded, or its author has no say in it")]
    Superseded,
}

/// The statements of one federation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    federation: FederationId,
    statements: Pile,
    authors: BTreeSet<[u8; 32]>,
    digest: Digest,
}

impl Set {
    /// The empty set of a federation.
    #[must_use]
    pub fn new(federation: FederationId) -> Self {
        Self {
            federation,
            statements: Pile::new(),
            authors: BTreeSet::new(),
            digest: digest(federation, &Pile::new()),
        }
    }

    /// The federation.
    #[must_use]
    pub fn federation(&self) -> FederationId {
        self.federation
    }

    /// Adds what stays of these together with what is held; returns how many are new and, per refused one, why.
    pub fn extend(&mut self, statements: Vec<Statement>) -> (usize, Vec<(StatementId, SetError)>) {
        let mut offered = self.statements.clone();
        let mut refused = Vec::new();
        let mut new = BTreeSet::new();
        for statement in statements {
            let id = statement.id();
            if statement.federation() != self.federation {
                refused.push((id, SetError::Federation));
            } else if let Entry::Vacant(place) = offered.entry(id) {
                place.insert(Arc::new(statement));
                new.insert(id);
            }
        }
        if new.is_empty() {
            return (0, refused);
        }
        let Kept { statements, authors } = Kept::of(&offered);
        for id in new.iter().filter(|id| !statements.contains_key(id)) {
            let known = offered.get(id).is_some_and(|held| authors.contains(&held.author()));
            refused.push((*id, if known { SetError::Superseded } else { SetError::Author }));
        }
        let added = new.iter().filter(|id| statements.contains_key(id)).count();
        self.digest = digest(self.federation, &statements);
        (self.statements, self.authors) = (statements, authors);
        (added, refused)
    }

    /// Whether the set vouches for this key, so that what it says can enter.
    #[must_use]
    pub fn vouches_for(&self, author: &[u8; 32]) -> bool {
        self.authors.contains(author)
    }

    /// The digest of the whole set: equal digests, equal sets.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// A statement by its id.
    #[must_use]
    pub fn get(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(&id).map(Arc::as_ref)
    }

    /// All statements in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Statement> + Clone {
        self.statements.values().map(Arc::as_ref)
    }

    /// Their ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = StatementId> {
        self.statements.keys().copied()
    }

    /// Number of statements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The address statement of a node that counts.
    #[must_use]
    pub fn address_counter(&self, node: NodeKey) -> Option<u64> {
        let counters = self.iter().filter_map(|held| match held.body() {
            Body::Address(address) if address.node == node => Some(address.counter),
            _ => None,
        });
        counters.max()
    }
}

fn digest(federation: FederationId, statements: &Pile) -> Digest {
    let ids: Vec<u8> = statements.keys().flat_map(|id| id.0).collect();
    Digest(id::hash("statement set", &[&federation.0, &ids]))
}
