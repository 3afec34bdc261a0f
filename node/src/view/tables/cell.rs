//! What stands in one column of the row of a record.

use std::collections::BTreeSet;

use protocol::id::Week;
use protocol::record::{Around, Kind, Merged, Reference, State, Told, Value, returns};
use rusqlite::types::Value as Sql;

use super::{Column, ColumnKind};

/// A record with what is known of it at the peilweek.
pub(super) struct Of<'a> {
    pub(super) id: &'a str,
    pub(super) merged: &'a Merged,
    pub(super) around: &'a Around,
    pub(super) state: &'a State,
    pub(super) peilweek: Week,
}

/// Fields in which a gemeente speaks for itself, so that saying something else is no difference.
const EACH_FOR_ITSELF: [&str; 2] = ["teams", "lidmaatschap"];

pub(super) fn text(text: impl ToString) -> Sql {
    Sql::Text(text.to_string())
}

pub(super) fn count(number: usize) -> Sql {
    Sql::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(super) fn reference(link: &Reference) -> String {
    match link {
        Reference::Record(record) => record.to_string(),
        Reference::Local(id) => id.clone(),
    }
}

/// The three columns of a week.
pub(super) fn week_cell(merged: &Merged, column: &str) -> Sql {
    match column {
        "week" if merged.quarter_only => Sql::Null,
        "week" => text(merged.week),
        "week_nr" => merged.week.index().into(),
        _ => text(merged.week.quarter()),
    }
}

/// A value as a column of this kind holds it; nothing when it is none for it.
pub(super) fn value_cell(value: &Value, kind: ColumnKind) -> Sql {
    match (kind, value) {
        (ColumnKind::Text, Value::Text(held) | Value::Code(held)) => text(held),
        (ColumnKind::Text, Value::Week(week)) => text(week),
        (ColumnKind::Text, Value::Quarter(quarter)) => text(quarter),
        (ColumnKind::Text, Value::Link(link)) => reference(link).into(),
        (ColumnKind::Integer, Value::Week(week)) => week.index().into(),
        (ColumnKind::Integer, Value::Number(number) | Value::Hundredths(number)) => (*number).into(),
        (ColumnKind::Boolean, Value::Flag(flag)) => (*flag).into(),
        _ => Sql::Null,
    }
}

/// The field that a column is read from: a number of a week, or hundredths, stand beside or for the field itself.
pub(super) fn field_of(column: &Column) -> &'static str {
    let name = column.name;
    name.strip_suffix("_nr")
        .or_else(|| name.strip_suffix("_honderdsten"))
        .unwrap_or(name)
}

impl Of<'_> {
    /// What a column of the row of its kind, or of all kinds, holds.
    pub(super) fn cell(&self, column: &Column) -> Sql {
        let merged = self.merged;
        match column.name {
            "id" => text(self.id),
            "soort" => text(merged.kind.name()),
            "eigenaar" => text(merged.owner),
            "week" | "week_nr" | "kwartaal" => week_cell(merged, column.name),
            "staat" => text(self.state.name),
            "fictief" => merged.practice.into(),
            "titel" => self.title(),
            "gemeenten" => count(merged.contributors.len()),
            "verschilt" => self.differs().into(),
            "eerste_duiding_nr" => self.first_duiding(),
            "teruggekeerd" => count(returns(merged, self.around, self.peilweek).len()),
            "bronnen" => count(rows(merged, "bron")),
            "aangepast" => merged.fields.contains_key("aanpassing").into(),
            "heeft_bewijs" => merged.fields.contains_key("bewijs").into(),
            "gewijzigd_na_vastlegging" => self.state.changed.into(),
            "leden" => count(self.state.members.as_ref().map_or(0, BTreeSet::len)),
            "antwoord" => self.state.answer.map_or(Sql::Null, text),
            _ => self.field(column),
        }
    }

    fn field(&self, column: &Column) -> Sql {
        let name = match (self.merged.kind, field_of(column)) {
            (Kind::Sessie, "over_kwartaal") => "kwartaal",
            (_, name) => name,
        };
        let value = match self.merged.value(name) {
            Some(Value::Row(row)) => row.get("oordeel"),
            Some(value) => Some(value),
            None => ["gevarieerd", "uitkomst"]
                .iter()
                .find_map(|field| match self.merged.value(field) {
                    Some(Value::Row(row)) => row.get(name),
                    _ => None,
                }),
        };
        value.map_or(Sql::Null, |value| value_cell(value, column.kind))
    }

    /// The title, or all of them.
    fn title(&self) -> Sql {
        let name = if self.merged.kind == Kind::Kring {
            "naam"
        } else {
            "titel"
        };
        let mut titles: Vec<&str> = Vec::new();
        for value in self.merged.values(name) {
            if let Value::Text(title) = value
                && !titles.contains(&title.as_str())
            {
                titles.push(title);
            }
        }
        match titles.is_empty() {
            true => Sql::Null,
            false => titles.join(" | ").into(),
        }
    }

    fn differs(&self) -> bool {
        let each =
            |(name, told): (&String, &Told)| matches!(told, Told::Each(_)) && !EACH_FOR_ITSELF.contains(&name.as_str());
        self.merged.fields.iter().any(each)
    }

    fn first_duiding(&self) -> Sql {
        let duidingen = self.around.linked.iter();
        let duidingen = duidingen.filter(|other| other.facts.kind == Kind::Duiding && other.relation == "op");
        let weeks = duidingen.flat_map(|other| &other.facts.done);
        let first = weeks.filter(|week| **week <= self.peilweek).min();
        first.map_or(Sql::Null, |week| week.index().into())
    }
}

fn rows(merged: &Merged, field: &str) -> usize {
    match merged.value(field) {
        Some(Value::Rows(rows)) => rows.len(),
        _ => 0,
    }
}
