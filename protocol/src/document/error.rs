//! Why a change is refused, and why a document cannot be read or written.

use crate::id::ChangeHash;

/// Why bytes are not a change, or not one of this protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// More bytes than a payload may have.
    #[error("{bytes} bytes are more than a change may have")]
    TooLarge {
        /// Bytes found.
        bytes: usize,
    },
    /// The bytes end too early.
    #[error("the bytes end before the change does")]
    Short,
    /// The first bytes are not automerge's.
    #[error("these are not bytes of automerge")]
    Magic,
    /// A document, a compressed change, a bundle or something unknown.
    #[error("chunk type {found} is not an uncompressed change")]
    ChunkType {
        /// The type found.
        found: u8,
    },
    /// The length is not that of the contents.
    #[error("the length does not fit the contents")]
    Length,
    /// The checksum is not that of the contents.
    #[error("the checksum does not fit the contents")]
    Checksum,
    /// A number outside its range or not in its shortest form.
    #[error("a number is out of range or not in its shortest form")]
    Number,
    /// Too many dependencies.
    #[error("{count} dependencies are too many")]
    Dependencies {
        /// Dependencies claimed.
        count: u64,
    },
    /// The dependencies do not ascend.
    #[error("the dependencies do not ascend")]
    DependencyOrder,
    /// A change starts at operation 1 when, and only when, it depends on nothing.
    #[error("where the change starts does not fit its dependencies")]
    Root,
    /// An actor that is not 16 bytes.
    #[error("an actor is not 16 bytes long")]
    ActorLength,
    /// Too many other actors.
    #[error("{count} other actors are too many")]
    Actors {
        /// Actors claimed.
        count: u64,
    },
    /// The other actors do not ascend, or name the writer.
    #[error("the other actors do not ascend or name the writer")]
    ActorOrder,
    /// An actor that no row names.
    #[error("an actor is listed that no row names")]
    UnusedActor,
    /// A sequence number or operation counter outside 1 to [`super::COUNTER_MAX`].
    #[error("counter {found} is out of range")]
    Counter {
        /// The number found.
        found: u64,
    },
    /// A time, which would tell when somebody worked.
    #[error("the change carries a time")]
    Time,
    /// A message.
    #[error("the change carries a message")]
    Message,
    /// Bytes behind the columns.
    #[error("{bytes} bytes behind the columns")]
    Extra {
        /// Bytes found.
        bytes: usize,
    },
    /// More columns than there are.
    #[error("{count} columns are too many")]
    Columns {
        /// Columns claimed.
        count: u64,
    },
    /// A column that is unknown, compressed, empty, out of order or double.
    #[error("column {number} is not allowed here")]
    Column {
        /// The column's number.
        number: u64,
    },
    /// A column with more or fewer elements than the change has rows, or no rows at all.
    #[error("the columns do not have the same number of rows")]
    Rows,
    /// More rows than a change may have.
    #[error("too many rows")]
    TooManyRows,
    /// A run of empty elements.
    #[error("an element of a column is empty")]
    EmptyElement,
    /// A run of one, equal neighbours that are not in a run, or two pieces that could be one.
    #[error("a column is not written in its only allowed form")]
    Run,
    /// A row that inserts into a list.
    #[error("a row inserts where there is no list")]
    Insert,
    /// An action that is neither writing nor deleting.
    #[error("action {action} is not allowed here")]
    Action {
        /// The action's number.
        action: u64,
    },
    /// A value of a type that is not written here.
    #[error("a value of type {kind} does not go with action {action}")]
    Value {
        /// The action's number.
        action: u64,
        /// The type of the value.
        kind: u64,
    },
    /// A key over [`super::KEY_BYTES_MAX`].
    #[error("a key is too long")]
    KeyLength,
    /// The keys do not ascend.
    #[error("the keys do not ascend")]
    KeyOrder,
    /// A text over [`super::TEXT_BYTES_MAX`].
    #[error("a text is too long")]
    TextLength,
    /// Bytes that are not text.
    #[error("a text is not UTF-8")]
    Utf8,
    /// More predecessors than [`super::PREDECESSORS_MAX`].
    #[error("too many predecessors")]
    TooManyPredecessors,
    /// Predecessors that do not ascend, do not come before the change or name no actor.
    #[error("a predecessor does not come before the change, or is out of order")]
    Predecessor,
    /// A row that deletes, but names nothing that it would delete.
    #[error("a row deletes nothing")]
    DeletesNothing,
    /// Another actor than the one of this log and document.
    #[error("the actor is not that of this log and document")]
    Actor,
    /// Not the next sequence number of its actor.
    #[error("sequence number {found} where {expected} is next")]
    Seq {
        /// The next one.
        expected: u64,
        /// The one found.
        found: u64,
    },
    /// Not the operation after all those it depends on.
    #[error("starts at operation {found} where {expected} is next")]
    StartOp {
        /// The next one.
        expected: u64,
        /// The one found.
        found: u64,
    },
}

/// Why a document cannot be read or written. From [`super::read`], any of these means that the document is *kapot*.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// No change at all.
    #[error("a document without changes says nothing")]
    Empty,
    /// A change that the validator refuses.
    #[error("change {at} of the document is refused")]
    Change {
        /// Its place among the changes.
        at: usize,
        /// The rule it breaks.
        #[source]
        source: ChangeError,
    },
    /// A change whose dependency is missing, or comes after it.
    #[error("change {at} depends on {dependency}, which does not come before it")]
    MissingDependency {
        /// Its place among the changes.
        at: usize,
        /// The change that is missing.
        dependency: ChangeHash,
    },
    /// A second change that depends on nothing.
    #[error("change {at} would found the document a second time")]
    SecondRoot {
        /// Its place among the changes.
        at: usize,
    },
    /// A change that does not build on the one its actor wrote before.
    #[error("change {at} does not build on the earlier work of its actor")]
    Branched {
        /// Its place among the changes.
        at: usize,
    },
    /// A change that replaces an operation which did not write that key, or is not there.
    #[error("an operation is replaced that is not there")]
    ReplacesNothing,
    /// A key of the envelope that is absent or not what it should be.
    #[error("{key} is absent or not of its type")]
    Envelope {
        /// The key.
        key: &'static str,
    },
    /// A record of another kind, or a contribution to another record, than the document that it should change.
    #[error("the record is not the one this document holds")]
    OtherRecord,
    /// The name of a field that cannot be part of a key.
    #[error("{name:?} cannot be the name of a field")]
    FieldName {
        /// The name.
        name: String,
    },
    /// Rows within rows, too deep.
    #[error("the fields are nested too deeply")]
    Depth,
    /// A link to a local record, which only means something in the gemeente.
    #[error("{field} links to a local record")]
    LocalLink {
        /// The field.
        field: String,
    },
    /// automerge panicked while it wrote.
    #[error("automerge failed to write the change")]
    Panic,
}
