//! The changes of one document read together, and the map they add up to.
//!
//! A document is one flat map, so that what automerge makes of it can be said in a sentence: a key has the value of the
//! latest write that no operation replaces. That is computed here, from the columns; automerge is opened to write.
//!
//! **Invariant:** the outcome is a function of the set of changes, the same for every order that has dependencies first.
//! A change that does not fit the others makes the document an error, never a smaller document.

use std::collections::{BTreeMap, BTreeSet};

use super::DocumentError;
use super::chunk::{Actor, Chunk};
use super::encode::Entries;
use super::read::is_frozen;
use super::rows::{OpId, Visit, Written};
use super::validate::{Expected, examine, follows};
use crate::id::ChangeHash;

/// The last change of an actor so far.
#[derive(Debug, Clone, Copy)]
struct Last {
    seq: u64,
    hash: ChangeHash,
}

/// Where the next change of an actor goes on.
pub(super) struct Next {
    pub(super) seq: u64,
    pub(super) start_op: u64,
    /// Ascending.
    pub(super) dependencies: Vec<ChangeHash>,
}

/// Reads changes in order and gathers their operations.
#[derive(Default)]
pub(super) struct History<'a> {
    heads: BTreeSet<ChangeHash>,
    max_ops: BTreeMap<ChangeHash, u64>,
    actors: BTreeMap<&'a Actor, Last>,
    operations: Operations<'a>,
}

/// What is written, and what is replaced with the key it is said to be of. A delete is no more than what it replaces.
#[derive(Default)]
struct Operations<'a> {
    writes: BTreeMap<OpId<'a>, (&'a str, Written<'a>)>,
    replaced: BTreeSet<(OpId<'a>, &'a str)>,
}

impl<'a> Visit<'a> for Operations<'a> {
    fn write(&mut self, id: OpId<'a>, key: &'a str, value: Option<Written<'a>>) {
        if let Some(value) = value {
            self.writes.insert(id, (key, value));
        }
    }

    fn replace(&mut self, id: OpId<'a>, key: &'a str) {
        self.replaced.insert((id, key));
    }
}

impl<'a> History<'a> {
    /// Reads the changes of a document, dependencies first.
    pub(super) fn read(changes: &'a [Vec<u8>]) -> Result<Self, DocumentError> {
        let mut history = Self::default();
        for (at, payload) in changes.iter().enumerate() {
            history.add(at, payload)?;
        }
        if changes.is_empty() {
            return Err(DocumentError::Empty);
        }
        // Only now: a change may (though no honest one does) name an operation of one that is not a dependency.
        let Operations { writes, replaced } = &history.operations;
        let is_there = |(id, key): &(OpId<'a>, &str)| writes.get(id).is_some_and(|(written, _)| written == key);
        if replaced.iter().all(is_there) {
            Ok(history)
        } else {
            Err(DocumentError::ReplacesNothing)
        }
    }

    /// Number of changes.
    pub(super) fn len(&self) -> usize {
        self.max_ops.len()
    }

    fn add(&mut self, at: usize, payload: &'a [u8]) -> Result<(), DocumentError> {
        let refused = |source| DocumentError::Change { at, source };
        let (chunk, ops) = examine(payload, &mut self.operations).map_err(refused)?;
        if chunk.start_op == 1 && at > 0 {
            return Err(DocumentError::SecondRoot { at });
        }
        let expected = self.expected(at, &chunk)?;
        follows((chunk.actor, chunk.seq, chunk.start_op), &expected).map_err(refused)?;
        let (seq, hash) = (chunk.seq, chunk.hash);
        for dependency in chunk.dependencies() {
            self.heads.remove(&dependency);
        }
        self.heads.insert(hash);
        self.actors.insert(chunk.actor, Last { seq, hash });
        self.max_ops.insert(hash, chunk.start_op + ops - 1);
        Ok(())
    }

    /// What the next change must say, given those it depends on. It depends on the last one of its own actor, as every
    /// change does that automerge writes: otherwise two operations could have one name.
    fn expected(&self, at: usize, chunk: &Chunk<'a>) -> Result<Expected, DocumentError> {
        let mut max_op_of_deps = 0;
        for dependency in chunk.dependencies() {
            let max_op = self.max_ops.get(&dependency);
            max_op_of_deps = max_op_of_deps.max(*max_op.ok_or(DocumentError::MissingDependency { at, dependency })?);
        }
        let last = self.actors.get(chunk.actor);
        if last.is_some_and(|last| chunk.dependencies().all(|dependency| dependency != last.hash)) {
            return Err(DocumentError::Branched { at });
        }
        Ok(Expected {
            actor: *chunk.actor,
            seq: last.map_or(0, |last| last.seq) + 1,
            max_op_of_deps,
        })
    }

    /// The map as everybody sees it: in the order of operations, a later write takes the place of an earlier one;
    /// what an experiment froze nothing does.
    pub(super) fn entries(&self) -> Entries<'a> {
        let frozen = self.operations.writes.values();
        let frozen = frozen.filter(|(key, value)| is_frozen(key) && *value == Written::Flag(true));
        let standing = self.standing().map(|(_, key, value)| (key, value));
        let all = standing.chain(frozen.copied());
        all.map(|(key, value)| (key.into(), value.into())).collect()
    }

    /// The operations under each key that a next change of that key replaces: more than one after a conflict.
    pub(super) fn replaceable(&self) -> BTreeMap<&'a str, Vec<OpId<'a>>> {
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, key, _) in self.standing() {
            all.entry(key).or_default().push(id);
        }
        all
    }

    /// The writes that no operation replaces.
    fn standing(&self) -> impl Iterator<Item = (OpId<'a>, &'a str, Written<'a>)> {
        let Operations { writes, replaced } = &self.operations;
        let all = writes.iter().map(|(id, (key, value))| (*id, *key, *value));
        all.filter(|(id, key, _)| !replaced.contains(&(*id, *key)))
    }

    /// What the next change of an actor says: it joins all branches, and goes on from the last one of its actor even
    /// where others have already built on that.
    pub(super) fn next(&self, actor: &Actor) -> Next {
        let last = self.actors.get(actor);
        let own = last.map(|last| last.hash);
        let dependencies: BTreeSet<_> = self.heads.iter().copied().chain(own).collect();
        let max_op = dependencies.iter().filter_map(|hash| self.max_ops.get(hash)).max();
        Next {
            seq: last.map_or(0, |last| last.seq) + 1,
            start_op: max_op.map_or(0, |max_op| *max_op) + 1,
            dependencies: dependencies.into_iter().collect(),
        }
    }
}
