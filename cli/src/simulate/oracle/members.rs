//! Who belongs, naively: the specification of the roster read from the top, once per question.

use std::collections::{BTreeMap, BTreeSet};

use protocol::charter::{Body, Edition, Ending, Evidence, Member, Role, Set, Statement, next_root};
use protocol::id::{DocumentId, Gemeente, LogId, NodeKey, RootKey};

use super::super::law::{Broken, Law};

/// Forks of one node key from which on none of them counts.
const FORKS_MAX: usize = 16;

/// What follows from the statements.
pub(super) struct Members {
    /// For whom every node key speaks or spoke.
    pub(super) spoke: BTreeMap<NodeKey, Gemeente>,
    /// Those whose logs may carry records.
    pub(super) shares: BTreeSet<NodeKey>,
    ends: BTreeMap<NodeKey, Vec<Ending>>,
    forks: BTreeMap<NodeKey, BTreeMap<LogId, u64>>,
    heirs: BTreeMap<Gemeente, Gemeente>,
    /// Withdrawn documents, with owner and kind.
    pub(super) withdrawn: BTreeMap<DocumentId, (Gemeente, u16)>,
}

/// A request to suspend: its size, itself, and the ends in it.
type Request<'a> = (usize, &'a Statement, &'a Vec<Ending>);

/// An edition with the root keys that took over applied.
struct Term<'a> {
    edition: &'a Edition,
    members: Vec<Member>,
}

fn key_of(member: &Member, author: &[u8; 32]) -> bool {
    member.root.0 == *author || member.next_root == next_root(RootKey(*author))
}

fn voting(edition: &Edition) -> impl Iterator<Item = &Member> {
    edition.members.iter().filter(|member| member.role == Role::Voting)
}

impl Members {
    /// What follows; nothing before the founding.
    ///
    /// # Errors
    /// Two editions follow on one: that takes a third of the members to vote twice, and no federation here has so many
    /// that are hostile.
    pub(super) fn of(set: &Set) -> Result<Option<Self>, Broken> {
        let all: Vec<&Statement> = set.iter().collect();
        let texts: Vec<&Edition> = all.iter().filter_map(|held| edition(held)).collect();
        let Some(mut now) = texts.iter().copied().find(|text| text.number == 0) else {
            return Ok(None);
        };
        if !voting(now).all(|member| {
            all.iter()
                .any(|held| votes(held, now, 0) && key_of(member, &held.author()))
        }) {
            return Ok(None);
        }
        let mut line = vec![now];
        loop {
            let hash = now.hash();
            let next = texts
                .iter()
                .filter(|text| text.previous == hash && text.number == now.number + 1);
            let decided: Vec<(u32, &Edition)> = next
                .filter_map(|text| Some((decided(&all, now, text)?, *text)))
                .collect();
            let Some(highest) = decided.iter().map(|(ballot, _)| *ballot).max() else {
                break;
            };
            let winners: Vec<&Edition> = decided
                .iter()
                .filter(|(ballot, _)| *ballot == highest)
                .map(|(_, text)| *text)
                .collect();
            match winners[..] {
                [only] => now = only,
                _ => {
                    let after = now.number;
                    return Law::Authorised.broken(format!("{} editions follow on number {after}", winners.len()));
                }
            }
            line.push(now);
        }
        let terms: Vec<Term<'_>> = line.iter().map(|edition| Term::of(edition, &all)).collect();
        let mut members = Self {
            spoke: BTreeMap::new(),
            shares: BTreeSet::new(),
            ends: BTreeMap::new(),
            forks: BTreeMap::new(),
            heirs: BTreeMap::new(),
            withdrawn: BTreeMap::new(),
        };
        members.go_through(&terms, &all);
        if let Some(now) = terms.last() {
            members.said_now(now, &all);
        }
        members.proven(&all);
        members.erased(&line, &all);
        Ok(Some(members))
    }

