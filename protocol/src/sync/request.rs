//! What nodes ask.
//!
//! | asked | answered with |
//! |---|---|
//! | [`Request::Compare`] | `Equal`, `StatementsDiffer`, `Parts`, `Listed` |
//! | [`Request::Statements`] | `Statements` |
//! | [`Request::Pull`] | `Entries` |
//! | [`Request::Header`] | `Header` |
//! | any of them | `Busy` |
//! | what is not known | `Unknown` |

use super::fragment::Nonce;
use super::frame::{Body, ascending, flag, list};
use super::limits::{HAVES_MAX, HELD_MAX, WANTS_MAX};
use crate::id::{Digest, LogId};
use crate::wire::{ReadError, Reader, Writer};

/// What an asker wants to hear of one node key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// Fragment of the node key.
    pub node: u32,
    /// Every log of it that the asker holds or does not want, in order of fragment.
    pub haves: Vec<Have>,
}

/// One log at the asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Have {
    /// Fragment of the log id.
    pub log: u32,
    /// How far the asker has it.
    pub hold: Hold,
}

/// How far an asker has a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It does not want more of it: what came next was refused before.
    Enough,
    /// It holds this many entries, at least one.
    At {
        /// Number of entries.
        held: u64,
        /// Fragment of the hash of the last one's header.
        head: u32,
    },
}

/// What a node asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Do we hold the same?
    Compare {
        /// Digest of everything the asker holds.
        digest: Digest,
        /// Digest of its statements alone.
        statements: Digest,
        /// Keys the fragments of the answer.
        nonce: Nonce,
        /// Whether to compare by node key although the statements differ.
        listed: bool,
    },
    /// Which statements do you hold that I lack?
    Statements {
        /// Keys the fragments.
        nonce: Nonce,
        /// Fragments of the ids the asker holds, ascending; 131,072 of them speak only for fragments up to the last.
        held: Vec<u64>,
    },
    /// Which entries do you hold that I lack?
    Pull {
        /// Keys the fragments.
        nonce: Nonce,
        /// Per node key what the asker has, in order of fragment. With 65,536 logs in all, the last list
        /// speaks only for fragments up to its last one.
        wants: Vec<Want>,
    },
    /// One signed header, to find where two chains part.
    Header {
        /// The log.
        log: LogId,
        /// The position.
        seq: u64,
    },
}

impl Body for Request {
    fn kind(&self) -> u8 {
        match self {
            Self::Compare { .. } => 1,
            Self::Statements { .. } => 2,
            Self::Pull { .. } => 3,
            Self::Header { .. } => 4,
        }
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Compare {
                digest,
                statements,
                nonce,
                listed,
            } => {
                out.raw(&digest.0)
                    .raw(&statements.0)
                    .raw(&nonce.0)
                    .u8(u8::from(*listed));
            }
            Self::Statements { nonce, held } => {
                out.raw(&nonce.0).number(held.len() as u64);
                held.iter().for_each(|fragment| {
                    out.u64(*fragment);
                });
            }
            Self::Pull { nonce, wants } => {
                out.raw(&nonce.0).number(wants.len() as u64);
                wants.iter().for_each(|want| write_want(want, out));
            }
            Self::Header { log, seq } => {
                out.raw(&log.0).number(*seq);
            }
        }
    }

    fn read(kind: u8, input: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
        Ok(Some(match kind {
            1 => Self::Compare {
                digest: Digest(input.array("digest")?),
                statements: Digest(input.array("digest of statements")?),
                nonce: Nonce(input.array("nonce")?),
                listed: flag(input, "listed")?,
            },
            2 => Self::Statements {
                nonce: Nonce(input.array("nonce")?),
                held: read_held(input)?,
            },
            3 => Self::Pull {
                nonce: Nonce(input.array("nonce")?),
                wants: read_wants(input)?,
            },
            4 => Self::Header {
                log: LogId(input.array("log")?),
                seq: input.number("seq", u64::MAX)?,
            },
            _ => return Ok(None),
        }))
    }
}

fn write_want(want: &Want, out: &mut Writer) {
    out.u32(want.node).number(want.haves.len() as u64);
    for have in &want.haves {
        out.u32(have.log);
        match have.hold {
            Hold::Enough => out.number(0),
            Hold::At { held, head } => out.number(held).u32(head),
        };
    }
}

fn read_held(input: &mut Reader<'_>) -> Result<Vec<u64>, ReadError> {
    let at = input.at();
    let held = list(input, "statements held", HELD_MAX, 8, |input| input.u64("statement"))?;
    ascending("order of statements", at, held.iter())?;
    Ok(held)
}

fn read_wants(input: &mut Reader<'_>) -> Result<Vec<Want>, ReadError> {
    let mut haves_left = HAVES_MAX;
    let at = input.at();
    let wants = list(input, "nodes wanted", WANTS_MAX, 5, |input| {
        let (node, at) = (input.u32("node")?, input.at());
        let haves = list(input, "logs held", haves_left, 5, read_have)?;
        ascending("order of logs", at, haves.iter().map(|have| have.log))?;
        haves_left -= haves.len();
        Ok(Want { node, haves })
    })?;
    ascending("order of nodes", at, wants.iter().map(|want| want.node))?;
    Ok(wants)
}

fn read_have(input: &mut Reader<'_>) -> Result<Have, ReadError> {
    let log = input.u32("log")?;
    let hold = match input.number("height", u64::MAX)? {
        0 => Hold::Enough,
        held => Hold::At {
            held,
            head: input.u32("head")?,
        },
    };
    Ok(Have { log, hold })
}
