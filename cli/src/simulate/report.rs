//! What a run was like: in numbers, and line by line.

use std::collections::BTreeSet;

use protocol::api::Message;
use protocol::record::agenda::Why;

/// What a run was like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Events handled.
    pub events: u64,
    /// Requests, answers and hints that were delivered.
    pub frames: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Entries that every node holds at the end.
    pub entries: u64,
    /// Entries that are held and do not count.
    pub idle: u64,
    /// Records that every node shows at the end.
    pub records: u64,
    /// Points on the agendas of all gemeenten at the end.
    pub points: u64,
    /// Why these stand there.
    pub reasons: BTreeSet<Why>,
    /// Statements that every node holds at the end.
    pub statements: u64,
    /// Number of the edition in force at the end.
    pub edition: u64,
    /// Documents that were withdrawn.
    pub withdrawn: u64,
    /// Offences that were reported.
    pub offences: u64,
    /// Nodes that came back from an older moment.
    pub rollbacks: u64,
    /// Nodes of which a copy ran beside them.
    pub twins: u64,
    /// Times a disk failed.
    pub faults: u64,
    /// Forks that were proven.
    pub forks: u64,
    /// Times that a node proved a double vote.
    pub doubles: u64,
    /// Deeds of hostile members.
    pub malice: u64,
    /// Virtual time that passed until the last law held.
    pub virtual_ms: u64,
    /// Hash of everything that was delivered, in its order.
    pub fingerprint: u64,
    /// Times that a replica took something in.
    pub(super) applied: u64,
    /// Requests of correct nodes once nobody writes any more.
    pub(super) asked: u64,
}

impl Report {
    /// A node asks something.
    pub(super) fn asked(&mut self, calm: bool, hostile: bool) {
        self.asked += u64::from(calm && !hostile);
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When, in virtual time.
    pub ms: u64,
    /// What.
    pub text: Message,
}