    /// From edition to edition: who speaks, who does not any more, and from where on.
    fn go_through(&mut self, terms: &[Term<'_>], all: &[&Statement]) {
        let mut live: BTreeMap<NodeKey, (Gemeente, bool)> = BTreeMap::new();
        for term in terms {
            for merge in &term.edition.merges {
                self.heirs.entry(merge.from).or_insert(merge.to);
            }
            let claims = term.claims(all);
            let mut now = BTreeMap::new();
            for (node, of) in &claims {
                let before = self.spoke.get(node);
                let claim = match before {
                    Some(before) => of.iter().find(|(code, _)| code == before),
                    None if of.len() == 1 => of.first(),
                    None => None,
                };
                now.extend(claim.map(|claim| (*node, *claim)));
            }
            let listed = |node: NodeKey| term.edition.endings.iter().filter(move |end| end.node == node).cloned();
            let over = live
                .iter()
                .filter(|(node, (_, shared))| !now.get(*node).is_some_and(|(_, shares)| *shares || !shared));
            let over: BTreeSet<NodeKey> = over.map(|(node, _)| *node).collect();
            let named = term
                .edition
                .endings
                .iter()
                .map(|end| end.node)
                .filter(|node| self.spoke.contains_key(node));
            for node in over.into_iter().chain(named).collect::<BTreeSet<_>>() {
                self.end(node, listed(node).collect());
            }
            now.retain(|node, _| !self.ends.contains_key(node));
            for (node, (code, shares)) in &now {
                self.spoke.insert(*node, *code);
                if *shares {
                    self.shares.insert(*node);
                }
            }
            live = now;
        }
    }

    fn end(&mut self, node: NodeKey, mut said: Vec<Ending>) {
        if said.is_empty() && !self.ends.contains_key(&node) {
            said.push(Ending { node, cuts: Vec::new() });
        }
        self.ends.entry(node).or_default().extend(said);
    }

    /// What members say under the edition in force: ends, departures, suspensions.
    fn said_now(&mut self, term: &Term<'_>, all: &[&Statement]) {
        let root = |code: Gemeente| {
            term.members
                .iter()
                .find(|member| member.gemeente == code)
                .map(|member| member.root.0)
        };
        for held in all {
            let ended: Vec<&Ending> = match held.body() {
                Body::NodeKeyEnd(end) => vec![end],
                Body::Rotate(rotation) if root(rotation.gemeente) == Some(held.author()) => {
                    rotation.endings.iter().collect()
                }
                _ => Vec::new(),
            };
            for end in ended {
                let code = self.spoke.get(&end.node).copied();
                if code.and_then(root) == Some(held.author()) {
                    self.end(end.node, vec![end.clone()]);
                }
            }
        }
        for member in &term.members {
            let left: Vec<&Vec<Ending>> = all
                .iter()
                .filter_map(|held| match held.body() {
                    Body::Leave(leave) if leave.gemeente == member.gemeente && held.author() == member.root.0 => {
                        Some(&leave.endings)
                    }
                    _ => None,
                })
                .collect();
            if !left.is_empty() {
                self.end_all(member.gemeente, &left);
            }
        }
        for member in &term.edition.members {
            self.suspended(term.edition, member.gemeente, all);
        }
    }

    fn suspended(&mut self, edition: &Edition, code: Gemeente, all: &[&Statement]) {
        let hash = edition.hash();
        let voters = voting(edition).count();
        // Of one member the shortest request counts, then the one with the smallest id.
        let mut asked: BTreeMap<Gemeente, Vec<Request<'_>>> = BTreeMap::new();
        for held in all {
            if let Body::Suspend(said) = held.body()
                && said.edition == hash
                && said.gemeente == code
                && let Some(by) = voting(edition).find(|member| key_of(member, &held.author()))
                && by.gemeente != code
            {
                let size = held.bytes().len();
                asked.entry(by.gemeente).or_default().push((size, held, &said.endings));
            }
        }
        let carried = edition.suspended.iter().find(|held| held.gemeente == code);
        if asked.len() >= (voters / 3 + 1).max(2) || carried.is_some() {
            let first = |said: &Vec<(usize, &Statement, &'_ Vec<Ending>)>| {
                let least = said.iter().min_by_key(|(size, held, _)| (*size, held.id()));
                least.map(|(_, _, endings)| (*endings).clone())
            };
            let mut endings: Vec<Vec<Ending>> = asked.values().filter_map(first).collect();
            endings.extend(carried.map(|held| held.endings.clone()));
            self.end_all(code, &endings.iter().collect::<Vec<_>>());
        }
    }

    fn end_all(&mut self, code: Gemeente, said: &[&Vec<Ending>]) {
        let speaking = self
            .spoke
            .iter()
            .filter(|(node, of)| **of == code && !self.ends.contains_key(node));
        for node in speaking.map(|(node, _)| *node).collect::<Vec<_>>() {
            let own = said
                .iter()
                .flat_map(|endings| endings.iter())
                .filter(|end| end.node == node);
            self.end(node, own.cloned().collect());
        }
    }

    fn proven(&mut self, all: &[&Statement]) {
        for held in all {
            if let Some(Evidence::Forked(fork)) = held.evidence() {
                let logs = self.forks.entry(fork.node).or_default();
                let seq = logs.entry(fork.log).or_insert(fork.seq);
                *seq = (*seq).min(fork.seq);
            }
        }
    }

    /// Withdrawn is what a voice of the owner took back, or more than two thirds of an edition.
    fn erased(&mut self, line: &[&Edition], all: &[&Statement]) {
        for held in all {
            let Body::Withdraw(said) = held.body() else { continue };
            let mut owners = BTreeSet::from([said.owner]);
            let merges = || line.iter().flat_map(|edition| &edition.merges);
            while merges().any(|merge| owners.contains(&merge.from) && owners.insert(merge.to)) {}
            let author = held.author();
            let root_of = |code: &Gemeente, key: &[u8; 32]| {
                let listed = line.iter().flat_map(|edition| &edition.members);
                listed
                    .into_iter()
                    .any(|member| member.gemeente == *code && key_of(member, key))
            };
            let node_of = |code: &Gemeente| {
                let listed = line
                    .iter()
                    .flat_map(|edition| &edition.members)
                    .filter(|member| member.gemeente == *code);
                let mut listed = listed.flat_map(|member| &member.nodes);
                let certified = all.iter().any(|other| match other.body() {
                    Body::NodeKey(proof) => {
                        let named = proof.node.0 == author && proof.gemeente == *code;
                        named && other.holds() && root_of(code, &other.author())
                    }
                    _ => false,
                });
                listed.any(|node| node.0 == author) || certified
            };
            let own = owners.iter().any(|code| root_of(code, &author) || node_of(code));
            if own || quorum(line, all, said.document(), said.owner) {
                self.withdrawn.insert(said.document(), (said.owner, said.kind));
            }
        }
    }

    /// From where on a log of a node does not count.
    pub(super) fn cut(&self, node: NodeKey, log: LogId) -> u64 {
        let ended = self.ends.get(&node).into_iter().flatten();
        let ended = ended.map(|end| end.cuts.iter().find(|cut| cut.log == log).map_or(0, |cut| cut.seq));
        let forks = self.forks.get(&node);
        let forked = forks.and_then(|logs| Some((logs.len(), *logs.get(&log)?)));
        let forked = forked.map(|(count, seq)| if count >= FORKS_MAX { 0 } else { seq });
        ended.chain(forked).min().unwrap_or(u64::MAX)
    }

    /// Whether a node speaks for somebody and did not end.
    pub(super) fn may_connect(&self, node: NodeKey) -> bool {
        self.spoke.contains_key(&node) && !self.ends.contains_key(&node)
    }

    /// Whether one gemeente may change the documents of another.
    pub(super) fn may_edit(&self, by: Gemeente, owner: Gemeente) -> bool {
        let (mut at, mut seen) = (owner, BTreeSet::new());
        while at != by && seen.insert(at) {
            match self.heirs.get(&at) {
                Some(heir) => at = *heir,
                None => return false,
            }
        }
        at == by
    }
}

fn quorum(line: &[&Edition], all: &[&Statement], document: DocumentId, owner: Gemeente) -> bool {
    line.iter().any(|edition| {
        let signed = voting(edition).filter(|member| {
            all.iter().any(|held| match held.body() {
                Body::Withdraw(said) => said.document() == document && key_of(member, &held.author()),
                _ => false,
            })
        });
        edition.member(owner).is_some() && signed.count() > 2 * voting(edition).count() / 3
    })
}

fn edition<'a>(held: &&'a Statement) -> Option<&'a Edition> {
    match held.body() {
        Body::Edition(edition) => Some(edition),
        _ => None,
    }
}

