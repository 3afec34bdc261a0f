//! Two nodes of a gemeente that work at the same time, and documents whose changes do not fit together.

use std::collections::BTreeSet;

use super::forge::{Forge, KEY, PRED_ACTOR, PRED_COUNT, PRED_COUNTER, literal, signed, text, unsigned};
use super::samples::{World, actor, reordered, with_fields};
use crate::document::encode::Scalar;
use crate::document::history::History;
use crate::document::seal::seal;
use crate::document::{ChangeError, DocumentError, edit, found, read, validate};
use crate::entropy::Seeded;
use crate::id::Week;
use crate::record::{FROZEN, Fields, Value};

fn week() -> Week {
    Week::new(2025, 6).unwrap()
}

fn codes(codes: &[&str]) -> Value {
    Value::Codes(codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>())
}

fn texts(list: &[&str]) -> Value {
    Value::Texts(list.iter().map(|text| (*text).to_owned()).collect())
}

/// Nodes 0 and 1 edit one field at the same time; what both then see.
fn concurrently(before: Option<Value>, first: Value, second: Value) -> Option<Value> {
    let fields = |value: Value| with_fields(week(), Fields::from([("aard".into(), value)]));
    let founding = before.map_or_else(|| with_fields(week(), Fields::new()), fields);
    let mut world = World::new(found(actor(2), &founding).unwrap());
    world.edit(0, &fields(first));
    world.edit(1, &fields(second));
    world.meet(0, 1);
    world.meet(1, 0);
    let seen = read(&world.of(0)).unwrap();
    assert_eq!(seen, read(&world.of(1)).unwrap());
    assert_eq!(seen, read(&reordered(&world.changes, &mut Seeded::new(1))).unwrap());
    seen.fields.get("aard").cloned()
}

#[test]
fn members_that_two_nodes_add_are_both_in_the_set() {
    let both = Some(codes(&["a", "b"]));
    assert_eq!(concurrently(None, codes(&["a"]), codes(&["b"])), both);
    let all = Some(codes(&["a", "b", "c"]));
    assert_eq!(
        concurrently(Some(codes(&["c"])), codes(&["a", "c"]), codes(&["b", "c"])),
        all
    );
    let moved = Some(codes(&["a", "b"]));
    assert_eq!(concurrently(Some(codes(&["c"])), codes(&["a"]), codes(&["b"])), moved);
}

#[test]
fn what_an_experiment_froze_stays_whatever_is_written_later() {
    let named = |name: &str| {
        let mut fields = Fields::from([("maat".into(), Value::Text(name.into()))]);
        fields.insert(FROZEN.into(), codes(&[name]));
        with_fields(week(), fields)
    };
    let mut world = World::new(found(actor(2), &named("een")).unwrap());
    world.edit(0, &named("twee"));
    assert_eq!(read(&world.of(0)).unwrap().fields[FROZEN], codes(&["een", "twee"]));
    assert!(edit(actor(0), &world.of(0), &named("twee")).unwrap().is_none());
    // Another program takes one away, and makes something else of the other.
    let mut changes = world.of(0);
    let edits = vec![
        (format!("C:{FROZEN}:een"), None),
        (format!("C:{FROZEN}:twee"), Some(Scalar::Number(0))),
    ];
    changes.push(seal(actor(0), &History::read(&world.of(0)).unwrap(), edits).unwrap());
    assert!(validate(&changes[2]).is_ok());
    assert_eq!(read(&changes).unwrap().fields[FROZEN], codes(&["een", "twee"]));
}

#[test]
fn texts_that_two_nodes_add_are_both_in_the_list() {
    let Some(Value::Texts(list)) = concurrently(Some(texts(&["x"])), texts(&["x", "a"]), texts(&["x", "b"])) else {
        panic!("a list");
    };
    assert_eq!(list[0], "x");
    assert_eq!(
        list[1..].iter().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from(["a", "b"])
    );
    let same = concurrently(Some(texts(&["x"])), texts(&["x", "a"]), texts(&["x", "a"]));
    assert_eq!(same, Some(texts(&["x", "a"])));
}

/// Of two values the one by the greater actor stays, whoever wrote first: the operations have the same counter.
#[test]
fn of_two_values_everybody_keeps_the_same_one() {
    let (first, second) = (Value::Code("a".into()), Value::Code("b".into()));
    let winner = if actor(0) > actor(1) {
        first.clone()
    } else {
        second.clone()
    };
    assert_eq!(concurrently(None, first, second), Some(winner));
}

