//! The plan of a seed: each draw decides one thing.

use protocol::entropy::Seeded;

use super::{Change, Deed, Fault, Harm, Malice, Manner, Pace, Plan, Step, Wish};

/// Most nodes where the seed decides.
const NODES_OF_SEED: u64 = 8;
/// What a week of work is pressed into.
const WEEK_MS: u64 = 10_000;
/// How far a clock that lies is off.
const DAYS_OFF: i64 = 400;

const MANNERS: [Manner; 5] = [
    Manner::Lie,
    Manner::Withhold,
    Manner::Garble,
    Manner::Replay,
    Manner::Forge,
];
const MALICE: [Malice; 9] = [
    Malice::Entries,
    Malice::Fork,
    Malice::Backdate,
    Malice::FloodEntries,
    Malice::FloodStatements,
    Malice::Certify,
    Malice::DoubleVote,
    Malice::Withdraw,
    Malice::Usurp,
];

/// Which classes a seed belongs to: most to one or two, some to none, a few to all.
struct Themes {
    rollback: bool,
    twin: bool,
    clock: bool,
    disk: bool,
    hostile: bool,
    membership: bool,
}

impl Themes {
    fn draw(rng: &mut Seeded) -> Self {
        let mut one_in = |whole: u64| rng.chance(1, whole);
        Self {
            rollback: one_in(4),
            twin: one_in(6),
            clock: one_in(5),
            disk: one_in(4),
            hostile: one_in(4),
            membership: one_in(4),
        }
    }
}

pub(super) fn plan(seed: u64, wish: Wish) -> Plan {
    let mut rng = Seeded::new(seed ^ 0x706c_616e);
    let mut themes = Themes::draw(&mut rng);
    themes.hostile = wish.hostile.map_or(themes.hostile, |hostile| hostile > 0);
    let (nodes, founders) = people(wish.nodes, &themes, &mut rng);
    let hostile = hostile(&nodes, founders, &themes, wish.hostile, &mut rng);
    let meshed = themes.membership || !hostile.is_empty();
    let away = (nodes.len() > 2 && !meshed && rng.chance(1, 4)).then(|| rng.below(nodes.len() as u64) as usize);
    let busy_ms = wish
        .weeks
        .map_or(5_000 + rng.below(120_000), |weeks| weeks.max(1) * WEEK_MS);
    let mut plan = Plan {
        seed,
        founders,
        later: later(&nodes, founders, themes.membership, &mut rng),
        manners: if hostile.is_empty() {
            Vec::new()
        } else {
            manners(&mut rng)
        },
        hostile,
        links: links(&nodes, meshed || away.is_some() || rng.chance(1, 2), &mut rng),
        away,
        gossip: rng.chance(1, 2),
        scattered: away.is_none() && !themes.hostile && rng.chance(1, 3),
        wires: wires(themes.hostile, &mut rng),
        pace: pace(&mut rng),
        busy_ms,
        steps: Vec::new(),
        nodes,
    };
    let acts = wish
        .weeks
        .map_or(5 + rng.below(40), |weeks| 1 + weeks * (1 + rng.below(4)));
    let mut steps = Steps { rng, plan: &mut plan };
    steps.people(acts);
    steps.fate();
    steps.breaking(&themes);
    steps.members(&themes);
    steps.malice();
    steps.learning(acts);
    plan.steps.sort_by_key(|step| (step.at_ms, step.salt));
    plan
}

/// Per node its gemeente, and how many gemeenten found the federation. Two to eight nodes if nobody says how many, the
/// first few of different gemeenten, sometimes several of one.
fn people(count: Option<usize>, themes: &Themes, rng: &mut Seeded) -> (Vec<usize>, usize) {
    let least = if themes.membership || themes.hostile { 4 } else { 2 };
    let drawn = least + rng.below(NODES_OF_SEED - least + 1);
    let count = count.unwrap_or(drawn as usize);
    let few = if themes.hostile || themes.membership {
        count.min(4)
    } else {
        1
    };
    let gemeenten = few + rng.below((count - few) as u64 + 1) as usize;
    let mut nodes: Vec<usize> = (0..count)
        .map(|node| {
            if node < gemeenten {
                node
            } else {
                rng.below(gemeenten as u64) as usize
            }
        })
        .collect();
    if themes.membership && rng.chance(1, 2) {
        nodes.push(gemeenten);
    }
    (nodes, gemeenten)
}

