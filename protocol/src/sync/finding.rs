//! Where two histories of a log part: found by halving, one header at a time, until a proof holds.

use super::request::Request;
use super::response::SentHeader;
use crate::id::LogId;
use crate::log::{BRANCH_HEADERS_MAX, ForkProof, Replica, ReplicaError, Search, SignedHeader};
use crate::store::Store;

/// A search in the history of one log, at a peer whose history is another.
#[derive(Debug)]
pub(super) struct Finding {
    log: LogId,
    search: Search,
    /// Their headers from where the histories part.
    theirs: Vec<SignedHeader>,
}

/// What an answer brought.
#[derive(Debug)]
pub(super) enum Found {
    /// Not enough yet: ask the next.
    Ask,
    /// Nothing that proves anything.
    Nothing,
    /// The proof.
    Proof(Box<ForkProof>),
}

impl Finding {
    /// The histories differ at this position at the latest.
    pub(super) fn new(log: LogId, differs_at: u64) -> Self {
        Self {
            log,
            search: Search::new(differs_at),
            theirs: Vec::new(),
        }
    }

    /// The next question.
    pub(super) fn request(&self) -> Request {
        let (log, seq) = (self.log, self.asks());
        Request::Header { log, seq }
    }

    fn asks(&self) -> u64 {
        let parts_at = self.search.found().unwrap_or_default();
        let next = parts_at.saturating_add(self.theirs.len() as u64);
        self.search.next().unwrap_or(next)
    }

    /// Takes an answer.
    pub(super) fn answer<S: Store>(
        &mut self,
        sent: Option<SentHeader>,
        replica: &Replica<S>,
    ) -> Result<Found, ReplicaError> {
        let seq = self.asks();
        let read = sent.and_then(|sent| SignedHeader::read(&sent.bytes, sent.signature).ok());
        let asked = |signed: &SignedHeader| (signed.header().log(), signed.header().seq) == (self.log, seq);
        let Some(theirs) = read.filter(asked) else {
            return Ok(Found::Nothing);
        };
        if self.search.next().is_some() {
            let ours = replica.header(self.log, seq)?;
            self.search
                .answer(ours.is_some_and(|ours| ours.hash() == theirs.hash()));
            return Ok(Found::Ask);
        }
        self.theirs.push(theirs);
        match replica.fork_proof(self.log, &self.theirs)? {
            Some(proof) => Ok(Found::Proof(Box::new(proof))),
            None if self.theirs.len() < BRANCH_HEADERS_MAX => Ok(Found::Ask),
            None => Ok(Found::Nothing),
        }
    }
}