fn votes(held: &Statement, of: &Edition, ballot: u32) -> bool {
    match held.body() {
        Body::Endorse(vote) => vote.edition == of.hash() && vote.number == of.number && vote.ballot == ballot,
        _ => false,
    }
}

/// The highest ballot in which the members of `now` decided for `text`.
fn decided(all: &[&Statement], now: &Edition, text: &Edition) -> Option<u32> {
    let ballots: BTreeSet<u32> = all
        .iter()
        .filter_map(|held| match held.body() {
            Body::Endorse(vote) if vote.edition == text.hash() => Some(vote.ballot),
            _ => None,
        })
        .collect();
    let voters = voting(now).count();
    let supports = |ballot: u32| {
        voting(now)
            .filter(|member| {
                all.iter()
                    .any(|held| votes(held, text, ballot) && key_of(member, &held.author()))
            })
            .count()
    };
    ballots.into_iter().rev().find(|ballot| {
        let needed = if *ballot == 0 { 2 * voters / 3 + 1 } else { voters };
        supports(*ballot) >= needed
    })
}

impl<'a> Term<'a> {
    fn of(edition: &'a Edition, all: &[&Statement]) -> Self {
        let mut members = edition.members.clone();
        for member in &mut members {
            let takes_over = all.iter().find(|held| match held.body() {
                Body::Rotate(rotation) => {
                    let here = rotation.gemeente == member.gemeente && rotation.old == member.root;
                    here && next_root(RootKey(held.author())) == member.next_root
                }
                _ => false,
            });
            if let Some(held) = takes_over {
                member.root = RootKey(held.author());
            }
        }
        Self { edition, members }
    }

