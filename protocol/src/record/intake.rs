//! What a gemeente types, checked once at the border: JSON or CSV cells in, a local record or findings out.
//!
//! Everything wrong is reported at once, with its place and what would be right. Nothing is repaired
//! silently: what is not taken over (such as a typed `staat`) is a note.

use std::fmt;

use serde_json::{Map, Value as Json};

use super::finding::Expected;
use super::kind::LATER;
use super::{FINDINGS_MAX, Fields, Finding, Kind, Problem, Reference, SCHEMA, Severity, json, schema};
use crate::id::{Gemeente, RecordId, Week};

mod cells;
mod kring;
#[cfg(test)]
mod limits;
mod rules;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use cells::{COLUMN_CHARS_MAX, COLUMNS_MAX, from_text, read_row, row_json};
pub use table::{delimiter, open_quote};
use values::Reader;

/// How deep JSON may nest before it is refused; the deepest field is three.
const DEPTH_MAX: usize = 8;

/// Who reads, and what holds when the input does not say.
#[derive(Debug, Clone, Copy)]
pub struct Intake {
    /// The gemeente of this node: the only owner a local record can have.
    pub gemeente: Gemeente,
    /// The week of records that state none: this week.
    pub week: Week,
    /// The kind of records that state none, such as the rows of a registration of signals.
    pub kind: Option<Kind>,
}

/// How far a record is meant to go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// It stays in the vault.
    #[default]
    Lokaal,
    /// Meant for the network, once the gate and a person have approved it.
    Netwerk,
}

impl Visibility {
    /// As in `zichtbaarheid`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lokaal => "lokaal",
            Self::Netwerk => "netwerk",
        }
    }
}

/// A local record as it was typed, checked against the schema. It never leaves; the gate builds what does.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// The kind.
    pub kind: Kind,
    /// The own gemeente.
    pub owner: Gemeente,
    /// The week it is about.
    pub week: Week,
    /// How far it is meant to go.
    pub visibility: Visibility,
    /// Practice data (`fictief`).
    pub practice: bool,
    /// The id the gemeente itself uses, such as `signaal-01`.
    pub id: Option<String>,
    /// The co-written record of the network that this contributes to.
    pub contributes_to: Option<RecordId>,
    /// What may be shared after the gate.
    pub fields: Fields,
    /// What never leaves: team, case annex, case key.
    pub local: Fields,
    /// What the typist should know although the record is accepted.
    pub notes: Vec<Finding>,
}

// What a person typed must never reach a log line or a panic message.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Input({}, {:?})", self.kind.name(), self.fields.keys())
    }
}

/// The records in a JSON document: one object, a list of them, or an object with a list `records`.
///
/// # Errors
/// A finding when it is none of these.
pub fn each(document: &Json) -> Result<Vec<&Json>, Finding> {
    match document {
        Json::Array(records) => Ok(records.iter().collect()),
        Json::Object(object) => match object.get("records") {
            Some(Json::Array(records)) => Ok(records.iter().collect()),
            _ => Ok(vec![document]),
        },
        _ => Err(Finding::new("", Problem::NotAnObject)),
    }
}

/// Reads one record.
///
/// # Errors
/// Everything that is wrong with it, at most [`FINDINGS_MAX`] findings.
pub fn read_json(record: &Json, intake: &Intake) -> Result<Input, Vec<Finding>> {
    let one = |problem| vec![Finding::new("", problem)];
    let Json::Object(object) = record else {
        return Err(one(Problem::NotAnObject));
    };
    let max = schema::RECORD_CHARS_MAX;
    if chars_of(record, DEPTH_MAX, max).is_none() {
        return Err(one(Problem::TooLarge { max }));
    }
    let kind = read_kind(object, intake)?;
    let mut reader = Reader::new(intake.gemeente);
    let mut input = read_envelope(&mut reader, object, kind, intake);
    read_fields(&mut reader, object, &mut input);
    kring::join(object, &mut input);
    rules::check(&mut reader, &input);
    let mut findings = reader.findings;
    findings.truncate(FINDINGS_MAX);
    if findings.iter().any(|finding| finding.severity() == Severity::Refused) {
        return Err(findings);
    }
    input.notes = findings;
    Ok(input)
}

/// What is left of `budget` characters after the texts and names in here; `None` when it is used up, or the
/// nesting is deeper than any record.
fn chars_of(json: &Json, depth: usize, budget: usize) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    match json {
        Json::String(text) => budget.checked_sub(text.chars().count()),
        Json::Array(items) => items
            .iter()
            .try_fold(budget, |left, item| chars_of(item, depth, left)?.checked_sub(1)),
        Json::Object(object) => object.iter().try_fold(budget, |left, (name, item)| {
            chars_of(item, depth, left)?.checked_sub(name.chars().count())
        }),
        _ => Some(budget),
    }
}

