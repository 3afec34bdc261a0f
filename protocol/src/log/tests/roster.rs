//! When the roster moves, what counts moves with it, to where it would have been from the start.

use super::world::{Hand, World, gemeente, node_of};
use crate::charter::{Body, Cut, Ending};
use crate::id::{DocumentId, HeaderHash};
use crate::log::{Payload, Replica, ReplicaError, Versions};
use crate::store::Memory;

const VERSIONS: Versions = Versions {
    view: 1,
    words: 1,
    rules: 1,
};

fn changes(hand: &Hand) -> Vec<Vec<u8>> {
    let held = hand.entries[1..].iter().map(|entry| match &entry.payload {
        Payload::Held { bytes, .. } => bytes.clone(),
        Payload::Erased => Vec::new(),
    });
    held.collect()
}

/// A node founds a document; a further node of the same gemeente edits it; the first edits once more. Then the further
/// node founds one of its own.
fn written(world: &mut World) -> (Hand, Hand, [DocumentId; 2]) {
    let (key, statement) = world.further_node(0);
    world.statements.push(statement);
    let mut first = world.hand(0);
    let mut further = Hand::new(world.federation, key, &mut world.rng);
    let shared = first.found(gemeente(0), "first");
    further.edit(gemeente(0), shared, &changes(&first), "by the further node");
    let both = [changes(&first), changes(&further)].concat();
    first.edit(gemeente(0), shared, &both, "first again");
    let own = further.found(gemeente(0), "of the further node");
    (first, further, [shared, own])
}

fn ending(world: &World, hand: &Hand, seq: u64) -> crate::charter::Statement {
    let cuts = (seq > 0).then_some(Cut {
        log: hand.log,
        seq,
        head: HeaderHash([0; 32]),
    });
    let node = node_of(&hand.key);
    world.by_root(
        0,
        Body::NodeKeyEnd(Ending {
            node,
            cuts: cuts.into_iter().collect(),
        }),
    )
}

fn heights(replica: &Replica<Memory>, hands: [&Hand; 2]) -> [(u64, u64); 2] {
    hands.map(|hand| {
        replica
            .log(hand.log)
            .map_or((0, 0), |state| (state.held, state.effective))
    })
}

#[test]
fn an_ended_key_takes_back_what_lies_beyond_the_cut_and_what_depends_on_it() {
    for (seq, effective, shared_changes, own) in [
        (3, [3, 3], 3, true),
        (2, [3, 2], 3, false),
        (1, [2, 1], 1, false),
        (0, [2, 0], 1, false),
    ] {
        let mut world = World::new(50, 2);
        let (first, further, [shared, founded]) = written(&mut world);
        let mut replica = world.replica();
        replica.ingest(first.log, first.entries.clone()).unwrap();
        replica.ingest(further.log, further.entries.clone()).unwrap();
        assert_eq!(replica.changes(shared).unwrap().len(), 3);
        let seen = replica.marked(0, 9).unwrap();
        replica.unmark(&seen).unwrap();
        let statement = ending(&world, &further, seq);
        replica.add_statements(vec![statement.clone()]).unwrap();
        let [a, b] = heights(&replica, [&first, &further]);
        assert_eq!(([a.0, b.0], [a.1, b.1]), ([3, 3], effective), "cut at {seq}");
        assert_eq!(replica.changes(shared).unwrap().len(), shared_changes, "cut at {seq}");
        assert_eq!(replica.document(founded).unwrap().is_some(), own, "cut at {seq}");
        let marked: Vec<DocumentId> = replica.marked(0, 9).unwrap().iter().map(|mark| mark.document).collect();
        assert!(
            seq == 3 || (marked.contains(&shared) && marked.contains(&founded)),
            "cut at {seq}"
        );
        world.statements.push(statement);
        let mut later = world.replica();
        later.ingest(further.log, further.entries.clone()).unwrap();
        later.ingest(first.log, first.entries.clone()).unwrap();
        let week = "2026-W10".parse().unwrap();
        assert_eq!(later.digest(), replica.digest());
        assert_eq!(later.snapshot(&VERSIONS, week), replica.snapshot(&VERSIONS, week));
        assert_eq!(later.changes(shared).unwrap(), replica.changes(shared).unwrap());
        let reopened = Replica::open(replica.store().clone()).unwrap();
        assert!(reopened.logs().eq(replica.logs()), "cut at {seq}");
    }
}

