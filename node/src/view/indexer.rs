//! Keeps the search index up with the view: the records that it lacks are marked in the view, in the transaction that changed
//! them, and the mark goes once the index has them.
//!
//! An index that is lost, of another version, or of another view is made anew: then every record is marked.
//!
//! **Invariant:** a mark goes only behind a commit of the index that has the record as it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use protocol::id::RecordId;
use protocol::record::merge;
use rusqlite::{Connection, params};

use super::ViewError;
use super::schema::remembered;
use super::search::{Analysis, Entry, Index, Reader};
use super::writer::{read_parts, remember};
use crate::secret::random_bytes;

/// The name under which the view remembers which index is its own.
const INDEX: &str = "zoekindex";
/// Records that the index takes in one commit.
const RECORDS_MAX: usize = 5_000;

/// The index with what it lacks.
#[derive(Debug)]
pub(super) struct Indexer {
    index: Index,
    analysis: Arc<Analysis>,
    due: u64,
    is_new: bool,
}

/// Where the index of this view is.
fn place(view: &Path) -> PathBuf {
    view.with_extension("search")
}

/// Says that the index does not have this record as it is.
pub(super) fn mark(transaction: &Connection, record: RecordId) -> Result<(), ViewError> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO te_doorzoeken (record) VALUES (?1)")?
        .execute([record.0])?;
    Ok(())
}

impl Indexer {
    /// The index of the view that this connection writes.
    pub(super) fn open(view: &Path, connection: &Connection, reader: Reader) -> Result<Self, ViewError> {
        let owner = owner(connection)?;
        let (index, is_known) = Index::open(&place(view), &owner, reader)?;
        if !is_known {
            connection.execute("INSERT OR IGNORE INTO te_doorzoeken SELECT record FROM kernen", [])?;
        }
        let due = connection.query_row("SELECT count(*) FROM te_doorzoeken", [], |row| row.get::<_, i64>(0))?;
        let due = u64::try_from(due).unwrap_or(0);
        if !is_known && due > 0 {
            tracing::info!(records = due, "the search index is made anew");
        }
        index.reader().owes(due);
        Ok(Self {
            index,
            analysis: Arc::new(Analysis::new()),
            due,
            is_new: !is_known,
        })
    }

    pub(super) fn reader(&self) -> Reader {
        self.index.reader()
    }

    pub(super) fn analysis(&self) -> Arc<Analysis> {
        Arc::clone(&self.analysis)
    }

    /// Whether the index was made when it was opened.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    pub(super) fn is_behind(&self) -> bool {
        self.due > 0
    }

    /// Whether it lacks more than one commit takes.
    pub(super) fn is_far_behind(&self) -> bool {
        self.due > RECORDS_MAX as u64
    }

    /// So many more records were marked, or fewer when some were already.
    pub(super) fn owes_more(&mut self, records: u64) {
        self.due += records;
        self.index.reader().owes(self.due);
    }

    /// Takes in some of what is marked.
    pub(super) fn some(&mut self, connection: &mut Connection) -> Result<(), ViewError> {
        let marked = marked(connection)?;
        let mut entries = BTreeMap::new();
        for record in &marked {
            let merged = merge(*record, &read_parts(connection, *record)?);
            entries.insert(record.0, merged.map(|merged| Entry::of(&merged, &self.analysis)));
        }
        if !entries.is_empty() {
            self.index.replace(&entries)?;
        }
        let transaction = connection.transaction()?;
        for record in &marked {
            transaction
                .prepare_cached("DELETE FROM te_doorzoeken WHERE record = ?1")?
                .execute(params![record.0])?;
        }
        transaction.commit()?;
        self.due = match marked.len() < RECORDS_MAX {
            true => 0,
            false => self.due.saturating_sub(marked.len() as u64).max(1),
        };
        if self.due > 1 {
            tracing::info!(left = self.due, "records are taken into the search index");
        }
        self.index.reader().owes(self.due);
        Ok(())
    }

    /// Takes in everything that is marked, and whether nothing of what was deleted is left in any file.
    pub(super) fn settle(&mut self, connection: &mut Connection) -> Result<bool, ViewError> {
        while self.is_behind() {
            self.some(connection)?;
        }
        Ok(self.index.settle()?)
    }
}

fn marked(connection: &Connection) -> Result<Vec<RecordId>, ViewError> {
    let query = "SELECT record FROM te_doorzoeken ORDER BY record LIMIT ?1";
    let mut statement = connection.prepare_cached(query)?;
    let limit = i64::try_from(RECORDS_MAX).unwrap_or(i64::MAX);
    let rows = statement.query_map([limit], |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What tells the index of this view from that of one that stood here before.
fn owner(connection: &Connection) -> Result<String, ViewError> {
    let owner = match remembered(connection, INDEX)? {
        Some(owner) => owner,
        None => {
            let drawn: [u8; 16] = random_bytes().map_err(|error| ViewError::Damaged {
                detail: error.to_string(),
            })?;
            remember(connection, INDEX, &drawn)?;
            drawn.to_vec()
        }
    };
    Ok(owner.iter().map(|byte| format!("{byte:02x}")).collect())
}