/// Who is hostile: fewer than a third of the founders, and never all nodes.
fn hostile(nodes: &[usize], founders: usize, themes: &Themes, wish: Option<usize>, rng: &mut Seeded) -> Vec<usize> {
    let most = founders.saturating_sub(1) / 3;
    if !themes.hostile || most == 0 {
        return Vec::new();
    }
    let mut all: Vec<usize> = (0..founders).collect();
    rng.shuffle(&mut all);
    let drawn = 1 + rng.below(most as u64) as usize;
    let Some(count) = wish else {
        all.truncate(drawn);
        return all;
    };
    let (mut chosen, mut left) = (Vec::new(), count);
    for of in all.into_iter().take(most) {
        let own = nodes.iter().filter(|node| **node == of).count();
        if left > 0 {
            chosen.push(of);
            left = left.saturating_sub(own);
        }
    }
    chosen
}

/// Nodes that come later: all of a gemeente that joins, and some that their gemeente certifies on the way.
fn later(nodes: &[usize], founders: usize, membership: bool, rng: &mut Seeded) -> Vec<usize> {
    let first = |node: usize| nodes.iter().position(|of| *of == nodes[node]) == Some(node);
    (0..nodes.len())
        .filter(|node| nodes[*node] >= founders || (membership && !first(*node) && rng.chance(1, 2)))
        .collect()
}

/// All pairs, or a tree with a few pairs more, so that news travels through others. A later node of a gemeente hangs
/// on its first one.
fn links(nodes: &[usize], all: bool, rng: &mut Seeded) -> Vec<(usize, usize)> {
    let pairs = (0..nodes.len()).flat_map(|high| (0..high).map(move |low| (low, high)));
    let mut random = |node: usize| rng.below(node as u64) as usize;
    let first = |of: usize| nodes.iter().position(|other| *other == of).unwrap_or(0);
    let up = |(node, of): (usize, &usize)| match first(*of) {
        hub if hub < node => hub,
        _ => random(node),
    };
    let tree: Vec<usize> = nodes.iter().enumerate().map(up).collect();
    pairs
        .filter(|(low, high)| all || tree[*high] == *low || rng.chance(1, 5))
        .collect()
}

fn manners(rng: &mut Seeded) -> Vec<Manner> {
    MANNERS.into_iter().filter(|_| rng.chance(2, 5)).collect()
}

fn wires(hostile: bool, rng: &mut Seeded) -> Harm {
    let rough = rng.chance(2, 3);
    let of_rough = |rng: &mut Seeded, most| if rough { rng.below(most) } else { 0 };
    Harm {
        latency_ms: [1, 40, 400, 3000][rng.below(4) as usize],
        lost: of_rough(rng, 300),
        doubled: of_rough(rng, 200),
        broken: if !hostile && rng.chance(1, 6) {
            1 + rng.below(50)
        } else {
            0
        },
    }
}

fn pace(rng: &mut Seeded) -> Pace {
    Pace {
        anti_entropy_ms: [1000, 3000, 10_000][rng.below(3) as usize],
        sessions: 1 + rng.below(4) as usize,
        exchanges: [2, 8][rng.below(2) as usize],
        served: [64, 8192][rng.below(2) as usize],
    }
}

/// Puts steps in a plan.
struct Steps<'a> {
    rng: Seeded,
    plan: &'a mut Plan,
}

