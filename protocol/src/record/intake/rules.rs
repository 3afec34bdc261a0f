//! What must hold between the fields of one record.

use super::values::Reader;
use super::{Input, kring};
use crate::id::Week;
use crate::record::{Kind, Problem, Row, Value};

pub(super) fn check(reader: &mut Reader, input: &Input) {
    if input.kind == Kind::Experiment {
        if let Some(Value::Row(outcome)) = input.fields.get("uitkomst") {
            check_effect(reader, outcome);
        }
        check_weeks(reader, input, "start", "gepland_einde");
        check_frozen(reader, input);
    }
    if let Some(Value::Rows(rows)) = input.fields.get("lidmaatschap") {
        kring::check(reader, rows);
    }
}

/// An effect is whole or not there, and never beside `onderdrukt`: two of three would give the cells away.
fn check_effect(reader: &mut Reader, outcome: &Row) {
    let given = ["effectmaat", "yi", "vi"]
        .into_iter()
        .filter(|name| outcome.contains_key(*name))
        .count();
    if outcome.contains_key("onderdrukt") && given > 0 {
        reader.refuse("uitkomst", Problem::EffectWithheld);
    } else if given == 1 || given == 2 {
        reader.refuse("uitkomst", Problem::EffectIncomplete);
    }
}

/// What is frozen in the week it starts, or later, is not frozen before it starts.
fn check_frozen(reader: &mut Reader, input: &Input) {
    if let (Some(frozen), Some(start)) = (week(input, "vastgelegd"), week(input, "start"))
        && frozen >= start
    {
        reader.refuse("vastgelegd", Problem::FrozenLate);
    }
}

fn week(input: &Input, name: &str) -> Option<Week> {
    match input.fields.get(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    }
}

fn check_weeks(reader: &mut Reader, input: &Input, first: &str, last: &str) {
    if let (Some(start), Some(end)) = (week(input, first), week(input, last))
        && end < start
    {
        reader.refuse(last, Problem::EndsBeforeStart);
    }
}
