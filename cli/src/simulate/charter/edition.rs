//! The edition that a member proposes: what is in force, with one change.

use protocol::charter::{
    Body, Day, Edition, Ending, Endorsement, Member, Merge, Role, Roster, Statement, Suspended, next_root,
};
use protocol::entropy::{Entropy, Seeded};
use protocol::id::{Gemeente, RootKey};
use protocol::log::Replica;

use super::super::disk::Disk;
use super::super::founding::member;
use super::super::plan::Change;
use super::super::world::World;
use super::{ending, speaking};

/// Node keys that a member may list.
const LISTED_MAX: usize = 16;

impl World {
    /// The text and the proposer's own vote.
    pub(super) fn propose(
        &mut self,
        node: usize,
        by: &Member,
        change: Change,
        rng: &mut Seeded,
    ) -> Option<Vec<Statement>> {
        let of = self.nodes[node].of;
        let replica = &self.nodes[node].up.as_ref()?.replica;
        let edition = self.successor(replica, by, change, rng)?;
        if by.role != Role::Voting || edition.check().is_err() {
            return None;
        }
        let vote = Endorsement {
            edition: edition.hash(),
            number: edition.number,
            ballot: 0,
        };
        let root = self.root(of, by.root)?;
        let number = edition.number;
        let sign = |body| Statement::sign(self.founding.federation, body, &root);
        let mut said = vec![sign(Body::Edition(edition))];
        let vote = sign(Body::Endorse(vote));
        if self.votes(of, number) {
            said.push(vote);
        }
        Some(said)
    }

    fn successor(&self, replica: &Replica<Disk>, by: &Member, change: Change, rng: &mut Seeded) -> Option<Edition> {
        let roster = replica.roster();
        let course = roster.course()?;
        let text = replica
            .statements()
            .iter()
            .find(|held| held.edition_hash() == Some(course.edition))?;
        let Body::Edition(now) = text.body() else {
            return None;
        };
        let mut next = now.successor(rng.bytes());
        next.members = roster
            .members()
            .iter()
            .map(|member| self.renewed(member, roster))
            .collect();
        next.members
            .retain(|member| !roster.left().any(|left| left == member.gemeente));
        let others: Vec<Gemeente> = next.members.iter().map(|member| member.gemeente).collect();
        let others: Vec<Gemeente> = others.into_iter().filter(|code| *code != by.gemeente).collect();
        let gone = match change {
            Change::Renew => None,
            Change::Add => {
                let of = *self.politics.joining.first()?;
                let first = self.plan.nodes.iter().position(|other| *other == of)?;
                let mut joins = member(self.founding.keys, self.founding.gemeenten[of], of, &[first]);
                if rng.chance(1, 4) {
                    joins.role = Role::Reading;
                }
                next.members.push(joins);
                None
            }
            Change::Remove | Change::Merge => Some(*others.get(rng.below(others.len() as u64) as usize)?),
        };
        next.members.retain(|member| Some(member.gemeente) != gone);
        next.members.sort_by_key(|member| member.gemeente);
        if let (Change::Merge, Some(from)) = (change, gone) {
            let to = next.members[rng.below(next.members.len() as u64) as usize].gemeente;
            let date = Day::new(2027, 1, 1)?;
            next.merges = vec![Merge { from, to, date }];
        }
        if rng.chance(1, 3) {
            next.suspended = carried(replica, &next);
        }
        next.endings = endings(replica, &next);
        Some(next)
    }

    /// A member as it is now: its root key with the commitment to the next, and the node keys that speak for it.
    fn renewed(&self, member: &Member, roster: &Roster) -> Member {
        let of = self.founding.gemeenten.iter().position(|code| *code == member.gemeente);
        let next = of.and_then(|of| self.next_of(of, member.root));
        let on_hold = roster
            .suspensions()
            .iter()
            .any(|hold| hold.in_force && hold.gemeente == member.gemeente);
        let mut nodes = match on_hold {
            // A suspension lapses; a key that an edition leaves out never speaks again.
            true => roster
                .nodes()
                .filter(|(_, of)| *of == member.gemeente)
                .map(|(node, _)| node)
                .collect(),
            false => speaking(roster, member.gemeente),
        };
        nodes.truncate(LISTED_MAX);
        Member {
            next_root: next.map_or([0; 32], |key| next_root(RootKey(key.verifying_key().to_bytes()))),
            nodes,
            ..member.clone()
        }
    }
}

/// Members on hold that stay so.
fn carried(replica: &Replica<Disk>, next: &Edition) -> Vec<Suspended> {
    let holds = replica.roster().suspensions().iter().filter(|hold| hold.in_force);
    let stay = holds.filter(|hold| next.member(hold.gemeente).is_some());
    let carry = |hold: &protocol::charter::Hold| {
        let nodes = replica.roster().nodes().filter(|(_, of)| *of == hold.gemeente);
        let listed = |node| !next.endings.iter().any(|end: &Ending| end.node == node);
        Suspended {
            gemeente: hold.gemeente,
            endings: nodes
                .map(|(node, _)| node)
                .filter(|node| listed(*node))
                .map(|node| ending(replica, node))
                .collect(),
        }
    };
    stay.map(carry).collect()
}

/// Where the node keys end that the next edition knows no more: as far as this node holds their logs.
fn endings(replica: &Replica<Disk>, next: &Edition) -> Vec<Ending> {
    let roster = replica.roster();
    let on_hold = |code: Gemeente| {
        roster
            .suspensions()
            .iter()
            .any(|hold| hold.in_force && hold.gemeente == code)
    };
    let goes = |code: Gemeente| next.member(code).is_none();
    let listed = |node| next.members.iter().any(|member| member.nodes.contains(&node));
    let ended = roster
        .nodes()
        .filter(|(node, code)| !listed(*node) && (goes(*code) || (!roster.may_connect(*node) && !on_hold(*code))));
    ended.map(|(node, _)| ending(replica, node)).collect()
}
