//! Who spoke for whom, from the founding to the edition in force.
//!
//! A node key speaks while an edition lists it or its member certifies it. When the next edition knows it no more, it
//! ends: what that edition says its logs held stays, and all of a log it does not name is cut. A key that ended once
//! never speaks again, and one that spoke for a gemeente never speaks for another.
//!
//! **Invariant:** statements carry no time. What a member certifies, it certifies for every edition that lists it with
//! the same root key; so a key that a removed member certifies afterwards ends with the removal, before its first entry.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Body, Ending, Role, Statement};
use super::course::Step;
use super::rotations::Rotations;
use crate::id::{Gemeente, NodeKey};

/// Node keys by the root key that certified them, and for which gemeente.
#[derive(Default)]
pub(super) struct Certificates {
    by_root: BTreeMap<([u8; 32], Gemeente), BTreeSet<NodeKey>>,
}

/// Whom a node key speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Voice {
    pub(super) gemeente: Gemeente,
    /// Whether its member votes, so that its logs may carry records.
    pub(super) shares: bool,
}

/// Why a node key speaks no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// An edition ended it, or lists it no more: for good.
    ByEdition,
    /// Its member ended it with the root key that the edition lists.
    ByMember,
    /// Its member left.
    Left,
    /// Its member is on hold, for as long as the edition is in force.
    OnHold,
}

/// Everything that was, up to an edition.
#[derive(Default)]
pub(super) struct Past {
    /// Every node key that ever spoke, and for whom.
    pub(super) spoken: BTreeMap<NodeKey, Gemeente>,
    /// Those that could share.
    pub(super) shares: BTreeSet<NodeKey>,
    /// Those that ended, and what is said about where.
    pub(super) ended: BTreeMap<NodeKey, Vec<Ending>>,
    /// Why each of those ended first.
    pub(super) why: BTreeMap<NodeKey, Ended>,
    /// Those that speak now.
    live: BTreeMap<NodeKey, Voice>,
}

impl Certificates {
    /// What root keys certified, and what a new one carried over from the one before.
    pub(super) fn of<'a>(statements: impl Iterator<Item = &'a Statement>, rotations: &Rotations<'_>) -> Self {
        let mut all = Self::default();
        for statement in statements.filter(|statement| statement.holds()) {
            if let Body::NodeKey(proof) = statement.body() {
                let key = (statement.author(), proof.gemeente);
                all.by_root.entry(key).or_default().insert(proof.node);
            }
        }
        while all.carry(rotations) {}
        all
    }

    /// Carries certificates over one more change of root key; false when there is nothing more to carry.
    fn carry(&mut self, rotations: &Rotations<'_>) -> bool {
        let mut more = false;
        for (author, rotation) in rotations.iter() {
            let old = self.by_root.get(&(rotation.old.0, rotation.gemeente));
            let certified = |node: &&NodeKey| old.is_some_and(|old| old.contains(node));
            let kept: Vec<NodeKey> = rotation.nodes.iter().filter(certified).copied().collect();
            let new = self.by_root.entry((author.0, rotation.gemeente)).or_default();
            let before = new.len();
            new.extend(kept);
            more |= new.len() > before;
        }
        more
    }

    /// Whom each node key speaks for by the members of one edition.
    fn claims(&self, step: &Step<'_>) -> BTreeMap<NodeKey, BTreeMap<Gemeente, Voice>> {
        let mut claims: BTreeMap<NodeKey, BTreeMap<Gemeente, Voice>> = BTreeMap::new();
        for member in step.members.iter() {
            let voice = Voice {
                gemeente: member.gemeente,
                shares: member.role == Role::Voting,
            };
            let certified = self.by_root.get(&(member.root.0, member.gemeente));
            for node in member.nodes.iter().chain(certified.into_iter().flatten()) {
                claims.entry(*node).or_default().insert(member.gemeente, voice);
            }
        }
        claims
    }
}

impl Past {
    pub(super) fn of(steps: &[Step<'_>], certificates: &Certificates) -> Self {
        let mut past = Self::default();
        for step in steps {
            past.enter(step, certificates);
        }
        past
    }

    /// The next edition comes into force.
    fn enter(&mut self, step: &Step<'_>, certificates: &Certificates) {
        let mut live: BTreeMap<NodeKey, Voice> = BTreeMap::new();
        for (node, claims) in certificates.claims(step) {
            let claim = match self.spoken.get(&node) {
                Some(gemeente) => claims.get(gemeente),
                None => claims.values().next().filter(|_| claims.len() == 1),
            };
            live.extend(claim.map(|voice| (node, *voice)));
        }
        let stays = |node: &NodeKey, before: &Voice| live.get(node).is_some_and(|now| now.shares || !before.shares);
        let mut ending: BTreeSet<NodeKey> = self
            .live
            .iter()
            .filter(|(node, voice)| !stays(node, voice))
            .map(|(node, _)| *node)
            .collect();
        ending.extend(
            step.endings
                .iter()
                .map(|ending| ending.node)
                .filter(|node| self.spoken.contains_key(node)),
        );
        for node in ending {
            let said = step.endings.iter().filter(|ending| ending.node == node);
            self.end(node, Ended::ByEdition, said);
        }
        live.retain(|node, _| !self.ended.contains_key(node));
        self.spoken
            .extend(live.iter().map(|(node, voice)| (*node, voice.gemeente)));
        self.shares
            .extend(live.iter().filter(|(_, voice)| voice.shares).map(|(node, _)| *node));
        self.live = live;
    }

    /// Ends a node key where it is said to end, or before its first entry when nobody says where.
    pub(super) fn end<'a>(&mut self, node: NodeKey, why: Ended, said: impl Iterator<Item = &'a Ending>) {
        self.why.entry(node).or_insert(why);
        let held = self.ended.entry(node).or_default();
        held.extend(said.cloned());
        if held.is_empty() {
            held.push(Ending { node, cuts: Vec::new() });
        }
    }

    /// Ends every node key of a gemeente that did not end yet.
    pub(super) fn end_all(&mut self, gemeente: Gemeente, why: Ended, said: &[&Ending]) {
        let speaking = self
            .spoken
            .iter()
            .filter(|(node, of)| **of == gemeente && !self.ended.contains_key(node));
        let speaking: BTreeSet<NodeKey> = speaking.map(|(node, _)| *node).collect();
        for node in speaking {
            self.end(node, why, said.iter().copied().filter(|ending| ending.node == node));
        }
    }
}
