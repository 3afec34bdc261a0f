//! Which federation a replica is of, and leaving one that its node does not belong to.
//!
//! Whoever comes in by an invitation may find that it was the wrong one. As long as the node does not belong there, it may
//! take another: then everything of the first goes, a page at a time, under a mark. A crash in between is made up for when
//! the replica is opened.
//!
//! **Invariant:** from the mark on nothing of the federation that is left is read, and nothing of another one is written
//! before the last row is gone.

use std::collections::BTreeSet;

use super::ReplicaError;
use super::header::Class;
use super::replica::{self, Replica};
use super::tables;
use crate::id::{DocumentId, FederationId, NodeKey};
use crate::store::{Batch, Pair, Space, Store};

/// Rows that go in one batch.
const PAGE: usize = 512;
/// What is of one federation, in the order in which it goes.
const SPACES: [Space; 5] = [
    Space::Documents,
    Space::Headers,
    Space::Changes,
    Space::Logs,
    Space::Statements,
];

impl<S: Store> Replica<S> {
    /// Whether this node belongs to the federation for good: it is listed in it, or wrote in it.
    #[must_use]
    pub fn is_bound(&self, me: NodeKey) -> bool {
        self.roster.gemeente_of(me).is_some() || self.logs_of(me).next().is_some()
    }

    /// Makes this a replica of a federation.
    ///
    /// # Errors
    /// [`ReplicaError::OtherFederation`] when it is one of another, which would have to be left first; store errors.
    pub fn join(&mut self, federation: FederationId) -> Result<(), ReplicaError> {
        match self.federation {
            Some(held) if held == federation => return Ok(()),
            Some(held) => return Err(ReplicaError::OtherFederation { held }),
            None => {}
        }
        // Leaving that failed half-way goes on here.
        self.next_mark = finish(&mut self.store)?.unwrap_or(self.next_mark);
        let mut batch = Batch::default();
        batch.put(Space::Meta, tables::META_FORMAT, tables::FORMAT.to_be_bytes());
        batch.put(Space::Meta, tables::META_FEDERATION, federation.0);
        batch.put(Space::Meta, tables::META_RULES, tables::RULES.to_be_bytes());
        self.store.commit(batch)?;
        self.forget(Some(federation));
        Ok(())
    }

    /// Leaves the federation that `me` is not bound to: a card may have been forgotten at a founding, and an invitation may
    /// have been the wrong one. Everything of it goes, and what was withdrawn in it stays forgotten.
    ///
    /// # Errors
    /// [`ReplicaError::OtherFederation`] when it is bound to it. Store errors: then nothing changed, or a part is gone
    /// already; the rest goes with the next [`Replica::join`], or when the replica is opened.
    pub fn leave(&mut self, me: NodeKey) -> Result<(), ReplicaError> {
        match self.federation {
            None => return Ok(()),
            Some(held) if self.is_bound(me) => return Err(ReplicaError::OtherFederation { held }),
            Some(_) => {}
        }
        let mut batch = Batch::default();
        batch.put(Space::Meta, tables::META_LEAVING, []);
        batch.delete(Space::Meta, tables::META_FEDERATION);
        self.store.commit(batch)?;
        self.forget(None);
        self.next_mark = finish(&mut self.store)?.unwrap_or(self.next_mark);
        Ok(())
    }
}

/// Finishes leaving, when it was begun; then the version of the next mark is given.
pub(super) fn finish<S: Store>(store: &mut S) -> Result<Option<u64>, ReplicaError> {
    if store.get(Space::Meta, tables::META_LEAVING)?.is_none() {
        return Ok(None);
    }
    let mut next_mark = replica::read_number(store, tables::META_MARK)?.unwrap_or(0);
    for space in SPACES {
        loop {
            let rows = store.scan(space, b"", b"", PAGE)?;
            if rows.is_empty() {
                break;
            }
            let mut batch = Batch::default();
            match space {
                // What a view shows of these documents goes as well.
                Space::Documents => next_mark = replica::mark(&mut batch, &rows, next_mark),
                Space::Headers => discard(&mut batch, &rows),
                _ => {}
            }
            for (key, _) in rows {
                batch.delete(space, key);
            }
            store.commit(batch)?;
        }
    }
    let mut batch = Batch::default();
    batch.delete(Space::Meta, tables::META_LEAVING);
    store.commit(batch)?;
    Ok(Some(next_mark))
}

/// Payloads go with the key of their document. Those of statements in logs share one key, which an own log may need that
/// this replica does not hold; they say nothing but which logs there were, and the next log with that number replaces them.
fn discard(batch: &mut Batch, rows: &[Pair]) {
    let headers = rows.iter().filter_map(|(_, row)| tables::read_header(row).ok());
    let changes = headers.filter(|signed| signed.header().class == Class::Change);
    let documents: BTreeSet<DocumentId> = changes.map(|signed| signed.header().document).collect();
    documents.into_iter().for_each(|document| batch.discard(document));
}
