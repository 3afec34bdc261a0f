//! Links that come and go, and what they do to a frame.

use std::collections::{BTreeMap, BTreeSet};

use protocol::entropy::Seeded;

use super::plan::{Harm, Plan};

/// Two nodes, the lower number first.
pub(super) type Pair = (usize, usize);

/// A link that changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// Between whom.
    pub(super) pair: Pair,
    /// Whether it is up now.
    pub(super) up: bool,
    /// Which state of the link this is: what was sent in an earlier one never arrives.
    pub(super) epoch: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Link {
    up: bool,
    epoch: u64,
}

/// All links.
#[derive(Debug)]
pub(super) struct Wires {
    links: BTreeMap<Pair, Link>,
    /// Per node on which side of the partition it is.
    sides: Vec<u64>,
    away: Option<usize>,
}

/// The pair of two nodes.
pub(super) fn pair(one: usize, other: usize) -> Pair {
    (one.min(other), one.max(other))
}

impl Wires {
    /// The links of a plan, all down.
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            links: plan.links.iter().map(|pair| (*pair, Link::default())).collect(),
            sides: vec![0; plan.nodes.len()],
            away: plan.away,
        }
    }

    /// Puts every node on a random side.
    pub(super) fn part(&mut self, rng: &mut Seeded) {
        self.sides.iter_mut().for_each(|side| *side = rng.below(2));
    }

    /// Ends the partition.
    pub(super) fn heal(&mut self) {
        self.sides.fill(0);
    }

    /// Brings back the node that was away.
    pub(super) fn come_back(&mut self) {
        self.away = None;
    }

    /// Whether two nodes are on the same side.
    pub(super) fn together(&self, one: usize, other: usize) -> bool {
        self.sides[one] == self.sides[other]
    }

    /// Brings every link in the state it should have and says which changed.
    pub(super) fn refresh(&mut self, alive: &[bool]) -> Vec<Change> {
        let (sides, away) = (&self.sides, self.away);
        let mut changes = Vec::new();
        for (pair, link) in &mut self.links {
            let (one, other) = *pair;
            let here = away != Some(one) && away != Some(other);
            let up = alive[one] && alive[other] && sides[one] == sides[other] && here;
            if up != link.up {
                *link = Link {
                    up,
                    epoch: link.epoch + 1,
                };
                changes.push(Change {
                    pair: *pair,
                    up,
                    epoch: link.epoch,
                });
            }
        }
        changes
    }

    /// Gives half of the links of a node to a copy of it, which is node `twin`; false when that would keep nodes that
    /// should hear of each other apart.
    pub(super) fn divide(
        &mut self,
        (node, twin): (usize, usize),
        whole: &[usize],
        names: &dyn Fn(usize, usize) -> bool,
        rng: &mut Seeded,
    ) -> bool {
        let mut own: Vec<Pair> = self
            .links
            .keys()
            .filter(|(one, other)| *one == node || *other == node)
            .copied()
            .collect();
        if own.len() < 2 {
            return false;
        }
        rng.shuffle(&mut own);
        self.sides.resize(twin + 1, 0);
        self.sides[twin] = self.sides[node];
        for (one, other) in own.drain(..own.len() / 2) {
            self.links.remove(&(one, other));
            let peer = if one == node { other } else { one };
            self.links.insert(pair(peer, twin), Link::default());
        }
        let hear: BTreeSet<usize> = whole.iter().copied().chain([twin]).collect();
        let connected = self.connected(&hear, names);
        if !connected {
            self.join(node, twin);
            self.sides.truncate(twin);
        }
        connected
    }

    /// Whether these nodes can hear of each other without others, even when each starts from nothing. Over a link
    /// nothing goes before both ends know the key of the other, so `names` says whose key a node knows by itself;
    /// whoever heard of others knows what they know.
    pub(super) fn connected(&self, nodes: &BTreeSet<usize>, names: &dyn Fn(usize, usize) -> bool) -> bool {
        let mut groups: Vec<BTreeSet<usize>> = nodes.iter().map(|node| BTreeSet::from([*node])).collect();
        while let Some((low, high)) = self.meeting(&groups, names) {
            let joined = groups.swap_remove(high);
            groups[low].extend(joined);
        }
        groups.len() < 2
    }

    /// Two groups between which a link carries something, the lower one first.
    fn meeting(&self, groups: &[BTreeSet<usize>], names: &dyn Fn(usize, usize) -> bool) -> Option<Pair> {
        let of = |node: usize| groups.iter().position(|group| group.contains(&node));
        let knows = |group: usize, node: usize| groups[group].iter().any(|member| names(*member, node));
        self.links.keys().find_map(|(one, other)| {
            let (left, right) = (of(*one)?, of(*other)?);
            let meet = left != right && knows(left, *other) && knows(right, *one);
            meet.then(|| pair(left, right))
        })
    }

    /// Gives the links of a copy back.
    pub(super) fn join(&mut self, node: usize, twin: usize) {
        let own: Vec<Pair> = self
            .links
            .keys()
            .filter(|(one, other)| *one == twin || *other == twin)
            .copied()
            .collect();
        for (one, other) in own {
            self.links.remove(&(one, other));
            let peer = if one == twin { other } else { one };
            self.links.insert(pair(peer, node), Link::default());
        }
    }

    /// The state of a link, while it is up.
    pub(super) fn epoch(&self, pair: Pair) -> Option<u64> {
        self.links.get(&pair).filter(|link| link.up).map(|link| link.epoch)
    }

    /// Whether this is still the state of the link.
    pub(super) fn is_current(&self, pair: Pair, epoch: u64) -> bool {
        self.links.get(&pair).is_some_and(|link| link.epoch == epoch)
    }

    /// The nodes that a node is linked with at the moment.
    pub(super) fn linked(&self, node: usize) -> Vec<usize> {
        let up = self.links.iter().filter(|(_, link)| link.up);
        up.filter_map(|((one, other), _)| match node {
            _ if node == *one => Some(*other),
            _ if node == *other => Some(*one),
            _ => None,
        })
        .collect()
    }
}

/// The copies of a frame that arrive, each after its own time; none when it is lost.
pub(super) fn travel(harm: &Harm, bytes: &[u8], rng: &mut Seeded) -> Vec<(u64, Vec<u8>)> {
    if rng.chance(harm.lost, 1000) {
        return Vec::new();
    }
    let copies = if rng.chance(harm.doubled, 1000) { 2 } else { 1 };
    let mut arrive = |_| {
        let mut bytes = bytes.to_vec();
        if rng.chance(harm.broken, 1000) && !bytes.is_empty() {
            let at = rng.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << rng.below(8);
        }
        (1 + rng.below(harm.latency_ms), bytes)
    };
    (0..copies).map(&mut arrive).collect()
}

impl Harm {
    /// A wire that only takes its time.
    pub(super) fn calm(self) -> Self {
        Self {
            lost: 0,
            doubled: 0,
            broken: 0,
            ..self
        }
    }

    /// A wire that changes nothing on the way.
    pub(super) fn whole(self) -> Self {
        Self { broken: 0, ..self }
    }
}
