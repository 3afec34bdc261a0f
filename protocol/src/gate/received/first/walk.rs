//! Where the first set looks in a part of a record: everywhere that a member can write something down. Frozen with the set.
//!
//! It does not ask the schema, which goes on changing: names are read like values, and a number like the text of its
//! digits. Of names that become the same the first stands, in the order they had.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::hide;
use crate::record::{Part, Row, Value};

/// Hides in a part of a record, and says how many places.
pub(in crate::gate::received) fn part(part: &mut Part) -> u32 {
    row(&mut part.fields) + named(&mut part.unknown, json)
}

fn row(fields: &mut Row) -> u32 {
    named(fields, value)
}

/// Hides in names and in what stands under them.
fn named<T>(map: &mut BTreeMap<String, T>, within: fn(&mut T) -> u32) -> u32 {
    let mut hidden = 0;
    for (mut name, mut under) in std::mem::take(map) {
        hidden += one(&mut name) + within(&mut under);
        map.entry(name).or_insert(under);
    }
    hidden
}

fn value(value: &mut Value) -> u32 {
    match value {
        Value::Text(text) | Value::Code(text) => one(text),
        Value::Texts(texts) => texts.iter_mut().map(one).sum(),
        Value::Row(fields) => row(fields),
        Value::Rows(rows) => numbered(rows),
        Value::Counts(counts) => named(counts, count),
        // A set of codes stays one: a code that holds an identifier is shown as what it hides behind.
        Value::Codes(codes) => {
            let mut hidden = 0;
            let shown = std::mem::take(codes).into_iter().map(|mut code| {
                hidden += one(&mut code);
                code
            });
            *codes = shown.collect();
            hidden
        }
        Value::Number(number) => {
            let digits = number.unsigned_abs().to_string();
            becomes(value, &digits, Value::Text)
        }
        Value::Hundredths(number) => {
            let number = number.unsigned_abs();
            let digits = format!("{}.{:02}", number / 100, number % 100);
            becomes(value, &digits, Value::Text)
        }
        Value::Flag(_) | Value::Week(_) | Value::Quarter(_) | Value::Link(_) | Value::Links(_) => 0,
    }
}

/// What a later version added.
fn json(value: &mut Json) -> u32 {
    match value {
        Json::String(text) => one(text),
        Json::Array(values) => values.iter_mut().map(json).sum(),
        Json::Object(fields) => {
            let mut shown: BTreeMap<String, Json> = std::mem::take(fields).into_iter().collect();
            let hidden = named(&mut shown, json);
            fields.extend(shown);
            hidden
        }
        // Documents hold whole numbers only.
        Json::Number(number) => match number.as_i64() {
            Some(number) => becomes(value, &number.unsigned_abs().to_string(), Json::String),
            None => 0,
        },
        Json::Null | Json::Bool(_) => 0,
    }
}

/// Rows keep their numbers, but for a number that is an identifier: that row gets the first that is free.
fn numbered(rows: &mut BTreeMap<u32, Row>) -> u32 {
    let (mut hidden, mut without) = (0, Vec::new());
    for (number, mut fields) in std::mem::take(rows) {
        hidden += row(&mut fields);
        if hide(&number.to_string()).1 == 0 {
            rows.insert(number, fields);
        } else {
            without.push(fields);
        }
    }
    let mut free = 1;
    for fields in without {
        while rows.contains_key(&free) {
            free += 1;
        }
        rows.insert(free, fields);
        hidden += 1;
    }
    hidden
}

/// A number of a code has to stay a number.
fn count(count: &mut i64) -> u32 {
    let (_, hidden) = hide(&count.unsigned_abs().to_string());
    if hidden > 0 {
        *count = 0;
    }
    hidden
}

/// A number of which the digits are an identifier becomes the text that is shown for it.
fn becomes<T>(number: &mut T, digits: &str, text: fn(String) -> T) -> u32 {
    let (shown, hidden) = hide(digits);
    if hidden > 0 {
        *number = text(shown);
    }
    hidden
}

fn one(text: &mut String) -> u32 {
    let (shown, hidden) = hide(text);
    if hidden > 0 {
        *text = shown;
    }
    hidden
}
