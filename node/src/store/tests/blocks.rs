//! Pairs in blocks: whatever is written and removed, in whatever order, reads as from a plain map.

use super::*;
use protocol::store::Space;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// A run of keys, or keys all over; sometimes everything in a range goes.
fn random_batch(dice: &mut Dice, model: &mut Model) -> Batch {
    let mut batch = Batch::default();
    let (start, run, ops) = (dice.below(3000), dice.below(2) == 0, dice.below(150));
    let removes = dice.below(3) == 0;
    for number in 0..ops {
        let number = if run { start + number } else { dice.below(3000) };
        let key = if number % 7 == 0 {
            number.to_be_bytes().repeat(2)
        } else {
            number.to_be_bytes().to_vec()
        };
        if removes && dice.below(10) > 0 {
            batch.delete(Space::Changes, key.clone());
            model.remove(&key);
        } else {
            let value = vec![number as u8; dice.below(700) as usize];
            batch.put(Space::Changes, key.clone(), value.clone());
            model.insert(key, value);
        }
    }
    batch
}

#[test]
fn pairs_in_blocks_read_as_from_a_map() {
    let dir = Scratch::new("blocks");
    for seed in 0..4 {
        let dir = dir.path().join(seed.to_string());
        let (mut store, mut dice, mut model) = (open(&dir).unwrap(), Dice(seed), Model::new());
        // Neighbours that must not show through.
        let mut others = Batch::default();
        others.put(Space::Documents, [0xFF; 9], *b"before");
        others.put(Space::Statements, *b"", *b"after");
        store.commit(others).unwrap();
        for step in 0..150 {
            let batch = random_batch(&mut dice, &mut model);
            store.commit(batch).unwrap();
            let from = dice.below(3000).to_be_bytes();
            let limit = dice.below(100) as usize;
            let found = store.scan(Space::Changes, b"", &from, limit).unwrap();
            let expected = model
                .range(from.to_vec()..)
                .take(limit)
                .map(|(key, value)| (key.clone(), value.clone()));
            assert_eq!(found, expected.collect::<Vec<_>>(), "seed {seed} step {step}");
            let found = store.get(Space::Changes, &from).unwrap();
            assert_eq!(found.as_ref(), model.get(&from[..]), "seed {seed} step {step}");
        }
        store.flush().unwrap();
        drop(store);
        let found = open(&dir).unwrap().scan(Space::Changes, b"", b"", usize::MAX).unwrap();
        assert_eq!(
            found,
            model.into_iter().collect::<Vec<_>>(),
            "seed {seed} after opening again"
        );
    }
}

#[test]
fn emptied_blocks_leave_nothing_behind() {
    let dir = Scratch::new("blocks");
    let mut store = open(dir.path()).unwrap();
    let mut first = Batch::default();
    first.delete(Space::Meta, *b"nothing");
    store.commit(first).unwrap();
    let before = store.db().len();
    let (mut fill, mut empty) = (Batch::default(), Batch::default());
    for number in 0..2000_u64 {
        fill.put(Space::Marks, number.to_be_bytes(), vec![1; 32]);
        empty.delete(Space::Marks, number.to_be_bytes());
    }
    store.commit(fill).unwrap();
    let filled = store.db().len() - before;
    assert!((2..200).contains(&filled), "{filled} blocks for 2,000 pairs");
    store.commit(empty).unwrap();
    assert_eq!(store.db().len(), before);
}
