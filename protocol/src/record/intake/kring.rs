//! A kring as one gemeente types it: its own joining and leaving, and nobody else's.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::Input;
use super::values::Reader;
use crate::id::Gemeente;
use crate::record::finding::Expected;
use crate::record::{Kind, Problem, Row, Value};

/// Whether this only joins a kring that another founded: what that is called stands there already.
pub(super) fn is_joined(input: &Input) -> bool {
    input.kind == Kind::Kring && input.contributes_to.is_some()
}

/// `leden` as it is shown: who the others are follows from what they state themselves.
pub(super) fn leden(reader: &mut Reader, input: &Input, value: &Json) {
    match listed(value) {
        None => reader.wrong("leden", Expected::Gemeente),
        Some(listed) if listed.iter().any(|gemeente| *gemeente != input.owner) => {
            reader.refuse("leden", Problem::OthersValue);
        }
        Some(_) => {}
    }
}

fn listed(value: &Json) -> Option<Vec<Gemeente>> {
    match value {
        Json::Array(items) => items.iter().map(|item| item.as_str()?.trim().parse().ok()).collect(),
        Json::String(text) => text.split([';', ',']).map(|code| code.trim().parse().ok()).collect(),
        _ => None,
    }
}

/// Who writes a kring is in it from the week of the record on, unless it says since when, or who else is.
pub(super) fn join(object: &Map<String, Json>, input: &mut Input) {
    let others = object.get("leden").and_then(listed);
    let without = others.is_some_and(|listed| !listed.is_empty() && !listed.contains(&input.owner));
    if input.kind != Kind::Kring || without || input.fields.contains_key("lidmaatschap") {
        return;
    }
    let since = Row::from([("van".to_owned(), Value::Week(input.week))]);
    let rows = Value::Rows(BTreeMap::from([(1, since)]));
    input.fields.insert("lidmaatschap".to_owned(), rows);
}

/// Who leaves was in it, for a week or more.
pub(super) fn check(reader: &mut Reader, rows: &BTreeMap<u32, Row>) {
    for (nr, row) in rows {
        if let (Some(Value::Week(from)), Some(Value::Week(until))) = (row.get("van"), row.get("tot"))
            && until <= from
        {
            reader.refuse(&format!("lidmaatschap[{nr}].tot"), Problem::LeavesBeforeJoining);
        }
    }
}
