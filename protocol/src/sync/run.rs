//! Entries on their way: header bytes as received, signature, salt and payload, with as little around them as possible.
//!
//! A run is consecutive entries of one log. It names neither the log nor its place: the signed headers do. Headers
//! are not read here, because one that a later version wrote must end its own run and not the whole answer.

use super::frame::list;
use super::limits::RUN_ENTRIES_MAX;
use crate::log::{Entry, HEADER_BYTES_MAX, HeaderError, PAYLOAD_BYTES_MAX, Payload, SignedHeader};
use crate::wire::{ReadError, Reader, Writer};

/// Fewest bytes an entry takes: an empty header, a signature, no payload.
const SENT_BYTES_MIN: usize = 1 + 64 + 1;

/// An entry as it travels, its header not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The bytes of the header.
    pub header: Vec<u8>,
    /// The signature over them.
    pub signature: [u8; 64],
    /// The payload, or that it was erased.
    pub payload: Payload,
}

/// Consecutive entries of one log, at least one.
pub type Run = Vec<Sent>;

impl From<Entry> for Sent {
    fn from(entry: Entry) -> Self {
        Self {
            header: entry.signed.bytes().to_vec(),
            signature: *entry.signed.signature(),
            payload: entry.payload,
        }
    }
}

impl Sent {
    /// The entry, its header read but not verified.
    ///
    /// # Errors
    /// Any [`HeaderError`] of form.
    pub fn read(self) -> Result<Entry, HeaderError> {
        Ok(Entry {
            signed: SignedHeader::read(&self.header, self.signature)?,
            payload: self.payload,
        })
    }

    /// Bytes it takes in a message, at most.
    #[must_use]
    pub fn weight(&self) -> usize {
        let payload = match &self.payload {
            Payload::Held { salt, bytes } => salt.len() + bytes.len(),
            Payload::Erased => 0,
        };
        2 + self.header.len() + self.signature.len() + 3 + payload
    }

    fn write(&self, out: &mut Writer) {
        out.bytes(&self.header).raw(&self.signature);
        match &self.payload {
            Payload::Erased => out.number(0),
            Payload::Held { salt, bytes } => out.number(bytes.len() as u64 + 1).raw(salt).raw(bytes),
        };
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, ReadError> {
        let header = input.bytes("header", HEADER_BYTES_MAX)?.to_vec();
        let signature = input.array("signature")?;
        let payload = match input.count("payload", PAYLOAD_BYTES_MAX + 1)? {
            0 => Payload::Erased,
            len => Payload::Held {
                salt: input.array("salt")?,
                bytes: input.take("payload", len - 1)?.to_vec(),
            },
        };
        Ok(Self {
            header,
            signature,
            payload,
        })
    }
}

/// Writes a run.
pub(super) fn write(run: &Run, out: &mut Writer) {
    out.number(run.len() as u64);
    run.iter().for_each(|sent| sent.write(out));
}

/// Reads a run.
pub(super) fn read(input: &mut Reader<'_>) -> Result<Run, ReadError> {
    let at = input.at();
    let run = list(input, "entries of a run", RUN_ENTRIES_MAX, SENT_BYTES_MIN, Sent::decode)?;
    if run.is_empty() {
        return Err(ReadError::Form { what: "run", at });
    }
    Ok(run)
}
