//! How fast and how small: `cargo bench -p tests` prints one table, with the baselines in the same run.
//!
//! `LEERKRING_BENCH_SCALE=10` divides every size by ten; `cargo bench -p tests -- forty` measures one part. The nodes that it
//! measures are processes of this executable.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, what, dir] if what == tests::budget::NODE => tests::budget::be_node(Path::new(dir)),
        _ => {
            // cargo adds options of its own, which are no names of parts.
            let parts = arguments.into_iter().skip(1).filter(|name| !name.starts_with('-'));
            tests::budget::measure(&parts.collect::<Vec<_>>(), |line| println!("{line}"));
        }
    }
}
