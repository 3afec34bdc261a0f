//! What a run was like: in numbers, and line by line.

use protocol::api::Message;

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
    /// Records that every node shows at the end.
    pub records: u64,
    /// Documents that were withdrawn.
    pub withdrawn: u64,
    /// Offences that were reported.
    pub offences: u64,
    /// Virtual time that passed until the last law held.
    pub virtual_ms: u64,
    /// Hash of everything that was delivered, in its order.
    pub fingerprint: u64,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When, in virtual time.
    pub ms: u64,
    /// What.
    pub text: Message,
}
