//! Reads entries and changes back from the store.

use super::damage::undamaged;
use super::entry::{Entry, PAYLOAD_BYTES_MAX, Payload};
use super::header::{Class, ENTRY_BYTES_AROUND, HEADER_BYTES_MAX, SignedHeader};
use super::replica::Replica;
use super::tables::{self, ChangeRow, DocumentRow, Place};
use super::{LogState, ReplicaError};
use crate::charter::Withdrawal;
use crate::id::{ChangeHash, DocumentId, Gemeente, LogId};
use crate::store::{Space, Store, StoreError};

/// Most changes a document may have to be read: more, and it counts as damaged by its own gemeente.
pub const CHANGES_MAX: u64 = 4096;
/// Most bytes the changes of a document may have together to be read.
pub const CHANGES_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Entries read from the store at a time.
const PAGE: usize = 256;

/// What is known of a document without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentInfo {
    /// The gemeente that may write it.
    pub owner: Gemeente,
    /// The kind of record, as a number: it may be newer than this program.
    pub kind: u16,
    /// Changes that count.
    pub changes: u64,
}

/// Whether a document of so many changes and bytes is opened.
pub(super) fn check_size(document: DocumentId, changes: u64, bytes: u64) -> Result<(), ReplicaError> {
    if changes > CHANGES_MAX {
        let found = changes;
        return Err(ReplicaError::TooManyChanges { document, found });
    }
    if bytes > CHANGES_BYTES_MAX {
        let found = bytes;
        return Err(ReplicaError::TooManyBytes { document, found });
    }
    Ok(())
}

pub(super) fn header<S: Store>(store: &S, place: Place) -> Result<Option<SignedHeader>, ReplicaError> {
    let row = store.get(Space::Headers, &place.key())?;
    Ok(row.map(|row| tables::read_header(&row)).transpose()?)
}

/// A payload; nothing when the disk lost it or changed it.
pub(super) fn payload<S: Store>(
    store: &S,
    document: DocumentId,
    place: Place,
) -> Result<Option<Payload>, ReplicaError> {
    let row = match store.get_sealed(document, &place.key()) {
        Err(StoreError::Damaged { .. }) => None,
        other => other?,
    };
    let Some(row) = row else {
        return Ok(None);
    };
    let (salt, bytes) = tables::read_payload(&row)?;
    let bytes = bytes.to_vec();
    Ok(Some(Payload::Held { salt, bytes }))
}

