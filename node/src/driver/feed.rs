//! Keeps the view up with the replica: one batch at a time, one more being made while it is written.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use protocol::id::Digest;
use protocol::log::{Mark, Replica, ReplicaError};
use protocol::store::Store;

use crate::view::{Batch, Change};

/// Documents in one batch.
const BATCH_DOCUMENTS_MAX: usize = 1_000;
/// Bytes of changes in one batch.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Batches under way: one that is written, one that waits.
const BATCHES_MAX: usize = 2;
/// Questions that may wait for the view to catch up.
const WAITING_MAX: usize = 64;
/// How long a question waits for that.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The feeding side of the view.
#[derive(Debug)]
pub struct Feed {
    batches: SyncSender<Batch>,
    under_way: Vec<Vec<Mark>>,
    next_version: u64,
    shown: Option<Digest>,
    sent: Option<Digest>,
    waiting: Vec<SyncSender<()>>,
    /// The last thing that went wrong, for the status.
    pub error: Option<String>,
}

impl Feed {
    /// A feed of a view that shows this state, and what the view's thread reads.
    #[must_use]
    pub fn new(shown: Option<Digest>) -> (Self, Receiver<Batch>) {
        let (batches, to_view) = sync_channel(BATCHES_MAX);
        let feed = Self {
            batches,
            under_way: Vec::new(),
            next_version: 0,
            shown,
            sent: shown,
            waiting: Vec::new(),
            error: None,
        };
        (feed, to_view)
    }

    /// Sends what is due, as far as there is room.
    pub(super) fn fill<S: Store>(&mut self, replica: &Replica<S>) -> Result<(), ReplicaError> {
        while self.under_way.len() < BATCHES_MAX {
            let marks = replica.marked(self.next_version, BATCH_DOCUMENTS_MAX)?;
            let state = replica.state();
            if marks.is_empty() && self.sent == Some(state) {
                return Ok(());
            }
            let (marks, mut batch) = gather(replica, marks)?;
            let next = marks.last().map_or(self.next_version, |mark| mark.version + 1);
            if replica.marked(next, 1)?.is_empty() {
                batch.state = Some(state);
            }
            let sent = batch.state;
            match self.batches.try_send(batch) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => {
                    self.error = Some("the view has stopped; see the log of the node".to_owned());
                    return Ok(());
                }
            }
            (self.next_version, self.sent) = (next, sent);
            self.under_way.push(marks);
        }
        Ok(())
    }

    /// The view wrote the oldest batch under way; returns the marks that it answers.
    pub(super) fn written(&mut self, state: Option<Digest>) -> Vec<Mark> {
        self.shown = state;
        if self.under_way.is_empty() {
            Vec::new()
        } else {
            self.under_way.remove(0)
        }
    }

    /// The view could not write a batch: what is under way is sent again.
    pub(super) fn failed(&mut self, error: String) {
        self.error = Some(error);
        self.under_way.clear();
        self.next_version = 0;
        self.sent = None;
    }

    /// Tells `whom` once the view shows this state; false when too many wait already.
    pub(super) fn tell_when_shown(&mut self, state: Digest, whom: SyncSender<()>) -> bool {
        if self.waiting.len() >= WAITING_MAX {
            return false;
        }
        self.waiting.push(whom);
        self.tell(state);
        true
    }

    /// Tells those who wait, when the view shows this state.
    pub(super) fn tell(&mut self, state: Digest) {
        if self.shown == Some(state) {
            for whom in self.waiting.drain(..) {
                // Who gave up waiting no longer listens.
                let _ = whom.try_send(());
            }
        }
    }
}

/// The documents of these marks, as many as fit a batch, and the marks they answer.
fn gather<S: Store>(replica: &Replica<S>, marks: Vec<Mark>) -> Result<(Vec<Mark>, Batch), ReplicaError> {
    let mut batch = Batch::default();
    let mut answered = Vec::new();
    let mut bytes = 0;
    for mark in marks {
        if bytes > BATCH_BYTES_MAX {
            break;
        }
        let (document, version) = (mark.document, mark.version);
        answered.push(mark);
        let Some(info) = replica.document(document)? else {
            continue;
        };
        let changes = replica.changes(document)?;
        bytes += changes.iter().map(Vec::len).sum::<usize>();
        batch.changes.push(Change {
            document,
            version,
            gemeente: info.owner,
            kind: info.kind,
            changes,
        });
    }
    Ok((answered, batch))
}
