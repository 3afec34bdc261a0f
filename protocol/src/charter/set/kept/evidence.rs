//! Which proofs stay: what they are about decides, not who holds them up, so nobody can crowd them out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::Statement;
use super::super::super::evidence::{DOUBLES_MAX, Doubled, Evidence, FORKS_MAX};
use super::super::super::voices::Voices;
use super::Pile;
use super::editions::Editions;
use crate::id::{LogId, NodeKey};

/// Of each log of a node that belongs the proof of the earliest fork, and of each root key some of its double votes.
pub(super) fn of<'a>(offered: &'a Pile, voices: &Voices, editions: &Editions<'_>) -> Vec<&'a Arc<Statement>> {
    let mut forks: BTreeMap<NodeKey, BTreeMap<LogId, (u64, &Arc<Statement>)>> = BTreeMap::new();
    let mut doubles: BTreeMap<[u8; 32], BTreeMap<Doubled, &Arc<Statement>>> = BTreeMap::new();
    let known = offered.values().filter(|statement| voices.knows(&statement.author()));
    for statement in known {
        match statement.evidence() {
            Some(Evidence::Forked(forked)) if voices.is_node(&forked.node.0) => {
                let of_node = forks.entry(forked.node).or_default();
                let first = of_node.entry(forked.log).or_insert((forked.seq, statement));
                // Equally early ones come in order of id.
                if forked.seq < first.0 {
                    *first = (forked.seq, statement);
                }
            }
            // By what the editions say, not by who has spoken: a key that a member committed itself to may speak first here.
            Some(Evidence::Doubled(doubled)) if votes(editions, &doubled.voter) => {
                doubles
                    .entry(doubled.voter)
                    .or_default()
                    .entry(*doubled)
                    .or_insert(statement);
            }
            _ => {}
        }
    }
    let forks = forks
        .into_values()
        .flat_map(|of_node| of_node.into_values().take(FORKS_MAX));
    let doubles = doubles
        .into_values()
        .flat_map(|of_key| of_key.into_values().take(DOUBLES_MAX));
    forks.map(|(_, statement)| statement).chain(doubles).collect()
}

/// Whether a key is, or was committed to be, the root key of a member of any edition that was decided for.
fn votes(editions: &Editions<'_>, voter: &[u8; 32]) -> bool {
    editions.descent().any(|edition| edition.member_of(voter).is_some())
}
