//! Which editions stay, and which votes.
//!
//! What a ballot decided stays for good, with the votes that decided it: otherwise a voter could take its vote back by
//! crowding it out. Of what is still open each voter has a few places, and a vote keeps the text it is for, whoever
//! proposed it, so that a proposer cannot waste the votes of others by withdrawing the text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::super::tally::{EditionHash, Tally};
use super::super::super::{Body, Edition, Endorsement, Role, Statement};
use super::super::quota::{PROPOSALS, VOTES};
use super::Pile;
use crate::id::StatementId;

pub(super) struct Editions<'a> {
    tally: &'a Tally<'a>,
    founding: EditionHash,
    descent: BTreeSet<EditionHash>,
    /// The editions of the descent by number: several where a vote was doubled.
    by_number: BTreeMap<u64, Vec<&'a Edition>>,
    decided: BTreeSet<(EditionHash, u32)>,
}

impl<'a> Editions<'a> {
    pub(super) fn of(tally: &'a Tally<'a>, founding: EditionHash) -> Self {
        let descent = tally.descent(founding);
        let mut by_number: BTreeMap<u64, Vec<&Edition>> = BTreeMap::new();
        for edition in descent.iter().filter_map(|hash| tally.edition(hash)) {
            by_number.entry(edition.number).or_default().push(edition);
        }
        let decided = descent.iter().flat_map(|hash| tally.decided(hash)).collect();
        Self {
            tally,
            founding,
            descent,
            by_number,
            decided,
        }
    }

    /// An edition that was decided for.
    pub(super) fn edition(&self, hash: &EditionHash) -> Option<&'a Edition> {
        self.descent.get(hash).and_then(|hash| self.tally.edition(hash))
    }

    /// Every edition that was decided for, with the founding.
    pub(super) fn descent(&self) -> impl Iterator<Item = &'a Edition> {
        self.by_number.values().flatten().copied()
    }

    /// The votes that stay: those that decided, and of each voter a few per number.
    pub(super) fn votes<'b>(&self, offered: &'b Pile) -> Vec<&'b Arc<Statement>> {
        let mut kept = Vec::new();
        let mut open: BTreeMap<([u8; 32], u64), Vec<&Arc<Statement>>> = BTreeMap::new();
        for statement in offered.values() {
            let Body::Endorse(vote) = statement.body() else {
                continue;
            };
            let author = statement.author();
            if !self.may_vote(&author, vote) {
                continue;
            }
            if vote.number == 0 || self.decided.contains(&(vote.edition, vote.ballot)) {
                kept.push(statement);
            } else {
                open.entry((author, vote.number)).or_default().push(statement);
            }
        }
        kept.extend(open.into_values().flat_map(|votes| VOTES.keep(votes)));
        kept
    }

    fn may_vote(&self, author: &[u8; 32], vote: &Endorsement) -> bool {
        let votes_in = |edition: &Edition| {
            edition
                .member_of(author)
                .is_some_and(|member| member.role == Role::Voting)
        };
        match vote.number.checked_sub(1) {
            None => {
                let founding = vote.edition == self.founding && vote.ballot == 0;
                founding && self.tally.edition(&self.founding).is_some_and(votes_in)
            }
            Some(before) => self
                .by_number
                .get(&before)
                .into_iter()
                .flatten()
                .any(|edition| votes_in(edition)),
        }
    }

    /// The editions that stay: of those decided or voted for one statement each, and of each member a few proposals.
    pub(super) fn texts<'b>(&self, offered: &'b Pile, votes: &Pile) -> Vec<&'b Arc<Statement>> {
        let voted = votes.values().filter_map(|statement| match statement.body() {
            Body::Endorse(vote) => Some(vote.edition),
            _ => None,
        });
        let voted: BTreeSet<EditionHash> = voted.collect();
        let mut first: BTreeMap<EditionHash, &Arc<Statement>> = BTreeMap::new();
        let mut open: BTreeMap<([u8; 32], EditionHash), Vec<&Arc<Statement>>> = BTreeMap::new();
        for statement in offered.values() {
            let (Body::Edition(edition), Some(hash)) = (statement.body(), statement.edition_hash()) else {
                continue;
            };
            let Some(previous) = self.previous(edition) else {
                continue;
            };
            if self.descent.contains(&hash) || voted.contains(&hash) {
                first.entry(hash).or_insert(statement);
            } else if previous.member_of(&statement.author()).is_some() {
                open.entry((statement.author(), edition.previous))
                    .or_default()
                    .push(statement);
            }
        }
        let open = open.into_values().flat_map(|proposals| PROPOSALS.keep(proposals));
        let proposed: BTreeMap<StatementId, &Arc<Statement>> =
            open.map(|statement| (statement.id(), statement)).collect();
        first.into_values().chain(proposed.into_values()).collect()
    }

    /// The edition that this one follows on, if that was decided for.
    fn previous(&self, edition: &Edition) -> Option<&'a Edition> {
        let previous = self.edition(&edition.previous)?;
        (edition.number.checked_sub(1) == Some(previous.number)).then_some(previous)
    }
}
