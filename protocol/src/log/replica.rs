//! What one node holds of a federation: the root that routes, and the memory of it.
//!
//! Every change goes the same way: a [`Pending`] collects it, its batch is committed, and only then does anything in
//! memory change. A store that fails leaves the replica as it was.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::ReplicaError;
use super::damage::Noted;
use super::digest::Digests;
use super::leaving;
use super::pending::{Outcome, Pending, Waits};
use super::refusal::Refusals;
use super::state::LogState;
use super::tables;
use crate::charter::{Roster, Set, Statement};
use crate::id::{Digest, DocumentId, FederationId, Gemeente, LogId, NodeKey};
use crate::store::{Batch, Pair, Space, Store};

/// Rows read from the store at a time.
const PAGE: usize = 512;

/// Nobody's.
const NO_FEDERATION: FederationId = FederationId([0; 32]);

/// Documents that are marked in one batch.
const MARKED_TOGETHER: usize = 4_096;

/// What one node holds of a federation.
pub struct Replica<S> {
    pub(super) store: S,
    pub(super) federation: Option<FederationId>,
    pub(super) statements: Set,
    pub(super) roster: Roster,
    pub(super) refusals: Refusals,
    /// The log this process writes, once it opened one.
    pub(super) own: Option<LogId>,
    pub(super) logs: BTreeMap<LogId, LogState>,
    by_node: BTreeMap<NodeKey, BTreeSet<LogId>>,
    /// What the logs of each gemeente weigh.
    weights: BTreeMap<Gemeente, u64>,
    waits: Waits,
    digests: Digests,
    next_number: u32,
    pub(super) next_mark: u64,
    /// [`Replica::state`], until something changes.
    pub(super) known_state: Cell<Option<Digest>>,
    /// What this disk lost; noted while reading.
    pub(super) noted: RefCell<Noted>,
}

/// A document whose effective changes changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The document.
    pub document: DocumentId,
    /// Rises with every change.
    pub version: u64,
}

impl<S: Store> Replica<S> {
    /// Opens what the store holds, and finishes leaving a federation when a crash cut that short.
    ///
    /// # Errors
    /// [`ReplicaError::Format`] for a store of another version; store errors; rows that cannot be read.
    pub fn open(mut store: S) -> Result<Self, ReplicaError> {
        let federation = read_federation(&store)?;
        leaving::finish(&mut store)?;
        let statements = read_statements(&store, federation.unwrap_or(NO_FEDERATION))?;
        let roster = Roster::of(&statements);
        let next_mark = read_number(&store, tables::META_MARK)?.unwrap_or(0);
        let digests = Digests::of(statements.digest(), &roster, &BTreeMap::new(), &BTreeMap::new());
        let mut replica = Self {
            store,
            federation,
            statements,
            roster,
            refusals: Refusals::default(),
            own: None,
            logs: BTreeMap::new(),
            by_node: BTreeMap::new(),
            weights: BTreeMap::new(),
            waits: Waits::new(),
            digests,
            next_number: 0,
            next_mark,
            known_state: Cell::new(None),
            noted: RefCell::default(),
        };
        let states = read_logs(&replica.store)?;
        replica.learn(states);
        if federation.is_some() && read_number(&replica.store, tables::META_RULES)? != Some(tables::RULES) {
            replica.judge_anew()?;
        }
        replica.refresh_digests();
        Ok(replica)
    }

    /// Forgets everything in memory, as a replica of this federation that holds nothing.
    pub(super) fn forget(&mut self, federation: Option<FederationId>) {
        self.federation = federation;
        self.statements = Set::new(federation.unwrap_or(NO_FEDERATION));
        self.roster = Roster::of(&self.statements);
        (self.own, self.next_number) = (None, 0);
        (self.logs, self.by_node) = (BTreeMap::new(), BTreeMap::new());
        (self.weights, self.waits) = (BTreeMap::new(), Waits::new());
        self.noted = RefCell::default();
        self.refresh_digests();
    }

    /// The federation, once joined.
    #[must_use]
    pub fn federation(&self) -> Option<FederationId> {
        self.federation
    }

    /// Who belongs.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The statements held.
    #[must_use]
    pub fn statements(&self) -> &Set {
        &self.statements
    }

    /// All logs in order of id, with what is known of them.
    pub fn logs(&self) -> impl Iterator<Item = (LogId, &LogState)> {
        self.logs.iter().map(|(log, state)| (*log, state))
    }

    /// What is known of one log.
    #[must_use]
    pub fn log(&self, log: LogId) -> Option<&LogState> {
        self.logs.get(&log)
    }

    /// The logs of one node in order of id.
    pub fn logs_of(&self, node: NodeKey) -> impl Iterator<Item = (LogId, &LogState)> {
        let ids = self.by_node.get(&node).into_iter().flatten();
        ids.filter_map(|log| Some((*log, self.logs.get(log)?)))
    }

