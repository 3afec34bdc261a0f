//! The rows of a table in order of its key, as lines or in groups.

use std::io::Write;

use protocol::api::Uitvoervorm;
use protocol::export::{Cell, Dialect, line};
use protocol::id::Snapshot;
use rusqlite::types::ValueRef;
use rusqlite::{Row, params_from_iter};

use super::super::tables::{Column, ColumnKind, Table};
use super::super::{Reading, ViewError};
use super::ExportError;
use super::parquet::Groups;

/// What Excel needs to see that a file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes a table, and how many rows it has.
pub(super) fn write(
    reading: &Reading<'_>,
    table: &Table,
    form: Uitvoervorm,
    snapshot: Snapshot,
    out: &mut (dyn Write + Send),
) -> Result<u64, ExportError> {
    match form {
        Uitvoervorm::Csv => csv(reading, table, Dialect::Plain, out),
        Uitvoervorm::Excel => {
            out.write_all(BYTE_ORDER_MARK.as_bytes())?;
            csv(reading, table, Dialect::Dutch, out)
        }
        Uitvoervorm::Jsonl => jsonl(reading, table, out),
        Uitvoervorm::Parquet => {
            let mut groups = Groups::new(table, snapshot, out)?;
            let count = each(reading, table, None, &mut |cells| groups.row(cells))?;
            groups.finish()?;
            Ok(count)
        }
    }
}

fn csv(
    reading: &Reading<'_>,
    table: &Table,
    dialect: Dialect,
    out: &mut (dyn Write + Send),
) -> Result<u64, ExportError> {
    let names = table.columns.iter().map(|column| Cell::Text(column.name));
    out.write_all(line(dialect, names).as_bytes())?;
    each(reading, table, None, &mut |cells| {
        Ok(out.write_all(line(dialect, cells.iter().copied()).as_bytes())?)
    })
}

fn jsonl(reading: &Reading<'_>, table: &Table, out: &mut (dyn Write + Send)) -> Result<u64, ExportError> {
    each(reading, table, None, &mut |cells| {
        for (at, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
            let before = if at == 0 { '{' } else { ',' };
            write!(out, "{before}\"{}\":", column.name)?;
            value(*cell, out)?;
        }
        Ok(out.write_all(b"}\n")?)
    })
}

/// Writes a cell as JSON.
pub(super) fn value(cell: Cell<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    match cell {
        Cell::Empty => out.write_all(b"null")?,
        Cell::Text(text) => serde_json::to_writer(&mut *out, text)?,
        Cell::Integer(number) => write!(out, "{number}")?,
        Cell::Real(number) => serde_json::to_writer(&mut *out, &number)?,
        Cell::Boolean(flag) => write!(out, "{flag}")?,
    }
    Ok(())
}

/// Gives every row to `take`, or every row of one record, in order of the key.
pub(super) fn each(
    reading: &Reading<'_>,
    table: &Table,
    record: Option<&str>,
    take: &mut dyn FnMut(&[Cell<'_>]) -> Result<(), ExportError>,
) -> Result<u64, ExportError> {
    let columns: Vec<_> = table.columns.iter().map(|column| column.name).collect();
    let (columns, key) = (columns.join(", "), table.key.join(", "));
    let only = record.map_or_else(String::new, |_| format!("WHERE {} = ?1", table.key[0]));
    let query = format!("SELECT {columns} FROM {} {only} ORDER BY {key}", table.name);
    let mut statement = reading.transaction.prepare_cached(&query)?;
    let mut rows = statement.query(params_from_iter(record))?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let cells = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| cell(row, at, column));
        take(&cells.collect::<Result<Vec<_>, _>>()?)?;
        count += 1;
    }
    Ok(count)
}

fn cell<'a>(row: &'a Row<'_>, at: usize, column: &Column) -> Result<Cell<'a>, ViewError> {
    let damaged = || ViewError::Damaged {
        detail: format!("column {}", column.name),
    };
    Ok(match (column.kind, row.get_ref(at)?) {
        (_, ValueRef::Null) => Cell::Empty,
        (ColumnKind::Text, ValueRef::Text(text)) => Cell::Text(std::str::from_utf8(text).map_err(|_| damaged())?),
        (ColumnKind::Integer, ValueRef::Integer(number)) => Cell::Integer(number),
        (ColumnKind::Boolean, ValueRef::Integer(number)) => Cell::Boolean(number != 0),
        (ColumnKind::Real, ValueRef::Real(number)) => Cell::Real(number),
        _ => return Err(damaged()),
    })
}
