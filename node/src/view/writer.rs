//! Writes the view: a batch of documents, in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use protocol::id::{Digest, Gemeente, RecordId, Week};
use protocol::record::{Merged, Neighbours, Part, Reference, Value, merge};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::beside::Beside;
use super::indexer::{Indexer, mark};
use super::said::{self, Said};
use super::schema::{empty_log, list, open_writer, remembered};
use super::search::Reader;
use super::tables::{self, Queue, Touched, Waiting};
use super::{Batch, Change, Content, Readers, ViewError, whole};

/// The name under which the view remembers which state of the replica it shows.
pub(super) const STATE: &str = "stand";

/// The name under which the view remembers that it once showed everything there was.
const FILLED: &str = "gevuld";

/// The one writer of a view.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    connection: Connection,
    /// Whether the write-ahead log or the search index may still hold what was deleted.
    owes: bool,
    search: Indexer,
    tables: Queue,
}

impl Writer {
    /// Opens the view in a file, or makes it.
    ///
    /// # Errors
    /// [`ViewError::Sqlite`].
    pub fn open(path: &Path) -> Result<Self, ViewError> {
        let connection = open_writer(path)?;
        let search = Indexer::open(path, &connection, Reader::default())?;
        let tables = Queue::open(&connection, Waiting::default())?;
        let mut writer = Self {
            path: path.to_path_buf(),
            connection,
            // A crash may have come between a deletion and this.
            owes: true,
            search,
            tables,
        };
        if writer.search.is_new() {
            // Nothing stands in it, and filling it is no work for a start.
            writer.owes = !empty_log(&writer.connection)?;
        } else {
            writer.settle_soon()?;
        }
        Ok(writer)
    }

    /// Closes the view of a node that stops well, so that the next start knows it again to the last bit.
    ///
    /// # Errors
    /// [`ViewError`]; then the next start trusts it as after a crash.
    pub fn close(self) -> Result<(), ViewError> {
        // What stands in the log beside it would go into the file after it was looked at.
        if !empty_log(&self.connection)? {
            return Ok(());
        }
        drop(self.connection);
        whole::keep(&self.path).map_err(|source| ViewError::Io {
            path: self.path,
            source,
        })
    }

    /// Where questions read what this one writes.
    #[must_use]
    pub fn readers(&self) -> Readers {
        Readers::new(
            &self.path,
            self.search.reader(),
            self.search.analysis(),
            self.tables.waiting(),
        )
    }

