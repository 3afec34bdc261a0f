//! A sheet of a workbook, as a table.
//!
//! Cells are read one by one, so that a stray one far away takes no memory. Of a formula the result that the workbook keeps is taken, as
//! text. **Invariant:** a workbook is never calculated, and nothing outside of it is opened.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook_from_rs};
use protocol::api::Message;

use super::table::{Row, Table, check_columns, check_rows, is_empty};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// Characters of one cell that are taken.
const CELL_CHARS_MAX: usize = 32_767;

/// The sheet with this name, or the first, as a table.
///
/// # Errors
/// [`CommandError`] when it is no workbook, has no such sheet, or is larger than is read.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Table, CommandError> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(no_workbook)?;
    let names = book.sheet_names();
    let name = match wanted {
        Some(wanted) => names
            .iter()
            .find(|name| name.trim().eq_ignore_ascii_case(wanted.trim())),
        None => names.first(),
    };
    let name = name
        .cloned()
        .ok_or_else(|| no_sheet(wanted.unwrap_or_default(), &names))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(no_workbook)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(no_workbook)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let line = u64::from(row) + 1;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        check_columns(column.saturating_add(1))?;
        if rows.last().is_none_or(|last| last.line != line) {
            // The heading is not counted.
            check_rows(rows.len().saturating_sub(1))?;
            rows.push(Row {
                line,
                cells: Vec::new(),
            });
        }
        let row = rows.last_mut().expect("one was just pushed");
        row.cells.resize(row.cells.len().max(column + 1), String::new());
        row.cells[column] = text;
    }
    Ok(table(rows))
}

/// The first row that holds anything is the heading; every other has as many cells.
fn table(rows: Vec<Row>) -> Table {
    let mut rows = rows.into_iter();
    let header = rows.next().map(|row| row.cells).unwrap_or_default();
    let rows = rows.map(|mut row| {
        // What stands beside the columns with a name belongs to none of them.
        row.cells.resize(header.len(), String::new());
        row
    });
    let rows = rows.filter(|row| !is_empty(&row.cells)).collect();
    Table { header, rows }
}

fn text_of(value: &DataRef<'_>) -> String {
    let text = match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "ja".to_owned(),
        DataRef::Bool(false) => "nee".to_owned(),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(length) => length.as_f64().to_string(),
        DataRef::DateTimeIso(text) => text.chars().take(10).collect(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    };
    text.trim().chars().take(CELL_CHARS_MAX).collect()
}

fn no_workbook(error: XlsxError) -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::new(
            "dit is geen werkboek dat te lezen is",
            "this is no workbook that can be read",
        ),
    )
    .hinting(Message::new(
        "sla het op als .xlsx zonder wachtwoord, of als 'CSV UTF-8'",
        "save it as .xlsx without a password, or as 'CSV UTF-8'",
    ))
    .caused_by(error)
}

fn no_sheet(wanted: &str, names: &[String]) -> CommandError {
    let names = names.join(", ");
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("het werkboek heeft geen blad {wanted:?}"),
            format!("the workbook has no sheet {wanted:?}"),
        ),
    )
    .hinting(Message::with(
        format!("de bladen zijn: {names}"),
        format!("the sheets are: {names}"),
    ))
}

#[cfg(test)]
mod tests;
