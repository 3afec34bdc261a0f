//! What the charter proves and decides reaches the logs: the same entries count everywhere, whatever came first.

use super::world::{Hand, World, gemeente, record};
use crate::charter::{Body, Cut, Day, Edition, Ending, Endorsement, Merge, Statement};
use crate::entropy::Seeded;
use crate::id::NodeKey;
use crate::log::{Payload, Replica, ReplicaError, Versions, Write};
use crate::store::Memory;

const VERSIONS: Versions = Versions {
    view: 1,
    words: 1,
    rules: 1,
};

fn heights(replica: &Replica<Memory>, hand: &Hand) -> (u64, u64) {
    replica
        .log(hand.log)
        .map_or((0, 0), |state| (state.held, state.effective))
}

#[test]
fn a_proven_fork_cuts_the_log_at_the_last_common_entry_for_everybody() {
    let mut world = World::new(70, 2);
    let mut common = world.hand(0);
    let document = common.found(gemeente(0), "common");
    let (mut one, mut other) = (common.clone(), common.clone());
    for at in 0..3 {
        one.found(gemeente(0), &format!("one {at}"));
    }
    for at in 0..5 {
        other.found(gemeente(0), &format!("other {at}"));
    }
    let mut replicas = [world.replica(), world.replica()];
    replicas[0].ingest(one.log, one.entries.clone()).unwrap();
    replicas[1].ingest(other.log, other.entries.clone()).unwrap();
    let fork = replicas[0]
        .ingest(one.log, other.entries.clone())
        .unwrap()
        .fork
        .unwrap();
    let node = world.key(1);
    let statement = Statement::sign(world.federation, Body::Fork(*fork), &node);
    world.statements.push(statement.clone());
    let week = "2026-W10".parse().unwrap();
    let mut late = world.replica();
    late.ingest(other.log, other.entries.clone()).unwrap();
    for replica in &mut replicas {
        replica.add_statements(vec![statement.clone()]).unwrap();
        assert_eq!(heights(replica, &one).1, 2);
        assert!(replica.document(document).unwrap().is_some());
        assert_eq!(replica.snapshot(&VERSIONS, week), late.snapshot(&VERSIONS, week));
    }
    // The node goes on in a new log.
    let mut next = world.hand(0);
    let again = next.found(gemeente(0), "one 0");
    for replica in &mut replicas {
        replica.ingest(next.log, next.entries.clone()).unwrap();
        assert!(replica.document(again).unwrap().is_some());
    }
    assert_eq!(
        replicas[0].snapshot(&VERSIONS, week),
        replicas[1].snapshot(&VERSIONS, week)
    );
}

/// The next edition, voted for by both voting members.
fn decided(world: &World, change: impl FnOnce(&mut Edition)) -> Vec<Statement> {
    let founding = world.statements.iter().find_map(Statement::founding).unwrap();
    let mut edition = founding.successor([5; 16]);
    change(&mut edition);
    let vote = Body::Endorse(Endorsement {
        edition: edition.hash(),
        number: edition.number,
        ballot: 0,
    });
    let votes = (0..2).map(|at| world.by_root(at, vote.clone()));
    std::iter::once(world.by_root(0, Body::Edition(edition.clone())))
        .chain(votes)
        .collect()
}

#[test]
fn an_edition_that_removes_a_writing_node_keeps_what_it_names_and_no_more() {
    let mut world = World::new(71, 2);
    let mut removed = world.hand(1);
    let documents: Vec<_> = (0..4).map(|at| removed.found(gemeente(1), &format!("{at}"))).collect();
    let head = removed.entries[2].signed.hash();
    let edition = decided(&world, |edition| {
        let member = edition.members.remove(1);
        let cuts = vec![Cut {
            log: removed.log,
            seq: 3,
            head,
        }];
        edition.endings = vec![Ending {
            node: member.nodes[0],
            cuts,
        }];
    });
    let mut before = world.replica();
    before.ingest(removed.log, removed.entries[..4].to_vec()).unwrap();
    assert_eq!(heights(&before, &removed), (4, 4));
    before.add_statements(edition.clone()).unwrap();
    before.ingest(removed.log, removed.entries.clone()).unwrap();
    world.statements.extend(edition);
    let mut after = world.replica();
    after.ingest(removed.log, removed.entries.clone()).unwrap();
    for replica in [&before, &after] {
        assert_eq!(heights(replica, &removed), (5, 3));
        let there: Vec<bool> = documents
            .iter()
            .map(|id| replica.document(*id).unwrap().is_some())
            .collect();
        assert_eq!(there, [true, true, false, false]);
    }
    assert_eq!(before.digest(), after.digest());
}

