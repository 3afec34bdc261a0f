//! A table as Parquet: flat columns of text, 64-bit numbers, doubles and booleans, compressed with Snappy, which DuckDB, pyarrow,
//! R and Spark all read.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use protocol::export::Cell;
use protocol::id::Snapshot;

use super::super::tables::{ColumnKind, Table};
use super::ExportError;

/// Rows of a group at most: what is held in memory of a table.
const GROUP_ROWS: usize = 128 * 1024;
/// Bytes of text in a group, more or less, at most.
const GROUP_BYTES: usize = 16 * 1024 * 1024;
/// The program, without its version: that is no part of a snapshot.
const CREATED_BY: &str = "leerkring";

/// A file that is being written, group by group.
pub(super) struct Groups<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Held>,
    rows: usize,
    bytes: usize,
}

/// What is held of a column: its values, and for each row whether there is one.
struct Held {
    values: Values,
    /// Empty of a column that every row has.
    levels: Vec<i16>,
    is_required: bool,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Real(Vec<f64>),
    Boolean(Vec<bool>),
}

impl<W: Write + Send> Groups<W> {
    pub(super) fn new(table: &Table, snapshot: Snapshot, out: W) -> Result<Self, ExportError> {
        let schema = Arc::new(parse_message_type(&schema(table))?);
        let pairs = [
            ("leerkring.tabel", table.name.to_owned()),
            ("leerkring.snapshot", snapshot.to_string()),
        ];
        let pairs = pairs.map(|(key, value)| KeyValue::new(key.to_owned(), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(CREATED_BY.to_owned())
            .set_key_value_metadata(Some(pairs.to_vec()))
            .build();
        let columns = table.columns.iter().map(|column| Held {
            values: Values::of(column.kind),
            levels: Vec::new(),
            is_required: table.key.contains(&column.name),
        });
        Ok(Self {
            columns: columns.collect(),
            writer: SerializedFileWriter::new(out, schema, Arc::new(properties))?,
            rows: 0,
            bytes: 0,
        })
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        for (held, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += held.add(*cell);
        }
        self.rows += 1;
        match self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            true => self.write(),
            false => Ok(()),
        }
    }

    /// Writes what is held, and the end of the file.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        if self.rows > 0 {
            self.write()?;
        }
        self.writer.close()?;
        Ok(())
    }

    fn write(&mut self) -> Result<(), ExportError> {
        let mut group = self.writer.next_row_group()?;
        let mut columns = self.columns.iter_mut();
        while let (Some(mut column), Some(held)) = (group.next_column()?, columns.next()) {
            held.write(&mut column)?;
            column.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Held {
    /// Adds a cell; how many bytes of text it has.
    fn add(&mut self, cell: Cell<'_>) -> usize {
        if !self.is_required {
            self.levels.push(i16::from(cell != Cell::Empty));
        }
        match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => {
                values.push(text.into());
                return text.len();
            }
            (Values::Integer(values), Cell::Integer(number)) => values.push(number),
            (Values::Real(values), Cell::Real(number)) => values.push(number),
            (Values::Boolean(values), Cell::Boolean(flag)) => values.push(flag),
            _ => {}
        }
        0
    }

    fn write(&mut self, out: &mut SerializedColumnWriter<'_>) -> Result<(), ExportError> {
        let levels = (!self.is_required).then_some(self.levels.as_slice());
        match &mut self.values {
            Values::Text(values) => {
                out.typed::<ByteArrayType>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Integer(values) => {
                out.typed::<Int64Type>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Real(values) => {
                out.typed::<DoubleType>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Boolean(values) => {
                out.typed::<BoolType>().write_batch(values, levels, None)?;
                values.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}

impl Values {
    fn of(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Text(Vec::new()),
            ColumnKind::Integer => Self::Integer(Vec::new()),
            ColumnKind::Real => Self::Real(Vec::new()),
            ColumnKind::Boolean => Self::Boolean(Vec::new()),
        }
    }
}

fn schema(table: &Table) -> String {
    let columns = table.columns.iter().map(|column| {
        let must = match table.key.contains(&column.name) {
            true => "REQUIRED",
            false => "OPTIONAL",
        };
        let (kind, meaning) = match column.kind {
            ColumnKind::Text => ("BYTE_ARRAY", " (UTF8)"),
            ColumnKind::Integer => ("INT64", ""),
            ColumnKind::Real => ("DOUBLE", ""),
            ColumnKind::Boolean => ("BOOLEAN", ""),
        };
        format!("{must} {kind} {}{meaning}; ", column.name)
    });
    format!("message {} {{ {}}}", table.name, columns.collect::<String>())
}
