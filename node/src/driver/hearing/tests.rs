//! A restored node waits until enough others told it everything, and remembers who did.

use std::sync::mpsc::Receiver;

use protocol::sync::{Config, Machine};

use super::*;
use crate::net::{Command, Event};
use crate::runtime::world::{self, Founded, gemeente, write};
use crate::view::Batch;

/// The node of the gemeente with this number, made of a backup or not.
fn opened(founded: &Founded, at: usize, restored: bool) -> (Core, Receiver<Batch>) {
    let home = &founded.homes[at];
    if restored && !home.restored().exists() {
        fs::write(home.restored(), "").unwrap();
    }
    let (mut core, batches) = world::core(home);
    let at_once = Config {
        yield_ms: 0,
        ..Config::default()
    };
    core.machine = Machine::new(core.me(), at_once);
    core.machine.hear_first(core.hears_first());
    (core, batches)
}

/// Lets two nodes talk until they are silent; of the first only what it answers arrives when it may not `ask`.
fn talk(one: &mut Core, other: &mut Core, ask: bool) {
    let names = [one.me(), other.me()];
    one.network(Event::Connected { peer: names[1] });
    other.network(Event::Connected { peer: names[0] });
    loop {
        let mut silent = true;
        for (from, may_ask) in [(0, ask), (1, true)] {
            let (speaks, hears) = match from {
                0 => (&mut *one, &mut *other),
                _ => (&mut *other, &mut *one),
            };
            let peer = names[from];
            for command in speaks.take_commands() {
                let event = match command {
                    Command::Request { id, bytes, .. } if may_ask => Event::Request { peer, id, bytes },
                    Command::Respond { id, bytes, .. } => Event::Response { peer, id, bytes },
                    _ => continue,
                };
                silent = false;
                hears.network(event);
            }
            speaks.after();
        }
        if silent {
            return;
        }
    }
}

#[test]
fn more_than_a_third_is_needed_and_of_a_few_all() {
    let said: Vec<usize> = [0, 1, 2, 3, 5, 6, 9, 15, 18, 341].map(needed).into();
    assert_eq!(said, [0, 1, 2, 2, 2, 3, 4, 6, 6, 6]);
}

#[test]
fn one_that_was_heard_is_not_enough_and_is_remembered() {
    let founded = Founded::new("hearing", 5);
    let (mut one, _one) = opened(&founded, 1, false);
    let (mut two, _two) = opened(&founded, 2, false);
    let (mut me, batches) = opened(&founded, 0, true);
    talk(&mut me, &mut one, true);
    let waits = me.waits().expect("one of four is not enough");
    assert_eq!((waits.needed, waits.unheard.len()), (2, 3));
    assert_eq!(waits.heard, BTreeSet::from([gemeente(1)]));
    drop((me, batches));

    let (mut me, _batches) = opened(&founded, 0, true);
    assert_eq!(me.waits(), Some(waits), "it is known after a restart");
    talk(&mut me, &mut two, true);
    assert_eq!(me.waits(), None);
    assert!(!founded.homes[0].restored().exists());
}

#[test]
fn without_a_charter_it_waits_for_one() {
    let scratch = crate::scratch::Scratch::new("hearing-nowhere");
    let home = world::home(scratch.path().join("node"), 0);
    fs::write(home.restored(), "").unwrap();
    let (mut core, _batches) = world::core(&home);
    core.after();
    assert!(core.hears_first() && home.restored().exists());
}

#[test]
fn of_two_others_both_are_heard() {
    let founded = Founded::new("hearing-both", 3);
    let (mut one, _one) = opened(&founded, 1, false);
    let (mut two, _two) = opened(&founded, 2, true);
    let (mut me, _batches) = opened(&founded, 0, true);
    talk(&mut me, &mut one, true);
    assert!(me.hears_first() && two.hears_first());
    // The other waits too: that is no reason to wait for ever.
    talk(&mut me, &mut two, true);
    assert!(!me.hears_first());
}

#[test]
fn who_was_not_heard_gets_no_entries() {
    let founded = Founded::new("hearing-gives", 2);
    let (mut one, _one) = opened(&founded, 1, false);
    let (mut me, _batches) = opened(&founded, 0, false);
    write(&mut me, 0, 2);
    me.finish().unwrap();
    let (mut me, _batches) = opened(&founded, 0, true);
    talk(&mut me, &mut one, false);
    assert_eq!(one.replica().logs().count(), 0);
    assert!(me.hears_first());
}

#[test]
fn what_the_disk_did_not_take_is_tried_again_a_little_later() {
    let founded = Founded::new("hearing-disk", 5);
    let restored = founded.homes[0].restored();
    let (mut one, _one) = opened(&founded, 1, false);
    let (mut two, _two) = opened(&founded, 2, false);
    let (mut me, _batches) = opened(&founded, 0, true);
    // What is written beside the file finds its place taken.
    let beside = restored.with_extension("new");
    fs::create_dir(&beside).unwrap();
    talk(&mut me, &mut one, true);
    let due_ms = |core: &Core| core.parts.hears_first.as_ref().unwrap().due_ms();
    assert!(due_ms(&me) < u64::MAX, "it failed");
    fs::remove_dir(&beside).unwrap();
    me.after();
    assert_eq!(fs::read_to_string(&restored).unwrap(), "", "not at every turn");
    me.clock.put_ahead(RETRY_MS);
    me.after();
    assert_eq!(fs::read_to_string(&restored).unwrap(), format!("{}\n", one.me()));
    assert_eq!(due_ms(&me), u64::MAX);

    // A directory does not go like a file.
    fs::remove_file(&restored).unwrap();
    fs::create_dir(&restored).unwrap();
    talk(&mut me, &mut two, true);
    assert!(me.hears_first() && due_ms(&me) < u64::MAX);
    fs::remove_dir(&restored).unwrap();
    me.clock.put_ahead(RETRY_MS);
    me.after();
    assert!(!me.hears_first());
}
