//! Nodes as real processes: this executable itself, which runs a node exactly as `leerkring node` does.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cli::exit::Exit;
use cli::output::World;
use ed25519_dalek::SigningKey;
use node::runtime::{self, Config, Home, Keep, Release, RootFiles};
use node::secret::Secret;
use node::store::Sled;
use protocol::api::{self, Stand};
use protocol::gate::Account;
use protocol::id::Gemeente;
use protocol::log::Replica;

use super::usage::cpu_s;
use super::world::{empty_replica, write_log};
use crate::harness::{Process, Scratch, wait};

/// The argument that makes this executable a node.
pub const NODE: &str = "be-node";

/// Longest time for anything that a node does here.
const DEADLINE: Duration = Duration::from_secs(300);
/// Between two questions to a node that is busy: each costs it some work.
const ASKED_EVERY: Duration = Duration::from_millis(200);
/// The longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Runs the node in a directory until standard input ends, in a process as `leerkring node` makes it.
///
/// # Panics
/// When it does not start.
pub fn be_node(dir: &Path) {
    node::memory::take_few_arenas(&std::env::args_os().collect::<Vec<_>>());
    let ran = runtime::run(&Home::new(dir), runtime::Options::default(), true, |_| {});
    ran.expect("the node runs until it is told to stop");
}

/// Nodes that founded a federation and never ran, one gemeente each.
///
/// # Panics
/// When a step fails.
pub(super) fn found<const N: usize>(scratch: &Scratch, names: [&str; N]) -> [Home; N] {
    let homes = found_all(scratch, &names.map(str::to_owned));
    homes.try_into().expect("each name gives a home")
}

/// The same of any number.
///
/// # Panics
/// When a step fails.
pub(super) fn found_all(scratch: &Scratch, names: &[String]) -> Vec<Home> {
    let make = |(at, name): (usize, &String)| {
        let home = Home::new(scratch.join(name));
        let config = Config {
            gemeente: gemeente(at),
            name: name.clone(),
            mailbox: String::new(),
            listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
            announce: Vec::new(),
            api: "127.0.0.1:0".to_owned(),
            proxy: None,
            member_mib: runtime::MEMBER_MIB,
            sql_seconds: runtime::SQL_SECONDS,
            gossip: true,
            release: Release::AtOnce,
            four_eyes: false,
            zaaknummers: Vec::new(),
            audit: Keep::default(),
            digest: None,
            headcount: None,
        };
        runtime::init(&home, runtime::Init { config }).expect("a fresh directory takes a node");
        home
    };
    let homes: Vec<Home> = names.iter().enumerate().map(make).collect();
    let keys = RootFiles::default();
    let cards = homes[1..]
        .iter()
        .map(|home| runtime::card(home, &keys).expect("a node has a card"));
    let mut charter = runtime::propose(&homes[0], &cards.collect::<Vec<_>>(), &keys).expect("cards make a charter");
    for home in &homes[1..] {
        charter = runtime::endorse(home, &charter, &keys).expect("the charter lists everybody");
    }
    let founder = Account::new("oefening").expect("a short word is an account");
    for home in &homes {
        runtime::import(home, &charter, &founder).expect("a charter that everybody signed is taken in");
    }
    homes
}

pub(super) fn gemeente(at: usize) -> Gemeente {
    let number = u16::try_from(9001 + at).expect("there are fewer gemeenten than that");
    Gemeente::new(number).expect("a code of four digits")
}

/// Puts a log with records into the store of the node of the founder at this place, which does not run.
///
/// # Panics
/// When something does not work.
pub(super) fn fill(home: &Home, at: usize, records: usize) {
    let secret = |name| Secret::load(&home.key(name)).expect("a node has its keys");
    let key = SigningKey::from_bytes(secret("node").bytes());
    let store = Sled::open(&home.store(), &secret("storage")).expect("no process has the store open");
    let mut replica = Replica::open(store).expect("the store of a node opens");
    let federation = replica.federation().expect("it is founded");
    let statements: Vec<_> = replica.statements().iter().cloned().collect();
    let entries = write_log(empty_replica(federation, &statements), &key, gemeente(at), records);
    for ingested in replica.restore(entries).expect("the disk has room") {
        assert_eq!(ingested.refused, None);
    }
    replica.flush().expect("the disk has room");
}

/// A node that runs; it ends when this value does, or when this process does.
pub(super) struct Node {
    process: Process,
    home: PathBuf,
    api: String,
    token: String,
}

