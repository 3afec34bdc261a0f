//! A disk that changes bits: an error, or nothing where something was, which whoever knows that it was there notices; never
//! another value, never a panic that escapes.

use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use protocol::store::{Space, StoreError};

const VALUES: u64 = 400;

fn value(number: u64) -> Vec<u8> {
    blake3::hash(&number.to_le_bytes()).as_bytes().repeat(8)
}

fn fill(dir: &Path) {
    let mut store = open(dir).unwrap();
    for chunk in 0..VALUES / 20 {
        let mut batch = Batch::default();
        for number in chunk * 20..chunk * 20 + 20 {
            batch.put(Space::Headers, number.to_be_bytes(), value(number));
            batch.put_sealed(document(number), number.to_be_bytes(), value(number));
        }
        store.commit(batch).unwrap();
        store.flush().unwrap();
    }
}

/// What reading everything found: values that were right, errors, and values that are silently gone.
fn read_all(store: &Sled) -> [u64; 3] {
    let [mut right, mut errors, mut gone] = [0; 3];
    for number in 0..VALUES {
        let key = number.to_be_bytes();
        for read in [
            store.get(Space::Headers, &key),
            store.get_sealed(document(number), &key),
        ] {
            match read {
                Ok(Some(found)) => {
                    assert_eq!(found, value(number), "value {number} is silently another");
                    right += 1;
                }
                // sled may lose what stands in a page that it cannot read; it does not make it up.
                Ok(None) => gone += 1,
                Err(_) => errors += 1,
            }
        }
    }
    [right, errors, gone]
}

fn flip(path: &Path, dice: &mut Dice) {
    let file = fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    let at = dice.below(file.metadata().unwrap().len());
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1 << dice.below(8)], at).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let place = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(file, place).unwrap();
    }
    fs::create_dir_all(to.join("sled/blobs")).unwrap();
}

#[test]
fn a_flipped_bit_anywhere_is_never_another_value() {
    let whole = Scratch::new("damage");
    fill(whole.path());
    let [mut refused, mut told, mut silent, mut unharmed] = [0_u32; 4];
    for seed in 0..60 {
        let dir = Scratch::new("damage");
        copy(whole.path(), dir.path());
        let all: Vec<PathBuf> = files(dir.path());
        let mut dice = Dice(seed);
        let path = &all[dice.below(all.len() as u64) as usize];
        flip(path, &mut dice);
        let case = format!("seed {seed}, {}", path.display());
        let opened = catch_unwind(AssertUnwindSafe(|| open(dir.path())));
        match opened.unwrap_or_else(|_| panic!("a panic escaped from opening: {case}")) {
            Err(_) => refused += 1,
            Ok(store) => {
                let read = catch_unwind(AssertUnwindSafe(|| read_all(&store)));
                let [right, errors, gone] = read.unwrap_or_else(|_| panic!("a wrong value or a panic: {case}"));
                assert_eq!(right + errors + gone, 2 * VALUES);
                match (errors, gone) {
                    (0, 0) => unharmed += 1,
                    (0, _) => silent += 1,
                    _ => told += 1,
                }
            }
        }
    }
    let outcomes = format!("refused {refused}, told {told}, silent {silent}, unharmed {unharmed}");
    assert!(refused + told > 0, "the store noticed none: {outcomes}");
    assert_eq!(silent, 0, "acknowledged values are gone without a word: {outcomes}");
}

/// sled opens such a store as if what comes later had never been.
#[test]
fn a_damaged_place_that_sled_takes_for_its_end_is_told() {
    let whole = Scratch::new("damage");
    fill(whole.path());
    let [mut lost, mut others] = [0_u32; 2];
    for seed in 0..20 {
        let dir = Scratch::new("damage");
        copy(whole.path(), dir.path());
        for found in fs::read_dir(dir.path().join("sled")).unwrap().flatten() {
            if found.file_name().to_string_lossy().starts_with("snap") {
                fs::remove_file(found.path()).unwrap();
            }
        }
        let database = dir.path().join("sled/db");
        let mut dice = Dice(seed);
        let at = dice.below(fs::metadata(&database).unwrap().len() / 2);
        let file = fs::OpenOptions::new().write(true).open(&database).unwrap();
        file.write_all_at(&[0x5a; 300], at).unwrap();
        match open(dir.path()) {
            Err(OpenError::Damaged {
                damage: Damage::Lost { .. },
                ..
            }) => {
                lost += 1;
                // And it stays so, however often it is opened, until it is made anew.
                assert!(matches!(open(dir.path()), Err(OpenError::Damaged { .. })));
                Sled::open_files(dir.path(), FILES, &Secret::new(STORAGE)).unwrap();
                assert!(matches!(open(dir.path()), Err(OpenError::Damaged { .. })));
            }
            Err(_) => others += 1,
            Ok(store) => {
                let [_, errors, gone] = read_all(&store);
                assert!(
                    gone == 0 || errors > 0,
                    "seed {seed}: {gone} values are gone without a word"
                );
            }
        }
    }
    assert!(
        lost > 0,
        "no damage looked like an end, {others} were refused otherwise"
    );
}

#[test]
fn a_note_that_was_cut_off_promises_less_and_never_more() {
    let dir = Scratch::new("damage");
    fill(dir.path());
    let note = dir.path().join("sled/written");
    let whole = fs::read(&note).unwrap();
    for spoiled in [Vec::new(), whole[..7].to_vec(), whole[..20].to_vec(), vec![0xff; 32]] {
        fs::write(&note, &spoiled).unwrap();
        assert_eq!(read_all(&open(dir.path()).unwrap())[0], 2 * VALUES);
    }
    fs::remove_file(&note).unwrap();
    assert_eq!(read_all(&open(dir.path()).unwrap())[0], 2 * VALUES);
}

