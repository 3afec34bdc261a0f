//! A node confirms what it erased once a day at most, and then all of it.

use std::sync::mpsc::Receiver;

use super::*;
use crate::runtime::world::{Founded, core, write};
use crate::view::{Batch, Outcome};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Longer than the test takes.
const HOUR_MS: u64 = 60 * 60 * 1000;

/// Lets the core work until the view has written all there is.
fn settle(core: &mut Core, batches: &Receiver<Batch>) {
    loop {
        core.after();
        let Ok(batch) = batches.try_recv() else { return };
        let outcome = Outcome {
            number: batch.number,
            written: Ok(batch.state),
        };
        core.view_wrote(outcome, false);
    }
}

/// The counter of the receipt that this node issued last.
fn issued(core: &Core) -> Option<u64> {
    let receipt = core.replica().roster().erasures().receipt(core.me());
    receipt.map(|receipt| receipt.counter)
}

fn confirms(core: &Core, document: DocumentId) -> bool {
    core.replica().roster().erasures().is_confirmed(document, core.me())
}

#[test]
fn a_node_signs_one_receipt_a_day_and_it_says_all_that_was_erased() {
    let founded = Founded::new("receipts", 2);
    let (mut core, batches) = core(&founded.homes[0]);
    core.parts.receipts_ms = DAY_MS;
    core.start();
    let documents = write(&mut core, 0, 3);
    settle(&mut core, &batches);
    assert_eq!(issued(&core), None, "nothing is erased yet");

    core.withdraw(&documents[..1]).unwrap();
    settle(&mut core, &batches);
    assert_eq!(issued(&core), Some(0), "the first goes at once");
    core.withdraw(&documents[1..2]).unwrap();
    settle(&mut core, &batches);
    core.clock.put_ahead(DAY_MS - HOUR_MS);
    core.withdraw(&documents[2..]).unwrap();
    settle(&mut core, &batches);
    assert_eq!(issued(&core), Some(0), "no second one within a day");
    assert!(confirms(&core, documents[0]) && !confirms(&core, documents[1]));

    core.clock.put_ahead(HOUR_MS);
    settle(&mut core, &batches);
    assert_eq!(issued(&core), Some(1), "one for all that came since");
    assert!(documents.iter().all(|document| confirms(&core, *document)));
    core.clock.put_ahead(2 * DAY_MS);
    settle(&mut core, &batches);
    assert_eq!(issued(&core), Some(1), "and none without news");
}

#[test]
fn a_document_of_anybody_is_found_by_the_begin_of_its_id_or_of_its_record() {
    let founded = Founded::new("places", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    let documents = write(&mut core, 0, 20);
    for document in &documents {
        for begin in [document.to_string(), RecordId::from(*document).to_string()] {
            let found = core.places(&begin[..20]).unwrap();
            let found: Vec<_> = found.iter().map(Withdrawal::document).collect();
            assert_eq!(found, [*document], "{begin}");
        }
    }
    assert_eq!(core.places("").unwrap().len(), PLACES_MAX);
    assert!(core.places("0G").unwrap().is_empty(), "no id begins so");
    let longer = format!("{}0", documents[0]);
    assert!(core.places(&longer).unwrap().is_empty());
    core.withdraw(&documents[..1]).unwrap();
    assert!(core.places(&documents[0].to_string()).unwrap().is_empty(), "it is gone");
}
