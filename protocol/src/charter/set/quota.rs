//! How much one key can have in the set.
//!
//! **Law:** for every quota and all piles A and B, what stays of (what stays of A) and B is what stays of A and B.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{Body, Statement};

/// A bound on the statements of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// Most statements.
    pub(super) count: usize,
    /// Most bytes they have together.
    pub(super) bytes: usize,
}

/// Votes of one root key for editions of one number, besides those that decided: one is what an honest member needs.
pub(super) const VOTES: Quota = Quota {
    count: 4,
    bytes: 4 * 1024,
};
/// Successors of one edition that one root key proposes and nobody voted for yet.
pub(super) const PROPOSALS: Quota = Quota {
    count: 4,
    bytes: 1024 * 1024,
};
/// Certificates for nodes by one root key: each lets one more key speak.
pub(super) const CERTIFICATES: Quota = Quota {
    count: 32,
    bytes: 32 * 1024,
};
/// Statements of one other sort by one root key.
pub(super) const OF_ROOT: Quota = Quota {
    count: 256,
    bytes: 1024 * 1024,
};
/// Statements of one other sort by one node key.
pub(super) const OF_NODE: Quota = Quota {
    count: 16,
    bytes: 256 * 1024,
};
/// Withdrawals by one key: nothing that is erased may come back, so they are many and short.
pub(super) const WITHDRAWALS: Quota = Quota {
    count: super::super::WITHDRAWALS_MAX,
    bytes: super::super::WITHDRAWALS_MAX * 512,
};

impl Quota {
    /// Those that stay: the shortest, and of equally long ones those with the smallest ids, up to the first that does
    /// not fit. Whatever comes behind one that did not fit is at least as long, so it would not have fitted either,
    /// and the law holds.
    pub(super) fn keep(self, mut group: Vec<&Arc<Statement>>) -> impl Iterator<Item = &Arc<Statement>> {
        group.sort_by_key(|statement| (statement.bytes().len(), statement.id()));
        let mut left = self.bytes;
        group.into_iter().take(self.count).map_while(move |statement| {
            left = left.checked_sub(statement.bytes().len())?;
            Some(statement)
        })
    }
}

/// Who signed, and of what sort: nothing for a type that is not known here.
type Owner = ([u8; 32], Option<u16>);

/// Statements by who signed them and of what sort they are; all types that are not known here are one sort.
#[derive(Default)]
pub(super) struct Groups<'a> {
    groups: BTreeMap<Owner, Vec<&'a Arc<Statement>>>,
}

impl<'a> Groups<'a> {
    pub(super) fn add(&mut self, statement: &'a Arc<Statement>) {
        let sort = match statement.body() {
            Body::Unknown { .. } => None,
            body => Some(body.number()),
        };
        self.groups
            .entry((statement.author(), sort))
            .or_default()
            .push(statement);
    }

    /// What stays of every group, under the quota that its author has for statements of its sort.
    pub(super) fn keep(
        self,
        quota: impl Fn(&[u8; 32], Option<u16>) -> Quota,
    ) -> impl Iterator<Item = &'a Arc<Statement>> {
        let groups = self.groups.into_iter();
        groups.flat_map(move |((author, sort), group)| quota(&author, sort).keep(group))
    }
}
