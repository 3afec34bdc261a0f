//! Keys of a document's map read as the fields of a record.
//!
//! Every key is read by itself into a field that holds nothing else; then it is united with what the keys before it
//! gave. A key that cannot be read, or that clashes with an earlier one, leaves nothing behind.

use std::collections::{BTreeMap, BTreeSet};

use super::encode::{DEPTH_MAX, Scalar};
use super::texts::Place;
use crate::record::{Fields, Reference, Row, Value};

/// Reads one entry of the map into the fields. False when its form is not known here, or when an earlier key gave the
/// field another type; keys come in their order, so that everybody keeps the same one.
pub(super) fn decode(fields: &mut Fields, key: &str, scalar: &Scalar<'_>) -> bool {
    field(key, scalar, 0).is_some_and(|(name, value)| unite(fields, name, value))
}

/// What one key says: the field it belongs to and its part of the value.
fn field<'k>(key: &'k str, scalar: &Scalar<'_>, depth: usize) -> Option<(&'k str, Value)> {
    let (mark, rest) = key.split_once(':')?;
    if depth > DEPTH_MAX {
        return None;
    }
    match rest.split_once(':') {
        Some(("", _)) => None,
        Some((name, rest)) => Some((name, member(mark, rest, scalar, depth)?)),
        None if rest.is_empty() => None,
        None => Some((rest, whole(mark, scalar)?)),
    }
}

/// A value that has one key.
fn whole(mark: &str, scalar: &Scalar<'_>) -> Option<Value> {
    Some(match mark {
        "t" => Value::Text(scalar.text()?.to_owned()),
        "c" => Value::Code(scalar.text()?.to_owned()),
        "b" => Value::Flag(scalar.flag()?),
        "n" => Value::Number(scalar.number()?),
        "h" => Value::Hundredths(scalar.number()?),
        "w" => Value::Week(scalar.text()?.parse().ok()?),
        "q" => Value::Quarter(scalar.text()?.parse().ok()?),
        "l" => Value::Link(Reference::Record(scalar.text()?.parse().ok()?)),
        _ => return None,
    })
}

/// A value that has a key for each of its members.
fn member(mark: &str, rest: &str, scalar: &Scalar<'_>, depth: usize) -> Option<Value> {
    Some(match mark {
        "C" if scalar.flag()? => Value::Codes(BTreeSet::from([rest.to_owned()])),
        "L" if scalar.flag()? => Value::Links(BTreeSet::from([Reference::Record(rest.parse().ok()?)])),
        "N" => Value::Counts(BTreeMap::from([(rest.to_owned(), scalar.number()?)])),
        "T" => {
            Place::read(rest)?;
            Value::Texts(vec![scalar.text()?.to_owned()])
        }
        "r" => Value::Row(row(rest, scalar, depth)?),
        "R" => {
            let (number, rest) = rest.split_once(':')?;
            Value::Rows(BTreeMap::from([(row_number(number)?, row(rest, scalar, depth)?)]))
        }
        _ => return None,
    })
}

fn row(key: &str, scalar: &Scalar<'_>, depth: usize) -> Option<Row> {
    let (name, value) = field(key, scalar, depth + 1)?;
    Some(Row::from([(name.to_owned(), value)]))
}

/// The number of a row, in the only form it is written in.
fn row_number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Adds a part of a value to a field; false, and nothing changed, when the types clash.
fn unite(row: &mut Row, name: &str, part: Value) -> bool {
    let Some(present) = row.get_mut(name) else {
        row.insert(name.to_owned(), part);
        return true;
    };
    match (present, part) {
        (Value::Codes(present), Value::Codes(part)) => present.extend(part),
        (Value::Links(present), Value::Links(part)) => present.extend(part),
        (Value::Counts(present), Value::Counts(part)) => present.extend(part),
        (Value::Texts(present), Value::Texts(part)) => present.extend(part),
        (Value::Row(present), Value::Row(part)) => return unite_rows(present, part),
        (Value::Rows(present), Value::Rows(part)) => {
            return part
                .into_iter()
                .all(|(number, part)| unite_rows(present.entry(number).or_default(), part));
        }
        _ => return false,
    }
    true
}

/// A part comes from one key and holds one field, so that it is united wholly or not at all.
fn unite_rows(present: &mut Row, part: Row) -> bool {
    part.into_iter().all(|(name, value)| unite(present, &name, value))
}
