//! What a replica remembers of one log, and how that is stored.

use super::fork::Forked;
use super::refusal::{Reason, Refusal};
use crate::id::{ChangeHash, DocumentId, Gemeente, HeaderHash, Incarnation, NodeKey};
use crate::wire::{ReadError, Reader, Writer};

const VERSION: u8 = 2;

/// What a log weighs beside its entries, in bytes: what is remembered of it while a node runs, generously.
const LOG_BYTES: u64 = 4 * 1024;

/// What the entry at the effective height of a log waits for. Both can only come from the same gemeente.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waiting {
    /// The founding entry of its document.
    Document(DocumentId),
    /// A change of its document that it depends on.
    Change(DocumentId, ChangeHash),
    /// Its own payload, which this disk lost or damaged: see [`Replica::mend`](super::Replica::mend).
    Payload(DocumentId),
}

/// What is known of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// Local number: keys start with it, so they are short and in order of arrival. Means nothing elsewhere.
    pub(super) number: u32,
    /// Whose log it is.
    pub node: NodeKey,
    /// For whom that node spoke when the log came in; it never speaks for another, though it may fall silent.
    pub gemeente: Gemeente,
    /// Which run of that node.
    pub incarnation: Incarnation,
    /// Entries held: the position of the next one.
    pub held: u64,
    /// Hash of the last header held; zero when none is.
    pub head: HeaderHash,
    /// What the entries held weigh, in bytes; payloads that are erased count too, so that it is the same for everybody.
    pub(super) bytes: u64,
    /// Entries that count, from the first on.
    pub effective: u64,
    /// Hash of the last header that counts; zero when none does.
    pub effective_head: HeaderHash,
    /// What the next entry waits for, if it waits.
    pub waiting: Option<Waiting>,
    /// The held entry that turned out invalid: nothing from there on counts, for anyone.
    pub cut: Option<Refusal>,
    /// The entry at `held` that its own node signed and that nobody will take: the log ends there. Not stored, so
    /// that a later version of this program judges again.
    pub refused: Option<Refusal>,
}

impl LogState {
    /// A log of which nothing is held yet.
    #[must_use]
    pub(super) fn new(number: u32, (node, gemeente): (NodeKey, Gemeente), incarnation: Incarnation) -> Self {
        Self {
            number,
            node,
            gemeente,
            incarnation,
            held: 0,
            head: HeaderHash([0; 32]),
            bytes: 0,
            effective: 0,
            effective_head: HeaderHash([0; 32]),
            waiting: None,
            cut: None,
            refused: None,
        }
    }

    /// How far two nodes can hold the same of this log, and the hash of the last header of that: everything, or what comes
    /// before the proven fork. Behind it each may hold another history, which counts for nobody.
    #[must_use]
    pub fn common(&self, fork: Option<&Forked>) -> (u64, HeaderHash) {
        match fork.filter(|fork| self.held >= fork.seq) {
            Some(fork) => (fork.seq, fork.head),
            None => (self.held, self.head),
        }
    }

    /// What this log takes of a node, in bytes.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.bytes.saturating_add(LOG_BYTES)
    }

    /// Nothing counts any more, until it is judged again.
    pub(super) fn rewind(&mut self) {
        self.effective = 0;
        self.effective_head = HeaderHash([0; 32]);
        self.waiting = None;
        self.cut = None;
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .u32(self.number)
            .raw(&self.node.0)
            .u16(self.gemeente.number())
            .raw(&self.incarnation.0);
        out.u64(self.held).raw(&self.head.0).u64(self.bytes);
        out.u64(self.effective).raw(&self.effective_head.0);
        match &self.waiting {
            None => out.u8(0),
            Some(Waiting::Document(document)) => out.u8(1).raw(&document.0),
            Some(Waiting::Change(document, change)) => out.u8(2).raw(&document.0).raw(&change.0),
            Some(Waiting::Payload(document)) => out.u8(3).raw(&document.0),
        };
        match &self.cut {
            None => out.u8(0),
            Some(cut) => out.u8(cut.why.number()).u64(cut.seq),
        };
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut input = Reader::new(bytes);
        let version = input.u8("version")?;
        if version != VERSION {
            let (what, found) = ("log state", u64::from(version));
            return Err(ReadError::Version { what, found });
        }
        let state = Self {
            number: input.u32("number")?,
            node: NodeKey(input.array("node key")?),
            gemeente: read_gemeente(&mut input)?,
            incarnation: Incarnation(input.array("incarnation")?),
            held: input.u64("held")?,
            head: HeaderHash(input.array("head")?),
            bytes: input.u64("bytes")?,
            effective: input.u64("effective")?,
            effective_head: HeaderHash(input.array("effective head")?),
            waiting: read_waiting(&mut input)?,
            cut: read_cut(&mut input)?,
            refused: None,
        };
        input.end()?;
        Ok(state)
    }
}

fn read_gemeente(input: &mut Reader<'_>) -> Result<Gemeente, ReadError> {
    let at = input.at();
    let number = input.u16("gemeente")?;
    Gemeente::new(number).map_err(|_| ReadError::Form { what: "gemeente", at })
}

fn read_waiting(input: &mut Reader<'_>) -> Result<Option<Waiting>, ReadError> {
    let at = input.at();
    match input.u8("waiting")? {
        0 => Ok(None),
        1 => Ok(Some(Waiting::Document(DocumentId(input.array("document")?)))),
        2 => {
            let document = DocumentId(input.array("document")?);
            Ok(Some(Waiting::Change(document, ChangeHash(input.array("change")?))))
        }
        3 => Ok(Some(Waiting::Payload(DocumentId(input.array("document")?)))),
        _ => Err(ReadError::Form { what: "waiting", at }),
    }
}

fn read_cut(input: &mut Reader<'_>) -> Result<Option<Refusal>, ReadError> {
    let at = input.at();
    match input.u8("cut")? {
        0 => Ok(None),
        number => {
            let why = Reason::from_number(number).ok_or(ReadError::Form { what: "cut", at })?;
            let seq = input.u64("cut")?;
            Ok(Some(Refusal { seq, why }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_back_in_every_form() {
        let (document, gemeente) = (DocumentId([3; 32]), Gemeente::new(9901).unwrap());
        for waiting in [
            None,
            Some(Waiting::Document(document)),
            Some(Waiting::Change(document, ChangeHash([4; 32]))),
            Some(Waiting::Payload(document)),
        ] {
            for cut in [
                None,
                Some(Refusal {
                    seq: 7,
                    why: Reason::OtherGemeente,
                }),
            ] {
                let mut state = LogState::new(9, (NodeKey([1; 32]), gemeente), Incarnation([2; 16]));
                (state.held, state.effective, state.waiting, state.cut) = (12, 7, waiting, cut);
                state.bytes = 5_000;
                let bytes = state.encode();
                assert_eq!(LogState::decode(&bytes), Ok(state));
                assert!(LogState::decode(&bytes[..bytes.len() - 1]).is_err());
            }
        }
    }
}
