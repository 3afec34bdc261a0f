//! What the storage engine costs in time and memory; its settings were chosen by these figures.
//!
//! `cargo bench -p node --bench store` plays a cold join; with the argument `plain`, keys without seals.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use node::secret::Secret;
use node::store::Sled;
use protocol::id::DocumentId;
use protocol::store::{Batch, Space, Store};

type Outcome = Result<(), Box<dyn Error>>;

const ENTRIES: u64 = 100_000;
const CHUNK: u64 = 2_000;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, what, dir] = arguments.as_slice()
        && what == "reopened"
    {
        return reopened(Path::new(dir));
    }
    let dir = std::env::temp_dir().join(format!("leerkring-bench-{}", std::process::id()));
    let outcome = if arguments.iter().any(|argument| argument == "plain") {
        plain_keys(&dir)
    } else {
        cold_join(&dir)
    };
    fs::remove_dir_all(&dir)?;
    outcome
}

fn open(dir: &Path) -> Result<Sled, Box<dyn Error>> {
    Ok(Sled::open(dir, &Secret::new([1; 32]))?)
}

fn document(number: u64) -> DocumentId {
    DocumentId(*blake3::hash(&number.to_be_bytes()).as_bytes())
}

/// Some of the documents, in no order.
fn some_document(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % ENTRIES
}

/// Resident memory of this process in MB, and the highest it was.
fn memory() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
    };
    Some((field("VmRSS:")?, field("VmHWM:")?))
}

/// Processor seconds of this process so far, all threads.
fn processor() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let ticks = |at| after_name.split_whitespace().nth(at)?.parse::<u64>().ok();
    Some((ticks(11)? + ticks(12)?) as f64 / 100.0)
}

fn measured(what: &str, count: u64, work: impl FnOnce() -> Outcome) -> Outcome {
    let (before, cpu) = (Instant::now(), processor().unwrap_or_default());
    work()?;
    let (seconds, cpu) = (before.elapsed().as_secs_f64(), processor().unwrap_or_default() - cpu);
    let (rss, peak) = memory().unwrap_or_default();
    let rate = count as f64 / seconds;
    println!("{what:32} {rate:>9.0}/s {seconds:>7.2} s, cpu {cpu:>6.2} s  RSS {rss:>4} MB, peak {peak:>4} MB");
    Ok(())
}

/// Batches as of a cold join: per entry a header, a sealed payload, a document, two rows of its change and a mark.
fn join(store: &mut Sled) -> Outcome {
    for chunk in 0..ENTRIES / CHUNK {
        let mut batch = Batch::default();
        for number in chunk * CHUNK..(chunk + 1) * CHUNK {
            let (seq, id) = (number.to_be_bytes(), document(number));
            batch.put(Space::Headers, seq, vec![number as u8; 256]);
            batch.put_sealed(id, seq, vec![number as u8; 400]);
            batch.put(Space::Documents, id.0, vec![number as u8; 60]);
            batch.put(Space::Changes, [&seq[..], &id.0].concat(), vec![number as u8; 40]);
            batch.put(Space::Changes, [&seq[..], &[1]].concat(), vec![number as u8; 40]);
            batch.put(Space::Marks, seq, id.0);
        }
        store.commit(batch)?;
        store.flush()?;
    }
    Ok(())
}

fn scan_all(store: &Sled) -> Outcome {
    let mut from = Vec::new();
    loop {
        let pairs = store.scan(Space::Headers, b"", &from, 1000)?;
        let Some((last, _)) = pairs.last() else {
            return Ok(());
        };
        from = [last, &[0][..]].concat();
    }
}

fn read(store: &Sled, numbers: impl Iterator<Item = u64>) -> Outcome {
    for number in numbers {
        if store.get_sealed(document(number), &number.to_be_bytes())?.is_none() {
            return Err(format!("payload {number} is not there").into());
        }
    }
    Ok(())
}

fn one_at_a_time(store: &mut Sled, count: u64) -> Outcome {
    for number in ENTRIES..ENTRIES + count {
        let mut batch = Batch::default();
        batch.put_sealed(document(number), number.to_be_bytes(), vec![1; 400]);
        batch.put(Space::Headers, number.to_be_bytes(), vec![1; 256]);
        store.commit(batch)?;
        store.flush()?;
    }
    Ok(())
}

fn forget(store: &mut Sled, numbers: impl Iterator<Item = u64>) -> Outcome {
    for number in numbers {
        let mut batch = Batch::default();
        batch.forget(document(number));
        store.commit(batch)?;
        store.flush()?;
    }
    Ok(())
}

fn cold_join(dir: &Path) -> Outcome {
    let mut store = open(dir)?;
    measured("join, flush per chunk", ENTRIES, || join(&mut store))?;
    measured("payloads in order", ENTRIES, || read(&store, 0..ENTRIES))?;
    measured("payloads at random", ENTRIES, || {
        read(&store, (0..ENTRIES).map(some_document))
    })?;
    measured("headers, 1,000 a scan", ENTRIES, || scan_all(&store))?;
    measured("one entry, commit and flush", 200, || one_at_a_time(&mut store, 200))?;
    measured("forget and flush", 20, || {
        forget(&mut store, (0..20).map(|number| number * 5000))
    })?;
    measured("close", 1, || {
        drop(store);
        Ok(())
    })?;
    let status = Command::new(std::env::current_exe()?)
        .arg("reopened")
        .arg(dir)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("the second process failed".into())
    }
}

/// In a process of its own: what an idle node holds.
fn reopened(dir: &Path) -> Outcome {
    let mut opened = None;
    measured("open in a new process", 1, || {
        opened = Some(open(dir)?);
        Ok(())
    })?;
    let store = opened.ok_or("not opened")?;
    measured("then payloads at random", 1000, || {
        read(&store, (1..1000).map(some_document))
    })
}

fn plain_keys(dir: &Path) -> Outcome {
    let mut store = open(dir)?;
    for (name, space) in [("sequential", Space::Headers), ("random", Space::Documents)] {
        let key = |number: u64| match space {
            Space::Headers => number.to_be_bytes().to_vec(),
            _ => document(number).0.to_vec(),
        };
        measured(&format!("put {name}"), ENTRIES, || {
            for first in (0..ENTRIES).step_by(1000) {
                let mut batch = Batch::default();
                (first..first + 1000).for_each(|number| batch.put(space, key(number), vec![number as u8; 200]));
                store.commit(batch)?;
            }
            Ok(store.flush()?)
        })?;
        measured(&format!("get {name}"), ENTRIES, || {
            (0..ENTRIES).try_for_each(|number| store.get(space, &key(number)).map(|_| ()))?;
            Ok(())
        })?;
    }
    Ok(())
}
