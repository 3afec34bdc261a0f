//! Real changes, damaged at random with their checksums put right: whatever the validator still accepts, automerge
//! must load and apply, and see in it what is seen here.

use std::panic::catch_unwind;

use automerge::Change;

use super::differential::oracle;
use super::forge::{Forge, seal, signed, unsigned};
use super::samples::document;
use crate::document::history::History;
use crate::document::{read, validate};
use crate::entropy::Seeded;

const DOCUMENTS: u64 = 400;
const MUTATIONS: u64 = 300;

#[test]
fn what_is_accepted_after_damage_is_read_as_automerge_reads_it() {
    let (mut accepted, mut applied) = (0, 0);
    for seed in 0..DOCUMENTS {
        let mut rng = Seeded::new(seed);
        let mut changes = document(&mut rng);
        let last = changes.pop().unwrap();
        for _ in 0..MUTATIONS {
            let mutant = damage(&last, &mut rng);
            let Ok(checked) = validate(&mutant) else {
                continue;
            };
            accepted += 1;
            let theirs = Change::try_from(mutant.as_slice()).expect("automerge loads what is valid");
            assert_eq!(
                (checked.ops, checked.max_op),
                (theirs.len() as u64, theirs.max_op()),
                "seed {seed}"
            );
            let all = [&changes[..], &[mutant]].concat();
            applied += usize::from(assert_applied(&all, seed));
        }
    }
    assert!(
        accepted > 5_000 && applied > 3_000,
        "{accepted} accepted, {applied} applied"
    );
}

/// Applies changes with automerge if they fit together at all; `read` must survive either way.
fn assert_applied(changes: &[Vec<u8>], seed: u64) -> bool {
    let fits = read(changes).is_ok();
    let Ok(history) = History::read(changes) else {
        assert!(!fits);
        return false;
    };
    let theirs = catch_unwind(|| oracle(changes)).unwrap_or_else(|_| panic!("automerge panics, seed {seed}"));
    assert_eq!(
        history.entries(),
        theirs.expect("automerge applies what fits"),
        "seed {seed}"
    );
    true
}

fn damage(change: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut forge = Forge::of(change);
    if rng.chance(1, 4) {
        let mut contents = forge.contents();
        bend(&mut contents, rng);
        return seal(1, &contents);
    }
    for _ in 0..1 + rng.below(2) {
        bend_part(&mut forge, rng);
    }
    forge.bytes()
}

/// Changes one part of a change; most often a column.
fn bend_part(forge: &mut Forge, rng: &mut Seeded) {
    match rng.below(20) {
        0 => forge.seq = forge.seq.wrapping_add(rng.below(3)).wrapping_sub(1),
        1 => forge.start_op = forge.start_op.wrapping_add(rng.below(3)).wrapping_sub(1),
        2 => drop(forge.dependencies.pop()),
        3 => drop(forge.others.pop()),
        4 => forge.others.push(vec![rng.next() as u8; 16]),
        5 => bend(&mut forge.actor, rng),
        6 => drop(forge.columns.remove(rng.below(forge.columns.len() as u64) as usize)),
        7 => forge.columns[rng.below(2) as usize].0 ^= 1 << rng.below(9),
        8 => {
            let count = 1 + rng.below(3);
            let at = rng.below(forge.columns.len() as u64) as usize;
            let run = [signed(count as i64), unsigned(rng.below(4))].concat();
            forge.columns[at].1.extend(run);
        }
        _ => {
            let at = rng.below(forge.columns.len() as u64) as usize;
            bend(&mut forge.columns[at].1, rng);
        }
    }
}

/// Changes, adds or removes one byte.
fn bend(bytes: &mut Vec<u8>, rng: &mut Seeded) {
    let at = rng.below(bytes.len() as u64) as usize;
    match rng.below(6) {
        _ if bytes.is_empty() => bytes.push(rng.next() as u8),
        0 => drop(bytes.remove(at)),
        1 => bytes.insert(at, rng.next() as u8),
        2 => bytes[at] = rng.next() as u8,
        3 => bytes[at] = bytes[at].wrapping_add(1),
        4 => bytes[at] = bytes[at].wrapping_sub(1),
        _ => bytes[at] ^= 1 << rng.below(8),
    }
}
