//! The grow-only set of statements of one federation.
//!
//! Merging two sets gives their union, with two bounds that keep it a join: of the addresses that one author
//! gives a node only the greatest stays, and of the statements of one author and type only the [`PER_AUTHOR_MAX`] with
//! the smallest ids. Both are functions of the union alone, so every node keeps the same ones.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Statement};
use crate::id::{self, Digest, FederationId, NodeKey, StatementId};

/// Most statements of one type that one author can have in the set.
const PER_AUTHOR_MAX: usize = 256;

/// Why a statement does not enter the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// It belongs to another federation.
    #[error("the statement belongs to another federation")]
    Federation,
    /// Its author is not known (yet): nobody in the set vouches for that key.
    #[error("the author of the statement is not known here")]
    Author,
    /// It is superseded by, or crowded out by, what the set holds.
    #[error("the statement is superseded")]
    Superseded,
}

/// The statements of one federation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    federation: FederationId,
    statements: BTreeMap<StatementId, Statement>,
    authors: BTreeSet<[u8; 32]>,
    digest: Digest,
}

impl Set {
    /// The empty set of a federation.
    #[must_use]
    pub fn new(federation: FederationId) -> Self {
        let mut set = Self {
            federation,
            statements: BTreeMap::new(),
            authors: BTreeSet::new(),
            digest: Digest([0; 32]),
        };
        set.refresh();
        set
    }

    /// The federation.
    #[must_use]
    pub fn federation(&self) -> FederationId {
        self.federation
    }

    /// Adds what can be added, in whatever order it is given; returns how many are new and, per refused one, why.
    pub fn extend(&mut self, statements: Vec<Statement>) -> (usize, Vec<(StatementId, SetError)>) {
        let mut waiting = statements;
        let mut added = 0;
        loop {
            let mut refused = Vec::new();
            let mut left = Vec::new();
            let before = added;
            for statement in waiting {
                match self.insert(statement.clone()) {
                    Ok(new) => added += usize::from(new),
                    Err(why) => {
                        refused.push((statement.id(), why));
                        left.push(statement);
                    }
                }
            }
            // Somebody added now may vouch for the author of one refused before.
            if added == before {
                self.refresh();
                return (added, refused);
            }
            waiting = left;
        }
    }

    /// Adds one statement; false when it was there already. Call [`Set::extend`] to add several.
    fn insert(&mut self, statement: Statement) -> Result<bool, SetError> {
        if statement.federation() != self.federation {
            return Err(SetError::Federation);
        }
        let founding = statement.founding().is_some();
        if !founding && !self.authors.contains(&statement.author()) {
            return Err(SetError::Author);
        }
        if self.statements.contains_key(&statement.id()) {
            return Ok(false);
        }
        self.make_room(&statement)?;
        self.learn_authors(&statement);
        self.statements.insert(statement.id(), statement);
        Ok(true)
    }

    /// Removes what the new statement supersedes or crowds out.
    fn make_room(&mut self, new: &Statement) -> Result<(), SetError> {
        let rivals: Vec<StatementId> = self.rivals(new).map(Statement::id).collect();
        let older = rivals
            .iter()
            .filter_map(|id| self.statements.get(id))
            .find_map(|held| address_rank(held, new));
        if let Some(older) = older {
            if older > address_rank(new, new).unwrap_or(older) {
                return Err(SetError::Superseded);
            }
            self.statements.remove(&older.1);
            return Ok(());
        }
        let Some(last) = rivals.last().filter(|_| rivals.len() >= PER_AUTHOR_MAX) else {
            return Ok(());
        };
        if *last < new.id() {
            return Err(SetError::Superseded);
        }
        self.statements.remove(last);
        Ok(())
    }

    /// What competes with a statement for a place: the same author's statements of the same type, in order of id.
    fn rivals<'a>(&'a self, new: &'a Statement) -> impl Iterator<Item = &'a Statement> {
        let same = |held: &&Statement| held.body().number() == new.body().number() && held.author() == new.author();
        self.statements.values().filter(same)
    }

    /// Keys that this statement vouches for may speak from now on.
    fn learn_authors(&mut self, statement: &Statement) {
        match statement.body() {
            Body::Edition(edition) => {
                for member in &edition.members {
                    self.authors.insert(member.root.0);
                    self.authors.extend(member.nodes.iter().map(|node| node.0));
                }
            }
            Body::NodeKey(proof) => {
                self.authors.insert(proof.node.0);
            }
            _ => {}
        }
    }

    fn refresh(&mut self) {
        let ids: Vec<u8> = self.statements.keys().flat_map(|id| id.0).collect();
        self.digest = Digest(id::hash("statement set", &[&self.federation.0, &ids]));
    }

    /// The digest of the whole set: equal digests, equal sets.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// A statement by its id.
    #[must_use]
    pub fn get(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(&id)
    }

    /// All statements in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Statement> {
        self.statements.values()
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
        let counters = self.statements.values().filter_map(|held| match held.body() {
            Body::Address(address) if address.node == node => Some(address.counter),
            _ => None,
        });
        counters.max()
    }
}

/// The rank of an address statement among those of the node that `of` speaks about; nothing for anything else.
fn address_rank(held: &Statement, of: &Statement) -> Option<(u64, StatementId)> {
    match (held.body(), of.body()) {
        (Body::Address(held_address), Body::Address(address)) if held_address.node == address.node => {
            Some((held_address.counter, held.id()))
        }
        _ => None,
    }
}
