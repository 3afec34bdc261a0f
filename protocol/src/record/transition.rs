//! From one state into another: which are allowed, what a person says to bring one about, and what that changes in what was
//! typed.
//!
//! A state is never typed. Some states follow from what others write, or from a week that comes; the rest follow from fields
//! of the record itself. This is the one place that knows which fields those are.
//!
//! **Invariant:** nothing here decides what state a record is in: that is [`super::state`], asked before and after.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::schema::{self, Type};
use super::{Field, Fields, Kind, Value, from_text, json};
use crate::api::Message;
use crate::id::Week;

mod table;
#[cfg(test)]
mod tests;

/// The name under which a step asks for the record that takes the place of this one.
pub const BY: &str = "door";

/// One way into a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state it leads to.
    pub to: &'static str,
    /// The states it starts in.
    pub from: &'static [&'static str],
    /// How it comes about.
    pub way: Way,
}

/// How a state comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The owner says so: in which fields, and where those stand.
    Said(Place, &'static [Says]),
    /// It follows from something else, which is told in a sentence.
    Follows(Message),
}

/// Where the fields of a step stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the record.
    Record,
    /// In the afspraak.
    Afspraak,
    /// In a new episode of a knelpunt.
    NewEpisode,
    /// In its last episode.
    LastEpisode,
    /// In the record that takes its place: a link to this one, in this field.
    Other(&'static str),
}

/// One field that a step is said with; `uitkomst.oordeel` is a column of a small structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Says {
    /// Its name.
    pub field: &'static str,
    /// What it is when nobody says.
    pub otherwise: Otherwise,
}

/// What a field is when nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// It must be said.
    Asked,
    /// It stays as it is.
    Kept,
    /// It is taken away, also when something is said.
    Cleared,
    /// The week in which it is said.
    ThisWeek,
    /// The week before that.
    LastWeek,
    /// A code.
    Code(&'static str),
}

/// What a step changes: fields with what they say from now on; nothing takes one away.
pub type Changes = Vec<(String, Option<Json>)>;

/// Why a step cannot be said like this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// These must be said with it.
    Missing(Vec<&'static str>),
    /// It is not said with this one.
    Unknown(String),
}

impl Step {
    /// The fields that must be said with it.
    pub fn asks(&self) -> impl Iterator<Item = &'static str> {
        self.says()
            .iter()
            .filter(|says| says.otherwise == Otherwise::Asked)
            .map(|says| says.field)
    }

    /// The fields that may be said with it.
    pub fn allows(&self) -> impl Iterator<Item = &'static str> {
        let may = |says: &&Says| !matches!(says.otherwise, Otherwise::Asked | Otherwise::Cleared);
        self.says().iter().filter(may).map(|says| says.field)
    }

    /// Where its fields stand; nothing when nobody says it.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self.way {
            Way::Said(place, _) => Some(place),
            Way::Follows(_) => None,
        }
    }

    /// Whether it takes something away, so that the record is what it would be without.
    #[must_use]
    pub fn clears(&self) -> bool {
        self.says().iter().any(|says| says.otherwise == Otherwise::Cleared)
    }

    fn says(&self) -> &'static [Says] {
        match self.way {
            Way::Said(_, says) => says,
            Way::Follows(_) => &[],
        }
    }

    /// What it changes in what was typed: in this record, or in the one that takes its place.
    ///
    /// # Errors
    /// [`Refusal`], when something is missing or too much was said.
    pub fn changes(
        &self,
        typed: (Kind, &Fields),
        afspraak: Option<u32>,
        given: &BTreeMap<String, Json>,
        week: Week,
    ) -> Result<Changes, Refusal> {
        let missing: Vec<_> = self.asks().filter(|name| !given.contains_key(*name)).collect();
        if !missing.is_empty() {
            return Err(Refusal::Missing(missing));
        }
        let known = |name: &&String| !self.asks().chain(self.allows()).any(|field| field == *name);
        if let Some(unknown) = given.keys().find(known) {
            return Err(Refusal::Unknown(unknown.clone()));
        }
        let Way::Said(place, says) = self.way else {
            return Ok(Changes::new());
        };
        let said = says
            .iter()
            .filter_map(|says| Some((says.field, said(*says, given, week)?)));
        let said: Vec<(&'static str, Option<Json>)> = said.collect();
        let (kind, fields) = typed;
        Ok(match place {
            Place::Record => in_record(kind, fields, said),
            Place::Afspraak => in_row(kind, fields, "afspraken", afspraak, said),
            Place::NewEpisode => in_row(kind, fields, "episodes", None, said),
            Place::LastEpisode => {
                let last = match fields.get("episodes") {
                    Some(Value::Rows(rows)) => rows.keys().last().copied(),
                    _ => None,
                };
                in_row(kind, fields, "episodes", last, said)
            }
            Place::Other(_) => Changes::new(),
        })
    }
}

