//! Records and documents from a seed.

use std::collections::BTreeMap;

use crate::document::encode::Entries;
use crate::document::history::History;
use crate::document::seal::seal;
use crate::document::{Checked, edit, found, validate};
use crate::entropy::{Entropy, Seeded};
use crate::gate::Shareable;
use crate::id::{Gemeente, Quarter, RecordId, Week};
use crate::record::{Fields, Kind, Reference, Row, Value};

pub(super) const NODES: u64 = 3;
const WORDS: [&str; 12] = [
    "wonen",
    "schulden",
    "de regel",
    "",
    "één ë 漢字 🙂",
    "kan_niet",
    "a:b",
    "x",
    "toegang",
    "5-9",
    "<5",
    "/",
];

/// Names of fields that this version knows.
const NAMES: [&str; 9] = [
    "aard",
    "thema",
    "regeling",
    "laag",
    "overdracht",
    "belemmering",
    "tekst",
    "gevolg",
    "knelpunt",
];

/// The actor of a node in the tests; their order is not that of their numbers.
pub(super) fn actor(node: u64) -> [u8; 16] {
    let mut actor = [0; 16];
    Seeded::new(node).fill(&mut actor);
    actor
}

pub(super) fn record(rng: &mut Seeded) -> Shareable {
    let week = Week::new(2025, 1 + rng.below(50) as u8).unwrap();
    with_fields(week, row(rng, 0))
}

pub(super) fn with_fields(week: Week, fields: Fields) -> Shareable {
    Shareable::for_test(Kind::Signaal, Gemeente::new(363).unwrap(), week, fields)
}

/// Values of every type, none of them empty: what is empty is not written.
fn row(rng: &mut Seeded, depth: u64) -> Row {
    let count = 1 + rng.below(6);
    let entries = (0..count).map(|_| (NAMES[rng.below(9) as usize].to_owned(), value(rng, depth)));
    entries.collect()
}

fn value(rng: &mut Seeded, depth: u64) -> Value {
    match rng.below(if depth < 3 { 14 } else { 12 }) {
        0 => Value::Text(word(rng)),
        1 => Value::Code(code(rng)),
        2 => Value::Flag(rng.chance(1, 2)),
        3 => Value::Number(number(rng)),
        4 => Value::Hundredths(number(rng)),
        5 => Value::Week(Week::new(2024, 1 + rng.below(52) as u8).unwrap()),
        6 => Value::Quarter(Quarter::new(2024, 1 + rng.below(4) as u8).unwrap()),
        7 => Value::Link(link(rng)),
        8 => Value::Codes(several(rng, code).into_iter().collect()),
        9 => Value::Links(several(rng, link).into_iter().collect()),
        10 => Value::Texts(several(rng, word)),
        11 => Value::Counts(several(rng, |rng| (code(rng), number(rng))).into_iter().collect()),
        12 => Value::Row(row(rng, depth + 1)),
        _ => Value::Rows(
            several(rng, |rng| (rng.below(5) as u32, row(rng, depth + 1)))
                .into_iter()
                .collect(),
        ),
    }
}

fn several<T>(rng: &mut Seeded, mut one: impl FnMut(&mut Seeded) -> T) -> Vec<T> {
    (0..1 + rng.below(5)).map(|_| one(rng)).collect()
}

fn code(rng: &mut Seeded) -> String {
    WORDS[rng.below(WORDS.len() as u64) as usize].to_owned()
}

fn word(rng: &mut Seeded) -> String {
    let times = if rng.chance(1, 20) { 40 } else { 1 };
    code(rng).repeat(times)
}

fn number(rng: &mut Seeded) -> i64 {
    let edges = [0, 1, -1, 63, 64, -64, -65, i64::MAX, i64::MIN];
    let at = rng.below(20) as usize;
    edges.get(at).copied().unwrap_or((rng.next() >> 40) as i64)
}

fn link(rng: &mut Seeded) -> Reference {
    Reference::Record(RecordId([rng.below(7) as u8; 20]))
}

/// A change that writes exactly these keys.
pub(super) fn change_of(entries: &Entries<'_>) -> Vec<u8> {
    let edits = entries
        .iter()
        .map(|(key, scalar)| (key.to_string(), Some(scalar.clone())));
    seal(actor(0), &History::default(), edits.collect()).unwrap()
}

/// A document as several nodes made it, each seeing only part of what the others did: changes, dependencies first.
pub(super) fn document(rng: &mut Seeded) -> Vec<Vec<u8>> {
    let mut world = World::new(found(actor(0), &record(rng)).unwrap());
    for _ in 0..rng.below(8) {
        let node = rng.below(NODES) as usize;
        if rng.chance(1, 3) {
            world.meet(node, rng.below(NODES) as usize);
        }
        world.edit(node, &record(rng));
    }
    world.changes
}

/// What every node holds of a document.
pub(super) struct World {
    pub(super) changes: Vec<Vec<u8>>,
    held: BTreeMap<usize, Vec<usize>>,
}

impl World {
    pub(super) fn new(founding: Vec<u8>) -> Self {
        let held = (0..NODES as usize).map(|node| (node, vec![0])).collect();
        Self {
            changes: vec![founding],
            held,
        }
    }

    /// The changes that a node holds.
    pub(super) fn of(&self, node: usize) -> Vec<Vec<u8>> {
        self.held[&node].iter().map(|at| self.changes[*at].clone()).collect()
    }

    pub(super) fn edit(&mut self, node: usize, record: &Shareable) {
        if let Some(change) = edit(actor(node as u64), &self.of(node), record).unwrap() {
            self.held.entry(node).or_default().push(self.changes.len());
            self.changes.push(change);
        }
    }

    /// Node `a` takes what node `b` has.
    pub(super) fn meet(&mut self, a: usize, b: usize) {
        let mut both = [&self.held[&a][..], &self.held[&b]].concat();
        both.sort_unstable();
        both.dedup();
        self.held.insert(a, both);
    }
}

/// The same changes in another order that has dependencies first.
pub(super) fn reordered(changes: &[Vec<u8>], rng: &mut Seeded) -> Vec<Vec<u8>> {
    let mut left: Vec<(Checked, &Vec<u8>)> = changes.iter().map(|bytes| (validate(bytes).unwrap(), bytes)).collect();
    let mut out = vec![];
    while !left.is_empty() {
        let waits = |of: &Checked| left.iter().any(|(other, _)| of.deps.contains(&other.hash));
        let ready: Vec<usize> = (0..left.len()).filter(|at| !waits(&left[*at].0)).collect();
        let (_, bytes) = left.remove(ready[rng.below(ready.len() as u64) as usize]);
        out.push(bytes.clone());
    }
    out
}
