//! Where nodes are: the newest address statement, else what the edition says.

use std::collections::BTreeMap;

use super::super::{Body, NodeAddress, Statement};
use super::Roster;
use crate::id::{NodeKey, StatementId};

/// The newest address statement of a node, signed by the node or its member; else the edition's first addresses.
pub(super) fn of<'a>(
    statements: impl Iterator<Item = &'a Statement>,
    roster: &Roster,
) -> BTreeMap<NodeKey, Vec<String>> {
    let mut newest: BTreeMap<NodeKey, (u64, StatementId, &NodeAddress)> = BTreeMap::new();
    for statement in statements {
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
    let listed = roster.members().iter();
    let first = listed.flat_map(|member| member.nodes.iter().map(|node| (*node, member.addresses.clone())));
    let mut all: BTreeMap<NodeKey, Vec<String>> = first.collect();
    let newest = newest.into_iter();
    all.extend(newest.map(|(node, (_, _, address))| (node, address.addresses.clone())));
    all.retain(|node, _| roster.may_connect(*node));
    all
}

fn may_address(roster: &Roster, author: [u8; 32], node: NodeKey) -> bool {
    let gemeente = roster.nodes.get(&node);
    let member = gemeente.and_then(|gemeente| roster.member(*gemeente));
    author == node.0 || member.is_some_and(|member| member.root.0 == author)
}
