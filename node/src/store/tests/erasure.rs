//! What was forgotten is in no file: not its text, not its key, not what its key was sealed to.

use super::*;
use crate::store::keys::Found;
use crate::store::segment::FRAME_BYTES;

const MARKER: &[u8] = b"MERKTEKEN-mevrouw-De-Vries-kreeg-drie-keer-nul-op-het-rekest";

fn seal(store: &mut Sled, documents: std::ops::Range<u64>) {
    let mut batch = Batch::default();
    for number in documents {
        let text = [MARKER, &number.to_be_bytes()].concat();
        batch.put_sealed(document(number), number.to_be_bytes(), text);
    }
    store.commit(batch).unwrap();
}

fn forget(store: &mut Sled, numbers: &[u64]) {
    let mut batch = Batch::default();
    numbers.iter().for_each(|number| batch.forget(document(*number)));
    store.commit(batch).unwrap();
}

fn read(store: &Sled, number: u64) -> Option<Vec<u8>> {
    store.get_sealed(document(number), &number.to_be_bytes()).unwrap()
}

/// The key of a document, and what stands on disk for it.
fn traces(store: &Sled, number: u64) -> Vec<Vec<u8>> {
    let Found::Key(held) = store.keys().find(document(number)).unwrap() else {
        panic!("document {number} has a key");
    };
    let path = segment::path(&store.dir().join("keys"), segment::number_of(held.slot));
    let start = segment::offset(held.slot) as usize;
    let frame = fs::read(path).unwrap()[start..start + FRAME_BYTES].to_vec();
    vec![
        held.key.bytes().to_vec(),
        frame[32..64].to_vec(),
        frame[72..104].to_vec(),
    ]
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn assert_nowhere(dir: &Path, needles: &[Vec<u8>]) {
    for file in files(dir) {
        let bytes = fs::read(&file).unwrap();
        for needle in needles {
            assert!(!contains(&bytes, needle), "{} still holds it", file.display());
        }
    }
}

#[test]
fn text_and_key_of_a_forgotten_document_are_in_no_file() {
    let dir = Scratch::new("erasure");
    let mut store = open(dir.path()).unwrap();
    seal(&mut store, 0..100);
    store.flush().unwrap();
    assert_nowhere(dir.path(), &[MARKER.to_vec()]);
    let mut gone = traces(&store, 7);
    let on_disk = fs::read(dir.path().join("keys/000000.seg")).unwrap();
    assert!(contains(&on_disk, &gone[1]), "the trace to look for is there before");
    gone.push(MARKER.to_vec());
    forget(&mut store, &[7]);
    store.flush().unwrap();
    assert_nowhere(dir.path(), &gone);
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_nowhere(dir.path(), &gone);
    assert_eq!(read(&store, 7), None);
    assert!(
        (0..100)
            .filter(|number| *number != 7)
            .all(|number| read(&store, number).is_some())
    );
}

#[test]
fn forgetting_in_full_and_in_growing_segments_leaves_the_others_and_room_for_more() {
    let dir = Scratch::new("erasure");
    let mut store = open(dir.path()).unwrap();
    seal(&mut store, 0..5000);
    let gone = [0, 4095, 4096, 4999];
    let traces: Vec<Vec<u8>> = gone.iter().flat_map(|number| traces(&store, *number)).collect();
    forget(&mut store, &gone);
    store.flush().unwrap();
    assert_nowhere(&dir.path().join("keys"), &traces);
    seal(&mut store, 5000..9000);
    store.flush().unwrap();
    drop(store);
    let store = open(dir.path()).unwrap();
    for number in 0..9000 {
        assert_eq!(
            read(&store, number).is_some(),
            !gone.contains(&number),
            "document {number}"
        );
    }
    assert_eq!(fs::read_dir(dir.path().join("keys")).unwrap().count(), 3);
}

#[test]
fn a_forgetting_that_a_crash_interrupted_is_finished_at_the_next_start() {
    let dir = Scratch::new("erasure");
    let mut store = open(dir.path()).unwrap();
    seal(&mut store, 0..10);
    store.flush().unwrap();
    let gone = traces(&store, 3);
    forget(&mut store, &[3]);
    // As far as a flush gets before it destroys keys, and an unfinished rewriting beside it.
    store.sync().unwrap();
    drop(store);
    fs::copy(dir.path().join("keys/000000.seg"), dir.path().join("keys/000000.new")).unwrap();
    let store = open(dir.path()).unwrap();
    assert_nowhere(dir.path(), &gone);
    assert_eq!(read(&store, 3), None);
    assert!(read(&store, 4).is_some());
}

#[test]
fn a_key_without_a_payload_stays_and_a_torn_end_is_cut() {
    let dir = Scratch::new("erasure");
    let mut store = open(dir.path()).unwrap();
    seal(&mut store, 0..3);
    store.flush().unwrap();
    let key = Secret::new([9; 32]);
    store.keys().ring().append(&[(document(50), key.clone())]).unwrap();
    drop(store);
    let path = dir.path().join("keys/000000.seg");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0x55; FRAME_BYTES + 10]);
    fs::write(&path, bytes).unwrap();
    let mut store = open(dir.path()).unwrap();
    let Found::Key(held) = store.keys().find(document(50)).unwrap() else {
        panic!("the key is there");
    };
    assert_eq!((held.slot, held.key.bytes()), (3, key.bytes()));
    seal(&mut store, 60..62);
    assert_eq!(fs::metadata(&path).unwrap().len(), segment::offset(6));
    assert!(
        [0, 1, 2, 60, 61]
            .into_iter()
            .all(|number| read(&store, number).is_some())
    );
}

#[test]
fn the_same_payload_of_two_documents_seals_to_other_bytes() {
    let dir = Scratch::new("erasure");
    let mut store = open(dir.path()).unwrap();
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"k", MARKER);
    batch.put_sealed(document(2), *b"k", MARKER);
    store.commit(batch).unwrap();
    let sealed = |number| {
        let slot = store.keys().ring().slot(document(number)).unwrap();
        crate::store::blocks::get(store.db(), &layout::payload(slot, b"k"))
            .unwrap()
            .unwrap()
    };
    assert_ne!(sealed(1), sealed(2));
}
