//! What waits, what is cut, and what is found again after a restart.

use super::world::{Hand, World, all, gemeente, node_of, record};
use crate::document;
use crate::id::{DocumentId, LogId};
use crate::log::tables;
use crate::log::{Class, Opening, Payload, Reason, Refusal, Replica, ReplicaError, Waiting, Write};
use crate::store::{Batch, Memory, Op, Space, Store};

/// A document of gemeente 0 in one log, edited in another log of that gemeente.
fn two_logs(world: &mut World) -> (Hand, Hand, DocumentId) {
    let (mut first, mut second) = (world.hand(0), world.hand(0));
    let document = first.found(gemeente(0), "first");
    let founding = payloads(&first, document);
    second.edit(gemeente(0), document, &founding, "second");
    let both = [founding, payloads(&second, document)].concat();
    first.edit(gemeente(0), document, &both, "third");
    (first, second, document)
}

fn payloads(hand: &Hand, document: DocumentId) -> Vec<Vec<u8>> {
    let of = hand
        .entries
        .iter()
        .filter(|entry| entry.signed.header().document == document);
    of.filter_map(|entry| match &entry.payload {
        Payload::Held { bytes, .. } => Some(bytes.clone()),
        Payload::Erased => None,
    })
    .collect()
}

#[test]
fn an_entry_waits_for_its_document_and_then_for_a_change_it_depends_on() {
    let mut world = World::new(20, 2);
    let (first, second, document) = two_logs(&mut world);
    let mut replica = world.replica();
    replica.ingest(second.log, second.entries.clone()).unwrap();
    let waiting = replica.log(second.log).unwrap();
    assert_eq!(waiting.waiting, Some(Waiting::Document(document)));
    assert_eq!((waiting.held, waiting.effective), (2, 1));
    assert_eq!(replica.document(document).unwrap(), None);
    replica = Replica::open(replica.store().clone()).unwrap();
    replica.ingest(first.log, first.entries.clone()).unwrap();
    assert_eq!(
        replica.changes(document).unwrap().len(),
        3,
        "both logs went on, one after the other"
    );
    let mut replica = world.replica();
    replica.ingest(first.log, first.entries.clone()).unwrap();
    let change = document::validate(&payloads(&second, document)[0]).unwrap().hash;
    let waiting = replica.log(first.log).unwrap();
    assert_eq!(waiting.waiting, Some(Waiting::Change(document, change)));
    assert_eq!((waiting.held, waiting.effective), (3, 2));
    replica.ingest(second.log, second.entries).unwrap();
    assert_eq!(replica.log(first.log).unwrap().waiting, None);
    assert_eq!(replica.changes(document).unwrap().len(), 3);
}

/// Gives the replica a log that must be cut at a position, with everything held.
fn expect_cut(replica: &mut Replica<Memory>, hand: &Hand, seq: u64, why: Reason) {
    let ingested = replica.ingest(hand.log, hand.entries.clone()).unwrap();
    let cut = Some(Refusal { seq, why });
    assert_eq!((ingested.accepted, ingested.refused), (hand.entries.len() as u64, cut));
    let state = replica.log(hand.log).unwrap();
    assert_eq!((state.effective, state.cut), (seq, cut));
    assert_eq!(replica.refusals().of(why), 1);
    let reopened = Replica::open(replica.store().clone()).unwrap();
    assert_eq!(reopened.log(hand.log).unwrap(), state);
}

#[test]
fn another_gemeentes_document_cuts_the_log() {
    let mut world = World::new(21, 2);
    let (mut first, mut second) = (world.hand(0), world.hand(1));
    let theirs = first.found(gemeente(0), "theirs");
    second.edit(gemeente(1), theirs, &payloads(&first, theirs), "mine now");
    let after = second.found(gemeente(1), "after");
    let mut replica = world.replica();
    replica.ingest(first.log, first.entries.clone()).unwrap();
    expect_cut(&mut replica, &second, 1, Reason::OtherGemeente);
    assert_eq!(replica.document(after).unwrap(), None);
    assert_eq!(replica.changes(theirs).unwrap().len(), 1);
}

