//! Thousands of seeds on all cores.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Failure, Wish, run_seed};

/// Runs a federation per seed; returns the failures in order of seed.
#[must_use]
pub fn run_all(seeds: Range<u64>, wish: Wish) -> Vec<Failure> {
    let next = AtomicU64::new(seeds.start);
    let worker = || {
        let seeds = std::iter::from_fn(|| {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            (seed < seeds.end).then_some(seed)
        });
        seeds
            .filter_map(|seed| run_seed(seed, wish).err())
            .collect::<Vec<Failure>>()
    };
    let others = std::thread::available_parallelism().map_or(1, usize::from) - 1;
    let mut failures = std::thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(worker)).collect();
        let mut failures = worker();
        for other in others {
            failures.extend(other.join().expect("a run that panics is a failure, not a panic"));
        }
        failures
    });
    failures.sort_by_key(|failure| failure.seed);
    failures
}
