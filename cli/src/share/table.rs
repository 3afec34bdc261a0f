//! A file of rows under a heading, whichever program wrote it.
//!
//! **Invariant:** bytes, rows and columns are bounded before anything is built from them. A cell is text, also one that begins like
//! a formula: nothing is ever calculated.

use csv::{ReaderBuilder, StringRecord};
use protocol::api::Message;
use protocol::record::{delimiter, open_quote};

use crate::command_error::CommandError;
use crate::exit::Exit;

/// Rows of one file.
pub(super) const ROWS_MAX: usize = 100_000;
/// Columns of one file; most of them are left out by a mapping.
pub(super) const COLUMNS_MAX: usize = 256;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line or row in the file, from 1.
    pub(super) line: u64,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

/// A heading and the rows under it; rows without anything in them are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// The names of the columns.
    pub(super) header: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Row>,
}

/// Whether there is anything in these cells.
#[must_use]
pub(super) fn is_empty(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// A table as text, its cells divided by `;`, `,` or tabs.
///
/// # Errors
/// [`CommandError`] when it is larger than is read, or a quote swallows what follows it.
pub(super) fn of_text(text: &str) -> Result<Table, CommandError> {
    let divider = delimiter(text);
    if let Some(line) = open_quote(text, divider) {
        return Err(quote(line));
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(divider)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map(cells).unwrap_or_default();
    check_columns(header.len())?;
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    // It is text, and rows may have any length, so that reading has nothing left to fail on.
    while reader.read_record(&mut record).unwrap_or(false) {
        let cells = cells(&record);
        if is_empty(&cells) {
            continue;
        }
        check_rows(rows.len())?;
        let line = record.position().map_or(0, |position| line_of(text, position));
        rows.push(Row { line, cells });
    }
    Ok(Table { header, rows })
}

/// The line on which a row begins. The reader counts from where the row before it ended, which is before a line feed that follows a
/// carriage return and before empty lines.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ends.filter(|byte| **byte == b'\n').count() as u64
}

fn cells(record: &StringRecord) -> Vec<String> {
    record.iter().map(str::to_owned).collect()
}

/// Refuses one row more than this many when there are as many as are read.
pub(super) fn check_rows(rows: usize) -> Result<(), CommandError> {
    if rows < ROWS_MAX {
        return Ok(());
    }
    Err(CommandError::new(
        Exit::Input,
        Message::with(
            format!("het bestand heeft meer dan {ROWS_MAX} rijen; er is niets opgenomen"),
            format!("the file has more than {ROWS_MAX} rows; nothing was taken in"),
        ),
    )
    .hinting(Message::new(
        "verdeel het over meer bestanden, bijvoorbeeld een per jaar",
        "divide it over more files, for instance one per year",
    )))
}

/// Refuses more columns than are read.
pub(super) fn check_columns(found: usize) -> Result<(), CommandError> {
    if found <= COLUMNS_MAX {
        return Ok(());
    }
    Err(CommandError::new(
        Exit::Input,
        Message::with(
            format!("{found} kolommen; hooguit {COLUMNS_MAX}"),
            format!("{found} columns; at most {COLUMNS_MAX}"),
        ),
    )
    .hinting(Message::new(
        "verwijder de kolommen die er niet toe doen",
        "remove the columns that do not matter",
    )))
}

fn quote(line: u64) -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("regel {line}: een aanhalingsteken wordt niet gesloten; er is niets opgenomen"),
            format!("line {line}: a quote is not closed; nothing was taken in"),
        ),
    )
    .hinting(Message::new(
        "is het bestand heel overgekomen? sluit het aanhalingsteken, of verdubbel het binnen een cel: \"\"",
        "did the whole file arrive? close the quote, or double it inside a cell: \"\"",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_divided_by_whatever_the_heading_uses() {
        for text in ["a;b\n1;2,5\n", "a,b\n1,\"2,5\"\n", "a\tb\n1\t2,5\n", "a;b\r\n1;2,5"] {
            let table = of_text(text).unwrap();
            assert_eq!(table.header, ["a", "b"], "{text:?}");
            assert_eq!(table.rows[0].cells, ["1", "2,5"], "{text:?}");
        }
    }

    #[test]
    fn a_row_keeps_its_line_and_a_formula_stays_text() {
        let table = of_text("a;b\n\"twee\nregels\";=1+1\n;\n@x;-2\n").unwrap();
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 5]);
        assert_eq!(table.rows[0].cells, ["twee\nregels", "=1+1"]);
        assert_eq!(table.rows[1].cells, ["@x", "-2"]);
    }

    #[test]
    fn a_row_has_its_line_whatever_ends_a_line_and_after_empty_ones() {
        let text = "a;b\n1;2\n\n\n3;4\n\"vijf\nzes\";7\n8;9\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let lines: Vec<u64> = of_text(&text).unwrap().rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 5, 6, 8], "{text:?}");
        }
    }

    #[test]
    fn more_rows_or_columns_than_are_read_are_refused_with_the_limit() {
        let rows = format!("a\n{}", "x\n".repeat(ROWS_MAX));
        assert_eq!(of_text(&rows).unwrap().rows.len(), ROWS_MAX);
        let more = of_text(&format!("{rows}x\n")).unwrap_err();
        assert!(more.message.nl.contains("100000 rijen"), "{:?}", more.message);
        let million = of_text(&format!("a\n{}", "x\n".repeat(1_000_000))).unwrap_err();
        assert_eq!(million.message, more.message, "and a million as well");
        let hint = million.hint.unwrap();
        assert!(hint.nl.contains("verdeel"), "{hint:?}");
        let wide = of_text(&";".repeat(COLUMNS_MAX)).unwrap_err();
        assert!(wide.message.nl.contains("257 kolommen"), "{:?}", wide.message);
    }

    #[test]
    fn a_last_line_that_broke_off_in_a_quote_is_named() {
        let broken = of_text("a;b\n1;2\n3;\"vier").unwrap_err();
        assert!(broken.message.nl.starts_with("regel 3:"), "{:?}", broken.message);
        // Without one it is a row with too few cells, which is told of that row alone.
        assert_eq!(of_text("a;b\n1;2\n3").unwrap().rows[1].cells, ["3"]);
    }
}
