//! Root keys that took the place of others.

use super::super::{Body, Ending, Member, Rotation, Statement, next_root};
use super::course::Step;
use crate::id::{Gemeente, RootKey};

/// Every change of root key in a pile, with who signed it. Several by one key add up.
pub(super) struct Rotations<'a> {
    all: Vec<(RootKey, &'a Rotation)>,
}

impl<'a> Rotations<'a> {
    pub(super) fn of(statements: impl Iterator<Item = &'a Statement>) -> Self {
        let rotations = statements.filter_map(|statement| match statement.body() {
            Body::Rotate(rotation) => Some((RootKey(statement.author()), rotation)),
            _ => None,
        });
        Self {
            all: rotations.collect(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (RootKey, &'a Rotation)> {
        self.all.iter().copied()
    }

    /// Puts the new root keys in the place of those that the editions list. A key that was replaced commits to no more.
    pub(super) fn apply(&self, steps: &mut [Step<'_>]) {
        for step in steps {
            let replaced = |member: &Member| Some((member.gemeente, self.replaced(member)?));
            let replaced: Vec<(Gemeente, RootKey)> = step.members.iter().filter_map(replaced).collect();
            for (gemeente, root) in replaced {
                let members = step.members.to_mut();
                if let Some(member) = members.iter_mut().find(|member| member.gemeente == gemeente) {
                    (member.root, member.next_root) = (root, [0; 32]);
                }
            }
        }
    }

    /// The key that took the place of the one an edition lists: the one the member had committed itself to.
    fn replaced(&self, member: &Member) -> Option<RootKey> {
        let of = |rotation: &Rotation| rotation.gemeente == member.gemeente && rotation.old == member.root;
        let found = self
            .iter()
            .find(|(author, rotation)| of(rotation) && next_root(*author) == member.next_root);
        found.map(|(author, _)| author)
    }

    /// Ends that a root key carried over, or said, when it took its place.
    pub(super) fn endings(&self, member: &Member) -> impl Iterator<Item = &'a Ending> {
        let (gemeente, root) = (member.gemeente, member.root);
        let own = self
            .iter()
            .filter(move |(author, rotation)| *author == root && rotation.gemeente == gemeente);
        own.flat_map(|(_, rotation)| &rotation.endings)
    }
}
