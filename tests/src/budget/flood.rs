//! Rows about a member that floods: what that costs the others, in memory and in time until they see each other's records.

use std::time::{Duration, Instant};

use node::runtime::Home;
use protocol::id::Week;

use super::Sizes;
use super::process::{Node, fill, found};
use super::table::{Row, Table};
use super::usage::{Memory, Spent};
use crate::harness::{Api, Scratch, records, wait};

/// Records that are timed without the flood, and at least with it.
const TIMED: usize = 20;
/// Time between two of them.
const PAUSE: Duration = Duration::from_millis(700);
/// Memory of a node that is flooded.
const FLOODED_MB_MAX: u64 = 300;
/// How much longer a record may take meanwhile.
const SLOWER_MAX: f64 = 2.0;
/// Longest time for one record.
const DEADLINE: Duration = Duration::from_secs(300);
/// Longest time for the flood as a whole.
const FLOODED_MAX: Duration = Duration::from_secs(900);
/// What a record of the flood takes, in bytes.
const RECORD_BYTES: usize = 700;
/// Of what is offered so much is taken: one part of four, and no more than this. What one brings beyond what it may at once comes
/// in by a megabyte in eight seconds.
const TAKEN: usize = 4;
const TAKEN_MIB_MAX: usize = 32;

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("budget-flood");
    let [one, other, flooder] = found(&scratch, ["one", "other", "flooder"]);
    let taken_mib = (sizes.flood_mib / TAKEN).clamp(2, TAKEN_MIB_MAX);
    for home in [&one, &other] {
        limit(home, taken_mib);
    }
    fill(&flooder, 2, sizes.flood_mib * (1 << 20) / RECORD_BYTES);
    let nodes = [Node::start(&one), Node::start(&other)];
    let quiet = Times::of([&one, &other], 0, |timed| timed >= TIMED);
    let flooding = Node::start(&flooder);
    let (began, cpu_s) = (Instant::now(), nodes[0].cpu_s());
    let are_full = || nodes.iter().all(|node| !node.stand().vol.is_empty());
    let overdue = || began.elapsed() > FLOODED_MAX;
    let flooded = Times::of([&one, &other], TIMED, |timed| {
        timed >= TIMED && (are_full() || overdue())
    });
    assert!(are_full(), "the flood did not come in");
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: nodes[0].cpu_s() - cpu_s,
    };
    let memory = nodes
        .iter()
        .map(|node| Memory::of(node.pid()).peak_mb)
        .max()
        .unwrap_or(0);
    let ratio = flooded.median_s() / quiet.median_s();
    table.add(Row {
        what: format!("{} MiB offered by a member, {taken_mib} may be taken", sizes.flood_mib),
        measured: format!(
            "a record of another in {:.0} ms, {ratio:.1} x; of {} one of ten over {:.0} ms, the slowest {:.0} ms",
            flooded.median_s() * 1000.0,
            flooded.0.len(),
            flooded.part_s(0.9) * 1000.0,
            flooded.part_s(1.0) * 1000.0,
        ),
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

/// Times from approval at one node until the other shows a record, in seconds, the shortest first.
struct Times(Vec<f64>);

impl Times {
    /// Times records, numbered from `first`, until there are enough.
    fn of([writer, reader]: [&Home; 2], first: usize, enough: impl Fn(usize) -> bool) -> Self {
        let [writer, reader] =
            [writer, reader].map(|home| Api::of(home.root()).expect("a node that runs says where it answers"));
        let week: Week = "2026-W06".parse().expect("a week");
        let mut times = Vec::new();
        while !enough(times.len()) {
            let number = first + times.len();
            let signal = records::signal(&format!("s-{number}"), number);
            let shared = writer.share(&[signal]).expect("a node that runs takes records in");
            let began = Instant::now();
            let record = shared[0].record.expect("a practice node shares at once").to_string();
            let seen = || reader.shows(&record, week).then_some(());
            wait::within(DEADLINE, "a record at the other node", seen).unwrap_or_else(|error| panic!("{error}"));
            times.push(began.elapsed().as_secs_f64());
            // People do not write all at once, and a flood comes in lumps.
            let nothing = wait::within(PAUSE, "nothing", || None::<()>);
            assert!(nothing.is_err());
        }
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    fn median_s(&self) -> f64 {
        self.part_s(0.5)
    }

    /// The time that this part of the records does not exceed.
    fn part_s(&self, part: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(last as f64 * part) as usize]
    }
}
