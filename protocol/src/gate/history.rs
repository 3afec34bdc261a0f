//! What the coded fields of a record say together, against all that its gemeente shared before.
//!
//! It is asked for records whose text puts characteristics together: then a rare combination of theme, regeling, laag and
//! week would help to find the person. Such a record leaves less exact, step by step, until enough others say the same; in
//! a small history that is the last step. It is never held back.
//!
//! **Invariant:** a pure function of the record and the history it is given.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::Week;
use crate::record::{Input, Kind, Value};

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

/// What a gemeente shared before, as far as it is compared.
#[derive(Debug, Default)]
pub struct History(Vec<Codes>);

/// What is compared of a record.
#[derive(Debug)]
struct Codes {
    kind: Kind,
    thema: BTreeSet<String>,
    regeling: BTreeSet<String>,
    laag: BTreeSet<String>,
    week: Week,
}

impl History {
    /// Adds a record that was shared.
    pub fn add(&mut self, input: &Input) {
        self.0.push(Codes::of(input));
    }

    /// How much less exact this one has to leave.
    #[must_use]
    pub fn coarse(&self, input: &Input) -> Coarse {
        let codes = Codes::of(input);
        let enough = |step: &Coarse| {
            let others = self.0.iter().filter(|other| codes.is_like(other, *step));
            others.take(ALIKE_MIN - 1).count() + 1 >= ALIKE_MIN
        };
        STEPS.into_iter().find(enough).unwrap_or(Coarse::Laag)
    }
}

impl Codes {
    fn of(input: &Input) -> Self {
        let codes = |name: &str| match input.fields.get(name) {
            Some(Value::Code(code)) => BTreeSet::from([code.clone()]),
            Some(Value::Codes(codes)) => codes.clone(),
            _ => BTreeSet::new(),
        };
        let lagen = &codes("laag") | &codes("beslisser_laag");
        Self {
            kind: input.kind,
            thema: codes("thema"),
            regeling: codes("regeling"),
            laag: &lagen | &codes("aanwezig"),
            week: input.week,
        }
    }

    fn is_like(&self, other: &Self, step: Coarse) -> bool {
        let when = if step >= Coarse::Quarter {
            self.week.quarter() == other.week.quarter()
        } else {
            self.week == other.week
        };
        let regeling = step >= Coarse::Regeling || self.regeling == other.regeling;
        self.kind == other.kind && self.thema == other.thema && self.laag == other.laag && regeling && when
    }
}
