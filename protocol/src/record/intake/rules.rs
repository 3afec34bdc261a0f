//! What must hold between the fields of one record.

use super::Input;
use super::values::Reader;
use crate::record::{Kind, Problem, Row, Value};

pub(super) fn check(reader: &mut Reader, input: &Input) {
    if input.kind == Kind::Experiment {
        if let Some(Value::Row(outcome)) = input.fields.get("uitkomst") {
            check_effect(reader, outcome);
        }
        check_weeks(reader, input, "start", "gepland_einde");
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

fn check_weeks(reader: &mut Reader, input: &Input, first: &str, last: &str) {
    let week = |name| match input.fields.get(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    };
    if let (Some(start), Some(end)) = (week(first), week(last))
        && end < start
    {
        reader.refuse(last, Problem::EndsBeforeStart);
    }
}
