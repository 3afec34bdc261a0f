//! Keeps the view up with the replica: one batch at a time, one more being made while it is written.
//!
//! Batches are numbered, and what is waited for or unmarked is named by number. A batch that the view could not write
//! makes those behind it worthless: they would show a state without it. So the view drops them until a batch says that
//! it starts over, and the feed starts over from the oldest mark, after a while that grows with every failure.
//!
//! **Invariant:** a mark is taken away only for a batch that was written, and a state is shown only when every batch
//! up to it was.

use std::collections::{BTreeSet, VecDeque};
use std::error::Error;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use protocol::api::Fout;
use protocol::id::{Digest, DocumentId};
use protocol::log::{DocumentInfo, Mark, Replica, ReplicaError};
use protocol::store::Store;

use super::past::charter_of;
use crate::fault::fault;
use crate::trouble::Trouble;
use crate::view::tables::Height;
use crate::view::{Batch, Change, Content, Outcome, ViewError, Writer};

/// Documents in one batch: more than one answer of another node can bring, so that the view goes from one whole state to the next;
/// [`BATCH_BYTES_MAX`] bounds what they take.
const BATCH_DOCUMENTS_MAX: usize = 8 * 1024;
/// Bytes of changes in one batch.
pub(super) const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Batches under way: one that is written, one that waits.
const BATCHES_MAX: usize = 2;
/// Questions that may wait for the view to catch up.
const WAITING_MAX: usize = 64;
/// How long the view may work on a batch, in milliseconds, before it counts as stuck.
const STUCK_MS: u64 = 60_000;
/// The same before what the view shows counts as old: then questions wait for what the replica holds.
const LATE_MS: u64 = 20_000;
/// How long a question waits for that.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// [`PATIENCE`], as the core counts.
const PATIENCE_MS: u64 = PATIENCE.as_millis() as u64;
/// Time before the view is tried again after its first failure, in milliseconds; it doubles with every next one.
const RETRY_MS_MIN: u64 = 250;
/// Longest time before the view is tried again, in milliseconds.
const RETRY_MS_MAX: u64 = 30_000;

/// Why a view cannot be fed.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// What the view is made of.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The view.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// The feeding side of the view.
#[derive(Debug)]
pub struct Feed {
    batches: SyncSender<Batch>,
    under_way: VecDeque<UnderWay>,
    next_number: u64,
    next_version: u64,
    /// Whether the next batch starts over.
    restarts: bool,
    shown: Option<Digest>,
    sent: Option<Digest>,
    /// The statements that a batch was sent with.
    statements: Option<Digest>,
    waiting: Vec<Waiting>,
    /// Failures since the last batch that was written and unmarked.
    failures: u32,
    trouble: Trouble,
    retry_ms: Option<u64>,
    /// What is wrong, for the status; nothing once a batch is written again.
    pub error: Option<Fout>,
}

/// A batch that the view has not answered yet.
#[derive(Debug)]
struct UnderWay {
    number: u64,
    state: Option<Digest>,
    marks: Vec<Mark>,
    sent_ms: u64,
}

/// A question that waits for the view.
#[derive(Debug)]
struct Waiting {
    /// The first batch that can show what it waits for.
    batch: u64,
    /// When whoever asked has given up.
    until_ms: u64,
    whom: SyncSender<()>,
}

impl Feed {
    /// A feed of this view, and what the view's thread reads. A view that never showed everything is made anew,
    /// whatever is marked: nobody marks again what it showed before it was lost.
    ///
    /// # Errors
    /// [`FeedError`].
    pub fn open<S: Store>(writer: &mut Writer, replica: &mut Replica<S>) -> Result<(Self, Receiver<Batch>), FeedError> {
        let behind = writer.state()? != Some(replica.state()) && replica.marked(0, 1)?.is_empty();
        if behind || !writer.is_filled()? {
            tracing::info!("the view is made anew");
            writer.clear()?;
            replica.mark_all()?;
        }
        Ok(Self::new(writer.state()?))
    }

    /// A feed of a view that shows this state, and what the view's thread reads.
    #[must_use]
    pub fn new(shown: Option<Digest>) -> (Self, Receiver<Batch>) {
        let (batches, to_view) = sync_channel(BATCHES_MAX);
        let feed = Self {
            batches,
            under_way: VecDeque::new(),
            next_number: 0,
            next_version: 0,
            restarts: true,
            shown,
            sent: shown,
            statements: None,
            waiting: Vec::new(),
            failures: 0,
            trouble: Trouble::default(),
            retry_ms: None,
            error: None,
        };
        (feed, to_view)
    }

