//! What the view is given of an earlier state: the documents that it had, as they were then.

use std::collections::{BTreeMap, VecDeque};

use protocol::charter::{Body, Roster, Set, Withdrawn};
use protocol::id::{DocumentId, LogId};
use protocol::log::{Past, Replica, ReplicaError};
use protocol::store::Store;

use super::feed::{BATCH_BYTES_MAX, opened};
use crate::view::tables::{Charter, Edition};
use crate::view::{Change, Content};

/// Entries that are looked at in one step, so that the node goes on with its work between two.
const STEP_ENTRIES: usize = 256;

/// Reads an earlier state document by document, in order of log and place.
#[derive(Debug)]
pub struct Then {
    past: Past,
    /// Logs that were not begun, and the position in the first.
    logs: VecDeque<LogId>,
    from: u64,
    /// Documents that were found and not yet read.
    found: VecDeque<DocumentId>,
    /// What was withdrawn since.
    pub since: BTreeMap<DocumentId, Withdrawn>,
}

impl Then {
    /// The state in which these logs counted as far as [`Past`] says.
    #[must_use]
    pub fn new(past: Past, logs: impl Iterator<Item = LogId>) -> Self {
        Self {
            past,
            logs: logs.collect(),
            from: 0,
            found: VecDeque::new(),
            since: BTreeMap::new(),
        }
    }

    /// Some more documents as they were; nothing once all were read. What the statements of that state took back is passed over.
    ///
    /// # Errors
    /// [`ReplicaError`], also for a change that the disk lost.
    pub fn some<S: Store>(&mut self, replica: &Replica<S>, then: &Roster) -> Result<Option<Vec<Change>>, ReplicaError> {
        if self.found.is_empty() {
            let Some(log) = self.logs.front() else {
                return Ok(None);
            };
            let (founded, next) = replica.founded(&self.past, *log, self.from, STEP_ENTRIES)?;
            self.found.extend(founded);
            self.from = next.unwrap_or(0);
            if next.is_none() {
                self.logs.pop_front();
            }
        }
        let (mut changes, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES_MAX
            && let Some(document) = self.found.pop_front()
        {
            if then.erasures().withdrawn(document).is_some() {
                continue;
            }
            let content = self.content(replica, document)?;
            if let Content::Changes { changes, .. } = &content {
                bytes += changes.iter().map(Vec::len).sum::<usize>();
            }
            changes.push(Change { document, content });
        }
        Ok(Some(changes))
    }

    fn content<S: Store>(&mut self, replica: &Replica<S>, document: DocumentId) -> Result<Content, ReplicaError> {
        if let Some(withdrawn) = replica.roster().erasures().withdrawn(document) {
            self.since.insert(document, withdrawn);
            return Ok(Content::Withdrawn);
        }
        let info = replica
            .document(document)?
            .ok_or(ReplicaError::UnknownDocument { document })?;
        match replica.changes_in(&self.past, document) {
            // The live view shows that it cannot be read; an earlier state could.
            Err(error @ ReplicaError::PayloadLost { .. }) => Err(error),
            changes => opened(&info, changes),
        }
    }
}

/// What statements say.
#[must_use]
pub fn charter_of(statements: &Set, roster: &Roster) -> Charter {
    let editions = statements.iter().filter_map(|statement| match statement.body() {
        Body::Edition(edition) => {
            let hash = edition.hash();
            roster.decided(&hash).map(|number| Edition {
                number,
                hash,
                members: edition.members.len(),
                voters: edition.voters(),
            })
        }
        _ => None,
    });
    let mut editions: Vec<Edition> = editions.collect();
    editions.sort_by_key(|edition| edition.number);
    editions.dedup_by_key(|edition| edition.number);
    Charter::of(roster, editions)
}
