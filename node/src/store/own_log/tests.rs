//! Own logs: what was synced comes back, a torn end goes, damage is named, what was forgotten is gone.

use ed25519_dalek::SigningKey;
use protocol::entropy::Seeded;
use protocol::id::{DocumentId, FederationId, HeaderHash, Incarnation, NodeKey};
use protocol::log::Header;
use protocol::store::{Batch, Store};

use super::frame::Found;
use super::*;
use crate::mutant::mutate;
use crate::scratch::Scratch;
use crate::secret::Secret;
use crate::store::Sled;

const MARKER: &[u8] = b"MERKTEKEN: wat er aan de keukentafel werd gezegd";

struct World {
    dir: Scratch,
    store: Sled,
}

impl World {
    fn new() -> Self {
        let dir = Scratch::new("own");
        let store = Sled::open(dir.path(), &Secret::new([1; 32])).unwrap();
        Self { dir, store }
    }

    fn own(&self) -> PathBuf {
        self.dir.path().join("own")
    }

    /// A log of an opening and changes of documents 1, 2, 3 and so on, each committed to the store first.
    fn write(&mut self, changes: u64) -> (LogId, Vec<Entry>) {
        let mut entries = vec![entry(0, Class::Statement, DocumentId([0; 32]))];
        entries.extend((1..=changes).map(|seq| entry(seq, Class::Change, document(seq))));
        let mut batch = Batch::default();
        (1..=changes).for_each(|seq| batch.put_sealed(document(seq), seq.to_be_bytes(), MARKER));
        self.store.commit(batch).unwrap();
        let log = entries[0].signed.header().log();
        let mut own = OwnLog::create(&self.own(), log, self.store.keys()).unwrap();
        entries.iter().for_each(|entry| own.append(entry).unwrap());
        own.sync().unwrap();
        (log, entries)
    }

    fn read(&self) -> Result<OwnEntries, OwnLogError> {
        read_own_logs(&self.own(), &self.store.keys())
    }

    fn file(&self, log: LogId) -> PathBuf {
        self.own().join(format!("{log}.log"))
    }
}

fn document(number: u64) -> DocumentId {
    DocumentId([u8::try_from(number).unwrap(); 32])
}

fn entry(seq: u64, class: Class, document: DocumentId) -> Entry {
    let key = SigningKey::from_bytes(&[5; 32]);
    let (salt, bytes) = ([seq as u8; SALT_BYTES], [MARKER, &seq.to_be_bytes()].concat());
    let header = Header {
        federation: FederationId([1; 32]),
        node: NodeKey(key.verifying_key().to_bytes()),
        incarnation: Incarnation([2; 16]),
        seq,
        previous: HeaderHash([0; 32]),
        class,
        document,
        kind: 1,
        payload_len: bytes.len() as u32,
        commitment: protocol::id::Commitment([0; 32]),
        extension: Vec::new(),
    };
    Entry {
        signed: SignedHeader::sign(header, &key),
        payload: Payload::Held { salt, bytes },
    }
}

#[test]
fn what_was_appended_is_read_back() {
    let mut world = World::new();
    assert!(world.read().unwrap().logs.is_empty());
    let (log, entries) = world.write(20);
    let found = world.read().unwrap();
    assert_eq!(found.logs, vec![(log, entries)]);
    assert!(found.torn.is_empty());
}

#[test]
fn a_log_is_never_resumed() {
    let mut world = World::new();
    let (log, _) = world.write(1);
    let again = OwnLog::create(&world.own(), log, world.store.keys());
    assert!(matches!(again, Err(OwnLogError::Io { .. })));
}

#[test]
fn an_entry_of_a_document_without_a_key_is_refused() {
    let mut world = World::new();
    let (log, _) = world.write(1);
    let mut own = OwnLog::create(&world.dir.path().join("other"), log, world.store.keys()).unwrap();
    let refused = own.append(&entry(9, Class::Change, document(9)));
    assert!(matches!(refused, Err(OwnLogError::NoKey { seq: 9 })));
    own.append(&entry(1, Class::Change, document(1))).unwrap();
}

#[test]
fn an_end_cut_anywhere_loses_only_the_entry_it_cuts() {
    let mut world = World::new();
    let (log, entries) = world.write(3);
    let path = world.file(log);
    let whole = fs::read(&path).unwrap();
    let without_last = whole.len() - frame_bytes(&world, &entries[3]);
    for length in without_last..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let found = world.read().unwrap_or_else(|error| panic!("cut at {length}: {error}"));
        assert_eq!(found.logs[0].1, entries[..3], "cut at {length}");
        assert_eq!(found.torn.len(), usize::from(length > without_last), "cut at {length}");
        assert_eq!(fs::metadata(&path).unwrap().len(), without_last as u64);
    }
}

#[test]
fn an_end_of_zeros_is_torn() {
    let mut world = World::new();
    let (log, entries) = world.write(3);
    let path = world.file(log);
    let whole = fs::read(&path).unwrap();
    let last = whole.len() - frame_bytes(&world, &entries[3]);
    // The file got its length, its last bytes did not get to the disk.
    for kept in [last, last + 1, last + 16, last + 40] {
        let mut torn = whole.clone();
        torn[kept..].fill(0);
        torn.resize(whole.len() + 4096, 0);
        fs::write(&path, torn).unwrap();
        let found = world
            .read()
            .unwrap_or_else(|error| panic!("zeros from {kept}: {error}"));
        assert_eq!(found.logs[0].1, entries[..3]);
        assert_eq!((found.torn.len(), found.torn[0].offset), (1, last as u64));
    }
}

