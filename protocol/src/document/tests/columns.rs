//! Columns made to hurt: each change is refused for the reason it is here for.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ScalarValue};

use super::forge::{
    ACTION, Forge, INSERT, KEY, PRED_ACTOR, PRED_COUNT, PRED_COUNTER, VALUE, VALUE_META, column, literal, run, signed,
    text, unsigned,
};
use super::samples::actor;
use crate::document::{ChangeError, validate};

fn refused(forge: &Forge) -> ChangeError {
    validate(&forge.bytes()).unwrap_err()
}

/// A change of automerge, made by `write`, with its bytes as automerge keeps them.
fn written(write: impl Fn(&mut automerge::transaction::Transaction<'_>)) -> Vec<u8> {
    let mut document = Automerge::new().with_actor(ActorId::from(actor(0)));
    let mut transaction = document.transaction();
    write(&mut transaction);
    transaction.commit();
    document.get_last_local_change().unwrap().raw_bytes().to_vec()
}

fn written_value(value: ScalarValue) -> Result<(), ChangeError> {
    validate(&written(|transaction| {
        transaction.put(ROOT, "a", value.clone()).unwrap()
    }))
    .map(drop)
}

#[test]
fn columns_that_are_not_of_a_flat_map() {
    // Objects, list elements, expand, mark names, something unknown, and every known column compressed.
    for number in [
        1,
        2,
        17,
        19,
        148,
        165,
        200,
        8 | KEY,
        8 | ACTION,
        8 | VALUE_META,
        8 | PRED_COUNT,
    ] {
        let column = Forge::root().with(number, literal([unsigned(1)]));
        assert_eq!(refused(&column), ChangeError::Column { number });
    }
    let empty = Forge::root().with(VALUE, vec![]);
    assert_eq!(refused(&empty), ChangeError::Column { number: VALUE });
    let mut swapped = Forge::root();
    swapped.columns.swap(0, 1);
    assert_eq!(refused(&swapped), ChangeError::Column { number: KEY });
    let mut twice = Forge::root();
    twice.columns.insert(1, twice.columns[0].clone());
    assert_eq!(refused(&twice), ChangeError::Column { number: KEY });
}

#[test]
fn objects_lists_and_marks_of_automerge() {
    for kind in [ObjType::Map, ObjType::List, ObjType::Text] {
        let made = written(|transaction| drop(transaction.put_object(ROOT, "a", kind).unwrap()));
        assert!(matches!(validate(&made), Err(ChangeError::Action { .. })), "{kind:?}");
        let filled = written(|transaction| {
            let object = transaction.put_object(ROOT, "a", kind).unwrap();
            match kind {
                ObjType::Map => transaction.put(&object, "b", 1).unwrap(),
                ObjType::List => transaction.insert(&object, 0, 1).unwrap(),
                _ => transaction.splice_text(&object, 0, 0, "b").unwrap(),
            }
        });
        let verdict = validate(&filled);
        assert!(
            matches!(verdict, Err(ChangeError::Column { .. } | ChangeError::Columns { .. })),
            "{kind:?}"
        );
    }
}

#[test]
fn values_of_types_that_are_not_written() {
    for value in [
        ScalarValue::Int(-5),
        ScalarValue::Boolean(false),
        ScalarValue::Str("".into()),
    ] {
        assert_eq!(written_value(value), Ok(()));
    }
    for (value, kind) in [
        (ScalarValue::Null, 0),
        (ScalarValue::Uint(1), 3),
        (ScalarValue::F64(1.0), 5),
        (ScalarValue::Bytes(vec![1]), 7),
        (ScalarValue::counter(1), 8),
        (ScalarValue::Timestamp(1), 9),
    ] {
        assert_eq!(written_value(value), Err(ChangeError::Value { action: 1, kind }));
    }
    for action in [0, 2, 4, 5, 6, 7, 8, u64::MAX] {
        let other = Forge::root().with(ACTION, literal([unsigned(action)]));
        assert_eq!(refused(&other), ChangeError::Action { action });
    }
    let deleted = Forge::root().with(ACTION, literal([unsigned(3)]));
    assert_eq!(refused(&deleted), ChangeError::Value { action: 3, kind: 2 });
    let deleted = deleted.with(VALUE_META, literal([unsigned(0)]));
    assert_eq!(refused(&deleted), ChangeError::DeletesNothing);
}

#[test]
fn values_that_are_not_their_type() {
    let value = |meta, bytes: &[u8]| {
        let forge = Forge::root().with(VALUE_META, literal([unsigned(meta)]));
        refused(&if bytes.is_empty() {
            forge
        } else {
            forge.with(VALUE, bytes.to_vec())
        })
    };
    assert_eq!(value(1 << 4 | 6, &[0xff]), ChangeError::Utf8);
    assert_eq!(value(2 << 4 | 6, b"x"), ChangeError::Short);
    assert_eq!(value(1 << 4 | 6, b"xx"), ChangeError::Rows);
    assert_eq!(value(u64::MAX << 4 | 4, b"x"), ChangeError::Short);
    assert_eq!(value(2 << 4 | 4, &[0x80, 0]), ChangeError::Number);
    assert_eq!(value(2 << 4 | 4, &[1, 1]), ChangeError::Number);
    assert_eq!(value(4, &[]), ChangeError::Short);
    assert_eq!(value(1 << 4 | 2, &[1]), ChangeError::Value { action: 1, kind: 2 });
}

#[test]
fn columns_that_are_longer_or_shorter_than_the_rows() {
    for (number, bytes) in [
        (KEY, literal([text("a"), text("b")])),
        (VALUE_META, run(2, unsigned(2))),
        (PRED_COUNT, run(2, unsigned(0))),
        (PRED_ACTOR, literal([unsigned(0)])),
        (PRED_COUNTER, literal([signed(1)])),
        (ACTION, run(2, unsigned(1))),
    ] {
        assert_eq!(
            refused(&Forge::root().with(number, bytes)),
            ChangeError::Rows,
            "column {number}"
        );
    }
    for insert in [vec![2], vec![0, 1], vec![1, 0], vec![0]] {
        assert_eq!(refused(&Forge::root().with(INSERT, insert)), ChangeError::Insert);
    }
    let empty = [signed(0), unsigned(1)].concat();
    for number in [KEY, ACTION, VALUE_META, PRED_COUNT] {
        assert_eq!(
            refused(&Forge::root().with(number, empty.clone())),
            ChangeError::EmptyElement
        );
    }
}

#[test]
fn columns_that_automerge_would_write_otherwise() {
    let counts = |counts: Vec<u8>, rows| {
        let forge = Forge::root().with(KEY, literal(["a", "b", "c", "d"][..rows].iter().map(|key| text(key))));
        let forge = forge
            .with(INSERT, unsigned(rows as u64))
            .with(ACTION, run(rows as i64, unsigned(1)));
        let forge = Forge {
            dependencies: vec![[1; 32]],
            start_op: 9,
            ..forge
        };
        let forge = forge
            .with(VALUE_META, run(rows as i64, unsigned(2)))
            .with(PRED_COUNT, counts);
        let forge = forge
            .with(PRED_ACTOR, run(2, unsigned(0)))
            .with(PRED_COUNTER, run(2, signed(1)));
        validate(&forge.bytes()).map(drop)
    };
    let (zero, one) = (|| unsigned(0), || unsigned(1));
    assert_eq!(counts([run(2, zero()), run(2, one())].concat(), 4), Ok(()));
    assert_eq!(
        counts([literal([one()]), run(2, zero()), literal([one()])].concat(), 4),
        Ok(())
    );
    for (column, rows) in [
        ([run(1, zero()), run(2, one())].concat(), 3),
        ([run(2, one()), run(1, zero())].concat(), 3),
        ([literal([zero()]), literal([one(), unsigned(1)])].concat(), 3),
        ([literal([zero()]), literal([unsigned(2)])].concat(), 2),
        (literal([one(), one()]), 2),
        ([run(2, zero()), literal([zero(), unsigned(2)])].concat(), 4),
        ([literal([unsigned(2), zero()]), run(2, zero())].concat(), 4),
        ([literal([unsigned(2)]), run(2, zero()), literal([zero()])].concat(), 4),
    ] {
        assert_eq!(counts(column, rows), Err(ChangeError::Run));
    }
}

#[test]
fn keys_that_are_not_in_order() {
    let two = |a: &str, b: &str| {
        Forge::root()
            .with(KEY, column([text(a), text(b)]))
            .with(INSERT, unsigned(2))
            .with(ACTION, run(2, unsigned(1)))
            .with(VALUE_META, run(2, unsigned(2)))
            .with(PRED_COUNT, run(2, unsigned(0)))
    };
    assert!(validate(&two("a", "b").bytes()).is_ok());
    assert_eq!(refused(&two("b", "a")), ChangeError::KeyOrder);
    assert_eq!(refused(&two("a", "a")), ChangeError::KeyOrder);
    assert_eq!(refused(&two("", "a")), ChangeError::KeyOrder);
    assert_eq!(
        refused(&Forge::root().with(KEY, literal([vec![1, 0xff]]))),
        ChangeError::Utf8
    );
}

#[test]
fn predecessors_that_cannot_be() {
    let with = |actors: &[u64], counters: &[i64]| {
        let before = |at: usize| if at == 0 { 0 } else { counters[at - 1] };
        let deltas = (0..counters.len()).map(|at| signed(counters[at].wrapping_sub(before(at))));
        let forge = Forge {
            others: vec![vec![3; 16], vec![9; 16]],
            ..Forge::later(10)
        };
        let forge = forge.with(PRED_COUNT, literal([unsigned(counters.len() as u64)]));
        let forge = forge.with(PRED_ACTOR, column(actors.iter().map(|actor| unsigned(*actor))));
        validate(&forge.with(PRED_COUNTER, column(deltas)).bytes()).map(drop)
    };
    // In the order of the actors themselves: 03.. is number 1, the writer 07.. number 0, 09.. number 2.
    assert_eq!(with(&[1, 0, 2], &[4, 4, 4]), Ok(()));
    assert_eq!(with(&[2, 1], &[8, 9]), Ok(()));
    for (actors, counters) in [
        (&[0, 1, 2], &[4, 4, 4]),
        (&[1, 2, 2], &[3, 4, 4]),
        (&[1, 2, 0], &[5, 4, 6]),
        (&[1, 2, 0], &[1, 2, 10]),
        (&[1, 2, 0], &[0, 2, 3]),
        (&[1, 2, 0], &[-1, 2, 3]),
        (&[1, 2, 3], &[1, 2, 3]),
        (&[1, 2, u64::MAX], &[1, 2, 3]),
    ] {
        assert_eq!(
            with(actors, counters),
            Err(ChangeError::Predecessor),
            "{actors:?} {counters:?}"
        );
    }
    assert_eq!(with(&[1, 1], &[1, 2]), Err(ChangeError::UnusedActor));
    assert_eq!(with(&[1, 2], &[i64::MAX, i64::MIN]), Err(ChangeError::Predecessor));
}
