//! One batch in the making: what a call is about to change, over what is stored.
//!
//! Reads see the pending writes first. Nothing of the replica changes before the batch is committed, and a batch that
//! fails leaves no trace.

use std::collections::{BTreeMap, BTreeSet};

use super::ReplicaError;
use super::ingest::Sound;
use super::refusal::Refusals;
use super::state::{LogState, Waiting};
use super::tables::{self, ChangeRow, DocumentRow, Place, TipRow};
use crate::charter::Roster;
use crate::id::{ChangeHash, DocumentId, LogId};
use crate::store::{Batch, Space, Store};

/// Which logs wait for what.
pub(super) type Waits = BTreeMap<Waiting, BTreeSet<LogId>>;

/// Entries of one log that arrived with this call: they are read from here, not from the store.
pub(super) struct Arrived<'a> {
    pub(super) log: LogId,
    pub(super) first: u64,
    pub(super) sound: &'a [Sound],
}

/// What a call is about to change.
pub(super) struct Pending<'a, S> {
    pub(super) store: &'a S,
    pub(super) roster: &'a Roster,
    pub(super) arrived: Option<Arrived<'a>>,
    pub(super) outcome: Outcome,
    stored_logs: &'a BTreeMap<LogId, LogState>,
    stored_waits: &'a Waits,
    documents: BTreeMap<DocumentId, Option<DocumentRow>>,
    changes: BTreeMap<(Place, ChangeHash), Option<ChangeRow>>,
    tips: BTreeMap<(Place, u32), Option<TipRow>>,
    waits: Waits,
    marks: BTreeSet<DocumentId>,
}

/// The result: a batch for the store, and what changes in memory once it is committed.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) batch: Batch,
    pub(super) logs: BTreeMap<LogId, LogState>,
    pub(super) refusals: Refusals,
    pub(super) next_mark: u64,
}

impl<'a, S: Store> Pending<'a, S> {
    pub(super) fn new(
        store: &'a S,
        roster: &'a Roster,
        logs: &'a BTreeMap<LogId, LogState>,
        waits: &'a Waits,
        next_mark: u64,
    ) -> Self {
        Self {
            store,
            roster,
            arrived: None,
            outcome: Outcome {
                next_mark,
                ..Outcome::default()
            },
            stored_logs: logs,
            stored_waits: waits,
            documents: BTreeMap::new(),
            changes: BTreeMap::new(),
            tips: BTreeMap::new(),
            waits: Waits::new(),
            marks: BTreeSet::new(),
        }
    }

    /// The state of a log, with what is pending.
    pub(super) fn state(&self, log: LogId) -> Option<&LogState> {
        self.outcome.logs.get(&log).or_else(|| self.stored_logs.get(&log))
    }

    /// Every log that is stored.
    pub(super) fn stored_logs(&self) -> &'a BTreeMap<LogId, LogState> {
        self.stored_logs
    }

    pub(super) fn set_state(&mut self, log: LogId, state: LogState) {
        if let Some(on) = state.waiting {
            self.waits.entry(on).or_default().insert(log);
        }
        self.outcome.logs.insert(log, state);
    }

    /// The logs that wait for this, or waited when the call began: judging one again changes nothing.
    pub(super) fn wake(&self, on: Waiting, queue: &mut BTreeSet<LogId>) {
        for waits in [self.stored_waits, &self.waits] {
            queue.extend(waits.get(&on).into_iter().flatten());
        }
    }

    pub(super) fn document(&self, id: DocumentId) -> Result<Option<DocumentRow>, ReplicaError> {
        if let Some(row) = self.documents.get(&id) {
            return Ok(row.clone());
        }
        let row = self.store.get(Space::Documents, &id.0)?;
        Ok(row.map(|row| DocumentRow::decode(&row)).transpose()?)
    }

    pub(super) fn change(&self, document: Place, hash: &ChangeHash) -> Result<Option<ChangeRow>, ReplicaError> {
        if let Some(row) = self.changes.get(&(document, *hash)) {
            return Ok(row.clone());
        }
        let row = self.store.get(Space::Changes, &ChangeRow::key(document, hash))?;
        Ok(row.map(|row| ChangeRow::decode(&row)).transpose()?)
    }

    /// The last change that a log made to a document.
    pub(super) fn tip(&self, document: &DocumentRow, number: u32) -> Result<Option<TipRow>, ReplicaError> {
        let row = match self.tips.get(&(document.place, number)) {
            Some(row) => row.clone(),
            None => {
                let row = self.store.get(Space::Changes, &TipRow::key(document.place, number))?;
                row.map(|row| TipRow::decode(&row)).transpose()?
            }
        };
        let founding = TipRow {
            seq: 1,
            hash: document.hash,
        };
        Ok(row.or((document.place.number == number).then_some(founding)))
    }

    pub(super) fn put_document(&mut self, id: DocumentId, row: DocumentRow) {
        self.documents.insert(id, Some(row));
        self.marks.insert(id);
    }

    pub(super) fn put_change(&mut self, document: Place, hash: ChangeHash, row: ChangeRow) {
        self.changes.insert((document, hash), Some(row));
    }

    pub(super) fn put_tip(&mut self, document: Place, number: u32, row: TipRow) {
        self.tips.insert((document, number), Some(row));
    }

    /// The document is not there until its founding entry counts again.
    pub(super) fn clear_document(&mut self, id: DocumentId) -> Result<(), ReplicaError> {
        let Some(row) = self.document(id)? else {
            return Ok(());
        };
        let rows = |prefix: Vec<u8>| self.store.scan(Space::Changes, &prefix, &prefix, usize::MAX);
        let hashes = rows(ChangeRow::prefix(row.place))?;
        let numbers = rows(TipRow::prefix(row.place))?;
        for hash in hashes.iter().filter_map(|(key, _)| ChangeRow::hash_of(key)) {
            self.changes.insert((row.place, hash), None);
        }
        for number in numbers.iter().filter_map(|(key, _)| TipRow::number_of(key)) {
            self.tips.insert((row.place, number), None);
        }
        self.documents.insert(id, None);
        self.marks.insert(id);
        Ok(())
    }

    /// The view looks at this document again, whether it is here or not.
    pub(super) fn mark(&mut self, id: DocumentId) {
        self.marks.insert(id);
    }

    /// Everything that changed, as one batch.
    pub(super) fn finish(mut self) -> Outcome {
        let batch = &mut self.outcome.batch;
        for (id, row) in &self.documents {
            write(batch, Space::Documents, id.0, row.as_ref().map(DocumentRow::encode));
        }
        for ((document, hash), row) in &self.changes {
            let key = ChangeRow::key(*document, hash);
            write(batch, Space::Changes, key, row.as_ref().map(ChangeRow::encode));
        }
        for ((document, number), row) in &self.tips {
            let key = TipRow::key(*document, *number);
            write(batch, Space::Changes, key, row.as_ref().map(TipRow::encode));
        }
        for (log, state) in &self.outcome.logs {
            batch.put(Space::Logs, log.0, state.encode());
        }
        for document in &self.marks {
            batch.put(Space::Marks, self.outcome.next_mark.to_be_bytes(), document.0);
            self.outcome.next_mark += 1;
        }
        if !self.marks.is_empty() {
            batch.put(Space::Meta, tables::META_MARK, self.outcome.next_mark.to_be_bytes());
        }
        self.outcome
    }
}

fn write(batch: &mut Batch, space: Space, key: impl Into<Vec<u8>>, row: Option<Vec<u8>>) {
    match row {
        Some(row) => batch.put(space, key, row),
        None => batch.delete(space, key),
    }
}
