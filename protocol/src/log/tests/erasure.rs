//! What is withdrawn is gone, on every replica alike, and its log goes on.

use super::world::{Hand, World, gemeente};
use crate::charter::{Body, Statement, Withdrawal};
use crate::document;
use crate::entropy::Seeded;
use crate::id::{DocumentId, LogId};
use crate::log::tables::Place;
use crate::log::{Entry, Payload, Reason, Refusal, Replica, Versions};
use crate::store::{Memory, Store};

const VERSIONS: Versions = Versions {
    view: 1,
    words: 1,
    rules: 1,
};

/// The withdrawal of the document that this entry of a gemeente founded.
fn withdraw(world: &World, at: usize, hand: &Hand, seq: u64) -> Statement {
    let withdrawal = Withdrawal {
        number: seq,
        log: hand.log,
        seq,
        kind: hand.next.kind,
        owner: gemeente(at),
    };
    world.by_root(at, Body::Withdraw(withdrawal))
}

fn heights(replica: &Replica<Memory>, log: LogId) -> (u64, u64) {
    replica.log(log).map_or((0, 0), |state| (state.held, state.effective))
}

fn without_payload(mut entry: Entry) -> Entry {
    entry.payload = Payload::Erased;
    entry
}

/// A document, its edit, and another document.
fn written(world: &mut World) -> (Hand, [DocumentId; 2]) {
    let mut hand = world.hand(0);
    let gone = hand.found(gemeente(0), "to be withdrawn");
    let Payload::Held { bytes, .. } = hand.entries[1].payload.clone() else {
        panic!("just written");
    };
    hand.edit(gemeente(0), gone, &[bytes], "edited");
    let stays = hand.found(gemeente(0), "stays");
    (hand, [gone, stays])
}

/// That nothing of a document is left here, and that everything else is.
fn is_gone(replica: &mut Replica<Memory>, hand: &Hand, [gone, stays]: [DocumentId; 2]) {
    assert_eq!(heights(replica, hand.log), (4, 4));
    assert_eq!(replica.document(gone).unwrap(), None);
    assert!(replica.changes(gone).unwrap().is_empty());
    assert_eq!(replica.changes(stays).unwrap().len(), 1);
    for seq in 1..3 {
        let place = Place { number: 0, seq };
        assert_eq!(replica.store().get_sealed(gone, &place.key()).unwrap(), None);
    }
    let passed_on = replica.entries(hand.log, 0, usize::MAX).unwrap();
    let erased: Vec<bool> = passed_on.iter().map(|entry| entry.payload == Payload::Erased).collect();
    assert_eq!(erased, [false, true, true, false]);
    assert!(!replica.mend(&hand.entries[1]).unwrap(), "a payload of it comes back");
}

#[test]
fn what_is_withdrawn_is_gone_before_during_and_after_its_arrival() {
    let mut world = World::new(90, 2);
    let (hand, documents) = written(&mut world);
    let statement = withdraw(&world, 0, &hand, 1);
    let mut states = Vec::new();
    for early in 0..=hand.entries.len() {
        let mut replica = world.replica();
        replica.ingest(hand.log, hand.entries[..early].to_vec()).unwrap();
        let seen = replica.marked(0, 9).unwrap();
        replica.unmark(&seen).unwrap();
        assert_eq!(replica.add_statements(vec![statement.clone()]).unwrap(), 1);
        // Also where nothing of it arrived: what links to it says that it was withdrawn, in a view that is made anew too.
        for _ in 0..2 {
            let marked = replica.marked(0, 9).unwrap();
            assert!(marked.iter().any(|mark| mark.document == documents[0]), "{early}");
            replica.unmark(&marked).unwrap();
            replica.mark_all().unwrap();
        }
        replica.ingest(hand.log, hand.entries.clone()).unwrap();
        is_gone(&mut replica, &hand, documents);
        states.push((
            replica.digest(),
            replica.snapshot(&VERSIONS, "2026-W10".parse().unwrap()),
        ));
        let mut reopened = Replica::open(replica.store().clone()).unwrap();
        is_gone(&mut reopened, &hand, documents);
        // Who joins late hears of it with the headers.
        let mut late = world.replica();
        late.add_statements(vec![statement.clone()]).unwrap();
        let passed_on = replica.entries(hand.log, 0, usize::MAX).unwrap();
        assert_eq!(late.ingest(hand.log, passed_on).unwrap().accepted, 4);
        is_gone(&mut late, &hand, documents);
        assert_eq!(late.digest(), replica.digest());
    }
    assert!(states.windows(2).all(|pair| pair[0] == pair[1]), "{states:?}");
}

#[test]
fn a_payload_may_be_missing_only_where_a_withdrawal_says_so() {
    let mut world = World::new(91, 2);
    let (hand, _) = written(&mut world);
    let erased: Vec<Entry> = hand.entries.iter().cloned().map(without_payload).collect();
    let run = [vec![hand.entries[0].clone()], erased[1..].to_vec()].concat();
    let mut replica = world.replica();
    let ingested = replica.ingest(hand.log, run.clone()).unwrap();
    let missing = |seq| {
        Some(Refusal {
            seq,
            why: Reason::PayloadMissing,
        })
    };
    assert_eq!((ingested.accepted, ingested.refused), (1, missing(1)));
    replica.add_statements(vec![withdraw(&world, 0, &hand, 1)]).unwrap();
    let ingested = replica.ingest(hand.log, run).unwrap();
    assert_eq!(
        (ingested.accepted, ingested.refused),
        (2, missing(3)),
        "the other document's"
    );
}

