//! The roster: who belongs, as one pure function of the statement set.

mod address;
mod course;
mod heirs;
mod holds;
mod past;
mod proofs;
mod rotations;

use std::collections::{BTreeMap, BTreeSet};

use super::tally::Tally;
use super::{Body, Cut, Edition, Ending, Erasures, Member, Merge, Role, Set};
use crate::id::{FederationId, Gemeente, LogId, NodeKey};
use crate::log::Forked;
pub use course::{Course, Proposal, Vote};
use heirs::Heirs;
pub use holds::Hold;
pub use past::Ended;
use past::{Certificates, Past};
use proofs::Proofs;
use rotations::Rotations;

/// How far the founding has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The founding edition is not known here.
    Absent,
    /// The founding edition is known, and these founders have not signed it yet.
    Proposed {
        /// Founders without an endorsement, in order of code.
        missing: Vec<Gemeente>,
    },
    /// All founders signed.
    Active {
        /// The number of the edition in force.
        edition: u64,
    },
}

/// Who belongs and what each may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    federation: FederationId,
    standing: Standing,
    course: Option<Course>,
    decided: BTreeMap<[u8; 32], u64>,
    members: Vec<Member>,
    nodes: BTreeMap<NodeKey, Gemeente>,
    shares: BTreeSet<NodeKey>,
    ended: BTreeMap<NodeKey, Vec<Ending>>,
    why: BTreeMap<NodeKey, Ended>,
    left: BTreeSet<Gemeente>,
    heirs: Heirs,
    suspensions: Vec<Hold>,
    addresses: BTreeMap<NodeKey, Vec<String>>,
    erasures: Erasures,
    proofs: Proofs,
}

impl Roster {
    /// The roster that follows from a set of statements.
    ///
    /// Edition 0 is in force once every founder has endorsed it, and from then on every edition that a ballot of the
    /// members of the one before decided for. A node key counts when an edition lists it, or its member's root key
    /// certified it and the node itself agreed; a key that two members claim counts for neither. An ended key keeps
    /// what its logs held up to the cut; of several cuts the lowest wins.
    #[must_use]
    pub fn of(set: &Set) -> Self {
        let mut roster = Self::absent(set.federation());
        let tally = Tally::of(set.iter());
        let founding = set.federation().0;
        let Some(edition) = tally.edition(&founding) else {
            return roster;
        };
        let missing = missing(&tally, edition, &founding);
        let Some((mut steps, course)) = course::follow(&tally, founding) else {
            return roster;
        };
        if missing.is_empty() {
            roster.standing = Standing::Active { edition: course.number };
            roster.course = Some(course);
        } else {
            steps.truncate(1);
            roster.standing = Standing::Proposed { missing };
        }
        let rotations = Rotations::of(set.iter());
        rotations.apply(&mut steps);
        let mut past = Past::of(&steps, &Certificates::of(set.iter(), &rotations));
        steps.iter().for_each(|step| roster.heirs.add(step.merges));
        if let Some(now) = steps.pop() {
            roster.members = now.members.into_owned();
        }
        roster.endings(set, &rotations, &mut past);
        roster.departures(set, &mut past);
        roster.holds(set, &tally, &mut past);
        (roster.nodes, roster.shares) = (past.spoken, past.shares);
        (roster.ended, roster.why) = (past.ended, past.why);
        roster.addresses = address::of(set.iter(), &roster);
        if roster.is_active() {
            let decided = tally.descent(founding);
            let numbered = |hash: &[u8; 32]| Some((*hash, tally.edition(hash)?.number));
            roster.decided = decided.iter().filter_map(numbered).collect();
            let decided: Vec<&Edition> = decided.iter().filter_map(|hash| tally.edition(hash)).collect();
            roster.proofs = Proofs::of(set.iter(), &decided);
            roster.erasures = Erasures::of(set, &roster, &decided);
        }
        roster
    }

