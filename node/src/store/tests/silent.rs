//! A disk that says nothing any more, and a write that stands still: whoever waits is told so, and is not kept for ever.
//!
//! Opening a pipe waits for its other end, so a pipe where sled keeps a file of a large page is a file that never answers.

use std::fs::OpenOptions;
use std::process::Command;
use std::time::Duration;

use protocol::store::{Space, StoreError};

use super::*;
use crate::store::close;

fn batch(value: u8) -> Batch {
    let mut batch = Batch::default();
    batch.put(Space::Meta, *b"key", [value]);
    batch
}

fn silent(failed: Result<(), StoreError>) {
    assert!(matches!(failed, Err(StoreError::Silent { .. })), "{failed:?}");
}

#[test]
fn a_disk_that_does_not_answer_makes_the_store_unusable_and_holds_nobody() {
    let dir = Scratch::new("silent");
    let mut store = open(dir.path()).unwrap();
    store.set_wait(Duration::from_millis(200));
    store.commit(batch(1)).unwrap();
    store.flush().unwrap();
    let pipe = dir.path().join("sled/blobs/999999999");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    store.commit(batch(2)).unwrap();
    silent(store.flush());
    silent(store.commit(batch(3)));
    silent(store.flush());
    silent(store.get(Space::Meta, b"key").map(|_| ()));
    assert!(matches!(store.unusable(), Some(StoreError::Silent { .. })));
    close(store).unwrap();
    assert!(
        matches!(open(dir.path()), Err(OpenError::InUse { .. })),
        "who still waits for the disk has the store"
    );
    // The disk answers after all; what waited for it lets go, and all of it is there.
    drop(OpenOptions::new().write(true).open(&pipe).unwrap());
    fs::remove_file(&pipe).unwrap();
    let store = open(dir.path()).unwrap();
    assert_eq!(store.get(Space::Meta, b"key").unwrap(), Some(vec![2]));
}

#[test]
fn a_write_that_stands_still_makes_the_store_unusable_and_holds_nobody() {
    let dir = Scratch::new("still");
    let mut store = open(dir.path()).unwrap();
    store.commit(batch(1)).unwrap();
    store.flush().unwrap();
    store.set_wait(Duration::from_millis(200));
    let keys = store.keys();
    let held = Sled::stand_still(&keys);
    silent(store.commit(batch(2)));
    silent(store.commit(batch(3)));
    silent(store.flush());
    silent(store.get(Space::Meta, b"key").map(|_| ()));
    // Nobody joins the thread that stands still, and nobody opens the store beside it.
    drop(store);
    assert!(matches!(open(dir.path()), Err(OpenError::InUse { .. })));
    drop(held);
    let store = open(dir.path()).unwrap();
    let found = store.get(Space::Meta, b"key").unwrap();
    assert!([Some(vec![1]), Some(vec![2])].contains(&found), "{found:?}");
}
