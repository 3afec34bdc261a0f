//! Rows about replicas in this process: no files, no sockets, so that the figure is the protocol's own.

use protocol::document;
use protocol::entropy::Seeded;
use protocol::id::NodeKey;
use protocol::log::{Entry, Replica};
use protocol::store::Memory;

use super::pair::{Pair, Traffic};
use super::table::{Row, Table, grouped};
use super::usage::{Spent, timed};
use super::world::{World, change};
use super::{Sizes, baseline};

/// Bytes to find out that two replicas are equal.
const EQUAL_BYTES_MAX: u64 = 200;
/// Bytes per new entry beside its payload.
const ENTRY_BYTES_MAX: u64 = 300;
/// Bytes beside the new entries.
const AROUND_BYTES_MAX: u64 = 2_000;
/// Changes applied per second.
const APPLIED_MIN: f64 = 25_000.0;
/// Protocol time in which news must have come over; nothing really waits for it.
const NEWS_MS: u64 = 2_000;

/// Logs that everybody has, and entries behind them that are new.
struct Material {
    world: World,
    held: Vec<Vec<Entry>>,
    new: Vec<Vec<Entry>>,
}

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let material = prepare(sizes);
    let (replica, payloads) = applied(&material, table);
    baseline::applied(&payloads[..sizes.compared.min(payloads.len())], table);
    equal(sizes, &material, &replica, table);
    baseline::equal(&payloads[..sizes.compared.min(payloads.len())], table);
    news(sizes, &material, &replica, table);
}

fn prepare(sizes: Sizes) -> Material {
    let world = World::found(sizes.logs, &mut Seeded::new(1));
    let held = |at: usize| sizes.records / sizes.logs + usize::from(at < sizes.records % sizes.logs);
    // The first has enough for all that is new, the others one each.
    let more = |at: usize| if at == 0 { sizes.new } else { 1 };
    let mut logs = world.logs(|at| held(at) + more(at));
    let new = logs.iter_mut().enumerate().map(|(at, log)| log.split_off(1 + held(at)));
    Material {
        new: new.collect(),
        held: logs,
        world,
    }
}

/// Applies every change and reads every document; returns the replica that holds them, and the changes.
fn applied<F: FnMut(&str)>(material: &Material, table: &mut Table<F>) -> (Replica<Memory>, Vec<Vec<u8>>) {
    let payloads: Vec<Vec<u8>> = material
        .held
        .iter()
        .flatten()
        .filter_map(change)
        .map(<[u8]>::to_vec)
        .collect();
    let runs = material.held.clone();
    let documents: Vec<[Vec<u8>; 1]> = payloads.iter().map(|payload| [payload.clone()]).collect();
    let mut replica = material.world.replica();
    let ((), spent) = timed(|| {
        ingest(&mut replica, runs);
        for changes in &documents {
            document::read(changes).expect("what was written can be read");
        }
    });
    let per_second = payloads.len() as f64 / spent.cpu_s.max(0.01);
    table.add(Row {
        what: format!(
            "apply one change incl. validation, and read it; {}",
            grouped(payloads.len() as u64)
        ),
        measured: rates(payloads.len(), spent),
        reach: Some(("≥ 25,000/s".to_owned(), per_second >= APPLIED_MIN)),
        spent: Some(spent),
        ..Row::default()
    });
    (replica, payloads)
}

/// A rate per processor second, and per second on the clock of a machine that may be busy.
pub(super) fn rates(count: usize, spent: Spent) -> String {
    let per = |seconds: f64| grouped((count as f64 / seconds.max(0.01)) as u64);
    format!("{}/CPU s, {}/s", per(spent.cpu_s), per(spent.wall_s))
}

fn ingest(replica: &mut Replica<Memory>, runs: Vec<Vec<Entry>>) {
    for run in runs {
        let Some(first) = run.first() else { continue };
        let (log, count) = (first.signed.header().log(), run.len() as u64);
        let ingested = replica.ingest(log, run).expect("memory does not fail");
        assert_eq!((ingested.accepted, ingested.refused), (count, None));
    }
}

/// Two nodes that hold the same as this replica.
fn pair(material: &Material, replica: &Replica<Memory>) -> Pair {
    let side = |at: usize| {
        let name = NodeKey(material.world.keys[at].verifying_key().to_bytes());
        (name, Replica::open(replica.store().clone()).expect("a copy opens"))
    };
    Pair::new(side(0), side(1))
}

fn equal<F: FnMut(&str)>(sizes: Sizes, material: &Material, replica: &Replica<Memory>, table: &mut Table<F>) {
    let mut pair = pair(material, replica);
    let (Traffic { bytes, rounds }, spent) = timed(|| pair.connect());
    table.add(Row {
        what: format!(
            "two equal replicas, {} logs, {} records",
            sizes.logs,
            grouped(sizes.records as u64)
        ),
        measured: format!("{bytes} bytes, {rounds} round trip"),
        reach: Some((
            "≤ 200 bytes".to_owned(),
            bytes <= EQUAL_BYTES_MAX && rounds == 1 && pair.is_equal(),
        )),
        spent: Some(spent),
        bytes: Some(bytes),
        ..Row::default()
    });
}

fn news<F: FnMut(&str)>(sizes: Sizes, material: &Material, replica: &Replica<Memory>, table: &mut Table<F>) {
    let one = vec![material.new[0].clone()];
    let spread: Vec<Vec<Entry>> = material
        .new
        .iter()
        .map(|log| log[..1].to_vec())
        .take(sizes.new)
        .collect();
    for runs in [one, spread] {
        let (logs, entries) = (runs.len(), runs.iter().map(Vec::len).sum::<usize>());
        let payload: usize = runs.iter().flatten().filter_map(change).map(<[u8]>::len).sum();
        let mut pair = pair(material, replica);
        pair.connect();
        ingest(pair.first(), runs);
        let (Traffic { bytes, rounds }, spent) = timed(|| pair.news(NEWS_MS));
        assert!(pair.is_equal(), "the new entries came over");
        let around = bytes as i64 - payload as i64 - (entries as u64 * ENTRY_BYTES_MAX) as i64;
        let each = (bytes as i64 - payload as i64) / entries as i64;
        table.add(Row {
            what: format!(
                "{entries} new among {}, met before; logs: {logs}",
                grouped(sizes.records as u64)
            ),
            measured: format!("{each} B/entry beside payloads, {rounds} rounds"),
            reach: Some(("≤ 300 B/entry + 2 kB".to_owned(), around <= AROUND_BYTES_MAX as i64)),
            spent: Some(spent),
            bytes: Some(bytes),
            ..Row::default()
        });
    }
}
