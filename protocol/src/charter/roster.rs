//! The roster: who belongs, as one pure function of the statement set.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Edition, Ending, Erasures, Member, NodeAddress, Role, Set, Statement};
use crate::id::{FederationId, Gemeente, LogId, NodeKey, RootKey, StatementId};

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
    members: Vec<Member>,
    /// Every gemeente that took a node for its own, also where two did and it therefore speaks for neither.
    claims: BTreeMap<NodeKey, BTreeSet<Gemeente>>,
    nodes: BTreeMap<NodeKey, Gemeente>,
    ended: BTreeMap<NodeKey, Vec<Ending>>,
    addresses: BTreeMap<NodeKey, Vec<String>>,
    erasures: Erasures,
}

impl Roster {
    /// The roster that follows from a set of statements.
    ///
    /// Edition 0 is in force once every founder has endorsed it. A node key counts when an edition lists it, or its
    /// member's root key certified it and the node itself agreed; a key that two members claim counts for neither. An
    /// ended key keeps what its logs held up to the cut; of several cuts the lowest wins.
    #[must_use]
    pub fn of(set: &Set) -> Self {
        let Some(edition) = founding(set) else {
            return Self::absent(set.federation());
        };
        let mut roster = Self::absent(set.federation());
        roster.standing = standing(set, edition);
        roster.members.clone_from(&edition.members);
        roster.claims = claims(set, edition);
        roster.nodes = single(&roster.claims);
        roster.ended = endings(set, &roster);
        roster.addresses = addresses(set, &roster, edition);
        roster.erasures = Erasures::of(set, &roster);
        roster
    }

