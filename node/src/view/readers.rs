//! Read-only connections to the view, a bounded number of them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use protocol::id::Digest;
use rusqlite::{Connection, Transaction};

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
    idle: Mutex<Vec<Connection>>,
}

/// One state of the view, for the length of one question.
#[derive(Debug)]
pub struct Reading<'a> {
    pub(super) transaction: Transaction<'a>,
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
    pub(super) fn new(path: &Path, search: Reader, analysis: Arc<Analysis>, tables: Waiting) -> Self {
        Self {
            path: path.to_path_buf(),
            search,
            analysis,
            tables,
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
        let state = read_state(&transaction)?;
        let reading = Reading { transaction, state };
        let answer = question(&reading);
        drop(reading);
        if answer.as_ref().is_err_and(ViewError::is_damage) {
            // Whoever asked is told in any case.
            let condemned = whole::condemn(&self.path);
            tracing::error!(?condemned, "the view is damaged; the next start makes it anew");
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT_MAX {
            idle.push(connection);
        }
        answer
    }
}
