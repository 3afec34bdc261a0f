//! What comes in: statements and entries are read here, handed to the replica, and judged.
//!
//! A log whose continuation was refused is remembered, so that it is not pulled again and again. The replica keeps a
//! verdict that the log itself earned (for everybody); here stands what one peer sent and another may send better.
//!
//! **Invariant:** entries reach the replica only for node keys that were asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::FrameError;
use super::limits::CHUNK_BYTES_MAX;
use super::ration::Rations;
use super::run::Run;
use crate::charter::{Statement, StatementError};
use crate::id::{LogId, NodeKey};
use crate::log::{Entry, ForkProof, HeaderError, LogState, Reason, Replica, ReplicaError};
use crate::store::Store;

/// Most refused logs that are remembered; the ones that end soonest make room.
const REFUSED_MAX: usize = 4096;

/// What no correct node does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Offence {
    /// Bytes that are no message.
    #[error("it sent what is not a message: {0}")]
    Frame(#[from] FrameError),
    /// An answer to another question.
    #[error("it answered what was not asked")]
    NotAsked,
    /// A comparison with another number of node keys than both sides hold.
    #[error("its comparison has another number of node keys than its statements say")]
    WrongParts,
    /// A statement whose signature is not its author's.
    #[error("it sent a statement with a false signature")]
    Statement,
    /// An entry whose header does not have the form of one.
    #[error("it sent an entry that is none: {0}")]
    Entry(#[source] HeaderError),
    /// Entries that their author did not write so.
    #[error("it sent entries of log {log} that its author did not write so: {why}")]
    Forged {
        /// The log they claim to be of.
        log: LogId,
        /// What was wrong.
        why: Reason,
    },
}

/// What came in and what was wrong with it, since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// Statements that were new.
    pub statements: u64,
    /// Statements of a form not known here.
    pub statements_unread: u64,
    /// Entries that were new.
    pub entries: u64,
    /// Entries that this disk had lost and that came again.
    pub mended: u64,
    /// Runs that ended in a refusal.
    pub refused: u64,
    /// Runs that ended at a header of a class not known here.
    pub unread: u64,
    /// Runs that were left because their gemeente fills all it may.
    pub full: u64,
    /// Times a peer reported that its chain of a log is not ours.
    pub forks: u64,
    /// Conversations that ended equal.
    pub equal: u64,
    /// Conversations that ended with nothing more to get.
    pub exhausted: u64,
    /// Conversations that timed out or failed.
    pub failed: u64,
    /// Inputs from peers that do not belong.
    pub ignored: u64,
    /// Offences, see [`Offence`].
    pub offences: u64,
    /// Requests answered with a request for pause.
    pub busy: u64,
    /// Requests sent.
    pub requests: u64,
    /// Bytes of requests and answers sent.
    pub bytes_sent: u64,
    /// Bytes of requests and answers received.
    pub bytes_received: u64,
}

/// What the replica took in while one input was handled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Applied {
    /// Logs that grew.
    pub logs: BTreeSet<LogId>,
    /// Entries that were new, or were lost here.
    pub entries: u64,
    /// Statements that were new.
    pub statements: u64,
    /// Forks that turned out.
    pub forks: Vec<ForkProof>,
}

/// What a message of entries brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Took {
    /// Entries that were new, or were lost here.
    pub new: u64,
    /// Runs that ended in a refusal.
    pub refused: u64,
}

/// Logs that a peer offered and that were refused, until when.
#[derive(Debug, Clone, Default)]
pub(super) struct Refused {
    until_ms: BTreeMap<(NodeKey, LogId), (NodeKey, u64)>,
}

impl Refused {
    /// Forgets everything: statements changed, so verdicts may too.
    pub(super) fn clear(&mut self) {
        self.until_ms.clear();
    }

    fn insert(&mut self, peer: NodeKey, log: LogId, writer: NodeKey, until_ms: u64) {
        if self.until_ms.len() >= REFUSED_MAX {
            let soonest = self.until_ms.iter().min_by_key(|(_, (_, until))| *until);
            if let Some(key) = soonest.map(|(key, _)| *key) {
                self.until_ms.remove(&key);
            }
        }
        self.until_ms.insert((peer, log), (writer, until_ms));
    }
}

/// How much each gemeente may fill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// This node itself: it writes what it must, and takes all of it back.
    pub me: NodeKey,
    /// Bytes for each.
    pub bytes_max: u64,
}

impl Room {
    /// Whether the gemeente of a node fills all it may: another answer might not fit.
    pub(super) fn is_full<S: Store>(self, replica: &Replica<S>, node: NodeKey) -> bool {
        let gemeente = replica.roster().gemeente_of(node).filter(|_| node != self.me);
        gemeente.is_some_and(|gemeente| self.is_filled(replica.weight_of(gemeente)))
    }

    /// Whether so many bytes leave no place for another answer.
    pub(super) fn is_filled(self, bytes: u64) -> bool {
        bytes.saturating_add(CHUNK_BYTES_MAX as u64) > self.bytes_max
    }
}

/// Takes in what one peer sent.
pub(super) struct Arrival<'a> {
    pub peer: NodeKey,
    pub now_ms: u64,
    /// How long a refused log is left alone.
    pub refused_ms: u64,
    pub room: Room,
    pub refused: &'a mut Refused,
    pub rations: &'a mut Rations,
    pub counters: &'a mut Counters,
    pub applied: Applied,
    pub offence: Option<Offence>,
}

