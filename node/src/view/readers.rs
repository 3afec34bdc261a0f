//! Read-only connections to the view, a bounded number of them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use protocol::id::Digest;
use rusqlite::Connection;

use super::held::Held;
use super::schema::open_reader;
use super::search::{Analysis, Looks, Reader, Says};
use super::tables::Waiting;
use super::writer::read_state;
use super::{ViewError, whole};

/// Connections that are kept open between questions: one for each that the API asks at once. Opening one costs more than most
/// questions.
const KEPT_MAX: usize = crate::http::QUESTIONS_MAX;

/// Where questions get their connection.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    pub(super) search: Reader,
    pub(super) analysis: Arc<Analysis>,
    pub(super) tables: Waiting,
    held: Arc<Held>,
    idle: Mutex<Vec<Connection>>,
}

/// One state of the view, for the length of one question.
#[derive(Debug)]
pub struct Reading<'a> {
    pub(super) transaction: &'a Connection,
    state: Option<Digest>,
}

impl Reading<'_> {
    /// The state of the replica that is shown; nothing while documents are due.
    #[must_use]
    pub fn state(&self) -> Option<Digest> {
        self.state
    }
}

impl Readers {
    /// Readers of the view in a file that exists, and of its search index.
    pub(super) fn new(
        path: &Path,
        (search, analysis): (Reader, Arc<Analysis>),
        tables: Waiting,
        held: Arc<Held>,
    ) -> Self {
        Self {
            path: path.to_path_buf(),
            search,
            analysis,
            tables,
            held,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// What a draft says.
    #[must_use]
    pub fn says(&self, draft: &Looks) -> Says<'_> {
        Says::of(draft, &self.analysis)
    }

    /// Asks something of one state of the view.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn read<T>(&self, question: impl FnOnce(&Reading<'_>) -> Result<T, ViewError>) -> Result<T, ViewError> {
        // A std mutex: it is held for a push or a pop, never while a question runs.
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = idle.map_or_else(|| open_reader(&self.path), Ok)?;
        let transaction = connection.transaction()?;
        let answer = self.ask(&transaction, question);
        drop(transaction);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT_MAX {
            idle.push(connection);
        }
        answer
    }

    /// Asks something of the last state that was whole, while the next one is written in parts; nothing when none is held.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn read_held<T>(
        &self,
        question: impl FnOnce(&Reading<'_>) -> Result<T, ViewError>,
    ) -> Result<Option<T>, ViewError> {
        self.held.read(|connection| self.ask(connection, question))
    }

    fn ask<T>(
        &self,
        transaction: &Connection,
        question: impl FnOnce(&Reading<'_>) -> Result<T, ViewError>,
    ) -> Result<T, ViewError> {
        let state = read_state(transaction)?;
        let answer = question(&Reading { transaction, state });
        if answer.as_ref().is_err_and(ViewError::is_damage) {
            // Whoever asked is told in any case.
            let condemned = whole::condemn(&self.path);
            tracing::error!(?condemned, "the view is damaged; the next start makes it anew");
        }
        answer
    }
}
