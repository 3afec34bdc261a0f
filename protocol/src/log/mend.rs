//! What a disk lost comes back: the same entry again, from a peer or from the own log.
//!
//! **Invariant:** only the entry that was held is put back. Its hash is in the next header, or is the head of the log.

use std::collections::BTreeSet;

use super::ReplicaError;
use super::damage::undamaged;
use super::entry::Entry;
use super::read;
use super::replica::Replica;
use super::state::{LogState, Waiting};
use super::tables::{self, Place};
use crate::id::{HeaderHash, LogId};
use crate::store::{Space, Store};

impl<S: Store> Replica<S> {
    /// Puts back what this disk lost or damaged of an entry that is held; false when it is not one, or not whole, or its
    /// payload is withdrawn and its header is there.
    ///
    /// # Errors
    /// Store errors.
    pub fn mend(&mut self, entry: &Entry) -> Result<bool, ReplicaError> {
        let header = entry.signed.header();
        let (log, seq) = (header.log(), header.seq);
        let Some(state) = self.log(log).filter(|state| seq < state.held).cloned() else {
            return Ok(false);
        };
        let same = self.held_hash(&state, seq)? == Some(entry.signed.hash());
        let gone = self.is_gone(header.document)?;
        if gone && self.header(log, seq)?.is_some() {
            return Ok(false);
        }
        let committed = entry.payload.commitment() == Some(header.commitment);
        let row = tables::payload_row(entry).filter(|_| !gone);
        if !same || !(committed || gone) || entry.signed.verify().is_err() {
            return Ok(false);
        }
        let mut pending = self.pending(&self.roster);
        let key = Place {
            number: state.number,
            seq,
        }
        .key();
        let batch = &mut pending.outcome.batch;
        batch.put(Space::Headers, key, tables::header_row(&entry.signed));
        if let Some(row) = row {
            batch.put_sealed(header.document, key, row);
        }
        // Whoever could not read the document reads it again.
        if let Some(row) = pending.document(header.document)? {
            pending.put_document(header.document, row);
        }
        let outcome = pending.finish();
        self.apply(outcome)?;
        self.noted.get_mut().mended(log, seq);
        if state.waiting == Some(Waiting::Payload(header.document)) {
            let mut pending = self.pending(&self.roster);
            pending.advance(BTreeSet::from([log]))?;
            let outcome = pending.finish();
            self.apply(outcome)?;
        }
        Ok(true)
    }

    /// Mends what these entries of a log allow; returns how many are whole again. The last comes first: a header that is
    /// put back says what the header before it was.
    ///
    /// # Errors
    /// Store errors.
    pub fn mend_run(&mut self, log: LogId, entries: &[Entry]) -> Result<u64, ReplicaError> {
        let damaged = self.damaged_in(log);
        let mut mended = 0;
        for entry in entries.iter().rev() {
            if damaged.contains(&entry.signed.header().seq) {
                mended += u64::from(self.mend(entry)?);
            }
        }
        Ok(mended)
    }

    /// The hash of the header held at a position, also when that header itself is lost.
    fn held_hash(&self, state: &LogState, seq: u64) -> Result<Option<HeaderHash>, ReplicaError> {
        let read = |seq| {
            let number = state.number;
            undamaged(read::header(&self.store, Place { number, seq }))
        };
        if seq + 1 == state.held {
            return Ok(Some(state.head));
        }
        match read(seq)? {
            Some(signed) => Ok(Some(signed.hash())),
            None => Ok(read(seq + 1)?.map(|next| next.header().previous)),
        }
    }
}
