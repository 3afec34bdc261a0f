//! The smallest plan that still breaks the same law: steps, nodes, faults and hostile manners are left out for as long
//! as it does.

use std::collections::BTreeSet;

use super::founding::Founding;
use super::kept::world;
use super::plan::{Manner, Plan};
use super::wire::Wires;
use super::{Law, Sabotage, run_world};

/// Most runs that taking a plan apart may cost.
const RUNS_MAX: u32 = 2_000;

/// A plan that breaks this law and from which nothing can be left out, as far as trying goes; where it takes a fault to
/// break it, with that.
#[must_use]
pub fn minimise(plan: Plan, law: Law, fault: Option<Sabotage>) -> Plan {
    smallest(plan, |plan| {
        let mut world = world(plan.clone(), fault);
        run_world(&mut world).is_err_and(|broken| broken.law == law)
    })
}

/// The smallest plan that still does what `fails` says.
#[must_use]
pub fn smallest(plan: Plan, fails: impl Fn(&Plan) -> bool) -> Plan {
    let mut search = Search {
        plan,
        fails,
        left: RUNS_MAX,
    };
    loop {
        let before = search.plan.clone();
        search.steps();
        search.nodes();
        search.settings();
        if search.plan == before || search.left == 0 {
            return search.plan;
        }
    }
}

struct Search<F> {
    plan: Plan,
    fails: F,
    left: u32,
}

impl<F: Fn(&Plan) -> bool> Search<F> {
    /// Keeps a smaller plan when it still fails.
    fn tried(&mut self, smaller: Plan) -> bool {
        if self.left == 0 || smaller == self.plan || !is_connected(&smaller) {
            return false;
        }
        self.left -= 1;
        let fails = (self.fails)(&smaller);
        if fails {
            self.plan = smaller;
        }
        fails
    }

    /// Leaves steps out: half of them, then quarters, down to one at a time.
    fn steps(&mut self) {
        let mut size = self.plan.steps.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < self.plan.steps.len() {
                let mut smaller = self.plan.clone();
                let end = (at + size).min(smaller.steps.len());
                smaller.steps.drain(at..end);
                if !self.tried(smaller) {
                    at += size;
                }
            }
            size /= 2;
        }
    }

    fn nodes(&mut self) {
        for node in (0..self.plan.nodes.len()).rev() {
            if self.plan.nodes.len() > 1 {
                let smaller = without(&self.plan, node);
                self.tried(smaller);
            }
        }
    }

    fn settings(&mut self) {
        let changes: [fn(&mut Plan); 8] = [
            |plan| plan.wires.lost = 0,
            |plan| plan.wires.doubled = 0,
            |plan| plan.wires.broken = 0,
            |plan| plan.wires.latency_ms = 1,
            |plan| plan.gossip = false,
            |plan| plan.scattered = false,
            |plan| plan.away = None,
            |plan| plan.busy_ms = plan.steps.last().map_or(1_000, |step| step.at_ms + 1),
        ];
        for change in changes {
            let mut smaller = self.plan.clone();
            change(&mut smaller);
            self.tried(smaller);
        }
        for manner in self.plan.manners.clone() {
            let mut smaller = self.plan.clone();
            smaller.manners.retain(|other: &Manner| *other != manner);
            self.tried(smaller);
        }
    }
}

/// Whether all nodes can hear of each other: those of a seed can, and one that cannot would fail for another reason.
fn is_connected(plan: &Plan) -> bool {
    let founding = Founding::of(plan);
    let all: BTreeSet<usize> = (0..plan.nodes.len()).collect();
    Wires::new(plan).connected(&all, &|one, other| founding.names(plan, one, other))
}

/// The plan without a node: the others move up, and so do gemeenten when it was the only one of its own.
fn without(plan: &Plan, node: usize) -> Plan {
    let mut smaller = plan.clone();
    let of = smaller.nodes.remove(node);
    let up = |other: usize| (other != node).then(|| if other > node { other - 1 } else { other });
    smaller.later = plan.later.iter().filter_map(|other| up(*other)).collect();
    smaller.away = plan.away.and_then(up);
    smaller.links = plan
        .links
        .iter()
        .filter_map(|(one, other)| Some((up(*one)?, up(*other)?)))
        .collect();
    smaller.steps = plan
        .steps
        .iter()
        .filter_map(|step| {
            let node = up(step.node)?;
            Some(super::plan::Step { node, ..*step })
        })
        .collect();
    if !smaller.nodes.contains(&of) {
        let up = |other: usize| (other != of).then(|| if other > of { other - 1 } else { other });
        smaller.nodes = smaller.nodes.iter().filter_map(|other| up(*other)).collect();
        smaller.hostile = plan.hostile.iter().filter_map(|other| up(*other)).collect();
        smaller.founders = plan.founders - usize::from(of < plan.founders);
    }
    // The first node of a gemeente stands in the founding edition.
    let first = |node: &usize| smaller.nodes.iter().position(|of| *of == smaller.nodes[*node]) == Some(*node);
    let founds = |node: &usize| smaller.nodes[*node] < smaller.founders && first(node);
    smaller.later = smaller.later.iter().copied().filter(|node| !founds(node)).collect();
    smaller
}
