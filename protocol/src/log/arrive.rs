//! Entries arrive: a run passes the border, is kept, and counts as far as it can.

use std::collections::BTreeSet;

use super::ReplicaError;
use super::entry::Entry;
use super::fork::{self, ForkProof};
use super::header::SignedHeader;
use super::ingest::{Border, Run, Sound};
use super::pending::{Arrived, Pending};
use super::refusal::{Reason, Refusal};
use super::replica::Replica;
use super::state::LogState;
use super::tables::{self, Place};
use crate::id::LogId;
use crate::store::{Space, Store};

/// What became of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Entries that are new and held now, from the first new one on.
    pub accepted: u64,
    /// Entries that were held already.
    pub replayed: u64,
    /// Entries that were held and damaged, and are whole again.
    pub mended: u64,
    /// The first entry that was not taken, or that cuts its log.
    pub refused: Option<Refusal>,
    /// Proof that the log was forked, where this run shows it.
    pub fork: Option<Box<ForkProof>>,
}

impl Ingested {
    fn refusing(seq: u64, why: Reason) -> Self {
        Self {
            refused: Some(Refusal { seq, why }),
            ..Self::default()
        }
    }
}

impl<S: Store> Replica<S> {
    /// Takes a run of consecutive entries of one log, as far as they are valid. What was held already is skipped.
    ///
    /// # Errors
    /// Store errors, and then nothing changed. What is wrong with the run is no error but in [`Ingested::refused`].
    pub fn ingest(&mut self, log: LogId, entries: Vec<Entry>) -> Result<Ingested, ReplicaError> {
        let ingested = self.take_run(log, entries)?;
        self.refusals.add(Reason::Replay, ingested.replayed);
        Ok(ingested)
    }

    fn take_run(&mut self, log: LogId, mut entries: Vec<Entry>) -> Result<Ingested, ReplicaError> {
        let Some(first) = entries.first() else {
            return Ok(Ingested::default());
        };
        let seq = first.signed.header().seq;
        let damaged = self.first_damaged(log).is_some();
        let mended = self.mend_run(log, &entries)?;
        let (border, state) = match self.border(log, first)? {
            Ok(border) => border,
            Err(why) => return Ok(self.count(Ingested::refusing(seq, why))),
        };
        if seq > border.next {
            return Ok(self.count(Ingested::refusing(seq, Reason::Gap)));
        }
        let overlap = entries.len().min((border.next - seq) as usize);
        for (at, entry) in entries[..overlap].iter().enumerate() {
            if let Err(why) = border.check_log(entry.signed.header(), seq + at as u64) {
                return Ok(self.count(Ingested::refusing(seq + at as u64, why)));
            }
        }
        if let Some(at) = self.divergence(log, &entries[..overlap])? {
            return self.forked(&state, at as u64, &entries[at..]);
        }
        let run = border.admit(entries.split_off(overlap));
        let ingested = Ingested {
            accepted: run.sound.len() as u64,
            // What was asked for again is no replay.
            replayed: if damaged { 0 } else { overlap as u64 },
            mended,
            refused: run.refused,
            fork: None,
        };
        let ends = run.refused.filter(|_| run.ends);
        let cut = self.keep(log, state, run)?;
        if let Some(refusal) = ends {
            self.end_log(log, refusal);
        }
        let mut ingested = self.count(ingested);
        ingested.refused = ingested.refused.or(cut);
        Ok(ingested)
    }

    /// The border that a run has to pass, and the state of its log so far.
    fn border(&self, log: LogId, first: &Entry) -> Result<Result<(Border<'_>, LogState), Reason>, ReplicaError> {
        let header = first.signed.header();
        let federation = self.federation.ok_or(ReplicaError::NoFederation)?;
        if header.federation != federation {
            return Ok(Err(Reason::Federation));
        }
        let Some(gemeente) = self.roster.gemeente_of(header.node) else {
            return Ok(Err(Reason::UnknownNode));
        };
        if header.log() != log {
            return Ok(Err(Reason::Log));
        }
        let state = match self.log(log) {
            Some(state) => state.clone(),
            None => LogState::new(self.next_number()?, (header.node, gemeente), header.incarnation),
        };
        let border = Border {
            erasures: self.roster.erasures(),
            federation,
            gemeente,
            log,
            node: state.node,
            incarnation: state.incarnation,
            next: state.held,
            head: state.head,
        };
        Ok(Ok((border, state)))
    }

