//! The contract every engine keeps, as laws that run on each of them.
//!
//! An engine's own tests call [`suite`] with an [`Engine`] that makes, closes and opens its stores; every law can
//! also be called alone. A law that does not hold panics and says which, as a test does, so this file may assert.
//!
//! **Invariant:** a law says nothing that the port's documentation does not say.

use std::collections::BTreeMap;

use super::{Batch, KEY_BYTES_MAX, Memory, Pair, Space, Store, StoreError, VALUE_BYTES_MAX};
use crate::id::{self, DocumentId};

mod sealed;

pub use sealed::{
    forgetting_is_for_ever, sealed_values_belong_to_their_document, what_is_discarded_may_be_sealed_again,
};

/// How the suite gets its stores.
pub trait Engine {
    /// The engine.
    type Store: Store;

    /// A new, empty store.
    fn fresh(&mut self) -> Self::Store;

    /// Closes the store that [`Engine::fresh`] or this function gave last, and opens it again.
    fn reopen(&mut self, store: Self::Store) -> Self::Store;
}

/// Every space there is.
pub const SPACES: [Space; 8] = [
    Space::Meta,
    Space::Logs,
    Space::Headers,
    Space::Payloads,
    Space::Documents,
    Space::Changes,
    Space::Statements,
    Space::Marks,
];

/// The spaces for plain values: [`Space::Payloads`] holds sealed ones.
fn plain_spaces() -> impl Iterator<Item = Space> {
    SPACES.into_iter().filter(|space| *space != Space::Payloads)
}

/// All laws.
pub fn suite<E: Engine>(engine: &mut E) {
    an_empty_store_is_empty(engine);
    what_is_written_is_read(engine);
    a_scan_is_ordered_and_bounded(engine);
    a_batch_keeps_its_order(engine);
    a_failing_batch_applies_nothing(engine);
    limits_hold_at_below_and_above(engine);
    sealed_values_belong_to_their_document(engine);
    forgetting_is_for_ever(engine);
    what_is_discarded_may_be_sealed_again(engine);
    what_was_flushed_is_there_after_reopening(engine);
    any_history_reads_like_the_model(engine, 1);
}

/// An empty store has no value, no pair and no forgotten document, and takes an empty batch.
pub fn an_empty_store_is_empty<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    done(store.commit(Batch::default()), "an empty batch");
    for space in plain_spaces() {
        assert_eq!(done(store.get(space, b"k"), "get"), None, "{space:?} starts empty");
        assert!(scan(&store, space, b"", b"", 10).is_empty(), "{space:?} starts empty");
    }
    assert_eq!(done(store.get_sealed(document(1), b"k"), "get_sealed"), None);
    assert!(!done(store.is_forgotten(document(1)), "is_forgotten"));
}

/// A value is read as it was written, in its own space only, until it is overwritten or deleted.
pub fn what_is_written_is_read<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    for space in plain_spaces() {
        let mut batch = Batch::default();
        batch.put(space, *b"a", [space as u8]);
        batch.put(space, *b"", *b"at the empty key");
        batch.put(space, *b"empty", *b"");
        done(store.commit(batch), "put");
    }
    for space in plain_spaces() {
        assert_eq!(
            get(&store, space, b"a"),
            Some(vec![space as u8]),
            "{space:?} is its own"
        );
        assert_eq!(get(&store, space, b""), Some(b"at the empty key".to_vec()));
        assert_eq!(get(&store, space, b"empty"), Some(Vec::new()), "empty is not absent");
    }
    let mut batch = Batch::default();
    batch.put(Space::Meta, *b"a", *b"second");
    batch.delete(Space::Logs, *b"a");
    batch.delete(Space::Logs, *b"never there");
    done(store.commit(batch), "overwrite and delete");
    assert_eq!(get(&store, Space::Meta, b"a"), Some(b"second".to_vec()));
    assert_eq!(get(&store, Space::Logs, b"a"), None, "deleted");
    assert_eq!(
        get(&store, Space::Headers, b"a"),
        Some(vec![Space::Headers as u8]),
        "deleted next door"
    );
}