impl<S: Store> Replica<S> {
    /// Entries of a log from a position on, of together at most `bytes_max` bytes. The last of them has a valid
    /// signature, so that a receiver can check the run: behind such a one, [`SIGNED_EVERY_BYTES`] always hold the
    /// next. Where the next entry's payload is lost here, the run stops before it.
    ///
    /// [`SIGNED_EVERY_BYTES`]: super::SIGNED_EVERY_BYTES
    ///
    /// # Errors
    /// [`ReplicaError::Store`], [`ReplicaError::Header`].
    pub fn entries(&self, log: LogId, from: u64, bytes_max: usize) -> Result<Vec<Entry>, ReplicaError> {
        let Some(state) = self.log(log) else {
            return Ok(Vec::new());
        };
        let (mut entries, mut bytes, mut next) = (Vec::new(), 0, from);
        'pages: while next < state.held {
            let page = self.headers(state, next, PAGE)?;
            if page.is_empty() {
                self.note_damage(log, next);
                break;
            }
            for signed in page {
                let size = signed.weight();
                if !entries.is_empty() && bytes + size > bytes_max {
                    break 'pages;
                }
                let place = Place {
                    number: state.number,
                    seq: next,
                };
                let Some(payload) = self.payload_of(&signed, place)? else {
                    if !self.is_gone(signed.header().document)? {
                        self.note_damage(log, next);
                    }
                    break 'pages;
                };
                entries.push(Entry { signed, payload });
                (bytes, next) = (bytes + size, next + 1);
            }
        }
        while entries.last().is_some_and(|last: &Entry| last.signed.verify().is_err()) {
            entries.pop();
        }
        Ok(entries)
    }

    /// The payload of an entry, or that it is withdrawn; nothing when the disk lost it.
    fn payload_of(&self, signed: &SignedHeader, place: Place) -> Result<Option<Payload>, ReplicaError> {
        let document = signed.header().document;
        if self.roster.erasures().withdrawn(document).is_some() {
            return Ok(Some(Payload::Erased));
        }
        payload(&self.store, document, place)
    }

    /// Consecutive headers of a log, up to the first that is lost.
    pub(super) fn headers(&self, state: &LogState, from: u64, limit: usize) -> Result<Vec<SignedHeader>, ReplicaError> {
        let place = |seq| Place {
            number: state.number,
            seq,
        };
        let prefix = state.number.to_be_bytes();
        let rows = match self.store.scan(Space::Headers, &prefix, &place(from).key(), limit) {
            Err(StoreError::Damaged { .. }) => return self.headers_before_damage(state, from, limit),
            rows => rows?,
        };
        let mut headers = Vec::with_capacity(rows.len());
        for (at, (key, row)) in rows.into_iter().enumerate() {
            if tables::seq_of(&key) != Some(from + at as u64) {
                break;
            }
            headers.push(tables::read_header(&row)?);
        }
        Ok(headers)
    }

    /// The same one by one, where some of them cannot be read.
    fn headers_before_damage(
        &self,
        state: &LogState,
        from: u64,
        limit: usize,
    ) -> Result<Vec<SignedHeader>, ReplicaError> {
        let mut headers = Vec::new();
        for seq in (from..state.held).take(limit) {
            let number = state.number;
            match undamaged(header(&self.store, Place { number, seq }))? {
                Some(signed) => headers.push(signed),
                None => break,
            }
        }
        Ok(headers)
    }

    /// One signed header, if it is held and not lost.
    ///
    /// # Errors
    /// [`ReplicaError::Store`].
    pub fn header(&self, log: LogId, seq: u64) -> Result<Option<SignedHeader>, ReplicaError> {
        let Some(state) = self.log(log).filter(|state| seq < state.held) else {
            return Ok(None);
        };
        let number = state.number;
        let found = undamaged(header(&self.store, Place { number, seq }))?;
        if found.is_none() {
            self.note_damage(log, seq);
        }
        Ok(found)
    }

    /// What is known of a document whose founding entry counts.
    ///
    /// # Errors
    /// [`ReplicaError::Store`], [`ReplicaError::Row`].
    pub fn document(&self, id: DocumentId) -> Result<Option<DocumentInfo>, ReplicaError> {
        let row = self.document_row(id)?;
        Ok(row.map(|row| DocumentInfo {
            owner: row.owner,
            kind: row.kind,
            changes: row.changes,
        }))
    }

    /// The withdrawal that takes a document back: it names the place where the document was founded. Nothing when the
    /// document is not known, or withdrawn already, or its founding entry does not count: see [`Replica::withdrawal_at`].
    ///
    /// # Errors
    /// [`ReplicaError::Store`], [`ReplicaError::Row`], [`ReplicaError::Header`].
    pub fn withdrawal(&self, id: DocumentId) -> Result<Option<Withdrawal>, ReplicaError> {
        let Some(row) = self.document_row(id)? else {
            return Ok(None);
        };
        let signed = header(&self.store, row.place)?;
        Ok(signed.map(|signed| Withdrawal {
            number: self.roster.erasures().next_number(row.owner),
            log: signed.header().log(),
            seq: row.place.seq,
            kind: row.kind,
            owner: row.owner,
        }))
    }

    /// The withdrawal of the document that this entry founds, also when the entry is held and does not count. Nothing when it
    /// founds none, or its document is withdrawn already.
    ///
    /// # Errors
    /// [`ReplicaError::Store`].
    pub fn withdrawal_at(&self, log: LogId, seq: u64) -> Result<Option<Withdrawal>, ReplicaError> {
        let Some(signed) = self.header(log, seq)? else {
            return Ok(None);
        };
        let header = signed.header();
        let erasures = self.roster.erasures();
        let owner = self.roster.gemeente_of(header.node).filter(|owner| {
            header.class == Class::Change
                && header.founded(*owner) == header.document
                && erasures.withdrawn(header.document).is_none()
        });
        Ok(owner.map(|owner| Withdrawal {
            number: erasures.next_number(owner),
            log,
            seq,
            kind: header.kind,
            owner,
        }))
    }

    pub(super) fn document_row(&self, id: DocumentId) -> Result<Option<DocumentRow>, ReplicaError> {
        let row = self.store.get(Space::Documents, &id.0)?;
        Ok(row.map(|row| DocumentRow::decode(&row)).transpose()?)
    }

    /// The payloads of the changes of a document that count, each behind all it depends on, in the same order on
    /// every replica. Empty when the document is not known.
    ///
    /// # Errors
    /// [`ReplicaError::TooManyChanges`] above [`CHANGES_MAX`], [`ReplicaError::TooManyBytes`] above
    /// [`CHANGES_BYTES_MAX`]; [`ReplicaError::PayloadLost`]; store errors.
    pub fn changes(&self, id: DocumentId) -> Result<Vec<Vec<u8>>, ReplicaError> {
        let Some(row) = self.document_row(id)? else {
            return Ok(Vec::new());
        };
        check_size(id, row.changes, row.bytes)?;
        let mut places = vec![row.place];
        if row.changes > 1 {
            places.extend(self.later_changes(&row)?);
        }
        places.into_iter().map(|place| self.change_at(id, place)).collect()
    }

    /// Where the changes behind the founding one stand: by first operation, then by hash.
    fn later_changes(&self, row: &DocumentRow) -> Result<Vec<Place>, ReplicaError> {
        let prefix = ChangeRow::prefix(row.place);
        let rows = self
            .store
            .scan(Space::Changes, &prefix, &prefix, CHANGES_MAX as usize)?;
        let mut changes: Vec<(u64, ChangeHash, Place)> = Vec::with_capacity(rows.len());
        for (key, value) in rows {
            let change = ChangeRow::decode(&value)?;
            let hash = ChangeRow::hash_of(&key).unwrap_or(ChangeHash([0; 32]));
            changes.push((change.start_op, hash, change.place));
        }
        changes.sort_unstable();
        Ok(changes.into_iter().map(|(_, _, place)| place).collect())
    }

    pub(super) fn change_at(&self, document: DocumentId, place: Place) -> Result<Vec<u8>, ReplicaError> {
        match payload(&self.store, document, place)? {
            Some(Payload::Held { bytes, .. }) => Ok(bytes),
            _ => {
                if !self.is_gone(document)? {
                    self.note_damage_at(place);
                }
                Err(ReplicaError::PayloadLost { document })
            }
        }
    }
}

const _: () = assert!(PAYLOAD_BYTES_MAX + HEADER_BYTES_MAX + ENTRY_BYTES_AROUND < crate::store::VALUE_BYTES_MAX);