    fn absent(federation: FederationId) -> Self {
        Self {
            federation,
            standing: Standing::Absent,
            course: None,
            decided: BTreeMap::new(),
            members: Vec::new(),
            nodes: BTreeMap::new(),
            shares: BTreeSet::new(),
            ended: BTreeMap::new(),
            why: BTreeMap::new(),
            left: BTreeSet::new(),
            heirs: Heirs::default(),
            suspensions: Vec::new(),
            addresses: BTreeMap::new(),
            erasures: Erasures::default(),
            proofs: Proofs::default(),
        }
    }

    /// Endings that the member of the node itself signed with its root key, or carried over to a new one.
    fn endings(&self, set: &Set, rotations: &Rotations<'_>, past: &mut Past) {
        let signed = set.iter().filter_map(|statement| match statement.body() {
            Body::NodeKeyEnd(ending) => Some((statement.author(), ending)),
            _ => None,
        });
        let carried = |member| rotations.endings(member).map(|ending| (member.root.0, ending));
        for (author, ending) in signed.chain(self.members.iter().flat_map(carried)) {
            let gemeente = past.spoken.get(&ending.node);
            let member = gemeente.and_then(|gemeente| self.member(*gemeente));
            if member.is_some_and(|member| member.root.0 == author) {
                past.end(ending.node, Ended::ByMember, std::iter::once(ending));
            }
        }
    }

    /// Members that left: all that still spoke for them ends.
    fn departures(&mut self, set: &Set, past: &mut Past) {
        let mut said: BTreeMap<Gemeente, Vec<&Ending>> = BTreeMap::new();
        for statement in set.iter() {
            if let Body::Leave(departure) = statement.body()
                && self
                    .member(departure.gemeente)
                    .is_some_and(|member| member.root.0 == statement.author())
            {
                said.entry(departure.gemeente).or_default().extend(&departure.endings);
            }
        }
        for (gemeente, endings) in said {
            past.end_all(gemeente, Ended::Left, &endings);
            self.left.insert(gemeente);
        }
    }

    /// Members on hold: all that still spoke for them ends, for as long as the edition is in force.
    fn holds(&mut self, set: &Set, tally: &Tally<'_>, past: &mut Past) {
        let Some(hash) = self.course.as_ref().map(|course| course.edition) else {
            return;
        };
        let Some(edition) = tally.edition(&hash) else {
            return;
        };
        for (hold, endings) in holds::of(set.iter(), hash, edition) {
            if hold.in_force {
                past.end_all(hold.gemeente, Ended::OnHold, &endings);
            }
            self.suspensions.push(hold);
        }
    }

    /// The federation.
    #[must_use]
    pub fn federation(&self) -> FederationId {
        self.federation
    }