impl Node {
    /// Starts it and waits until it answers.
    pub(super) fn start(home: &Home) -> Self {
        Self::answering(home, Self::spawn(home))
    }

    /// Starts all of these, and waits until they answer.
    pub(super) fn start_all(homes: &[Home]) -> Vec<Self> {
        let started: Vec<Process> = homes.iter().map(Self::spawn).collect();
        let answering = homes.iter().zip(started);
        answering
            .map(|(home, process)| Self::answering(home, process))
            .collect()
    }

    fn spawn(home: &Home) -> Process {
        let log = File::create(home.root().join("leerkringd.log")).expect("the directory can be written");
        let mut command = Command::new(std::env::current_exe().expect("a running program has a path"));
        // The child keeps the pipe: it closes when this process ends, however it ends.
        command.arg(NODE).arg(home.root());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        Process::new(command.spawn().expect("a second process of this program starts"))
    }

    fn answering(home: &Home, mut process: Process) -> Self {
        let ready = || {
            let ended = process.ended();
            assert!(
                ended.is_none(),
                "{} ended: {ended:?}, see its log",
                home.root().display()
            );
            let text = fs::read_to_string(home.ready()).ok()?;
            let ready: serde_json::Value = serde_json::from_str(&text).ok()?;
            (ready["pid"] == process.pid()).then(|| ready["api"].as_str().unwrap_or_default().to_owned())
        };
        let api = wait::within(DEADLINE, "a node that is ready", ready).unwrap_or_else(|error| panic!("{error}"));
        let token = fs::read_to_string(home.token()).expect("a node that is ready has a token");
        Self {
            api,
            token: token.trim().to_owned(),
            home: home.root().to_owned(),
            process,
        }
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub(super) fn cpu_s(&self) -> f64 {
        cpu_s(self.pid())
    }

    /// Waits until the view shows this many records and everything that is held counts.
    pub(super) fn await_records(&self, records: usize) {
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

    pub(super) fn stand(&self) -> Stand {
        let answer = ureq::get(format!("{}{}", self.api, api::path::STAND))
            .header("Authorization", format!("Bearer {}", self.token))
            .call();
        let mut answer = answer.expect("a node that is ready answers");
        answer.body_mut().read_json().expect("the answer is a stand")
    }

    /// How long the answer to a question is; nothing when it is none.
    pub(super) fn get(&self, agent: &ureq::Agent, path: &str) -> Option<usize> {
        let asked = agent.get(format!("{}{path}", self.api));
        let answer = asked.header("Authorization", format!("Bearer {}", self.token)).call();
        Some(answer.ok()?.body_mut().read_to_string().ok()?.len())
    }

    /// What the node answers to what is sent; nothing when it refuses.
    pub(super) fn post(&self, path: &str, body: &str) -> Option<String> {
        let asked = ureq::post(format!("{}{path}", self.api))
            .header("Authorization", format!("Bearer {}", self.token))
            .content_type(api::MEDIA_JSON);
        asked
            .send(body)
            .ok()?
            .body_mut()
            .with_config()
            .limit(ANSWER_BYTES_MAX)
            .read_to_string()
            .ok()
    }

    /// Takes a file in, as `leerkring share` does.
    pub(super) fn share(&self, file: &Path) {
        // What the gate holds back is taken in too.
        self.run_to(
            &["share", "--json", &file.to_string_lossy()],
            &[Exit::Ok, Exit::Refused],
        );
    }

    /// Runs a command of `leerkring` on this node.
    pub(super) fn run<const N: usize>(&self, words: [&str; N]) {
        self.run_to(&words, &[Exit::Ok]);
    }

    fn run_to(&self, words: &[&str], wanted: &[Exit]) {
        let home = self.home.clone().into_os_string();
        let words = ["leerkring"].iter().chain(words).chain(&["--node"]).map(OsString::from);
        let words: Vec<OsString> = words.chain([home]).collect();
        let (mut told, mut errors) = (Vec::new(), Vec::new());
        let exit = cli::run(
            &words,
            &mut World {
                input: &mut std::io::empty(),
                output: &mut told,
                errors: &mut errors,
                variable: &|_| None,
                terminal: false,
                width: None,
                watched: false,
                typed: false,
            },
        );
        assert!(wanted.contains(&exit), "{exit:?}: {}", String::from_utf8_lossy(&errors));
    }

    pub(super) fn stop(mut self) {
        let ended = self.process.stop(DEADLINE).unwrap_or_else(|error| panic!("{error}"));
        assert!(ended.success(), "a node that is asked to stop ends well");
    }
}
