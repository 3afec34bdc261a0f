//! Which entries count.
//!
//! Every log has two heights: what is *held* and, never above it, what is *effective*. An entry counts when those
//! before it in its log count and what it builds on counts too: its document, and the changes it depends on, all of
//! one gemeente. If that is not here yet, the entry waits, and its log with it. If it turns out to break a rule, its
//! log is cut there.
//!
//! **Invariant:** whether an entry counts follows from the set of entries and statements, not from their order: a
//! verdict looks only at the entry and at what it builds on, which is fixed by hashes.

use std::collections::BTreeSet;

use super::ReplicaError;
use super::entry::Payload;
use super::header::{Class, SignedHeader};
use super::ingest::{Change, Deed};
use super::pending::Pending;
use super::read;
use super::refusal::{Reason, Refusal};
use super::state::{LogState, Waiting};
use super::tables::{ChangeRow, DocumentRow, Place, TipRow};
use crate::charter::{Roster, Withdrawn};
use crate::document::{self, Expected};
use crate::id::{ChangeHash, DocumentId, Gemeente, HeaderHash, LogId, NodeKey};
use crate::store::Store;

/// What the roster allows a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    /// The gemeente it speaks for; without one nothing counts.
    pub(super) gemeente: Option<Gemeente>,
    /// Entries that may count.
    pub(super) limit: u64,
    /// Whether changes may.
    pub(super) may_share: bool,
}

impl Allowance {
    pub(super) fn of(roster: &Roster, node: NodeKey, log: LogId) -> Self {
        let gemeente = roster.gemeente_of(node);
        let cut = roster.cut(node, log).unwrap_or(u64::MAX);
        Self {
            gemeente,
            limit: if gemeente.is_some() { cut } else { 0 },
            may_share: roster.may_share(node),
        }
    }
}

/// What an entry is, without its payload.
struct Judged<'a> {
    document: DocumentId,
    kind: u16,
    bytes: u64,
    hash: HeaderHash,
    deed: &'a Deed,
}

impl<'a> Judged<'a> {
    fn new(signed: &SignedHeader, deed: &'a Deed) -> Self {
        let header = signed.header();
        Self {
            document: header.document,
            kind: header.kind,
            bytes: u64::from(header.payload_len),
            hash: signed.hash(),
            deed,
        }
    }
}

/// Whether an entry counts.
enum Verdict {
    /// It counts, and so does what it changes.
    Counts,
    /// What it builds on does not count yet.
    Waits(Waiting),
    /// It breaks a rule: its log ends here.
    Cut(Reason),
}

impl<'a, S: Store> Pending<'a, S> {
    /// Lets these logs, and whatever then no longer waits, count as far as they can.
    pub(super) fn advance(&mut self, mut queue: BTreeSet<LogId>) -> Result<(), ReplicaError> {
        while let Some(log) = queue.pop_first() {
            self.advance_log(log, &mut queue)?;
        }
        Ok(())
    }

    fn advance_log(&mut self, log: LogId, queue: &mut BTreeSet<LogId>) -> Result<(), ReplicaError> {
        let Some(mut state) = self.state(log).cloned() else {
            return Ok(());
        };
        let allowed = Allowance::of(self.roster, state.node, log);
        let limit = allowed.limit.min(state.held);
        state.waiting = None;
        while state.cut.is_none() && state.waiting.is_none() && state.effective < limit {
            let arrived = self.arrived.as_ref().filter(|arrived| arrived.log == log);
            let at = arrived.and_then(|arrived| state.effective.checked_sub(arrived.first));
            let sound = match (arrived, at) {
                (Some(arrived), Some(at)) => arrived.sound.get(at as usize),
                _ => None,
            };
            match sound {
                Some(sound) => self.judge(
                    &mut state,
                    &allowed,
                    &Judged::new(&sound.entry.signed, &sound.deed),
                    queue,
                )?,
                None => match self.stored(&state, log, &allowed)? {
                    Ok((signed, deed)) => {
                        let entry = Judged::new(&signed, &deed);
                        self.judge(&mut state, &allowed, &entry, queue)?;
                    }
                    Err(verdict) => self.settle(&mut state, verdict, HeaderHash([0; 32])),
                },
            }
        }
        self.set_state(log, state);
        Ok(())
    }

    /// Judges the entry at the effective height and moves that height, or says why not.
    fn judge(
        &mut self,
        state: &mut LogState,
        allowed: &Allowance,
        entry: &Judged<'_>,
        queue: &mut BTreeSet<LogId>,
    ) -> Result<(), ReplicaError> {
        let place = Place {
            number: state.number,
            seq: state.effective,
        };
        let verdict = match (entry.deed, allowed.gemeente) {
            (Deed::States, _) => Verdict::Counts,
            (_, None) => Verdict::Cut(Reason::UnknownNode),
            (_, Some(_)) if !allowed.may_share => Verdict::Cut(Reason::ReadingMember),
            (Deed::Erased(withdrawn), Some(owner)) => of_withdrawn(self.roster, *withdrawn, owner, entry.kind),
            (Deed::Changes(change), Some(owner)) if change.founding => {
                self.found(place, owner, entry, change);
                self.wake(Waiting::Document(entry.document), queue);
                Verdict::Counts
            }
            (Deed::Changes(change), Some(owner)) => {
                let verdict = self.build(place, owner, entry, change)?;
                if matches!(verdict, Verdict::Counts) {
                    self.wake(Waiting::Change(entry.document, change.checked.hash), queue);
                }
                verdict
            }
        };
        self.settle(state, verdict, entry.hash);
        Ok(())
    }

