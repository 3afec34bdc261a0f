//! Statements arrive: the roster moves, and what counts moves with it.

use std::collections::BTreeSet;

use super::ReplicaError;
use super::effective::Allowance;
use super::header::Class;
use super::pending::{Outcome, Pending};
use super::read;
use super::refusal::Reason;
use super::replica::Replica;
use super::state::LogState;
use super::tables::{self, Place};
use crate::charter::{Roster, Set, SetError, Statement};
use crate::id::{DocumentId, Gemeente, LogId};
use crate::store::{Space, Store, StoreError};

impl<S: Store> Replica<S> {
    /// Adds statements; returns how many are new. The roster follows at once, and so does what counts.
    ///
    /// # Errors
    /// [`ReplicaError::NoFederation`] before joining; store errors, and then nothing changed.
    pub fn add_statements(&mut self, statements: Vec<Statement>) -> Result<usize, ReplicaError> {
        self.federation.ok_or(ReplicaError::NoFederation)?;
        let mut set = self.statements.clone();
        let (new, refused) = set.extend(statements);
        for (_, error) in refused {
            match error {
                SetError::Federation => self.refusals.add(Reason::StatementFederation, 1),
                SetError::Author => self.refusals.add(Reason::StatementAuthor, 1),
                SetError::Superseded => {}
            }
        }
        if new == 0 {
            return Ok(0);
        }
        let roster = Roster::of(&set);
        let mut pending = self.pending(&roster);
        pending.keep_statements(&self.statements, &set);
        let freed = pending.erase(&self.roster)?;
        pending.follow(&self.roster, freed)?;
        let outcome = pending.finish();
        let before = (
            std::mem::replace(&mut self.statements, set),
            std::mem::replace(&mut self.roster, roster),
        );
        if let Err(error) = self.apply(outcome) {
            (self.statements, self.roster) = before;
            return Err(error);
        }
        self.judge_ends_again();
        self.refresh_digests();
        Ok(new)
    }
}