    fn absent(federation: FederationId) -> Self {
        Self {
            federation,
            standing: Standing::Absent,
            members: Vec::new(),
            claims: BTreeMap::new(),
            nodes: BTreeMap::new(),
            ended: BTreeMap::new(),
            addresses: BTreeMap::new(),
            erasures: Erasures::default(),
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

    /// The members of the edition in force (or proposed), in order of code.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member with this code.
    #[must_use]
    pub fn member(&self, gemeente: Gemeente) -> Option<&Member> {
        self.members.iter().find(|member| member.gemeente == gemeente)
    }

    /// The gemeente that a node key speaks, or spoke, for.
    #[must_use]
    pub fn gemeente_of(&self, node: NodeKey) -> Option<Gemeente> {
        self.nodes.get(&node).copied().filter(|_| self.is_active())
    }

    /// Whether this node may write records: reading members' logs carry statements only.
    #[must_use]
    pub fn may_share(&self, node: NodeKey) -> bool {
        let member = self.gemeente_of(node).and_then(|gemeente| self.member(gemeente));
        member.is_some_and(|member| member.role == Role::Voting)
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

    /// The position from which entries of a log do not count, or nothing where nothing is cut.
    #[must_use]
    pub fn cut(&self, node: NodeKey, log: LogId) -> Option<u64> {
        let limit = |ending: &Ending| ending.cuts.iter().find(|cut| cut.log == log).map_or(0, |cut| cut.seq);
        self.ended
            .get(&node)
            .and_then(|endings| endings.iter().map(limit).min())
    }

    /// Whether a key is, or was, a voice of a member: its root key or a node that it took for its own.
    #[must_use]
    pub fn speaks_for(&self, key: [u8; 32], gemeente: Gemeente) -> bool {
        let claimed = self.claims.get(&NodeKey(key)).is_some_and(|by| by.contains(&gemeente));
        let of_member = || self.member(gemeente).is_some_and(|member| member.root.0 == key);
        self.is_active() && (claimed || of_member())
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

/// The founding edition: the set holds no other edition 0, since its hash is the federation.
fn founding(set: &Set) -> Option<&Edition> {
    set.iter().find_map(Statement::founding)
}

fn standing(set: &Set, edition: &Edition) -> Standing {
    let hash = edition.hash();
    let signed: BTreeSet<[u8; 32]> = set
        .iter()
        .filter(|statement| endorses(statement, &hash))
        .map(Statement::author)
        .collect();
    let founders = edition.members.iter().filter(|member| member.role == Role::Voting);
    let missing: Vec<Gemeente> = founders
        .filter(|member| !signed.contains(&member.root.0))
        .map(|member| member.gemeente)
        .collect();
    if missing.is_empty() {
        Standing::Active { edition: 0 }
    } else {
        Standing::Proposed { missing }
    }
}

fn endorses(statement: &Statement, edition: &[u8; 32]) -> bool {
    matches!(statement.body(), Body::Endorse(vote) if vote.edition == *edition && vote.number == 0 && vote.ballot == 0)
}

fn claims(set: &Set, edition: &Edition) -> BTreeMap<NodeKey, BTreeSet<Gemeente>> {
    let mut claims: BTreeMap<NodeKey, BTreeSet<Gemeente>> = BTreeMap::new();
    for member in &edition.members {
        for node in &member.nodes {
            claims.entry(*node).or_default().insert(member.gemeente);
        }
    }
    for statement in set.iter() {
        let Body::NodeKey(proof) = statement.body() else {
            continue;
        };
        let root = RootKey(statement.author());
        let member = edition
            .members
            .iter()
            .find(|member| member.root == root && member.gemeente == proof.gemeente);
        if member.is_some() && statement.holds() {
            claims.entry(proof.node).or_default().insert(proof.gemeente);
        }
    }
    claims
}

/// The nodes that one gemeente claims.
fn single(claims: &BTreeMap<NodeKey, BTreeSet<Gemeente>>) -> BTreeMap<NodeKey, Gemeente> {
    let single = claims.iter().filter(|(_, by)| by.len() == 1);
    single
        .filter_map(|(node, by)| by.first().map(|gemeente| (*node, *gemeente)))
        .collect()
}

/// Endings that the member of the node itself signed with its root key.
fn endings(set: &Set, roster: &Roster) -> BTreeMap<NodeKey, Vec<Ending>> {
    let mut ended: BTreeMap<NodeKey, Vec<Ending>> = BTreeMap::new();
    for statement in set.iter() {
        let Body::NodeKeyEnd(ending) = statement.body() else {
            continue;
        };
        let gemeente = roster.nodes.get(&ending.node);
        let member = gemeente.and_then(|gemeente| roster.member(*gemeente));
        if member.is_some_and(|member| member.root.0 == statement.author()) {
            ended.entry(ending.node).or_default().push(ending.clone());
        }
    }
    ended
}

/// The newest address statement of a node, signed by the node or its member; else the edition's first addresses.
fn addresses(set: &Set, roster: &Roster, edition: &Edition) -> BTreeMap<NodeKey, Vec<String>> {
    let mut newest: BTreeMap<NodeKey, (u64, StatementId, &NodeAddress)> = BTreeMap::new();
    for statement in set.iter() {
        let Body::Address(address) = statement.body() else {
            continue;
        };
        if !may_address(roster, statement.author(), address.node) {
            continue;
        }
        let rank = (address.counter, statement.id(), address);
        let held = newest.entry(address.node).or_insert(rank);
        if (rank.0, rank.1) > (held.0, held.1) {
            *held = rank;
        }
    }
    let first = edition
        .members
        .iter()
        .flat_map(|member| member.nodes.iter().map(|node| (*node, member.addresses.clone())));
    let mut all: BTreeMap<NodeKey, Vec<String>> = first.collect();
    all.extend(
        newest
            .into_iter()
            .map(|(node, (_, _, address))| (node, address.addresses.clone())),
    );
    all.retain(|node, _| roster.may_connect(*node));
    all
}

fn may_address(roster: &Roster, author: [u8; 32], node: NodeKey) -> bool {
    let gemeente = roster.nodes.get(&node);
    let member = gemeente.and_then(|gemeente| roster.member(*gemeente));
    author == node.0 || member.is_some_and(|member| member.root.0 == author)
}
