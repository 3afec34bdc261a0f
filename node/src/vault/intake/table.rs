//! Tables: a header, rows under it, cells divided by whatever the spreadsheet of the day chose.

use csv::{ReaderBuilder, StringRecord};
use protocol::api::INTAKE_RECORDS_MAX;
use protocol::record::{self, COLUMN_CHARS_MAX, COLUMNS_MAX, delimiter, open_quote};

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
    match open_quote(text, delimiter(text)) {
        Some(line) => Err(IntakeError::Quote { line }),
        None => Ok(outcomes),
    }
}

fn cells(row: &StringRecord) -> Vec<String> {
    row.iter().map(str::to_owned).collect()
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
