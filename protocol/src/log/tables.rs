//! Every key and every row of a replica's store, in one place.
//!
//! Keys that come in order of writing start with a local log number and a position, both big-endian, so that an
//! ordered engine appends. A document is named by the place where it was founded, which is as short and in order.
//! Local numbers differ between nodes and never leave one.
//!
//! | space | key | row |
//! |---|---|---|
//! | Meta | a word | one number or name |
//! | Logs | log id | [`LogState`](super::LogState) |
//! | Headers | number 4, seq 8 | signature 64, header |
//! | Payloads, sealed | number 4, seq 8 | salt 16, payload |
//! | Documents | document id | [`DocumentRow`] |
//! | Changes | place 12, `0`, change hash | [`ChangeRow`] of each change but the founding one |
//! | Changes | place 12, `1`, number 4 | [`TipRow`]: the last change of that log, unless it is the founding one |
//! | Statements | statement id | the statement |
//! | Marks | version 8 | document id |

use super::entry::{Entry, Payload, SALT_BYTES};
use super::header::{HeaderError, SignedHeader};
use crate::id::{ChangeHash, DocumentId, Gemeente};
use crate::wire::{ReadError, Reader, Writer};

/// The version of the format on disk.
pub(super) const FORMAT: u64 = 3;
/// Meta: the version of the format.
pub(super) const META_FORMAT: &[u8] = b"format";
/// Meta: the federation this replica belongs to.
pub(super) const META_FEDERATION: &[u8] = b"federation";
/// Meta: there while everything of the federation that was left goes.
pub(super) const META_LEAVING: &[u8] = b"leaving";
/// Meta: the version of the next mark.
pub(super) const META_MARK: &[u8] = b"mark";

/// Meta: the rules by which what is held was judged.
pub(super) const META_RULES: &[u8] = b"rules";
/// The rules of this program: one more whenever it lets something count that it did not let count before, or understands a
/// statement that it only kept before.
pub(super) const RULES: u64 = 1;

/// Where an entry stands in this replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The local number of the log.
    pub(super) number: u32,
    /// The position in it.
    pub(super) seq: u64,
}

impl Place {
    pub(super) fn key(self) -> [u8; 12] {
        let mut key = [0; 12];
        key[..4].copy_from_slice(&self.number.to_be_bytes());
        key[4..].copy_from_slice(&self.seq.to_be_bytes());
        key
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            number: input.u32("log number")?,
            seq: input.u64("seq")?,
        })
    }
}

/// The position in the last eight bytes of an entry's key.
pub(super) fn seq_of(key: &[u8]) -> Option<u64> {
    let bytes = key.get(4..12)?.try_into().ok()?;
    Some(u64::from_be_bytes(bytes))
}

/// What is known of a document whose founding entry counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentRow {
    /// Where it was founded.
    pub(super) place: Place,
    /// The gemeente that may write it.
    pub(super) owner: Gemeente,
    /// The kind of record, as a number: it may be newer than this program.
    pub(super) kind: u16,
    /// Changes that count.
    pub(super) changes: u64,
    /// Bytes of their payloads together.
    pub(super) bytes: u64,
    /// Hash of the founding change.
    pub(super) hash: ChangeHash,
    /// Greatest operation counter of the founding change.
    pub(super) max_op: u64,
}

impl DocumentRow {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.raw(&self.place.key()).u16(self.owner.number()).u16(self.kind);
        out.number(self.changes).number(self.bytes);
        out.raw(&self.hash.0).number(self.max_op);
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut input = Reader::new(bytes);
        let place = Place::read(&mut input)?;
        let owner = Gemeente::new(input.u16("owner")?).map_err(|_| ReadError::Form { what: "owner", at: 12 })?;
        let row = Self {
            place,
            owner,
            kind: input.u16("kind")?,
            changes: input.number("changes", u64::MAX)?,
            bytes: input.number("bytes", u64::MAX)?,
            hash: ChangeHash(input.array("hash")?),
            max_op: input.number("greatest operation", u64::MAX)?,
        };
        input.end()?;
        Ok(row)
    }
}

/// A change that counts, other than the founding one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChangeRow {
    /// Where its entry stands.
    pub(super) place: Place,
    /// Its first operation: greater than every operation it depends on, so changes sort by it.
    pub(super) start_op: u64,
    /// Its greatest operation.
    pub(super) max_op: u64,
}

