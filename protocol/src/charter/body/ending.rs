//! Where logs stop counting.

use super::super::StatementError;
use super::super::member::exact;
use crate::id::{HeaderHash, LogId, NodeKey};
use crate::wire::{Fields, ReadError, Reader, Writer};

/// Most logs that the end of one node key can list.
const CUTS_MAX: usize = 4096;
/// Most node keys that one statement can end.
const ENDINGS_MAX: usize = 1024;

/// Where a log stops counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The log.
    pub log: LogId,
    /// Entries from this position on do not count.
    pub seq: u64,
    /// Hash of the last header that counts.
    pub head: HeaderHash,
}

/// The end of a node key. Logs that are not listed are cut at 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The node key that ends.
    pub node: NodeKey,
    /// Where each of its logs stops, in order of log id.
    pub cuts: Vec<Cut>,
}

impl Ending {
    pub(super) fn fields(&self, fields: &mut Fields) {
        fields.set(1, self.node.0).set(2, write_cuts(&self.cuts));
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "end of a node key";
        let node = NodeKey(exact(what, &fields.require(what, 1)?)?);
        Self::checked(node, read_cuts(&fields.require(what, 2)?)?)
    }

    fn checked(node: NodeKey, cuts: Vec<Cut>) -> Result<Self, StatementError> {
        if cuts.windows(2).all(|pair| pair[0].log < pair[1].log) {
            Ok(Self { node, cuts })
        } else {
            Err(StatementError::Content("logs are not in order, each once"))
        }
    }

    /// Entries of this log from here on do not count.
    pub(in super::super) fn limit(&self, log: LogId) -> u64 {
        self.cuts.iter().find(|cut| cut.log == log).map_or(0, |cut| cut.seq)
    }
}

/// Several ends: a count, then per end node key and cuts.
pub(in super::super) fn write_endings(endings: &[Ending]) -> Vec<u8> {
    let mut out = Writer::new();
    out.number(endings.len() as u64);
    for ending in endings {
        out.raw(&ending.node.0).bytes(&write_cuts(&ending.cuts));
    }
    out.finish()
}

/// Several ends, in order of node key, each once.
pub(in super::super) fn read_endings(bytes: &[u8]) -> Result<Vec<Ending>, StatementError> {
    let mut input = Reader::new(bytes);
    let count = input.count("number of ends", ENDINGS_MAX)?;
    let endings = (0..count).map(|_| {
        let node = NodeKey(input.array("node key")?);
        let cuts = input.bytes("logs", super::super::STATEMENT_BYTES_MAX)?;
        Ending::checked(node, read_cuts(cuts)?)
    });
    let endings = endings.collect::<Result<Vec<_>, StatementError>>()?;
    input.end()?;
    if endings.windows(2).all(|pair| pair[0].node < pair[1].node) {
        Ok(endings)
    } else {
        Err(StatementError::Content("ends are not in order of node key, each once"))
    }
}

fn write_cuts(cuts: &[Cut]) -> Vec<u8> {
    let mut out = Writer::new();
    out.number(cuts.len() as u64);
    for cut in cuts {
        out.raw(&cut.log.0).u64(cut.seq).raw(&cut.head.0);
    }
    out.finish()
}

fn read_cuts(bytes: &[u8]) -> Result<Vec<Cut>, ReadError> {
    let mut input = Reader::new(bytes);
    let count = input.count("number of logs", CUTS_MAX)?;
    let cuts = (0..count).map(|_| {
        let log = LogId(input.array("log")?);
        Ok(Cut {
            log,
            seq: input.u64("seq")?,
            head: HeaderHash(input.array("head")?),
        })
    });
    let cuts = cuts.collect::<Result<Vec<_>, ReadError>>()?;
    input.end()?;
    Ok(cuts)
}