    /// What the logs of a gemeente take here, in bytes: of all nodes that ever spoke for it, also of those that no longer do.
    #[must_use]
    pub fn weight_of(&self, gemeente: Gemeente) -> u64 {
        self.weights.get(&gemeente).copied().unwrap_or(0)
    }

    /// The gemeenten of which logs are held, in order of code, with what they take.
    pub fn weights(&self) -> impl Iterator<Item = (Gemeente, u64)> {
        self.weights.iter().map(|(gemeente, weight)| (*gemeente, *weight))
    }

    /// The log this process writes, once it opened one.
    #[must_use]
    pub fn own_log(&self) -> Option<LogId> {
        self.own
    }

    /// Goes on with a log after a restart: what no node may do, and a fork comes of.
    #[cfg(test)]
    pub(crate) fn resume_log(&mut self, log: LogId) {
        self.own = Some(log);
    }

    /// The digest of everything held: equal digests, equal statements and logs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digests.whole()
    }

    /// The digest of what is held of one node's logs; zero when that is nothing.
    #[must_use]
    pub fn node_digest(&self, node: NodeKey) -> [u8; 32] {
        self.digests.node(node)
    }

    /// How often something was refused since this replica was opened, by reason.
    #[must_use]
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// Documents that changed since they were unmarked, oldest change first, from this version on. A document that
    /// changed again has a mark for each time.
    ///
    /// # Errors
    /// Store errors.
    pub fn marked(&self, from: u64, limit: usize) -> Result<Vec<Mark>, ReplicaError> {
        let rows = self.store.scan(Space::Marks, b"", &from.to_be_bytes(), limit)?;
        let marks = rows.iter().filter_map(|(key, row)| {
            Some(Mark {
                version: tables::version_of(key)?,
                document: tables::marked_document(row)?,
            })
        });
        Ok(marks.collect())
    }

    /// How many marks wait, without reading them: from the oldest one to the newest. Exact while marks are taken away
    /// oldest first, and never too few.
    ///
    /// # Errors
    /// Store errors.
    pub fn marks_waiting(&self) -> Result<u64, ReplicaError> {
        let oldest = self.marked(0, 1)?;
        Ok(oldest
            .first()
            .map_or(0, |mark| self.next_mark.saturating_sub(mark.version)))
    }

    /// Takes these marks away. A document that changed since keeps its newer mark.
    ///
    /// # Errors
    /// Store errors.
    pub fn unmark(&mut self, marks: &[Mark]) -> Result<(), ReplicaError> {
        let mut batch = Batch::default();
        for mark in marks {
            batch.delete(Space::Marks, mark.version.to_be_bytes());
        }
        Ok(self.store.commit(batch)?)
    }

    /// Marks every document, also those that were withdrawn, so that a view can be made anew.
    ///
    /// # Errors
    /// Store errors.
    pub fn mark_all(&mut self) -> Result<(), ReplicaError> {
        let withdrawn = self.roster.erasures().documents();
        let withdrawn: Vec<Pair> = withdrawn.map(|(id, _)| (id.0.to_vec(), Vec::new())).collect();
        for rows in withdrawn.chunks(MARKED_TOGETHER) {
            self.mark_rows(rows)?;
        }
        let mut from = Vec::new();
        loop {
            let rows = self.store.scan(Space::Documents, b"", &from, MARKED_TOGETHER)?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            from = [&last[..], &[0]].concat();
            self.mark_rows(&rows)?;
        }
    }

    fn mark_rows(&mut self, rows: &[Pair]) -> Result<(), ReplicaError> {
        let mut batch = Batch::default();
        let next_mark = mark(&mut batch, rows, self.next_mark);
        self.store.commit(batch)?;
        self.next_mark = next_mark;
        Ok(())
    }

    /// Returns when everything taken before survives a crash.
    ///
    /// # Errors
    /// Store errors.
    pub fn flush(&mut self) -> Result<(), ReplicaError> {
        Ok(self.store.flush()?)
    }

    /// The store below, for what other rooms keep in it.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// A batch in the making, under a roster that may be newer than the one in force.
    pub(super) fn pending<'a>(&'a self, roster: &'a Roster) -> Pending<'a, S> {
        Pending::new(&self.store, roster, &self.logs, &self.waits, self.next_mark)
    }

    /// The local number of the next log.
    pub(super) fn next_number(&self) -> Result<u32, ReplicaError> {
        match self.next_number {
            u32::MAX => Err(ReplicaError::TooManyLogs),
            number => Ok(number),
        }
    }

    /// Commits what was collected, and only then changes anything in memory.
    pub(super) fn apply(&mut self, outcome: Outcome) -> Result<(), ReplicaError> {
        let changed: BTreeSet<NodeKey> = outcome.logs.values().map(|state| state.node).collect();
        if !outcome.batch.is_empty() {
            self.store.commit(outcome.batch)?;
        }
        self.next_mark = outcome.next_mark;
        self.known_state.set(None);
        for (why, times) in outcome.refusals.iter() {
            self.refusals.add(why, times);
        }
        self.learn(outcome.logs);
        for node in changed {
            if let (Some(_), Some(ids)) = (self.roster.gemeente_of(node), self.by_node.get(&node)) {
                self.digests.update(node, &self.roster, ids, &self.logs);
            }
        }
        self.digests.refresh(self.statements.digest());
        Ok(())
    }

    /// Takes states of logs into memory.
    fn learn(&mut self, states: BTreeMap<LogId, LogState>) {
        for (log, state) in states {
            if let Some(on) = self.logs.get(&log).and_then(|state| state.waiting) {
                forget_wait(&mut self.waits, on, log);
            }
            if let Some(on) = state.waiting {
                self.waits.entry(on).or_default().insert(log);
            }
            if let Some(super::Waiting::Payload(document)) = state.waiting {
                // A store that cannot say so says so when it is read again.
                if !self.is_gone(document).unwrap_or(true) {
                    self.note_damage(log, state.effective);
                }
            }
            self.next_number = self.next_number.max(state.number.saturating_add(1));
            self.by_node.entry(state.node).or_default().insert(log);
            let before = self.logs.get(&log).map_or(0, LogState::weight);
            let weight = self.weights.entry(state.gemeente).or_default();
            *weight = (*weight - before).saturating_add(state.weight());
            self.logs.insert(log, state);
        }
    }

    /// Remembers that the next entry of a log is one that nobody takes.
    pub(super) fn end_log(&mut self, log: LogId, refusal: super::Refusal) {
        if let Some(state) = self.logs.get_mut(&log).filter(|state| state.held == refusal.seq) {
            state.refused = Some(refusal);
        }
    }

    /// An entry that nobody took may be about a document that is withdrawn by now: then it is taken without looking.
    pub(super) fn judge_ends_again(&mut self) {
        for state in self.logs.values_mut() {
            state.refused = None;
        }
    }

    pub(super) fn refresh_digests(&mut self) {
        self.known_state.set(None);
        self.digests = Digests::of(self.statements.digest(), &self.roster, &self.by_node, &self.logs);
    }
}

