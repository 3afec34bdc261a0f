//! `leerkring simulate`: a federation in one thread: real replicas and sync machines, a clock that jumps, wires that
//! fail, disks that forget.
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
//! | [`author`] | records, through the gate |
//! | `wire` | links that come and go, and what they do to a frame |
//! | `world` | the clock and the queue |
//! | `act` | what people and fate do |
//! | `law` | what must hold at the end |
//! | `many` | thousands of seeds on all cores |
//! | `report`, `told` | what a run was like, and how that is shown |
//!
//! **Invariant:** nothing here depends on the time, the machine or the order of a hash map; only `many` knows how many
//! cores there are, and what it finds does not depend on it.

mod act;
pub mod author;
mod disk;
mod founding;
mod law;
mod many;
mod node;
mod plan;
mod report;
mod told;
mod wire;
mod world;

pub use many::run_all;
pub use plan::{NODES_MAX, Plan, WEEKS_MAX, Wish};
pub use report::{Line, Report};
pub use world::World;

use crate::exit::Exit;
use crate::output::{Output, Stop};

/// What is asked on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The seed to tell; the first of many otherwise.
    pub seed: u64,
    /// So many seeds, one after the other, instead of one that is told.
    pub count: Option<u64>,
    /// What is not left to the seed.
    pub wish: Wish,
}

/// Runs what is asked; the exit code says whether every law held.
///
/// # Errors
/// [`Stop`] when nobody reads what is told.
pub fn run(options: &Options, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match options.count {
        Some(count) => told::many(options, count, output),
        None => told::one(options, output),
    }
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The seed that shows it.
    pub seed: u64,
    /// What was not left to the seed.
    pub wish: Wish,
    /// Which law was broken, and where.
    pub why: String,
}

impl Failure {
    /// The command that shows it again.
    #[must_use]
    pub fn command(&self) -> String {
        format!("leerkring simulate --seed {}{}", self.seed, self.wish)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}: {}\n{}", self.seed, self.why, self.command())
    }
}

/// Runs the federation of a seed.
///
/// # Errors
/// [`Failure`]: the law that was broken.
pub fn run_seed(seed: u64, wish: Wish) -> Result<Report, Failure> {
    run_plan(Plan::of(seed, wish)).map_err(|why| Failure { seed, wish, why })
}

/// Runs the federation of a plan. A panic anywhere below is a failure like any other.
///
/// # Errors
/// The law that was broken.
pub fn run_plan(plan: Plan) -> Result<Report, String> {
    caught(&mut World::new(plan))
}

/// Runs a federation to its end.
fn caught(world: &mut World) -> Result<Report, String> {
    let said = |panic: &(dyn std::any::Any + Send)| match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>())
    {
        (Some(text), _) => text.clone(),
        (None, Some(text)) => (*text).to_owned(),
        (None, None) => "something panicked".to_owned(),
    };
    let run = std::panic::AssertUnwindSafe(|| world.run());
    std::panic::catch_unwind(run).unwrap_or_else(|panic| Err(said(&*panic)))
}
