//! What stays of a pile of statements: a pure function of the pile.
//!
//! It works in layers, and no layer looks at a later one: the founding edition says which root keys speak for which
//! gemeente; their certificates say which node keys do; and what those keys say fills the rest. A layer bounds what
//! each key can have, so nobody crowds out anybody else.
//!
//! **Invariant:** nobody but the root key of the very gemeente gives a node key its voice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::{Body, Edition, NodeAddress, Statement};
use super::Pile;
use super::quota::{CERTIFICATES, Groups, OF_NODE, OF_ROOT, WITHDRAWALS};
use crate::id::{Gemeente, NodeKey, StatementId};

/// What stays, and who may speak because of it.
pub(super) struct Kept {
    pub(super) statements: Pile,
    pub(super) authors: BTreeSet<[u8; 32]>,
}

/// Which keys speak for which gemeente.
#[derive(Default)]
struct Voices {
    roots: BTreeMap<[u8; 32], BTreeSet<Gemeente>>,
    nodes: BTreeMap<[u8; 32], BTreeSet<Gemeente>>,
}

impl Kept {
    /// What stays of a pile of statements of one federation.
    pub(super) fn of(offered: &Pile) -> Self {
        let mut kept = Self {
            statements: Pile::new(),
            authors: BTreeSet::new(),
        };
        let Some((statement, edition)) = founding(offered) else {
            return kept;
        };
        kept.add(statement);
        let mut voices = Voices::default();
        voices.listed(edition);
        kept.certificates(offered, &mut voices);
        kept.addresses(offered, &voices);
        kept.receipts(offered, &voices);
        kept.others(offered, &voices);
        kept.authors = voices.roots.into_keys().chain(voices.nodes.into_keys()).collect();
        kept
    }

    fn add(&mut self, statement: &Arc<Statement>) {
        self.statements.insert(statement.id(), Arc::clone(statement));
    }

    /// Certificates that hold, by the root key of the gemeente they speak of. From here on those nodes may speak.
    fn certificates(&mut self, offered: &Pile, voices: &mut Voices) {
        let mut groups = Groups::default();
        for statement in offered.values() {
            if let Body::NodeKey(proof) = statement.body()
                && statement.holds()
                && voices.is_root_of(&statement.author(), proof.gemeente)
            {
                groups.add(statement);
            }
        }
        for statement in groups.keep(|_, _| CERTIFICATES) {
            self.add(statement);
            if let Body::NodeKey(proof) = statement.body() {
                voices.nodes.entry(proof.node.0).or_default().insert(proof.gemeente);
            }
        }
    }

    /// Of the addresses that one author gives one node of its own, the greatest.
    fn addresses(&mut self, offered: &Pile, voices: &Voices) {
        let mut newest: BTreeMap<([u8; 32], NodeKey), (u64, StatementId)> = BTreeMap::new();
        for statement in offered.values() {
            if let Body::Address(address) = statement.body()
                && voices.may_address(&statement.author(), address)
            {
                let rank = (address.counter, statement.id());
                let held = newest.entry((statement.author(), address.node)).or_insert(rank);
                *held = rank.max(*held);
            }
        }
        for (_, id) in newest.into_values() {
            self.statements
                .extend(offered.get(&id).map(|held| (id, Arc::clone(held))));
        }
    }

    /// Of the receipts of one node, the greatest.
    fn receipts(&mut self, offered: &Pile, voices: &Voices) {
        let mut newest: BTreeMap<[u8; 32], (u64, StatementId)> = BTreeMap::new();
        for statement in offered.values() {
            if let Body::Receipt(receipt) = statement.body()
                && voices.nodes.contains_key(&statement.author())
            {
                let rank = (receipt.counter, statement.id());
                let held = newest.entry(statement.author()).or_insert(rank);
                *held = rank.max(*held);
            }
        }
        for (_, id) in newest.into_values() {
            self.statements
                .extend(offered.get(&id).map(|held| (id, Arc::clone(held))));
        }
    }

    /// Everything else that a key with a voice says.
    fn others(&mut self, offered: &Pile, voices: &Voices) {
        let mut groups = Groups::default();
        for statement in offered.values() {
            let elsewhere = match statement.body() {
                Body::NodeKey(_) | Body::Address(_) | Body::Receipt(_) => true,
                Body::Withdraw(withdrawal) => !voices.may_withdraw(&statement.author(), withdrawal.owner),
                _ => false,
            };
            if !elsewhere && statement.founding().is_none() && voices.knows(&statement.author()) {
                groups.add(statement);
            }
        }
        let quota = |author: &[u8; 32], sort| match sort {
            Some(Body::WITHDRAWAL) => WITHDRAWALS,
            _ if voices.roots.contains_key(author) => OF_ROOT,
            _ => OF_NODE,
        };
        groups.keep(quota).for_each(|statement| self.add(statement));
    }
}

impl Voices {
    /// The keys that an edition lists.
    fn listed(&mut self, edition: &Edition) {
        for member in &edition.members {
            self.roots.entry(member.root.0).or_default().insert(member.gemeente);
            for node in &member.nodes {
                self.nodes.entry(node.0).or_default().insert(member.gemeente);
            }
        }
    }

    fn knows(&self, author: &[u8; 32]) -> bool {
        self.roots.contains_key(author) || self.nodes.contains_key(author)
    }

    fn is_root_of(&self, author: &[u8; 32], gemeente: Gemeente) -> bool {
        self.roots.get(author).is_some_and(|of| of.contains(&gemeente))
    }

    /// A node takes back what is its gemeente's; a root key may be one voice of a quorum.
    fn may_withdraw(&self, author: &[u8; 32], owner: Gemeente) -> bool {
        let node = self.nodes.get(author).is_some_and(|of| of.contains(&owner));
        node || self.roots.contains_key(author)
    }

    /// A node says where it is itself; a root key says it of the nodes of its gemeente.
    fn may_address(&self, author: &[u8; 32], address: &NodeAddress) -> bool {
        let Some(of) = self.nodes.get(&address.node.0) else {
            return false;
        };
        *author == address.node.0 || of.iter().any(|gemeente| self.is_root_of(author, *gemeente))
    }
}

/// The founding edition. Its hash is the federation, so there is one; every founder may have signed it, and one of
/// those signatures is enough.
fn founding(offered: &Pile) -> Option<(&Arc<Statement>, &Edition)> {
    let founding = |statement: &'_ Arc<Statement>| {
        let author = statement.author();
        let edition = statement.founding();
        edition.is_some_and(|edition| edition.members.iter().any(|member| member.root.0 == author))
    };
    let first = offered.values().find(|statement| founding(statement))?;
    first.founding().map(|edition| (first, edition))
}