#[test]
fn a_replica_with_an_old_edition_catches_up_by_statements_alone() {
    let mut world = World::new(72, 2);
    let mut writer = world.hand(0);
    let document = writer.found(gemeente(0), "shared");
    let mut old = world.replica();
    old.ingest(writer.log, writer.entries.clone()).unwrap();
    let edition = decided(&world, |edition| edition.members[0].name = "Anders".to_owned());
    // The votes come before the text they are for, the text is forgotten once, and all of it comes again.
    for statement in edition[1..].iter().chain(&edition[1..]).chain(&edition) {
        old.add_statements(vec![statement.clone()]).unwrap();
    }
    world.statements.extend(edition);
    let mut new = world.replica();
    new.ingest(writer.log, writer.entries.clone()).unwrap();
    assert_eq!((old.digest(), old.roster()), (new.digest(), new.roster()));
    assert_eq!(old.roster().members()[0].name, "Anders");
    assert!(old.document(document).unwrap().is_some());
}

#[test]
fn the_successor_of_a_merged_gemeente_goes_on_with_its_documents() {
    let mut world = World::new(73, 2);
    let mut gone = world.hand(1);
    let document = gone.found(gemeente(1), "before");
    let late = gone.found(gemeente(1), "written while nobody was connected");
    let Payload::Held { bytes, .. } = gone.entries[1].payload.clone() else {
        panic!("the payload is there")
    };
    let mut heir = world.hand(0);
    let own = heir.found(gemeente(0), "of the successor itself");
    heir.edit(gemeente(1), document, &[bytes], "after");
    let cuts = vec![Cut {
        log: gone.log,
        seq: 2,
        head: gone.entries[1].signed.hash(),
    }];
    let edition = decided(&world, |edition| {
        let member = edition.members.remove(1);
        let (from, to) = (member.gemeente, edition.members[0].gemeente);
        let date = Day::new(2027, 1, 1).unwrap();
        let node = member.nodes[0];
        edition.endings = vec![Ending { node, cuts }];
        edition.merges = vec![Merge { from, to, date }];
    });
    let mut before = world.replica();
    for hand in [&gone, &heir] {
        before.ingest(hand.log, hand.entries.clone()).unwrap();
    }
    // Without the merger it is another gemeente's document.
    assert_eq!((heights(&before, &gone), heights(&before, &heir)), ((3, 3), (3, 2)));
    assert_eq!(before.changes(document).unwrap().len(), 1);
    before.add_statements(edition.clone()).unwrap();
    world.statements.extend(edition);
    for hands in [[&gone, &heir], [&heir, &gone]] {
        let mut after = world.replica();
        for hand in hands {
            after.ingest(hand.log, hand.entries.clone()).unwrap();
        }
        for replica in [&before, &after] {
            assert_eq!((heights(replica, &gone), heights(replica, &heir)), ((3, 2), (3, 3)));
            assert_eq!(replica.changes(document).unwrap().len(), 2);
            assert_eq!(replica.document(document).unwrap().unwrap().owner, gemeente(1));
            let there = [own, late].map(|id| replica.document(id).unwrap().is_some());
            assert_eq!(there, [true, false]);
        }
        assert_eq!(before.digest(), after.digest());
        let reopened = Replica::open(before.store().clone()).unwrap();
        assert!(reopened.logs().eq(before.logs()));
    }
    // Its writer goes on under the code of the past, and founds under its own.
    let mut replica = before;
    let key = world.key(0);
    replica.open_log(&key, &mut world.rng).unwrap();
    let edited = record(gemeente(1), "once more");
    let write = Write::Edit {
        document,
        record: &edited,
    };
    assert!(replica.write(&key, &mut world.rng, write).unwrap().is_some());
    assert_eq!(replica.changes(document).unwrap().len(), 3);
    let founded = replica.write(&key, &mut world.rng, Write::Found { record: &edited });
    assert!(matches!(founded, Err(ReplicaError::OtherGemeente { owner }) if owner == gemeente(1)));
}

