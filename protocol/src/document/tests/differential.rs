//! What this room reads against what automerge reads, for changes that automerge wrote.

use std::collections::BTreeSet;

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ROOT, ScalarValue, hydrate};

use super::samples::{actor, document, record, reordered};
use crate::document::chunk::Chunk;
use crate::document::encode::{Entries, Scalar};
use crate::document::history::History;
use crate::document::{Checked, edit, validate};
use crate::entropy::Seeded;

/// The map of a document as automerge sees it; an error where automerge fails, or keeps the changes in another form than
/// they came in.
pub(super) fn oracle(changes: &[Vec<u8>]) -> Result<Entries<'static>, String> {
    let parsed: Result<Vec<_>, _> = changes.iter().map(|bytes| Change::try_from(bytes.as_slice())).collect();
    let mut document = Automerge::new();
    document
        .apply_changes(parsed.map_err(|error| error.to_string())?)
        .map_err(|error| error.to_string())?;
    let rewritten: BTreeSet<_> = document
        .get_changes(&[])
        .iter()
        .map(|change| change.raw_bytes().to_vec())
        .collect();
    if rewritten != changes.iter().cloned().collect() {
        return Err("automerge gives other changes back".into());
    }
    let hydrate::Value::Map(map) = document.hydrate(None) else {
        return Err("no map".into());
    };
    map.iter()
        .map(|(key, value)| Ok((key.clone().into(), scalar(&value.value)?)))
        .collect()
}

fn scalar(value: &hydrate::Value) -> Result<Scalar<'static>, String> {
    match value {
        hydrate::Value::Scalar(ScalarValue::Str(text)) => Ok(Scalar::Text(text.to_string().into())),
        hydrate::Value::Scalar(ScalarValue::Int(number)) => Ok(Scalar::Number(*number)),
        hydrate::Value::Scalar(ScalarValue::Boolean(flag)) => Ok(Scalar::Flag(*flag)),
        other => Err(format!("{other:?}")),
    }
}

fn assert_same_verdict(bytes: &[u8]) -> Checked {
    let theirs = Change::try_from(bytes).unwrap();
    let ours = validate(bytes).unwrap();
    assert_eq!(ours.hash.0, theirs.hash().0);
    assert_eq!(ours.deps.iter().map(|hash| hash.0).collect::<Vec<_>>(), deps(&theirs));
    assert_eq!(ours.actor, theirs.actor_id().to_bytes());
    assert_eq!((ours.seq, ours.start_op), (theirs.seq(), theirs.start_op().get()));
    assert_eq!((ours.ops, ours.max_op), (theirs.len() as u64, theirs.max_op()));
    let others: Vec<_> = Chunk::read(bytes).unwrap().others().copied().collect();
    assert!(
        others
            .iter()
            .map(<[u8; 16]>::as_slice)
            .eq(theirs.other_actor_ids().iter().map(ActorId::to_bytes))
    );
    ours
}

fn deps(change: &Change) -> Vec<[u8; 32]> {
    change.deps().iter().map(|hash| hash.0).collect()
}

#[test]
fn changes_of_automerge_are_read_as_automerge_reads_them() {
    let (mut changes, mut merges) = (0, 0);
    for seed in 0..1500 {
        for bytes in document(&mut Seeded::new(seed)) {
            let checked = assert_same_verdict(&bytes);
            changes += 1;
            merges += usize::from(checked.deps.len() > 1);
        }
    }
    assert!(changes > 5000 && merges > 50, "{changes} changes, {merges} merges");
}

#[test]
fn documents_say_what_automerge_says_in_every_order() {
    for seed in 0..1500 {
        let mut rng = Seeded::new(seed);
        let changes = document(&mut rng);
        let ours = History::read(&changes).unwrap().entries();
        assert_eq!(ours, oracle(&changes).unwrap(), "seed {seed}");
        for _ in 0..4 {
            let changes = reordered(&changes, &mut rng);
            assert_eq!(ours, History::read(&changes).unwrap().entries(), "seed {seed}");
            assert_eq!(ours, oracle(&changes).unwrap(), "seed {seed}");
        }
    }
}

