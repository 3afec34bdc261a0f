//! How fast and how small: `cargo bench -p tests` prints one table, with the baselines in the same run.
//!
//! `LEERKRING_BENCH_SCALE=10` divides every size by ten. The nodes that it measures are processes of this executable.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, what, dir] if what == tests::budget::NODE => tests::budget::be_node(Path::new(dir)),
        _ => tests::budget::measure(|line| println!("{line}")),
    }
}
