//! The end of a run: everything heals, nobody writes any more, and whoever belongs becomes equal and quiet.

use protocol::api::Message;

use super::law::{Broken, Law};
use super::node::Up;
use super::plan::Class;
use super::world::World;

/// How long a healed federation may take to become equal.
const PATIENCE_MS: u64 = 30 * 60 * 1000;
/// How many comparisons long equal nodes are listened to.
const QUIET_INTERVALS: u64 = 4;
/// Requests in one conversation with a hostile node.
const HOSTILE_REQUESTS: u64 = 128;

impl World {
    /// Heals everything, waits until all who can talk are equal and quiet, and checks the laws.
    pub(super) fn finish(&mut self) -> Result<(), Broken> {
        self.tell(|| {
            Message::new(
                "alles heelt, niemand schrijft meer",
                "everything heals, nobody writes any more",
            )
        });
        self.calm = true;
        // Copies stay until they are equal too, unless their neighbours may have left them.
        let stay = !self.plan.classes().contains(&Class::Membership);
        if stay {
            self.settle()?;
        }
        self.end_twins();
        if self.plan.away.is_some() {
            self.tell(|| Message::new("de node die weg was komt terug", "the node that was away comes back"));
            self.wires.come_back();
        }
        self.settle()?;
        self.listen()?;
        self.settle()?;
        self.check()
    }

    /// Heals everything and waits until all who can talk are equal.
    fn settle(&mut self) -> Result<(), Broken> {
        self.wires.heal();
        for node in 0..self.nodes.len() {
            if let Some(up) = &self.nodes[node].up {
                up.replica.store().disarm();
            }
            self.start(node)?;
        }
        self.relink();
        let patience = self.now_ms + PATIENCE_MS;
        while !self.are_equal() {
            let Some((at, event)) = self.next(patience) else {
                return Law::Converge.broken(self.difference());
            };
            self.handle(at, event)?;
        }
        Ok(())
    }

    /// Copies that ran beside a node are stopped for good, and it has all its links again.
    fn end_twins(&mut self) {
        for twin in self.plan.nodes.len()..self.nodes.len() {
            if self.nodes[twin].hostile {
                continue;
            }
            self.stop(twin);
            self.nodes[twin].gone = true;
            self.wires.join(self.nodes[twin].place, twin);
            self.forget_lost(twin);
        }
        self.relink();
    }

    /// Equal nodes ask as often as their pace says, and take nothing in.
    fn listen(&mut self) -> Result<(), Broken> {
        let pace = self.plan.pace;
        let (asked, applied) = (self.report.asked, self.report.applied);
        let until = self.now_ms + QUIET_INTERVALS * pace.anti_entropy_ms;
        while let Some((at, event)) = self.next(until) {
            self.handle(at, event)?;
        }
        self.now_ms = until;
        let hostile = !self.plan.hostile.is_empty();
        let (asked, applied) = (self.report.asked - asked, self.report.applied - applied);
        let nodes = self.nodes.len() as u64;
        let conversations = nodes * (nodes + pace.exchanges as u64 * QUIET_INTERVALS * 2);
        let most = conversations * if hostile { HOSTILE_REQUESTS } else { 2 };
        if asked > most {
            return Law::Quiet.broken(format!("equal nodes ask {asked} times, where {most} would do"));
        }
        // Who was out of reach or out of the federation may still have news for those that count as equal.
        let whole = !hostile && self.active().len() == self.running().count();
        if whole && applied > 0 {
            return Law::Quiet.broken(format!("equal nodes take something in {applied} times"));
        }
        Ok(())
    }

    /// Whether another node does not belong, no longer or not yet, as far as one correct node knows.
    fn is_out(&self, by: &Up, node: usize) -> bool {
        let at = &self.nodes[node];
        let roster = by.replica.roster();
        let code = self.founding.gemeenten[at.of];
        let on_hold = roster
            .suspensions()
            .iter()
            .any(|hold| hold.in_force && hold.gemeente == code);
        let no_member = roster.member(code).is_none() || roster.left().any(|left| left == code);
        roster.is_active() && (on_hold || no_member || !roster.may_connect(at.name))
    }

    /// The running correct nodes that can be reached.
    fn reachable(&self) -> Vec<(usize, &Up)> {
        let away = self.plan.away.filter(|node| self.wires.linked(*node).is_empty());
        let honest = self
            .running()
            .filter(|(node, _)| !self.nodes[*node].hostile && Some(*node) != away);
        honest.collect()
    }

    /// Whether two nodes can talk: neither thinks that the other does not belong.
    fn can_talk(&self, one: (usize, &Up), other: (usize, &Up)) -> bool {
        !self.is_out(one.1, other.0) && !self.is_out(other.1, one.0)
    }

    /// Whether two nodes, by their numbers, can talk.
    pub(super) fn talks(&self, one: usize, other: usize) -> bool {
        let up = |node: usize| Some((node, self.nodes[node].up.as_deref()?));
        let pair = up(one).zip(up(other));
        pair.is_some_and(|(one, other)| self.can_talk(one, other))
    }

    /// The running correct nodes that belong: whoever can talk with the one that can talk with most, itself included.
    pub(super) fn active(&self) -> Vec<usize> {
        let honest = self.reachable();
        let partners = |one: (usize, &Up)| {
            let others = honest.iter().filter(|other| self.can_talk(one, **other));
            others.map(|(node, _)| *node).collect::<Vec<usize>>()
        };
        let groups = honest.iter().map(|one| partners(*one));
        // Of several that are as large the first.
        groups.rev().max_by_key(Vec::len).unwrap_or_default()
    }

    /// Whether all who can talk are equal.
    fn are_equal(&self) -> bool {
        let honest = self.reachable();
        let digests: Vec<_> = honest.iter().map(|(_, up)| up.replica.digest()).collect();
        if digests.windows(2).all(|pair| pair[0] == pair[1]) {
            return true;
        }
        let pairs = (0..honest.len()).flat_map(|high| (0..high).map(move |low| (low, high)));
        let mut apart = pairs.filter(|(low, high)| digests[*low] != digests[*high]);
        !apart.any(|(low, high)| self.can_talk(honest[low], honest[high]))
    }

    /// In what the nodes that belong differ.
    fn difference(&self) -> String {
        let mut lines = vec!["the nodes do not become equal:".to_owned()];
        for node in self.active() {
            let Some(up) = &self.nodes[node].up else { continue };
            let heights = up
                .replica
                .logs()
                .map(|(log, state)| format!("{}:{}", &log.to_string()[..6], state.held));
            let heights: Vec<String> = heights.collect();
            let statements = up.replica.statements();
            let (count, digest) = (statements.len(), statements.digest().to_string());
            let edition = up.replica.roster().course().map(|course| course.number);
            lines.push(format!(
                "  node {node}: edition {edition:?}, {count} statements {}, {}",
                &digest[..6],
                heights.join(" ")
            ));
        }
        lines.join("\n")
    }
}
