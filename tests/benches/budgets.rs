//! How fast and how small: `cargo bench -p tests` prints one table, with the baselines in the same run.
//!
//! `LEERKRING_BENCH_SCALE=10` divides every size by ten; `cargo bench -p tests -- forty` measures one part. The nodes that it
//! measures are processes of this executable. Exit code 1 when a figure at full scale is beyond what is promised, 2 for a part
//! that there is not.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures"
)]

use std::path::Path;
use std::process::ExitCode;

use tests::budget::{NODE, PARTS, answer, be_node, measure};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    // What this executable is when it is told so: a node, or what answers questions for one.
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, NODE, place] => {
            be_node(Path::new(place));
            return ExitCode::SUCCESS;
        }
        [_, cli::daemon::ANSWER, place] => {
            answer(Path::new(place));
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    // Cargo adds this option, which is no name of a part.
    let parts: Vec<String> = arguments.into_iter().skip(1).filter(|name| name != "--bench").collect();
    if let Some(unknown) = parts.iter().find(|name| !PARTS.contains(&name.as_str())) {
        eprintln!("there is no part {unknown}; the parts are {}", PARTS.join(", "));
        return ExitCode::from(2);
    }
    match measure(&parts, |line| println!("{line}")) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
