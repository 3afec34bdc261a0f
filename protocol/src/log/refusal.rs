//! Why entries are refused or do not count: one list of reasons with stable names, and how often each was met.

use std::collections::BTreeMap;
use std::fmt;

/// Why an entry was refused, or stopped counting. Number and name are stable: the number is stored with a cut log,
/// the name is shown in `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// The signing node is not in the roster; its log is not kept.
    UnknownNode = 1,
    /// The header names another federation.
    Federation = 2,
    /// The header belongs to another log than the one it was sent for.
    Log = 3,
    /// An entry before it is missing.
    Gap = 4,
    /// The entry was held already.
    Replay = 5,
    /// Another entry of this log is held at the same position.
    Fork = 6,
    /// It does not name the hash of the header before it.
    Chain = 7,
    /// The signature is not the node's.
    Signature = 8,
    /// The payload is absent and no withdrawal allows that.
    PayloadMissing = 9,
    /// The payload has another length than the header says, or is over the limit.
    PayloadLength = 10,
    /// Salt and payload do not hash to the commitment.
    Commitment = 11,
    /// The class does not fit the place or the document.
    Class = 12,
    /// The opening of the log does not have its form.
    Opening = 13,
    /// The change is not what the change validator allows.
    Change = 14,
    /// The change founds a document under an id that belongs to another place.
    DocumentId = 15,
    /// The document belongs to another gemeente.
    OtherGemeente = 16,
    /// The document is of another kind.
    Kind = 17,
    /// The change does not build on this log's own previous change of the document.
    History = 18,
    /// The node belongs to a reading member, whose logs carry statements only.
    ReadingMember = 19,
    /// The run has more entries than one call takes.
    RunLength = 20,
    /// The statement belongs to another federation.
    StatementFederation = 21,
    /// Nobody in the set vouches for the author of the statement.
    StatementAuthor = 22,
}

/// Every reason, in order of number.
const ALL: [(Reason, &str); 22] = [
    (Reason::UnknownNode, "unknown_node"),
    (Reason::Federation, "other_federation"),
    (Reason::Log, "other_log"),
    (Reason::Gap, "gap"),
    (Reason::Replay, "replay"),
    (Reason::Fork, "fork"),
    (Reason::Chain, "broken_chain"),
    (Reason::Signature, "signature"),
    (Reason::PayloadMissing, "payload_missing"),
    (Reason::PayloadLength, "payload_length"),
    (Reason::Commitment, "payload_hash"),
    (Reason::Class, "class"),
    (Reason::Opening, "opening"),
    (Reason::Change, "invalid_change"),
    (Reason::DocumentId, "copied_document_id"),
    (Reason::OtherGemeente, "document_of_other_gemeente"),
    (Reason::Kind, "other_kind"),
    (Reason::History, "skips_own_change"),
    (Reason::ReadingMember, "reading_member"),
    (Reason::RunLength, "run_length"),
    (Reason::StatementFederation, "statement_of_other_federation"),
    (Reason::StatementAuthor, "statement_author_unknown"),
];

impl Reason {
    /// The name in counters and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        ALL[self as usize - 1].1
    }

    /// The reason with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, known)| *known == name).map(|(reason, _)| *reason)
    }

    /// The number in stored states.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The reason with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        let at = usize::from(number).checked_sub(1)?;
        ALL.get(at).map(|(reason, _)| *reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a log stops, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The position of the entry.
    pub seq: u64,
    /// Why.
    pub why: Reason,
}

/// How often each reason was met since this replica was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    counts: BTreeMap<Reason, u64>,
}

impl Refusals {
    /// Counts `times` more.
    pub fn add(&mut self, why: Reason, times: u64) {
        if times > 0 {
            let count = self.counts.entry(why).or_default();
            *count = count.saturating_add(times);
        }
    }

    /// How often this reason was met.
    #[must_use]
    pub fn of(&self, why: Reason) -> u64 {
        self.counts.get(&why).copied().unwrap_or(0)
    }

    /// The reasons that were met, with how often.
    pub fn iter(&self) -> impl Iterator<Item = (Reason, u64)> {
        self.counts.iter().map(|(why, count)| (*why, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_read_back_and_stand_alone() {
        let mut names = std::collections::BTreeSet::new();
        for number in 1..=ALL.len() as u8 {
            let reason = Reason::from_number(number).unwrap();
            assert_eq!(reason.number(), number);
            assert!(names.insert(reason.name()));
            assert_eq!(Reason::from_name(reason.name()), Some(reason));
        }
        assert_eq!(Reason::from_name(""), None);
        assert_eq!(Reason::from_number(0), None);
        assert_eq!(Reason::from_number(ALL.len() as u8 + 1), None);
    }
}
