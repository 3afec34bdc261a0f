//! Who suspends whom, under which edition.
//!
//! Of `n` voting members, `max(2, floor(n/3) + 1)` put another member on hold: fast enough against a stolen key, too many
//! for a dishonest third. It lapses with the edition it names, unless the next one carries it on.

use std::collections::BTreeMap;

use super::tally::EditionHash;
use super::{Body, Edition, Role, Statement, Suspension};
use crate::id::Gemeente;

/// Members it takes to suspend another one.
#[must_use]
pub fn suspenders(voters: usize) -> usize {
    (voters / 3 + 1).max(2)
}

/// One statement per member that asks for it: of several, the shortest, and of those the one with the smallest id.
pub(super) type Askers<'a, S> = BTreeMap<Gemeente, (S, &'a Suspension)>;

/// Who asks to suspend whom.
pub(super) struct Suspensions<'a, S> {
    pub(super) asked: BTreeMap<(EditionHash, Gemeente), Askers<'a, S>>,
}

impl<'a, S: AsRef<Statement> + Copy + 'a> Suspensions<'a, S> {
    /// Those asked for under an edition that is known.
    pub(super) fn of(
        statements: impl Iterator<Item = (S, &'a Statement)>,
        edition: impl Fn(&EditionHash) -> Option<&'a Edition>,
    ) -> Self {
        let mut asked: BTreeMap<(EditionHash, Gemeente), Askers<'a, S>> = BTreeMap::new();
        for (held, statement) in statements {
            let Body::Suspend(suspension) = statement.body() else {
                continue;
            };
            let Some(by) = edition(&suspension.edition).and_then(|edition| asker(edition, statement, suspension))
            else {
                continue;
            };
            let rank = |statement: &Statement| (statement.bytes().len(), statement.id());
            let askers = asked.entry((suspension.edition, suspension.gemeente)).or_default();
            let first = askers.entry(by).or_insert((held, suspension));
            if rank(statement) < rank(first.0.as_ref()) {
                *first = (held, suspension);
            }
        }
        Self { asked }
    }
}

/// The voting member that asks for it, if it may: about another member of that edition.
fn asker(edition: &Edition, statement: &Statement, suspension: &Suspension) -> Option<Gemeente> {
    let member = edition.member_of(&statement.author())?;
    let may = member.role == Role::Voting && member.gemeente != suspension.gemeente;
    let listed = edition
        .members
        .iter()
        .any(|member| member.gemeente == suspension.gemeente);
    (may && listed).then_some(member.gemeente)
}
