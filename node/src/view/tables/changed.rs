//! Which records and which tables changed, in order, so that a mirror asks only for what it lacks.
//!
//! Every record has the number of its last change: a later change takes a higher number, and no number comes back. Tables that are not of
//! one record have theirs by a trigger. A [`Mark`] says up to where somebody has everything; it is of one view, since another one counts
//! anew.
//!
//! **Invariant:** the number of a record moves in the transaction that writes its rows, also when there are none any more.

use std::fmt::{self, Display};
use std::str::FromStr;

use protocol::id::RecordId;
use protocol::record::Kind;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::schema::{VIEW_VERSION, remembered};
use super::super::{Reading, ViewError};
use super::catalogue::{MOMENTOPNAME, RECORDS, TEKSTEN, VERWIJZINGEN};
use super::fill::of_kind;
use super::{TABLES, Table};

/// `gewijzigd` has one row per record, those that are gone included.
pub(super) const OWN: &str = "
    CREATE TABLE gewijzigd (nr INTEGER PRIMARY KEY, record BLOB NOT NULL UNIQUE);
    CREATE TABLE gewijzigde_tabellen (tabel TEXT PRIMARY KEY, nr INTEGER NOT NULL) WITHOUT ROWID;
";
/// The tables above.
pub(super) const NAMES: [&str; 2] = ["gewijzigd", "gewijzigde_tabellen"];

/// Says which snapshot stands there, and goes with whatever changes.
pub(in super::super) const SHOWN: &Table = &MOMENTOPNAME;

/// The name under which the view remembers who it is.
const VIEW: &str = "wie";
/// Bytes of that.
const VIEW_BYTES: usize = 16;

/// Up to where somebody has everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    view: u128,
    version: u32,
    record: i64,
    table: i64,
}

impl Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            view,
            version,
            record,
            table,
        } = self;
        write!(out, "{view:032x}.{version}.{record}.{table}")
    }
}

/// A text that is no mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mark")]
pub struct NoMark;

impl Mark {
    /// Whether who is here has every record that who is there has.
    pub(in super::super) fn has_records_of(&self, other: &Self) -> bool {
        self.record >= other.record
    }
}

impl FromStr for Mark {
    type Err = NoMark;

    fn from_str(text: &str) -> Result<Self, NoMark> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(NoMark);
        let (view, version, record, table) = (next()?, next()?, next()?, next()?);
        let hexadecimal = view.len() == 2 * VIEW_BYTES && view.bytes().all(|byte| byte.is_ascii_hexdigit());
        if parts.next().is_some() || !hexadecimal {
            return Err(NoMark);
        }
        let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0).ok_or(NoMark);
        Ok(Self {
            view: u128::from_str_radix(view, 16).map_err(|_| NoMark)?,
            version: version.parse().map_err(|_| NoMark)?,
            record: number(record)?,
            table: number(table)?,
        })
    }
}

impl Table {
    /// Whether its rows are each of one record, which the first column of its key names.
    #[must_use]
    pub fn is_per_record(&self) -> bool {
        let of_kinds = Kind::ALL.into_iter().flat_map(of_kind);
        let mut per_record = of_kinds.chain(&[RECORDS, VERWIJZINGEN, TEKSTEN]);
        per_record.any(|table| table.name == self.name)
    }
}

/// The tables that are not of one record.
fn whole() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| !table.is_per_record())
}

/// What moves the number of a table that is not of one record.
pub(super) fn triggers() -> String {
    let of = |table: &Table, event: &str| {
        let name = table.name;
        format!(
            "CREATE TRIGGER {name}_{event} AFTER {event} ON {name} BEGIN
                UPDATE gewijzigde_tabellen SET nr = (SELECT max(nr) + 1 FROM gewijzigde_tabellen) WHERE tabel = '{name}';
            END;\n"
        )
    };
    whole()
        .flat_map(|table| ["INSERT", "UPDATE", "DELETE"].map(|event| of(table, event)))
        .collect()
}