fn forget_wait(waits: &mut Waits, on: super::Waiting, log: LogId) {
    if let Some(logs) = waits.get_mut(&on) {
        logs.remove(&log);
        if logs.is_empty() {
            waits.remove(&on);
        }
    }
}

fn read_federation<S: Store>(store: &S) -> Result<Option<FederationId>, ReplicaError> {
    let format = read_number(store, tables::META_FORMAT)?;
    if let Some(found) = format.filter(|format| *format != tables::FORMAT) {
        return Err(ReplicaError::Format { found });
    }
    let row = store.get(Space::Meta, tables::META_FEDERATION)?;
    let federation = row.map(|row| row.try_into().map(FederationId));
    federation.transpose().map_err(|_| ReplicaError::Meta)
}

/// Marks the documents of these rows; returns the version of the next mark.
pub(super) fn mark(batch: &mut Batch, rows: &[Pair], next_mark: u64) -> u64 {
    for (version, (document, _)) in (next_mark..).zip(rows) {
        batch.put(Space::Marks, version.to_be_bytes(), document.as_slice());
    }
    let next_mark = next_mark + rows.len() as u64;
    batch.put(Space::Meta, tables::META_MARK, next_mark.to_be_bytes());
    next_mark
}

pub(super) fn read_number<S: Store>(store: &S, key: &[u8]) -> Result<Option<u64>, ReplicaError> {
    let row = store.get(Space::Meta, key)?;
    let number = row.map(|row| row.try_into().map(u64::from_be_bytes));
    number.transpose().map_err(|_| ReplicaError::Meta)
}

fn read_statements<S: Store>(store: &S, federation: FederationId) -> Result<Set, ReplicaError> {
    let mut statements = Vec::new();
    each_row(store, Space::Statements, |_, row| {
        statements.push(Statement::read(row)?);
        Ok(())
    })?;
    let mut set = Set::new(federation);
    set.extend(statements);
    Ok(set)
}

fn read_logs<S: Store>(store: &S) -> Result<BTreeMap<LogId, LogState>, ReplicaError> {
    let mut logs = BTreeMap::new();
    each_row(store, Space::Logs, |key, row| {
        let log = key.try_into().map(LogId).map_err(|_| ReplicaError::Meta)?;
        logs.insert(log, LogState::decode(row)?);
        Ok(())
    })?;
    Ok(logs)
}

/// Every row of a space, a page at a time.
fn each_row<S: Store>(
    store: &S,
    space: Space,
    mut take: impl FnMut(&[u8], &[u8]) -> Result<(), ReplicaError>,
) -> Result<(), ReplicaError> {
    let mut from = Vec::new();
    loop {
        let page = store.scan(space, b"", &from, PAGE)?;
        for (key, row) in &page {
            take(key, row)?;
        }
        match page.into_iter().next_back() {
            // The key behind this one: itself and a zero byte.
            Some((key, _)) => from = [&key[..], &[0]].concat(),
            None => return Ok(()),
        }
    }
}
