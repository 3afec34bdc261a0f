//! Answers wait while the view has all the work it takes, and for nothing else.

use std::sync::mpsc::Receiver;

use super::*;
use crate::runtime::world::{Founded, core, write};
use crate::view::{Batch, Outcome};

fn answer(peer: u8) -> Answer {
    Answer {
        peer: NodeKey([peer; 32]),
        id: u64::from(peer),
        bytes: vec![0xff; SMALL_BYTES_MAX + 1],
    }
}

/// A core whose view has all the work it takes.
fn full(name: &str) -> (Founded, Core, Receiver<Batch>) {
    let founded = Founded::new(name, 2);
    let (mut core, batches) = core(&founded.homes[0]);
    core.after();
    write(&mut core, 0, 1);
    core.after();
    assert!(core.parts.feed.is_full());
    (founded, core, batches)
}

/// The view writes its oldest batch.
fn writes(core: &mut Core, batches: &Receiver<Batch>) {
    let batch = batches.recv().unwrap();
    let outcome = Outcome {
        number: batch.number,
        written: Ok(batch.state),
    };
    core.view_wrote(outcome, false);
    core.after();
}

#[test]
fn an_answer_waits_for_room_in_the_view() {
    let (_founded, mut core, batches) = full("pace");
    let before_ms = core.now_ms();
    core.answered(answer(1));
    core.answered(answer(2));
    assert_eq!(core.pace.0.len(), 2);
    let small = Answer {
        bytes: vec![0xff; SMALL_BYTES_MAX],
        ..answer(4)
    };
    core.answered(small);
    assert_eq!(core.pace.0.len(), 2, "a small one waits for nobody");
    assert!(core.pace.due_ms() <= before_ms + WAIT_MS_MAX + 1_000 && core.until_due().as_millis() <= 1_000);
    writes(&mut core, &batches);
    assert_eq!((core.pace.0.len(), core.pace.due_ms()), (0, u64::MAX));
    core.answered(answer(3));
    assert!(core.pace.0.is_empty(), "there is room");
}

#[test]
fn no_answer_waits_for_a_view_that_fails_or_longer_than_it_may() {
    let (_founded, mut core, batches) = full("pace-fails");
    core.answered(answer(1));
    core.pace.0[0].0 = core.now_ms();
    core.after();
    assert!(core.pace.0.is_empty(), "it waited long enough");
    core.answered(answer(2));
    let outcome = Outcome {
        number: batches.recv().unwrap().number,
        written: Err(crate::view::ViewError::Damaged {
            detail: "it".to_owned(),
        }),
    };
    core.view_wrote(outcome, false);
    core.after();
    assert!(core.pace.0.is_empty(), "nothing has room while it fails");
}

#[test]
fn no_more_wait_than_may_and_none_for_a_node_that_is_gone() {
    let (_founded, mut core, _batches) = full("pace-many");
    for peer in 0..=u8::try_from(ANSWERS_MAX).unwrap() {
        core.answered(answer(peer));
    }
    assert_eq!(core.pace.0.len(), ANSWERS_MAX);
    let oldest = core.pace.0.front().map(|(_, answer)| answer.peer);
    assert_eq!(oldest, Some(NodeKey([1; 32])), "the oldest went first");
    core.network(crate::net::Event::Disconnected { peer: NodeKey([2; 32]) });
    assert!(core.pace.0.iter().all(|(_, answer)| answer.peer != NodeKey([2; 32])));
    assert_eq!(core.pace.0.len(), ANSWERS_MAX - 1);
}

#[test]
fn a_view_lags_until_it_has_shown_everything_once() {
    let founded = Founded::new("pace-lags", 2);
    let (mut core, batches) = core(&founded.homes[0]);
    core.after();
    assert!(core.pulse().lags());
    writes(&mut core, &batches);
    assert!(!core.pulse().lags());
    write(&mut core, 0, 1);
    core.after();
    assert!(!core.pulse().lags(), "a moment later it shows that too");
    let now_ms = core.now_ms();
    assert!(!core.parts.feed.is_late(now_ms) && core.parts.feed.is_late(now_ms + 60_000));
    // After a backup all that others tell is to be shown first.
    std::fs::write(founded.homes[1].restored(), b"").unwrap();
    let (mut core, batches) = crate::runtime::world::core(&founded.homes[1]);
    core.after();
    writes(&mut core, &batches);
    assert!(core.pulse().lags());
}
