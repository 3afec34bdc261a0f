//! An earlier state is read again as it was, or not at all.

use std::collections::BTreeMap;

use super::world::{Hand, World, all, gemeente};
use crate::charter::{Body, Ending, Withdrawal};
use crate::id::{DocumentId, HeaderHash, LogId};
use crate::log::{Past, PastError, Replica};
use crate::store::Memory;

type Heights = Vec<(LogId, u64, HeaderHash)>;

/// What a state was: how far each log counted, and what each document was made of.
struct Was {
    heights: Heights,
    documents: BTreeMap<DocumentId, Vec<Vec<u8>>>,
}

fn heights(replica: &Replica<Memory>) -> Heights {
    let logs = replica.logs();
    logs.map(|(log, state)| (log, state.effective, state.effective_head))
        .collect()
}

fn was(replica: &Replica<Memory>, known: &[DocumentId]) -> Was {
    let changes = known
        .iter()
        .map(|document| (*document, replica.changes(*document).unwrap()));
    Was {
        heights: heights(replica),
        documents: changes.filter(|(_, changes)| !changes.is_empty()).collect(),
    }
}

fn past(replica: &Replica<Memory>, heights: &Heights) -> Result<Past, PastError> {
    replica.past(heights.iter().copied())
}

/// Every document that a past state has, with its changes.
fn read(replica: &Replica<Memory>, heights: &Heights, at_a_time: usize) -> BTreeMap<DocumentId, Vec<Vec<u8>>> {
    let past = past(replica, heights).unwrap();
    let mut documents = BTreeMap::new();
    for (log, ..) in heights {
        let mut from = Some(0);
        while let Some(at) = from {
            let (founded, next) = replica.founded(&past, *log, at, at_a_time).unwrap();
            documents.extend(founded.into_iter().map(|document| {
                let changes = replica.changes_in(&past, document).unwrap();
                (document, changes)
            }));
            from = next;
        }
    }
    documents
}

/// Two nodes of one gemeente that write in one another's document, and a gemeente of its own, taken in bit by bit.
fn history(world: &mut World) -> (Replica<Memory>, Vec<Was>, Vec<DocumentId>) {
    let (key, claim) = world.further_node(0);
    world.statements.push(claim);
    let mut hands = [
        world.hand(0),
        Hand::new(world.federation, key, &mut world.rng),
        world.hand(1),
    ];
    let mut replica = world.replica();
    let (mut states, mut known) = (Vec::new(), Vec::new());
    for round in 0..4 {
        for (at, hand) in hands.iter_mut().enumerate() {
            let owner = gemeente(at / 2);
            let own = hand.found(owner, &format!("{at} wrote {round}"));
            known.push(own);
            if let Some(other) = known.iter().rev().nth(3).copied().filter(|_| at < 2 && round > 1)
                && replica.document(other).unwrap().is_some_and(|info| info.owner == owner)
                && replica.changes(other).unwrap().len() < 3
            {
                let changes = replica.changes(other).unwrap();
                hand.edit(owner, other, &changes, &format!("{at} writes in it, {round}"));
            }
            replica.ingest(hand.log, hand.entries.clone()).unwrap();
            states.push(was(&replica, &known));
        }
    }
    (replica, states, known)
}

#[test]
fn every_earlier_state_is_read_again_as_it_was() {
    let mut world = World::new(120, 2);
    let (replica, states, known) = history(&mut world);
    let edited = known.iter().filter(|id| replica.changes(**id).unwrap().len() > 1);
    assert!(edited.count() > 0, "nothing was edited");
    for (at, state) in states.iter().enumerate() {
        for at_a_time in [1, 3, 100] {
            assert_eq!(read(&replica, &state.heights, at_a_time), state.documents, "state {at}");
        }
    }
}

#[test]
fn what_was_withdrawn_since_is_the_only_thing_that_is_gone() {
    let mut world = World::new(121, 2);
    let (mut replica, states, known) = history(&mut world);
    let last = states.last().unwrap();
    let (log, gone) = (
        last.heights[0].0,
        replica.founded(&past(&replica, &last.heights).unwrap(), last.heights[0].0, 0, 9),
    );
    let gone = gone.unwrap().0[0];
    let at = all(&replica, log)
        .iter()
        .position(|entry| entry.signed.header().document == gone);
    let row = replica.document(gone).unwrap().unwrap();
    let withdrawal = Withdrawal {
        number: 0,
        log,
        seq: at.unwrap() as u64,
        kind: row.kind,
        owner: row.owner,
    };
    let owner = usize::from(row.owner.number() - 9901);
    let statement = world.by_root(owner, Body::Withdraw(withdrawal));
    assert_eq!(replica.add_statements(vec![statement]).unwrap(), 1);
    assert!(known.contains(&gone));
    for state in states.iter().filter(|state| state.documents.contains_key(&gone)) {
        let mut left = state.documents.clone();
        left.insert(gone, Vec::new());
        assert_eq!(read(&replica, &state.heights, 2), left);
    }
}

#[test]
fn what_does_not_count_here_any_more_or_not_yet_is_refused() {
    let mut world = World::new(122, 2);
    let (mut replica, states, _) = history(&mut world);
    let heights = &states.last().unwrap().heights;
    let young = states[0].heights.clone();
    let mut behind = world.replica();
    assert!(matches!(past(&behind, &young), Err(PastError::Behind { held: 0, .. })));
    let (log, height, head) = heights[0];
    behind.ingest(log, all(&replica, log)[..1].to_vec()).unwrap();
    assert!(matches!(past(&behind, heights), Err(PastError::Behind { held: 1, .. })));
    let other = vec![(log, height - 1, head)];
    assert!(matches!(past(&replica, &other), Err(PastError::Other { seq, .. }) if seq == height - 2));
    assert!(past(&replica, &vec![(log, 0, HeaderHash([0; 32]))]).is_ok());
    let node = replica.log(log).unwrap().node;
    let ended = Ending { node, cuts: Vec::new() };
    replica
        .add_statements(vec![world.by_root(0, Body::NodeKeyEnd(ended))])
        .unwrap();
    let cut = past(&replica, heights);
    assert!(matches!(cut, Err(PastError::Cut { counts: 0, .. })), "{cut:?}");
}