/// Keys written straight into automerge by three nodes that meet now and then: many conflicts on few keys.
#[test]
fn conflicts_have_the_winner_that_automerge_gives_them() {
    for seed in 0..1500 {
        let mut rng = Seeded::new(seed);
        let mut root = Automerge::new().with_actor(ActorId::from(actor(9)));
        commit(&mut root, &mut rng);
        let mut nodes: Vec<_> = (0..3)
            .map(|node| root.fork().with_actor(ActorId::from(actor(node))))
            .collect();
        for _ in 0..rng.below(10) {
            let (a, b) = (rng.below(3) as usize, rng.below(3) as usize);
            if a != b && rng.chance(1, 3) {
                let mut other = nodes[b].fork();
                nodes[a].merge(&mut other).unwrap();
            }
            commit(&mut nodes[a], &mut rng);
        }
        for node in &mut nodes {
            root.merge(node).unwrap();
        }
        let changes: Vec<_> = root
            .get_changes(&[])
            .iter()
            .map(|change| change.raw_bytes().to_vec())
            .collect();
        changes.iter().for_each(|bytes| drop(assert_same_verdict(bytes)));
        let ours = History::read(&changes).unwrap().entries();
        assert_eq!(ours, oracle(&changes).unwrap(), "seed {seed}");
        let changes = reordered(&changes, &mut rng);
        assert_eq!(ours, History::read(&changes).unwrap().entries(), "seed {seed}");
    }
}

fn commit(document: &mut Automerge, rng: &mut Seeded) {
    let mut transaction = document.transaction();
    transaction.put(ROOT, "a", rng.below(1000) as i64).unwrap();
    for key in ["b", "c", "d"] {
        match rng.below(3) {
            0 => transaction.put(ROOT, key, rng.below(1000) as i64).unwrap(),
            1 => transaction.delete(ROOT, key).unwrap(),
            _ => (),
        }
    }
    transaction.commit();
}

/// The change that automerge writes when a document is opened and edited in it: what [`edit`] saves it from doing.
fn the_long_way(node: [u8; 16], changes: &[Vec<u8>], edits: &[(&str, Option<Scalar<'_>>)]) -> Vec<u8> {
    let parsed: Vec<_> = changes
        .iter()
        .map(|bytes| Change::try_from(bytes.as_slice()).unwrap())
        .collect();
    let mut document = Automerge::new().with_actor(ActorId::from(node));
    document.apply_changes(parsed).unwrap();
    let mut transaction = document.transaction();
    for (key, scalar) in edits {
        match scalar {
            Some(Scalar::Text(text)) => transaction.put(ROOT, *key, text.to_string()).unwrap(),
            Some(Scalar::Number(number)) => transaction.put(ROOT, *key, *number).unwrap(),
            Some(Scalar::Flag(flag)) => transaction.put(ROOT, *key, *flag).unwrap(),
            None => transaction.delete(ROOT, *key).unwrap(),
        }
    }
    transaction.commit();
    document.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[test]
fn a_change_has_the_bytes_of_a_transaction_in_automerge() {
    let mut edited = 0;
    for seed in 0..1500 {
        let mut rng = Seeded::new(seed);
        let changes = document(&mut rng);
        let node = actor(rng.below(4));
        let Some(change) = edit(node, &changes, &record(&mut rng)).unwrap() else {
            continue;
        };
        let all = [&changes[..], std::slice::from_ref(&change)].concat();
        let before = History::read(&changes).unwrap().entries();
        let after = History::read(&all).unwrap().entries();
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let changed = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
        let edits: Vec<_> = changed.map(|key| (key.as_ref(), after.get(key).cloned())).collect();
        assert_eq!(change, the_long_way(node, &changes, &edits), "seed {seed}");
        assert_eq!(
            changes[0],
            the_long_way(actor(0), &[], &first_edits(&changes[..1])),
            "seed {seed}"
        );
        edited += 1;
    }
    assert!(edited > 1000, "{edited} edited");
}

fn first_edits(founding: &[Vec<u8>]) -> Vec<(&str, Option<Scalar<'_>>)> {
    let entries = History::read(founding).unwrap().replaceable();
    let said = History::read(founding).unwrap().entries();
    entries.into_keys().map(|key| (key, said.get(key).cloned())).collect()
}
