//! What the engine costs, to choose its settings by: run with `--ignored --nocapture` in a process of its own.

use std::time::Instant;

use super::*;
use protocol::store::Space;

const ENTRIES: u64 = 100_000;
const CHUNK: u64 = 2_000;

/// Resident memory of this process in MB, and the highest it was.
fn memory() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    (field("VmRSS:"), field("VmHWM:"))
}

fn measured(what: &str, count: u64, work: impl FnOnce()) {
    let before = Instant::now();
    work();
    let seconds = before.elapsed().as_secs_f64();
    let (rss, peak) = memory();
    println!(
        "{what:34} {:>9.0}/s {seconds:>7.2} s  RSS {rss:>4} MB, peak {peak:>4} MB",
        count as f64 / seconds
    );
}

/// The batches of a cold join: per entry a header, a sealed payload, a document, a change and a mark.
fn join(store: &mut Sled, flush: bool) {
    for chunk in 0..ENTRIES / CHUNK {
        let mut batch = Batch::default();
        for number in chunk * CHUNK..(chunk + 1) * CHUNK {
            let (seq, id) = (number.to_be_bytes(), document(number));
            batch.put(Space::Headers, seq, vec![number as u8; 256]);
            batch.put_sealed(id, seq, vec![number as u8; 400]);
            batch.put(Space::Documents, id.0, vec![number as u8; 60]);
            batch.put(Space::Changes, seq, vec![number as u8; 40]);
            batch.put(Space::Marks, id.0, seq);
        }
        store.commit(batch).unwrap();
        if flush {
            store.flush().unwrap();
        }
    }
}

#[test]
#[ignore = "prints figures, checks nothing"]
fn figures_of_a_cold_join() {
    let dir = Scratch::new("speed");
    let mut store = open(dir.path()).unwrap();
    measured("join, flush per chunk", ENTRIES, || join(&mut store, true));
    measured("get_sealed in order", ENTRIES, || {
        (0..ENTRIES).for_each(|number| {
            assert!(
                store
                    .get_sealed(document(number), &number.to_be_bytes())
                    .unwrap()
                    .is_some()
            )
        });
    });
    let mut dice = Dice(1);
    measured("get_sealed at random", ENTRIES, || {
        for _ in 0..ENTRIES {
            let number = dice.below(ENTRIES);
            assert!(
                store
                    .get_sealed(document(number), &number.to_be_bytes())
                    .unwrap()
                    .is_some()
            );
        }
    });
    measured("scan of headers, 1000 at a time", ENTRIES, || {
        let mut from = Vec::new();
        loop {
            let pairs = store.scan(Space::Headers, b"", &from, 1000).unwrap();
            let Some((last, _)) = pairs.last() else { break };
            from = [last, &[0][..]].concat();
        }
    });
    measured("one entry per commit and flush", 200, || {
        for number in 0..200_u64 {
            let mut batch = Batch::default();
            batch.put_sealed(document(ENTRIES + number), number.to_be_bytes(), vec![1; 400]);
            batch.put(Space::Headers, (ENTRIES + number).to_be_bytes(), vec![1; 256]);
            store.commit(batch).unwrap();
            store.flush().unwrap();
        }
    });
    measured("forget and flush", 20, || {
        for number in 0..20 {
            let mut batch = Batch::default();
            batch.forget(document(number * 5000));
            store.commit(batch).unwrap();
            store.flush().unwrap();
        }
    });
    measured("close", 1, || drop(store));
    let bytes: u64 = files(dir.path())
        .iter()
        .map(|file| fs::metadata(file).unwrap().len())
        .sum();
    println!("on disk {} MB in {} files", bytes / 1_000_000, files(dir.path()).len());
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::speed::reopened", "--ignored", "--nocapture"])
        .env("LEERKRING_SPEED_DIR", dir.path())
        .output()
        .unwrap();
    print!("{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
#[ignore = "run by figures_of_a_cold_join"]
fn reopened() {
    let Some(dir) = std::env::var_os("LEERKRING_SPEED_DIR") else {
        return;
    };
    let mut held = None;
    measured("open in a new process", 1, || {
        held = Some(open(Path::new(&dir)).unwrap())
    });
    let store = held.unwrap();
    measured("then 1,000 random get_sealed", 1000, || {
        let mut dice = Dice(2);
        for _ in 0..1000 {
            let number = dice.below(ENTRIES);
            store.get_sealed(document(number), &number.to_be_bytes()).unwrap();
        }
    });
}
