//! The votes: which editions follow on which, and with whose support.
//!
//! Of `n` voting members of an edition, `quorum(n)` together decide its successor in ballot 0, where each has one vote.
//! Two successors with a quorum each share more than a third of the members, and those voted twice. A later ballot
//! decides only when all members vote for the same edition in it; then it stands above the ballots before, so that
//! members who agree can always get out of a vote that came to nothing or came to two.
//!
//! **Invariant:** votes are only ever added up, so a decision of a ballot is never taken back by one more statement.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Edition, Role, Statement};
use crate::id::Gemeente;

/// The hash of an edition.
pub(super) type EditionHash = [u8; 32];

/// Votes it takes among `voters` members in ballot 0.
#[must_use]
pub fn quorum(voters: usize) -> usize {
    2 * voters / 3 + 1
}

/// The editions and votes in a pile of statements.
pub(super) struct Tally<'a> {
    editions: BTreeMap<EditionHash, &'a Edition>,
    successors: BTreeMap<EditionHash, BTreeSet<EditionHash>>,
    /// Who signed for an edition, by number, hash and ballot.
    votes: BTreeMap<(u64, EditionHash, u32), BTreeSet<[u8; 32]>>,
}

impl<'a> Tally<'a> {
    pub(super) fn of(statements: impl Iterator<Item = &'a Statement>) -> Self {
        let mut tally = Self {
            editions: BTreeMap::new(),
            successors: BTreeMap::new(),
            votes: BTreeMap::new(),
        };
        for statement in statements {
            match (statement.body(), statement.edition_hash()) {
                (Body::Edition(edition), Some(hash)) => {
                    tally.editions.insert(hash, edition);
                    tally.successors.entry(edition.previous).or_default().insert(hash);
                }
                (Body::Endorse(vote), _) => {
                    let key = (vote.number, vote.edition, vote.ballot);
                    tally.votes.entry(key).or_default().insert(statement.author());
                }
                _ => {}
            }
        }
        tally
    }

    /// An edition by its hash.
    pub(super) fn edition(&self, hash: &EditionHash) -> Option<&'a Edition> {
        self.editions.get(hash).copied()
    }

    /// The voting members of `of` that voted for an edition of this number in this ballot.
    pub(super) fn support(&self, of: &Edition, number: u64, hash: &EditionHash, ballot: u32) -> BTreeSet<Gemeente> {
        let authors = self.votes.get(&(number, *hash, ballot)).into_iter().flatten();
        let members = authors.filter_map(|author| of.member_of(author));
        let voting = members.filter(|member| member.role == Role::Voting);
        voting.map(|member| member.gemeente).collect()
    }

    /// Editions that say they follow on this one.
    pub(super) fn proposed(&self, previous: &EditionHash) -> impl Iterator<Item = (EditionHash, &'a Edition)> {
        let number = self.edition(previous).map(|edition| edition.number);
        let named = self.successors.get(previous).into_iter().flatten();
        let found = named.filter_map(|hash| Some((*hash, self.edition(hash)?)));
        found.filter(move |(_, edition)| edition.number.checked_sub(1) == number)
    }

    /// Ballots in which anybody voted for an edition of this number, with the edition.
    pub(super) fn ballots(&self, number: u64) -> impl Iterator<Item = (EditionHash, u32)> {
        let range = (number, [0; 32], 0)..=(number, [0xff; 32], u32::MAX);
        self.votes.range(range).map(|((_, hash, ballot), _)| (*hash, *ballot))
    }

    /// Successors that a ballot decided for, with the ballot.
    pub(super) fn decided(&self, previous: &EditionHash) -> Vec<(EditionHash, u32)> {
        let Some(of) = self.edition(previous) else {
            return Vec::new();
        };
        let voters = of.voters();
        let mut decided = Vec::new();
        for (hash, edition) in self.proposed(previous) {
            for (_, ballot) in self.ballots(edition.number).filter(|(voted, _)| *voted == hash) {
                let needed = if ballot == 0 { quorum(voters) } else { voters };
                if self.support(of, edition.number, &hash, ballot).len() >= needed {
                    decided.push((hash, ballot));
                }
            }
        }
        decided
    }

    /// The successors in force: those of the highest ballot that decided. Several freeze the membership.
    pub(super) fn in_force(&self, previous: &EditionHash) -> BTreeSet<EditionHash> {
        let decided = self.decided(previous);
        let highest = decided.iter().map(|(_, ballot)| *ballot).max();
        let highest = decided.into_iter().filter(|(_, ballot)| Some(*ballot) == highest);
        highest.map(|(hash, _)| hash).collect()
    }

    /// Every edition that ballots decided for, from this one on, also where they decided for several.
    pub(super) fn descent(&self, founding: EditionHash) -> BTreeSet<EditionHash> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![founding];
        while let Some(hash) = waiting.pop() {
            if found.insert(hash) {
                waiting.extend(self.decided(&hash).into_iter().map(|(successor, _)| successor));
            }
        }
        found
    }
}
