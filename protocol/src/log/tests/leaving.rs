//! A replica leaves a federation that its node does not belong to, whole, and whatever crash comes in between.

use std::collections::BTreeSet;

use super::faults::Failing;
use super::world::{Hand, World, gemeente, node_of};
use crate::id::{DocumentId, NodeKey};
use crate::log::{Replica, ReplicaError};
use crate::store::{Batch, Memory, Space, Store};

const STRANGER: NodeKey = NodeKey([7; 32]);
const OF_A_FEDERATION: [Space; 5] = [
    Space::Logs,
    Space::Headers,
    Space::Documents,
    Space::Changes,
    Space::Statements,
];

/// A federation with logs of two members in it, and the documents in them.
fn lived_in(seed: u64) -> (World, [Hand; 2], Vec<DocumentId>) {
    let mut world = World::new(seed, 2);
    let hands = [0, 1].map(|at| {
        let mut hand = world.hand(at);
        let document = hand.found(gemeente(at), "first");
        let crate::log::Payload::Held { bytes, .. } = hand.entries[1].payload.clone() else {
            panic!("held");
        };
        hand.edit(gemeente(at), document, &[bytes], "second");
        hand
    });
    let documents = hands.iter().map(|hand| hand.next.document).collect();
    (world, hands, documents)
}

fn fill<S: Store>(store: S, world: &World, hands: &[Hand]) -> Replica<S> {
    let mut replica = Replica::open(store).unwrap();
    replica.join(world.federation).unwrap();
    replica.add_statements(world.statements.clone()).unwrap();
    for hand in hands {
        assert_eq!(replica.ingest(hand.log, hand.entries.clone()).unwrap().refused, None);
    }
    replica
}

/// That nothing of a federation is in the store, and that a view is told so.
fn check_empty<S: Store>(replica: &Replica<S>, hands: &[Hand], documents: &[DocumentId]) {
    for space in OF_A_FEDERATION {
        let rows = replica.store().scan(space, b"", b"", 9).unwrap();
        assert!(rows.is_empty(), "{space:?}");
    }
    for (number, (hand, document)) in hands.iter().zip(documents).enumerate() {
        for seq in 0..hand.entries.len() as u64 {
            let key = [&(number as u32).to_be_bytes()[..], &seq.to_be_bytes()].concat();
            assert_eq!(replica.store().get_sealed(*document, &key).unwrap(), None);
        }
        assert_eq!(replica.document(*document).unwrap(), None);
    }
    let marked = replica.marked(0, 99).unwrap();
    let marked: BTreeSet<DocumentId> = marked.iter().map(|mark| mark.document).collect();
    assert!(documents.iter().all(|document| marked.contains(document)));
    assert_eq!((replica.logs().count(), replica.statements().len()), (0, 0));
    assert!(!replica.roster().is_active());
}

#[test]
fn who_is_listed_or_wrote_is_bound_and_nobody_else() {
    let (world, hands, _) = lived_in(70);
    let me = node_of(&hands[0].key);
    let mut replica = fill(Memory::default(), &world, &hands);
    assert!(replica.is_bound(me) && !replica.is_bound(STRANGER));
    let refused = replica.leave(me);
    assert!(matches!(refused, Err(ReplicaError::OtherFederation { held }) if held == world.federation));
    let mut listed = fill(Memory::default(), &world, &[]);
    assert!(listed.is_bound(me), "before it wrote anything");
    assert!(listed.leave(me).is_err());

    let mut store = replica.store().clone();
    let mut batch = Batch::default();
    for (key, _) in store.scan(Space::Statements, b"", b"", 99).unwrap() {
        batch.delete(Space::Statements, key);
    }
    store.commit(batch).unwrap();
    let replica = Replica::open(store).unwrap();
    assert!(!replica.roster().is_active());
    assert!(replica.is_bound(me), "it wrote, whoever is listed");
    assert!(!replica.is_bound(STRANGER));
}

#[test]
fn another_federation_is_joined_only_after_the_first_was_left() {
    let (world, hands, documents) = lived_in(71);
    let (other, others, _) = lived_in(72);
    let mut replica = fill(Memory::default(), &world, &hands);
    let (before, state) = (replica.digest(), replica.state());
    let refused = replica.join(other.federation);
    assert!(matches!(refused, Err(ReplicaError::OtherFederation { held }) if held == world.federation));
    let shown = replica.marked(0, 99).unwrap();
    replica.unmark(&shown).unwrap();

    replica.leave(STRANGER).unwrap();
    assert_eq!(replica.federation(), None);
    check_empty(&replica, &hands, &documents);
    assert_ne!(replica.state(), state);
    let newest = replica.marked(0, 99).unwrap();
    assert!(
        newest
            .iter()
            .all(|mark| shown.iter().all(|old| old.version < mark.version))
    );
    let store = replica.store().clone();
    drop(replica);

    let replica = fill(store, &other, &others);
    assert_eq!(replica.digest(), fill(Memory::default(), &other, &others).digest());
    let mut reopened = Replica::open(replica.store().clone()).unwrap();
    assert_eq!(reopened.digest(), replica.digest());
    // What was left may be joined again, when that was the wrong thing to do.
    reopened.leave(STRANGER).unwrap();
    let again = fill(reopened.store().clone(), &world, &hands);
    assert_eq!((again.digest(), again.state()), (before, state));
    for document in documents {
        assert_eq!(again.changes(document).unwrap().len(), 2);
    }
}

#[test]
fn leaving_goes_on_after_a_crash_and_after_a_failure_at_every_commit() {
    let (world, hands, documents) = lived_in(73);
    let (other, others, _) = lived_in(74);
    let whole = fill(Memory::default(), &world, &hands);
    let wanted = fill(Memory::default(), &other, &others).digest();
    let mut failed = 0;
    for commits in 0.. {
        let mut replica = Replica::open(Failing::after(whole.store().clone(), commits)).unwrap();
        if replica.leave(STRANGER).is_ok() {
            break;
        }
        failed += 1;
        let mut crashed = Replica::open(replica.store().clone()).unwrap();
        if commits == 0 {
            assert!(
                [replica.digest(), crashed.digest()]
                    .iter()
                    .all(|one| *one == whole.digest())
            );
            crashed.leave(STRANGER).unwrap();
            replica.leave(STRANGER).unwrap();
        }
        assert_eq!((replica.federation(), crashed.federation()), (None, None));
        check_empty(&crashed, &hands, &documents);
        assert!(matches!(
            replica.add_statements(world.statements.clone()),
            Err(ReplicaError::NoFederation)
        ));
        replica.join(other.federation).unwrap();
        check_empty(&replica, &hands, &documents);
        for store in [replica.store(), crashed.store()] {
            assert_eq!(
                fill(store.clone(), &other, &others).digest(),
                wanted,
                "commit {commits}"
            );
        }
    }
    assert_eq!(failed, 7, "the mark, five spaces, and the end");
}