    /// Whom each node key speaks for by this edition: listed, certified by the root key, or carried over to it.
    fn claims(&self, all: &[&Statement]) -> BTreeMap<NodeKey, Vec<(Gemeente, bool)>> {
        let mut claims: BTreeMap<NodeKey, BTreeMap<Gemeente, bool>> = BTreeMap::new();
        for member in &self.members {
            let shares = member.role == Role::Voting;
            let mut own: BTreeSet<NodeKey> = member.nodes.iter().copied().collect();
            own.extend(certified(all, member.gemeente, member.root, 0));
            for node in own {
                claims.entry(node).or_default().insert(member.gemeente, shares);
            }
        }
        claims
            .into_iter()
            .map(|(node, of)| (node, of.into_iter().collect()))
            .collect()
    }
}

/// Node keys that a root key certified, or carried over from the one it replaced.
fn certified(all: &[&Statement], code: Gemeente, root: RootKey, depth: usize) -> BTreeSet<NodeKey> {
    let mut own = BTreeSet::new();
    for held in all.iter().filter(|held| held.author() == root.0) {
        match held.body() {
            Body::NodeKey(proof) if proof.gemeente == code && held.holds() => {
                own.insert(proof.node);
            }
            Body::Rotate(rotation) if rotation.gemeente == code && depth < 8 => {
                let before = certified(all, code, rotation.old, depth + 1);
                own.extend(rotation.nodes.iter().filter(|node| before.contains(node)));
            }
            _ => {}
        }
    }
    own
}