impl ChangeRow {
    pub(super) fn key(document: Place, hash: &ChangeHash) -> Vec<u8> {
        [&document.key()[..], &[0], &hash.0].concat()
    }

    /// What the keys of all changes of a document start with.
    pub(super) fn prefix(document: Place) -> Vec<u8> {
        [&document.key()[..], &[0]].concat()
    }

    pub(super) fn hash_of(key: &[u8]) -> Option<ChangeHash> {
        let bytes = key.get(13..45)?.try_into().ok()?;
        Some(ChangeHash(bytes))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.raw(&self.place.key()).number(self.start_op).number(self.max_op);
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut input = Reader::new(bytes);
        let row = Self {
            place: Place::read(&mut input)?,
            start_op: input.number("first operation", u64::MAX)?,
            max_op: input.number("greatest operation", u64::MAX)?,
        };
        input.end()?;
        Ok(row)
    }
}

/// The last change that one log made to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TipRow {
    /// Its number among that log's changes of the document, from 1.
    pub(super) seq: u64,
    /// Its hash.
    pub(super) hash: ChangeHash,
}

impl TipRow {
    pub(super) fn key(document: Place, number: u32) -> Vec<u8> {
        [&document.key()[..], &[1], &number.to_be_bytes()].concat()
    }

    /// What the keys of all tips of a document start with.
    pub(super) fn prefix(document: Place) -> Vec<u8> {
        [&document.key()[..], &[1]].concat()
    }

    pub(super) fn number_of(key: &[u8]) -> Option<u32> {
        let bytes = key.get(13..17)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.number(self.seq).raw(&self.hash.0);
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut input = Reader::new(bytes);
        let row = Self {
            seq: input.number("change number", u64::MAX)?,
            hash: ChangeHash(input.array("hash")?),
        };
        input.end()?;
        Ok(row)
    }
}

/// The row of a header: signature, then the bytes as received.
pub(super) fn header_row(signed: &SignedHeader) -> Vec<u8> {
    [&signed.signature()[..], signed.bytes()].concat()
}

/// Reads the row of a header.
pub(super) fn read_header(row: &[u8]) -> Result<SignedHeader, HeaderError> {
    let mut input = Reader::new(row);
    let signature = input.array("signature")?;
    SignedHeader::read(input.take("header", input.left())?, signature)
}

/// The row of a payload that is held: salt, then payload.
pub(super) fn payload_row(entry: &Entry) -> Option<Vec<u8>> {
    match &entry.payload {
        Payload::Held { salt, bytes } => Some([&salt[..], bytes].concat()),
        Payload::Erased => None,
    }
}

/// Reads the row of a payload.
pub(super) fn read_payload(row: &[u8]) -> Result<([u8; SALT_BYTES], &[u8]), ReadError> {
    let mut input = Reader::new(row);
    let salt = input.array("salt")?;
    Ok((salt, input.take("payload", input.left())?))
}

/// The version of a mark, from its key.
pub(super) fn version_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}

/// The document of a mark, from its row.
pub(super) fn marked_document(row: &[u8]) -> Option<DocumentId> {
    Some(DocumentId(row.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_back_and_keys_give_up_their_parts() {
        let place = Place {
            number: 7,
            seq: 1 << 40,
        };
        let hash = ChangeHash([9; 32]);
        let document = DocumentRow {
            place,
            owner: Gemeente::new(9901).unwrap(),
            kind: 2,
            changes: 300,
            bytes: 70_000,
            hash,
            max_op: u64::MAX,
        };
        assert_eq!(DocumentRow::decode(&document.encode()), Ok(document));
        let change = ChangeRow {
            place,
            start_op: 200,
            max_op: 201,
        };
        assert_eq!(ChangeRow::decode(&change.encode()), Ok(change));
        let tip = TipRow { seq: 4, hash };
        assert_eq!(TipRow::decode(&tip.encode()), Ok(tip));
        assert_eq!(seq_of(&place.key()), Some(1 << 40));
        assert_eq!(ChangeRow::hash_of(&ChangeRow::key(place, &hash)), Some(hash));
        assert_eq!(TipRow::number_of(&TipRow::key(place, 77)), Some(77));
    }

    #[test]
    fn keys_are_in_order_of_log_and_position() {
        let places = [(0, 0), (0, 1), (0, 255), (0, 256), (1, 0), (256, 0)];
        let keys = places.map(|(number, seq)| Place { number, seq }.key());
        assert!(keys.is_sorted());
    }
}
