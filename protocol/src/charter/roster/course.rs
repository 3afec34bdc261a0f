//! The course of the editions: which is in force, and how the vote on its successor stands.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::tally::{EditionHash, Tally, quorum};
use super::super::{Edition, Ending, Member, Merge, Role};
use crate::id::Gemeente;

/// A successor that somebody voted for, or that was at least proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The hash of the edition.
    pub edition: [u8; 32],
    /// Whether its text is here; votes can be here before it.
    pub known: bool,
    /// The ballot.
    pub ballot: u32,
    /// Who voted for it in that ballot, in order of code.
    pub endorsed: BTreeSet<Gemeente>,
}

/// How the vote on the next edition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vote {
    /// Nobody proposed anything.
    Quiet,
    /// Ballot 0 can still decide.
    Open,
    /// Ballot 0 cannot decide any more: too many voted for something else. Only a later ballot in which all voting
    /// members vote for the same edition helps.
    Stalled,
    /// Two or more editions were decided for, so more than a third of the members voted twice. Until a later ballot of
    /// all decides, active are the members that stand in each of them.
    Doubled {
        /// Their hashes.
        editions: Vec<[u8; 32]>,
    },
}

/// The edition in force and the vote on its successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The number of the edition in force.
    pub number: u64,
    /// Its hash.
    pub edition: [u8; 32],
    /// Votes it takes to follow it up in ballot 0.
    pub quorum: usize,
    /// How many members vote.
    pub voters: usize,
    /// How the vote stands.
    pub vote: Vote,
    /// What can be voted for, in order of hash and ballot.
    pub proposals: Vec<Proposal>,
    /// Voting members that did not vote in ballot 0, in order of code.
    pub silent: Vec<Gemeente>,
}

/// The members for as long as an edition was in force.
pub(super) struct Step<'a> {
    pub(super) members: Cow<'a, [Member]>,
    pub(super) endings: Cow<'a, [Ending]>,
    pub(super) merges: &'a [Merge],
}

/// Follows the editions from the founding on, as far as one successor is decided for.
pub(super) fn follow<'a>(tally: &Tally<'a>, founding: EditionHash) -> Option<(Vec<Step<'a>>, Course)> {
    let mut hash = founding;
    let mut edition = tally.edition(&hash)?;
    let mut steps = vec![step(edition)];
    let doubled = loop {
        let next = tally.in_force(&hash);
        match (next.len(), next.first().and_then(|hash| tally.edition(hash))) {
            (1, Some(successor)) => {
                (hash, edition) = (next.into_iter().next().unwrap_or(hash), successor);
                steps.push(step(edition));
            }
            (0, _) => break Vec::new(),
            _ => break next.into_iter().collect::<Vec<_>>(),
        }
    };
    if !doubled.is_empty() {
        let editions: Vec<&Edition> = doubled.iter().filter_map(|hash| tally.edition(hash)).collect();
        steps.push(frozen(edition, &editions));
    }
    Some((steps, course(tally, hash, edition, doubled)))
}

fn step(edition: &Edition) -> Step<'_> {
    Step {
        members: Cow::Borrowed(&edition.members),
        endings: Cow::Borrowed(&edition.endings),
        merges: &edition.merges,
    }
}

/// What stands in every one of several successors: members by code, each with the node keys that all list. A member
/// keeps the root key it had, and its role where they differ; one that is new needs the same of both in all.
fn frozen<'a>(previous: &Edition, successors: &[&'a Edition]) -> Step<'a> {
    let (first, others) = successors
        .split_first()
        .map_or((previous, successors), |(first, rest)| (*first, rest));
    let mut members = Vec::new();
    for member in &first.members {
        let there = |edition: &'a Edition| edition.members.iter().find(|other| other.gemeente == member.gemeente);
        let listed: Vec<&Member> = others.iter().filter_map(|edition| there(edition)).collect();
        let before = previous.members.iter().find(|other| other.gemeente == member.gemeente);
        let alike = |other: &&Member| (other.root, other.role) == (member.root, member.role);
        let agreed = before.is_some() || listed.iter().all(alike);
        if listed.len() < others.len() || !agreed {
            continue;
        }
        let keys = before.unwrap_or(member);
        let same_role = listed.iter().all(|other| other.role == member.role);
        let role = before.filter(|_| !same_role).map_or(member.role, |before| before.role);
        let nodes = member
            .nodes
            .iter()
            .filter(|node| listed.iter().all(|other| other.nodes.contains(node)));
        members.push(Member {
            root: keys.root,
            next_root: keys.next_root,
            role,
            nodes: nodes.copied().collect(),
            ..member.clone()
        });
    }
    let endings = successors.iter().flat_map(|edition| edition.endings.iter().cloned());
    Step {
        members: Cow::Owned(members),
        endings: Cow::Owned(endings.collect()),
        // Who takes over from whom waits until one edition is in force.
        merges: &[],
    }
}

fn course(tally: &Tally<'_>, hash: EditionHash, edition: &Edition, doubled: Vec<EditionHash>) -> Course {
    let number = edition.number.saturating_add(1);
    let named: BTreeSet<EditionHash> = tally.proposed(&hash).map(|(hash, _)| hash).collect();
    let unnamed = named.iter().map(|hash| (*hash, 0));
    let mut all: BTreeSet<(EditionHash, u32)> = tally.ballots(number).chain(unnamed).collect();
    // Votes for an edition whose text says that it follows another one are none of ours.
    all.retain(|(hash, _)| named.contains(hash) || tally.edition(hash).is_none());
    let proposals = all.into_iter().map(|(hash, ballot)| Proposal {
        edition: hash,
        known: named.contains(&hash),
        ballot,
        endorsed: tally.support(edition, number, &hash, ballot),
    });
    let proposals: Vec<Proposal> = proposals.filter(|one| one.known || !one.endorsed.is_empty()).collect();
    let first = || proposals.iter().filter(|proposal| proposal.ballot == 0);
    let voted: BTreeSet<Gemeente> = first().flat_map(|proposal| &proposal.endorsed).copied().collect();
    let voting = edition.members.iter().filter(|member| member.role == Role::Voting);
    let silent: Vec<Gemeente> = voting
        .map(|member| member.gemeente)
        .filter(|one| !voted.contains(one))
        .collect();
    let (voters, needed) = (edition.voters(), quorum(edition.voters()));
    let most = first().map(|proposal| proposal.endorsed.len()).max().unwrap_or(0);
    let vote = match () {
        () if !doubled.is_empty() => Vote::Doubled { editions: doubled },
        () if proposals.is_empty() => Vote::Quiet,
        () if most + silent.len() < needed => Vote::Stalled,
        () => Vote::Open,
    };
    Course {
        number: edition.number,
        edition: hash,
        quorum: needed,
        voters,
        vote,
        proposals,
        silent,
    }
}