/// A scan gives the pairs with the prefix, from `from` on, ascending by byte, at most `limit` of them.
pub fn a_scan_is_ordered_and_bounded<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let keys: [&[u8]; 9] = [
        b"b\xff\xff",
        b"a",
        b"",
        b"b",
        b"ba",
        b"b\x00",
        b"\xff\xff",
        b"\xff",
        b"c",
    ];
    let mut model = BTreeMap::new();
    let mut batch = Batch::default();
    for (at, key) in keys.into_iter().enumerate() {
        batch.put(Space::Headers, key, [at as u8]);
        model.insert(key.to_vec(), vec![at as u8]);
    }
    batch.put(Space::Logs, *b"b", *b"next door");
    batch.put(Space::Documents, *b"b", *b"next door");
    done(store.commit(batch), "put");
    let bounds: [&[u8]; 8] = [
        b"",
        b"a",
        b"b",
        b"b\x00",
        b"b\xff",
        b"\xff",
        b"\xff\xff",
        b"\xff\xff\xff",
    ];
    for prefix in bounds {
        for from in bounds {
            for limit in [0, 1, 2, 9, usize::MAX] {
                let expected: Vec<Pair> = model
                    .iter()
                    .filter(|(key, _)| key.starts_with(prefix) && key.as_slice() >= from)
                    .take(limit)
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect();
                let found = scan(&store, Space::Headers, prefix, from, limit);
                assert_eq!(found, expected, "prefix {prefix:?} from {from:?} limit {limit}");
            }
        }
    }
}

/// Inside a batch the later write wins.
pub fn a_batch_keeps_its_order<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let mut batch = Batch::default();
    batch.put(Space::Meta, *b"put", *b"1");
    batch.put(Space::Meta, *b"put", *b"2");
    batch.put(Space::Meta, *b"gone", *b"1");
    batch.delete(Space::Meta, *b"gone");
    batch.delete(Space::Meta, *b"back");
    batch.put(Space::Meta, *b"back", *b"1");
    done(store.commit(batch), "ordered batch");
    assert_eq!(get(&store, Space::Meta, b"put"), Some(b"2".to_vec()));
    assert_eq!(get(&store, Space::Meta, b"gone"), None);
    assert_eq!(get(&store, Space::Meta, b"back"), Some(b"1".to_vec()));
}

/// When one write of a batch is refused, none of them happened, wherever it stands.
pub fn a_failing_batch_applies_nothing<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let mut batch = Batch::default();
    batch.put(Space::Meta, *b"kept", *b"1");
    batch.put_sealed(document(1), *b"kept", *b"1");
    batch.forget(document(2));
    done(store.commit(batch), "first batch");
    let failures: [fn(&mut Batch); 4] = [
        |batch| batch.put(Space::Logs, vec![1; KEY_BYTES_MAX + 1], *b""),
        |batch| batch.put(Space::Logs, *b"k", vec![1; VALUE_BYTES_MAX + 1]),
        |batch| batch.delete(Space::Logs, vec![1; KEY_BYTES_MAX + 1]),
        |batch| batch.put_sealed(document(2), *b"k", *b"of a forgotten document"),
    ];
    for (case, failure) in failures.into_iter().enumerate() {
        for place in 0..=4 {
            let mut batch = Batch::default();
            let steps: [fn(&mut Batch); 4] = [
                |batch| batch.put(Space::Meta, *b"new", *b"2"),
                |batch| batch.delete(Space::Meta, *b"kept"),
                |batch| batch.put_sealed(document(3), *b"new", *b"2"),
                |batch| batch.forget(document(1)),
            ];
            steps[..place].iter().for_each(|step| step(&mut batch));
            failure(&mut batch);
            steps[place..].iter().for_each(|step| step(&mut batch));
            assert!(store.commit(batch).is_err(), "failure {case} at {place} is refused");
            assert_eq!(get(&store, Space::Meta, b"new"), None, "failure {case} at {place}");
            assert_eq!(get(&store, Space::Meta, b"kept"), Some(b"1".to_vec()));
            assert_eq!(done(store.get_sealed(document(3), b"new"), "get_sealed"), None);
            let kept = done(store.get_sealed(document(1), b"kept"), "get_sealed");
            assert_eq!(kept, Some(b"1".to_vec()), "failure {case} at {place} forgot a document");
            assert!(!done(store.is_forgotten(document(1)), "is_forgotten"));
        }
    }
}

