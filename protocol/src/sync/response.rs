//! What nodes answer, and what they tell everybody.

use super::frame::{Body, ascending, flag, list};
use super::limits::{BUSY_MS_MAX, FORKS_MAX, NODES_MAX, STATEMENTS_MAX};
use super::run::{self, Run};
use crate::charter::STATEMENT_BYTES_MAX;
use crate::id::Digest;
use crate::log::HEADER_BYTES_MAX;
use crate::wire::{ReadError, Reader, Writer};

/// A header and its signature, as they travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentHeader {
    /// The bytes of the header.
    pub bytes: Vec<u8>,
    /// The signature over them.
    pub signature: [u8; 64],
}

/// What a node answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// The asker's digest is ours.
    Equal,
    /// The statements differ: those first.
    StatementsDiffer,
    /// Fragments of what is held per node key, in order of node key, which both sides know.
    Parts(Vec<u32>),
    /// Fragments of node key and of what is held of it, for sides whose statements differ; ascending.
    Listed(Vec<(u32, u32)>),
    /// Statements the asker lacks.
    Statements {
        /// Whether more remain: ask again.
        more: bool,
        /// The statements.
        statements: Vec<Vec<u8>>,
    },
    /// Entries the asker lacks.
    Entries {
        /// Whether more remain: ask again.
        more: bool,
        /// Runs of entries, several logs.
        runs: Vec<Run>,
        /// Fragments of logs of which the asker's head is not in the chain held here.
        forks: Vec<u32>,
    },
    /// The header asked for, if it is held.
    Header(Option<SentHeader>),
    /// Too much was asked: ask again later.
    Busy {
        /// After how many milliseconds.
        retry_ms: u64,
    },
    /// The request is of a version or type not known here.
    Unknown {
        /// The version that was received.
        version: u8,
        /// The type that was received.
        kind: u8,
    },
}

/// What a node tells everybody: somebody has something new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Digest of everything the sender holds.
    pub digest: Digest,
}

impl Body for Response {
    fn kind(&self) -> u8 {
        match self {
            Self::Equal => 0x81,
            Self::StatementsDiffer => 0x82,
            Self::Parts(_) => 0x83,
            Self::Listed(_) => 0x84,
            Self::Statements { .. } => 0x85,
            Self::Entries { .. } => 0x86,
            Self::Header(_) => 0x87,
            Self::Busy { .. } => 0x88,
            Self::Unknown { .. } => 0x89,
        }
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Equal | Self::StatementsDiffer => {}
            Self::Parts(parts) => {
                out.number(parts.len() as u64);
                parts.iter().for_each(|part| {
                    out.u32(*part);
                });
            }
            Self::Listed(listed) => {
                out.number(listed.len() as u64);
                listed.iter().for_each(|(node, part)| {
                    out.u32(*node).u32(*part);
                });
            }
            Self::Statements { more, statements } => {
                out.u8(u8::from(*more)).number(statements.len() as u64);
                statements.iter().for_each(|statement| {
                    out.bytes(statement);
                });
            }
            Self::Entries { more, runs, forks } => write_entries(*more, runs, forks, out),
            Self::Header(None) => {
                out.number(0);
            }
            Self::Header(Some(header)) => {
                out.bytes(&header.bytes).raw(&header.signature);
            }
            Self::Busy { retry_ms } => {
                out.number(*retry_ms);
            }
            Self::Unknown { version, kind } => {
                out.u8(*version).u8(*kind);
            }
        }
    }

    fn read(kind: u8, input: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
        Ok(Some(match kind {
            0x81 => Self::Equal,
            0x82 => Self::StatementsDiffer,
            0x83 => Self::Parts(list(input, "nodes", NODES_MAX, 4, |input| input.u32("part"))?),
            0x84 => Self::Listed(read_listed(input)?),
            0x85 => Self::Statements {
                more: flag(input, "more")?,
                statements: list(input, "statements", STATEMENTS_MAX, 1, |input| {
                    Ok(input.bytes("statement", STATEMENT_BYTES_MAX)?.to_vec())
                })?,
            },
            0x86 => Self::Entries {
                more: flag(input, "more")?,
                runs: run::read_all(input)?,
                forks: list(input, "forks", FORKS_MAX, 4, |input| input.u32("log"))?,
            },
            0x87 => Self::Header(read_header(input)?),
            0x88 => Self::Busy {
                retry_ms: input.number("wait", BUSY_MS_MAX)?,
            },
            0x89 => Self::Unknown {
                version: input.u8("version")?,
                kind: input.u8("type")?,
            },
            _ => return Ok(None),
        }))
    }
}

impl Body for Hint {
    fn kind(&self) -> u8 {
        0x40
    }

    fn write(&self, out: &mut Writer) {
        out.raw(&self.digest.0);
    }

    fn read(kind: u8, input: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
        match kind {
            0x40 => Ok(Some(Self {
                digest: Digest(input.array("digest")?),
            })),
            _ => Ok(None),
        }
    }
}

fn write_entries(more: bool, runs: &[Run], forks: &[u32], out: &mut Writer) {
    out.u8(u8::from(more));
    run::write_all(runs, out);
    out.number(forks.len() as u64);
    forks.iter().for_each(|log| {
        out.u32(*log);
    });
}

fn read_listed(input: &mut Reader<'_>) -> Result<Vec<(u32, u32)>, ReadError> {
    let at = input.at();
    let listed = list(input, "nodes", NODES_MAX, 8, |input| {
        Ok((input.u32("node")?, input.u32("part")?))
    })?;
    ascending("order of nodes", at, listed.iter())?;
    Ok(listed)
}

fn read_header(input: &mut Reader<'_>) -> Result<Option<SentHeader>, ReadError> {
    let bytes = input.bytes("header", HEADER_BYTES_MAX)?.to_vec();
    if bytes.is_empty() {
        return Ok(None);
    }
    let signature = input.array("signature")?;
    Ok(Some(SentHeader { bytes, signature }))
}
