//! Entries on their way: header bytes as received, signature, salt and payload, with as little around them as possible.
//!
//! A run is consecutive entries of one log. It names neither the log nor its place: the signed headers do. A header
//! is sent as the part that differs from the header sent before it, which saves federation, node key, incarnation and
//! most of the position without knowing that they exist. Headers are not read here, because one that a later version
//! wrote must end its own run and not the whole answer.

use super::frame::list;
use super::limits::{RUN_ENTRIES_MAX, RUNS_MAX};
use crate::log::{Entry, HEADER_BYTES_MAX, HeaderError, PAYLOAD_BYTES_MAX, Payload, SignedHeader};
use crate::wire::{ReadError, Reader, Writer};

/// Fewest bytes an entry takes: a header that adds nothing, a signature, no payload.
const SENT_BYTES_MIN: usize = 1 + 1 + 64 + 1;

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

    fn write(&self, before: &[u8], out: &mut Writer) {
        let shared = shared(before, &self.header);
        out.number(shared as u64)
            .bytes(&self.header[shared..])
            .raw(&self.signature);
        match &self.payload {
            Payload::Erased => out.number(0),
            Payload::Held { salt, bytes } => out.number(bytes.len() as u64 + 1).raw(salt).raw(bytes),
        };
    }

    fn decode(before: &[u8], input: &mut Reader<'_>) -> Result<Self, ReadError> {
        let header = read_header(before, input)?;
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

/// How many bytes two headers have in common from the first on.
fn shared(before: &[u8], header: &[u8]) -> usize {
    before
        .iter()
        .zip(header)
        .take_while(|(one, other)| one == other)
        .count()
}

fn read_header(before: &[u8], input: &mut Reader<'_>) -> Result<Vec<u8>, ReadError> {
    let at = input.at();
    let count = input.count("header shared", before.len())?;
    let own = input.bytes("header", HEADER_BYTES_MAX - count.min(HEADER_BYTES_MAX))?;
    let header = [&before[..count], own].concat();
    if shared(before, &header) == count {
        Ok(header)
    } else {
        Err(ReadError::Form { what: "header", at })
    }
}

/// Writes runs, each header against the one before it.
pub(super) fn write_all(runs: &[Run], out: &mut Writer) {
    out.number(runs.len() as u64);
    let mut before: &[u8] = &[];
    for run in runs {
        out.number(run.len() as u64);
        for sent in run {
            sent.write(before, out);
            before = &sent.header;
        }
    }
}

/// Reads runs.
pub(super) fn read_all(input: &mut Reader<'_>) -> Result<Vec<Run>, ReadError> {
    let mut before = Vec::new();
    list(input, "runs", RUNS_MAX, 1 + SENT_BYTES_MIN, |input| {
        let at = input.at();
        let run = list(input, "entries of a run", RUN_ENTRIES_MAX, SENT_BYTES_MIN, |input| {
            let sent = Sent::decode(&before, input)?;
            before.clone_from(&sent.header);
            Ok(sent)
        })?;
        if run.is_empty() {
            return Err(ReadError::Form { what: "run", at });
        }
        Ok(run)
    })
}
