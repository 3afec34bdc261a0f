//! What this disk lost or changed: positions whose header or payload cannot be read back.
//!
//! Every value carries its own hash, so damage shows when a value is read: because somebody asks for it, or because
//! [`Replica::look_over`] comes by. What is noted here is asked of peers again, and [`Replica::mend`] puts it back. An
//! entry stays held and keeps counting meanwhile: what it is was settled when it came, and its hash is known.
//!
//! **Invariant:** noting damage changes nothing that another replica can see.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::ReplicaError;
use super::entry::Entry;
use super::header::SignedHeader;
use super::read;
use super::replica::Replica;
use super::tables::Place;
use crate::id::{DocumentId, LogId, NodeKey};
use crate::store::{Store, StoreError};

/// Most positions that are remembered; what is beyond is found again once these are mended.
const NOTED_MAX: usize = 65_536;

/// What was found damaged since the replica was opened, and what became of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Damage {
    /// Entries that were found.
    pub found: u64,
    /// Entries that a peer sent again.
    pub mended: u64,
    /// Entries that still wait for a peer.
    pub open: u64,
}

/// Positions that cannot be read back.
#[derive(Debug, Default)]
pub(super) struct Noted {
    by_log: BTreeMap<LogId, BTreeSet<u64>>,
    found: u64,
    mended: u64,
    open: u64,
}

impl Noted {
    fn note(&mut self, log: LogId, seq: u64) {
        if self.open < NOTED_MAX as u64 && self.by_log.entry(log).or_default().insert(seq) {
            (self.found, self.open) = (self.found + 1, self.open + 1);
        }
    }

    pub(super) fn mended(&mut self, log: LogId, seq: u64) {
        let Some(seqs) = self.by_log.get_mut(&log) else { return };
        if seqs.remove(&seq) {
            (self.mended, self.open) = (self.mended + 1, self.open - 1);
        }
        if seqs.is_empty() {
            self.by_log.remove(&log);
        }
    }
}

/// What stands at a position that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// The entry; its payload is erased where its document was forgotten.
    Whole(Entry),
    /// The header; the payload is lost, or is not what was signed.
    NoPayload(SignedHeader),
    /// Nothing that can be read.
    Nothing,
}

/// How far [`Replica::look_over`] has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    at: Option<(LogId, u64)>,
}

impl<S: Store> Replica<S> {
    /// What was found damaged, and what became of it.
    #[must_use]
    pub fn damage(&self) -> Damage {
        let noted = self.noted.borrow();
        let Noted {
            found, mended, open, ..
        } = *noted;
        Damage { found, mended, open }
    }

    /// The nodes of whose logs something is to be fetched again.
    #[must_use]
    pub fn damaged_nodes(&self) -> BTreeSet<NodeKey> {
        let noted = self.noted.borrow();
        let logs = noted.by_log.keys().filter_map(|log| self.log(*log));
        logs.map(|state| state.node).collect()
    }

    /// The first entry of a log that is to be fetched again.
    #[must_use]
    pub fn first_damaged(&self, log: LogId) -> Option<u64> {
        self.noted.borrow().by_log.get(&log)?.first().copied()
    }

    /// The entries of a log that are to be fetched again.
    pub(super) fn damaged_in(&self, log: LogId) -> BTreeSet<u64> {
        self.noted.borrow().by_log.get(&log).cloned().unwrap_or_default()
    }

    pub(super) fn note_damage(&self, log: LogId, seq: u64) {
        self.noted.borrow_mut().note(log, seq);
    }

    /// The same for a place, of which only the local number of the log is known.
    pub(super) fn note_damage_at(&self, place: Place) {
        let found = self.logs().find(|(_, state)| state.number == place.number);
        if let Some((log, _)) = found {
            self.note_damage(log, place.seq);
        }
    }

    /// Reads what stands at a position that is held, and notes it when it is damaged.
    ///
    /// # Errors
    /// Store errors other than damage.
    pub fn stored(&self, log: LogId, seq: u64) -> Result<Stored, ReplicaError> {
        let stored = self.read_stored(log, seq)?;
        if !matches!(stored, Stored::Whole(_)) {
            self.note_damage(log, seq);
        }
        Ok(stored)
    }

    fn read_stored(&self, log: LogId, seq: u64) -> Result<Stored, ReplicaError> {
        let Some(number) = self.log(log).map(|state| state.number) else {
            return Ok(Stored::Nothing);
        };
        let place = Place { number, seq };
        let Some(signed) = undamaged(read::header(&self.store, place))? else {
            return Ok(Stored::Nothing);
        };
        let header = signed.header();
        if self.is_gone(header.document)? {
            let payload = super::Payload::Erased;
            return Ok(Stored::Whole(Entry { signed, payload }));
        }
        let payload = read::payload(&self.store, header.document, place)?;
        let payload = payload.filter(|payload| payload.commitment() == Some(header.commitment));
        Ok(match payload {
            Some(payload) => Stored::Whole(Entry { signed, payload }),
            None => Stored::NoPayload(signed),
        })
    }

    /// Whether the payloads of a document are gone on purpose: that is no damage.
    pub(super) fn is_gone(&self, document: DocumentId) -> Result<bool, ReplicaError> {
        let withdrawn = self.roster.erasures().withdrawn(document).is_some();
        Ok(withdrawn || self.store.is_forgotten(document)?)
    }

    /// Reads the next so many entries, whatever log they are of, so that damage is found before it is asked for; after
    /// the last entry it begins anew.
    ///
    /// # Errors
    /// Store errors other than damage; the entry that gave them is passed over next time.
    pub fn look_over(&self, looked: &mut Looked, entries: usize) -> Result<(), ReplicaError> {
        let mut left = entries;
        while left > 0 {
            let from = looked.at.map_or(Bound::Unbounded, |(log, _)| Bound::Included(log));
            let Some((log, held)) = self.next_log(from) else {
                looked.at = None;
                return Ok(());
            };
            let seq = looked.at.filter(|(at, _)| *at == log).map_or(0, |(_, seq)| seq);
            if seq >= held {
                let Some((next, _)) = self.next_log(Bound::Excluded(log)) else {
                    looked.at = None;
                    return Ok(());
                };
                looked.at = Some((next, 0));
                continue;
            }
            looked.at = Some((log, seq + 1));
            self.stored(log, seq)?;
            left -= 1;
        }
        Ok(())
    }

    fn next_log(&self, from: Bound<LogId>) -> Option<(LogId, u64)> {
        let (log, state) = self.logs.range((from, Bound::Unbounded)).next()?;
        Some((*log, state.held))
    }
}

/// What was read; nothing when the disk changed it.
pub(super) fn undamaged<T>(read: Result<Option<T>, ReplicaError>) -> Result<Option<T>, ReplicaError> {
    match read {
        Err(ReplicaError::Store(StoreError::Damaged { .. }) | ReplicaError::Header(_)) => Ok(None),
        other => other,
    }
}
