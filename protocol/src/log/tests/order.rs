//! Order of arrival does not matter.

use std::collections::{BTreeMap, BTreeSet};

use super::world::{World, all, gemeente, node_of, record};
use crate::charter::{Body, Cut, Ending};
use crate::entropy::Seeded;
use crate::id::{Digest, DocumentId, LogId, Snapshot};
use crate::log::{Entry, Ingested, LogState, Reason, Refusal, Replica, Versions, Write};
use crate::store::Memory;

const VERSIONS: Versions = Versions {
    view: 1,
    words: 1,
    rules: 1,
};

/// All that must be equal.
#[derive(PartialEq)]
struct Known {
    digest: Digest,
    snapshot: Snapshot,
    logs: BTreeMap<LogId, (u64, u64, Option<Refusal>)>,
    changes: BTreeMap<DocumentId, Vec<Vec<u8>>>,
}

fn known(replica: &Replica<Memory>, documents: &BTreeSet<DocumentId>) -> Known {
    let state = |state: &LogState| (state.held, state.effective, state.cut);
    Known {
        digest: replica.digest(),
        snapshot: replica.snapshot(&VERSIONS, "2026-W10".parse().unwrap()),
        logs: replica.logs().map(|(log, found)| (log, state(found))).collect(),
        changes: documents
            .iter()
            .map(|id| (*id, replica.changes(*id).unwrap()))
            .collect(),
    }
}

/// Three nodes write: two of one gemeente, that edit each other's documents, and one of another; now and then one
/// hears from another, or starts again with a new log. One log in the end breaks a rule.
fn history(world: &mut World, steps: u64) -> (BTreeMap<LogId, Vec<Entry>>, BTreeSet<DocumentId>) {
    let (further, statement) = world.further_node(0);
    world.statements.push(statement);
    let keys = [(0, world.key(0)), (0, further), (1, world.key(1))];
    let mut nodes: Vec<Replica<Memory>> = keys.iter().map(|_| world.replica()).collect();
    for (node, (_, key)) in nodes.iter_mut().zip(&keys) {
        node.open_log(key, &mut world.rng).unwrap();
    }
    let mut documents: BTreeSet<(usize, DocumentId)> = BTreeSet::new();
    for step in 0..steps {
        let at = world.rng.below(3) as usize;
        let (owner, key) = &keys[at];
        let record = record(gemeente(*owner), &format!("step {step}"));
        match world.rng.below(12) {
            0..=2 => {
                let write = Write::Found { record: &record };
                let entry = nodes[at].write(key, &mut world.rng, write).unwrap().unwrap();
                documents.insert((*owner, entry.signed.header().document));
            }
            3..=7 => edit_any(world, &mut nodes[at], key, *owner, &record, &documents),
            8 => {
                let store = nodes[at].store().clone();
                nodes[at] = Replica::open(store).unwrap();
                nodes[at].open_log(key, &mut world.rng).unwrap();
            }
            _ => hear(&mut nodes, at, world.rng.below(3) as usize),
        }
    }
    let mut logs = BTreeMap::new();
    for node in &nodes {
        for (log, state) in node.logs() {
            let held = logs.get(&log).map_or(0, |entries: &Vec<Entry>| entries.len() as u64);
            if state.held > held {
                logs.insert(log, all(node, log));
            }
        }
    }
    (logs, documents.into_iter().map(|(_, id)| id).collect())
}

/// One node of the first gemeente stops: its longest log counts up to the middle, its others do not count at all.
fn end_a_key(world: &mut World, logs: &BTreeMap<LogId, Vec<Entry>>) {
    let node = logs
        .values()
        .map(|entries| entries[0].signed.header().node)
        .find(|node| *node != node_of(&world.key(1)));
    let node = node.unwrap();
    let of_node = logs
        .iter()
        .filter(|(_, entries)| entries[0].signed.header().node == node);
    let (log, entries) = of_node.max_by_key(|(_, entries)| entries.len()).unwrap();
    let (log, seq) = (*log, entries.len() as u64 / 2);
    let head = entries[seq as usize - 1].signed.hash();
    let ending = Ending {
        node,
        cuts: vec![Cut { log, seq, head }],
    };
    world.statements.push(world.by_root(0, Body::NodeKeyEnd(ending)));
}

fn edit_any(
    world: &mut World,
    node: &mut Replica<Memory>,
    key: &ed25519_dalek::SigningKey,
    owner: usize,
    record: &crate::gate::Shareable,
    documents: &BTreeSet<(usize, DocumentId)>,
) {
    let mine: Vec<DocumentId> = documents
        .iter()
        .filter(|(of, id)| *of == owner && node.document(*id).unwrap().is_some())
        .map(|(_, id)| *id)
        .collect();
    if !mine.is_empty() {
        let document = mine[world.rng.below(mine.len() as u64) as usize];
        let write = Write::Edit { document, record };
        node.write(key, &mut world.rng, write).unwrap();
    }
}

/// One node takes what another holds more.
fn hear(nodes: &mut [Replica<Memory>], to: usize, from: usize) {
    let news: Vec<(LogId, Vec<Entry>)> = nodes[from]
        .logs()
        .map(|(log, _)| {
            let held = nodes[to].log(log).map_or(0, |state| state.held);
            (log, nodes[from].entries(log, held, usize::MAX).unwrap())
        })
        .collect();
    for (log, run) in news {
        let length = run.len() as u64;
        let ingested = nodes[to].ingest(log, run).unwrap();
        assert_eq!((ingested.accepted, ingested.refused), (length, None));
    }
}