/// Keys and values are taken up to their limit and refused above it, plain and sealed.
pub fn limits_hold_at_below_and_above<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let sizes = [
        (KEY_BYTES_MAX - 1, true),
        (KEY_BYTES_MAX, true),
        (KEY_BYTES_MAX + 1, false),
    ];
    for (bytes, fits) in sizes {
        let mut plain = Batch::default();
        plain.put(Space::Meta, vec![7; bytes], *b"v");
        expect_size(store.commit(plain), "key", bytes, fits);
        let mut sealed = Batch::default();
        sealed.put_sealed(document(1), vec![7; bytes], *b"v");
        expect_size(store.commit(sealed), "key", bytes, fits);
        let plain = get(&store, Space::Meta, &vec![7; bytes.min(KEY_BYTES_MAX)]);
        assert_eq!(plain, Some(b"v".to_vec()), "a key of {bytes} bytes");
    }
    let sizes = [
        (VALUE_BYTES_MAX - 1, true),
        (VALUE_BYTES_MAX, true),
        (VALUE_BYTES_MAX + 1, false),
    ];
    for (bytes, fits) in sizes {
        let mut plain = Batch::default();
        plain.put(Space::Meta, *b"k", vec![7; bytes]);
        expect_size(store.commit(plain), "value", bytes, fits);
        let mut sealed = Batch::default();
        sealed.put_sealed(document(1), *b"k", vec![7; bytes]);
        expect_size(store.commit(sealed), "value", bytes, fits);
        let held = bytes.min(VALUE_BYTES_MAX);
        assert_eq!(get(&store, Space::Meta, b"k").map(|value| value.len()), Some(held));
        let sealed = done(store.get_sealed(document(1), b"k"), "get_sealed");
        assert_eq!(sealed.map(|value| value.len()), Some(held));
    }
}

/// After a flush everything is there; without one a batch is there whole or not at all.
pub fn what_was_flushed_is_there_after_reopening<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let mut batch = Batch::default();
    for space in plain_spaces() {
        batch.put(space, *b"flushed", [space as u8]);
    }
    batch.put_sealed(document(1), *b"flushed", *b"payload");
    batch.put_sealed(document(2), *b"flushed", *b"payload");
    done(store.commit(batch), "put");
    let mut batch = Batch::default();
    batch.forget(document(2));
    batch.delete(Space::Marks, *b"flushed");
    done(store.commit(batch), "forget and delete");
    done(store.flush(), "flush");
    let mut batch = Batch::default();
    plain_spaces().for_each(|space| batch.put(space, *b"unflushed", [space as u8]));
    batch.put_sealed(document(1), *b"unflushed", *b"payload");
    done(store.commit(batch), "put without flush");
    let store = engine.reopen(store);
    for space in plain_spaces().filter(|space| *space != Space::Marks) {
        assert_eq!(
            get(&store, space, b"flushed"),
            Some(vec![space as u8]),
            "{space:?} was flushed"
        );
    }
    assert_eq!(get(&store, Space::Marks, b"flushed"), None, "a delete was flushed");
    let sealed = |of, key: &[u8]| done(store.get_sealed(of, key), "get_sealed");
    assert_eq!(sealed(document(1), b"flushed"), Some(b"payload".to_vec()));
    assert_eq!(sealed(document(2), b"flushed"), None, "forgotten stays forgotten");
    assert!(done(store.is_forgotten(document(2)), "is_forgotten"));
    let parts = plain_spaces().filter(|space| get(&store, *space, b"unflushed").is_some());
    let parts = parts.count() + usize::from(sealed(document(1), b"unflushed").is_some());
    assert!(
        parts == 0 || parts == SPACES.len(),
        "{parts} of {} parts of one batch",
        SPACES.len()
    );
}

