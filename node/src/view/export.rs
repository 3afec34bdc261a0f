//! An export: every table of one state of the view as files in one archive, described, hashed and with what proves its
//! snapshot.
//!
//! | file | what it holds |
//! |---|---|
//! | `archive` | the files, one behind the other, with the hash of each |
//! | `feed` | the same for a mirror: all of it, or what changed |
//! | `rows` | the rows of a table in order of its key |
//! | `parquet` | a table as Parquet |
//! | `package` | the description, as Data Package 2 |
//! | `paper` | what a person reads, and how to cite |
//!
//! **Law:** the bytes are a function of the snapshot and the form: no clock, no name of a node, no order of arrival. What was
//! exported elsewhere can be compared byte for byte.
//!
//! **Invariant:** no table is held in memory: of one at most a group of rows is.

mod archive;
mod feed;
mod package;
mod paper;
mod parquet;
mod rows;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use ::parquet::errors::ParquetError;
use protocol::api::{Momentopname, Uitvoervorm};
use protocol::export;
use protocol::id::{LogId, NodeKey};
use zip::result::ZipError;

use super::tables::{Height, TABLES};
use super::{Reading, ViewError};
use crate::dataset::{Dataset, Place};
use archive::Archive;

/// What is known of a state beside its rows.
#[derive(Debug, Clone)]
pub struct Known {
    /// The parts of the snapshot.
    pub told: Momentopname,
    /// The statements, in order of id.
    pub statements: Vec<Vec<u8>>,
    /// What was taken back, as [`export::withdrawn_csv`] writes it.
    pub withdrawn: String,
    /// What was taken back since, of an earlier state that is exported again.
    pub since: Option<Since>,
}

/// What is not in an earlier state any more.
#[derive(Debug, Clone)]
pub struct Since {
    /// How many documents.
    pub documents: u64,
    /// Which, as [`export::withdrawn_lines`] writes them.
    pub lines: String,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The view does not answer.
    #[error(transparent)]
    View(#[from] ViewError),
    /// It cannot be written, or nobody wants it any more.
    #[error("the export cannot be written: {0}")]
    Write(#[from] io::Error),
    /// It cannot be put into the archive.
    #[error("the archive cannot be written: {0}")]
    Archive(#[from] ZipError),
    /// A table cannot be written as Parquet.
    #[error("Parquet cannot be written: {0}")]
    Parquet(#[from] ParquetError),
    /// The parts cannot be written as JSON.
    #[error("JSON cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<rusqlite::Error> for ExportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::View(error.into())
    }
}

/// What every node hides or leaves out, of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Suppressed {
    /// Documents in which an identifier is hidden.
    hidden: u64,
    /// Documents that cannot be read.
    unreadable: u64,
}

impl Reading<'_> {
    /// How far each log counts in this state, in order of log; none of which nothing counts.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn heights(&self) -> Result<Vec<Height>, ViewError> {
        let damaged = || ViewError::Damaged {
            detail: "the heights".to_owned(),
        };
        let query = "SELECT logboek, node, hoogte, kop FROM stand WHERE hoogte > 0 ORDER BY logboek";
        let mut statement = self.transaction.prepare_cached(query)?;
        let mut rows = statement.query([])?;
        let mut heights = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            heights.push(Height {
                log: text(0)?.parse::<LogId>().map_err(|_| damaged())?,
                node: text(1)?.parse::<NodeKey>().map_err(|_| damaged())?,
                height: u64::try_from(row.get::<_, i64>(2)?).map_err(|_| damaged())?,
                head: text(3)?.parse().map_err(|_| damaged())?,
            });
        }
        Ok(heights)
    }

    /// Whether these parts are those of this state.
    #[must_use]
    pub fn is_of(&self, told: &Momentopname) -> bool {
        self.state() == Some(told.stand)
    }

    /// Writes everything that this state holds, as one archive.
    ///
    /// # Errors
    /// [`ExportError`]; what was written is no archive then.
    pub fn export(&self, known: &Known, form: Uitvoervorm, out: &mut (dyn Write + Send)) -> Result<(), ExportError> {
        let mut archive = Archive::new(out);
        let mut counts = Vec::new();
        for table in TABLES {
            let path = format!("{}.{}", table.name, form.ending());
            let snapshot = known.told.snapshot;
            let count = archive.file(&path, form != Uitvoervorm::Parquet, |out| {
                rows::write(self, table, form, snapshot, out)
            })?;
            counts.push(count);
        }
        let suppressed = self.suppressed()?;
        archive.text(export::WITHDRAWN, &known.withdrawn)?;
        if let Some(since) = &known.since {
            archive.text(export::WITHDRAWN_SINCE, &since.lines)?;
        }
        let heights = format!("{}\n", serde_json::to_string(&known.told)?);
        archive.text(export::HEIGHTS, &heights)?;
        let statements = known.statements.iter().map(Vec::as_slice);
        archive.text(export::STATEMENTS, &export::statements_text(statements))?;
        archive.text(export::SNAPSHOT, &export::snapshot_text(&known.told))?;
        let package = package::describe(&known.told, form, &counts, suppressed, archive.files());
        archive.text(
            export::PACKAGE,
            &format!("{}\n", serde_json::to_string_pretty(&package)?),
        )?;
        archive.text(export::CITATION, &paper::citation(&known.told))?;
        let described = Dataset::from(&known.told).describe(Place::Folder(form));
        let described = serde_json::to_string_pretty(&described)?;
        archive.text(export::DATASET, &format!("{described}\n"))?;
        archive.text(export::README, &paper::readme(known, form, suppressed))?;
        archive.finish()
    }

    fn suppressed(&self) -> Result<Suppressed, ViewError> {
        let query = "SELECT count(*) FILTER (WHERE verborgen > 0), count(*) FILTER (WHERE kapot) FROM documenten";
        let mut statement = self.transaction.prepare_cached(query)?;
        let (hidden, unreadable) = statement.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        Ok(Suppressed {
            hidden: u64::try_from(hidden).unwrap_or(0),
            unreadable: u64::try_from(unreadable).unwrap_or(0),
        })
    }
}
