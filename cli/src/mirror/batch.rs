//! What is told into the tables, in one transaction.
//!
//! **Invariant:** rows go from the node to PostgreSQL as they come: no table is held.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use postgres::{CopyInWriter, Transaction};
use protocol::api::{Message, Tabel, Wijzigingsbegin, Wijzigingseinde, Wijzigingsregel, Wijzigingstabel};
use protocol::id::RecordId;

use super::database::{Database, Fault, quoted};
use super::feed::{Feed, Line, copied, strange};
use super::schema::{self, Catalogue, NEW, STATE, column_names};
use super::{Asked, other_federation};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gate::Bar;

/// Bytes that are handed to PostgreSQL at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// How everything is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    /// Into tables that are made, in place of what stands there.
    Build,
    /// Into those that stand there, with the views that others made on them.
    Refill,
}

/// What was applied.
pub(super) struct Applied {
    /// Rows that were written.
    pub(super) rows: u64,
    /// Where the mirror is now.
    pub(super) end: Wijzigingseinde,
}

/// Loads everything.
pub(super) fn load<R: Read>(
    database: &mut Database,
    asked: &Asked,
    catalogue: &Catalogue,
    (load, anew): (Load, bool),
    feed: &mut Feed<R>,
    bar: &mut Bar<'_>,
) -> Result<Applied, Fault> {
    let begin = begin(feed, true)?;
    let mut transaction = database.begin()?;
    let schema = &asked.schema;
    if !anew {
        is_of(&mut transaction, schema, &begin)?;
    }
    if load == Load::Build {
        schema::make(&mut transaction, schema, catalogue)?;
    }
    let mut writing = Writing {
        transaction: &mut transaction,
        schema,
        catalogue,
        suffix: if load == Load::Build { NEW } else { "" },
        rows: 0,
        seen: BTreeSet::new(),
    };
    let end = writing.all(feed, &mut |read, rows| bar.at(read, None, rows))?;
    let rows = writing.rows;
    let missing = catalogue.tables.keys().find(|name| !writing.seen.contains(*name));
    if let Some(name) = missing {
        return Err(strange(name).into());
    }
    if load == Load::Build {
        schema::finish(&mut transaction, schema, catalogue)?;
        schema::grant(&mut transaction, asked)?;
    }
    let sql = format!(
        "INSERT INTO {}.{STATE} (federatie, merk, vorm, tabellen, snapshot, bijgewerkt) VALUES ($1, $2, $3, $4, $5, now())
            ON CONFLICT (een) DO UPDATE SET federatie = excluded.federatie, merk = excluded.merk, vorm = excluded.vorm,
                tabellen = excluded.tabellen, snapshot = excluded.snapshot, bijgewerkt = excluded.bijgewerkt",
        quoted(schema)
    );
    let snapshot = end.snapshot.map(|snapshot| snapshot.to_string());
    let federation = begin.federatie.to_string();
    let made: Vec<&String> = catalogue.tables.keys().collect();
    transaction.execute(&sql, &[&federation, &end.merk, &catalogue.form(), &made, &snapshot])?;
    transaction.commit()?;
    Ok(Applied { rows, end })
}

/// Applies what changed since a mark.
pub(super) fn apply<R: Read>(
    database: &mut Database,
    asked: &Asked,
    catalogue: &Catalogue,
    mark: &str,
    feed: &mut Feed<R>,
) -> Result<Applied, Fault> {
    let begin = begin(feed, false)?;
    if let Line::Says(Wijzigingsregel::Einde(end)) = feed.peek()?
        && end.merk == mark
    {
        let end = end.clone();
        return Ok(Applied { rows: 0, end });
    }
    let schema = &asked.schema;
    let mut transaction = database.begin()?;
    is_of(&mut transaction, schema, &begin)?;
    let mut writing = Writing {
        transaction: &mut transaction,
        schema,
        catalogue,
        suffix: "",
        rows: 0,
        seen: BTreeSet::new(),
    };
    let end = writing.all(feed, &mut |_, _| {})?;
    let rows = writing.rows;
    let sql = format!(
        "UPDATE {}.{STATE} SET merk = $1, snapshot = $2, bijgewerkt = now() WHERE merk = $3",
        quoted(schema)
    );
    let snapshot = end.snapshot.map(|snapshot| snapshot.to_string());
    if transaction.execute(&sql, &[&end.merk, &snapshot, &mark])? != 1 {
        return Err(moved(schema).into());
    }
    transaction.commit()?;
    Ok(Applied { rows, end })
}

fn begin<R: Read>(feed: &mut Feed<R>, is_whole: bool) -> Result<Wijzigingsbegin, CommandError> {
    match feed.line()? {
        Line::Says(Wijzigingsregel::Begin(begin)) if begin.geheel == is_whole => Ok(begin),
        other => Err(strange(&format!("{other:?}"))),
    }
}

