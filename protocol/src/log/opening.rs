//! The first entry of every log: which earlier logs of the same node it follows.
//!
//! A log is never resumed after a restart. Its opening names the heads of the node's earlier logs as far as that run
//! knew them, which closes them: nobody will write there again. An entry behind a named head is still valid (a node
//! that lost its newest writes did not know them), so closing never takes anything away.

use super::entry::PAYLOAD_BYTES_MAX;
use crate::id::{HeaderHash, Incarnation};
use crate::wire::{Fields, ReadError, Reader, Writer};

/// The number of an opening among the kinds of statements in a log.
pub const OPENING_KIND: u16 = 1;
/// Most earlier logs an opening can name; the next opening names what is left.
pub const EARLIER_MAX: usize = 1024;
/// Most fields an opening may have.
const FIELDS_MAX: usize = 16;
const TAG_EARLIER: u64 = 1;

/// How far an earlier log was known when a new one was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Which run.
    pub incarnation: Incarnation,
    /// Its entries, at least one.
    pub held: u64,
    /// Hash of the last of their headers.
    pub head: HeaderHash,
}

/// What the first entry of a log says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    earlier: Vec<Earlier>,
    unknown: Fields,
}

impl Opening {
    /// An opening that names these logs: those with the lowest incarnations where they are more than [`EARLIER_MAX`].
    #[must_use]
    pub fn new(mut earlier: Vec<Earlier>) -> Self {
        earlier.sort_by_key(|log| log.incarnation);
        earlier.dedup_by_key(|log| log.incarnation);
        earlier.truncate(EARLIER_MAX);
        Self {
            earlier,
            unknown: Fields::new(),
        }
    }

    /// The earlier logs, in order of incarnation.
    #[must_use]
    pub fn earlier(&self) -> &[Earlier] {
        &self.earlier
    }

    /// The payload.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut list = Writer::new();
        list.number(self.earlier.len() as u64);
        for log in &self.earlier {
            list.raw(&log.incarnation.0).u64(log.held).raw(&log.head.0);
        }
        let mut fields = self.unknown.clone();
        fields.set(TAG_EARLIER, list.finish());
        let mut out = Writer::new();
        fields.write(&mut out);
        out.finish()
    }

    /// Reads a payload; fields of a later version are kept.
    ///
    /// # Errors
    /// [`ReadError`]: what is wrong with its form.
    pub fn decode(payload: &[u8]) -> Result<Self, ReadError> {
        let mut input = Reader::new(payload);
        let mut fields = Fields::read(&mut input, FIELDS_MAX, PAYLOAD_BYTES_MAX)?;
        input.end()?;
        let list = fields.require("opening", TAG_EARLIER)?;
        let mut input = Reader::new(&list);
        let count = input.count("earlier logs", EARLIER_MAX)?;
        let mut earlier: Vec<Earlier> = Vec::with_capacity(count);
        for _ in 0..count {
            let log = read_earlier(&mut input)?;
            if earlier.last().is_some_and(|last| last.incarnation >= log.incarnation) {
                return Err(order(&input));
            }
            earlier.push(log);
        }
        input.end()?;
        Ok(Self {
            earlier,
            unknown: fields,
        })
    }
}

fn read_earlier(input: &mut Reader<'_>) -> Result<Earlier, ReadError> {
    let log = Earlier {
        incarnation: Incarnation(input.array("incarnation")?),
        held: input.u64("height")?,
        head: HeaderHash(input.array("head")?),
    };
    if log.held == 0 {
        return Err(order(input));
    }
    Ok(log)
}

fn order(input: &Reader<'_>) -> ReadError {
    ReadError::Form {
        what: "earlier logs",
        at: input.at(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::{Entropy, Seeded};

    fn earlier(count: usize, rng: &mut Seeded) -> Vec<Earlier> {
        let one = |_| Earlier {
            incarnation: Incarnation(rng.bytes()),
            held: 1 + rng.below(1000),
            head: HeaderHash(rng.bytes()),
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn openings_are_read_back_and_fit_a_payload() {
        let mut rng = Seeded::new(1);
        for (count, named) in [(0, 0), (1, 1), (1023, 1023), (1024, 1024), (1025, 1024)] {
            let opening = Opening::new(earlier(count, &mut rng));
            let bytes = opening.encode();
            assert_eq!(opening.earlier().len(), named);
            assert!(bytes.len() <= PAYLOAD_BYTES_MAX);
            assert_eq!(Opening::decode(&bytes), Ok(opening));
        }
    }

    #[test]
    fn fields_of_a_later_version_are_kept() {
        let mut rng = Seeded::new(2);
        let mut opening = Opening::new(earlier(3, &mut rng));
        opening.unknown.set(9, *b"later");
        let read = Opening::decode(&opening.encode()).unwrap();
        assert_eq!(read.encode(), opening.encode());
    }

    #[test]
    fn logs_out_of_order_twice_or_empty_are_refused() {
        let mut rng = Seeded::new(3);
        let mut opening = Opening::new(earlier(2, &mut rng));
        opening.earlier.swap(0, 1);
        assert!(Opening::decode(&opening.encode()).is_err());
        opening.earlier[1] = opening.earlier[0];
        assert!(Opening::decode(&opening.encode()).is_err());
        opening.earlier.truncate(1);
        opening.earlier[0].held = 0;
        assert!(Opening::decode(&opening.encode()).is_err());
    }

    #[test]
    fn mutated_openings_never_panic_and_have_one_encoding() {
        let mut rng = Seeded::new(4);
        let bytes = Opening::new(earlier(3, &mut rng)).encode();
        let mut read = 0;
        for _ in 0..100_000 {
            let mut mutant = bytes.clone();
            for _ in 0..=rng.below(3) {
                let at = rng.below(mutant.len() as u64) as usize;
                mutant[at] = rng.next() as u8;
            }
            mutant.truncate(mutant.len() - rng.below(2) as usize * rng.below(9) as usize);
            if let Ok(opening) = Opening::decode(&mutant) {
                assert_eq!(opening.encode(), mutant);
                read += 1;
            }
        }
        assert!(read > 0, "some mutants only name another log");
    }
}