#[test]
fn a_value_written_while_another_node_deletes_it_stays() {
    let fields = |value| with_fields(week(), Fields::from([("aard".into(), Value::Flag(value))]));
    let mut world = World::new(found(actor(2), &fields(false)).unwrap());
    world.edit(0, &fields(true));
    world.edit(1, &with_fields(week(), Fields::new()));
    world.meet(0, 1);
    assert_eq!(read(&world.of(0)).unwrap().fields["aard"], Value::Flag(true));
}

fn two_changes() -> Vec<Vec<u8>> {
    let one = with_fields(week(), Fields::from([("aard".into(), Value::Number(1))]));
    let two = with_fields(week(), Fields::from([("aard".into(), Value::Number(2))]));
    let founding = found(actor(0), &one).unwrap();
    let change = edit(actor(1), std::slice::from_ref(&founding), &two).unwrap().unwrap();
    vec![founding, change]
}

#[test]
fn a_missing_dependency_is_an_error() {
    let changes = two_changes();
    let missing = validate(&changes[0]).unwrap().hash;
    let is_missing = |changes: &[Vec<u8>]| matches!(read(changes), Err(DocumentError::MissingDependency { dependency, .. }) if dependency == missing);
    assert!(is_missing(&changes[1..]));
    let reversed: Vec<_> = changes.iter().rev().cloned().collect();
    assert!(is_missing(&reversed));
    let other = Forge {
        actor: vec![9; 16],
        ..Forge::of(&changes[0])
    }
    .bytes();
    assert!(is_missing(&[other, changes[1].clone()]));
    assert!(matches!(read(&[]), Err(DocumentError::Empty)));
}

#[test]
fn changes_that_do_not_follow_each_other_are_an_error() {
    let changes = two_changes();
    let after = |change: Forge| read(&[&changes[..], &[change.bytes()]].concat());
    let last = validate(&changes[1]).unwrap();
    let next = Forge {
        dependencies: vec![last.hash.0],
        actor: actor(1).to_vec(),
        seq: 2,
        ..Forge::later(last.max_op + 1)
    };
    assert!(after(next.clone()).is_ok());
    let wrong = after(Forge { seq: 3, ..next.clone() });
    assert!(matches!(
        wrong,
        Err(DocumentError::Change {
            at: 2,
            source: ChangeError::Seq { expected: 2, found: 3 }
        })
    ));
    let wrong = after(Forge {
        start_op: 500,
        ..next.clone()
    });
    assert!(matches!(
        wrong,
        Err(DocumentError::Change {
            at: 2,
            source: ChangeError::StartOp { found: 500, .. }
        })
    ));
    assert!(matches!(after(Forge::root()), Err(DocumentError::SecondRoot { at: 2 })));
    // Builds on the founding change only, and gives its operations names that its actor has used already.
    let founding = validate(&changes[0]).unwrap();
    let branched = Forge {
        dependencies: vec![founding.hash.0],
        start_op: founding.max_op + 1,
        ..next
    };
    assert!(matches!(after(branched), Err(DocumentError::Branched { at: 2 })));
}

#[test]
fn an_operation_is_replaced_only_under_its_own_key() {
    let changes = two_changes();
    let last = validate(&changes[1]).unwrap();
    let replaces = |key: &str, counter: u64| {
        let next = Forge {
            dependencies: vec![last.hash.0],
            actor: actor(1).to_vec(),
            seq: 2,
            ..Forge::later(last.max_op + 1)
        };
        let next = next
            .with(KEY, literal([text(key)]))
            .with(PRED_COUNT, literal([unsigned(1)]))
            .with(PRED_ACTOR, literal([unsigned(0)]))
            .with(PRED_COUNTER, literal([signed(counter as i64)]));
        read(&[&changes[..], &[next.bytes()]].concat())
    };
    assert_eq!(replaces("n:aard", last.max_op).unwrap().unknown["n:aard"], true);
    assert!(matches!(
        replaces("n:belemmering", last.max_op),
        Err(DocumentError::ReplacesNothing)
    ));
    assert!(matches!(
        replaces("n:aard", last.max_op - 1),
        Err(DocumentError::ReplacesNothing)
    ));
}
