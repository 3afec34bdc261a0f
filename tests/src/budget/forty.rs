//! Rows about many nodes at once on one machine: how soon they are linked, how soon all have a record, what each takes.

use std::time::{Duration, Instant};

use node::runtime::Home;
use protocol::id::Week;

use super::Sizes;
use super::process::{Node, found_all};
use super::table::{Row, Table, grouped};
use super::usage::{Spent, pss_mb};
use crate::harness::{Api, Scratch, records, wait};

/// Links that a node looks for.
const LINKS: usize = 8;
/// Longest time for anything here: many nodes on few cores.
const DEADLINE: Duration = Duration::from_secs(300);
/// What is promised.
const LINKED_S_MAX: f64 = 10.0;
const LINKED_FULL_S_MAX: f64 = 15.0;
const EVERYWHERE_S_MAX: f64 = 2.0;
const PSS_MB_MAX: u64 = 40;
/// More nodes than this are promised to be linked a little later.
const FEW: usize = 40;

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("forty");
    let names: Vec<String> = (0..sizes.nodes).map(|at| format!("node-{at}")).collect();
    let homes = found_all(&scratch, &names);
    let began = Instant::now();
    let nodes = Node::start_all(&homes);
    linked(&nodes, began, table);
    let cpu_s = all_cpu_s(&nodes);
    let began = Instant::now();
    let times = times(&homes, &nodes, sizes.timed);
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: all_cpu_s(&nodes) - cpu_s,
    };
    let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
    table.add(Row {
        what: format!("- a record at all of them, {} records", grouped(times.len() as u64)),
        measured: format!("median {median:.2} s, at most {most:.2} s"),
        reach: Some((format!("< {EVERYWHERE_S_MAX} s"), most < EVERYWHERE_S_MAX)),
        spent: Some(spent),
        ..Row::default()
    });
    let mut memory: Vec<u64> = nodes.iter().map(|node| pss_mb(node.pid())).collect();
    memory.sort_unstable();
    let (median, most) = (memory[memory.len() / 2], memory[memory.len() - 1]);
    table.add(Row {
        what: "- memory of each of them (PSS)".to_owned(),
        measured: format!("median {median} MB, at most {most} MB"),
        reach: Some((format!("≤ {PSS_MB_MAX} MB"), most <= PSS_MB_MAX)),
        rss_mb: Some(most),
        ..Row::default()
    });
    nodes.into_iter().for_each(Node::stop);
}

fn all_cpu_s(nodes: &[Node]) -> f64 {
    nodes.iter().map(Node::cpu_s).sum()
}

/// How long until every node has as many links as it looks for.
fn linked<F: FnMut(&str)>(nodes: &[Node], began: Instant, table: &mut Table<F>) {
    let answering_s = began.elapsed().as_secs_f64();
    let wanted = LINKS.min(nodes.len() - 1);
    let is_linked = |node: &&Node| node.stand().peers.iter().filter(|peer| peer.verbonden).count() >= wanted;
    let mut waiting: Vec<&Node> = nodes.iter().collect();
    let all = || {
        waiting.retain(|node| !is_linked(node));
        waiting.is_empty().then_some(())
    };
    wait::within(DEADLINE, "nodes that are linked", all).unwrap_or_else(|error| panic!("{error}"));
    let (wall_s, cpu_s) = (began.elapsed().as_secs_f64(), all_cpu_s(nodes));
    let most_s = if nodes.len() > FEW {
        LINKED_FULL_S_MAX
    } else {
        LINKED_S_MAX
    };
    let each_ms = cpu_s / nodes.len() as f64 * 1000.0;
    table.add(Row {
        what: format!("{} node processes: started, {wanted} links each", nodes.len()),
        measured: format!("{wall_s:.1} s, answering after {answering_s:.1} s"),
        reach: Some((format!("< {most_s} s"), wall_s < most_s)),
        spent: Some(Spent { wall_s, cpu_s }),
        ..Row::default()
    });
    table.add(Row {
        what: "- processor time of each until then".to_owned(),
        measured: format!("{each_ms:.0} ms"),
        ..Row::default()
    });
}

/// In order, how long it took from the acknowledgement of a record until all nodes showed it.
fn times(homes: &[Home], nodes: &[Node], count: usize) -> Vec<f64> {
    let week: Week = "2026-W06".parse().expect("a week");
    let apis: Vec<Api> = homes
        .iter()
        .map(|home| Api::of(home.root()).expect("a node that runs says where it answers"))
        .collect();
    let mut times: Vec<f64> = Vec::with_capacity(count);
    for number in 0..count {
        let writer = &apis[number % nodes.len()];
        let shared = writer.share(&[records::signal(&format!("s-{number}"), number)]);
        assert!(shared.expect("a node that runs answers")[0].record.is_some());
        let began = Instant::now();
        // One after the other: asking all of them over and over would be most of what is measured.
        for api in &apis {
            let shows = || {
                api.stand(week)
                    .is_ok_and(|stand| stand.records > number as u64)
                    .then_some(())
            };
            wait::within(DEADLINE, "a record at all nodes", shows).unwrap_or_else(|error| panic!("{error}"));
        }
        times.push(began.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    times
}
