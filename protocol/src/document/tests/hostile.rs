//! Changes made to hurt: each is refused for the reason it is here for.

use automerge::transaction::Transactable;
use automerge::{Automerge, ROOT};

use super::forge::{
    ACTION, Forge, INSERT, KEY, PRED_ACTOR, PRED_COUNT, PRED_COUNTER, VALUE_META, literal, run, seal, signed, text,
    unsigned,
};
use crate::document::{ChangeError, Expected, actor as actor_of, matches, validate};
use crate::id::{DocumentId, LogId};

fn refused(forge: &Forge) -> ChangeError {
    validate(&forge.bytes()).unwrap_err()
}

#[test]
fn the_change_to_start_from_is_valid() {
    let checked = validate(&Forge::root().bytes()).unwrap();
    assert_eq!((checked.ops, checked.max_op, checked.deps.len()), (1, 1, 0));
    let checked = validate(&Forge::later(40).bytes()).unwrap();
    assert_eq!((checked.start_op, checked.max_op, checked.deps.len()), (40, 40, 1));
}

#[test]
fn twenty_million_predecessors() {
    let claim = Forge::later(30_000_000)
        .with(PRED_COUNT, literal([unsigned(20_000_000)]))
        .with(PRED_ACTOR, run(20_000_000, unsigned(0)))
        .with(PRED_COUNTER, run(20_000_000, signed(1)));
    assert_eq!(refused(&claim), ChangeError::TooManyPredecessors);
    let overflow = claim.with(PRED_COUNT, literal([unsigned(u64::MAX)]));
    assert_eq!(refused(&overflow), ChangeError::TooManyPredecessors);
}

#[test]
fn two_million_operations() {
    let rows = 2_000_000;
    let claim = Forge::root()
        .with(KEY, run(rows, text("a")))
        .with(INSERT, unsigned(rows as u64))
        .with(ACTION, run(rows, unsigned(1)))
        .with(VALUE_META, run(rows, unsigned(2)))
        .with(PRED_COUNT, run(rows, unsigned(0)));
    assert_eq!(refused(&claim), ChangeError::KeyOrder);
    let claim = claim.with(ACTION, run(i64::MAX, unsigned(1)));
    assert_eq!(refused(&claim), ChangeError::KeyOrder);
}

#[test]
fn counters_where_automerge_ends() {
    for found in [0, u64::from(u32::MAX), u64::MAX, (1 << 30) + 1] {
        let start_op = Forge {
            start_op: found,
            ..Forge::later(2)
        };
        assert_eq!(refused(&start_op), ChangeError::Counter { found });
        let seq = Forge {
            seq: found,
            ..Forge::later(2)
        };
        assert_eq!(refused(&seq), ChangeError::Counter { found });
    }
}

#[test]
fn chunks_that_are_not_a_plain_change() {
    let mut document = Automerge::new();
    let mut transaction = document.transaction();
    transaction.put(ROOT, "a", "x".repeat(1000)).unwrap();
    transaction.commit();
    let compressed = document.get_last_local_change().unwrap().bytes().into_owned();
    let saved = document.save();
    assert_eq!(validate(&saved), Err(ChangeError::ChunkType { found: 0 }));
    assert_eq!(validate(&compressed), Err(ChangeError::ChunkType { found: 2 }));
    for found in [0, 2, 3, 4, 255] {
        let other = Forge {
            chunk_type: found,
            ..Forge::root()
        };
        assert_eq!(refused(&other), ChangeError::ChunkType { found });
    }
}

#[test]
fn counts_that_claim_what_is_not_there() {
    let counts = |counts: [u64; 3]| {
        let [dependencies, others, columns] = counts.map(unsigned);
        let head = [&dependencies[..], &[16], &[7; 16], &[1, 1, 0, 0]].concat();
        validate(&seal(1, &[head, others, columns].concat()))
    };
    assert_eq!(
        counts([1 << 40, 0, 0]),
        Err(ChangeError::Dependencies { count: 1 << 40 })
    );
    assert_eq!(counts([64, 0, 0]), Err(ChangeError::Short));
    assert_eq!(counts([0, 1 << 40, 0]), Err(ChangeError::Actors { count: 1 << 40 }));
    assert_eq!(counts([0, 256, 0]), Err(ChangeError::Short));
    assert_eq!(counts([0, 0, 1 << 40]), Err(ChangeError::Columns { count: 1 << 40 }));
    assert_eq!(counts([0, 0, 8]), Err(ChangeError::Short));
    assert_eq!(counts([0, 0, 0]), Err(ChangeError::Rows));
}