fn read_kind(object: &Map<String, Json>, intake: &Intake) -> Result<Kind, Vec<Finding>> {
    let wrong = |problem| Err(vec![Finding::new("soort", problem)]);
    match object.get("soort") {
        None | Some(Json::Null) => intake.kind.map_or_else(|| wrong(Problem::Missing), Ok),
        Some(Json::String(name)) => match Kind::from_name(name) {
            Some(kind) => Ok(kind),
            None if LATER.contains(&name.as_str()) => wrong(Problem::LaterKind { name: name.clone() }),
            None => wrong(Problem::UnknownKind { name: name.clone() }),
        },
        Some(_) => wrong(Problem::WrongType {
            expected: Expected::Text,
        }),
    }
}

fn read_envelope(reader: &mut Reader, object: &Map<String, Json>, kind: Kind, intake: &Intake) -> Input {
    let mut input = Input {
        kind,
        owner: intake.gemeente,
        week: intake.week,
        visibility: Visibility::Lokaal,
        practice: false,
        id: None,
        contributes_to: None,
        fields: Fields::new(),
        local: Fields::new(),
        notes: Vec::new(),
    };
    for (name, value) in object.iter().filter(|(_, value)| !values::is_absent(value)) {
        read_envelope_field(reader, &mut input, name, value);
    }
    input
}

fn read_envelope_field(reader: &mut Reader, input: &mut Input, name: &str, value: &Json) {
    match name {
        "schema" if value.as_str() != Some(SCHEMA) => reader.refuse(name, Problem::OtherSchema),
        "leden" if input.kind == Kind::Kring => kring::leden(reader, input, value),
        "staat" | "bijdragen" | "ingetrokken" | "onbekend" | "verwijzingen" => {
            reader.refuse(name, Problem::StateDerived)
        }
        _ if json::follows(input.kind).contains(&name) => reader.refuse(name, Problem::StateDerived),
        "id" => read_id(reader, input, value),
        "bijdrage_aan" => match value.as_str().map(str::parse) {
            Some(Ok(record)) => contribute(reader, input, name, record),
            _ => reader.wrong(name, Expected::Record),
        },
        "eigenaar" => check_owner(reader, value),
        "zichtbaarheid" => match value.as_str() {
            Some("lokaal") => input.visibility = Visibility::Lokaal,
            Some("netwerk") => input.visibility = Visibility::Netwerk,
            Some("kring") => reader.refuse(name, Problem::KringOnly),
            _ => reader.refuse(name, Problem::VisibilityUnknown),
        },
        "week" => match value.as_str().map(str::parse) {
            Some(Ok(week)) => input.week = week,
            _ => reader.wrong(name, Expected::Week),
        },
        "fictief" => match value {
            Json::Bool(practice) => input.practice = *practice,
            _ => reader.wrong(name, Expected::Flag),
        },
        _ => {}
    }
}

fn read_id(reader: &mut Reader, input: &mut Input, value: &Json) {
    match value.as_str().and_then(values::reference) {
        Some(Reference::Local(id)) => input.id = Some(id),
        Some(Reference::Record(record)) => contribute(reader, input, "id", record),
        None => reader.wrong("id", Expected::Link),
    }
}

fn contribute(reader: &mut Reader, input: &mut Input, path: &str, record: RecordId) {
    if input.kind.is_cowritten() {
        input.contributes_to = Some(record);
    } else {
        reader.refuse(path, Problem::NotCowritten { kind: input.kind });
    }
}

fn check_owner(reader: &mut Reader, value: &Json) {
    match value.as_str().map(str::parse::<Gemeente>) {
        Some(Ok(owner)) if owner == reader.own => {}
        Some(Ok(_)) => reader.refuse("eigenaar", Problem::OtherOwner { own: reader.own }),
        _ => reader.wrong("eigenaar", Expected::Gemeente),
    }
}

fn read_fields(reader: &mut Reader, object: &Map<String, Json>, input: &mut Input) {
    let known = schema::fields(input.kind);
    let follows = json::follows(input.kind);
    for name in object.keys().filter(|name| !json::ENVELOPE.contains(&name.as_str())) {
        if schema::find(known, name).is_none() && !follows.contains(&name.as_str()) {
            let known = known.iter().map(|field| field.name).collect();
            reader.refuse(&values::shown_name(name), Problem::UnknownField { known });
        }
    }
    for field in known {
        let given = object.get(field.name).filter(|value| !values::is_absent(value));
        let given = match given {
            Some(Json::Object(each)) if input.kind.is_cowritten() => reader.own_value(field, each),
            other => other,
        };
        let Some(given) = given else {
            if field.required && !kring::is_joined(input) {
                reader.refuse(field.name, Problem::Missing);
            }
            continue;
        };
        if let Some(value) = reader.value(field.name, field, given) {
            let fields = if field.local_only {
                &mut input.local
            } else {
                &mut input.fields
            };
            fields.insert(field.name.to_owned(), value);
        }
    }
}
