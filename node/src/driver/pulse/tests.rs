//! A core says of each part whether it works.

use std::fs;

use crate::runtime::world::{Founded, core, write};

#[test]
fn an_own_log_that_takes_nothing_and_a_view_that_is_gone_are_told() {
    let founded = Founded::new("pulse", 2);
    let (mut core, batches) = core(&founded.homes[0]);
    let pulse = core.pulse();
    core.after();
    let signs = pulse.signs();
    assert!(signs.own_works && signs.view_works && !signs.hears_first);

    drop(batches);
    // There is no directory in which the log of this run could be made.
    fs::write(founded.homes[0].own(), b"no directory").unwrap();
    assert!(core.would_found(1, 0).is_err());
    core.after();
    let signs = pulse.signs();
    assert!(!signs.own_works && !signs.view_works, "{signs:?}");

    fs::remove_file(founded.homes[0].own()).unwrap();
    write(&mut core, 0, 1);
    core.after();
    assert!(pulse.signs().own_works);
}

#[test]
fn a_view_that_does_not_answer_is_told_after_a_while() {
    let founded = Founded::new("pulse-view", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    core.after();
    let now_ms = core.now_ms();
    assert!(!core.feed().fails(now_ms));
    assert!(core.feed().fails(now_ms + 600_000), "nobody wrote its batch");
}

#[test]
fn a_node_that_hears_others_first_says_so() {
    let founded = Founded::new("pulse-hears", 2);
    fs::write(founded.homes[0].restored(), b"").unwrap();
    let (mut core, _batches) = core(&founded.homes[0]);
    core.after();
    assert!(core.pulse().signs().hears_first);
}
