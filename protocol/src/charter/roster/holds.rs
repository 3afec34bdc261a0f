//! Members that are on hold, or that somebody wants to put on hold.

use std::collections::BTreeSet;

use super::super::suspensions::{Suspensions, suspenders};
use super::super::{Edition, Ending, Statement};
use crate::id::Gemeente;

/// A member that others suspended, or want to suspend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Who.
    pub gemeente: Gemeente,
    /// Who asks for it under the edition in force, in order of code.
    pub by: BTreeSet<Gemeente>,
    /// How many members it takes.
    pub needed: usize,
    /// Whether the edition in force says it, so that it takes nobody.
    pub carried: bool,
    /// Whether its node keys are on hold.
    pub in_force: bool,
}

/// Who is on hold under this edition, in order of code, and how far its logs count meanwhile.
pub(super) fn of<'a>(
    statements: impl Iterator<Item = &'a Statement>,
    hash: [u8; 32],
    edition: &'a Edition,
) -> Vec<(Hold, Vec<&'a Ending>)> {
    let known = |asked: &[u8; 32]| (*asked == hash).then_some(edition);
    let mut suspensions = Suspensions::of(statements.map(|statement| (statement, statement)), known);
    let needed = suspenders(edition.voters());
    let holds = edition.members.iter().map(|member| {
        let asked = suspensions.asked.remove(&(hash, member.gemeente)).unwrap_or_default();
        let carried = edition.suspended.iter().find(|held| held.gemeente == member.gemeente);
        let endings = asked.values().flat_map(|(_, suspension)| &suspension.endings);
        let endings = endings.chain(carried.into_iter().flat_map(|held| &held.endings));
        let hold = Hold {
            gemeente: member.gemeente,
            by: asked.keys().copied().collect(),
            needed,
            carried: carried.is_some(),
            in_force: carried.is_some() || asked.len() >= needed,
        };
        (hold, endings.collect())
    });
    holds.filter(|(hold, _)| hold.in_force || !hold.by.is_empty()).collect()
}