#[test]
fn frames_that_do_not_fit() {
    let good = Forge::root().bytes();
    for end in 0..good.len() {
        assert!(validate(&good[..end]).is_err(), "cut at {end}");
    }
    assert_eq!(validate(&[&good[..], &[0]].concat()), Err(ChangeError::Length));
    assert_eq!(validate(&[&good[..], &good].concat()), Err(ChangeError::Length));
    let mut wrong = good.clone();
    wrong[0] ^= 1;
    assert_eq!(validate(&wrong), Err(ChangeError::Magic));
    let mut wrong = good.clone();
    wrong[4] ^= 1;
    assert_eq!(validate(&wrong), Err(ChangeError::Checksum));
    let mut wrong = good.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(validate(&wrong), Err(ChangeError::Checksum));
    // The length in two bytes where one would do: another hash for the same change.
    let long = [&good[..9], &[good[9] | 0x80, 0], &good[10..]].concat();
    assert_eq!(validate(&long), Err(ChangeError::Number));
}

#[test]
fn what_a_change_may_not_carry() {
    let root = Forge::root;
    assert_eq!(refused(&Forge { time: 1, ..root() }), ChangeError::Time);
    assert_eq!(refused(&Forge { time: -1, ..root() }), ChangeError::Time);
    assert_eq!(
        refused(&Forge {
            message: b"hoi".into(),
            ..root()
        }),
        ChangeError::Message
    );
    assert_eq!(
        refused(&Forge {
            extra: vec![0],
            ..root()
        }),
        ChangeError::Extra { bytes: 1 }
    );
    assert_eq!(
        refused(&Forge {
            actor: vec![7; 15],
            ..root()
        }),
        ChangeError::ActorLength
    );
    assert_eq!(
        refused(&Forge {
            actor: vec![7; 17],
            ..root()
        }),
        ChangeError::ActorLength
    );
    assert_eq!(
        refused(&Forge {
            others: vec![vec![8; 4]],
            ..root()
        }),
        ChangeError::ActorLength
    );
    assert_eq!(
        refused(&Forge {
            others: vec![vec![8; 16]],
            ..root()
        }),
        ChangeError::UnusedActor
    );
    assert_eq!(
        refused(&Forge {
            others: vec![vec![7; 16]],
            ..root()
        }),
        ChangeError::ActorOrder
    );
    let twice = vec![vec![8; 16], vec![8; 16]];
    assert_eq!(
        refused(&Forge {
            others: twice,
            ..root()
        }),
        ChangeError::ActorOrder
    );
}

#[test]
fn a_change_starts_at_one_only_without_dependencies() {
    assert_eq!(refused(&Forge::later(1)), ChangeError::Root);
    assert_eq!(
        refused(&Forge {
            start_op: 2,
            ..Forge::root()
        }),
        ChangeError::Root
    );
    assert_eq!(
        refused(&Forge {
            seq: 2,
            ..Forge::root()
        }),
        ChangeError::Root
    );
    let unsorted = Forge {
        dependencies: vec![[2; 32], [1; 32]],
        ..Forge::later(2)
    };
    assert_eq!(refused(&unsorted), ChangeError::DependencyOrder);
    let twice = Forge {
        dependencies: vec![[1; 32], [1; 32]],
        ..Forge::later(2)
    };
    assert_eq!(refused(&twice), ChangeError::DependencyOrder);
}

#[test]
fn a_change_that_is_not_the_next_one() {
    let checked = validate(
        &Forge {
            seq: 3,
            ..Forge::later(40)
        }
        .bytes(),
    )
    .unwrap();
    let expected = Expected {
        actor: [7; 16],
        seq: 3,
        max_op_of_deps: 39,
    };
    assert_eq!(matches(&checked, &expected), Ok(()));
    let other = Expected {
        actor: [8; 16],
        ..expected
    };
    assert_eq!(matches(&checked, &other), Err(ChangeError::Actor));
    let other = Expected { seq: 4, ..expected };
    assert_eq!(
        matches(&checked, &other),
        Err(ChangeError::Seq { expected: 4, found: 3 })
    );
    let other = Expected {
        max_op_of_deps: 40,
        ..expected
    };
    assert_eq!(
        matches(&checked, &other),
        Err(ChangeError::StartOp {
            expected: 41,
            found: 40
        })
    );
    let other = Expected {
        max_op_of_deps: u64::MAX,
        ..expected
    };
    assert!(matches(&checked, &other).is_err());
}

#[test]
fn every_log_and_document_has_its_own_actor() {
    let actor = |log, document| actor_of(LogId([log; 32]), DocumentId([document; 32]));
    assert_eq!(actor(1, 2), actor(1, 2));
    assert_ne!(actor(1, 2), actor(2, 2));
    assert_ne!(actor(1, 2), actor(1, 1));
    assert_ne!(actor(1, 2), actor(2, 1));
}