/// Any history of batches, flushes and reopenings reads as it does on the in-memory engine.
pub fn any_history_reads_like_the_model<E: Engine>(engine: &mut E, seed: u64) {
    let mut store = engine.fresh();
    let mut model = Memory::default();
    let mut dice = Dice { seed, rolled: 0 };
    for step in 0..200 {
        let batch = random_batch(&mut dice);
        let (here, there) = (store.commit(batch.clone()), model.commit(batch));
        assert_eq!(
            here.is_ok(),
            there.is_ok(),
            "seed {seed} step {step}: {here:?} and {there:?}"
        );
        if dice.below(40) == 0 {
            done(store.flush(), "flush");
            store = engine.reopen(store);
        }
        if step % 20 == 19 {
            compare(&store, &model, &format!("seed {seed} step {step}"));
        }
    }
}

fn compare(store: &impl Store, model: &Memory, case: &str) {
    for space in plain_spaces() {
        let (here, there) = (scan(store, space, b"", b"", 1000), scan(model, space, b"", b"", 1000));
        assert_eq!(here, there, "{case}: {space:?}");
    }
    for number in 0..8 {
        let of = document(number);
        assert_eq!(
            done(store.is_forgotten(of), "is_forgotten"),
            done(model.is_forgotten(of), "is_forgotten"),
            "{case}: document {number}"
        );
        for key in 0..16_u8 {
            let here = done(store.get_sealed(of, &[key]), "get_sealed");
            let there = done(model.get_sealed(of, &[key]), "get_sealed");
            assert_eq!(here, there, "{case}: payload {key} of document {number}");
        }
    }
}

fn random_batch(dice: &mut Dice) -> Batch {
    let mut batch = Batch::default();
    for _ in 0..=dice.below(12) {
        let spaces: Vec<Space> = plain_spaces().collect();
        let space = spaces[dice.below(spaces.len() as u64) as usize];
        let key = vec![dice.below(16) as u8; 1 + dice.below(3) as usize];
        let value = vec![dice.below(256) as u8; dice.below(300) as usize];
        let of = document(dice.below(8) as u8);
        match dice.below(40) {
            0 => batch.forget(of),
            1..=8 => batch.delete(space, key),
            9..=20 => batch.put_sealed(of, [dice.below(16) as u8], value),
            _ => batch.put(space, key, value),
        }
    }
    batch
}

/// Numbers that follow from a seed, so that a failing history can be run again.
struct Dice {
    seed: u64,
    rolled: u64,
}

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.rolled += 1;
        let hash = id::hash("contract dice", &[&self.seed.to_be_bytes(), &self.rolled.to_be_bytes()]);
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(first) % limit
    }
}

fn document(number: u8) -> DocumentId {
    DocumentId([number; 32])
}

fn done<T>(result: Result<T, StoreError>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what} must succeed: {error}"),
    }
}

fn get(store: &impl Store, space: Space, key: &[u8]) -> Option<Vec<u8>> {
    done(store.get(space, key), "get")
}

fn scan(store: &impl Store, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Vec<Pair> {
    done(store.scan(space, prefix, from, limit), "scan")
}

fn expect_size(result: Result<(), StoreError>, what: &str, bytes: usize, fits: bool) {
    match (result, fits) {
        (Ok(()), true) => {}
        (Err(StoreError::TooLarge { what: found, .. }), false) => assert_eq!(found, what, "{bytes} bytes"),
        (other, _) => panic!("a {what} of {bytes} bytes gave {other:?}"),
    }
}

#[cfg(test)]
mod tests;
