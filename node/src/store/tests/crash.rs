//! Killed at a random instant, again and again: what was acknowledged is there, and the store opens.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use protocol::id::{Commitment, FederationId, HeaderHash, Incarnation, LogId, NodeKey};
use protocol::log::{Class, Entry, Header, Payload, SALT_BYTES, SignedHeader};
use protocol::store::Space;

use super::*;

const DIR: &str = "LEERKRING_CRASH_DIR";
const CYCLE: &str = "LEERKRING_CRASH_CYCLE";
const CYCLES: u64 = 24;

fn number(cycle: u64, step: u64) -> u64 {
    cycle * 1_000_000 + step
}

fn value(number: u64) -> Vec<u8> {
    blake3::hash(&number.to_be_bytes())
        .as_bytes()
        .repeat(1 + (number % 40) as usize)
}

/// The entry that a cycle writes at a step: a change of a document of its own.
fn entry(cycle: u64, step: u64) -> Entry {
    let key = SigningKey::from_bytes(&[5; 32]);
    let number = number(cycle, step);
    let header = Header {
        federation: FederationId([1; 32]),
        node: NodeKey(key.verifying_key().to_bytes()),
        incarnation: Incarnation([cycle as u8; 16]),
        seq: step,
        previous: HeaderHash([0; 32]),
        class: Class::Change,
        document: document(number),
        kind: 1,
        payload_len: 0,
        commitment: Commitment([0; 32]),
        extension: Vec::new(),
    };
    Entry {
        signed: SignedHeader::sign(header, &key),
        payload: Payload::Held {
            salt: [7; SALT_BYTES],
            bytes: value(number),
        },
    }
}

fn log(cycle: u64) -> LogId {
    entry(cycle, 0).signed.header().log()
}

/// The process that is killed: it writes, and says on its output what it has acknowledged. Odd steps are
/// acknowledged by a flush of the store, all by a sync of the own log. Every tenth document is forgotten again.
#[test]
fn the_process_that_is_killed() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let dir = Path::new(&dir);
    let cycle: u64 = std::env::var(CYCLE).unwrap().parse().unwrap();
    let mut store = open(dir).unwrap();
    let mut own = OwnLog::create(&dir.join("own"), log(cycle), store.keys()).unwrap();
    for step in 0.. {
        let entry = entry(cycle, step);
        let number = number(cycle, step);
        let mut batch = Batch::default();
        batch.put_sealed(document(number), number.to_be_bytes(), value(number));
        batch.put(Space::Headers, number.to_be_bytes(), value(number));
        store.commit(batch).unwrap();
        own.append(&entry).unwrap();
        own.sync().unwrap();
        say("own", step);
        if step % 2 == 1 {
            store.flush().unwrap();
            say("flushed", step);
        }
        if step % 10 == 9 {
            let mut batch = Batch::default();
            batch.forget(document(number));
            store.commit(batch).unwrap();
            store.flush().unwrap();
            say("forgotten", step);
        }
    }
}

/// One line, between ends of line of its own: the test harness prints too.
fn say(what: &str, step: u64) {
    writeln!(std::io::stdout().lock(), "\n{what} {step}").unwrap();
}

/// The last steps that a killed process acknowledged.
#[derive(Debug, Clone, Copy, Default)]
struct Acknowledged {
    own: Option<u64>,
    flushed: Option<u64>,
    forgotten: Option<u64>,
}

fn run_and_kill(dir: &Path, cycle: u64, after: Duration) -> Acknowledged {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store::tests::crash::the_process_that_is_killed",
            "--nocapture",
        ])
        .env(DIR, dir)
        .env(CYCLE, cycle.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Acknowledged::default();
    let mut killed = None;
    let output = BufReader::new(child.stdout.take().unwrap());
    // What it said before it died is still in the pipe afterwards. A line that the kill cut is none.
    for line in output.split(b'\n') {
        let line = String::from_utf8(line.unwrap()).unwrap();
        let Some((what, step)) = line.split_once(' ') else {
            continue;
        };
        let Ok(step) = step.parse() else { continue };
        match what {
            "own" => acknowledged.own = Some(step),
            "flushed" => acknowledged.flushed = Some(step),
            "forgotten" => acknowledged.forgotten = Some(step),
            _ => continue,
        }
        let first = *killed.get_or_insert_with(Instant::now);
        if first.elapsed() >= after {
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(!status.success(), "cycle {cycle} ended by itself");
    acknowledged
}

/// Opens the store and compares with what the process of a cycle said; how many own entries there are.
fn check(dir: &Path, cycle: u64, said: Acknowledged) -> usize {
    let store = open(dir).unwrap_or_else(|error| panic!("cycle {cycle} does not open: {error}"));
    for step in 0..said.flushed.map_or(0, |last| last + 1) {
        let (number, case) = (number(cycle, step), format!("cycle {cycle} step {step}"));
        let header = store.get(Space::Headers, &number.to_be_bytes()).unwrap();
        assert_eq!(header, Some(value(number)), "{case}: header");
        let gone = store.is_forgotten(document(number)).unwrap();
        let must_be_gone = step % 10 == 9 && said.forgotten.is_some_and(|last| step <= last);
        assert!(gone || !must_be_gone, "{case}: must be forgotten");
        let payload = store.get_sealed(document(number), &number.to_be_bytes()).unwrap();
        assert_eq!(payload, (!gone).then(|| value(number)), "{case}: payload");
    }
    let own = read_own_logs(&dir.join("own"), &store.keys()).unwrap_or_else(|error| panic!("cycle {cycle}: {error}"));
    let found = own.logs.into_iter().find(|(of, _)| *of == log(cycle));
    let entries = found.map(|(_, entries)| entries).unwrap_or_default();
    let promised = said.own.map_or(0, |last| last as usize + 1);
    assert!(
        entries.len() >= promised,
        "cycle {cycle}: {} of {promised} own entries",
        entries.len()
    );
    for (found, step) in entries.iter().zip(0..) {
        let mut expected = entry(cycle, step);
        if store.is_forgotten(document(number(cycle, step))).unwrap() {
            expected.payload = Payload::Erased;
        }
        assert_eq!(*found, expected, "cycle {cycle} own entry {step}");
    }
    entries.len()
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let dir = Scratch::new("crash");
    let mut dice = Dice(20);
    let mut said = Vec::new();
    let mut entries = 0;
    for cycle in 0..CYCLES {
        let after = Duration::from_micros(dice.below(120_000));
        said.push(run_and_kill(dir.path(), cycle, after));
        entries += check(dir.path(), cycle, said[cycle as usize]);
    }
    for (cycle, said) in said.iter().enumerate() {
        check(dir.path(), cycle as u64, *said);
    }
    assert!(
        entries as u64 > CYCLES,
        "the processes hardly wrote anything: {entries} entries"
    );
}