/// The ways into another state for a record of this kind, or for an afspraak of a sessie.
#[must_use]
pub fn steps(kind: Kind, afspraak: bool) -> &'static [Step] {
    table::of(kind, afspraak)
}

/// Those that start in this state.
pub fn steps_from(kind: Kind, afspraak: bool, state: &str) -> impl Iterator<Item = &'static Step> {
    steps(kind, afspraak)
        .iter()
        .filter(move |step| step.from.contains(&state))
}

/// What a field becomes, when it changes.
fn said(says: Says, given: &BTreeMap<String, Json>, week: Week) -> Option<Option<Json>> {
    let given = given.get(says.field).cloned();
    match says.otherwise {
        Otherwise::Cleared => Some(None),
        Otherwise::Asked | Otherwise::Kept => given.map(Some),
        Otherwise::ThisWeek => Some(given.or_else(|| Some(week.to_string().into()))),
        Otherwise::LastWeek => Some(given.or_else(|| Some(week.plus(-1).to_string().into()))),
        Otherwise::Code(code) => Some(given.or_else(|| Some(code.into()))),
    }
}

/// A value as its field takes it: what was typed as text is read as a cell of a table is.
fn value(field: Option<&Field>, said: Json) -> Json {
    match (field, said) {
        (Some(field), Json::String(text)) => from_text(field, &text),
        (_, said) => said,
    }
}

/// Changes of fields of the record, and of the columns of its small structures; a table of those gets a row.
fn in_record(kind: Kind, fields: &Fields, said: Vec<(&'static str, Option<Json>)>) -> Changes {
    let mut changes: BTreeMap<&str, Option<Json>> = BTreeMap::new();
    let mut rows: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
    for (name, said) in said {
        let (whole, column) = name.split_once('.').unwrap_or((name, ""));
        let field = schema::field(kind, whole);
        match field.map(|field| field.what) {
            Some(Type::Row(columns) | Type::Rows { columns, .. }) if !column.is_empty() => {
                let row = rows.entry(whole).or_default();
                row.extend(said.map(|said| (column.to_owned(), value(schema::find(columns, column), said))));
            }
            _ => {
                changes.insert(whole, said.map(|said| value(field, said)));
            }
        }
    }
    for (name, row) in rows {
        let whole = match (fields.get(name), schema::field(kind, name).map(|field| field.what)) {
            (_, Some(Type::Rows { .. })) => {
                let mut all = numbered(fields.get(name), false);
                all.push(Json::Object(row));
                Json::Array(all)
            }
            (Some(was @ Value::Row(_)), _) => match json::value_json(was, &BTreeMap::new()) {
                Json::Object(mut was) => {
                    was.extend(row);
                    Json::Object(was)
                }
                other => other,
            },
            _ => Json::Object(row),
        };
        changes.insert(name, Some(whole));
    }
    let changes = changes.into_iter();
    changes.map(|(name, change)| (name.to_owned(), change)).collect()
}

/// The rows of a table with one of them changed, or with one more.
fn in_row(
    kind: Kind,
    fields: &Fields,
    name: &str,
    nr: Option<u32>,
    said: Vec<(&'static str, Option<Json>)>,
) -> Changes {
    let (columns, by_number) = match schema::field(kind, name).map(|field| field.what) {
        Some(Type::Rows { columns, numbered, .. }) => (columns, numbered),
        _ => return Changes::new(),
    };
    let mut rows = numbered(fields.get(name), by_number);
    let numbers = match fields.get(name) {
        Some(Value::Rows(rows)) => rows.keys().copied().collect(),
        _ => Vec::new(),
    };
    let at = nr.and_then(|nr| numbers.iter().position(|other| *other == nr));
    let at = at.unwrap_or_else(|| {
        rows.push(Json::Object(Map::new()));
        rows.len() - 1
    });
    if let Some(Json::Object(row)) = rows.get_mut(at) {
        for (column, said) in said {
            match said {
                Some(said) => {
                    let said = value(schema::find(columns, column), said);
                    row.insert(column.to_owned(), said);
                }
                None => {
                    row.remove(column);
                }
            }
        }
    }
    vec![(name.to_owned(), Some(Json::Array(rows)))]
}

/// Rows as they are typed, with their number where people know them by it.
fn numbered(rows: Option<&Value>, by_number: bool) -> Vec<Json> {
    let Some(Value::Rows(rows)) = rows else {
        return Vec::new();
    };
    let rows = rows.iter().map(|(nr, row)| {
        let mut json = json::value_json(&Value::Row(row.clone()), &BTreeMap::new());
        if let (true, Json::Object(row)) = (by_number, &mut json) {
            row.insert("nr".to_owned(), (*nr).into());
        }
        json
    });
    rows.collect()
}