/// Delivers all logs in runs of random length, interleaved at random, with runs sent twice and runs sent too early.
fn deliver(world: &World, logs: &BTreeMap<LogId, Vec<Entry>>, seed: u64) -> Replica<Memory> {
    let mut rng = Seeded::new(seed);
    let mut replica = Replica::open(Memory::default()).unwrap();
    replica.join(world.federation).unwrap();
    let mut statements = world.statements.clone();
    rng.shuffle(&mut statements);
    // What nobody vouches for yet is refused, so all of them come again later.
    let mut late = Some(statements.clone());
    statements.truncate(rng.below(statements.len() as u64) as usize);
    replica.add_statements(statements).unwrap();
    loop {
        let open: Vec<(&LogId, &Vec<Entry>)> = logs
            .iter()
            .filter(|(log, entries)| held(&replica, **log) < entries.len())
            .collect();
        if open.is_empty() {
            late.take().map(|late| replica.add_statements(late).unwrap());
            return replica;
        }
        let (log, entries) = open[rng.below(open.len() as u64) as usize];
        let held = held(&replica, *log);
        let from = match rng.below(5) {
            0 => rng.below(held as u64 + 1) as usize,
            1 => rng.below(entries.len() as u64) as usize,
            _ => held,
        };
        let to = entries.len().min(from + 1 + rng.below(9) as usize);
        let ingested = replica.ingest(*log, entries[from..to].to_vec()).unwrap();
        assert_eq!(ingested.fork, None);
        if rng.chance(1, 10) || ingested.refused.is_some_and(|r| r.why == Reason::UnknownNode) {
            late.take().map(|late| replica.add_statements(late).unwrap());
        }
        if rng.chance(1, 20) {
            replica = Replica::open(replica.store().clone()).unwrap();
        }
    }
}

fn held(replica: &Replica<Memory>, log: LogId) -> usize {
    replica.log(log).map_or(0, |state| state.held as usize)
}

#[test]
fn any_order_of_runs_gives_the_same_replica() {
    for seed in 0..12 {
        let mut world = World::new(seed, 2);
        let (mut logs, documents) = history(&mut world, 120);
        if seed % 2 == 1 {
            end_a_key(&mut world, &logs);
        }
        add_offender(&mut world, &mut logs, &documents);
        let first = known(&deliver(&world, &logs, 0), &documents);
        assert!(first.logs.values().filter(|(_, _, cut)| cut.is_some()).count() == 1);
        let held_back = first
            .logs
            .values()
            .any(|(held, effective, cut)| effective < held && cut.is_none());
        assert_eq!(
            held_back,
            seed % 2 == 1,
            "seed {seed}: only the end of a key holds entries back"
        );
        let effective: u64 = first.logs.values().map(|(_, effective, _)| effective).sum();
        let counted: usize = first.changes.values().map(Vec::len).sum();
        assert!(counted > 10 && effective > counted as u64, "{counted} of {effective}");
        for order in 1..40 {
            let other = known(&deliver(&world, &logs, order), &documents);
            assert_eq!(first.logs, other.logs, "seed {seed}, order {order}");
            assert!(first == other, "seed {seed}, order {order}");
        }
    }
}

/// A log of the second gemeente that edits a document of the first.
fn add_offender(world: &mut World, logs: &mut BTreeMap<LogId, Vec<Entry>>, documents: &BTreeSet<DocumentId>) {
    let reference = deliver(world, logs, 0);
    let theirs = documents
        .iter()
        .find(|id| {
            reference
                .document(**id)
                .unwrap()
                .is_some_and(|info| info.owner == gemeente(0))
        })
        .unwrap();
    let mut hand = world.hand(1);
    hand.found(gemeente(1), "before");
    hand.edit(gemeente(0), *theirs, &reference.changes(*theirs).unwrap(), "not mine");
    hand.found(gemeente(1), "after");
    logs.insert(hand.log, hand.entries);
}

#[test]
fn the_changes_of_a_document_stand_behind_what_they_depend_on() {
    let mut world = World::new(99, 2);
    let (logs, documents) = history(&mut world, 300);
    let replica = deliver(&world, &logs, 5);
    let mut several = 0;
    for document in &documents {
        let changes = replica.changes(*document).unwrap();
        let mut seen = BTreeSet::new();
        for change in &changes {
            let checked = crate::document::validate(change).unwrap();
            assert!(checked.deps.iter().all(|dep| seen.contains(dep)));
            seen.insert(checked.hash);
        }
        several += usize::from(changes.len() > 2);
        crate::document::read(&changes).unwrap();
    }
    assert!(several > 3);
}

#[test]
fn nothing_new_changes_nothing() {
    let mut world = World::new(7, 2);
    let (logs, documents) = history(&mut world, 60);
    let mut replica = deliver(&world, &logs, 1);
    let before = known(&replica, &documents);
    let marks = replica.marked(0, usize::MAX).unwrap();
    replica.unmark(&marks).unwrap();
    for (log, entries) in &logs {
        let expected = Ingested {
            replayed: entries.len() as u64,
            ..Ingested::default()
        };
        assert_eq!(replica.ingest(*log, entries.clone()).unwrap(), expected);
    }
    assert_eq!(replica.add_statements(world.statements.clone()).unwrap(), 0);
    assert!(before == known(&replica, &documents));
    assert!(replica.marked(0, 1).unwrap().is_empty());
}