    /// The state of the replica that the view shows; nothing when it never showed a whole one.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn state(&self) -> Result<Option<Digest>, ViewError> {
        read_state(&self.connection)
    }

    /// Whether the view showed everything at some time since it was made. Until then it lacks documents that nobody
    /// marked.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn is_filled(&self) -> Result<bool, ViewError> {
        Ok(remembered(&self.connection, FILLED)?.is_some())
    }

    /// Forgets everything, to be filled anew.
    ///
    /// # Errors
    /// [`ViewError::Sqlite`].
    pub fn clear(&mut self) -> Result<(), ViewError> {
        let own = [
            "meta",
            "documenten",
            "kernen",
            "tellingen",
            "themas",
            "links",
            "te_doorzoeken",
        ];
        let all = own.into_iter().chain(tables::names());
        let statements: String = all.map(|table| format!("DELETE FROM {table};")).collect();
        let transaction = self.connection.transaction()?;
        transaction.execute_batch(&statements)?;
        list(&transaction)?;
        transaction.commit()?;
        self.tables = Queue::open(&self.connection, self.tables.waiting())?;
        self.search = Indexer::open(&self.path, &self.connection, self.search.reader())?;
        self.owes = true;
        self.settle()
    }

    /// Applies a batch; when this returns, it survives a crash, and unless [`Writer::owes`] says so nothing of a document
    /// that went is left in any file.
    ///
    /// # Errors
    /// [`ViewError::Sqlite`]; nothing of the batch was applied then.
    pub fn apply(&mut self, batch: &Batch) -> Result<(), ViewError> {
        let transaction = self.connection.transaction()?;
        let (mut records, mut lessened) = (BTreeSet::new(), BTreeSet::new());
        said::each(&batch.changes, |change, said| {
            let of = write_document(&transaction, change, said)?;
            if removes(change) {
                lessened.extend(&of);
            }
            records.extend(of);
            Ok(())
        })?;
        let mut touched = Vec::with_capacity(records.len());
        for record in &records {
            let mut one = write_record(&transaction, *record)?;
            one.for_others |= lessened.contains(record);
            touched.push(one);
            mark(&transaction, *record)?;
        }
        let state = batch.state.map_or(Vec::new(), |state| state.0.to_vec());
        remember(&transaction, STATE, &state)?;
        if batch.state.is_some() {
            if write_heirs(&transaction, &batch.heirs)? {
                tables::mark_all(&transaction)?;
            }
            tables::heights(&transaction, &batch.heights)?;
            remember(&transaction, FILLED, &[])?;
        }
        if let Some(charter) = &batch.charter {
            tables::charter(&transaction, charter)?;
        }
        for record in &lessened {
            self.tables.replace(&transaction, *record)?;
        }
        let due = self.tables.take(&transaction, &touched)?;
        transaction.commit()?;
        self.tables.committed(due);
        self.search.owes_more(records.len() as u64);
        self.owes |= batch.changes.iter().any(removes);
        if let Err(error) = self.settle_soon() {
            // The batch is written; what is left of what went is asked for again.
            tracing::warn!(%error, "the view cannot empty its write-ahead log yet");
        }
        Ok(())
    }

    /// Whether what was deleted may still be in the file beside the view, because somebody was reading.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.owes
    }

    /// Empties the write-ahead log when it may hold what was deleted and nobody is reading, and frees the search index of it.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn settle(&mut self) -> Result<(), ViewError> {
        if self.owes {
            let is_clean = self.search.settle(&mut self.connection)?;
            self.owes = !(empty_log(&self.connection)? && is_clean);
        }
        Ok(())
    }

    /// The same unless the search index lacks so much that it takes long: whoever waits for batches has it done then.
    fn settle_soon(&mut self) -> Result<(), ViewError> {
        match self.search.is_far_behind() {
            true => Ok(()),
            false => self.settle(),
        }
    }

    /// Determines states at this week from here on, in the tables.
    ///
    /// # Errors
    /// [`ViewError`]; then they stay as they are.
    pub fn set_peilweek(&mut self, week: Week) -> Result<(), ViewError> {
        self.tables.set_peilweek(&mut self.connection, week)
    }

    /// How many records the tables lack as they are now, of very many not all; nothing when they lack none, or nobody said at
    /// which week states are determined.
    #[must_use]
    pub fn tables_due(&self) -> Option<u64> {
        self.tables.is_behind().then(|| self.tables.due())
    }

    /// Whether a question waits for the tables.
    #[must_use]
    pub fn tables_asked(&self) -> bool {
        self.tables.is_asked()
    }

    /// Fills some of what the tables lack.
    ///
    /// # Errors
    /// [`ViewError`]; it is asked again.
    pub fn fill_some(&mut self) -> Result<(), ViewError> {
        self.tables.some(&mut self.connection)
    }

    /// Whether the search index lacks records as they are now.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.search.is_behind()
    }

    /// Whether a question waits for them.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.search.reader().is_asked()
    }

    /// Gives the search index some of the records that it lacks.
    ///
    /// # Errors
    /// [`ViewError`]; it is asked again.
    pub fn index_some(&mut self) -> Result<(), ViewError> {
        self.search.some(&mut self.connection)
    }
}

/// Whether a document may take something away that was shown.
fn removes(change: &Change) -> bool {
    !matches!(change.content, Content::Changes { .. })
}

/// Writes which gemeente went on as which; whether that is other than it was.
fn write_heirs(transaction: &Transaction<'_>, heirs: &BTreeMap<Gemeente, Gemeente>) -> Result<bool, ViewError> {
    if Beside::of(transaction)?.heirs() == heirs {
        return Ok(false);
    }
    transaction.prepare_cached("DELETE FROM opvolgers")?.execute([])?;
    for (from, to) in heirs {
        transaction
            .prepare_cached("INSERT INTO opvolgers (van, naar) VALUES (?1, ?2)")?
            .execute([from.number(), to.number()])?;
    }
    Ok(true)
}

pub(super) fn remember(transaction: &Connection, name: &str, value: &[u8]) -> Result<(), ViewError> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO meta (naam, waarde) VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}

/// The state of the replica that a connection sees; nothing while a batch is due.
pub(super) fn read_state(connection: &Connection) -> Result<Option<Digest>, ViewError> {
    let state = remembered(connection, STATE)?;
    Ok(state.and_then(|bytes| bytes.try_into().ok()).map(Digest))
}