/// Begins to count, of a view that is new.
pub(in super::super) fn begin(connection: &Connection) -> Result<(), ViewError> {
    let view = format!("INSERT INTO meta (naam, waarde) VALUES (?1, randomblob({VIEW_BYTES}))");
    connection.prepare_cached(&view)?.execute([VIEW])?;
    for table in whole() {
        connection
            .prepare_cached("INSERT INTO gewijzigde_tabellen (tabel, nr) VALUES (?1, 1)")?
            .execute([table.name])?;
    }
    Ok(())
}

/// Gives a record the next number.
pub(super) fn mark(connection: &Connection, record: RecordId) -> Result<(), ViewError> {
    let statement = "INSERT OR REPLACE INTO gewijzigd (nr, record)
        VALUES ((SELECT coalesce(max(nr), 0) + 1 FROM gewijzigd), ?1)";
    connection.prepare_cached(statement)?.execute([record.0])?;
    Ok(())
}

/// What changed since a mark.
#[derive(Debug)]
pub(in super::super) struct Since {
    /// The records in order of change, each with where that brings who has it.
    pub(in super::super) records: Vec<(RecordId, Mark)>,
    /// The tables that are not of one record.
    pub(in super::super) tables: Vec<&'static Table>,
    /// Where everything is.
    pub(in super::super) end: Mark,
}

impl Reading<'_> {
    /// Where everything is that this state shows.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn mark(&self) -> Result<Mark, ViewError> {
        let view = remembered(&self.transaction, VIEW)?.and_then(|bytes| bytes.try_into().ok());
        let view = view.map(u128::from_be_bytes);
        let highest = |table: &str| {
            let query = format!("SELECT coalesce(max(nr), 0) FROM {table}");
            let mut statement = self.transaction.prepare_cached(&query)?;
            statement.query_row([], |row| row.get(0))
        };
        Ok(Mark {
            view: view.ok_or_else(|| ViewError::Damaged {
                detail: "who the view is".to_owned(),
            })?,
            version: VIEW_VERSION,
            record: highest("gewijzigd")?,
            table: highest("gewijzigde_tabellen")?,
        })
    }

    /// The tables in which a record has rows; none when it is not here.
    pub(in super::super) fn tables_of(&self, record: &str) -> Result<Vec<&'static Table>, ViewError> {
        let query = "SELECT soort FROM records WHERE id = ?1";
        let mut statement = self.transaction.prepare_cached(query)?;
        let kind: Option<String> = statement.query_row([record], |row| row.get(0)).optional()?;
        let kind = kind.and_then(|name| Kind::from_name(&name));
        let tables = kind.map(|kind| of_kind(kind).iter().chain(&[RECORDS, VERWIJZINGEN, TEKSTEN]));
        Ok(tables.into_iter().flatten().collect())
    }

    /// What changed since, at most so many records; nothing when the mark is of another view.
    pub(in super::super) fn since(&self, mark: Mark, records_max: usize) -> Result<Option<Since>, ViewError> {
        let end = self.mark()?;
        let is_ours = (mark.view, mark.version) == (end.view, end.version);
        if !is_ours || mark.record > end.record || mark.table > end.table {
            return Ok(None);
        }
        let query = "SELECT record, nr FROM gewijzigd WHERE nr > ?1 ORDER BY nr LIMIT ?2";
        let mut statement = self.transaction.prepare_cached(query)?;
        let limit = i64::try_from(records_max).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![mark.record, limit], |row| {
            let reached = Mark {
                record: row.get(1)?,
                ..mark
            };
            Ok((RecordId(row.get(0)?), reached))
        })?;
        Ok(Some(Since {
            records: rows.collect::<Result<_, _>>()?,
            tables: self.tables_since(mark)?,
            end,
        }))
    }

    fn tables_since(&self, mark: Mark) -> Result<Vec<&'static Table>, ViewError> {
        let query = "SELECT 1 FROM gewijzigde_tabellen WHERE tabel = ?1 AND nr > ?2";
        let mut statement = self.transaction.prepare_cached(query)?;
        let mut changed = Vec::new();
        for table in whole().filter(|table| table.name != MOMENTOPNAME.name) {
            if statement.exists(params![table.name, mark.table])? {
                changed.push(table);
            }
        }
        Ok(changed)
    }
}