#[test]
fn a_change_of_another_kind_cuts_the_log() {
    let mut world = World::new(22, 2);
    let mut hand = world.hand(0);
    let document = hand.found(gemeente(0), "a signal");
    hand.next.kind = 2;
    hand.edit(gemeente(0), document, &payloads(&hand, document), "a signal no more");
    expect_cut(&mut world.replica(), &hand, 2, Reason::Kind);
}

#[test]
fn a_change_that_passes_over_the_logs_own_previous_one_cuts_it() {
    let mut world = World::new(23, 2);
    let (mut first, mut second) = (world.hand(0), world.hand(0));
    let document = first.found(gemeente(0), "first");
    let founding = payloads(&first, document);
    second.edit(gemeente(0), document, &founding, "once");
    second.edit(gemeente(0), document, &founding, "once, again");
    let mut replica = world.replica();
    replica.ingest(first.log, first.entries.clone()).unwrap();
    expect_cut(&mut replica, &second, 2, Reason::History);
}

#[test]
fn a_reading_members_log_carries_statements_only() {
    let mut world = World::new(24, 2);
    let mut hand = world.hand(2);
    hand.found(gemeente(2), "only reading");
    expect_cut(&mut world.replica(), &hand, 1, Reason::ReadingMember);
}

#[test]
fn own_writing_counts_at_once_and_can_be_edited() {
    let mut world = World::new(25, 2);
    let (mut replica, log) = world.writer(0);
    let document = world.found(0, &mut replica, "first");
    world.edit(0, &mut replica, document, "second");
    let state = replica.log(log).unwrap();
    assert_eq!((state.held, state.effective), (3, 3));
    assert_eq!(replica.document(document).unwrap().unwrap().changes, 2);
    let same = record(gemeente(0), "second");
    let write = Write::Edit {
        document,
        record: &same,
    };
    assert_eq!(replica.write(&world.key(0), &mut world.rng, write).unwrap(), None);
    let contents = document::read(&replica.changes(document).unwrap()).unwrap();
    assert_eq!(contents.fields, *same.fields());
}

#[test]
fn what_may_not_be_written_is_not() {
    let mut world = World::new(26, 2);
    let (mut other, log) = world.writer(1);
    let theirs = world.found(1, &mut other, "theirs");
    let (mut replica, _) = world.writer(0);
    replica.ingest(log, all(&other, log)).unwrap();
    let (key, before) = (world.key(0), replica.digest());
    let (mine, not_mine) = (record(gemeente(0), "mine"), record(gemeente(1), "not mine"));
    let mut write = |key, write| replica.write(key, &mut world.rng, write).unwrap_err();
    let edit = Write::Edit {
        document: theirs,
        record: &mine,
    };
    assert!(matches!(write(&key, edit), ReplicaError::OtherGemeente { .. }));
    let found = Write::Found { record: &not_mine };
    assert!(matches!(write(&key, found), ReplicaError::OtherGemeente { .. }));
    let document = DocumentId([5; 32]);
    let edit = Write::Edit {
        document,
        record: &mine,
    };
    assert!(matches!(write(&key, edit), ReplicaError::UnknownDocument { .. }));
    assert_eq!(replica.digest(), before);
    let (stranger, found) = (world.key(1), Write::Found { record: &mine });
    let refused = replica.write(&stranger, &mut world.rng, found);
    assert!(matches!(refused, Err(ReplicaError::NoLog)));
    assert!(matches!(
        replica.open_log(&key, &mut world.rng),
        Err(ReplicaError::LogOpen)
    ));
}

#[test]
fn nobody_writes_before_the_federation_is_founded() {
    let mut world = World::new(27, 2);
    let mut replica = Replica::open(Memory::default()).unwrap();
    let (key, rng) = (world.key(0), &mut world.rng);
    assert!(matches!(replica.open_log(&key, rng), Err(ReplicaError::NoFederation)));
    replica.join(world.federation).unwrap();
    assert!(matches!(
        replica.open_log(&key, rng),
        Err(ReplicaError::NotMember { .. })
    ));
    replica.add_statements(world.statements[..2].to_vec()).unwrap();
    assert!(matches!(
        replica.open_log(&key, rng),
        Err(ReplicaError::NotMember { .. })
    ));
    replica.add_statements(world.statements.clone()).unwrap();
    replica.open_log(&key, rng).unwrap();
}

