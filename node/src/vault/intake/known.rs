//! What is known of the case behind a record: `bekenden`, beside the fields of one record or around all of them.
//!
//! It is taken out before anything is read, so that it is no part of what was typed and none of what leaves.

use protocol::gate::{Known, KnownError};
use protocol::record::{Expected, Finding, Problem};
use serde_json::{Map, Value};

use super::{Format, IntakeError, Outcomes, Refused};
use crate::vault::Source;

const NAME: &str = "bekenden";

/// What stands around records: what is known of all, and the text of the file they stand in.
pub(super) struct Envelope {
    known: Result<Option<Known>, Vec<Finding>>,
    pub(super) file: Option<(String, Format)>,
}

impl Envelope {
    /// What is known of all is known of each that says nothing itself, and is refused with all when it cannot be used.
    pub(super) fn known_of_all(self, outcomes: Outcomes) -> Outcomes {
        let outcomes = outcomes.into_iter().zip(1..);
        let with_known = outcomes.map(|(outcome, number)| {
            let mut taken = outcome?;
            match &self.known {
                Ok(known) => {
                    taken.known = taken.known.or_else(|| known.clone());
                    Ok(taken)
                }
                Err(findings) => Err(Refused {
                    number,
                    line: None,
                    id: taken.input.id,
                    findings: findings.clone(),
                }),
            }
        });
        with_known.collect()
    }
}

/// What stands around the records of this document, when something does.
pub(super) fn envelope(document: &mut Value) -> Result<Option<Envelope>, IntakeError> {
    let Value::Object(object) = document else {
        return Ok(None);
    };
    if let Some(Value::String(file)) = object.get_mut("bestand") {
        let file = std::mem::take(file);
        let form = match object.get("vorm").and_then(Value::as_str) {
            Some("json") => Format::Json,
            Some("jsonl") => Format::JsonLines,
            Some("csv") => Format::Csv,
            _ => return Err(IntakeError::Form),
        };
        let (known, file) = (of_json(object), Some((file, form)));
        return Ok(Some(Envelope { known, file }));
    }
    // Without a list of records this is one record, with its own.
    let several = object.get("records").is_some_and(Value::is_array);
    Ok(several.then(|| Envelope {
        known: of_json(object),
        file: None,
    }))
}

/// What is known of the case, taken out of what was typed; nothing when nobody said.
pub(super) fn taken_out(source: &mut Source) -> Result<Option<Known>, Vec<Finding>> {
    match source {
        Source::Json(Value::Object(object)) => of_json(object),
        Source::Json(_) => Ok(None),
        Source::Row { header, cells } => {
            let named = |name: &String| name.trim().eq_ignore_ascii_case(NAME);
            // A row of another length is refused for that.
            match header.iter().position(named).filter(|_| header.len() == cells.len()) {
                Some(at) => {
                    header.remove(at);
                    of_cell(&cells.remove(at))
                }
                None => Ok(None),
            }
        }
    }
}

/// A cell holds a list as others do, divided by `;`. An empty one says nothing.
fn of_cell(cell: &str) -> Result<Option<Known>, Vec<Finding>> {
    let parts = cell.split(';').map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    match parts.is_empty() {
        true => Ok(None),
        false => checked(parts).map(Some),
    }
}

fn of_json(object: &mut Map<String, Value>) -> Result<Option<Known>, Vec<Finding>> {
    let of_type = |path: String, expected| {
        vec![Finding {
            path,
            problem: Problem::WrongType { expected },
        }]
    };
    let items = match object.remove(NAME) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(of_type(NAME.to_owned(), Expected::List)),
    };
    let texts = items.into_iter().zip(1..).map(|(item, nr)| match item {
        Value::String(text) => Ok(text),
        _ => Err(of_type(format!("{NAME}[{nr}]"), Expected::Text)),
    });
    checked(texts.collect::<Result<_, _>>()?).map(Some)
}

fn checked(identities: Vec<String>) -> Result<Known, Vec<Finding>> {
    let wrong = |identity: &String| Known::new(vec![identity.clone()]).is_err();
    let nth = identities.iter().position(wrong);
    Known::new(identities).map_err(|error| {
        let path = match (error, nth) {
            (KnownError::Length { .. }, Some(nth)) => format!("{NAME}[{}]", nth + 1),
            _ => NAME.to_owned(),
        };
        vec![error.finding(path)]
    })
}