    /// How far the founding has come.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Whether the federation is founded: nothing is written before.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self.standing, Standing::Active { .. })
    }

    /// The edition in force and the vote on the next, once the federation is founded.
    #[must_use]
    pub fn course(&self) -> Option<&Course> {
        self.course.as_ref()
    }

    /// The number of an edition, when the federation decided for it, then or now.
    #[must_use]
    pub fn decided(&self, edition: &[u8; 32]) -> Option<u64> {
        self.decided.get(edition).copied()
    }

    /// The members of the edition in force (or proposed), in order of code; where two editions follow, those in both.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member with this code.
    #[must_use]
    pub fn member(&self, gemeente: Gemeente) -> Option<&Member> {
        self.members.iter().find(|member| member.gemeente == gemeente)
    }

    /// Members that left and that the edition in force still lists, in order of code.
    pub fn left(&self) -> impl Iterator<Item = Gemeente> {
        self.left.iter().copied()
    }

    /// Members that others suspended or want to suspend under the edition in force, in order of code.
    #[must_use]
    pub fn suspensions(&self) -> &[Hold] {
        &self.suspensions
    }

    /// Whether every member left: nobody can write or decide any more, and what was shared can still be read.
    #[must_use]
    pub fn is_dissolved(&self) -> bool {
        self.is_active() && self.members.iter().all(|member| self.left.contains(&member.gemeente))
    }

    /// The gemeente that a node key speaks, or spoke, for.
    #[must_use]
    pub fn gemeente_of(&self, node: NodeKey) -> Option<Gemeente> {
        self.nodes.get(&node).copied().filter(|_| self.is_active())
    }

    /// Whether this node may, or might, write records: reading members' logs carry statements only.
    #[must_use]
    pub fn may_share(&self, node: NodeKey) -> bool {
        self.is_active() && self.shares.contains(&node)
    }

    /// Gemeenten that became part of another one, in order of code.
    pub fn merges(&self) -> impl Iterator<Item = &Merge> {
        self.heirs.merges()
    }

    /// Whether this gemeente may, or might, change the documents of that owner: its own, and those of a gemeente that
    /// became part of it.
    #[must_use]
    pub fn may_edit(&self, gemeente: Gemeente, owner: Gemeente) -> bool {
        gemeente == owner || self.heirs.line(owner).contains(&gemeente)
    }

    /// Every gemeente that can have changed a document that this one can change, with itself.
    #[must_use]
    pub fn kin(&self, gemeente: Gemeente) -> BTreeSet<Gemeente> {
        self.heirs.kin(gemeente)
    }

    /// All node keys that count, in order, also those that ended.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeKey, Gemeente)> {
        self.nodes.iter().map(|(node, gemeente)| (*node, *gemeente))
    }

    /// Whether a node may connect: it is listed and has not ended. Founders may, before the founding is complete.
    #[must_use]
    pub fn may_connect(&self, node: NodeKey) -> bool {
        self.nodes.contains_key(&node) && !self.ended.contains_key(&node)
    }

    /// Why a node key speaks no more, if it ended; of several reasons the one that lasts longest.
    #[must_use]
    pub fn ended(&self, node: NodeKey) -> Option<Ended> {
        self.why.get(&node).copied()
    }

    /// All that is said about where a node key ended, as one end: of each log the lowest position, which is 0 for a log that
    /// one of them does not list.
    #[must_use]
    pub fn ending(&self, node: NodeKey) -> Option<Ending> {
        let (first, others) = self.ended.get(&node)?.split_first()?;
        let lowest = |cut: &Cut| {
            let mut said = others
                .iter()
                .map(|ending| ending.cuts.iter().find(|other| other.log == cut.log));
            said.try_fold(*cut, |lowest, said| {
                [lowest, *said?].into_iter().min_by_key(|cut| cut.seq)
            })
        };
        let cuts = first.cuts.iter().filter_map(lowest).filter(|cut| cut.seq > 0);
        Some(Ending {
            node,
            cuts: cuts.collect(),
        })
    }

    /// The position from which entries of a log do not count, or nothing where nothing is cut.
    #[must_use]
    pub fn cut(&self, node: NodeKey, log: LogId) -> Option<u64> {
        let endings = self.ended.get(&node).into_iter().flatten();
        let ended = endings.map(|ending| ending.limit(log));
        ended.chain(self.proofs.cut(node, log)).min()
    }

    /// Logs of which two histories are proven, in order of log id.
    pub fn forks(&self) -> impl Iterator<Item = &Forked> {
        self.proofs.forks.values()
    }

    /// Where a log parts, if two histories of it are proven.
    #[must_use]
    pub fn fork(&self, log: LogId) -> Option<&Forked> {
        self.proofs.forks.get(&log)
    }

    /// Members that voted for two editions of one number in one ballot, with that number.
    pub fn double_votes(&self) -> impl Iterator<Item = (u64, Gemeente)> {
        self.proofs.double_votes.iter().copied()
    }

    /// What is withdrawn, and who has confirmed it.
    #[must_use]
    pub fn erasures(&self) -> &Erasures {
        &self.erasures
    }

    /// Where the nodes that may connect can be reached, as multiaddr texts.
    #[must_use]
    pub fn addresses(&self) -> &BTreeMap<NodeKey, Vec<String>> {
        &self.addresses
    }
}

/// Founders that did not endorse the founding edition.
fn missing(tally: &Tally<'_>, edition: &Edition, hash: &[u8; 32]) -> Vec<Gemeente> {
    let signed = tally.support(edition, 0, hash, 0);
    let founders = edition.members.iter().filter(|member| member.role == Role::Voting);
    let missing = founders.map(|member| member.gemeente);
    missing.filter(|founder| !signed.contains(founder)).collect()
}
