//! Which keys an edit leaves alone because a later version wrote them.
//!
//! A record that a person edits in this version has no place for fields that only a later version knows. Their absence
//! says nothing, so they stay; so do columns of a row, as long as the row is there.

use super::encode::Entries;
use crate::record::{Field, Kind, schema};

/// Whether a key is of a field or column that this version does not know. `after` is what the record says.
pub(super) fn is_foreign(kind: Kind, key: &str, after: &Entries<'_>) -> bool {
    let Some((name, member)) = name_and_member(key) else {
        return false;
    };
    match schema::field(kind, name).map(|field| field.what) {
        None => !after
            .keys()
            .any(|key| name_and_member(key).is_some_and(|(other, _)| other == name)),
        Some(schema::Type::Row(columns)) => is_foreign_column(columns, key, member, after),
        Some(schema::Type::Rows { columns, .. }) => {
            let column = member.split_once(':').map_or("", |(_, column)| column);
            is_foreign_column(columns, key, column, after)
        }
        Some(_) => false,
    }
}

/// A column nobody here knows, in a row that still has others.
fn is_foreign_column(columns: &'static [Field], key: &str, column: &str, after: &Entries<'_>) -> bool {
    let is_known = name_and_member(column).is_none_or(|(name, _)| schema::find(columns, name).is_some());
    let row = &key[..key.len() - column.len()];
    !is_known && after.keys().any(|key| key.starts_with(row))
}

/// The name of a field, and what follows it in the key.
fn name_and_member(key: &str) -> Option<(&str, &str)> {
    let (_, rest) = key.split_once(':')?;
    Some(rest.split_once(':').unwrap_or((rest, "")))
}