#[test]
fn a_flipped_bit_anywhere_is_damage_at_its_frame() {
    let mut world = World::new();
    let (log, entries) = world.write(3);
    let path = world.file(log);
    let whole = fs::read(&path).unwrap();
    let mut starts = vec![0];
    entries
        .iter()
        .for_each(|entry| starts.push(starts[starts.len() - 1] + frame_bytes(&world, entry)));
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        fs::write(&path, flipped).unwrap();
        let expected = starts.iter().rev().find(|start| **start <= at).unwrap();
        match world.read() {
            Err(OwnLogError::Damaged { path: of, offset, .. }) => {
                assert_eq!((of, offset), (path.clone(), *expected as u64), "bit at {at}");
            }
            other => panic!("bit at {at} gave {other:?}"),
        }
    }
}

#[test]
fn a_forgotten_payload_is_in_no_file_and_its_header_stays() {
    let mut world = World::new();
    let (log, entries) = world.write(3);
    assert_only_statement_readable(&world, log);
    let mut batch = Batch::default();
    batch.forget(document(2));
    world.store.commit(batch).unwrap();
    world.store.flush().unwrap();
    let found = world.read().unwrap();
    let mut expected = entries;
    expected[2].payload = Payload::Erased;
    assert_eq!(found.logs, vec![(log, expected)]);
}

/// The opening is a statement and stands in the clear; the text of changes is in the file nowhere.
fn assert_only_statement_readable(world: &World, log: LogId) {
    let bytes = fs::read(world.file(log)).unwrap();
    let count = bytes.windows(MARKER.len()).filter(|window| *window == MARKER).count();
    assert_eq!(count, 1, "only the opening");
}

#[test]
fn frames_do_not_move_to_another_place_or_log() {
    let mut world = World::new();
    let (log, entries) = world.write(2);
    let whole = fs::read(world.file(log)).unwrap();
    let first = frame_bytes(&world, &entries[0]);
    let second = first + frame_bytes(&world, &entries[1]);
    let swapped = [&whole[..first], &whole[second..], &whole[first..second]].concat();
    fs::write(world.file(log), swapped).unwrap();
    assert!(matches!(world.read(), Err(OwnLogError::Damaged { offset, .. }) if offset == first as u64));
    fs::remove_file(world.file(log)).unwrap();
    fs::write(world.file(LogId([8; 32])), whole).unwrap();
    assert!(matches!(world.read(), Err(OwnLogError::Damaged { offset: 0, .. })));
}

/// How long the frame of an entry is.
fn frame_bytes(world: &World, entry: &Entry) -> usize {
    let log = entry.signed.header().log();
    let dir = Scratch::new("frame");
    let own = OwnLog::create(dir.path(), log, world.store.keys()).unwrap();
    frame::write(log, 0, &own.body(entry).unwrap()).len()
}

#[test]
fn a_hundred_thousand_mutated_files_give_no_frame_that_was_not_written() {
    let mut world = World::new();
    let (log, entries) = world.write(4);
    let whole = fs::read(world.file(log)).unwrap();
    let mut rng = Seeded::new(1);
    let (mut frames, mut ends) = (0, 0);
    for round in 0..100_000 {
        let mut bytes = whole.clone();
        mutate(&mut bytes, &mut rng);
        let (mut offset, mut number) = (0, 0);
        while let Found::Frame(body, next) = frame::read(log, number, &bytes, offset) {
            assert_eq!(frame::write(log, number, body), bytes[offset..next], "round {round}");
            assert_eq!(bytes[offset..next], whole[offset..next], "round {round}");
            (offset, number, frames) = (next, number + 1, frames + 1);
        }
        assert!(number <= entries.len() as u64);
        ends += 1;
    }
    assert!(frames > 100_000 && ends == 100_000, "{frames} frames");
}

#[test]
fn a_hundred_thousand_mutated_bodies_give_no_entry_that_was_not_written() {
    let mut world = World::new();
    let (log, entries) = world.write(2);
    let keys = world.store.keys();
    let own = OwnLog::create(&world.dir.path().join("other"), log, world.store.keys()).unwrap();
    let mut bodies: Vec<Vec<u8>> = entries.iter().map(|entry| own.body(entry).unwrap()).collect();
    bodies.push(
        own.body(&Entry {
            payload: Payload::Erased,
            ..entries[1].clone()
        })
        .unwrap(),
    );
    let mut rng = Seeded::new(2);
    let (mut read, mut refused) = (0, 0);
    for round in 0..100_000 {
        let mut body = bodies[round % bodies.len()].clone();
        mutate(&mut body, &mut rng);
        let Ok(entry) = read_body(log, &body, &keys) else {
            refused += 1;
            continue;
        };
        read += 1;
        let signed = 2 + entry.signed.bytes().len() + 64;
        match (body[signed], own.body(&entry)) {
            // Sealed anew, the payload has other bytes; what it says is what was written.
            (SEALED, Ok(_)) => assert!(
                entry.payload == Payload::Erased || entries.iter().any(|written| written.payload == entry.payload),
                "round {round}"
            ),
            (SEALED, Err(_)) => panic!("round {round}: what has no key was opened"),
            (_, again) => assert_eq!(again.unwrap(), body, "round {round}"),
        }
    }
    assert!(read > 1_000 && refused > 1_000, "{read} read, {refused} refused");
}
