//! Rows about many who read the API at once, at rest and while another node brings in what it wrote.
//!
//! Each reader has a connection of its own and asks again as soon as it has its answer, which is more than people do: then as many
//! questions wait as there are readers. Beside it the same readers who look once a second.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use protocol::api::path;
use ureq::Agent;

use super::Sizes;
use super::process::{Node, fill, found};
use super::table::{Row, Table, grouped};
use super::usage::{Memory, Spent};
use crate::harness::Scratch;

/// Readers at once.
const READERS: usize = 200;
/// Records that come in meanwhile, of those that there are: one in so many.
const COME_IN: usize = 10;
const SLOWEST_MS_MAX: f64 = 100.0;
/// How long readers read at rest, and at most while records come in.
const AT_REST: Duration = Duration::from_secs(5);
const COMING_MAX: Duration = Duration::from_secs(120);
const ONCE_A: Duration = Duration::from_secs(1);

/// What readers ask, in turn.
const ASKED: [&str; 3] = [
    "?soort=signaal&aantal=10",
    "?aantal=10&pagina=7",
    "?soort=knelpunt&aantal=10",
];

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("readers");
    let [first, second, read] = found(&scratch, ["first", "second", "read"]);
    let (there, coming) = (sizes.records, sizes.records.div_ceil(COME_IN));
    fill(&first, 0, there);
    fill(&second, 1, coming);
    let (first, node) = (Node::start(&first), Node::start(&read));
    node.await_records(there);
    for pause in [None, Some(ONCE_A)] {
        let found = readers(&node, pause, || wait(AT_REST, || false));
        tell("at rest", &node, (there, pause), &found, table);
    }
    let second = Node::start(&second);
    let found = readers(&node, Some(ONCE_A), || {
        wait(COMING_MAX, || node.stand().records >= (there + coming) as u64)
    });
    let what = format!("while {} records come in", grouped(coming as u64));
    tell(&what, &node, (there, Some(ONCE_A)), &found, table);
    for node in [node, second, first] {
        node.stop();
    }
}

/// What readers found.
struct Read {
    /// How long each answer took, in milliseconds, the fastest first.
    times: Vec<f64>,
    bytes: u64,
    failed: u64,
    spent: Spent,
}

fn tell<F: FnMut(&str)>(
    when: &str,
    node: &Node,
    (records, pause): (usize, Option<Duration>),
    read: &Read,
    table: &mut Table<F>,
) {
    let of = |share: usize| {
        read.times
            .get(read.times.len() * share / 100)
            .copied()
            .unwrap_or(f64::INFINITY)
    };
    let (median, slow) = (of(50), of(99));
    let how = if pause.is_some() {
        "who look once a second"
    } else {
        "without a pause"
    };
    let each = read.bytes / (read.times.len().max(1) as u64);
    let per_second = read.times.len() as f64 / read.spent.wall_s;
    table.add(Row {
        what: format!("{READERS} readers {how}, {when}, among {}", grouped(records as u64)),
        measured: format!(
            "p50 {median:.0} ms, p99 {slow:.0} ms; {per_second:.0}/s of {each} bytes, {} failed",
            read.failed
        ),
        reach: Some((
            format!("p99 < {SLOWEST_MS_MAX} ms"),
            slow < SLOWEST_MS_MAX && read.failed == 0,
        )),
        spent: Some(read.spent),
        rss_mb: Some(Memory::of(node.pid()).now_mb),
        ..Row::default()
    });
}

/// Lets readers read for as long as this takes.
fn readers(node: &Node, pause: Option<Duration>, during: impl FnOnce()) -> Read {
    let (done, failed, bytes) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let (began, cpu_s) = (Instant::now(), node.cpu_s());
    let mut times: Vec<f64> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..READERS)
            .map(|at| {
                scope.spawn({
                    let (done, failed, bytes) = (&done, &failed, &bytes);
                    move || reader(node, at, pause, (done, failed, bytes))
                })
            })
            .collect();
        during();
        done.store(true, Ordering::SeqCst);
        let each = started
            .into_iter()
            .map(|reader| reader.join().expect("a reader does not panic"));
        each.flatten().collect()
    });
    times.sort_by(f64::total_cmp);
    Read {
        times,
        bytes: bytes.into_inner(),
        failed: failed.into_inner(),
        spent: Spent {
            wall_s: began.elapsed().as_secs_f64(),
            cpu_s: node.cpu_s() - cpu_s,
        },
    }
}

fn reader(
    node: &Node,
    at: usize,
    pause: Option<Duration>,
    (done, failed, bytes): (&AtomicBool, &AtomicU64, &AtomicU64),
) -> Vec<f64> {
    let agent = Agent::new_with_defaults();
    let mut times = Vec::new();
    // They do not all look in the same instant.
    let spread = pause.map(|pause| pause * u32::try_from(at).unwrap_or(0) / READERS as u32);
    spread.inspect(|spread| nothing_for(*spread));
    while !done.load(Ordering::SeqCst) {
        let began = Instant::now();
        match node.get(
            &agent,
            &format!("{}{}", path::RECORDS, ASKED[times.len() % ASKED.len()]),
        ) {
            Some(answer) => drop(bytes.fetch_add(answer as u64, Ordering::Relaxed)),
            None => drop(failed.fetch_add(1, Ordering::Relaxed)),
        }
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        pause.inspect(|pause| nothing_for(pause.saturating_sub(began.elapsed())));
    }
    times
}

/// Waits for something that does not come.
fn nothing_for(time: Duration) {
    let (_open, never) = sync_channel::<()>(0);
    assert_eq!(never.recv_timeout(time), Err(RecvTimeoutError::Timeout));
}

fn wait(most: Duration, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + most;
    while Instant::now() < deadline && !is_so() {
        nothing_for(Duration::from_millis(200));
    }
}