#[test]
fn a_log_that_stood_still_at_what_is_withdrawn_goes_on() {
    let mut world = World::new(92, 2);
    let (mut held, mut at_border) = (world.hand(0), world.hand(0));
    // One breaks a rule that only the effective set can check: it builds on a change that founds another document.
    let other = held.found(gemeente(0), "other");
    let gone = held.found(gemeente(0), "to be withdrawn");
    let skipping = held.clone();
    let changes = |entry: &Entry| match &entry.payload {
        Payload::Held { bytes, .. } => bytes.clone(),
        Payload::Erased => Vec::new(),
    };
    held.edit(gemeente(0), gone, &[changes(&skipping.entries[2])], "one");
    held.next.kind += 1;
    held.edit(
        gemeente(0),
        gone,
        &[changes(&skipping.entries[2]), changes(&held.entries[3])],
        "of another kind",
    );
    held.next.kind -= 1;
    held.found(gemeente(0), "behind it");
    // The other is no change at all.
    let unread = at_border.found(gemeente(0), "unread");
    at_border.next.document = unread;
    at_border.push(vec![1, 2, 3]);
    at_border.found(gemeente(0), "behind it");
    let mut replica = world.replica();
    replica.ingest(held.log, held.entries.clone()).unwrap();
    replica.ingest(at_border.log, at_border.entries.clone()).unwrap();
    assert_eq!(heights(&replica, held.log), (6, 4), "cut at the other kind");
    assert_eq!(heights(&replica, at_border.log), (2, 2));
    let statements = vec![withdraw(&world, 0, &held, 2), withdraw(&world, 0, &at_border, 1)];
    replica.add_statements(statements.clone()).unwrap();
    replica.ingest(at_border.log, at_border.entries.clone()).unwrap();
    assert_eq!(heights(&replica, at_border.log), (4, 4));
    // A header still says which kind it speaks of, and that nobody has to erase.
    assert_eq!(heights(&replica, held.log), (6, 4));
    assert_eq!(replica.changes(other).unwrap().len(), 1);
    let mut late = world.replica();
    late.add_statements(statements).unwrap();
    late.ingest(at_border.log, at_border.entries.clone()).unwrap();
    late.ingest(held.log, held.entries.clone()).unwrap();
    assert_eq!(late.state(), replica.state());
}

#[test]
fn a_history_that_skips_is_forgiven_once_its_document_is_withdrawn() {
    let mut world = World::new(93, 2);
    let mut hand = world.hand(0);
    let gone = hand.found(gemeente(0), "to be withdrawn");
    let Payload::Held { bytes: founding, .. } = hand.entries[1].payload.clone() else {
        panic!("just written");
    };
    hand.edit(gemeente(0), gone, std::slice::from_ref(&founding), "one");
    // Built on the founding change only: it passes over this log's own previous change.
    hand.edit(gemeente(0), gone, &[founding], "two");
    hand.found(gemeente(0), "behind it");
    let statement = withdraw(&world, 0, &hand, 1);
    let mut replica = world.replica();
    replica.ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!(heights(&replica, hand.log), (5, 3), "cut");
    replica.add_statements(vec![statement.clone()]).unwrap();
    assert_eq!(heights(&replica, hand.log), (5, 5));
    let mut late = world.replica();
    late.add_statements(vec![statement]).unwrap();
    late.ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!((late.state(), late.digest()), (replica.state(), replica.digest()));
    let reopened = Replica::open(replica.store().clone()).unwrap();
    assert!(reopened.logs().eq(replica.logs()));
}

#[test]
fn another_gemeentes_hand_in_a_withdrawn_document_is_still_refused() {
    let mut world = World::new(94, 2);
    let (hand, [gone, _]) = written(&mut world);
    let mut intruder = world.hand(1);
    intruder.next.document = gone;
    let actor = document::actor(intruder.log, gone);
    let payload = document::found(actor, &super::world::record(gemeente(1), "mine now")).unwrap();
    intruder.push(payload);
    let mut replica = world.replica();
    replica.add_statements(vec![withdraw(&world, 0, &hand, 1)]).unwrap();
    replica.ingest(intruder.log, intruder.entries.clone()).unwrap();
    assert_eq!(heights(&replica, intruder.log), (2, 1));
    assert_eq!(replica.refusals().of(Reason::OtherGemeente), 1);
}

#[test]
fn any_order_of_entries_and_withdrawals_ends_the_same() {
    for seed in 0..60 {
        let mut world = World::new(seed, 2);
        let (hand, _) = written(&mut world);
        let (other, _) = written(&mut world);
        let statements = [withdraw(&world, 0, &hand, 1), withdraw(&world, 0, &other, 3)];
        let states: Vec<_> = (0..4)
            .map(|order| {
                let mut replica = world.replica();
                play(&mut replica, &[&hand, &other], &statements, seed * 10 + order);
                (replica.state(), replica.digest())
            })
            .collect();
        assert!(
            states.windows(2).all(|pair| pair[0] == pair[1]),
            "seed {seed}: {states:?}"
        );
    }
}

/// Entries a few at a time, from a log at random, and statements in between.
fn play(replica: &mut Replica<Memory>, hands: &[&Hand], statements: &[Statement], seed: u64) {
    let mut rng = Seeded::new(seed);
    let mut statements = statements.to_vec();
    rng.shuffle(&mut statements);
    let mut next = vec![0; hands.len()];
    while !statements.is_empty() || next.iter().zip(hands).any(|(next, hand)| *next < hand.entries.len()) {
        let at = rng.below(hands.len() as u64 + 1) as usize;
        if at == hands.len() {
            replica.add_statements(statements.pop().into_iter().collect()).unwrap();
            continue;
        }
        let (from, of) = (next[at], hands[at].entries.len());
        next[at] = of.min(from + 1 + rng.below(3) as usize);
        replica
            .ingest(hands[at].log, hands[at].entries[from..next[at]].to_vec())
            .unwrap();
    }
}
