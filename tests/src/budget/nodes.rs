//! Rows about real processes on loopback: a cold join, and nodes that have nothing to do.

use std::time::{Duration, Instant};

use node::runtime::Home;

use super::Sizes;
use super::process::{Node, fill, found};
use super::table::{Row, Table, grouped};
use super::usage::{Memory, Spent};
use crate::harness::{Scratch, wait};

/// How long a node has nothing to do before it is looked at.
const IDLE: Duration = Duration::from_secs(3);
/// Records joined per second.
const JOINED_MIN: f64 = 10_000.0;
/// Memory of a node that joins.
const JOINER_MB_MAX: u64 = 500;
/// Memory of a node that has nothing to do.
const IDLE_MB_MAX: u64 = 80;

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("budget");
    let [founder, joiner] = found(&scratch, ["founder", "joiner"]);
    idle("idle node, founded, without records", &founder, 0, table);
    fill(&founder, 0, sizes.records);
    join(&founder, &joiner, sizes, table);
    let what = format!(
        "idle node with {} records, view in place",
        grouped(sizes.records as u64)
    );
    idle(&what, &founder, sizes.records, table);
}

fn join<F: FnMut(&str)>(founder: &Home, joiner: &Home, sizes: Sizes, table: &mut Table<F>) {
    let founder = Node::start(founder);
    founder.await_records(sizes.records);
    let founder_cpu_s = founder.cpu_s();
    let began = Instant::now();
    let joiner = Node::start(joiner);
    joiner.await_records(sizes.records);
    let wall_s = began.elapsed().as_secs_f64();
    let (given_s, taken_s) = (founder.cpu_s() - founder_cpu_s, joiner.cpu_s());
    let memory = Memory::of(joiner.pid());
    let per_second = sizes.records as f64 / wall_s;
    let records = grouped(sizes.records as u64);
    table.add(Row {
        what: format!("cold join over loopback libp2p, {records} records"),
        measured: format!("{} records/s in the view", grouped(per_second as u64)),
        reach: Some(("≥ 10,000/s".to_owned(), per_second >= JOINED_MIN)),
        spent: Some(Spent { wall_s, cpu_s: taken_s }),
        rss_mb: Some(memory.now_mb),
        ..Row::default()
    });
    table.add(Row {
        what: "- the joiner's memory at its highest".to_owned(),
        measured: format!("{} MB; founder used {given_s:.1} CPU s", memory.peak_mb),
        reach: Some(("< 500 MB".to_owned(), memory.peak_mb < JOINER_MB_MAX)),
        rss_mb: Some(memory.peak_mb),
        ..Row::default()
    });
    joiner.stop();
    founder.stop();
}

fn idle<F: FnMut(&str)>(what: &str, home: &Home, records: usize, table: &mut Table<F>) {
    let began = Instant::now();
    let node = Node::start(home);
    let started_s = began.elapsed().as_secs_f64();
    node.await_records(records);
    let cpu_s = node.cpu_s();
    // Nothing comes: that is the point.
    let waited = wait::within(IDLE, "nothing", || None::<()>);
    assert!(waited.is_err());
    let (memory, cpu_s) = (Memory::of(node.pid()), node.cpu_s() - cpu_s);
    let percent = cpu_s / IDLE.as_secs_f64() * 100.0;
    table.add(Row {
        what: what.to_owned(),
        measured: format!("{} MB, {percent:.1} % of a core, start {started_s:.2} s", memory.now_mb),
        reach: Some(("< 80 MB".to_owned(), memory.now_mb < IDLE_MB_MAX)),
        spent: Some(Spent {
            wall_s: IDLE.as_secs_f64(),
            cpu_s,
        }),
        rss_mb: Some(memory.now_mb),
        ..Row::default()
    });
    node.stop();
}
