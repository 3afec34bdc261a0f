//! How a record is shown: the JSON of `list --json` and `show --json`, byte-identical for equal records.
//!
//! The envelope and the fields stand side by side, keys in order of the alphabet. A field on which the
//! writers of a co-written record differ is an object per gemeente; so are `teams` and `lidmaatschap`, always.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value as Json};

use super::{Around, FROZEN, Kind, Merged, Reference, Row, Standing, State, Told, Value, state};
use crate::id::Week;

/// The schema this version reads and writes.
pub const SCHEMA: &str = "leerkring/0";

/// The names that are not fields of a kind.
pub(crate) const ENVELOPE: [&str; 13] = [
    "bijdrage_aan",
    "bijdragen",
    "eigenaar",
    "fictief",
    "id",
    "ingetrokken",
    "onbekend",
    "schema",
    "soort",
    "staat",
    "verwijzingen",
    "week",
    "zichtbaarheid",
];

/// What is shown of a kind besides its fields because it follows from them, or was made when it left: typed, it is not
/// taken over.
pub(crate) fn follows(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Bericht | Kind::Signaal => &["antwoord"],
        Kind::Experiment => &[FROZEN, "gewijzigd_na_vastlegging"],
        Kind::Kring => &["leden"],
        _ => &[],
    }
}

impl Merged {
    /// The record as it stands at the peilweek.
    #[must_use]
    pub fn to_json(&self, peilweek: Week, around: &Around) -> Json {
        let state = state(self, around, peilweek);
        let mut object = self.envelope(&state);
        object.extend(derived(&state, around));
        for (name, told) in &self.fields {
            let rows = if name == "afspraken" {
                &state.rows
            } else {
                &BTreeMap::new()
            };
            object.insert(name.clone(), told_json(told, rows));
        }
        let unknown = self.unknown.iter().map(|(name, each)| (name.clone(), agreed(each)));
        let unknown: BTreeMap<_, _> = unknown.collect();
        if !unknown.is_empty() {
            object.insert("onbekend".to_owned(), unknown.into_iter().collect());
        }
        // Collected in order, so that the bytes do not depend on how the map of serde_json is built.
        Json::Object(object.into_iter().collect())
    }

    /// The week, or the quarter when only that is told.
    fn week_text(&self) -> String {
        if self.quarter_only {
            self.week.quarter().to_string()
        } else {
            self.week.to_string()
        }
    }

    fn envelope(&self, state: &State) -> BTreeMap<String, Json> {
        let contributors = self.contributors.iter().map(ToString::to_string);
        let mut object: BTreeMap<_, _> = [
            ("schema", SCHEMA.into()),
            ("id", reference(&self.id)),
            ("soort", self.kind.name().into()),
            ("eigenaar", self.owner.to_string().into()),
            ("week", self.week_text().into()),
            ("staat", state.name.into()),
            ("zichtbaarheid", self.visibility.name().into()),
            ("fictief", self.practice.into()),
        ]
        .map(|(name, value): (_, Json)| (name.to_owned(), value))
        .into();
        if let Some(record) = self.contributes_to {
            object.insert("bijdrage_aan".to_owned(), record.to_string().into());
        }
        if matches!(self.id, Reference::Record(_)) {
            object.insert("bijdragen".to_owned(), contributors.collect());
        }
        object
    }
}

/// What stands beside the fields because it follows from them and from other records.
fn derived(state: &State, around: &Around) -> BTreeMap<String, Json> {
    let mut object = BTreeMap::new();
    if let Some(answer) = state.answer {
        object.insert("antwoord".to_owned(), answer.into());
    }
    if let Some(members) = &state.members {
        let members = members.iter().map(ToString::to_string);
        object.insert("leden".to_owned(), members.collect());
    }
    if state.changed {
        object.insert("gewijzigd_na_vastlegging".to_owned(), true.into());
    }
    if !around.targets.is_empty() {
        let targets = around.targets.iter();
        let targets: BTreeMap<_, _> = targets
            .map(|(link, standing)| (reference_text(link), standing_json(standing)))
            .collect();
        object.insert("verwijzingen".to_owned(), targets.into_iter().collect());
    }
    object
}

fn standing_json(standing: &Standing) -> Json {
    match standing {
        Standing::Unknown => "nog_onbekend".into(),
        Standing::Withdrawn => "ingetrokken".into(),
        Standing::Merged(into) => {
            let into: Json = into.iter().map(reference).collect();
            Json::Object(Map::from_iter([("samengevoegd_met".to_owned(), into)]))
        }
    }
}

/// What all say, or an object per gemeente.
fn agreed(each: &BTreeMap<crate::id::Gemeente, Json>) -> Json {
    let mut values = each.values();
    match values.next() {
        Some(first) if values.all(|value| value == first) => first.clone(),
        _ => each
            .iter()
            .map(|(gemeente, value)| (gemeente.to_string(), value.clone()))
            .collect(),
    }
}

fn told_json(told: &Told, rows: &BTreeMap<u32, &'static str>) -> Json {
    match told {
        Told::One(value) => value_json(value, rows),
        Told::Each(each) => each
            .iter()
            .map(|(gemeente, value)| (gemeente.to_string(), value_json(value, rows)))
            .collect(),
    }
}

pub(super) fn value_json(value: &Value, states: &BTreeMap<u32, &'static str>) -> Json {
    match value {
        Value::Text(text) | Value::Code(text) => text.as_str().into(),
        Value::Codes(codes) => codes.iter().map(String::as_str).collect(),
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => (*number).into(),
        Value::Hundredths(number) => decimal(*number),
        Value::Week(week) => week.to_string().into(),
        Value::Quarter(quarter) => quarter.to_string().into(),
        Value::Texts(texts) => texts.iter().map(String::as_str).collect(),
        Value::Link(link) => reference(link),
        Value::Links(links) => links.iter().map(reference).collect(),
        Value::Row(row) => Json::Object(row_json(row)),
        Value::Rows(rows) => rows.iter().map(|(nr, row)| numbered(*nr, row, states)).collect(),
        Value::Counts(counts) => counts
            .iter()
            .map(|(code, number)| (code.clone(), Json::from(*number)))
            .collect(),
    }
}

fn row_json(row: &Row) -> Map<String, Json> {
    row.iter()
        .map(|(name, value)| (name.clone(), value_json(value, &BTreeMap::new())))
        .collect()
}

/// A row that people know by its number shows it, with its state.
fn numbered(nr: u32, row: &Row, states: &BTreeMap<u32, &'static str>) -> Json {
    let Some(state) = states.get(&nr) else {
        return Json::Object(row_json(row));
    };
    let mut object: BTreeMap<_, _> = row_json(row).into_iter().collect();
    object.insert("nr".to_owned(), nr.into());
    object.insert("staat".to_owned(), (*state).into());
    Json::Object(object.into_iter().collect())
}

fn reference(link: &Reference) -> Json {
    reference_text(link).into()
}

fn reference_text(link: &Reference) -> String {
    match link {
        Reference::Record(record) => record.to_string(),
        Reference::Local(id) => id.clone(),
    }
}

/// Hundredths as a decimal number: the nearest double prints as the two decimals it came from.
#[expect(clippy::cast_precision_loss, reason = "effects are limited to ±100.00")]
fn decimal(hundredths: i64) -> Json {
    Number::from_f64(hundredths as f64 / 100.0).map_or(Json::Null, Json::Number)
}
