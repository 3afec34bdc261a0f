//! A federation in one thread: real replicas and sync machines, a clock that jumps, wires that fail, disks that forget.
//!
//! A seed decides everything: who belongs to which gemeente, who is linked to whom, what is written when, what breaks.
//! The same seed gives the same run, byte for byte. At the end everything is healed, and the laws are checked:
//! the same set of entries and statements means the same answers, nothing acknowledged is lost, every node becomes
//! equal, and a fresh replica that takes everything in another order says the same.
//!
//! | file | what it holds |
//! |---|---|
//! | `plan` | what a seed decides before the run |
//! | `founding` | keys, members and statements |
//! | `disk` | a store that loses what was not flushed |
//! | `node` | one node: what it is, and its life from start to crash |
//! | `author` | records, through the gate |
//! | `wire` | links that come and go, and what they do to a frame |
//! | `world` | the clock and the queue |
//! | `act` | what people and fate do |
//! | `law` | what must hold at the end |
//!
//! **Invariant:** nothing here depends on the time, the machine or the order of a hash map.

use std::sync::atomic::{AtomicU64, Ordering};

mod act;
pub(crate) mod author;
mod disk;
mod founding;
mod law;
mod node;
mod plan;
mod wire;
mod world;

pub use plan::Plan;
pub use world::{Report, World};

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The seed that shows it.
    pub seed: u64,
    /// Which law was broken, and where.
    pub why: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.why)?;
        write!(
            f,
            "replay it with: cargo run --release -p tests --bin simulate -- --seed {}",
            self.seed
        )
    }
}

/// Runs the federation of a seed. A panic anywhere below is a failure like any other.
///
/// # Errors
/// [`Failure`]: the law that was broken.
pub fn run(seed: u64) -> Result<Report, Failure> {
    run_plan(Plan::of(seed))
}

/// Runs the federation of a plan.
///
/// # Errors
/// [`Failure`]: the law that was broken.
pub fn run_plan(plan: Plan) -> Result<Report, Failure> {
    let seed = plan.seed;
    let world = std::panic::catch_unwind(|| World::new(plan).run());
    let said = |panic: &(dyn std::any::Any + Send)| match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>())
    {
        (Some(text), _) => text.clone(),
        (None, Some(text)) => (*text).to_owned(),
        (None, None) => "something panicked".to_owned(),
    };
    let outcome = world.unwrap_or_else(|panic| Err(said(&*panic)));
    outcome.map_err(|why| Failure { seed, why })
}

/// Runs many federations on two threads; returns the failures in order of seed.
#[must_use]
pub fn run_all(seeds: std::ops::Range<u64>) -> Vec<Failure> {
    let next = AtomicU64::new(seeds.start);
    let worker = || {
        let seeds = std::iter::from_fn(|| {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            (seed < seeds.end).then_some(seed)
        });
        seeds.filter_map(|seed| run(seed).err()).collect::<Vec<Failure>>()
    };
    let mut failures = std::thread::scope(|scope| {
        let other = scope.spawn(worker);
        let mut failures = worker();
        failures.extend(other.join().expect("a run that panics is a failure, not a panic"));
        failures
    });
    failures.sort_by_key(|failure| failure.seed);
    failures
}
