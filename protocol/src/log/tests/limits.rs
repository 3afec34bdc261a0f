//! How much a document may be made of: at, below and above what is opened.

use super::world::{Hand, World, gemeente, record};
use crate::document::{self, Checked};
use crate::id::DocumentId;
use crate::log::{CHANGES_BYTES_MAX, CHANGES_MAX, RUN_ENTRIES_MAX, Replica, ReplicaError, Write};
use crate::store::Memory;

/// A document that grows by changes of any size, faster than editing it would let it.
struct Growing {
    hand: Hand,
    document: DocumentId,
    last: Checked,
    bytes: u64,
    changes: u64,
}

impl Growing {
    fn new(world: &mut World) -> Self {
        let mut hand = world.hand(0);
        let document = hand.found(gemeente(0), "Begin");
        let founding = payload(&hand);
        Self {
            last: document::validate(&founding).unwrap(),
            bytes: founding.len() as u64,
            changes: 1,
            hand,
            document,
        }
    }

    /// The next change, with texts of these lengths.
    fn next(&self, texts: &[usize]) -> Vec<u8> {
        document::tests::growing::next(&self.last, self.changes + 1, texts)
    }

    fn push(&mut self, payload: Vec<u8>) {
        self.last = document::validate(&payload).unwrap();
        self.bytes += payload.len() as u64;
        self.changes += 1;
        self.hand.push(payload);
    }

    /// Grows by so many small changes.
    fn by_changes(&mut self, changes: u64) {
        for _ in 0..changes {
            self.push(self.next(&[1]));
        }
    }

    /// Grows to exactly so many bytes.
    fn by_bytes_to(&mut self, bytes: u64) {
        while bytes - self.bytes > 60_000 {
            self.push(self.next(&[16_000, 16_000]));
        }
        let left = (bytes - self.bytes) as usize;
        // Lengths are written in front of the texts, and take more bytes the greater they are.
        let mut text = left / 4;
        let mut last = self.next(&[text; 4]);
        while last.len() != left {
            text = text + left - last.len();
            last = self.next(&[left / 4, left / 4, left / 4, text]);
        }
        self.push(last);
        assert_eq!(self.bytes, bytes);
    }

    /// Everything, in a replica.
    fn replica(&self, world: &World) -> Replica<Memory> {
        let mut replica = world.replica();
        for run in self.hand.entries.chunks(RUN_ENTRIES_MAX) {
            assert_eq!(replica.ingest(self.hand.log, run.to_vec()).unwrap().refused, None);
        }
        replica
    }
}

fn payload(hand: &Hand) -> Vec<u8> {
    match &hand.entries.last().unwrap().payload {
        crate::log::Payload::Held { bytes, .. } => bytes.clone(),
        crate::log::Payload::Erased => panic!("nothing is erased here"),
    }
}

/// Writes one more change to the document, as another run of the same node.
fn edit(world: &mut World, replica: &mut Replica<Memory>, document: DocumentId) -> Result<(), ReplicaError> {
    let key = world.key(0);
    if replica.own_log().is_none() {
        replica.open_log(&key, &mut world.rng)?;
    }
    let text = format!("Verder na {}", replica.document(document)?.unwrap().changes);
    let record = &record(gemeente(0), &text);
    let write = Write::Edit { document, record };
    replica
        .write(&key, &mut world.rng, write)
        .map(|entry| assert!(entry.is_some()))
}

#[test]
fn a_document_of_too_many_changes_is_not_opened_and_not_made() {
    let mut world = World::new(1, 1);
    let mut growing = Growing::new(&mut world);
    growing.by_changes(CHANGES_MAX - 2);
    let document = growing.document;
    let mut replica = growing.replica(&world);
    assert_eq!(replica.changes(document).unwrap().len() as u64, CHANGES_MAX - 1);
    edit(&mut world, &mut replica, document).unwrap();
    assert_eq!(replica.changes(document).unwrap().len() as u64, CHANGES_MAX);
    let before = replica.digest();
    let refused = edit(&mut world, &mut replica, document);
    assert!(matches!(refused, Err(ReplicaError::TooManyChanges { found, .. }) if found == CHANGES_MAX + 1));
    assert_eq!(replica.digest(), before, "nothing was written");
    growing.by_changes(2);
    let replica = growing.replica(&world);
    let found = replica.document(document).unwrap().unwrap().changes;
    assert_eq!(found, CHANGES_MAX + 1, "what others wrote counts");
    assert!(
        matches!(replica.changes(document), Err(ReplicaError::TooManyChanges { found, .. }) if found == CHANGES_MAX + 1)
    );
}

#[test]
fn a_document_of_too_many_bytes_is_not_opened_and_not_made() {
    let mut world = World::new(2, 1);
    for (bytes, opens) in [
        (CHANGES_BYTES_MAX - 1, true),
        (CHANGES_BYTES_MAX, true),
        (CHANGES_BYTES_MAX + 1, false),
    ] {
        let mut growing = Growing::new(&mut world);
        growing.by_bytes_to(bytes);
        let mut replica = growing.replica(&world);
        let changes = replica.changes(growing.document);
        match changes {
            Ok(changes) => assert!(opens && changes.iter().map(Vec::len).sum::<usize>() as u64 == bytes),
            Err(ReplicaError::TooManyBytes { found, .. }) => assert!(!opens && found == bytes),
            Err(error) => panic!("{error}"),
        }
        let refused = edit(&mut world, &mut replica, growing.document);
        assert!(matches!(refused, Err(ReplicaError::TooManyBytes { .. })), "{refused:?}");
    }
    let mut growing = Growing::new(&mut world);
    growing.by_bytes_to(CHANGES_BYTES_MAX - 2_000);
    let mut replica = growing.replica(&world);
    let mut written = 0;
    let refused = loop {
        match edit(&mut world, &mut replica, growing.document) {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(
        written > 1 && matches!(refused, ReplicaError::TooManyBytes { .. }),
        "{written}: {refused}"
    );
    let held = replica.changes(growing.document).unwrap();
    assert!(held.iter().map(Vec::len).sum::<usize>() as u64 <= CHANGES_BYTES_MAX);
}
