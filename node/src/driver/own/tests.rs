//! The file of an own log is whole, also when it could not be made at first.

use std::fs;

use super::*;
use crate::runtime::world::{self, Founded, core, write};
use crate::store::survey_own_log;

#[test]
fn a_log_whose_file_could_not_be_made_at_first_is_in_it_from_its_opening_on() {
    let founded = Founded::new("own-late", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    let sound = core.parts.own_dir.clone();
    // No directory can be made below a file.
    let taken = founded.dir().join("taken");
    fs::write(&taken, "").unwrap();
    core.parts.own_dir = taken.join("own");
    let refused = core.would_found(1, 0);
    assert!(matches!(refused, Err(CoreError::OwnLog(_))), "{refused:?}");
    let log = core.replica().own_log().expect("the opening is in the store");

    core.parts.own_dir = sound.clone();
    write(&mut core, 0, 2);
    assert_eq!(core.replica().own_log(), Some(log));
    let keys = core.parts.keys.clone();
    let kept = survey_own_log(&sound, log, &keys).unwrap();
    let kept: Vec<u64> = kept.iter().map(|entry| entry.signed.header().seq).collect();
    assert_eq!(kept, [0, 1, 2]);
    drop(core);
    let (core, _batches) = world::core(&founded.homes[0]);
    assert!(core.restored().refused.is_empty());
    assert_eq!(core.replica().log(log).unwrap().effective, 3);
}
