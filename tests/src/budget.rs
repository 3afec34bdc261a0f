//! The budgets: what is promised about time, bytes and memory, measured beside what others need for the same.
//!
//! | file | what it holds |
//! |---|---|
//! | `table` | the rows, as they are printed |
//! | `usage` | what a process used, as the system counts it |
//! | `world` | a federation and its logs, from a seed |
//! | `pair` | two sync machines and a wire that counts |
//! | `hostile` | rows about changes made to hurt |
//! | `replicas` | rows about replicas in this process |
//! | `baseline` | the same with automerge and negentropy |
//! | `nodes` | rows about real processes: a cold join, idle nodes |
//! | `flood` | rows about a member that floods |
//! | `forty` | rows about many nodes at once |
//! | `away` | a row about a node that was away for a year |
//! | `gate` | rows about the gate, with DEDUCE in the same run |
//! | `intake` | rows about a register that is taken in |
//! | `agenda` | a row about the agenda of one gemeente |
//! | `tables` | a row about the tables that analysts read |
//! | `questions` | rows about the ten questions that analysts ask most |
//! | `country` | the records of a country, nine kinds over five years |
//! | `pooled` | rows about what analysts get of it: on the node, in DuckDB and in PostgreSQL |
//! | `memory` | rows about what resembles a draft, with BM25 on raw words in the same run |
//! | `readers` | rows about many who read at once, at rest and while records come in |
//! | `process` | those processes |
//!
//! **Invariant:** a figure says what was measured, also where it is worse than what is promised. **Invariant:** it
//! ends by itself: whatever is waited for has a deadline.

mod agenda;
mod away;
mod baseline;
mod country;
mod flood;
mod forty;
mod gate;
mod hostile;
mod intake;
mod memory;
mod nodes;
mod pair;
mod pooled;
mod process;
mod questions;
mod readers;
mod replicas;
mod table;
mod tables;
mod usage;
mod world;

pub use process::{NODE, be_node};
pub use questions::answer;

use table::Table;

use crate::scope;

/// Records, at full scale.
const RECORDS: usize = 100_000;
/// Records of a whole country, at full scale.
const POOLED: usize = 1_000_000;
/// Logs, at full scale.
const LOGS: usize = 342;
/// Documents and ids that the baselines compare, at full scale.
const COMPARED: usize = 10_000;
/// Records that are new to a replica that has the others.
const NEW: usize = 100;

/// What a member that floods offers, at full scale, and when nothing is left out.
const FLOOD_MIB: usize = 192;
const FLOOD_FULL_MIB: usize = 1024;

/// Node processes at once.
const NODES: usize = 40;
/// As many as there are gemeenten, when nothing is left out.
const NODES_FULL: usize = 342;
/// Records that are timed until all nodes have them, and when nothing is left out.
const TIMED: usize = 100;
const TIMED_FULL: usize = 1_000;
/// Records made while a node was away.
const MISSED: usize = 10_000;

/// Notes that the gate reads.
const NOTES: usize = 10_000;

/// How many of everything.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    scale: usize,
    records: usize,
    pooled: usize,
    logs: usize,
    compared: usize,
    new: usize,
    flood_mib: usize,
    nodes: usize,
    timed: usize,
    missed: usize,
    notes: usize,
}

impl Sizes {
    /// As `LEERKRING_BENCH_SCALE` says; at full scale without it.
    fn of_environment() -> Self {
        let said = std::env::var("LEERKRING_BENCH_SCALE").ok();
        let scale = said.and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, 100);
        let part = |size: usize| size.div_ceil(scale).max(2);
        let of = |some: usize, all: usize| part(if scope::full() { all } else { some });
        Self {
            scale,
            records: part(RECORDS),
            pooled: part(POOLED),
            logs: part(LOGS),
            compared: part(COMPARED),
            new: part(NEW),
            flood_mib: of(FLOOD_MIB, FLOOD_FULL_MIB),
            nodes: part(NODES),
            timed: of(TIMED, TIMED_FULL),
            missed: part(MISSED),
            notes: part(NOTES),
        }
    }
}

/// The parts that can be named.
pub const PARTS: [&str; 14] = [
    "gate",
    "intake",
    "memory",
    "agenda",
    "tables",
    "questions",
    "pooled",
    "readers",
    "hostile",
    "replicas",
    "nodes",
    "flood",
    "away",
    "forty",
];

/// Measures everything, or only the parts that are named, and tells the table, line by line. Gives how many figures are
/// beyond what is promised at full scale; at a smaller one nothing is promised.
///
/// # Panics
/// When something does not work at all: there is no figure then.
pub fn measure(only: &[String], tell: impl FnMut(&str)) -> usize {
    let sizes = Sizes::of_environment();
    let mut table = Table::new(tell, sizes.scale);
    let wanted = |part: &str| only.is_empty() || only.iter().any(|name| name == part);
    if wanted("gate") {
        gate::measure(sizes, &mut table);
    }
    if wanted("intake") {
        intake::measure(sizes, &mut table);
    }
    if wanted("memory") {
        memory::measure(sizes, &mut table);
    }
    if wanted("agenda") {
        agenda::measure(sizes, &mut table);
    }
    if wanted("tables") {
        tables::measure(sizes, &mut table);
    }
    if wanted("questions") {
        questions::measure(sizes, &mut table);
    }
    if wanted("pooled") {
        pooled::measure(sizes, &mut table);
    }
    if wanted("readers") {
        readers::measure(sizes, &mut table);
    }
    if wanted("hostile") {
        hostile::measure(&mut table);
    }
    if wanted("replicas") {
        replicas::measure(sizes, &mut table);
    }
    if wanted("nodes") {
        nodes::measure(sizes, &mut table);
    }
    if wanted("flood") {
        flood::measure(sizes, &mut table);
    }
    if wanted("away") {
        away::measure(sizes, &mut table);
    }
    if wanted("forty") {
        forty::measure(sizes, &mut table);
        if scope::full() {
            let nodes = NODES_FULL.div_ceil(sizes.scale);
            let fewer = Sizes {
                nodes,
                timed: TIMED.div_ceil(sizes.scale),
                ..sizes
            };
            forty::measure(fewer, &mut table);
        }
    }
    let missed = table.end();
    if sizes.scale == 1 { missed } else { 0 }
}