impl<S: Store> Replica<S> {
    /// Judges again what another version of this program left standing: logs that it cut or let wait, what statements that it did
    /// not understand withdraw or allow, and what they no longer allow. What counts already and still may is left as it is.
    ///
    /// # Errors
    /// Store errors, and then nothing changed. What this disk lost of the entries is no error: it is tried again at the next
    /// start, when another node may have sent it.
    pub(super) fn judge_anew(&mut self) -> Result<(), ReplicaError> {
        match self.judged_anew() {
            Ok(outcome) => self.apply(outcome),
            Err(ReplicaError::Lost { .. } | ReplicaError::Store(StoreError::Damaged { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn judged_anew(&self) -> Result<Outcome, ReplicaError> {
        let nobody = Roster::of(&Set::new(self.roster.federation()));
        let mut pending = self.pending(&self.roster);
        let mut moved = pending.erase(&nobody)?;
        let mut again: BTreeSet<Gemeente> = BTreeSet::new();
        for (log, stored) in pending.stored_logs() {
            let allowed = Allowance::of(&self.roster, stored.node, *log);
            if stored.effective > allowed.limit {
                again.extend(allowed.gemeente.into_iter().chain([stored.gemeente]));
            }
            if stored.effective < stored.held {
                let mut state = stored.clone();
                (state.cut, state.waiting) = (None, None);
                pending.set_state(*log, state);
                moved.insert(*log);
            }
        }
        let again = again.iter().flat_map(|gemeente| self.roster.kin(*gemeente)).collect();
        moved.extend(pending.rewind(&self.roster, &again)?);
        pending.advance(moved)?;
        let mut outcome = pending.finish();
        outcome
            .batch
            .put(Space::Meta, tables::META_RULES, tables::RULES.to_be_bytes());
        Ok(outcome)
    }
}

impl<S: Store> Pending<'_, S> {
    /// Stores what the new set has more, and removes what it has no longer.
    fn keep_statements(&mut self, before: &Set, after: &Set) {
        let batch = &mut self.outcome.batch;
        for gone in before.ids().filter(|id| after.get(*id).is_none()) {
            batch.delete(Space::Statements, gone.0);
        }
        for new in after.iter().filter(|new| before.get(new.id()).is_none()) {
            batch.put(Space::Statements, new.id().0, new.bytes());
        }
    }

    /// Destroys what is newly withdrawn: keys, payloads and rows. Returns the logs that stood still at it, which go on.
    fn erase(&mut self, before: &Roster) -> Result<BTreeSet<LogId>, ReplicaError> {
        let mut gone = BTreeSet::new();
        for (document, _) in self.roster.erasures().documents() {
            if before.erasures().withdrawn(document).is_none() {
                self.outcome.batch.forget(document);
                self.clear_document(document)?;
                self.mark(document);
                gone.insert(document);
            }
        }
        if gone.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut freed = BTreeSet::new();
        for (log, state) in self.stored_logs() {
            if self.stands_at(state)?.is_some_and(|document| gone.contains(&document)) {
                let mut state = state.clone();
                (state.cut, state.waiting) = (None, None);
                self.set_state(*log, state);
                freed.insert(*log);
            }
        }
        Ok(freed)
    }

    /// The document of the entry at which a log stands still, cut or waiting.
    fn stands_at(&self, state: &LogState) -> Result<Option<DocumentId>, ReplicaError> {
        if state.cut.is_none() && state.waiting.is_none() {
            return Ok(None);
        }
        let (number, seq) = (state.number, state.effective);
        let signed = read::header(self.store, Place { number, seq })?;
        Ok(signed.map(|signed| signed.header().document))
    }

    /// Lets logs count as far as the new roster allows. Where it allows less than counted before, everything of that
    /// gemeente is judged again from the first entry: rare, and then simple beats fast.
    fn follow(&mut self, before: &Roster, mut moved: BTreeSet<LogId>) -> Result<(), ReplicaError> {
        let mut again: BTreeSet<Gemeente> = BTreeSet::new();
        for (log, state) in self.stored_logs() {
            let (was, is) = (
                Allowance::of(before, state.node, *log),
                Allowance::of(self.roster, state.node, *log),
            );
            if was == is {
                continue;
            }
            moved.insert(*log);
            let otherwise = was.gemeente != is.gemeente || was.may_share != is.may_share;
            if otherwise || state.effective > is.limit {
                again.extend([was.gemeente, is.gemeente].into_iter().flatten());
            }
        }
        again.extend(self.rejoined(before));
        let kin = |gemeente: &Gemeente| [before, self.roster].map(|roster| roster.kin(*gemeente));
        let again = again.iter().flat_map(kin).flatten().collect();
        moved.extend(self.rewind(before, &again)?);
        self.advance(moved)
    }

    /// Gemeenten that may change other documents than before, because one became part of another.
    fn rejoined(&self, before: &Roster) -> BTreeSet<Gemeente> {
        let merges = before.merges().chain(self.roster.merges());
        let named = merges.flat_map(|merge| [merge.from, merge.to]);
        named
            .filter(|gemeente| before.kin(*gemeente) != self.roster.kin(*gemeente))
            .collect()
    }

    /// Takes back everything that counted of these gemeenten; returns their logs.
    fn rewind(&mut self, before: &Roster, gemeenten: &BTreeSet<Gemeente>) -> Result<Vec<LogId>, ReplicaError> {
        let mut rewound = Vec::new();
        for (log, state) in self.stored_logs() {
            let spoken = [before, self.roster].map(|roster| roster.gemeente_of(state.node));
            if !spoken.iter().flatten().any(|gemeente| gemeenten.contains(gemeente)) {
                continue;
            }
            for seq in 0..state.effective {
                let number = state.number;
                let signed = read::header(self.store, Place { number, seq })?;
                let signed = signed.ok_or(ReplicaError::Lost { log: *log, seq })?;
                if signed.header().class == Class::Change {
                    self.clear_document(signed.header().document)?;
                }
            }
            let mut state = state.clone();
            state.rewind();
            self.set_state(*log, state);
            rewound.push(*log);
        }
        Ok(rewound)
    }
}
