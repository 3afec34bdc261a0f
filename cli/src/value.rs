//! A record of unknown form for a person: one field per line, nested ones indented.

use serde_json::Value;

use crate::output::plain;

/// Deepest nesting that is shown; records are shallower.
const DEPTH_MAX: usize = 8;

/// The lines that show a value.
#[must_use]
pub fn lines(value: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    write(value, 0, &mut lines);
    lines
}

fn write(value: &Value, depth: usize, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                field(&plain(name), value, depth, lines);
            }
        }
        Value::Array(items) => {
            for item in items {
                field("-", item, depth, lines);
            }
        }
        simple => lines.push(indented(depth, &short(simple))),
    }
}

fn field(name: &str, value: &Value, depth: usize, lines: &mut Vec<String>) {
    let label = if name == "-" {
        "-".to_owned()
    } else {
        format!("{name}:")
    };
    if is_short(value) || depth >= DEPTH_MAX {
        lines.push(indented(depth, &format!("{label} {}", short(value))));
    } else {
        lines.push(indented(depth, &label));
        write(value, depth + 1, lines);
    }
}

fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "  ".repeat(depth))
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

/// A value on one line.
#[must_use]
pub fn short(value: &Value) -> String {
    match value {
        Value::String(text) => plain(text),
        Value::Bool(true) => "ja".to_owned(),
        Value::Bool(false) => "nee".to_owned(),
        Value::Null => "-".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
        Value::Object(_) => plain(&value.to_string()),
    }
}
