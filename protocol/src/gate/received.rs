//! What a node hides of what arrives, in everything it shows: identifiers that somebody should have masked.
//!
//! A set of rules is numbered, and its number is part of every snapshot: nodes with the same set hide the same, and only
//! those can say that they know the same. The log keeps what was signed; only what is derived from it is hidden.
//!
//! **Invariant:** a set never changes. A better one is a file beside it with the next number.

mod first;

use serde_json::Value as Json;

use crate::record::{Part, Row, Value};

/// The set of rules that is in use.
pub const RULES_VERSION: u32 = first::NUMBER;

/// Hides in a part of a record, and says how many places.
pub fn hide(part: &mut Part) -> u32 {
    let mut hidden = row(&mut part.fields);
    for value in part.unknown.values_mut() {
        hidden += json(value);
    }
    hidden
}

fn row(fields: &mut Row) -> u32 {
    fields.values_mut().map(value).sum()
}

fn value(value: &mut Value) -> u32 {
    match value {
        Value::Text(text) | Value::Code(text) => one(text),
        Value::Texts(texts) => texts.iter_mut().map(one).sum(),
        Value::Row(fields) => row(fields),
        Value::Rows(rows) => rows.values_mut().map(row).sum(),
        // A set or number of codes stays one: a code that holds an identifier is shown as what it hides behind.
        Value::Codes(codes) => {
            let mut hidden = 0;
            *codes = std::mem::take(codes)
                .into_iter()
                .map(|mut code| {
                    hidden += one(&mut code);
                    code
                })
                .collect();
            hidden
        }
        Value::Counts(counts) => {
            let mut hidden = 0;
            *counts = std::mem::take(counts)
                .into_iter()
                .map(|(mut code, count)| {
                    hidden += one(&mut code);
                    (code, count)
                })
                .collect();
            hidden
        }
        Value::Flag(_)
        | Value::Number(_)
        | Value::Hundredths(_)
        | Value::Week(_)
        | Value::Quarter(_)
        | Value::Link(_)
        | Value::Links(_) => 0,
    }
}

/// What a later version added, as far as it is text.
fn json(value: &mut Json) -> u32 {
    match value {
        Json::String(text) => one(text),
        Json::Array(values) => values.iter_mut().map(json).sum(),
        Json::Object(fields) => fields.values_mut().map(json).sum(),
        Json::Null | Json::Bool(_) | Json::Number(_) => 0,
    }
}

fn one(text: &mut String) -> u32 {
    let (shown, hidden) = first::hide(text);
    if hidden > 0 {
        *text = shown;
    }
    hidden
}

#[cfg(test)]
mod tests;
