//! Tips of kringen: when something is shown to somebody who is typing, as the kring wrote it down in `als`.
//!
//! `als` is one line that people write and read. It names what must hold, joined by `en`:
//!
//! ```text
//! thema=wonen,schulden en overdracht=ja en woorden=briefadres, post bij inschrijving
//! ```
//!
//! Every member reads it with this, so that a tip means the same at each of them. What is asked in it is asked of the draft that
//! lies before somebody, on the node of that person: that a tip was shown is told to nobody.
//!
//! **Law:** whether a condition holds is a pure function of the condition and of the [`Moment`]. What cannot be read holds never.

use std::collections::BTreeSet;

use super::recurrence::WINDOW_WEEKS;
use super::{Kind, List, Merged, Value};
use crate::api::Message;

#[cfg(test)]
mod tests;

/// Fields that hold codes, with the list of each.
const FIELDS: [(&str, List); 6] = [
    ("aard", List::SignaalAard),
    ("thema", List::Thema),
    ("regeling", List::Regeling),
    ("laag", List::Laag),
    ("belemmering", List::Belemmering),
    ("soort_knelpunt", List::SoortKnelpunt),
];
/// Conditions of one tip: there are no more things to ask.
const TESTS_MAX: usize = 12;

/// What must hold before a tip is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    tests: Vec<Test>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// It is of one of these kinds.
    Kind(BTreeSet<Kind>),
    /// A field has one of these codes.
    Codes(&'static str, BTreeSet<String>),
    /// It was at a hand-over, or was not.
    HandOver(bool),
    /// All words of one of these stand in it, in whatever form.
    Words(Vec<String>),
    /// So many teams gave a signal of the same knelpunt within the window of D0.
    Teams(usize),
}

/// Why a condition cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// Nothing stands there.
    #[error("a condition without anything in it")]
    Empty,
    /// There is more in it than there are things to ask.
    #[error("more than {TESTS_MAX} conditions")]
    Many,
    /// This part is no condition.
    #[error("no condition: {part}")]
    Form {
        /// The part.
        part: String,
    },
    /// There is no such field to ask for.
    #[error("no field {field}")]
    Field {
        /// Its name.
        field: String,
    },
    /// The field has no such value.
    #[error("no value {value} of {field}")]
    Value {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
}

impl ConditionError {
    /// The same for a person.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("er staat geen voorwaarde", "there is no condition"),
            Self::Many => Message::with(
                format!("er staan meer dan {TESTS_MAX} voorwaarden"),
                format!("there are more than {TESTS_MAX} conditions"),
            ),
            Self::Form { part } => Message::with(
                format!("{part:?} is geen voorwaarde; schrijf veld=waarde, met en ertussen"),
                format!("{part:?} is no condition; write field=value, with en in between"),
            ),
            Self::Field { field } => Message::with(
                format!("naar {field:?} kan niet gevraagd worden"),
                format!("{field:?} cannot be asked for"),
            ),
            Self::Value { field, value } => Message::with(
                format!("{field} heeft geen waarde {value:?}"),
                format!("{field} has no value {value:?}"),
            ),
        }
    }
}

/// What lies before somebody.
pub struct Moment<'a> {
    /// What is being typed.
    pub record: &'a Merged,
    /// Whether all these words stand in it, in whatever form.
    pub says: &'a dyn Fn(&str) -> bool,
    /// The most teams that gave a signal of one knelpunt that it is of, or that what resembles it is of.
    pub teams: &'a dyn Fn() -> usize,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`ConditionError`].
    pub fn read(text: &str) -> Result<Self, ConditionError> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let parts = text.split(" en ").flat_map(|part| part.split(';'));
        let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return Err(ConditionError::Empty);
        }
        if parts.len() > TESTS_MAX {
            return Err(ConditionError::Many);
        }
        let always = parts == ["altijd"];
        let tests = match always {
            true => Vec::new(),
            false => parts.into_iter().map(test).collect::<Result<_, _>>()?,
        };
        Ok(Self { tests })
    }

    /// Whether it holds now. One that names no kind is about signals.
    #[must_use]
    pub fn holds(&self, moment: &Moment<'_>) -> bool {
        let names_kind = self.tests.iter().any(|test| matches!(test, Test::Kind(_)));
        (names_kind || moment.record.kind == Kind::Signaal) && self.tests.iter().all(|test| test.holds(moment))
    }
}

