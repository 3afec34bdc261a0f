//! Tables: a header, rows under it, cells divided by whatever the spreadsheet of the day chose.

use csv::{ReaderBuilder, StringRecord};
use protocol::api::INTAKE_RECORDS_MAX;
use protocol::record::{self, COLUMN_CHARS_MAX, COLUMNS_MAX};

use super::{IntakeError, Outcomes, take};
use crate::vault::Source;

pub(super) fn read(text: &str, intake: &record::Intake) -> Result<Outcomes, IntakeError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map(cells).unwrap_or_default();
    check_header(&header)?;
    let mut outcomes = Vec::new();
    let mut row = StringRecord::new();
    // The text is UTF-8 and rows may have any length, so that reading has nothing left to fail on.
    while reader.read_record(&mut row).unwrap_or(false) {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if outcomes.len() == INTAKE_RECORDS_MAX {
            return Err(IntakeError::TooMany);
        }
        let line = row.position().map(csv::Position::line);
        let source = Source::Row {
            header: header.clone(),
            cells: cells(&row),
        };
        outcomes.push(take(source, outcomes.len() + 1, line, intake));
    }
    match open_quote(text) {
        Some(line) => Err(IntakeError::Quote { line }),
        None => Ok(outcomes),
    }
}

fn cells(row: &StringRecord) -> Vec<String> {
    row.iter().map(str::to_owned).collect()
}

/// The divider that the header uses most; `;` is what a Dutch spreadsheet writes.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let unquoted: String = header.split('"').step_by(2).collect();
    let count = |delimiter: u8| unquoted.bytes().filter(|byte| *byte == delimiter).count();
    [b'\t', b',', b';']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b';')
}

fn check_header(header: &[String]) -> Result<(), IntakeError> {
    if header.len() > COLUMNS_MAX {
        return Err(IntakeError::Columns { found: header.len() });
    }
    for (name, column) in header.iter().zip(1..) {
        let found = name.trim().chars().count();
        if found > COLUMN_CHARS_MAX {
            return Err(IntakeError::ColumnName { column, found });
        }
    }
    let mut names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(IntakeError::ColumnTwice {
            name: pair[0].chars().take(40).collect(),
        }),
        None => Ok(()),
    }
}

/// The line of a quote that is still open at the end: the reader would take all that follows for one cell.
fn open_quote(text: &str) -> Option<u64> {
    let mut open = None;
    let mut cell_begins = true;
    let mut line = 1;
    let divider = char::from(delimiter(text));
    for character in text.chars() {
        match character {
            '"' if open.is_some() => open = None,
            // A quote in the middle of a cell is text; one behind a closing quote is a doubled one.
            '"' if cell_begins => open = Some(line),
            _ => {}
        }
        line += u64::from(character == '\n');
        cell_begins = matches!(character, '\n' | '\r' | '"') || character == divider;
    }
    open
}
