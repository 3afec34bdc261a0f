//! A replica meets a second history of a log it holds.

use super::*;
use crate::log::tests::world::{World, gemeente};

#[test]
fn a_second_history_is_refused_and_proven_where_it_parts() {
    let mut world = World::new(60, 2);
    let mut common = world.hand(0);
    common.found(gemeente(0), "common");
    let (mut ours, mut theirs) = (common.clone(), common.clone());
    for at in 0..3 {
        ours.found(gemeente(0), &format!("ours {at}"));
    }
    for at in 0..5 {
        theirs.found(gemeente(0), &format!("theirs {at}"));
    }
    let mut replica = world.replica();
    replica.ingest(ours.log, ours.entries.clone()).unwrap();
    let digest = replica.digest();
    for from in 0..=2 {
        let ingested = replica.ingest(ours.log, theirs.entries[from..].to_vec()).unwrap();
        assert_eq!(
            ingested.refused,
            Some(Refusal {
                seq: 2,
                why: Reason::Fork
            })
        );
        let shown = ingested.fork.unwrap().verify().unwrap();
        assert_eq!(
            (shown.log, shown.seq, shown.head),
            (ours.log, 2, common.entries[1].signed.hash())
        );
    }
    let beyond = replica.ingest(ours.log, theirs.entries[3..].to_vec()).unwrap();
    assert_eq!(
        (beyond.refused, beyond.fork),
        (
            Some(Refusal {
                seq: 3,
                why: Reason::Fork
            }),
            None
        )
    );
    let mut forged = theirs.entries.clone();
    forged
        .iter_mut()
        .for_each(|entry| entry.signed = unsigned(&entry.signed));
    let forged = replica.ingest(ours.log, forged).unwrap();
    assert_eq!(
        (forged.refused, forged.fork),
        (
            Some(Refusal {
                seq: 2,
                why: Reason::Signature
            }),
            None
        )
    );
    assert_eq!(replica.refusals().of(Reason::Fork), 4);
    assert_eq!(replica.digest(), digest);
    let behind = replica.ingest(ours.log, theirs.entries[5..].to_vec()).unwrap();
    assert_eq!(
        behind.refused,
        Some(Refusal {
            seq: 5,
            why: Reason::Chain
        })
    );
}
