//! Rows about changes made to hurt: each must be refused at once, before anything is made of what it claims.
//!
//! They are put together by hand, since nothing that writes changes would write these. Memory is what the system saw
//! this process take, so these rows come first, when nothing freed lies around to be used again.

use automerge::transaction::Transactable;
use automerge::{Automerge, ROOT};
use protocol::document::{self, ChangeError};
use sha2::{Digest, Sha256};

use super::table::{Row, Table};
use super::usage::{grown_mb, timed};

/// Time to refuse one.
const REFUSED_MS_MAX: f64 = 10.0;
/// Memory to refuse one.
const GROWN_MB_MAX: u64 = 16;
/// How often each is tried; the slowest counts.
const TIMES: usize = 5;

/// Columns of a change, by their number in the format.
const KEY: u64 = 21;
const INSERT: u64 = 52;
const ACTION: u64 = 66;
const VALUE_META: u64 = 86;
const PRED_COUNT: u64 = 112;
const PRED_ACTOR: u64 = 113;
const PRED_COUNTER: u64 = 115;

/// Measures all of them.
pub(super) fn measure<F: FnMut(&str)>(table: &mut Table<F>) {
    for (what, change, refused) in changes() {
        let (slowest_ms, grown) = grown_mb(|| {
            let times = (0..TIMES).map(|_| {
                let (verdict, spent) = timed(|| document::validate(&change));
                assert_eq!(verdict, Err(refused.clone()), "{what}");
                spent.wall_s * 1000.0
            });
            times.fold(0.0, f64::max)
        });
        let memory = grown.map_or("memory not known here".to_owned(), |mb| format!("{mb} MB more"));
        table.add(Row {
            what: format!("refuse a change: {what}"),
            measured: format!("{slowest_ms:.2} ms, {memory}"),
            reach: Some((
                format!("< {REFUSED_MS_MAX} ms, < {GROWN_MB_MAX} MB"),
                slowest_ms < REFUSED_MS_MAX && grown.is_none_or(|mb| mb < GROWN_MB_MAX),
            )),
            ..Row::default()
        });
    }
}

/// What is claimed, the change, and why it should be refused.
fn changes() -> Vec<(&'static str, Vec<u8>, ChangeError)> {
    let (many, rows) = (20_000_000, 2_000_000);
    let predecessors = columns(&[
        (KEY, one(&text("a"))),
        (INSERT, unsigned(1)),
        (ACTION, one(&unsigned(1))),
        (VALUE_META, one(&unsigned(2))),
        (PRED_COUNT, one(&unsigned(many))),
        (PRED_ACTOR, run(many, &unsigned(0))),
        (PRED_COUNTER, run(many, &signed(1))),
    ]);
    let operations = columns(&[
        (KEY, run(rows, &text("a"))),
        (INSERT, unsigned(rows)),
        (ACTION, run(rows, &unsigned(1))),
        (VALUE_META, run(rows, &unsigned(2))),
        (PRED_COUNT, run(rows, &unsigned(0))),
    ]);
    let greatest = u64::MAX;
    let mut saved = Automerge::new();
    let mut transaction = saved.transaction();
    let put = transaction.put(ROOT, "a", "x".repeat(100_000));
    put.expect("a map takes a text");
    transaction.commit();
    let last = saved.get_last_local_change();
    let compressed = last.expect("a change was made").bytes().into_owned();
    let chunk = |found| ChangeError::ChunkType { found };
    vec![
        (
            "20,000,000 predecessors",
            change(30_000_000, &predecessors),
            ChangeError::TooManyPredecessors,
        ),
        ("2,000,000 operations", change(1, &operations), ChangeError::KeyOrder),
        (
            "start_op at the maximum",
            change(greatest, &predecessors),
            ChangeError::Counter { found: greatest },
        ),
        ("a document chunk", saved.save(), chunk(0)),
        ("a compressed chunk", compressed, chunk(2)),
    ]
}

/// A change of one actor with these columns, in a chunk with the right checksum.
fn change(start_op: u64, columns: &[u8]) -> Vec<u8> {
    let dependencies = if start_op == 1 {
        vec![0]
    } else {
        [&[1][..], &[1; 32]].concat()
    };
    let actor = [&[16][..], &[7; 16]].concat();
    let (seq, no_time, no_message, no_others) = ([1], [0], [0], [0]);
    let contents = [
        &dependencies[..],
        &actor,
        &seq,
        &unsigned(start_op),
        &no_time,
        &no_message,
        &no_others,
        columns,
    ]
    .concat();
    let hashed = [&[1], &unsigned(contents.len() as u64)[..], &contents].concat();
    [&[0x85, 0x6f, 0x4a, 0x83], &Sha256::digest(&hashed)[..4], &hashed].concat()
}

fn columns(columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let head = columns
        .iter()
        .flat_map(|(number, bytes)| [unsigned(*number), unsigned(bytes.len() as u64)].concat());
    let bytes = columns.iter().flat_map(|(_, bytes)| bytes.iter().copied());
    unsigned(columns.len() as u64)
        .into_iter()
        .chain(head)
        .chain(bytes)
        .collect()
}

/// A column of one element.
fn one(element: &[u8]) -> Vec<u8> {
    [&signed(-1)[..], element].concat()
}

/// A column of one element, so many times.
fn run(count: u64, element: &[u8]) -> Vec<u8> {
    [&signed(i64::try_from(count).unwrap_or(i64::MAX))[..], element].concat()
}

fn text(text: &str) -> Vec<u8> {
    [&unsigned(text.len() as u64)[..], text.as_bytes()].concat()
}

/// LEB128.
fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// LEB128 with a sign.
fn signed(mut value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_refused_for_what_it_claims() {
        let changes = changes();
        assert_eq!(changes.len(), 5);
        for (what, change, refused) in changes {
            assert_eq!(document::validate(&change), Err(refused), "{what}");
        }
    }
}
