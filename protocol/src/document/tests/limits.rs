//! Every limit: at it and above it.

use super::forge::{
    ACTION, Forge, INSERT, KEY, PRED_ACTOR, PRED_COUNT, PRED_COUNTER, VALUE, VALUE_META, column, literal, run, signed,
    text, unsigned,
};
use crate::document::{
    ACTORS_MAX, COUNTER_MAX, ChangeError, DEPENDENCIES_MAX, KEY_BYTES_MAX, PREDECESSORS_MAX, ROWS_MAX, TEXT_BYTES_MAX,
    validate,
};
use crate::log::PAYLOAD_BYTES_MAX;

fn verdict(forge: &Forge) -> Result<(), ChangeError> {
    validate(&forge.bytes()).map(drop)
}

fn rows(count: u64) -> Forge {
    let keys = (0..count).map(|row| text(&format!("{row:06}")));
    Forge::root()
        .with(KEY, literal(keys))
        .with(INSERT, unsigned(count))
        .with(ACTION, run(count as i64, unsigned(1)))
        .with(VALUE_META, run(count as i64, unsigned(2)))
        .with(PRED_COUNT, run(count as i64, unsigned(0)))
}

#[test]
fn rows_and_counters() {
    assert_eq!(verdict(&rows(ROWS_MAX)), Ok(()));
    assert_eq!(verdict(&rows(ROWS_MAX + 1)), Err(ChangeError::TooManyRows));
    assert_eq!(verdict(&Forge::later(COUNTER_MAX)), Ok(()));
    let last = |start_op| Forge {
        dependencies: vec![[1; 32]],
        start_op,
        ..rows(10)
    };
    assert_eq!(verdict(&last(COUNTER_MAX - 9)), Ok(()));
    assert_eq!(verdict(&last(COUNTER_MAX - 8)), Err(ChangeError::TooManyRows));
    let seq = |seq| Forge { seq, ..Forge::later(2) };
    assert_eq!(verdict(&seq(COUNTER_MAX)), Ok(()));
    assert_eq!(
        verdict(&seq(COUNTER_MAX + 1)),
        Err(ChangeError::Counter { found: COUNTER_MAX + 1 })
    );
}

#[test]
fn keys_and_texts() {
    let key = |bytes| verdict(&Forge::root().with(KEY, literal([text(&"k".repeat(bytes))])));
    assert_eq!(key(KEY_BYTES_MAX), Ok(()));
    assert_eq!(key(KEY_BYTES_MAX + 1), Err(ChangeError::KeyLength));
    let value = |bytes: usize| {
        let forge = Forge::root().with(VALUE_META, literal([unsigned((bytes as u64) << 4 | 6)]));
        verdict(&forge.with(VALUE, vec![b'x'; bytes]))
    };
    assert_eq!(value(TEXT_BYTES_MAX), Ok(()));
    assert_eq!(value(TEXT_BYTES_MAX + 1), Err(ChangeError::TextLength));
}

#[test]
fn dependencies_and_actors() {
    let hashes = |count: u64| (0..count).map(|number| [number as u8; 32]).collect();
    let dependencies = |count| {
        verdict(&Forge {
            dependencies: hashes(count),
            ..Forge::later(2)
        })
    };
    assert_eq!(dependencies(DEPENDENCIES_MAX), Ok(()));
    let count = DEPENDENCIES_MAX + 1;
    assert_eq!(dependencies(count), Err(ChangeError::Dependencies { count }));

    let actor = |number: u64| [&number.to_be_bytes()[..], &[1; 8]].concat();
    let others = |count: u64| {
        let forge = Forge {
            others: (0..count).map(actor).collect(),
            ..Forge::later(2000)
        };
        let forge = forge.with(PRED_COUNT, literal([unsigned(count)]));
        let forge = forge.with(PRED_ACTOR, literal((1..=count).map(unsigned)));
        verdict(&forge.with(PRED_COUNTER, run(count as i64, signed(1))))
    };
    assert_eq!(others(ACTORS_MAX), Ok(()));
    let count = ACTORS_MAX + 1;
    assert_eq!(others(count), Err(ChangeError::Actors { count }));
}

#[test]
fn predecessors() {
    let predecessors = |count: u64| {
        let forge = Forge::later(100_000).with(PRED_COUNT, literal([unsigned(count)]));
        let forge = forge.with(PRED_ACTOR, run(count as i64, unsigned(0)));
        verdict(&forge.with(PRED_COUNTER, run(count as i64, signed(1))))
    };
    assert_eq!(predecessors(2), Ok(()));
    assert_eq!(predecessors(PREDECESSORS_MAX), Ok(()));
    assert_eq!(
        predecessors(PREDECESSORS_MAX + 1),
        Err(ChangeError::TooManyPredecessors)
    );
}

#[test]
fn the_payload() {
    let texts = |bytes: usize| {
        let lengths = [TEXT_BYTES_MAX, TEXT_BYTES_MAX, TEXT_BYTES_MAX, bytes];
        rows(4)
            .with(
                VALUE_META,
                column(lengths.map(|length| unsigned((length as u64) << 4 | 6))),
            )
            .with(VALUE, vec![b'x'; lengths.iter().sum()])
            .bytes()
    };
    let around = texts(10_000).len() - 10_000;
    let most = texts(PAYLOAD_BYTES_MAX - around);
    assert_eq!(most.len(), PAYLOAD_BYTES_MAX);
    assert!(validate(&most).is_ok());
    let bytes = PAYLOAD_BYTES_MAX + 1;
    assert_eq!(
        validate(&texts(PAYLOAD_BYTES_MAX - around + 1)),
        Err(ChangeError::TooLarge { bytes })
    );
}
