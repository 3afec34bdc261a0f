//! CSV cells: text that is turned into the JSON its field takes, then checked like any other input.
//!
//! Turning never fails: what has no other form stays text, and the check says what is wrong with it. A list in
//! a cell is divided by `;`, one of codes also by `,`; a count is `code=number`, a column of a structure is named `gevarieerd.van`.

use serde_json::{Map, Number, Value as Json};

use super::{Input, Intake, read_json};
use crate::record::schema::{self, Type};
use crate::record::{Field, Finding, Kind, Problem};

/// The most columns a table can have.
pub const COLUMNS_MAX: usize = 64;
/// The most characters of the name above a column.
pub const COLUMN_CHARS_MAX: usize = 80;

/// One row of a table, under its header.
///
/// # Errors
/// Everything that is wrong with it, as [`read_json`].
pub fn read_row(header: &[&str], cells: &[&str], intake: &Intake) -> Result<Input, Vec<Finding>> {
    let (expected, found) = (header.len().min(COLUMNS_MAX), cells.len());
    if found != header.len() || found > COLUMNS_MAX {
        return Err(vec![Finding::new("", Problem::Cells { found, expected })]);
    }
    read_json(&row_json(header, cells, intake.kind), intake)
}

/// The JSON that a row under its header stands for, of this kind when it names none.
#[must_use]
pub fn row_json(header: &[&str], cells: &[&str], kind: Option<Kind>) -> Json {
    let names: Vec<_> = header.iter().map(|name| column_name(name)).collect();
    let named = names.iter().zip(cells).find(|(name, _)| *name == "soort");
    let kind = named.and_then(|(_, cell)| Kind::from_name(cell.trim())).or(kind);
    let mut object = Map::new();
    for (name, cell) in names.iter().zip(cells) {
        place(&mut object, kind, name, cell.trim());
    }
    Json::Object(object)
}

/// The JSON that a text stands for in this field.
#[must_use]
pub fn from_text(field: &Field, text: &str) -> Json {
    let text = text.trim();
    match field.what {
        Type::Flag => flag(text),
        Type::Number { .. } | Type::Hundredths { .. } => number(text),
        Type::Codes { .. } | Type::Links { .. } => names(text).map(string).collect(),
        Type::Texts { .. } => parts(text).map(string).collect(),
        Type::Counts { .. } => counts(text),
        _ => string(text),
    }
}

/// A header as a field name: without a byte-order mark, quotes of a spreadsheet, or capitals.
fn column_name(name: &str) -> String {
    name.trim_start_matches('\u{feff}')
        .trim()
        .to_lowercase()
        .replace(' ', "_")
}

fn place(object: &mut Map<String, Json>, kind: Option<Kind>, name: &str, text: &str) {
    if text.is_empty() || name.is_empty() {
        return;
    }
    let fields = kind.map_or(&[][..], schema::fields);
    let (whole, column) = name.split_once('.').unwrap_or((name, ""));
    let value = match schema::find(fields, whole).map(|field| (field, field.what)) {
        Some((_, Type::Row(columns))) if !column.is_empty() => {
            let value = schema::find(columns, column).map_or_else(|| string(text), |column| from_text(column, text));
            let row = object.entry(whole).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(row) = row {
                row.insert(column.to_owned(), value);
            }
            return;
        }
        Some((field, _)) if column.is_empty() => from_text(field, text),
        _ if name == "fictief" => flag(text),
        _ => string(text),
    };
    object.insert(name.to_owned(), value);
}

fn string(text: &str) -> Json {
    Json::String(text.to_owned())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// Codes and links: no name holds a comma, and a cell of a table divided by `;` uses one.
fn names(text: &str) -> impl Iterator<Item = &str> {
    parts(text)
        .flat_map(|part| part.split(','))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn flag(text: &str) -> Json {
    match text.to_lowercase().as_str() {
        "ja" | "j" | "true" | "waar" | "1" => Json::Bool(true),
        "nee" | "n" | "false" | "onwaar" | "0" => Json::Bool(false),
        _ => string(text),
    }
}

fn number(text: &str) -> Json {
    let decimal = text.replace(',', ".");
    if let Ok(whole) = decimal.parse::<i64>() {
        return Json::Number(whole.into());
    }
    let number = decimal.parse().ok().and_then(Number::from_f64);
    number.map_or_else(|| string(text), Json::Number)
}

fn counts(text: &str) -> Json {
    let mut object = Map::new();
    for part in names(text) {
        let Some((code, count)) = part.split_once(['=', ':']) else {
            return string(text);
        };
        object.insert(code.trim().to_owned(), number(count.trim()));
    }
    Json::Object(object)
}