#[test]
fn a_restart_writes_a_new_log_that_names_the_heads_of_the_earlier_ones() {
    let mut world = World::new(28, 2);
    let (mut replica, first) = world.writer(0);
    let document = world.found(0, &mut replica, "first run");
    let mut runs = vec![first];
    for run in 1..4 {
        let earlier = replica.log(runs[run - 1]).unwrap().clone();
        replica = Replica::open(replica.store().clone()).unwrap();
        let key = world.key(0);
        assert!(matches!(
            replica.write(
                &key,
                &mut world.rng,
                Write::Found {
                    record: &record(gemeente(0), "no log")
                }
            ),
            Err(ReplicaError::NoLog)
        ));
        let entry = replica.open_log(&key, &mut world.rng).unwrap();
        let Payload::Held { bytes, .. } = &entry.payload else {
            panic!("an opening has its payload");
        };
        let opening = Opening::decode(bytes).unwrap();
        let named: Vec<_> = opening
            .earlier()
            .iter()
            .map(|log| (log.incarnation, log.held, log.head))
            .collect();
        assert_eq!(named, [(earlier.incarnation, earlier.held, earlier.head)], "run {run}");
        runs.push(replica.own_log().unwrap());
        world.edit(0, &mut replica, document, &format!("run {run}"));
    }
    runs.sort();
    runs.dedup();
    assert_eq!(runs.len(), 4, "no log is written twice");
    assert_eq!(replica.changes(document).unwrap().len(), 4);
    assert_eq!(replica.logs_of(node_of(&world.key(0))).count(), 4);
}

#[test]
fn a_reopened_replica_is_the_same() {
    let mut world = World::new(29, 2);
    let (first, second, document) = two_logs(&mut world);
    let mut replica = world.replica();
    replica.ingest(first.log, first.entries).unwrap();
    replica.ingest(second.log, second.entries[..1].to_vec()).unwrap();
    let reopened = Replica::open(replica.store().clone()).unwrap();
    assert_eq!(reopened.digest(), replica.digest());
    assert_eq!(reopened.federation(), replica.federation());
    assert_eq!(reopened.statements(), replica.statements());
    assert_eq!(reopened.roster(), replica.roster());
    assert!(reopened.logs().eq(replica.logs()));
    assert_eq!(reopened.changes(document).unwrap(), replica.changes(document).unwrap());
    assert_eq!(reopened.marked(0, 9).unwrap(), replica.marked(0, 9).unwrap());
}

#[test]
fn own_entries_that_the_store_lost_are_restored() {
    let mut world = World::new(30, 2);
    let (mut replica, log) = world.writer(0);
    let lost = replica.store().clone();
    let document = world.found(0, &mut replica, "acknowledged");
    world.edit(0, &mut replica, document, "and edited");
    let file = all(&replica, log);
    let mut restarted = Replica::open(lost).unwrap();
    let restored = restarted.restore(file).unwrap();
    assert_eq!(
        restored
            .iter()
            .map(|run| (run.accepted, run.replayed))
            .collect::<Vec<_>>(),
        [(2, 1)]
    );
    assert_eq!(restarted.digest(), replica.digest());
    assert_eq!(restarted.changes(document).unwrap(), replica.changes(document).unwrap());
}

