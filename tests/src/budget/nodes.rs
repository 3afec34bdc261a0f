//! Rows about real processes on loopback: a cold join, and nodes that have nothing to do.
//!
//! The processes are this executable itself, which runs a node exactly as `leerkring node` does.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use node::runtime::{self, Config, Home, Release, RootFiles};
use node::secret::Secret;
use node::store::Sled;
use protocol::api::{self, Stand};
use protocol::id::Gemeente;
use protocol::log::Replica;

use super::Sizes;
use super::table::{Row, Table, grouped};
use super::usage::{Memory, Spent, cpu_s};
use super::world::{empty_replica, write_log};
use crate::harness::{Process, Scratch, wait};

/// The argument that makes this executable a node.
pub const NODE: &str = "be-node";

/// Longest time for anything that a node does here.
const DEADLINE: Duration = Duration::from_secs(300);
/// Between two questions to a node that is busy: each costs it some work.
const ASKED_EVERY: Duration = Duration::from_millis(200);
/// How long a node has nothing to do before it is looked at.
const IDLE: Duration = Duration::from_secs(3);
/// Records joined per second.
const JOINED_MIN: f64 = 10_000.0;
/// Memory of a node that joins.
const JOINER_MB_MAX: u64 = 500;
/// Memory of a node that has nothing to do.
const IDLE_MB_MAX: u64 = 80;

/// Runs the node in a directory until standard input ends.
///
/// # Panics
/// When it does not start.
pub fn be_node(dir: &Path) {
    let ran = runtime::run(&Home::new(dir), runtime::Options::default(), true, |_| {});
    ran.expect("the node runs until it is told to stop");
}

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("budget");
    let (founder, joiner) = found(&scratch);
    idle("idle node, founded, without records", &founder, 0, table);
    fill(&founder, sizes.records);
    join(&founder, &joiner, sizes, table);
    let what = format!(
        "idle node with {} records, view in place",
        grouped(sizes.records as u64)
    );
    idle(&what, &founder, sizes.records, table);
}

/// Two nodes that founded a federation and never ran.
fn found(scratch: &Scratch) -> (Home, Home) {
    let make = |name: &str, number: u16| {
        let home = Home::new(scratch.join(name));
        let config = Config {
            gemeente: Gemeente::new(number).expect("a code of four digits"),
            name: name.to_owned(),
            mailbox: String::new(),
            listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
            announce: Vec::new(),
            api: "127.0.0.1:0".to_owned(),
            proxy: None,
            member_mib: runtime::MEMBER_MIB,
            gossip: true,
            release: Release::AtOnce,
        };
        runtime::init(&home, runtime::Init { config }).expect("a fresh directory takes a node");
        home
    };
    let (founder, joiner) = (make("founder", 9901), make("joiner", 9902));
    let keys = RootFiles::default();
    let card = runtime::card(&joiner, &keys).expect("a node has a card");
    let charter = runtime::propose(&founder, &[card], &keys).expect("two cards make a charter");
    let charter = runtime::endorse(&joiner, &charter, &keys).expect("the charter lists the joiner");
    for home in [&founder, &joiner] {
        runtime::import(home, &charter).expect("a charter that everybody signed is taken in");
    }
    (founder, joiner)
}

/// Puts a log with records into the store of a node that does not run.
fn fill(home: &Home, records: usize) {
    let secret = |name| Secret::load(&home.key(name)).expect("a node has its keys");
    let key = SigningKey::from_bytes(secret("node").bytes());
    let store = Sled::open(&home.store(), &secret("storage")).expect("no process has the store open");
    let mut replica = Replica::open(store).expect("the store of a node opens");
    let federation = replica.federation().expect("it is founded");
    let statements: Vec<_> = replica.statements().iter().cloned().collect();
    let owner = Gemeente::new(9901).expect("a code of four digits");
    let entries = write_log(empty_replica(federation, &statements), &key, owner, records);
    for ingested in replica.restore(entries).expect("the disk has room") {
        assert_eq!(ingested.refused, None);
    }
    replica.flush().expect("the disk has room");
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

/// A node that runs; it ends when this value does, or when this process does.
struct Node {
    process: Process,
    api: String,
    token: String,
}

impl Node {
    /// Starts it and waits until it answers.
    fn start(home: &Home) -> Self {
        let log = File::create(home.root().join("leerkringd.log")).expect("the directory can be written");
        let mut command = Command::new(std::env::current_exe().expect("a running program has a path"));
        // The child keeps the pipe: it closes when this process ends, however it ends.
        command.arg(NODE).arg(home.root());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let process = Process::new(command.spawn().expect("a second process of this program starts"));
        let ready = || {
            let text = fs::read_to_string(home.ready()).ok()?;
            let ready: serde_json::Value = serde_json::from_str(&text).ok()?;
            (ready["pid"] == process.pid()).then(|| ready["api"].as_str().unwrap_or_default().to_owned())
        };
        let api = wait::within(DEADLINE, "a node that is ready", ready).unwrap_or_else(|error| panic!("{error}"));
        let token = fs::read_to_string(home.token()).expect("a node that is ready has a token");
        Self {
            api,
            token: token.trim().to_owned(),
            process,
        }
    }

    fn pid(&self) -> u32 {
        self.process.pid()
    }

    fn cpu_s(&self) -> f64 {
        cpu_s(self.pid())
    }

    /// Waits until the view shows this many records and everything that is held counts.
    fn await_records(&self, records: usize) {
        let mut asked = None::<Instant>;
        let complete = || {
            if asked.is_some_and(|asked| asked.elapsed() < ASKED_EVERY) {
                return None;
            }
            let stand = self.stand();
            asked = Some(Instant::now());
            let there = stand.records >= records as u64 && stand.hoogten.effectief >= records as u64;
            there.then_some(())
        };
        wait::within(DEADLINE, "all records in the view", complete).unwrap_or_else(|error| panic!("{error}"));
    }

    fn stand(&self) -> Stand {
        let answer = ureq::get(format!("{}{}", self.api, api::path::STAND))
            .header("Authorization", format!("Bearer {}", self.token))
            .call();
        let mut answer = answer.expect("a node that is ready answers");
        answer.body_mut().read_json().expect("the answer is a stand")
    }

    fn stop(mut self) {
        let ended = self.process.stop(DEADLINE).unwrap_or_else(|error| panic!("{error}"));
        assert!(ended.success(), "a node that is asked to stop ends well");
    }
}
