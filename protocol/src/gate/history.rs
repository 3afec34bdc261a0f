//! What the coded fields of a record say together, against all that its gemeente shared before.
//!
//! It is asked for records whose text puts characteristics together: then a rare combination of theme, regeling, laag and
//! week would help to find the person. Such a record leaves less exact, step by step, until enough others say the same; in
//! a small history that is the last step. It is never held back. Others count as they left: what a record withheld says
//! nothing.
//!
//! **Invariant:** a pure function of the record and the history it is given.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Draft, Known, Policy, screen};
use crate::id::{self, Week};
use crate::record::{Input, Kind, Row, Value};

/// So many records, this one included, say the same before it leaves as exact as that.
pub const ALIKE_MIN: usize = 5;

/// How much less exact a record leaves; each step takes those before it along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coarse {
    /// As it was typed.
    #[default]
    AsTyped,
    /// Of the week only the quarter.
    Quarter,
    /// No regeling either.
    Regeling,
    /// No laag either.
    Laag,
}

const STEPS: [Coarse; 3] = [Coarse::AsTyped, Coarse::Quarter, Coarse::Regeling];

/// What a gemeente shared before, as far as it is compared: by local id, so that a record that is typed again is known. A record
/// takes some hundred bytes, whatever its size.
#[derive(Debug, Default)]
pub struct History(BTreeMap<String, Kept>);

#[derive(Debug)]
struct Kept {
    stamp: u64,
    codes: Codes,
}

/// What is compared of a record, as it leaves; of sets of codes what tells them apart.
#[derive(Debug, Clone, Copy)]
struct Codes {
    kind: Kind,
    thema: Same,
    regeling: Same,
    laag: Same,
    week: Week,
    quarter_only: bool,
}

/// Equal for equal sets of codes, and for no others that anybody meets.
type Same = [u8; 16];

impl History {
    /// Keeps a record that was shared, so much less exact. What it withheld makes no other record less rare. The stamp is that of
    /// whoever holds the records: another one for another version.
    pub fn keep(&mut self, id: &str, stamp: u64, input: &Input, coarse: Coarse, policy: &Policy) {
        let codes = Codes::of(input, coarse, policy);
        self.0.insert(id.to_owned(), Kept { stamp, codes });
    }

    /// Whether this version is kept.
    #[must_use]
    pub fn has(&self, id: &str, stamp: u64) -> bool {
        self.0.get(id).is_some_and(|kept| kept.stamp == stamp)
    }

    /// Forgets what is not shared any more.
    pub fn retain(&mut self, mut shared: impl FnMut(&str) -> bool) {
        self.0.retain(|id, _| shared(id));
    }

    /// How much less exact this one has to leave. Its own earlier version is no other record.
    #[must_use]
    pub fn coarse(&self, input: &Input, policy: &Policy) -> Coarse {
        let codes = Codes::of(input, Coarse::AsTyped, policy);
        let enough = |step: &Coarse| {
            let others = self.0.iter().filter(|(id, _)| input.id.as_ref() != Some(*id));
            let others = others.filter(|(_, other)| codes.is_like(&other.codes, *step));
            others.take(ALIKE_MIN - 1).count() + 1 >= ALIKE_MIN
        };
        STEPS.into_iter().find(enough).unwrap_or(Coarse::Laag)
    }
}

impl Codes {
    fn of(input: &Input, coarse: Coarse, policy: &Policy) -> Self {
        let mut left = input.clone();
        left.fields = coded(&input.fields);
        let left = screen(Draft::new(left, Known::default()).coarser(coarse), policy);
        Self {
            kind: input.kind,
            thema: same(&left.masked, &["thema"]),
            regeling: same(&left.masked, &["regeling"]),
            laag: same(&left.masked, &["laag", "beslisser_laag", "aanwezig"]),
            week: left.week(),
            quarter_only: left.quarter_only,
        }
    }

    /// Whether the other tells what this one would tell at this step.
    fn is_like(&self, other: &Self, step: Coarse) -> bool {
        let when = if step >= Coarse::Quarter || self.quarter_only {
            self.week.quarter() == other.week.quarter()
        } else {
            self.week == other.week && !other.quarter_only
        };
        let regeling = step >= Coarse::Regeling || self.regeling == other.regeling;
        self.kind == other.kind && self.thema == other.thema && self.laag == other.laag && regeling && when
    }
}

/// What tells the codes in these fields together from others.
fn same(fields: &Row, names: &[&str]) -> Same {
    let codes: BTreeSet<&[u8]> = names
        .iter()
        .flat_map(|name| match fields.get(*name) {
            Some(Value::Code(code)) => vec![code.as_bytes()],
            Some(Value::Codes(codes)) => codes.iter().map(String::as_bytes).collect(),
            _ => Vec::new(),
        })
        .collect();
    let codes: Vec<&[u8]> = codes.into_iter().collect();
    let hash = id::hash("coded fields", &codes);
    std::array::from_fn(|at| hash[at])
}

/// The fields without their texts, which are not compared and take long to read.
fn coded(row: &Row) -> Row {
    let coded_value = |value: &Value| match value {
        Value::Text(_) | Value::Texts(_) => None,
        Value::Row(row) => Some(Value::Row(coded(row))),
        Value::Rows(rows) => Some(Value::Rows(rows.iter().map(|(nr, row)| (*nr, coded(row))).collect())),
        coded => Some(coded.clone()),
    };
    let values = row.iter();
    values
        .filter_map(|(name, value)| Some((name.clone(), coded_value(value)?)))
        .collect()
}
