//! Runs simulated federations: one seed in every detail, or many of them.
//!
//! ```text
//! cargo run --release -p tests --bin simulate -- --seed 17      one federation, told line by line
//! cargo run --release -p tests --bin simulate -- --from 0 --count 100000
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is what it is for")]

use std::process::ExitCode;

use tests::sim::{self, Failure, Plan, World};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)?.parse::<u64>().ok()
    };
    match (number("--seed"), number("--count")) {
        (Some(seed), _) => tell(seed),
        (None, Some(count)) => many(number("--from").unwrap_or(0), count),
        (None, None) => {
            eprintln!("usage: simulate --seed N | [--from N] --count N");
            ExitCode::from(2)
        }
    }
}

fn tell(seed: u64) -> ExitCode {
    let plan = Plan::of(seed);
    println!("{plan:#?}");
    let mut world = World::new(plan).telling();
    let outcome = world.run();
    world.lines().iter().for_each(|line| println!("{line}"));
    match outcome {
        Ok(report) => {
            println!("{report:#?}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("{}", Failure { seed, why });
            ExitCode::FAILURE
        }
    }
}

fn many(from: u64, count: u64) -> ExitCode {
    let failures = sim::run_all(from..from + count);
    failures.iter().for_each(|failure| println!("{failure}\n"));
    println!("{count} federations, {} failed", failures.len());
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
