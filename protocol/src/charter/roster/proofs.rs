//! What is proven: logs with two histories, and members that voted twice.

use std::collections::{BTreeMap, BTreeSet};

use super::super::evidence::{Evidence, FORKS_MAX};
use super::super::{Body, Edition, Statement};
use crate::id::{Gemeente, LogId, NodeKey};
use crate::log::Forked;

/// Everything that is proven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Proofs {
    /// Where each forked log first parts.
    pub(super) forks: BTreeMap<LogId, Forked>,
    /// Nodes that forked so many logs that none of theirs counts.
    pub(super) broken: BTreeSet<NodeKey>,
    /// Who voted twice for editions of which number.
    pub(super) double_votes: BTreeSet<(u64, Gemeente)>,
}

impl Proofs {
    /// What follows from these statements; double votes by the members of these editions.
    pub(super) fn of<'a>(statements: impl Iterator<Item = &'a Statement> + Clone, editions: &[&Edition]) -> Self {
        let mut proofs = Self::default();
        let mut by_node: BTreeMap<NodeKey, usize> = BTreeMap::new();
        for forked in statements
            .clone()
            .filter_map(|statement| statement.evidence()?.forked())
        {
            let first = proofs.forks.entry(forked.log).or_insert(*forked);
            if forked.seq < first.seq {
                *first = *forked;
            }
        }
        for forked in proofs.forks.values() {
            *by_node.entry(forked.node).or_default() += 1;
        }
        let broken = by_node.into_iter().filter(|(_, forks)| *forks >= FORKS_MAX);
        proofs.broken = broken.map(|(node, _)| node).collect();
        for (voter, number) in double_votes(statements) {
            let before = editions
                .iter()
                .filter(|edition| Some(edition.number) == number.checked_sub(1));
            let members = before.filter_map(|edition| edition.member_of(&voter));
            proofs
                .double_votes
                .extend(members.map(|member| (number, member.gemeente)));
        }
        proofs
    }

    /// The position from which entries of a log do not count because of a fork.
    pub(super) fn cut(&self, node: NodeKey, log: LogId) -> Option<u64> {
        let forked = self.forks.get(&log).filter(|forked| forked.node == node);
        let broken = self.broken.contains(&node).then_some(0);
        broken.or(forked.map(|forked| forked.seq))
    }
}

/// Keys that voted twice, and for which number: by the votes that are here, and by proofs of votes that are not.
fn double_votes<'a>(statements: impl Iterator<Item = &'a Statement>) -> BTreeSet<([u8; 32], u64)> {
    let mut found = BTreeSet::new();
    let mut first: BTreeMap<([u8; 32], u64, u32), [u8; 32]> = BTreeMap::new();
    for statement in statements {
        if let Some(Evidence::Doubled(doubled)) = statement.evidence() {
            found.insert((doubled.voter, doubled.number));
        }
        if let Body::Endorse(vote) = statement.body() {
            let author = statement.author();
            let held = first.entry((author, vote.number, vote.ballot)).or_insert(vote.edition);
            if *held != vote.edition {
                found.insert((author, vote.number));
            }
        }
    }
    found
}
