//! What a statement proves by itself, whoever holds it: that a node forked a log, or that a member voted twice.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Endorsement, Set, Statement, StatementError};
use crate::id::{FederationId, StatementId};
use crate::log::{ForkProof, Forked};
use crate::wire::Fields;

/// Most bytes of an endorsement in a proof.
const VOTE_BYTES_MAX: usize = 512;

/// Logs that one node may fork before none of its logs counts any more.
pub(super) const FORKS_MAX: usize = 16;
/// Double votes that are kept of one key.
pub(super) const DOUBLES_MAX: usize = 16;

/// Two votes of one key for different editions of one number in one ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleVote {
    votes: [Vec<u8>; 2],
}

/// Who voted twice, and in which vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubled {
    /// The key that signed both.
    pub voter: [u8; 32],
    /// The number of the editions.
    pub number: u64,
    /// The ballot.
    pub ballot: u32,
}

impl DoubleVote {
    /// The proof in two statements, or nothing where they prove nothing.
    #[must_use]
    pub fn of(one: &Statement, other: &Statement) -> Option<Self> {
        let mut votes = [one, other];
        votes.sort_by_key(|vote| vote.id());
        let votes = votes.map(|vote| vote.bytes().to_vec());
        let proof = Self { votes };
        proof.verify(one.federation()).map(|_| proof)
    }

    /// Proofs of the double votes that the votes in a set show and no proof in it does, one for each key, number and ballot.
    /// None of a key of which the set holds as many as it keeps.
    #[must_use]
    pub fn unproven(set: &Set) -> Vec<Self> {
        let mut proven: BTreeMap<[u8; 32], BTreeSet<Doubled>> = BTreeMap::new();
        for statement in set.iter() {
            if let Some(Evidence::Doubled(doubled)) = statement.evidence() {
                proven.entry(doubled.voter).or_default().insert(*doubled);
            }
        }
        let mut first: BTreeMap<Doubled, (&Statement, [u8; 32])> = BTreeMap::new();
        let mut found = Vec::new();
        for statement in set.iter() {
            let Body::Endorse(vote) = statement.body() else {
                continue;
            };
            let place = Doubled {
                voter: statement.author(),
                number: vote.number,
                ballot: vote.ballot,
            };
            let (held, edition) = *first.entry(place).or_insert((statement, vote.edition));
            let known = proven.entry(place.voter).or_default();
            if edition != vote.edition && known.len() < DOUBLES_MAX && known.insert(place) {
                found.extend(Self::of(held, statement));
            }
        }
        found
    }

    /// What is shown, or nothing where nothing is.
    pub(super) fn verify(&self, federation: FederationId) -> Option<Doubled> {
        let [one, other] = [
            read_vote(&self.votes[0], federation)?,
            read_vote(&self.votes[1], federation)?,
        ];
        let place = |(_, voter, vote): &(StatementId, [u8; 32], Endorsement)| Doubled {
            voter: *voter,
            number: vote.number,
            ballot: vote.ballot,
        };
        let shown = one.0 < other.0 && place(&one) == place(&other) && one.2.edition != other.2.edition;
        shown.then(|| place(&one))
    }

    pub(super) fn fields(&self, fields: &mut Fields) {
        fields.set(1, self.votes[0].clone()).set(2, self.votes[1].clone());
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "double vote";
        let votes = [fields.require(what, 1)?, fields.require(what, 2)?];
        if votes.iter().all(|vote| vote.len() <= VOTE_BYTES_MAX) {
            Ok(Self { votes })
        } else {
            Err(StatementError::Content("no vote is that long"))
        }
    }
}

/// An endorsement with its id and author.
fn read_vote(bytes: &[u8], federation: FederationId) -> Option<(StatementId, [u8; 32], Endorsement)> {
    // Nothing but a vote is read, so that a proof in a proof in a proof costs nothing.
    if bytes.get(1..3) != Some(&[0, 2]) {
        return None;
    }
    let statement = Statement::read(bytes).ok()?;
    let Body::Endorse(vote) = statement.body() else {
        return None;
    };
    (statement.federation() == federation).then(|| (statement.id(), statement.author(), vote.clone()))
}

pub(super) fn write_fork(proof: &ForkProof, fields: &mut Fields) {
    fields.set(1, proof.encode());
}

pub(super) fn read_fork(mut fields: Fields) -> Result<ForkProof, StatementError> {
    let bytes = fields.require("fork", 1)?;
    ForkProof::decode(&bytes).map_err(|_| StatementError::Content("what it carries is no proof of a fork"))
}

/// What a statement proves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// One log has two histories.
    Forked(Forked),
    /// One key voted twice.
    Doubled(Doubled),
}

impl Evidence {
    /// What this content proves within a federation.
    pub(super) fn of(body: &Body, federation: FederationId) -> Option<Self> {
        match body {
            Body::Fork(proof) => {
                let shown = proof.verify().ok().filter(|shown| shown.federation == federation);
                shown.map(Self::Forked)
            }
            Body::DoubleVote(proof) => proof.verify(federation).map(Self::Doubled),
            _ => None,
        }
    }

    /// Whose fork it is, if it is one.
    pub(super) fn forked(&self) -> Option<&Forked> {
        match self {
            Self::Forked(forked) => Some(forked),
            Self::Doubled(_) => None,
        }
    }
}