/// Refuses another federation than the one that stands there.
fn is_of(transaction: &mut Transaction<'_>, schema: &str, begin: &Wijzigingsbegin) -> Result<(), Fault> {
    let there = "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = $2";
    if transaction.query_opt(there, &[&schema, &STATE])?.is_none() {
        return Ok(());
    }
    let query = format!("SELECT federatie FROM {}.{STATE}", quoted(schema));
    match transaction.query_opt(&query, &[])? {
        Some(row) if row.get::<_, String>(0) != begin.federatie.to_string() => Err(other_federation(schema).into()),
        _ => Ok(()),
    }
}

struct Writing<'a, 'b> {
    transaction: &'a mut Transaction<'b>,
    schema: &'a str,
    catalogue: &'a Catalogue,
    suffix: &'static str,
    rows: u64,
    seen: BTreeSet<String>,
}

impl Writing<'_, '_> {
    /// Writes every table that is told of.
    fn all<R: Read>(&mut self, feed: &mut Feed<R>, watch: &mut dyn FnMut(u64, u64)) -> Result<Wijzigingseinde, Fault> {
        let mut records = Vec::new();
        loop {
            match feed.line()? {
                Line::Says(Wijzigingsregel::Einde(end)) => return Ok(end),
                Line::Says(Wijzigingsregel::Records(these)) => {
                    records = these.iter().map(RecordId::to_string).collect();
                }
                Line::Says(Wijzigingsregel::Tabel(head)) => self.table(&head, &records, feed, watch)?,
                other => return Err(strange(&format!("{other:?}")).into()),
            }
        }
    }

    fn table<R: Read>(
        &mut self,
        head: &Wijzigingstabel,
        records: &[String],
        feed: &mut Feed<R>,
        watch: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Fault> {
        let table = self
            .catalogue
            .tables
            .get(&head.naam)
            .ok_or_else(|| strange(&head.naam))?;
        self.seen.insert(head.naam.clone());
        let name = format!(
            "{}.{}",
            quoted(self.schema),
            quoted(&format!("{}{}", head.naam, self.suffix))
        );
        if head.geheel {
            // Rather than TRUNCATE: who reads goes on with the rows as they were.
            if self.suffix.is_empty() {
                self.transaction.batch_execute(&format!("DELETE FROM {name}"))?;
            }
        } else {
            let key = quoted(table.sleutel.first().ok_or_else(|| strange(&head.naam))?);
            let sql = format!("DELETE FROM {name} WHERE {key} = ANY($1)");
            self.transaction.execute(&sql, &[&records])?;
        }
        let Some(first) = feed.row()? else {
            return Ok(());
        };
        let sql = format!("COPY {name} ({}) FROM STDIN", column_names(table));
        let mut copy = Copying {
            table,
            out: self.transaction.copy_in(&sql)?,
            text: String::with_capacity(CHUNK_BYTES),
        };
        let mut row = Some(first);
        while let Some(values) = row {
            copy.row(&values)?;
            self.rows += 1;
            watch(feed.read, self.rows);
            row = feed.row()?;
        }
        copy.finish()
    }
}

/// Rows on their way into a table.
struct Copying<'a> {
    table: &'a Tabel,
    out: CopyInWriter<'a>,
    text: String,
}

impl Copying<'_> {
    fn row(&mut self, values: &[serde_json::Value]) -> Result<(), Fault> {
        if values.len() != self.table.kolommen.len() {
            return Err(strange(&self.table.naam).into());
        }
        copied(values, &mut self.text);
        if self.text.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        let written = self.out.write_all(self.text.as_bytes());
        self.text.clear();
        written.map_err(of_copy)
    }

    fn finish(mut self) -> Result<(), Fault> {
        self.flush()?;
        self.out.finish()?;
        Ok(())
    }
}

/// What PostgreSQL said while rows were on their way.
fn of_copy(error: io::Error) -> Fault {
    match error.downcast::<postgres::Error>() {
        Ok(error) => error.into(),
        Err(error) => CommandError::new(
            Exit::Unreachable,
            Message::new(
                "de verbinding met PostgreSQL brak af",
                "the connection to PostgreSQL broke off",
            ),
        )
        .caused_by(error)
        .into(),
    }
}

fn moved(schema: &str) -> CommandError {
    CommandError::new(
        Exit::Conflict,
        Message::with(
            format!("de stand van de spiegel in schema {schema} is door iets anders veranderd"),
            format!("how far the mirror in schema {schema} is was changed by something else"),
        ),
    )
    .hinting(Message::new(
        "er is niets geschreven; laad hem opnieuw met --anew",
        "nothing was written; load it anew with --anew",
    ))
}