    fn settle(&mut self, state: &mut LogState, verdict: Verdict, hash: HeaderHash) {
        match verdict {
            Verdict::Counts => {
                state.effective += 1;
                state.effective_head = hash;
            }
            Verdict::Waits(on) => state.waiting = Some(on),
            Verdict::Cut(why) => {
                state.cut = Some(Refusal {
                    seq: state.effective,
                    why,
                });
                self.outcome.refusals.add(why, 1);
            }
        }
    }

    /// The stored entry at the effective height, read again, or what follows from not being able to.
    fn stored(
        &self,
        state: &LogState,
        log: LogId,
        allowed: &Allowance,
    ) -> Result<Result<(SignedHeader, Deed), Verdict>, ReplicaError> {
        let place = Place {
            number: state.number,
            seq: state.effective,
        };
        let signed = read::header(self.store, place)?.ok_or(ReplicaError::Lost { log, seq: place.seq })?;
        let header = signed.header();
        if header.class == Class::Statement {
            return Ok(Ok((signed, Deed::States)));
        }
        if let Some(withdrawn) = self.roster.erasures().withdrawn(header.document) {
            return Ok(Ok((signed, Deed::Erased(withdrawn))));
        }
        let Some(Payload::Held { bytes, .. }) = read::payload(self.store, header.document, place)? else {
            return Ok(Err(Verdict::Waits(Waiting::Payload(header.document))));
        };
        // It passed the border once; a later version of this program may be stricter.
        let Ok(checked) = document::validate(&bytes) else {
            return Ok(Err(Verdict::Cut(Reason::Change)));
        };
        let founding = allowed
            .gemeente
            .is_some_and(|owner| header.founded(owner) == header.document);
        Ok(Ok((signed, Deed::Changes(Change { checked, founding }))))
    }

    /// The document is there from now on.
    fn found(&mut self, place: Place, owner: Gemeente, entry: &Judged<'_>, change: &Change) {
        let row = DocumentRow {
            place,
            owner,
            kind: entry.kind,
            changes: 1,
            bytes: entry.bytes,
            hash: change.checked.hash,
            max_op: change.checked.max_op,
        };
        self.put_document(entry.document, row);
    }

    /// The rules of a change to a document that is there: of this gemeente and kind, with all it depends on here, the
    /// next of its log, and building on that log's previous one.
    fn build(
        &mut self,
        place: Place,
        owner: Gemeente,
        entry: &Judged<'_>,
        change: &Change,
    ) -> Result<Verdict, ReplicaError> {
        let checked = &change.checked;
        let Some(mut row) = self.document(entry.document)? else {
            return Ok(Verdict::Waits(Waiting::Document(entry.document)));
        };
        if !self.roster.may_edit(owner, row.owner) {
            return Ok(Verdict::Cut(Reason::OtherGemeente));
        }
        if row.kind != entry.kind {
            return Ok(Verdict::Cut(Reason::Kind));
        }
        let max_op_of_deps = match self.max_op_of(&row, &checked.deps)? {
            Ok(max_op) => max_op,
            Err(missing) => return Ok(Verdict::Waits(Waiting::Change(entry.document, missing))),
        };
        let tip = self.tip(&row, place.number)?;
        if tip.as_ref().is_some_and(|tip| !checked.deps.contains(&tip.hash)) {
            return Ok(Verdict::Cut(Reason::History));
        }
        let expected = Expected {
            actor: checked.actor,
            seq: tip.map_or(1, |tip| tip.seq + 1),
            max_op_of_deps,
        };
        if document::matches(checked, &expected).is_err() {
            return Ok(Verdict::Cut(Reason::Change));
        }
        let counted = ChangeRow {
            place,
            start_op: checked.start_op,
            max_op: checked.max_op,
        };
        let tip = TipRow {
            seq: checked.seq,
            hash: checked.hash,
        };
        row.changes += 1;
        row.bytes += entry.bytes;
        self.put_change(row.place, checked.hash, counted);
        self.put_tip(row.place, place.number, tip);
        self.put_document(entry.document, row);
        Ok(Verdict::Counts)
    }

    /// The greatest operation among these changes of a document, or the first of them that does not count yet.
    fn max_op_of(&self, row: &DocumentRow, deps: &[ChangeHash]) -> Result<Result<u64, ChangeHash>, ReplicaError> {
        let mut greatest = 0;
        for hash in deps {
            let max_op = match *hash == row.hash {
                true => row.max_op,
                false => match self.change(row.place, hash)? {
                    Some(change) => change.max_op,
                    None => return Ok(Err(*hash)),
                },
            };
            greatest = greatest.max(max_op);
        }
        Ok(Ok(greatest))
    }
}

/// The rules of an entry about a withdrawn document, which needs nothing but its header: of this gemeente and kind.
fn of_withdrawn(roster: &Roster, withdrawn: Withdrawn, owner: Gemeente, kind: u16) -> Verdict {
    if !roster.may_edit(owner, withdrawn.owner) {
        return Verdict::Cut(Reason::OtherGemeente);
    }
    if withdrawn.kind != kind {
        return Verdict::Cut(Reason::Kind);
    }
    Verdict::Counts
}
