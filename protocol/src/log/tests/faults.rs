//! A store that fails, at whatever commit, leaves the replica as it was.

use super::world::{World, gemeente, record};
use crate::id::{Digest, DocumentId, LogId};
use crate::log::{LogState, Replica, ReplicaError, Write};
use crate::store::{Batch, Memory, Pair, Space, Store, StoreError};

/// Memory that refuses commits from a certain one on, once.
#[derive(Debug, Clone)]
pub(super) struct Failing {
    memory: Memory,
    commits_left: u64,
}

impl Failing {
    /// Memory that takes so many commits before it refuses one.
    pub(super) fn after(memory: Memory, commits_left: u64) -> Self {
        Self { memory, commits_left }
    }
}

impl Store for Failing {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.get(space, key)
    }
    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.get_sealed(document, key)
    }
    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.memory.scan(space, prefix, from, limit)
    }
    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        self.memory.is_forgotten(document)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        if self.commits_left == 0 {
            self.commits_left = u64::MAX;
            return Err(StoreError::Full);
        }
        self.commits_left -= 1;
        self.memory.commit(batch)
    }
    fn flush(&mut self) -> Result<(), StoreError> {
        self.memory.flush()
    }
}

type Kept = (Digest, Vec<(LogId, LogState)>, usize);

fn kept(replica: &Replica<Failing>) -> Kept {
    let logs = replica.logs().map(|(log, state)| (log, state.clone())).collect();
    (replica.digest(), logs, replica.statements().len())
}

/// The same as what a replica opened from the store alone knows.
fn check_against_store(replica: &Replica<Failing>, step: usize) {
    let reopened = Replica::open(replica.store().clone()).unwrap();
    assert!(
        kept(&reopened) == kept(replica),
        "memory and store differ at step {step}"
    );
    assert_eq!(reopened.roster(), replica.roster(), "step {step}");
}

type Step<'a> = Box<dyn FnMut(&mut Replica<Failing>) -> Result<(), ReplicaError> + 'a>;

fn steps<'a>(world: &World, runs: &'a [super::world::Hand], seed: u64) -> Vec<Step<'a>> {
    let mut rng = crate::entropy::Seeded::new(seed);
    let (key, mine) = (world.key(1), record(gemeente(1), "mine"));
    let (federation, mut early) = (world.federation, world.statements.clone());
    let late = early.split_off(2);
    let mut steps: Vec<Step<'a>> = vec![
        Box::new(move |replica| replica.join(federation)),
        Box::new(move |replica| replica.add_statements(early.clone()).map(drop)),
        Box::new(move |replica| replica.add_statements(late.clone()).map(drop)),
    ];
    for hand in runs {
        steps.push(Box::new(|replica| {
            let ingested = replica.ingest(hand.log, hand.entries.clone())?;
            assert_eq!(ingested.refused, None);
            Ok(())
        }));
    }
    let opening_key = key.clone();
    steps.push(Box::new(move |replica| {
        replica.open_log(&opening_key, &mut rng.clone())?;
        rng.next();
        Ok(())
    }));
    let mut rng = crate::entropy::Seeded::new(seed + 1);
    steps.push(Box::new(move |replica| {
        let write = Write::Found { record: &mine };
        replica.write(&key, &mut rng, write).map(drop)
    }));
    steps.push(Box::new(|replica| {
        let marks = replica.marked(0, 9)?;
        replica.unmark(&marks)
    }));
    steps
}

#[test]
fn a_store_that_fails_leaves_the_replica_as_it_was() {
    let mut world = World::new(40, 2);
    let (mut first, mut second) = (world.hand(0), world.hand(0));
    let document = first.found(gemeente(0), "first");
    let crate::log::Payload::Held { bytes, .. } = first.entries[1].payload.clone() else {
        panic!("held");
    };
    second.edit(gemeente(0), document, &[bytes], "second");
    let runs = [second, first];
    let commits = steps(&world, &runs, 9).len() as u64;
    let mut ends = Vec::new();
    for fails_at in 0..=commits {
        let mut replica = Replica::open(Failing::after(Memory::default(), fails_at)).unwrap();
        let mut failed = 0;
        for (at, step) in steps(&world, &runs, 9).iter_mut().enumerate() {
            let before = kept(&replica);
            if step(&mut replica).is_err() {
                failed += 1;
                assert!(
                    kept(&replica) == before,
                    "commit {fails_at} failed and left a trace at step {at}"
                );
                check_against_store(&replica, at);
                step(&mut replica).unwrap();
            }
            check_against_store(&replica, at);
        }
        assert_eq!(failed, u64::from(fails_at < commits), "every step commits once");
        ends.push((kept(&replica).1, replica.document(document).unwrap()));
    }
    assert!(ends.iter().all(|end| end.1.is_some_and(|info| info.changes == 2)));
}
