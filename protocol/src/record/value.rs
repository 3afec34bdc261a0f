//! The shape every record has, of whatever kind: named fields with typed values.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{Quarter, RecordId, Week};

/// The kinds of records. The number is part of document ids and headers and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u16)]
pub enum Kind {
    /// Something that stood in the way, a question, a chance.
    Signaal = 1,
    /// What signals have in common; co-written.
    Knelpunt = 2,
    /// What the rules turn out to allow.
    Duiding = 3,
    /// What was changed in the system because of it.
    Les = 4,
    /// Uitvoering and systeemwereld at one table.
    Sessie = 5,
    /// Exactly one thing varied.
    Experiment = 6,
    /// What another gemeente did with it.
    Overname = 7,
    /// A question, an answer, a contradiction: a word about another record.
    Bericht = 8,
    /// Gemeenten that learn together of their own accord; co-written.
    Kring = 9,
}

/// A link to another record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reference {
    /// A record of the network.
    Record(RecordId),
    /// A local id: legal in the vault, never in a shared record (the gate resolves or drops it).
    Local(String),
}

/// One row of a field that is a small table, such as an afspraak of a sessie.
pub type Row = BTreeMap<String, Value>;

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// Prose, or a short text.
    Text(String),
    /// A code of the word list; an unknown newer code is kept.
    Code(String),
    /// A set of codes.
    Codes(BTreeSet<String>),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A decimal number in hundredths (two decimals): effects are never shared finer.
    Hundredths(i64),
    /// An ISO week.
    Week(Week),
    /// A quarter.
    Quarter(Quarter),
    /// Short texts in their order.
    Texts(Vec<String>),
    /// A link.
    Link(Reference),
    /// A set of links.
    Links(BTreeSet<Reference>),
    /// A small structure, such as what an experiment varies.
    Row(Row),
    /// Rows by their number, such as the afspraken of a sessie.
    Rows(BTreeMap<u32, Row>),
    /// A number per code, such as items brought in per laag.
    Counts(BTreeMap<String, i64>),
}

/// The fields of a record by name.
pub type Fields = BTreeMap<String, Value>;