    /// Sends what is due, as far as there is room; nothing for a while after a failure.
    pub(super) fn fill<S: Store>(&mut self, replica: &Replica<S>, now_ms: u64) -> Result<(), ReplicaError> {
        if self.retry_ms.is_some_and(|retry_ms| now_ms < retry_ms) {
            return Ok(());
        }
        self.retry_ms = None;
        while self.under_way.len() < BATCHES_MAX {
            let marks = replica.marked(self.next_version, BATCH_DOCUMENTS_MAX)?;
            let state = replica.state();
            if marks.is_empty() && self.sent == Some(state) {
                return Ok(());
            }
            let (marks, changes) = gather(replica, marks)?;
            let next = marks.last().map_or(self.next_version, |mark| mark.version + 1);
            let whole = replica.marked(next, 1)?.is_empty();
            let statements = replica.statements().digest();
            let says_more = whole && self.statements != Some(statements);
            let batch = Batch {
                number: self.next_number,
                restarts: self.restarts,
                changes,
                state: whole.then_some(state),
                heirs: replica.roster().merges().map(|merge| (merge.from, merge.to)).collect(),
                heights: if whole { heights(replica) } else { Vec::new() },
                charter: says_more.then(|| charter_of(replica.statements(), replica.roster())),
            };
            if !self.send(batch, marks, now_ms) {
                return Ok(());
            }
            if says_more {
                self.statements = Some(statements);
            }
            self.next_version = next;
        }
        Ok(())
    }

