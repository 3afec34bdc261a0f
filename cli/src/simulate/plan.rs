//! What a seed decides before the run.

use protocol::entropy::Seeded;
use protocol::sync::Config;

/// Most nodes in one federation.
pub const NODES_MAX: usize = 40;
/// Most weeks of work in one run.
pub const WEEKS_MAX: u64 = 520;
/// Most nodes where the seed decides.
const NODES_OF_SEED: u64 = 8;
/// What a week of work is pressed into.
const WEEK_MS: u64 = 10_000;

/// What is not left to the seed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// How many nodes.
    pub nodes: Option<usize>,
    /// How many weeks people work, each pressed into ten seconds.
    pub weeks: Option<u64>,
}

impl std::fmt::Display for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nodes = self.nodes.map(|nodes| format!(" --nodes {nodes}"));
        let weeks = self.weeks.map(|weeks| format!(" --weeks {weeks}"));
        write!(f, "{}{}", nodes.unwrap_or_default(), weeks.unwrap_or_default())
    }
}

/// What the run of a seed is like.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// How many gemeenten.
    pub gemeenten: usize,
    /// Per node, which gemeente it speaks for.
    pub nodes: Vec<usize>,
    /// Pairs of nodes that can be linked.
    pub links: Vec<(usize, usize)>,
    /// A node that nobody reaches until all others are equal.
    pub away: Option<usize>,
    /// Whether hints are carried.
    pub gossip: bool,
    /// Whether each founder's endorsement and each later node's certificate starts at one node only.
    pub scattered: bool,
    /// Longest latency.
    pub latency_ms: u64,
    /// Frames lost, of a thousand.
    pub lost: u64,
    /// Frames that come twice, of a thousand.
    pub doubled: u64,
    /// Frames with bits changed, of a thousand.
    pub broken: u64,
    /// How long people write and fate strikes.
    pub busy_ms: u64,
    /// How many things people do in that time.
    pub acts: u64,
    /// How many partitions.
    pub partitions: u64,
    /// How many crashes.
    pub crashes: u64,
    /// How the machines are set.
    pub config: Config,
    /// How many documents are withdrawn.
    pub withdrawals: u64,
}

impl Plan {
    /// The plan of a seed, but for what is wished.
    #[must_use]
    pub fn of(seed: u64, wish: Wish) -> Self {
        let mut plan = Self::of_seed(seed, wish.nodes);
        if let Some(weeks) = wish.weeks {
            plan.acts = 1 + weeks * (1 + plan.acts % 4);
            plan.busy_ms = weeks.max(1) * WEEK_MS;
        }
        plan
    }

    fn of_seed(seed: u64, nodes: Option<usize>) -> Self {
        let mut rng = Seeded::new(seed ^ 0x706c_616e);
        let nodes = gemeente_per_node(nodes, &mut rng);
        let away = (nodes.len() > 2 && rng.chance(1, 4)).then(|| rng.below(nodes.len() as u64) as usize);
        let rough = rng.chance(2, 3);
        let of_rough = |rng: &mut Seeded, most| if rough { rng.below(most) } else { 0 };
        Self {
            seed,
            gemeenten: nodes.iter().max().map_or(0, |last| last + 1),
            links: links(&nodes, away.is_some() || rng.chance(1, 2), &mut rng),
            away,
            gossip: rng.chance(1, 2),
            scattered: away.is_none() && rng.chance(1, 3),
            latency_ms: [1, 40, 400, 3000][rng.below(4) as usize],
            lost: of_rough(&mut rng, 300),
            doubled: of_rough(&mut rng, 200),
            broken: if rng.chance(1, 6) { 1 + rng.below(50) } else { 0 },
            busy_ms: 5_000 + rng.below(120_000),
            acts: 5 + rng.below(40),
            partitions: rng.below(4),
            crashes: rng.below(5),
            config: config(&mut rng),
            withdrawals: rng.below(4),
            nodes,
        }
    }
}

/// Two to eight nodes if nobody says how many, the first few of different gemeenten, sometimes several of one.
fn gemeente_per_node(count: Option<usize>, rng: &mut Seeded) -> Vec<usize> {
    let drawn = 2 + rng.below(NODES_OF_SEED - 1) as usize;
    let count = count.unwrap_or(drawn);
    let gemeenten = 1 + rng.below(count as u64) as usize;
    (0..count)
        .map(|node| {
            if node < gemeenten {
                node
            } else {
                rng.below(gemeenten as u64) as usize
            }
        })
        .collect()
}

/// All pairs, or a tree with a few pairs more, so that news travels through others. A later node of a gemeente hangs
/// on its first one.
fn links(nodes: &[usize], all: bool, rng: &mut Seeded) -> Vec<(usize, usize)> {
    let pairs = (0..nodes.len()).flat_map(|high| (0..high).map(move |low| (low, high)));
    let mut random = |node: usize| rng.below(node as u64) as usize;
    let up = |(node, of): (usize, &usize)| if *of < node { *of } else { random(node) };
    let tree: Vec<usize> = nodes.iter().enumerate().map(up).collect();
    pairs
        .filter(|(low, high)| all || tree[*high] == *low || rng.chance(1, 5))
        .collect()
}

fn config(rng: &mut Seeded) -> Config {
    Config {
        anti_entropy_ms: [1000, 3000, 10_000][rng.below(3) as usize],
        sessions_max: 1 + rng.below(4) as usize,
        exchanges_per_interval: [2, 8][rng.below(2) as usize],
        serve_per_second: [64, 8192][rng.below(2) as usize],
        refused_ms: 60_000,
        ..Config::default()
    }
}