impl Test {
    fn holds(&self, moment: &Moment<'_>) -> bool {
        let record = moment.record;
        match self {
            Self::Kind(kinds) => kinds.contains(&record.kind),
            Self::Codes(field, codes) => record.values(field).any(|value| match value {
                Value::Code(code) => codes.contains(code),
                Value::Codes(these) => !these.is_disjoint(codes),
                _ => false,
            }),
            Self::HandOver(asked) => {
                let is = record.values("overdracht").any(|value| *value == Value::Flag(true));
                is == *asked
            }
            Self::Words(words) => words.iter().any(|words| (moment.says)(words)),
            Self::Teams(least) => (moment.teams)() >= *least,
        }
    }
}

fn test(part: &str) -> Result<Test, ConditionError> {
    let form = || ConditionError::Form { part: part.to_owned() };
    if let Some(teams) = same_knelpunt(part) {
        return number(teams).map(Test::Teams).ok_or_else(form);
    }
    for at_least in [">=", "≥"] {
        if let Some((field, least)) = part.split_once(at_least) {
            let is_teams = field.trim() == "teams";
            return number(least).filter(|_| is_teams).map(Test::Teams).ok_or_else(form);
        }
    }
    let (field, values) = part.split_once('=').ok_or_else(form)?;
    let field = field.trim();
    let values = values.split(',').flat_map(|value| value.split(" of "));
    let values: Vec<&str> = values.map(str::trim).filter(|value| !value.is_empty()).collect();
    if values.is_empty() {
        return Err(form());
    }
    asked(field, &values)
}

fn asked(field: &str, values: &[&str]) -> Result<Test, ConditionError> {
    let unknown = |value: &str| ConditionError::Value {
        field: field.to_owned(),
        value: value.to_owned(),
    };
    match field {
        "woorden" => Ok(Test::Words(values.iter().map(|one| (*one).to_owned()).collect())),
        "overdracht" => match values {
            ["ja"] => Ok(Test::HandOver(true)),
            ["nee"] => Ok(Test::HandOver(false)),
            _ => Err(unknown(&values.join(","))),
        },
        "soort" => {
            let kind = |name: &&str| Kind::from_name(name).ok_or_else(|| unknown(name));
            Ok(Test::Kind(values.iter().map(kind).collect::<Result<_, _>>()?))
        }
        _ => {
            let known = FIELDS.iter().find(|(name, _)| *name == field);
            let (name, list) = known.ok_or_else(|| ConditionError::Field {
                field: field.to_owned(),
            })?;
            let code = |code: &&str| match list.allows(code) {
                true => Ok((*code).to_owned()),
                false => Err(unknown(code)),
            };
            Ok(Test::Codes(name, values.iter().map(code).collect::<Result<_, _>>()?))
        }
    }
}

/// What D0 is called in words: `zelfde knelpunt bij >=2 teams binnen 13 weken`.
fn same_knelpunt(part: &str) -> Option<&str> {
    let rest = part.strip_prefix("zelfde knelpunt bij ")?;
    let rest = rest.strip_suffix(&format!(" teams binnen {WINDOW_WEEKS} weken"))?;
    let rest = rest.strip_prefix(">=").or_else(|| rest.strip_prefix('≥'))?;
    Some(rest)
}

fn number(text: &str) -> Option<usize> {
    text.trim().parse().ok().filter(|number| *number > 0)
}