    /// Whether the view takes this batch now.
    fn send(&mut self, batch: Batch, marks: Vec<Mark>, sent_ms: u64) -> bool {
        let (number, state) = (batch.number, batch.state);
        match self.batches.try_send(batch) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return false,
            Err(TrySendError::Disconnected(_)) => {
                self.error = Some(Fout::WeergaveGestopt);
                return false;
            }
        }
        (self.next_number, self.restarts, self.sent) = (number + 1, false, state);
        self.under_way.push_back(UnderWay {
            number,
            state,
            marks,
            sent_ms,
        });
        true
    }

    /// The view wrote a batch, whose marks are taken away, or could not.
    pub(super) fn answered<S: Store>(&mut self, outcome: Outcome, replica: &mut Replica<S>, now_ms: u64) {
        // One that was given up is sent again: its marks stay for that.
        if self
            .under_way
            .front()
            .is_none_or(|oldest| oldest.number != outcome.number)
        {
            return;
        }
        match outcome.written {
            Ok(state) => self.written(state, replica, now_ms),
            Err(error) => {
                self.start_over("the view could not be written; it is tried again", &error, now_ms);
            }
        }
    }

    /// The oldest batch under way is shown.
    fn written<S: Store>(&mut self, state: Option<Digest>, replica: &mut Replica<S>, now_ms: u64) {
        let Some(oldest) = self.under_way.pop_front() else {
            return;
        };
        self.shown = state;
        if state.is_some() {
            self.tell(oldest.number);
        }
        match replica.unmark(&oldest.marks) {
            Ok(()) => {
                (self.failures, self.error) = (0, None);
                if let Some(times) = self.trouble.over() {
                    tracing::info!(times, "the view is written again");
                }
            }
            Err(error) => {
                self.start_over(
                    "marks of the view could not be taken away; it is tried again",
                    &error,
                    now_ms,
                );
            }
        }
    }

    /// Gives up what is under way, to send it again from the oldest mark on.
    fn start_over(&mut self, what: &str, error: &(dyn Error + 'static), now_ms: u64) {
        self.under_way.clear();
        (self.next_version, self.restarts, self.sent) = (0, true, None);
        self.statements = None;
        self.back_off(what, error, now_ms);
    }

    /// Sends nothing for a while.
    pub(super) fn back_off(&mut self, what: &str, error: &(dyn Error + 'static), now_ms: u64) {
        if let Some(times) = self.trouble.again(now_ms) {
            tracing::error!(%error, times, "{what}");
        }
        let doubled = RETRY_MS_MIN.saturating_mul(1 << self.failures.min(16));
        self.retry_ms = Some(now_ms + doubled.min(RETRY_MS_MAX));
        self.failures = self.failures.saturating_add(1);
        self.error = Some(fault(error));
    }

    /// Whether it takes so long that what the view shows is old.
    pub(super) fn is_late(&self, now_ms: u64) -> bool {
        self.waits_ms(now_ms) > LATE_MS
    }

    fn waits_ms(&self, now_ms: u64) -> u64 {
        let oldest = self.under_way.front();
        oldest.map_or(0, |oldest| now_ms.saturating_sub(oldest.sent_ms))
    }

    /// Whether the view does not take what it is given: it failed last, ended, or has not answered for long.
    pub(super) fn fails(&self, now_ms: u64) -> bool {
        self.error.is_some() || self.waits_ms(now_ms) > STUCK_MS
    }

    /// Whether the view has all the work it takes, and does it.
    pub(super) fn is_full(&self) -> bool {
        self.under_way.len() >= BATCHES_MAX && self.error.is_none()
    }

    /// When something is sent again, after a failure.
    pub(super) fn retry_ms(&self) -> Option<u64> {
        self.retry_ms
    }

    /// Whether the view shows this state of the replica.
    pub(super) fn is_showing(&self, state: Digest) -> bool {
        self.shown == Some(state)
    }

    /// Tells `whom` once the view shows this state of the replica, or a later one; false when too many wait already.
    pub(super) fn tell_when_shown(&mut self, state: Digest, whom: SyncSender<()>, now_ms: u64) -> bool {
        if self.shown == Some(state) {
            // Who gave up waiting no longer listens.
            let _ = whom.try_send(());
            return true;
        }
        self.waiting.retain(|waiting| now_ms < waiting.until_ms);
        if self.waiting.len() >= WAITING_MAX {
            return false;
        }
        let mut under_way = self.under_way.iter();
        let batch = under_way.find(|under_way| under_way.state == Some(state));
        self.waiting.push(Waiting {
            batch: batch.map_or(self.next_number, |batch| batch.number),
            until_ms: now_ms + PATIENCE_MS,
            whom,
        });
        true
    }

    /// Tells those whose state the view shows since this batch, in which nothing was due any more.
    fn tell(&mut self, number: u64) {
        self.waiting.retain(|waiting| {
            let shown = waiting.batch <= number;
            if shown {
                // Who gave up waiting no longer listens.
                let _ = waiting.whom.try_send(());
            }
            !shown
        });
    }
}

/// How far each log counts.
fn heights<S: Store>(replica: &Replica<S>) -> Vec<Height> {
    let counts = replica.logs().filter(|(_, state)| state.effective > 0);
    let heights = counts.map(|(log, state)| Height {
        log,
        node: state.node,
        height: state.effective,
        head: state.effective_head,
    });
    heights.collect()
}

/// What became of the documents of these marks, as many as fit a batch, and the marks that this answers.
fn gather<S: Store>(replica: &Replica<S>, marks: Vec<Mark>) -> Result<(Vec<Mark>, Vec<Change>), ReplicaError> {
    let mut gathered = Vec::new();
    let mut answered = Vec::new();
    let mut seen = BTreeSet::new();
    let mut bytes = 0;
    for mark in marks {
        if bytes > BATCH_BYTES_MAX {
            break;
        }
        let document = mark.document;
        answered.push(mark);
        // What is read here is newer than every mark so far.
        if !seen.insert(document) {
            continue;
        }
        let content = content(replica, document)?;
        if let Content::Changes { changes, .. } = &content {
            bytes += changes.iter().map(Vec::len).sum::<usize>();
        }
        gathered.push(Change { document, content });
    }
    Ok((answered, gathered))
}

/// What there is of a document.
fn content<S: Store>(replica: &Replica<S>, document: DocumentId) -> Result<Content, ReplicaError> {
    match replica.document(document)? {
        None if replica.roster().erasures().withdrawn(document).is_some() => Ok(Content::Withdrawn),
        None => Ok(Content::Gone),
        Some(info) => opened(&info, replica.changes(document)),
    }
}

/// What there is of a document that counts. One that its own gemeente made too large to
/// open, or that is lost here, holds up nobody else's.
pub(super) fn opened(
    info: &DocumentInfo,
    changes: Result<Vec<Vec<u8>>, ReplicaError>,
) -> Result<Content, ReplicaError> {
    let gemeente = info.owner;
    match changes {
        Ok(changes) => Ok(Content::Changes {
            gemeente,
            kind: info.kind,
            changes,
        }),
        // What the disk lost is marked again once it is mended.
        Err(
            ReplicaError::TooManyChanges { .. } | ReplicaError::TooManyBytes { .. } | ReplicaError::PayloadLost { .. },
        ) => Ok(Content::Unreadable { gemeente }),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
