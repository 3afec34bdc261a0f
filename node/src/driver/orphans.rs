//! Own work that is held and counts for nobody: cut off by a proven fork, by the charter, or by an invalid entry before it,
//! or built on work that is.

use std::collections::{BTreeMap, BTreeSet};

use protocol::charter::Ended;
use protocol::document;
use protocol::id::{DocumentId, Gemeente, LogId, NodeKey};
use protocol::log::{Class, LogState, Payload, ReplicaError, Stored, Waiting};

use super::Core;

/// Why own work does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Two histories of its log are proven.
    Forked,
    /// The charter ended its key or its membership.
    Ended,
    /// Its member is on hold: it counts again when the next edition says so.
    OnHold,
    /// An entry before it, or it itself, breaks a rule.
    Refused,
    /// Its log waits for what stands in another log and counts for nobody: it never will either.
    Builds,
}

/// What does not count of one document in one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orphan {
    /// The document.
    pub document: DocumentId,
    /// The log.
    pub log: LogId,
    /// Who wrote it.
    pub node: NodeKey,
    /// The first entry.
    pub seq: u64,
    /// How many.
    pub entries: u64,
    /// The number of its kind.
    pub kind: u16,
    /// Why.
    pub cut: Cut,
    /// Whether the document was taken back.
    pub withdrawn: bool,
    /// Whether the document itself counts, and only changes of it do not.
    pub founded: bool,
}

impl Core {
    /// The orphaned work of a gemeente: of the logs of all its nodes, in order of log and position.
    ///
    /// # Errors
    /// [`ReplicaError`] when the store cannot be read.
    pub fn orphans(&self, gemeente: Gemeente) -> Result<Vec<Orphan>, ReplicaError> {
        let mut found = self.orphans_of_all()?;
        let roster = self.replica().roster();
        found.retain(|orphan| roster.gemeente_of(orphan.node) == Some(gemeente) || orphan.node == self.me());
        Ok(found)
    }

    /// The orphaned work of everybody.
    pub(super) fn orphans_of_all(&self) -> Result<Vec<Orphan>, ReplicaError> {
        let mut cuts: BTreeMap<LogId, Cut> = self
            .replica()
            .logs()
            .filter_map(|(log, state)| Some((log, self.cut_of(log, state)?)))
            .collect();
        self.follow(&mut cuts)?;
        let mut found = Vec::new();
        for (log, state) in self.replica().logs() {
            if let Some(cut) = cuts.get(&log) {
                self.orphans_of(log, state, *cut, &mut found)?;
            }
        }
        Ok(found)
    }

    /// Adds the logs that wait for what stands in these and counts for nobody, and those that wait for what stands in them.
    /// One that waits for what may still arrive is not among them.
    fn follow(&self, cuts: &mut BTreeMap<LogId, Cut>) -> Result<(), ReplicaError> {
        let builds = |state: &LogState| matches!(state.waiting, Some(Waiting::Document(_) | Waiting::Change(..)));
        let logs = self.replica().logs();
        let mut waiting: BTreeMap<LogId, Waiting> = logs
            .filter(|(log, state)| builds(state) && !cuts.contains_key(log))
            .filter_map(|(log, state)| Some((log, state.waiting?)))
            .collect();
        let mut news: Vec<(LogId, Cut)> = cuts.iter().map(|(log, cut)| (*log, *cut)).collect();
        while let (Some((log, cut)), false) = (news.pop(), waiting.is_empty()) {
            let lost = self.lost_in(log, &waiting.values().copied().collect())?;
            let cut = if cut == Cut::OnHold { cut } else { Cut::Builds };
            waiting.retain(|follower, on| {
                let follows = lost.contains(on);
                if follows {
                    cuts.insert(*follower, cut);
                    news.push((*follower, cut));
                }
                !follows
            });
        }
        Ok(())
    }

    /// What a log holds without effect of what others wait for: documents it founds, and changes. Only payloads of documents
    /// that somebody waits for are read, and of these none larger than one entry at a time.
    fn lost_in(&self, log: LogId, wanted: &BTreeSet<Waiting>) -> Result<BTreeSet<Waiting>, ReplicaError> {
        let (mut lost, replica) = (BTreeSet::new(), self.replica());
        let Some(state) = replica.log(log) else { return Ok(lost) };
        let changed: BTreeSet<DocumentId> = wanted.iter().filter_map(changed).collect();
        for seq in state.effective..state.held {
            let Some(signed) = replica.header(log, seq)? else {
                // This disk lost what comes next; once another node sent it again, it is looked at.
                break;
            };
            let header = signed.header();
            if header.class != Class::Change {
                continue;
            }
            if header.founded(state.gemeente) == header.document {
                lost.insert(Waiting::Document(header.document));
            }
            if changed.contains(&header.document)
                && let Stored::Whole(entry) = replica.stored(log, seq)?
                && let Payload::Held { bytes, .. } = &entry.payload
                && let Ok(checked) = document::validate(bytes)
            {
                lost.insert(Waiting::Change(header.document, checked.hash));
            }
        }
        Ok(lost.intersection(wanted).copied().collect())
    }

    /// Why a log counts no further than it does; nothing when it only waits, or counts whole.
    fn cut_of(&self, log: LogId, state: &LogState) -> Option<Cut> {
        let roster = self.replica().roster();
        if state.effective >= state.held {
            return None;
        }
        match roster.cut(state.node, log) {
            Some(_) if roster.fork(log).is_some_and(|fork| fork.seq <= state.effective) => Some(Cut::Forked),
            Some(cut) if cut <= state.effective => Some(match roster.ended(state.node) {
                Some(Ended::OnHold) => Cut::OnHold,
                _ => Cut::Ended,
            }),
            _ => state.cut.map(|_| Cut::Refused),
        }
    }

    fn orphans_of(&self, log: LogId, state: &LogState, cut: Cut, found: &mut Vec<Orphan>) -> Result<(), ReplicaError> {
        let replica = self.replica();
        let mut documents: BTreeMap<DocumentId, usize> = BTreeMap::new();
        for seq in state.effective..state.held {
            let Some(signed) = replica.header(log, seq)? else {
                continue;
            };
            let header = signed.header();
            if header.class != Class::Change {
                continue;
            }
            if let Some(at) = documents.get(&header.document) {
                found[*at].entries += 1;
                continue;
            }
            documents.insert(header.document, found.len());
            found.push(Orphan {
                document: header.document,
                log,
                node: state.node,
                seq,
                entries: 1,
                kind: header.kind,
                cut,
                withdrawn: replica.roster().erasures().withdrawn(header.document).is_some(),
                founded: replica.document(header.document)?.is_some(),
            });
        }
        Ok(())
    }
}

/// The document of which somebody waits for a change.
fn changed(on: &Waiting) -> Option<DocumentId> {
    match on {
        Waiting::Change(document, _) => Some(*document),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