#[test]
fn a_value_that_was_changed_under_its_hash_is_damaged() {
    let dir = Scratch::new("damage");
    let mut store = open(dir.path()).unwrap();
    let mut batch = Batch::default();
    batch.put(Space::Documents, *b"k", *b"what was written");
    batch.put(Space::Documents, *b"l", *b"what else was written");
    batch.put_sealed(document(1), *b"k", *b"what was sealed");
    store.commit(batch).unwrap();
    let slot = store.keys().ring().slot(document(1)).unwrap();
    for at in [layout::plain(Space::Documents, b"k"), layout::payload(slot, b"k")] {
        let mut stored = crate::store::blocks::get(store.db(), &at).unwrap().unwrap();
        *stored.last_mut().unwrap() ^= 1;
        spoil(&store, &at, stored);
    }
    let is_damaged = |result: Result<Option<Vec<u8>>, StoreError>| {
        assert!(
            matches!(&result, Err(StoreError::Damaged { key, .. }) if key == "6b"),
            "{result:?}"
        );
    };
    is_damaged(store.get(Space::Documents, b"k"));
    is_damaged(store.get_sealed(document(1), b"k"));
    assert!(matches!(
        store.scan(Space::Documents, b"", b"", 9),
        Err(StoreError::Damaged { .. })
    ));
    assert!(store.get(Space::Documents, b"l").unwrap().is_some());
    let mut batch = Batch::default();
    batch.put(Space::Documents, *b"k", *b"fetched again");
    batch.put_sealed(document(1), *b"k", *b"fetched again");
    store.commit(batch).unwrap();
    assert_eq!(
        store.get(Space::Documents, b"k").unwrap().as_deref(),
        Some(&b"fetched again"[..])
    );
    assert_eq!(
        store.get_sealed(document(1), b"k").unwrap().as_deref(),
        Some(&b"fetched again"[..])
    );
}

#[test]
fn a_value_that_stands_at_another_key_is_damaged() {
    let dir = Scratch::new("damage");
    let mut store = open(dir.path()).unwrap();
    let mut batch = Batch::default();
    batch.put(Space::Documents, *b"k", *b"v");
    store.commit(batch).unwrap();
    let stored = crate::store::blocks::get(store.db(), &layout::plain(Space::Documents, b"k"));
    spoil(&store, &layout::plain(Space::Marks, b"k"), stored.unwrap().unwrap());
    assert!(matches!(
        store.get(Space::Marks, b"k"),
        Err(StoreError::Damaged {
            space: Space::Marks,
            ..
        })
    ));
}

#[test]
fn a_block_that_is_none_is_damaged_for_readers_and_writers() {
    let dir = Scratch::new("damage");
    let mut store = open(dir.path()).unwrap();
    let mut batch = Batch::default();
    batch.put(Space::Headers, *b"k", *b"v");
    store.commit(batch.clone()).unwrap();
    for block in [
        &[1][..],
        &[0, 0, 0, 1, 0],
        &[0, 0xFF, 0xFF, 0xFF, 0xFF],
        &[200, 0, 0, 0, 0],
    ] {
        store.db().insert([Space::Headers as u8], block).unwrap();
        let is_damaged = |result: &Result<(), StoreError>| {
            assert!(
                matches!(
                    result,
                    Err(StoreError::Damaged {
                        space: Space::Headers,
                        ..
                    })
                ),
                "{result:?}"
            );
        };
        is_damaged(&store.get(Space::Headers, b"k").map(|_| ()));
        is_damaged(&store.scan(Space::Headers, b"", b"", 9).map(|_| ()));
        is_damaged(&store.commit(batch.clone()));
    }
}

#[test]
fn a_damaged_document_key_is_replaced_when_the_payload_comes_again() {
    // In the document's id, in the seal, in the check.
    for at in [5, 60, 108] {
        let dir = Scratch::new("damage");
        let mut store = open(dir.path()).unwrap();
        let mut batch = Batch::default();
        (1..=3).for_each(|number| batch.put_sealed(document(number), *b"k", *b"v"));
        store.commit(batch.clone()).unwrap();
        store.flush().unwrap();
        let slots = [1, 2].map(|number| store.keys().ring().slot(document(number)).unwrap());
        drop(store);
        let path = dir.path().join("keys/000000.seg");
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        for slot in slots {
            // Two bytes: one of them may have been this before.
            file.write_all_at(&[0xEE, 0xEE], segment::offset(slot) + at).unwrap();
        }
        let mut store = open(dir.path()).unwrap();
        for number in [1, 2] {
            let read = store.get_sealed(document(number), b"k");
            assert!(matches!(read, Err(StoreError::Damaged { .. })), "byte {at}: {read:?}");
        }
        let read = |store: &Sled, number| store.get_sealed(document(number), b"k").unwrap();
        assert!(read(&store, 3).is_some(), "the neighbour is whole");
        store.commit(batch).unwrap();
        store.flush().unwrap();
        assert!([1, 2, 3].into_iter().all(|number| read(&store, number).is_some()));
        drop(store);
        let store = open(dir.path()).unwrap();
        assert!([1, 2, 3].into_iter().all(|number| read(&store, number).is_some()));
    }
}

#[test]
fn keys_that_are_gone_are_said_at_the_start() {
    let dir = Scratch::new("damage");
    let mut store = open(dir.path()).unwrap();
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"k", *b"v");
    store.commit(batch).unwrap();
    store.flush().unwrap();
    drop(store);
    fs::remove_file(dir.path().join("keys/000000.seg")).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}
