//! Thousands of seeds on all cores.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Class, Failure, Plan, Wish, run_plan};

/// How many federations ran, of which class, and which failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub ran: u64,
    /// Of each class; one federation may be of several.
    pub classes: BTreeMap<Class, u64>,
    /// Those that broke a law, in order of seed.
    pub failures: Vec<Failure>,
}

impl Tally {
    fn run(&mut self, seed: u64, wish: Wish) {
        let plan = Plan::of(seed, wish);
        self.ran += 1;
        for class in plan.classes() {
            *self.classes.entry(class).or_default() += 1;
        }
        if let Err(broken) = run_plan(plan) {
            self.failures.push(Failure { seed, wish, broken });
        }
    }

    /// Adds what another one counted.
    pub fn add(&mut self, other: Self) {
        self.ran += other.ran;
        for (class, count) in other.classes {
            *self.classes.entry(class).or_default() += count;
        }
        self.failures.extend(other.failures);
        self.failures.sort_by_key(|failure| failure.seed);
    }

    /// How many were of a class.
    #[must_use]
    pub fn of(&self, class: Class) -> u64 {
        self.classes.get(&class).copied().unwrap_or(0)
    }
}

/// Runs a federation per seed.
#[must_use]
pub fn run_all(seeds: Range<u64>, wish: Wish) -> Tally {
    let next = AtomicU64::new(seeds.start);
    let worker = || {
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return tally;
            }
            tally.run(seed, wish);
        }
    };
    let others = std::thread::available_parallelism().map_or(1, usize::from) - 1;
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(worker)).collect();
        let mut tally = worker();
        for other in others {
            tally.add(other.join().expect("a run that panics is a failure, not a panic"));
        }
        tally
    })
}
