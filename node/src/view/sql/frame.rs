//! How a question goes to the process that answers it, and what comes back: a length and as many bytes.
//!
//! **Invariant:** a frame that says it is longer than any is not read.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use protocol::id::{Snapshot, Week};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Fault;
use crate::view::tables::Shown;

/// Bytes of a question.
pub const SQL_BYTES_MAX: usize = 64 * 1024;
/// Rows of an answer.
pub const ROWS_MAX: u32 = 100_000;
/// Bytes of the rows of an answer.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Seconds that a question may be given.
pub const SECONDS_MAX: u64 = 60;
/// Bytes of any frame: the rows, or a question with its parameters.
const FRAME_BYTES_MAX: usize = 12 * 1024 * 1024;

/// The values for the places in a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parameters {
    /// By number: `?1`, `?2`.
    Listed(Vec<Value>),
    /// By name: `:thema`.
    Named(BTreeMap<String, Value>),
}

impl Default for Parameters {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

/// A question with what it may take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// One statement.
    pub sql: String,
    /// The values for its places.
    pub parameters: Parameters,
    /// Rows that are wanted at most.
    pub rows: u32,
    /// Bytes that these may take as JSON.
    pub bytes: usize,
    /// How long it may take.
    pub ms: u64,
    /// What full text found, best first, for the table `gevonden`; nothing when nobody asked for words.
    #[serde(default)]
    pub found: Option<Vec<Found>>,
}

/// A record that full text found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// How well it fits, to compare with others of the same question.
    pub score: u32,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The week and the state of knowledge that the tables showed; no snapshot while something was being taken in.
    pub shown: Shown,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// How many rows there are here.
    pub count: u32,
    /// Whether there are more than these.
    pub cut: bool,
    /// The rows: a JSON array of arrays.
    pub rows: Vec<u8>,
}

/// What comes back first; the rows follow in a frame of their own.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Answer {
        peilweek: Option<Week>,
        snapshot: Option<Snapshot>,
        columns: Vec<String>,
        count: u32,
        cut: bool,
    },
    Fault(Fault),
}

/// Writes one frame.
pub(super) fn send(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|_| bytes.len() <= FRAME_BYTES_MAX);
    let length = length.ok_or(io::ErrorKind::InvalidData)?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(bytes)?;
    out.flush()
}

/// Writes a value as one frame.
pub(super) fn send_json<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    send(out, &serde_json::to_vec(value)?)
}

/// Reads one frame.
pub(super) fn receive(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > FRAME_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    input.take(length as u64).read_to_end(&mut bytes)?;
    match bytes.len() == length {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Sends an answer, or why there is none.
pub(super) fn reply(out: &mut impl Write, answer: Result<Answer, Fault>) -> io::Result<()> {
    match answer {
        Ok(answer) => {
            let head = Reply::Answer {
                peilweek: answer.shown.peilweek,
                snapshot: answer.shown.snapshot,
                columns: answer.columns,
                count: answer.count,
                cut: answer.cut,
            };
            send_json(out, &head)?;
            send(out, &answer.rows)
        }
        Err(fault) => send_json(out, &Reply::Fault(fault)),
    }
}

/// Reads an answer, or why there is none.
pub(super) fn replied(input: &mut impl Read) -> io::Result<Result<Answer, Fault>> {
    match serde_json::from_slice(&receive(input)?)? {
        Reply::Fault(fault) => Ok(Err(fault)),
        Reply::Answer {
            peilweek,
            snapshot,
            columns,
            count,
            cut,
        } => Ok(Ok(Answer {
            shown: Shown { peilweek, snapshot },
            columns,
            count,
            cut,
            rows: receive(input)?,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_comes_back_and_what_is_too_long_is_not_read() {
        let answer = Answer {
            shown: Shown {
                peilweek: Some("2026-W53".parse().unwrap()),
                snapshot: Some(Snapshot([3; 32])),
            },
            columns: vec!["a".to_owned()],
            count: 1,
            cut: true,
            rows: b"[[1]]".to_vec(),
        };
        let mut bytes = Vec::new();
        reply(&mut bytes, Ok(answer.clone())).unwrap();
        reply(&mut bytes, Err(Fault::Empty)).unwrap();
        let mut read = bytes.as_slice();
        assert_eq!(replied(&mut read).unwrap(), Ok(answer));
        assert_eq!(replied(&mut read).unwrap(), Err(Fault::Empty));
        assert_eq!(receive(&mut read).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        let long = u32::MAX.to_be_bytes();
        assert_eq!(receive(&mut &long[..]).unwrap_err().kind(), io::ErrorKind::InvalidData);
        let short = [&9_u32.to_be_bytes()[..], b"abc"].concat();
        assert_eq!(
            receive(&mut &short[..]).unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
    }
}