impl Steps<'_> {
    fn any_node(&mut self) -> usize {
        self.rng.below(self.plan.nodes.len() as u64) as usize
    }

    fn any_time(&mut self) -> u64 {
        2000 + self.rng.below(self.plan.busy_ms)
    }

    fn add(&mut self, at_ms: u64, node: usize, deed: Deed) {
        let salt = self.rng.next();
        self.plan.steps.push(Step {
            at_ms,
            node,
            deed,
            salt,
        });
    }

    fn somewhere(&mut self, deed: Deed) -> (u64, usize) {
        let (at_ms, node) = (self.any_time(), self.any_node());
        self.add(at_ms, node, deed);
        (at_ms, node)
    }

    fn people(&mut self, acts: u64) {
        for _ in 0..acts {
            self.somewhere(Deed::Write);
        }
        for _ in 0..self.rng.below(4) {
            self.somewhere(Deed::Withdraw);
        }
    }

    /// What comes of what people wrote: drawn last, so that the rest of a seed does not depend on it.
    fn learning(&mut self, acts: u64) {
        for _ in 0..self.rng.below(acts + 1) {
            self.somewhere(Deed::Learn);
        }
    }

    fn fate(&mut self) {
        for _ in 0..self.rng.below(4) {
            let (at_ms, node) = self.somewhere(Deed::Part);
            let lasts = self.rng.below(self.plan.busy_ms / 2);
            self.add(at_ms + lasts, node, Deed::Heal);
        }
        for _ in 0..self.rng.below(5) {
            self.somewhere(Deed::Crash);
        }
    }

    fn breaking(&mut self, themes: &Themes) {
        if themes.rollback {
            for _ in 0..=self.rng.below(3) {
                self.rollback();
            }
        }
        if themes.twin {
            let same = self.rng.chance(1, 2);
            let (at_ms, node) = self.somewhere(if same { Deed::SameTwin } else { Deed::Twin });
            // Soon after, before one hears of the other.
            for _ in 0..2 + self.rng.below(4) {
                let wait = self.rng.below(3_000);
                self.add(at_ms + wait, node, Deed::Write);
            }
        }
        if themes.clock {
            for _ in 0..=self.rng.below(3) {
                let days = if self.rng.chance(1, 2) { DAYS_OFF } else { -DAYS_OFF };
                let (at_ms, node) = self.somewhere(Deed::Clock(days));
                self.add(at_ms + 1, node, Deed::Crash);
            }
        }
        if themes.disk {
            for _ in 0..=self.rng.below(4) {
                let calls = [3, 30, 300][self.rng.below(3) as usize];
                let after = self.rng.below(calls) as u32;
                let how = if self.rng.chance(1, 3) {
                    Fault::Once
                } else {
                    Fault::Lasting
                };
                self.somewhere(Deed::Fault(after, how));
            }
        }
    }

    /// A node comes back from a copy, mostly with writes of its own in between, and after others may have them.
    fn rollback(&mut self) {
        let (at_ms, node) = self.somewhere(Deed::Rollback);
        if self.rng.chance(1, 6) {
            return;
        }
        let before = self.rng.below(at_ms);
        self.add(at_ms - before, node, Deed::Backup);
        for _ in 0..self.rng.below(4) {
            let wait = self.rng.below(before + 1);
            self.add(at_ms - wait, node, Deed::Write);
        }
        let wait = self.rng.below(10_000);
        self.add(at_ms + wait, node, Deed::Write);
    }

    /// Editions proposed and voted for while people write, and what members do by themselves.
    fn members(&mut self, themes: &Themes) {
        if !themes.membership {
            return;
        }
        let joins = self.plan.gemeenten() > self.plan.founders;
        for round in 0..=self.rng.below(3) {
            let change = match self.rng.below(6) {
                _ if round == 0 && joins => Change::Add,
                0 | 1 => Change::Remove,
                2 | 3 => Change::Merge,
                _ => Change::Renew,
            };
            let (at_ms, _) = self.somewhere(Deed::Propose(change));
            if self.rng.chance(1, 4) {
                let (wait, node) = (self.rng.below(3_000), self.any_node());
                self.add(at_ms + wait, node, Deed::Propose(Change::Renew));
            }
            for node in 0..self.plan.nodes.len() {
                for _ in 0..=self.rng.below(2) {
                    let wait = self.rng.below(30_000);
                    self.add(at_ms + wait, node, Deed::Endorse);
                }
            }
        }
        for _ in 0..self.rng.below(4) {
            let deed = match self.rng.below(5) {
                0 => Deed::End,
                1 => Deed::Leave,
                _ => Deed::Rotate,
            };
            self.somewhere(deed);
        }
        if !self.plan.later.is_empty() {
            for _ in 0..4 {
                self.somewhere(Deed::Certify);
            }
        }
        if self.rng.chance(1, 2) {
            let victim = self.rng.next();
            for _ in 0..=self.rng.below(4) {
                self.somewhere(Deed::Suspend(victim));
            }
        }
    }

    fn malice(&mut self) {
        let hostile: Vec<usize> = (0..self.plan.nodes.len())
            .filter(|node| self.plan.is_hostile(*node))
            .collect();
        if hostile.is_empty() {
            return;
        }
        let chosen: Vec<Malice> = MALICE.into_iter().filter(|_| self.rng.chance(1, 3)).collect();
        let crowds = chosen.contains(&Malice::Certify);
        for malice in chosen {
            // A key that crowds out its own certificate gives back what it took back: the one exception to that law.
            if crowds && malice == Malice::Withdraw {
                continue;
            }
            for _ in 0..=self.rng.below(2) {
                let node = hostile[self.rng.below(hostile.len() as u64) as usize];
                let at_ms = self.any_time();
                self.add(at_ms, node, Deed::Malice(malice));
            }
        }
        if self.rng.chance(1, 2) {
            let (at_ms, node) = (self.any_time(), hostile[0]);
            self.add(at_ms, node, Deed::Leave);
            for malice in [Malice::Backdate, Malice::Entries] {
                let wait = self.rng.below(20_000);
                self.add(at_ms + wait, node, Deed::Malice(malice));
            }
        }
    }
}
