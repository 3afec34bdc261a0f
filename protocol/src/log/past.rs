//! A state that was: what counted when every log counted no further than it did then.
//!
//! What counts of a log is a beginning of it, so an earlier state is the changes below the earlier heights. It can be read again as
//! long as the logs still have those beginnings and they still count; what was withdrawn since is gone.
//!
//! **Invariant:** what is read of a past state is what counted in it or less, never more and never other.

use std::collections::BTreeMap;

use super::ReplicaError;
use super::header::Class;
use super::read::{self, CHANGES_MAX, check_size};
use super::replica::Replica;
use super::tables::{ChangeRow, DocumentRow, Place};
use crate::id::{ChangeHash, DocumentId, HeaderHash, LogId};
use crate::store::{Space, Store};

/// Rows of changes that are read at a time.
const PAGE: usize = CHANGES_MAX as usize;

/// How far each log counted, by the local number of the log.
#[derive(Debug, Clone)]
pub struct Past(BTreeMap<u32, u64>);

/// Why a past state cannot be read here.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    /// Not all of it arrived here yet.
    #[error("of log {log} {held} entries count here, and {wanted} did then")]
    Behind {
        /// The log.
        log: LogId,
        /// Entries that count here.
        held: u64,
        /// Entries that counted then.
        wanted: u64,
    },
    /// What counted then does not count any more: the log was cut since, or forked.
    #[error("of log {log} {wanted} entries counted then, and {counts} still do")]
    Cut {
        /// The log.
        log: LogId,
        /// Entries that still count.
        counts: u64,
        /// Entries that counted then.
        wanted: u64,
    },
    /// The log has another history here.
    #[error("the head of log {log} was another than entry {seq} is here")]
    Other {
        /// The log.
        log: LogId,
        /// Position of the entry.
        seq: u64,
    },
    /// The store.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

impl Past {
    fn holds(&self, place: Place) -> bool {
        self.0.get(&place.number).is_some_and(|height| place.seq < *height)
    }
}

impl<S: Store> Replica<S> {
    /// The state in which these logs counted so far, with these heads.
    ///
    /// # Errors
    /// [`PastError`], of the first log that it holds for.
    pub fn past(&self, heights: impl Iterator<Item = (LogId, u64, HeaderHash)>) -> Result<Past, PastError> {
        let mut past = BTreeMap::new();
        for (log, wanted, head) in heights {
            let Some(state) = self.log(log) else {
                return Err(PastError::Behind { log, held: 0, wanted });
            };
            if state.effective < wanted {
                let counts = state.effective;
                return Err(match state.held >= wanted && state.waiting.is_none() {
                    true => PastError::Cut { log, counts, wanted },
                    false => PastError::Behind {
                        log,
                        held: counts,
                        wanted,
                    },
                });
            }
            let Some(seq) = wanted.checked_sub(1) else { continue };
            if self.header(log, seq)?.is_none_or(|signed| signed.hash() != head) {
                return Err(PastError::Other { log, seq });
            }
            past.insert(state.number, wanted);
        }
        Ok(Past(past))
    }

    /// The documents that entries of a log founded, from a position on and of so many entries at most, and the position behind
    /// these; without one there are no more.
    ///
    /// # Errors
    /// [`ReplicaError`].
    pub fn founded(
        &self,
        past: &Past,
        log: LogId,
        from: u64,
        entries_max: usize,
    ) -> Result<(Vec<DocumentId>, Option<u64>), ReplicaError> {
        let Some((state, height)) = self
            .log(log)
            .and_then(|state| Some((state, *past.0.get(&state.number)?)))
        else {
            return Ok((Vec::new(), None));
        };
        let left = usize::try_from(height.saturating_sub(from)).unwrap_or(usize::MAX);
        let headers = self.headers(state, from, left.min(entries_max))?;
        let next = from + headers.len() as u64;
        if headers.is_empty() && next < height {
            self.note_damage(log, next);
            return Err(ReplicaError::Lost { log, seq: next });
        }
        let founding = headers
            .iter()
            .map(|signed| signed.header())
            .filter(|header| header.class == Class::Change && header.founded(state.gemeente) == header.document);
        let documents = founding.map(|header| header.document).collect();
        Ok((documents, Some(next).filter(|next| *next < height)))
    }

    /// The payloads of the changes of a document that counted in a past state, in the order of [`Replica::changes`]. Empty when
    /// the document is not known, or was withdrawn since.
    ///
    /// # Errors
    /// As [`Replica::changes`], of what there was then.
    pub fn changes_in(&self, past: &Past, id: DocumentId) -> Result<Vec<Vec<u8>>, ReplicaError> {
        let Some(row) = self.document_row(id)?.filter(|row| past.holds(row.place)) else {
            return Ok(Vec::new());
        };
        let mut places = vec![row.place];
        if row.changes > 1 {
            places.extend(self.later_changes_in(past, id, &row)?);
        }
        let mut bytes = 0;
        for place in &places {
            let signed = read::header(&self.store, *place)?;
            bytes += signed.map_or(0, |signed| u64::from(signed.header().payload_len));
        }
        check_size(id, places.len() as u64, bytes)?;
        places.into_iter().map(|place| self.change_at(id, place)).collect()
    }

    /// Where the changes behind the founding one stand that counted then, by first operation and then by hash.
    fn later_changes_in(&self, past: &Past, id: DocumentId, row: &DocumentRow) -> Result<Vec<Place>, ReplicaError> {
        let prefix = ChangeRow::prefix(row.place);
        let mut changes: Vec<(u64, ChangeHash, Place)> = Vec::new();
        let mut from = prefix.clone();
        loop {
            let rows = self.store.scan(Space::Changes, &prefix, &from, PAGE)?;
            for (key, value) in &rows {
                let change = ChangeRow::decode(value)?;
                let hash = ChangeRow::hash_of(key).unwrap_or(ChangeHash([0; 32]));
                if past.holds(change.place) {
                    changes.push((change.start_op, hash, change.place));
                }
            }
            check_size(id, changes.len() as u64 + 1, 0)?;
            match rows.into_iter().next_back().filter(|_| changes.len() < PAGE) {
                Some((last, _)) if from != last => from = [&last[..], &[0]].concat(),
                _ => break,
            }
        }
        changes.sort_unstable();
        Ok(changes.into_iter().map(|(_, _, place)| place).collect())
    }
}
