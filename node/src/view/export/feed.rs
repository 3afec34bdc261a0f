//! What a mirror is told, as lines of JSON: everything, or what changed since a mark.
//!
//! **Law:** who applies every batch from one mark to the next has the rows that the view shows at the last of these.
//!
//! **Invariant:** of one batch at most [`BATCH_BYTES`] and one record are held; of everything, one row.

use std::collections::BTreeMap;
use std::io::Write;

use protocol::api::{Wijzigingsbegin, Wijzigingseinde, Wijzigingsregel, Wijzigingstabel};
use protocol::export::Cell;
use protocol::id::{FederationId, RecordId};

use super::super::Reading;
use super::super::tables::{Mark, SHOWN, TABLES, TABLES_VERSION, Table};
use super::{ExportError, rows};

/// Bytes of rows in one batch, beside the record with which it gets there.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

impl Reading<'_> {
    /// Writes every row of this state.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn everything(&self, federation: FederationId, out: &mut (dyn Write + Send)) -> Result<(), ExportError> {
        begin(federation, true, out)?;
        for table in TABLES {
            whole(self, table, out)?;
        }
        self.end(self.mark()?, true, out)
    }

    /// What changed since a mark, of at most so many records; nothing when the mark is of another view.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn changes(
        &self,
        federation: FederationId,
        mark: Mark,
        records_max: usize,
    ) -> Result<Option<Vec<u8>>, ExportError> {
        let Some(since) = self.since(mark, records_max)? else {
            return Ok(None);
        };
        let (mut rows, mut reached) = (Rows::new(), mark);
        for (record, up_to) in &since.records {
            rows.take(self, *record)?;
            reached = *up_to;
            if rows.bytes >= BATCH_BYTES {
                break;
            }
        }
        let has_all = reached.has_records_of(&since.end);
        let mut out = Vec::new();
        begin(federation, false, &mut out)?;
        if since.end != mark {
            rows.write(&mut out)?;
            if has_all {
                for table in since.tables {
                    whole(self, table, &mut out)?;
                }
                whole(self, SHOWN, &mut out)?;
            }
        }
        self.end(if has_all { since.end } else { reached }, has_all, &mut out)?;
        Ok(Some(out))
    }

    fn end(&self, mark: Mark, has_all: bool, out: &mut dyn Write) -> Result<(), ExportError> {
        let shown = self.tables()?;
        line(
            &Wijzigingsregel::Einde(Wijzigingseinde {
                merk: mark.to_string(),
                snapshot: shown.snapshot.filter(|_| has_all),
                klaar: has_all,
            }),
            out,
        )
    }
}

/// The rows of some records, by table.
struct Rows {
    records: Vec<RecordId>,
    of_table: BTreeMap<&'static str, Vec<u8>>,
    bytes: usize,
}

impl Rows {
    fn new() -> Self {
        // Also a table without rows is told of: those that stand there go.
        let tables = TABLES.iter().filter(|table| table.is_per_record());
        Self {
            records: Vec::new(),
            of_table: tables.map(|table| (table.name, Vec::new())).collect(),
            bytes: 0,
        }
    }

    fn take(&mut self, reading: &Reading<'_>, record: RecordId) -> Result<(), ExportError> {
        let id = record.to_string();
        for table in reading.tables_of(&id)? {
            let out = self.of_table.entry(table.name).or_default();
            let before = out.len();
            rows::each(reading, table, Some(&id), &mut |cells| row(cells, out))?;
            self.bytes += out.len() - before;
        }
        self.records.push(record);
        Ok(())
    }

    fn write(self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        if self.records.is_empty() {
            return Ok(());
        }
        line(&Wijzigingsregel::Records(self.records), out)?;
        for (name, rows) in self.of_table {
            head(name, false, out)?;
            out.extend_from_slice(&rows);
        }
        Ok(())
    }
}

fn begin(federation: FederationId, is_whole: bool, out: &mut dyn Write) -> Result<(), ExportError> {
    let begin = Wijzigingsbegin {
        federatie: federation,
        versie: TABLES_VERSION,
        geheel: is_whole,
    };
    line(&Wijzigingsregel::Begin(begin), out)
}

fn head(name: &str, is_whole: bool, out: &mut dyn Write) -> Result<(), ExportError> {
    let table = Wijzigingstabel {
        naam: name.to_owned(),
        geheel: is_whole,
    };
    line(&Wijzigingsregel::Tabel(table), out)
}

fn whole(reading: &Reading<'_>, table: &Table, out: &mut (dyn Write + Send)) -> Result<(), ExportError> {
    head(table.name, true, out)?;
    rows::each(reading, table, None, &mut |cells| row(cells, out))?;
    Ok(())
}

fn line(line: &Wijzigingsregel, out: &mut dyn Write) -> Result<(), ExportError> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}

fn row(cells: &[Cell<'_>], out: &mut dyn Write) -> Result<(), ExportError> {
    for (at, cell) in cells.iter().enumerate() {
        out.write_all(if at == 0 { b"[" } else { b"," })?;
        rows::value(*cell, out)?;
    }
    Ok(out.write_all(b"]\n")?)
}