#[test]
fn a_new_node_key_lets_its_log_in() {
    let mut world = World::new(51, 2);
    let (first, further, [shared, _]) = written(&mut world);
    let statement = world.statements.pop().unwrap();
    let mut replica = world.replica();
    replica.ingest(first.log, first.entries.clone()).unwrap();
    assert_eq!(
        replica.ingest(further.log, further.entries.clone()).unwrap().accepted,
        0
    );
    assert_eq!(heights(&replica, [&first, &further]), [(3, 2), (0, 0)]);
    replica.add_statements(vec![statement]).unwrap();
    replica.ingest(further.log, further.entries.clone()).unwrap();
    assert_eq!(heights(&replica, [&first, &further]), [(3, 3), (3, 3)]);
    assert_eq!(replica.changes(shared).unwrap().len(), 3);
}

#[test]
fn a_key_that_two_members_claim_speaks_for_neither() {
    let mut world = World::new(52, 2);
    let (first, further, [shared, _]) = written(&mut world);
    let mut replica = world.replica();
    replica.ingest(first.log, first.entries.clone()).unwrap();
    replica.ingest(further.log, further.entries.clone()).unwrap();
    let claim = world.claim(1, &further.key);
    replica.add_statements(vec![claim.clone()]).unwrap();
    assert_eq!(heights(&replica, [&first, &further]), [(3, 2), (3, 0)]);
    assert_eq!(replica.changes(shared).unwrap().len(), 1);
    world.statements.push(claim);
    let mut later = world.replica();
    assert_eq!(later.ingest(further.log, further.entries.clone()).unwrap().accepted, 0);
    later.ingest(first.log, first.entries.clone()).unwrap();
    assert_eq!(
        later.digest(),
        replica.digest(),
        "what nobody takes any more is in no digest"
    );
}

#[test]
fn the_snapshot_follows_what_counts_and_what_is_asked() {
    let mut world = World::new(53, 2);
    let (first, further, _) = written(&mut world);
    let mut replica = world.replica();
    let week = "2026-W10".parse().unwrap();
    let mut seen = vec![replica.snapshot(&VERSIONS, week)];
    replica.ingest(first.log, first.entries[..2].to_vec()).unwrap();
    seen.push(replica.snapshot(&VERSIONS, week));
    replica.ingest(first.log, first.entries.clone()).unwrap();
    assert_eq!(
        seen[1],
        replica.snapshot(&VERSIONS, week),
        "an entry that waits does not count"
    );
    replica.ingest(further.log, further.entries.clone()).unwrap();
    seen.push(replica.snapshot(&VERSIONS, week));
    seen.push(replica.snapshot(&VERSIONS, "2026-W11".parse().unwrap()));
    seen.push(replica.snapshot(&Versions { words: 2, ..VERSIONS }, week));
    replica.add_statements(vec![ending(&world, &further, 3)]).unwrap();
    seen.push(replica.snapshot(&VERSIONS, week));
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
}

#[test]
fn a_proposal_may_be_replaced_until_it_is_signed() {
    let (proposed, again) = (World::new(61, 2), World::new(62, 2));
    let me = node_of(&again.key(0));
    let mut replica = Replica::open(Memory::default()).unwrap();
    replica.leave(me).unwrap();
    replica.join(proposed.federation).unwrap();
    replica.add_statements(proposed.statements[..2].to_vec()).unwrap();
    replica.leave(me).unwrap();
    replica.join(again.federation).unwrap();
    replica.add_statements(again.statements[..2].to_vec()).unwrap();
    let reopened = Replica::open(replica.store().clone()).unwrap();
    assert_eq!(reopened.federation(), Some(again.federation));
    assert!(reopened.statements().ids().eq(replica.statements().ids()));
    assert_eq!(reopened.statements().ids().count(), 2);
    assert_eq!(reopened.digest(), replica.digest());
    replica.add_statements(again.statements.clone()).unwrap();
    let refused = replica.leave(me);
    assert!(matches!(refused, Err(ReplicaError::OtherFederation { held }) if held == again.federation));
    assert_eq!(replica.federation(), Some(again.federation));
}
