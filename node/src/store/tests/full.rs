//! A disk that is full: an error that says so, nothing acknowledged lost, and room makes everything work again.
//!
//! The shell of the child limits the size of files, which fails writes as a full disk does.

use std::process::Command;

use super::*;
use protocol::store::{Space, StoreError};

const DIR: &str = "LEERKRING_FULL_DIR";

fn batch(step: u64) -> Batch {
    let mut batch = Batch::default();
    for number in step * 50..(step + 1) * 50 {
        batch.put_sealed(document(number), number.to_be_bytes(), vec![step as u8; 900]);
        batch.put(Space::Documents, document(number).0, vec![step as u8; 300]);
    }
    batch
}

/// The process whose files may not grow: it writes until it fails, and says on its output how far it came and why.
#[test]
fn the_process_that_fills_its_disk() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let mut store = open(Path::new(&dir)).unwrap();
    for step in 0.. {
        let written = store.commit(batch(step)).and_then(|()| store.flush());
        let Err(error) = written else { continue };
        let again = store.commit(batch(step)).and_then(|()| store.flush());
        let said = format!("{step} {} {}", matches!(error, StoreError::Full), again.is_err());
        fs::write(Path::new(&dir).join("said"), said).unwrap();
        return;
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_acknowledged_is_lost() {
    let dir = Scratch::new("full");
    let script = "trap '' XFSZ; ulimit -f 8000; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::full::the_process_that_fills_its_disk"])
        .env(DIR, dir.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = fs::read_to_string(dir.path().join("said")).unwrap();
    let said: Vec<&str> = said.split(' ').collect();
    assert_eq!(
        said[1..],
        ["true", "true"],
        "the disk is full, and stays so until the store is opened again"
    );
    let steps: u64 = said[0].parse().unwrap();
    assert!(steps > 3, "it failed at once");
    let mut store = open(dir.path()).unwrap();
    for number in 0..steps * 50 {
        let payload = store.get_sealed(document(number), &number.to_be_bytes()).unwrap();
        assert_eq!(
            payload,
            Some(vec![(number / 50) as u8; 900]),
            "payload {number} of {}",
            steps * 50
        );
    }
    store.commit(batch(steps)).unwrap();
    store.flush().unwrap();
}
