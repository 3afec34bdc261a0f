//! `leerkring simulate`: a federation in one thread: real replicas and sync machines, clocks that lie, wires and disks
//! that fail, members that keep no rule.
//!
//! A seed decides a plan: who belongs to which gemeente, who is linked to whom, what is written when, what breaks. The
//! same plan gives the same run, byte for byte. At the end everything is healed, and the laws are checked.
//!
//! | file | what it holds |
//! |---|---|
//! | `plan` | what a seed decides before the run; can be kept as a line of JSON |
//! | `founding` | keys, members and the statements that found a federation |
//! | `disk` | a store that loses what was not flushed, and fails when told to |
//! | `node` | one node: what it is, and its life from start to crash |
//! | [`author`] | records, through the gate |
//! | `wire` | links that come and go, and what they do to a frame |
//! | `world` | the clock and the queue |
//! | `act`, `learning`, `charter`, `fate`, `hostile` | what people, members, fate and hostile nodes do |
//! | `settle` | the end: everybody equal, then quiet |
//! | `law`, `check` | what must hold then |
//! | `oracle` | a second, naive opinion on who belongs and what counts |
//! | `sabotage` | rules of the world broken on purpose, so that tests see the laws notice |
//! | `kept` | plans in a file, with the fault that each showed |
//! | `minimise` | the smallest plan that still fails |
//! | `many` | thousands of seeds on all cores |
//! | `report`, `told` | what a run was like, and how that is shown |
//!
//! **Invariant:** nothing here depends on the time, the machine or the order of a hash map; only `many` knows how many
//! cores there are, and what it finds does not depend on it.

mod act;
pub mod author;
mod charter;
mod check;
mod disk;
mod fate;
mod founding;
mod hostile;
mod kept;
mod law;
mod learning;
mod many;
mod minimise;
mod node;
mod oracle;
mod plan;
mod report;
mod sabotage;
mod settle;
mod told;
mod wire;
mod world;

use std::path::PathBuf;

pub use kept::Kept;
pub use law::{Broken, Law};
pub use many::{Tally, run_all};
pub use minimise::{minimise, smallest};
pub use plan::{Class, Deed, NODES_MAX, Plan, WEEKS_MAX, Wish};
pub use report::{Line, Report};
pub use sabotage::Sabotage;
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
    /// A plan that was kept, instead of that of a seed.
    pub plan: Option<PathBuf>,
    /// Play a plan that was kept without the fault that it showed.
    pub mended: bool,
    /// Take a plan that fails apart, until nothing can be left out.
    pub minimise: bool,
    /// What is not left to the seed.
    pub wish: Wish,
}

/// Runs what is asked; the exit code says whether every law held.
///
/// # Errors
/// [`Stop`] when a plan cannot be read, or nobody reads what is told.
pub fn run(options: &Options, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match (options.count, &options.plan) {
        (Some(count), _) => told::many(options, count, output),
        (None, Some(file)) => told::kept(options, file, output),
        (None, None) => told::one(options, output),
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
    pub broken: Broken,
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
        write!(f, "seed {}: {}\n{}", self.seed, self.broken, self.command())
    }
}

/// Runs the federation of a seed.
///
/// # Errors
/// [`Failure`]: the law that was broken.
pub fn run_seed(seed: u64, wish: Wish) -> Result<Report, Failure> {
    run_plan(Plan::of(seed, wish)).map_err(|broken| Failure { seed, wish, broken })
}

/// Runs the federation of a plan.
///
/// # Errors
/// The law that was broken.
pub fn run_plan(plan: Plan) -> Result<Report, Broken> {
    run_world(&mut World::new(plan))
}

/// Runs a federation to its end. A panic anywhere below is a broken law like any other.
///
/// # Errors
/// The law that was broken.
pub fn run_world(world: &mut World) -> Result<Report, Broken> {
    let said = |panic: &(dyn std::any::Any + Send)| match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>())
    {
        (Some(text), _) => text.clone(),
        (None, Some(text)) => (*text).to_owned(),
        (None, None) => "something panicked".to_owned(),
    };
    let run = std::panic::AssertUnwindSafe(|| world.run());
    std::panic::catch_unwind(run).unwrap_or_else(|panic| Law::Work.broken(said(&*panic)))
}
