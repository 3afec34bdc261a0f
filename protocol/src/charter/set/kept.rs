//! What stays of a pile of statements: a pure function of the pile.
//!
//! It works in layers, and no layer looks at what a later one leaves out. The founding edition and the ballots of its
//! members say which editions there are; those say which root keys speak for which gemeente; their certificates say
//! which node keys do; and what those keys say fills the rest. A layer bounds what each key can have, so nobody crowds
//! out anybody else, and what decided a ballot is never crowded out at all.
//!
//! **Invariant:** nobody but the root key of the very gemeente gives a node key its voice.

mod editions;
mod evidence;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::suspensions::{Suspensions, suspenders};
use super::super::tally::Tally;
use super::super::voices::Voices;
use super::super::{Body, Edition, Statement, next_root};
use super::Pile;
use super::quota::{CERTIFICATES, Groups, OF_NODE, OF_ROOT, WITHDRAWALS};
use crate::id::{NodeKey, RootKey, StatementId};
use editions::Editions;

/// What stays, and who may speak because of it.
pub(super) struct Kept {
    pub(super) statements: Pile,
    pub(super) authors: BTreeSet<[u8; 32]>,
}

impl Kept {
    /// What stays of a pile of statements of one federation.
    pub(super) fn of(offered: &Pile) -> Self {
        let mut kept = Self {
            statements: Pile::new(),
            authors: BTreeSet::new(),
        };
        let Some((founding, edition)) = founding(offered) else {
            return kept;
        };
        kept.add(founding);
        let tally = Tally::of(offered.values().map(Arc::as_ref));
        let editions = Editions::of(&tally, edition.hash());
        editions
            .votes(offered)
            .into_iter()
            .for_each(|statement| kept.add(statement));
        let texts = editions.texts(offered, &kept.statements);
        texts.into_iter().for_each(|statement| kept.add(statement));
        let authors = offered.values().map(|statement| statement.author());
        let mut voices = Voices::of(editions.descent(), authors);
        let carried = carried(offered, &voices, &editions);
        kept.certificates(offered, &carried, &mut voices);
        kept.addresses(offered, &voices);
        kept.receipts(offered, &voices);
        kept.suspensions(offered, &editions);
        evidence::of(offered, &voices, &editions)
            .into_iter()
            .for_each(|statement| kept.add(statement));
        kept.others(offered, &voices);
        kept.authors = voices.keys();
        kept
    }

    fn add(&mut self, statement: &Arc<Statement>) {
        self.statements.insert(statement.id(), Arc::clone(statement));
    }

    /// Certificates that hold, by the root key of the gemeente they speak of. From here on those nodes may speak. What a
    /// member carried over to a new root key stays, whatever whoever stole the old one signs with it.
    fn certificates(&mut self, offered: &Pile, carried: &BTreeSet<([u8; 32], NodeKey)>, voices: &mut Voices) {
        let mut groups = Groups::default();
        let mut stay: BTreeMap<([u8; 32], NodeKey), &Arc<Statement>> = BTreeMap::new();
        for statement in offered.values() {
            if let Body::NodeKey(proof) = statement.body()
                && statement.holds()
                && voices.is_root_of(&statement.author(), proof.gemeente)
            {
                let key = (statement.author(), proof.node);
                if carried.contains(&key) {
                    stay.entry(key).or_insert(statement);
                } else {
                    groups.add(statement);
                }
            }
        }
        for statement in stay.into_values().chain(groups.keep(|_, _| CERTIFICATES)) {
            self.add(statement);
            if let Body::NodeKey(proof) = statement.body() {
                voices.certified(proof);
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
                && voices.is_node(&statement.author())
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

    /// What members ask to suspend: all of what is in force, and some of the rest.
    fn suspensions(&mut self, offered: &Pile, editions: &Editions<'_>) {
        let statements = offered.values().map(|statement| (statement, statement.as_ref()));
        let suspensions = Suspensions::of(statements, |hash| editions.edition(hash));
        let mut groups = Groups::default();
        for ((edition, _), askers) in suspensions.asked {
            let voters = editions.edition(&edition).map_or(usize::MAX, Edition::voters);
            for (statement, _) in askers.values() {
                if askers.len() < suspenders(voters) {
                    groups.add(statement);
                } else {
                    self.add(statement);
                }
            }
        }
        groups.keep(|_, _| OF_ROOT).for_each(|statement| self.add(statement));
    }

    /// Everything else that a key with a voice says.
    fn others(&mut self, offered: &Pile, voices: &Voices) {
        let mut groups = Groups::default();
        for statement in offered.values() {
            let elsewhere = match statement.body() {
                Body::Edition(_) | Body::Endorse(_) | Body::NodeKey(_) => true,
                Body::Address(_) | Body::Receipt(_) | Body::Suspend(_) | Body::Fork(_) | Body::DoubleVote(_) => true,
                Body::Withdraw(withdrawal) => !voices.may_withdraw(&statement.author(), withdrawal.owner),
                _ => false,
            };
            if !elsewhere && voices.knows(&statement.author()) {
                groups.add(statement);
            }
        }
        let quota = |author: &[u8; 32], sort| match sort {
            Some(Body::WITHDRAWAL) => WITHDRAWALS,
            _ if voices.is_root(author) => OF_ROOT,
            _ => OF_NODE,
        };
        groups.keep(quota).for_each(|statement| self.add(statement));
    }
}

/// Node keys that members carried over to the root key they had committed themselves to, each with the old key that had
/// certified it. Only of rotations that stay in the set themselves.
fn carried(offered: &Pile, voices: &Voices, editions: &Editions<'_>) -> BTreeSet<([u8; 32], NodeKey)> {
    let mut groups = Groups::default();
    for statement in offered.values() {
        if matches!(statement.body(), Body::Rotate(_)) && voices.is_root(&statement.author()) {
            groups.add(statement);
        }
    }
    let mut carried = BTreeSet::new();
    for statement in groups.keep(|_, _| OF_ROOT) {
        let Body::Rotate(rotation) = statement.body() else {
            continue;
        };
        let committed = next_root(RootKey(statement.author()));
        let mut members = editions.descent().flat_map(|edition| &edition.members);
        let is_successor = members.any(|member| {
            (member.gemeente, member.root, member.next_root) == (rotation.gemeente, rotation.old, committed)
        });
        if is_successor {
            carried.extend(rotation.nodes.iter().map(|node| (rotation.old.0, *node)));
        }
    }
    carried
}

/// The founding edition. Its hash is the federation, so there is one; every founder may have signed it, and one of
/// those signatures is enough.
fn founding(offered: &Pile) -> Option<(&Arc<Statement>, &Edition)> {
    let founding = |statement: &Arc<Statement>| {
        let author = statement.author();
        let edition = statement.founding();
        edition.is_some_and(|edition| edition.members.iter().any(|member| member.root.0 == author))
    };
    let first = offered.values().find(|statement| founding(statement))?;
    first.founding().map(|edition| (first, edition))
}