#[test]
fn a_mark_stays_until_its_own_version_is_unmarked() {
    let mut world = World::new(31, 2);
    let (mut replica, _) = world.writer(0);
    let document = world.found(0, &mut replica, "first");
    let seen = replica.marked(0, 9).unwrap();
    assert_eq!(seen.iter().map(|mark| mark.document).collect::<Vec<_>>(), [document]);
    world.edit(0, &mut replica, document, "second");
    replica.unmark(&seen).unwrap();
    let newer = replica.marked(0, 9).unwrap();
    assert_eq!((newer.len(), replica.marks_waiting().unwrap()), (1, 1));
    assert!(newer[0].document == document && newer[0].version > seen[0].version);
    let mut reopened = Replica::open(replica.store().clone()).unwrap();
    assert_eq!(reopened.marked(0, 9).unwrap(), newer);
    reopened.unmark(&newer).unwrap();
    assert!(reopened.marked(0, 9).unwrap().is_empty());
    assert_eq!(reopened.marks_waiting().unwrap(), 0);
}

#[test]
fn all_documents_can_be_marked_anew_behind_every_earlier_mark() {
    let mut world = World::new(35, 2);
    let (mut replica, _) = world.writer(0);
    let mut documents: Vec<DocumentId> = (0..3)
        .map(|at| world.found(0, &mut replica, &format!("{at}")))
        .collect();
    let seen = replica.marked(0, 9).unwrap();
    replica.unmark(&seen).unwrap();
    replica.mark_all().unwrap();
    let anew = replica.marked(0, 9).unwrap();
    assert!(anew.iter().all(|mark| mark.version > seen[2].version));
    documents.sort();
    assert_eq!(anew.iter().map(|mark| mark.document).collect::<Vec<_>>(), documents);
    assert_eq!(replica.marked(anew[1].version, 9).unwrap(), anew[1..]);
    world.found(0, &mut replica, "after");
    assert_eq!(
        (replica.marked(0, 9).unwrap().len(), replica.marks_waiting().unwrap()),
        (4, 4)
    );
}

#[test]
fn entries_come_in_pieces_of_a_size_but_never_none() {
    let mut world = World::new(32, 2);
    let mut hand = world.hand(0);
    for at in 0..700 {
        hand.found(gemeente(0), &format!("{at}"));
    }
    let mut replica = world.replica();
    replica.ingest(hand.log, hand.entries.clone()).unwrap();
    for bytes_max in [0, 1000, 20_000, usize::MAX] {
        let mut taken = Vec::new();
        while taken.len() < hand.entries.len() {
            let piece = replica.entries(hand.log, taken.len() as u64, bytes_max).unwrap();
            let size: usize = piece.iter().map(|entry| 150 + entry.signed.bytes().len()).sum();
            assert!(piece.len() == 1 || size <= bytes_max);
            taken.extend(piece);
        }
        assert_eq!(taken, hand.entries);
    }
    assert!(replica.entries(hand.log, 701, 9000).unwrap().is_empty());
    assert_eq!(
        replica.header(hand.log, 700).unwrap(),
        Some(hand.entries[700].signed.clone())
    );
    assert_eq!(replica.header(hand.log, 701).unwrap(), None);
}