impl Arrival<'_> {
    /// What the peer did wrong in what was just taken in.
    pub(super) fn offence(&mut self) -> Option<Offence> {
        self.offence.take()
    }

    /// Counts forks that the peer reports.
    pub(super) fn forks(&mut self, forks: &[u32]) {
        self.counters.forks += forks.len() as u64;
    }

    /// Whether no more of a log is wanted from this peer.
    pub(super) fn is_refused(&self, log: LogId, state: &LogState) -> bool {
        state.refused.is_some() || self.is_left_alone(log)
    }

    /// Whether this peer offered what was refused of a log, not long ago.
    pub(super) fn is_left_alone(&self, log: LogId) -> bool {
        let until = self.refused.until_ms.get(&(self.peer, log));
        until.is_some_and(|(_, until)| *until > self.now_ms)
    }

    /// Logs of a writer that this peer offered and that are left alone for now.
    pub(super) fn refused_of(&self, writer: NodeKey) -> impl Iterator<Item = LogId> {
        let (from, to) = ((self.peer, LogId([0; 32])), (self.peer, LogId([0xff; 32])));
        let all = self.refused.until_ms.range(from..=to);
        all.filter(move |(_, (of, until))| *of == writer && *until > self.now_ms)
            .map(|((_, log), _)| *log)
    }

    /// Takes in statements; returns how many are new.
    pub(super) fn statements<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        sent: &[Vec<u8>],
    ) -> Result<u64, ReplicaError> {
        let mut read = Vec::with_capacity(sent.len());
        for bytes in sent {
            match Statement::read(bytes) {
                Ok(statement) => read.push(statement),
                Err(StatementError::Signature) => self.offence = Some(Offence::Statement),
                // A later version may write statements that this one cannot read.
                Err(StatementError::Form(_) | StatementError::Content(_)) => self.counters.statements_unread += 1,
            }
        }
        let new = replica.add_statements(read)? as u64;
        if new > 0 {
            self.refused.clear();
        }
        self.counters.statements += new;
        self.applied.statements += new;
        Ok(new)
    }

    /// Takes in runs of entries.
    pub(super) fn entries<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        runs: Vec<Run>,
        asked: &BTreeSet<NodeKey>,
    ) -> Result<Took, ReplicaError> {
        let (entries, refused) = (self.applied.entries, self.counters.refused);
        let mut brought: BTreeMap<NodeKey, u64> = BTreeMap::new();
        for run in runs {
            let entries = self.read(run);
            let Some(header) = entries.first().map(|entry| entry.signed.header().clone()) else {
                continue;
            };
            if !asked.contains(&header.node) {
                self.offence = Some(Offence::NotAsked);
                break;
            }
            let weight = |replica: &Replica<S>| replica.log(header.log()).map_or(0, LogState::weight);
            let before = weight(replica);
            self.run(replica, header.log(), header.node, entries)?;
            *brought.entry(header.node).or_default() += weight(replica).saturating_sub(before);
        }
        // Only what is new, and of an answer as a whole: otherwise a peer could use up the tokens of another gemeente with what is
        // held already, or by cutting what it wrote into small runs.
        for (node, bytes) in brought {
            self.rations.charge(replica.roster(), node, bytes, self.now_ms);
        }
        Ok(Took {
            new: self.applied.entries - entries,
            refused: self.counters.refused - refused,
        })
    }

    fn run<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        log: LogId,
        writer: NodeKey,
        mut entries: Vec<Entry>,
    ) -> Result<(), ReplicaError> {
        let held = replica.log(log).map_or(0, |state| state.held);
        let known = entries.partition_point(|entry| entry.signed.header().seq < held);
        if known < entries.len() && self.room.is_full(replica, writer) {
            // What this disk lost of it is taken all the same.
            entries.truncate(known);
            self.counters.full += 1;
            if entries.is_empty() {
                return Ok(());
            }
        }
        let ingested = replica.ingest(log, entries)?;
        self.applied.forks.extend(ingested.fork.map(|proof| *proof));
        let brought = ingested.accepted + ingested.mended;
        if brought > 0 {
            self.applied.logs.insert(log);
            self.applied.entries += brought;
            self.counters.entries += ingested.accepted;
            self.counters.mended += ingested.mended;
        }
        let held = replica.log(log).map_or(0, |state| state.held);
        // Before `held`: an entry that is kept and does not count. A gap: two conversations crossed. Neither says that
        // this peer has nothing more to offer.
        let refused = ingested
            .refused
            .filter(|refusal| refusal.seq >= held && refusal.why != Reason::Gap);
        if let Some(refusal) = refused {
            self.counters.refused += 1;
            self.refused
                .insert(self.peer, log, writer, self.now_ms.saturating_add(self.refused_ms));
            if is_forgery(refusal.why) {
                self.offence = Some(Offence::Forged { log, why: refusal.why });
            }
        }
        Ok(())
    }

    /// The entries of a run up to the first that cannot be read.
    fn read(&mut self, run: Run) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(run.len());
        for sent in run {
            match sent.read() {
                Ok(entry) => entries.push(entry),
                Err(HeaderError::Class(_)) => {
                    self.counters.unread += 1;
                    break;
                }
                Err(error) => {
                    self.offence = Some(Offence::Entry(error));
                    break;
                }
            }
        }
        entries
    }
}

/// Whether only the sender can have made entries that are refused for this reason: nobody holds such.
fn is_forgery(why: Reason) -> bool {
    matches!(
        why,
        Reason::Federation
            | Reason::Log
            | Reason::Signature
            | Reason::PayloadLength
            | Reason::Commitment
            | Reason::RunLength
    )
}
