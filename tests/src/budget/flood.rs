//! Rows about a member that floods: what that costs the others, in memory and in time until they see each other's records.

use std::time::{Duration, Instant};

use node::runtime::Home;
use protocol::id::Week;

use super::Sizes;
use super::process::{Node, fill, found};
use super::table::{Row, Table};
use super::usage::{Memory, Spent};
use crate::harness::{Api, Scratch, records, wait};

/// Records that are timed, with the flood and without.
const TIMED: usize = 20;
/// Memory of a node that is flooded.
const FLOODED_MB_MAX: u64 = 300;
/// How much longer a record may take meanwhile.
const SLOWER_MAX: f64 = 2.0;
/// Longest time for one record, or for the flood as a whole.
const DEADLINE: Duration = Duration::from_secs(300);
/// What a record of the flood takes, in bytes.
const RECORD_BYTES: usize = 700;
/// Of what is offered so much is taken: one part of four.
const TAKEN: usize = 4;

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("budget-flood");
    let [one, other, flooder] = found(&scratch, ["one", "other", "flooder"]);
    let taken_mib = (sizes.flood_mib / TAKEN).max(2);
    for home in [&one, &other] {
        limit(home, taken_mib);
    }
    fill(&flooder, 2, sizes.flood_mib * (1 << 20) / RECORD_BYTES);
    let nodes = [Node::start(&one), Node::start(&other)];
    let quiet_s = median([&one, &other], 0);
    let flooding = Node::start(&flooder);
    let (began, cpu_s) = (Instant::now(), nodes[0].cpu_s());
    let flooded_s = median([&one, &other], TIMED);
    for node in &nodes {
        let full = || (!node.stand().vol.is_empty()).then_some(());
        wait::within(DEADLINE, "a node that takes no more", full).unwrap_or_else(|error| panic!("{error}"));
    }
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: nodes[0].cpu_s() - cpu_s,
    };
    let memory = nodes
        .iter()
        .map(|node| Memory::of(node.pid()).peak_mb)
        .max()
        .unwrap_or(0);
    let ratio = flooded_s / quiet_s;
    table.add(Row {
        what: format!("{} MiB offered by a member, {taken_mib} may be taken", sizes.flood_mib),
        measured: format!("a record of another in {:.0} ms, {ratio:.1} x", flooded_s * 1000.0),
        reach: Some((format!("< {SLOWER_MAX} x"), ratio < SLOWER_MAX)),
        spent: Some(spent),
        ..Row::default()
    });
    table.add(Row {
        what: "- memory of who is flooded, at its highest".to_owned(),
        measured: format!("{memory} MB"),
        reach: Some((format!("< {FLOODED_MB_MAX} MB"), memory < FLOODED_MB_MAX)),
        rss_mb: Some(memory),
        ..Row::default()
    });
    flooding.stop();
    nodes.into_iter().for_each(Node::stop);
}

/// Writes what one other gemeente may take into the configuration of a node.
fn limit(home: &Home, mib: usize) {
    let path = home.config();
    let text = std::fs::read_to_string(&path).expect("a node has a configuration");
    let line = |line: &str| {
        if line.starts_with("member_mib") {
            format!("member_mib = {mib}")
        } else {
            line.to_owned()
        }
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    std::fs::write(&path, lines.join("\n")).expect("a configuration can be written");
}

/// The median of the times from approval at one node until the other shows a record, in seconds.
fn median(homes: [&Home; 2], first: usize) -> f64 {
    let [writer, reader] = homes.map(|home| Api::of(home.root()).expect("a node that runs says where it answers"));
    let week: Week = "2026-W06".parse().expect("a week");
    let mut times: Vec<f64> = (first..first + TIMED)
        .map(|number| {
            let signal = records::signal(&format!("s-{number}"), number);
            let shared = writer.share(&[signal]).expect("a node that runs takes records in");
            let began = Instant::now();
            let record = shared[0].record.expect("a practice node shares at once").to_string();
            let seen = || reader.shows(&record, week).then_some(());
            wait::within(DEADLINE, "a record at the other node", seen).unwrap_or_else(|error| panic!("{error}"));
            began.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[TIMED / 2]
}