#[test]
fn a_lost_payload_is_not_passed_on_and_can_be_mended() {
    let mut world = World::new(33, 2);
    let (first, second, document) = two_logs(&mut world);
    let mut replica = world.replica();
    replica.ingest(second.log, second.entries.clone()).unwrap();
    let mut store = replica.store().clone();
    let mut batch = Batch::default();
    // The disk loses a payload: the header stays.
    batch.ops.push(Op::PutSealed {
        document,
        key: vec![0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        value: vec![1; 3],
    });
    store.commit(batch).unwrap();
    drop(replica);
    let mut replica = Replica::open(Lossy(store)).unwrap();
    assert_eq!(replica.entries(second.log, 0, usize::MAX).unwrap().len(), 1);
    replica.ingest(first.log, first.entries.clone()).unwrap();
    assert_eq!(
        replica.log(second.log).unwrap().waiting,
        Some(Waiting::Payload(document))
    );
    assert!(
        !replica.mend(&first.entry(Vec::new())).unwrap(),
        "not an entry that is held"
    );
    assert!(replica.mend(&second.entries[1]).unwrap());
    assert_eq!(replica.log(second.log).unwrap().waiting, None);
    assert_eq!(replica.changes(document).unwrap().len(), 3);
    assert_eq!(replica.entries(second.log, 0, usize::MAX).unwrap(), second.entries);
}

/// Says that a sealed value of three bytes is damaged, as an engine does when the value does not match its hash.
struct Lossy(Memory);

impl Store for Lossy {
    fn get(&self, space: crate::store::Space, key: &[u8]) -> Result<Option<Vec<u8>>, crate::store::StoreError> {
        self.0.get(space, key)
    }
    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, crate::store::StoreError> {
        match self.0.get_sealed(document, key)? {
            Some(value) if value.len() == 3 => Err(crate::store::StoreError::Damaged {
                space: crate::store::Space::Payloads,
                key: String::new(),
            }),
            other => Ok(other),
        }
    }
    fn scan(
        &self,
        space: crate::store::Space,
        prefix: &[u8],
        from: &[u8],
        limit: usize,
    ) -> Result<Vec<crate::store::Pair>, crate::store::StoreError> {
        self.0.scan(space, prefix, from, limit)
    }
    fn is_forgotten(&self, document: DocumentId) -> Result<bool, crate::store::StoreError> {
        self.0.is_forgotten(document)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), crate::store::StoreError> {
        self.0.commit(batch)
    }
    fn flush(&mut self) -> Result<(), crate::store::StoreError> {
        self.0.flush()
    }
}

#[test]
fn a_class_of_statement_does_not_found_documents() {
    let mut world = World::new(34, 2);
    let hand = world.hand(0);
    assert_eq!(hand.entries[0].signed.header().class, Class::Statement);
    let mut replica = world.replica();
    replica.ingest(hand.log, hand.entries).unwrap();
    assert!(replica.marked(0, 9).unwrap().is_empty());
}

/// The store as a program that cut the log at its last entry left it, under these rules.
fn left_by_another(replica: &Replica<Memory>, log: LogId, rules: u64) -> Memory {
    let mut state = replica.log(log).unwrap().clone();
    state.effective = state.held - 1;
    state.effective_head = replica.header(log, state.effective - 1).unwrap().unwrap().hash();
    state.cut = Some(Refusal {
        seq: state.effective,
        why: Reason::Change,
    });
    let last = replica.header(log, state.effective).unwrap().unwrap();
    let mut store = replica.store().clone();
    let mut batch = Batch::default();
    batch.put(Space::Logs, log.0, state.encode());
    batch.delete(Space::Documents, last.header().document.0);
    batch.put(Space::Meta, tables::META_RULES, rules.to_be_bytes());
    store.commit(batch).unwrap();
    store
}

#[test]
fn what_another_version_refused_is_judged_again_once() {
    let mut world = World::new(36, 2);
    let (mut replica, log) = world.writer(0);
    world.found(0, &mut replica, "first");
    let document = world.found(0, &mut replica, "second");
    let same = Replica::open(left_by_another(&replica, log, tables::RULES)).unwrap();
    assert_eq!(
        same.document(document).unwrap(),
        None,
        "by the same rules nothing is judged twice"
    );
    assert!(same.log(log).unwrap().cut.is_some());

    let judged = Replica::open(left_by_another(&replica, log, tables::RULES - 1)).unwrap();
    assert_eq!(judged.log(log), replica.log(log));
    assert_eq!(judged.changes(document).unwrap(), replica.changes(document).unwrap());
    assert_eq!((judged.digest(), judged.state()), (replica.digest(), replica.state()));
    let reopened = Replica::open(judged.store().clone()).unwrap();
    assert!(reopened.logs().eq(judged.logs()));

    // What its disk lost meanwhile is no reason not to start.
    let mut store = left_by_another(&replica, log, 0);
    let mut batch = Batch::default();
    let place = [&0_u32.to_be_bytes()[..], &2_u64.to_be_bytes()].concat();
    batch.delete(Space::Headers, place);
    store.commit(batch).unwrap();
    let lost = Replica::open(store).unwrap();
    assert!(lost.log(log).unwrap().cut.is_some());
}
