//! The contract on sled and on redb, and what is sled's own: opening, damage, erasure, crashes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::id::DocumentId;
use protocol::store::{Batch, Store, contract};

use super::patience::within;
use super::*;
use crate::scratch::Scratch;
use crate::secret::Secret;

mod blocks;
mod crash;
mod damage;
mod erasure;
mod full;
mod open;
mod redb_engine;
mod silent;

const STORAGE: [u8; 32] = [3; 32];
/// How long a test may take that sled can hang by itself.
const TEST_WAIT: Duration = Duration::from_secs(300);

fn open(dir: &Path) -> Result<Sled, OpenError> {
    Sled::open(dir, &Secret::new(STORAGE))
}

fn document(number: u64) -> DocumentId {
    DocumentId(*blake3::hash(&number.to_be_bytes()).as_bytes())
}

/// Changes what stands at a key of sled as a disk would: without its hash.
fn spoil(store: &Sled, at: &[u8], spoiled: Vec<u8>) {
    let folded = super::blocks::fold(store.db(), BTreeMap::from([(at.to_vec(), Some(spoiled))])).unwrap();
    store.db().apply_batch(folded.batch).unwrap();
}

/// Every file below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }
}

struct SledEngine {
    dir: Scratch,
    opened: u32,
}

impl SledEngine {
    fn path(&self) -> PathBuf {
        self.dir.path().join(self.opened.to_string())
    }
}

impl contract::Engine for SledEngine {
    type Store = Sled;

    fn fresh(&mut self) -> Sled {
        self.opened += 1;
        open(&self.path()).unwrap()
    }

    fn reopen(&mut self, store: Sled) -> Sled {
        drop(store);
        open(&self.path()).unwrap()
    }
}

/// What sled does not do in this time it never does: a test that hangs says so.
fn in_time(work: impl FnOnce(&mut SledEngine) + Send + 'static) {
    let mut engine = SledEngine {
        dir: Scratch::new("sled"),
        opened: 0,
    };
    let done = within(TEST_WAIT, move || work(&mut engine));
    done.expect("sled stands still: see what is said of it in engine.rs");
}

#[test]
fn sled_keeps_the_contract() {
    in_time(contract::suite);
}

#[test]
fn any_history_on_sled_reads_like_the_model() {
    in_time(|engine| (2..12).for_each(|seed| contract::any_history_reads_like_the_model(engine, seed)));
}