    /// Keeps what passed the border and lets it count; returns where that cut the log.
    fn keep(&mut self, log: LogId, mut state: LogState, run: Run) -> Result<Option<Refusal>, ReplicaError> {
        let Some(last) = run.sound.last() else {
            return Ok(None);
        };
        let first = state.held;
        let was_cut = state.cut.is_some();
        state.held += run.sound.len() as u64;
        state.head = last.entry.signed.hash();
        state.bytes += run
            .sound
            .iter()
            .map(|sound| sound.entry.signed.weight() as u64)
            .sum::<u64>();
        state.refused = None;
        let mut pending = self.pending(&self.roster);
        pending.keep_entries(state.number, &run.sound);
        pending.set_state(log, state);
        pending.arrived = Some(Arrived {
            log,
            first,
            sound: &run.sound,
        });
        pending.advance(BTreeSet::from([log]))?;
        let cut = pending.state(log).and_then(|state| state.cut);
        let outcome = pending.finish();
        self.apply(outcome)?;
        Ok(cut.filter(|_| !was_cut))
    }

    /// The first of these entries, all at positions that are held, that is not the one held.
    fn divergence(&self, log: LogId, entries: &[Entry]) -> Result<Option<usize>, ReplicaError> {
        let same = |entry: &Entry| -> Result<bool, ReplicaError> {
            let held = self.header(log, entry.signed.header().seq)?;
            // A header that is lost here proves nothing against anybody.
            Ok(held.is_none_or(|held| held.hash() == entry.signed.hash()))
        };
        for (at, entry) in entries.iter().enumerate() {
            if !same(entry)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// These entries, the first of which differs from the one held, show a fork if their node signed them.
    fn forked(&mut self, state: &LogState, replayed: u64, theirs: &[Entry]) -> Result<Ingested, ReplicaError> {
        let first = theirs[0].signed.header().seq;
        let ours = self.headers(state, first, fork::BRANCH_HEADERS_MAX)?;
        let theirs: Vec<_> = theirs.iter().map(|entry| entry.signed.clone()).collect();
        let proof = ForkProof::of(&ours, &theirs);
        let signed = fork::branch(&theirs).is_some();
        let why = if signed { Reason::Fork } else { Reason::Signature };
        Ok(self.count(Ingested {
            replayed,
            fork: proof.map(Box::new),
            ..Ingested::refusing(first, why)
        }))
    }

    /// The proof that these headers of a log, in order, and those held at their positions are two histories; nothing
    /// where they prove nothing.
    ///
    /// # Errors
    /// Store errors.
    pub fn fork_proof(&self, log: LogId, theirs: &[SignedHeader]) -> Result<Option<ForkProof>, ReplicaError> {
        let (Some(state), Some(first)) = (self.log(log), theirs.first()) else {
            return Ok(None);
        };
        let ours = self.headers(state, first.header().seq, fork::BRANCH_HEADERS_MAX)?;
        Ok(ForkProof::of(&ours, theirs))
    }

    fn count(&mut self, ingested: Ingested) -> Ingested {
        if let Some(refusal) = ingested.refused {
            self.refusals.add(refusal.why, 1);
        }
        ingested
    }
}

impl<S: Store> Pending<'_, S> {
    fn keep_entries(&mut self, number: u32, sound: &[Sound]) {
        let batch = &mut self.outcome.batch;
        batch.ops.reserve(sound.len() * 5);
        for Sound { entry, .. } in sound {
            let header = entry.signed.header();
            let key = Place {
                number,
                seq: header.seq,
            }
            .key();
            batch.put(Space::Headers, key, tables::header_row(&entry.signed));
            if let Some(row) = tables::payload_row(entry) {
                batch.put_sealed(header.document, key, row);
            }
        }
    }
}
