//! Proof that a node wrote two different histories into one log.
//!
//! Two *branches* start at the same position, behind the same header, with different headers. A branch runs on as far
//! as the first header whose signature is at hand and valid; the chain carries that signature back to its first.
//! Whoever holds the proof can check it with nothing else, and it names the last common entry: from there on the log
//! counts for nobody.
//!
//! **Invariant:** of two branches there is one proof: the one with the lesser first hash stands first.

use super::header::{HEADER_BYTES_MAX, Header, HeaderError, SignedHeader};
use super::ingest::SIGNED_EVERY;
use crate::id::{FederationId, HeaderHash, LogId, NodeKey};
use crate::wire::{ReadError, Reader, Writer};

/// Most headers a branch has: a replica keeps no entry that is further from a checked signature.
pub const BRANCH_HEADERS_MAX: usize = SIGNED_EVERY + 1;
/// Most bytes of an encoded proof.
pub const FORK_PROOF_BYTES_MAX: usize = 2 * (BRANCH_HEADERS_MAX * (HEADER_BYTES_MAX + 2) + 66) + 1;
const VERSION: u8 = 1;

/// Why bytes are not a proof of a fork.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForkError {
    /// The bytes do not have the form of a proof.
    #[error("not a proof of a fork: {0}")]
    Form(#[from] ReadError),
    /// A header in it cannot be read, or its signature is not its node's.
    #[error("a header does not hold: {0}")]
    Header(#[from] HeaderError),
    /// The headers do not show that one log has two histories.
    #[error("the headers do not show a fork: {0}")]
    Shown(&'static str),
}

/// Two branches of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkProof {
    branches: [Vec<SignedHeader>; 2],
}

/// What a proof shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forked {
    /// The federation the log belongs to.
    pub federation: FederationId,
    /// The log.
    pub log: LogId,
    /// Whose log it is.
    pub node: NodeKey,
    /// The position where the histories part: entries from there on do not count.
    pub seq: u64,
    /// The last common header; zero where they part at the first entry.
    pub head: HeaderHash,
}

impl ForkProof {
    /// The proof in two runs of headers of one log that start at one position, or nothing where they prove nothing:
    /// they do not part here, or a signature is not at hand.
    #[must_use]
    pub fn of(one: &[SignedHeader], other: &[SignedHeader]) -> Option<Self> {
        let mut branches = [branch(one)?.to_vec(), branch(other)?.to_vec()];
        branches.sort_by_key(|branch| branch[0].hash());
        let proof = Self { branches };
        proof.verify().is_ok().then_some(proof)
    }

    /// Checks everything and says what is shown.
    ///
    /// # Errors
    /// [`ForkError`]: why it shows nothing.
    pub fn verify(&self) -> Result<Forked, ForkError> {
        let [one, other] = &self.branches;
        let (Some(first), Some(second)) = (one.first(), other.first()) else {
            return Err(ForkError::Shown("a branch is empty"));
        };
        let (left, right) = (first.header(), second.header());
        let rules = [
            (left.seq == right.seq, "the branches start at different positions"),
            (left.previous == right.previous, "the branches parted before"),
            (
                first.hash() < second.hash(),
                "the branches are the same, or in the wrong order",
            ),
        ];
        if let Some((_, why)) = rules.into_iter().find(|(kept, _)| !kept) {
            return Err(ForkError::Shown(why));
        }
        check_branch(one, left)?;
        check_branch(other, left)?;
        Ok(Forked {
            federation: left.federation,
            log: left.log(),
            node: left.node,
            seq: left.seq,
            head: left.previous,
        })
    }

    /// The bytes of the proof: version, then per branch the number of headers, each header with its length, and the
    /// signature of the last.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION);
        for branch in &self.branches {
            out.number(branch.len() as u64);
            branch.iter().for_each(|header| {
                out.bytes(header.bytes());
            });
            branch.last().map(|last| out.raw(last.signature()));
        }
        out.finish()
    }

    /// Reads a proof; call [`ForkProof::verify`] before believing it.
    ///
    /// # Errors
    /// [`ForkError::Form`], [`ForkError::Header`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ForkError> {
        let mut input = Reader::new(bytes);
        let version = input.u8("version")?;
        if version != VERSION {
            let (what, found) = ("fork proof", u64::from(version));
            return Err(ReadError::Version { what, found }.into());
        }
        let branches = [read_branch(&mut input)?, read_branch(&mut input)?];
        input.end()?;
        Ok(Self { branches })
    }
}

/// A branch without headers.
const EMPTY: ForkError = ForkError::Shown("a branch is empty");

/// The headers of a run up to the first that is vouched for by its own signature.
pub(super) fn branch(run: &[SignedHeader]) -> Option<&[SignedHeader]> {
    let run = &run[..run.len().min(BRANCH_HEADERS_MAX)];
    let last = run.iter().position(|header| header.verify().is_ok())?;
    Some(&run[..=last])
}

/// The rules of a branch: one log, consecutive, chained, its last header signed.
fn check_branch(branch: &[SignedHeader], of: &Header) -> Result<(), ForkError> {
    let same_log = |header: &Header| {
        (header.federation, header.node, header.incarnation) == (of.federation, of.node, of.incarnation)
    };
    if !branch.iter().all(|signed| same_log(signed.header())) {
        return Err(ForkError::Shown("the headers are of several logs"));
    }
    let follows = |pair: &[SignedHeader]| {
        let (before, after) = (&pair[0], pair[1].header());
        Some(after.seq) == before.header().seq.checked_add(1) && after.previous == before.hash()
    };
    if !branch.windows(2).all(follows) {
        return Err(ForkError::Shown("the headers of a branch do not follow each other"));
    }
    match branch.last() {
        Some(last) => Ok(last.verify()?),
        None => Err(EMPTY),
    }
}

fn read_branch(input: &mut Reader<'_>) -> Result<Vec<SignedHeader>, ForkError> {
    let count = input.count("headers of a branch", BRANCH_HEADERS_MAX)?;
    if count == 0 {
        return Err(EMPTY);
    }
    let headers = (0..count).map(|_| input.bytes("header", HEADER_BYTES_MAX));
    let headers = headers.collect::<Result<Vec<_>, ReadError>>()?;
    let signature = input.array("signature")?;
    let read = |(at, bytes): (usize, &&[u8])| {
        let signature = if at + 1 == count { signature } else { [0; 64] };
        SignedHeader::read(bytes, signature)
    };
    Ok(headers.iter().enumerate().map(read).collect::<Result<_, _>>()?)
}

/// Finds where two histories part, by asking for the headers in between.
///
/// ```text
/// while let Some(seq) = search.next() { search.answer(our header at seq == their header at seq) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Positions below this are known to agree.
    low: u64,
    /// This position is known to differ.
    high: u64,
}

impl Search {
    /// The histories differ at this position; nothing is known below it.
    #[must_use]
    pub fn new(differs_at: u64) -> Self {
        Self {
            low: 0,
            high: differs_at,
        }
    }

    /// The position to compare next, or nothing when the answer is known.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        (self.low < self.high).then(|| self.low + (self.high - self.low) / 2)
    }

    /// Whether the headers at the position that [`Search::next`] named are the same.
    pub fn answer(&mut self, same: bool) {
        match (self.next(), same) {
            (Some(seq), true) => self.low = seq + 1,
            (Some(seq), false) => self.high = seq,
            (None, _) => {}
        }
    }

    /// The position where the histories part, once known.
    #[must_use]
    pub fn found(&self) -> Option<u64> {
        self.next().is_none().then_some(self.high)
    }
}

#[cfg(test)]
mod tests;
