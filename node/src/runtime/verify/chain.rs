//! One log, entry by entry: in its place, following the one before, signed, with the payload that was signed.

use protocol::id::{HeaderHash, LogId};
use protocol::log::{LogState, Payload, Replica, SignedHeader, Stored};

use super::{FaultKind, Verified};
use crate::store::Sled;

/// How far a log is checked.
pub(super) struct Chain {
    log: LogId,
    /// The hash that the next entry must name; unknown behind an entry that cannot be read.
    previous: Option<HeaderHash>,
}

impl Chain {
    pub(super) fn of(log: LogId) -> Self {
        Self {
            log,
            previous: Some(HeaderHash([0; 32])),
        }
    }

    /// Checks the next entry.
    pub(super) fn check(&mut self, replica: &Replica<Sled>, seq: u64, found: &mut Verified) {
        match replica.stored(self.log, seq) {
            Ok(Stored::Whole(entry)) => {
                found.erased += u64::from(entry.payload == Payload::Erased);
                self.header(&entry.signed, seq, found);
            }
            Ok(Stored::NoPayload(signed)) => {
                found.at(FaultKind::Payload, self.log, seq, "");
                self.header(&signed, seq, found);
            }
            Ok(Stored::Nothing) => {
                found.at(FaultKind::Entry, self.log, seq, "");
                self.previous = None;
            }
            Err(error) => {
                let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
                found.at(FaultKind::Store, self.log, seq, why);
                self.previous = None;
            }
        }
    }

    fn header(&mut self, signed: &SignedHeader, seq: u64, found: &mut Verified) {
        let header = signed.header();
        if header.log() != self.log || header.seq != seq {
            found.at(FaultKind::Chain, self.log, seq, "it stands in the wrong place");
        }
        if self.previous.is_some_and(|previous| previous != header.previous) {
            found.at(
                FaultKind::Chain,
                self.log,
                seq,
                "it does not follow the entry before it",
            );
        }
        if signed.verify().is_err() {
            found.at(FaultKind::Signature, self.log, seq, "");
        }
        self.previous = Some(signed.hash());
    }

    /// Checks that the last entry is the one that the log is known to end with.
    pub(super) fn end(&self, state: &LogState, found: &mut Verified) {
        if self.previous.is_some_and(|last| last != state.head) {
            let last = state.held.saturating_sub(1);
            found.at(
                FaultKind::Chain,
                self.log,
                last,
                "it is not the last entry that was held",
            );
        }
    }
}
