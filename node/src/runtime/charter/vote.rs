//! Voting for the next edition: in which ballot, and whether this member may.
//!
//! **Invariant:** no vote is signed that would be the second of this member in a ballot, as far as the statements at hand
//! show: two are a double vote, which anybody can prove for ever.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Course, Edition, Endorsement, Proposal, Role, Set, Statement, Vote};
use protocol::id::{EditionHash, Gemeente};

use super::{SignError, told};

/// Votes of one root key for editions of one number that the set is sure to keep.
const VOTES_MAX: usize = 4;

/// Who signs, and the edition whose members decide.
pub(super) struct Voter<'a> {
    pub(super) gemeente: Gemeente,
    pub(super) previous: &'a Edition,
    pub(super) course: &'a Course,
}

impl<'a> Voter<'a> {
    /// The voting member that this root key speaks for.
    pub(super) fn of(set: &'a Set, course: Option<&'a Course>, key: &SigningKey) -> Result<Self, SignError> {
        let course = course.ok_or(SignError::NotFounded)?;
        let previous = told::edition(set, course.edition).ok_or(SignError::NotFounded)?;
        let author = key.verifying_key().to_bytes();
        let member = previous.member_of(&author).ok_or(SignError::NotRoot)?;
        if member.role != Role::Voting {
            return Err(SignError::Reads {
                gemeente: member.gemeente,
            });
        }
        Ok(Self {
            gemeente: member.gemeente,
            previous,
            course,
        })
    }

    /// The ballot in which this member can vote for an edition: the first, or a later one when that came to nothing. A vote that
    /// cannot win any more is one against what is ahead, and has to be meant so.
    pub(super) fn ballot(&self, edition: [u8; 32], against: bool) -> Result<u32, SignError> {
        let ballot = match self.course.vote {
            Vote::Quiet | Vote::Open => self.first_ballot(edition, against)?,
            Vote::Stalled | Vote::Doubled { .. } => self.later_ballot(edition)?,
        };
        let own = self.course.proposals.iter().filter(|proposal| self.voted(proposal));
        match own.count() < VOTES_MAX {
            true => Ok(ballot),
            false => Err(SignError::TooManyVotes),
        }
    }

    fn first_ballot(&self, edition: [u8; 32], against: bool) -> Result<u32, SignError> {
        let mut first = self.course.proposals.iter().filter(|proposal| proposal.ballot == 0);
        if let Some(voted) = first.clone().find(|proposal| self.voted(proposal)) {
            return Err(match voted.edition == edition {
                true => SignError::Voted,
                false => SignError::Twice {
                    voted: EditionHash(voted.edition),
                },
            });
        }
        let support = first.find(|proposal| proposal.edition == edition);
        let support = support.map_or(0, |proposal| proposal.endorsed.len());
        match !against && support + self.course.silent.len() < self.course.quorum {
            true => Err(SignError::Hopeless { other: self.leading() }),
            false => Ok(0),
        }
    }

    /// The greatest later ballot in which nobody voted for anything else, or the next one.
    fn later_ballot(&self, edition: [u8; 32]) -> Result<u32, SignError> {
        let later = || self.course.proposals.iter().filter(|proposal| proposal.ballot > 0);
        let contested: BTreeSet<u32> = later()
            .filter(|proposal| proposal.edition != edition && !proposal.endorsed.is_empty())
            .map(|proposal| proposal.ballot)
            .collect();
        let open = later()
            .filter(|proposal| proposal.edition == edition && !contested.contains(&proposal.ballot))
            .max_by_key(|proposal| proposal.ballot);
        match open {
            Some(proposal) if self.voted(proposal) => Err(SignError::Voted),
            Some(proposal) => Ok(proposal.ballot),
            None => Ok(later()
                .map(|proposal| proposal.ballot)
                .max()
                .unwrap_or(0)
                .saturating_add(1)),
        }
    }

    fn voted(&self, proposal: &Proposal) -> bool {
        proposal.endorsed.contains(&self.gemeente)
    }

    /// The proposal with the most votes in the first ballot.
    fn leading(&self) -> Option<EditionHash> {
        let first = self.course.proposals.iter().filter(|proposal| proposal.ballot == 0);
        let most = first.max_by_key(|proposal| proposal.endorsed.len());
        most.map(|proposal| EditionHash(proposal.edition))
    }

    /// The signed vote.
    pub(super) fn sign(&self, set: &Set, edition: [u8; 32], ballot: u32, key: &SigningKey) -> Statement {
        let vote = Endorsement {
            edition,
            number: self.previous.number.saturating_add(1),
            ballot,
        };
        Statement::sign(set.federation(), Body::Endorse(vote), key)
    }
}

/// Whether this is the begin of the hash of an edition.
pub(super) fn begins(edition: &[u8; 32], begin: &str) -> bool {
    EditionHash(*edition).to_string().starts_with(begin)
}

/// The proposal that a begin of its hash names; without one the only one that is open.
pub(super) fn picked(voter: &Voter<'_>, begin: Option<&str>) -> Result<[u8; 32], SignError> {
    let course = voter.course;
    let known: BTreeSet<[u8; 32]> = course
        .proposals
        .iter()
        .filter(|proposal| proposal.known)
        .map(|proposal| proposal.edition)
        .collect();
    let fits = |edition: &&[u8; 32]| begin.is_none_or(|begin| begins(edition, begin));
    let mut found = known.iter().filter(fits);
    match (found.next(), found.next(), begin) {
        (Some(one), None, _) => Ok(*one),
        (None, _, None) => Err(SignError::NothingOpen),
        (None, _, Some(begin)) => Err(SignError::NoSuchEdition {
            begin: begin.to_owned(),
        }),
        (Some(_), Some(_), _) => Err(SignError::Several {
            editions: known.iter().filter(fits).map(|edition| EditionHash(*edition)).collect(),
        }),
    }
}