/// Writes the row of a document; returns the records that it was and is part of.
fn write_document(
    transaction: &Transaction<'_>,
    change: &Change,
    said: Option<Said>,
) -> Result<Vec<RecordId>, ViewError> {
    let document = change.document.as_bytes();
    let before: Option<Option<Vec<u8>>> = transaction
        .prepare_cached("SELECT record FROM documenten WHERE document = ?1")?
        .query_row([document], |row| row.get(0))
        .optional()?;
    if before.is_some() {
        transaction
            .prepare_cached("DELETE FROM documenten WHERE document = ?1")?
            .execute([document])?;
    }
    let mut records: Vec<RecordId> = before
        .flatten()
        .and_then(|bytes| bytes.try_into().ok())
        .map(RecordId)
        .into_iter()
        .collect();
    if matches!(change.content, Content::Withdrawn) {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO ingetrokken (record) VALUES (?1)")?
            .execute([RecordId::from(change.document).0])?;
        // What links to it says so, also when it was never here.
        records.push(change.document.into());
    }
    let Some(said) = said else {
        return Ok(records);
    };
    transaction
        .prepare_cached(
            "INSERT INTO documenten (document, record, gemeente, kapot, verborgen, inhoud) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            document,
            said.record.map(|id| id.0),
            said.gemeente.number(),
            said.record.is_none(),
            said.hidden,
            said.content
        ])?;
    records.extend(said.record);
    Ok(records)
}

/// Writes the rows of a record from all its documents, and says what that changed for others.
fn write_record(transaction: &Transaction<'_>, record: RecordId) -> Result<Touched, ViewError> {
    let before: Option<String> = transaction
        .prepare_cached("SELECT feiten FROM kernen WHERE record = ?1")?
        .query_row([record.0], |row| row.get(0))
        .optional()?;
    let mut links = BTreeSet::new();
    // A record that was not shown has no themes and links either; most of those that come in are new.
    if before.is_some() {
        links = read_links(transaction, record)?;
        for statement in [
            "DELETE FROM kernen WHERE record = ?1",
            "DELETE FROM themas WHERE record = ?1",
            "DELETE FROM links WHERE van = ?1",
        ] {
            transaction.prepare_cached(statement)?.execute([record.0])?;
        }
    }
    let Some(merged) = merge(record, &read_parts(transaction, record)?) else {
        return Ok(Touched {
            record,
            for_others: before.is_some(),
            lost: links.into_iter().map(|(_, target)| target).collect(),
        });
    };
    let facts = serde_json::to_string(&merged.facts()).map_err(|_| ViewError::Damaged {
        detail: format!("the facts of record {record} have no form in JSON"),
    })?;
    transaction
        .prepare_cached(
            "INSERT INTO kernen (record, soort, eigenaar, week, fictief, feiten)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            record.0,
            merged.kind.number(),
            merged.owner.number(),
            merged.week.index(),
            merged.practice,
            facts
        ])?;
    write_themes(transaction, record, &merged)?;
    let now = merged.links().into_iter().filter_map(|(field, link)| match link {
        Reference::Record(target) => Some((field, target)),
        Reference::Local(_) => None,
    });
    let now: BTreeSet<_> = now.collect();
    for (field, target) in &now {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO links (naar, van, veld) VALUES (?1, ?2, ?3)")?
            .execute(params![target.0, record.0, field])?;
    }
    Ok(Touched {
        record,
        for_others: before.as_ref() != Some(&facts) || links != now,
        lost: links.difference(&now).map(|(_, target)| *target).collect(),
    })
}

fn read_links(transaction: &Transaction<'_>, record: RecordId) -> Result<BTreeSet<(String, RecordId)>, ViewError> {
    let mut statement = transaction.prepare_cached("SELECT veld, naar FROM links WHERE van = ?1")?;
    let rows = statement.query_map([record.0], |row| Ok((row.get(0)?, row.get(1).map(RecordId)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn write_themes(transaction: &Transaction<'_>, record: RecordId, merged: &Merged) -> Result<(), ViewError> {
    let themes = merged.values("thema").filter_map(|value| match value {
        Value::Codes(codes) => Some(codes),
        _ => None,
    });
    for theme in themes.flatten() {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO themas (record, thema) VALUES (?1, ?2)")?
            .execute(params![record.0, theme])?;
    }
    Ok(())
}

/// The parts of a record, in order of document.
pub(super) fn read_parts(connection: &Connection, record: RecordId) -> Result<Vec<Part>, ViewError> {
    let query = "SELECT inhoud FROM documenten WHERE record = ?1 ORDER BY document";
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map([record.0], |row| row.get::<_, String>(0))?;
    let mut parts = Vec::new();
    for row in rows {
        // The message of serde_json may quote what it read, and this ends in a log.
        let part = serde_json::from_str(&row?).map_err(|error| ViewError::Damaged {
            detail: format!("a part of record {record} at column {}", error.column()),
        });
        parts.push(part?);
    }
    Ok(parts)
}