#[test]
fn what_would_not_count_is_not_written() {
    let mut world = World::new(74, 2);
    let (mut writer, log) = world.writer(1);
    let document = world.found(1, &mut writer, "before");
    let (node, key) = (writer.log(log).unwrap().node, world.key(1));
    let cuts = vec![Cut {
        log,
        seq: 2,
        head: writer.log(log).unwrap().head,
    }];
    let ending = world.by_root(1, Body::NodeKeyEnd(Ending { node, cuts }));
    writer.add_statements(vec![ending.clone()]).unwrap();
    let shared = record(gemeente(1), "after");
    for write in [
        Write::Found { record: &shared },
        Write::Edit {
            document,
            record: &shared,
        },
    ] {
        let refused = writer.write(&key, &mut world.rng, write);
        assert!(matches!(refused, Err(ReplicaError::Cut { seq: 2, .. })));
    }
    assert_eq!(writer.log(log).unwrap().held, 2);
    world.statements.push(ending);
    let mut anew = world.replica();
    let refused = anew.open_log(&key, &mut world.rng);
    assert!(matches!(refused, Err(ReplicaError::Cut { seq: 0, .. })));
    assert_eq!(anew.logs().count(), 0);
}

#[test]
fn nothing_is_written_behind_what_builds_on_a_cut_entry() {
    let mut world = World::new(75, 2);
    let (key, certificate) = world.further_node(0);
    world.statements.push(certificate);
    let (mut first, log) = world.writer(0);
    let document = world.found(0, &mut first, "behind the end");
    let entries = first.entries(log, 0, usize::MAX).unwrap();
    let mut second = world.replica();
    second.ingest(log, entries).unwrap();
    second.open_log(&key, &mut world.rng).unwrap();
    let own = second.own_log().unwrap();
    let edited = record(gemeente(0), "edited");
    let write = Write::Edit {
        document,
        record: &edited,
    };
    second.write(&key, &mut world.rng, write).unwrap().unwrap();
    let node = first.log(log).unwrap().node;
    let ending = Body::NodeKeyEnd(Ending { node, cuts: Vec::new() });
    second.add_statements(vec![world.by_root(0, ending)]).unwrap();
    let waits = second.log(own).unwrap().clone();
    assert_eq!((waits.held, waits.effective, waits.waiting.is_some()), (2, 1, true));
    let refused = second.write(&key, &mut world.rng, Write::Found { record: &edited });
    assert!(matches!(refused, Err(ReplicaError::Cut { seq: 1, .. })), "{refused:?}");
    assert_eq!(second.log(own).unwrap().held, 2);
}

#[test]
fn what_a_key_wrote_weighs_for_its_gemeente_also_when_the_key_falls_silent() {
    let mut world = World::new(79, 2);
    let (key, certified) = world.further_node(0);
    let mut writer = world.replica();
    writer.add_statements(vec![certified.clone()]).unwrap();
    let mut rng = Seeded::new(3);
    let opening = writer.open_log(&key, &mut rng).unwrap();
    let log = writer.own_log().unwrap();
    let mut replica = world.replica();
    replica.add_statements(vec![certified]).unwrap();
    replica.ingest(log, vec![opening]).unwrap();
    let weight = replica.weight_of(gemeente(0));
    assert!(weight > 0);
    // Another member claims the key as well: it speaks for nobody any more, and its log still fills the disk.
    replica.add_statements(vec![world.claim(1, &key)]).unwrap();
    assert_eq!(
        replica.roster().gemeente_of(NodeKey(key.verifying_key().to_bytes())),
        None
    );
    assert_eq!(replica.weight_of(gemeente(0)), weight);
    let again = Replica::open(replica.store().clone()).unwrap();
    assert_eq!(again.weight_of(gemeente(0)), weight);
}
