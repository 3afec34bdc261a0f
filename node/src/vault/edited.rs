//! What was typed, with one field changed: as if a person had typed that in the file they handed in.

use serde_json::Value;

use super::Vault;
use super::{Concept, Source, Taken, VaultError};
use protocol::gate::Coarse;
use protocol::record::{Finding, Intake, Kind, row_json};

/// A field and what it says from now on; nothing takes it away.
pub type Change<'a> = (&'a str, Option<Value>);

impl Source {
    /// The same with these fields changed.
    #[must_use]
    pub fn with(&self, changes: &[Change<'_>]) -> Self {
        let mut changed = self.clone();
        for (field, value) in changes {
            changed.set(field, value.as_ref());
        }
        changed
    }

    /// The same, as an object when one of these changes has no place in the cell of a row.
    fn roomy(&self, changes: &[Change<'_>], kind: Option<Kind>) -> Self {
        let is_large = |value: &Value| value.is_array() || value.is_object();
        match self {
            Self::Row { header, cells } if changes.iter().any(|(_, value)| value.as_ref().is_some_and(is_large)) => {
                let [header, cells] = [header, cells].map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
                let mut object = row_json(&header, &cells, kind);
                if let (Value::Object(fields), Some(kind)) = (&mut object, kind) {
                    fields.entry("soort").or_insert_with(|| kind.name().into());
                }
                Self::Json(object)
            }
            other => other.clone(),
        }
    }

    fn set(&mut self, field: &str, value: Option<&Value>) {
        match self {
            Self::Json(Value::Object(fields)) => {
                match value {
                    Some(value) => fields.insert(field.to_owned(), value.clone()),
                    None => fields.remove(field),
                };
            }
            Self::Json(_) => {}
            Self::Row { header, cells } => {
                let at = header.iter().position(|name| name == field).unwrap_or_else(|| {
                    header.push(field.to_owned());
                    header.len() - 1
                });
                cells.resize(header.len().max(cells.len()), String::new());
                cells[at] = match value {
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                    None => String::new(),
                };
            }
        }
    }
}

/// A local record, typed again with some fields changed.
pub type Retyped = Result<Taken, Vec<Finding>>;

impl Vault {
    /// A record with these fields changed, to be taken in again.
    ///
    /// # Errors
    /// What reading gives.
    pub fn retyped(&self, id: &str, changes: &[Change<'_>], by: &str) -> Result<Retyped, VaultError> {
        Ok(retype(&self.get(id)?, changes, by))
    }
}

fn retype(concept: &Concept, changes: &[Change<'_>], by: &str) -> Retyped {
    let kind = concept.kind.and_then(Kind::from_number);
    let source = concept.source.roomy(changes, kind).with(changes);
    let intake = Intake {
        gemeente: concept.gemeente,
        week: concept.week,
        kind,
    };
    let mut input = source.read(&intake)?;
    input.id = Some(concept.id.clone());
    Ok(Taken {
        source,
        input,
        intake,
        by: Some(by.to_owned()),
        coarse: Coarse::AsTyped,
        // Of the case behind it nothing else is known now.
        known: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_changed_in_an_object_and_in_a_row_alike() {
        let object = Source::Json(json!({"soort": "signaal", "knelpunt": "k-1"}));
        let changed = object.with(&[("knelpunt", Some("k-2".into())), ("soort", None)]);
        assert!(changed == Source::Json(json!({"knelpunt": "k-2"})));
        let row = |header: &[&str], cells: &[&str]| Source::Row {
            header: header.iter().map(|name| (*name).to_owned()).collect(),
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let linked = row(&["tekst"], &["Het wacht."]).with(&[("knelpunt", Some("k-2".into()))]);
        assert!(linked == row(&["tekst", "knelpunt"], &["Het wacht.", "k-2"]));
        let rows: Change<'_> = ("afspraken", Some(json!([{"wat": "Bellen"}])));
        let session = row(&["week", "kwartaal"], &["2026-W10", "2026-Q1"]);
        let roomy = session
            .roomy(&[("week", None), rows.clone()], Some(Kind::Sessie))
            .with(&[rows]);
        let object =
            json!({"soort": "sessie", "week": "2026-W10", "kwartaal": "2026-Q1", "afspraken": [{"wat": "Bellen"}]});
        assert!(roomy == Source::Json(object));
        assert!(linked.roomy(&[("week", None)], Some(Kind::Signaal)) == linked);
        assert!(linked.with(&[("knelpunt", None)]) == row(&["tekst", "knelpunt"], &["Het wacht.", ""]));
    }
}
