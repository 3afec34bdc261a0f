//! Which peilweek and snapshot the tables show, and waiting until they show everything.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::gate::received::RULES_VERSION;
use protocol::id::{Snapshot, Week};
use protocol::log::Versions;
use protocol::record::WORDS_VERSION;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension};

use super::super::schema::VIEW_VERSION;
use super::super::writer::read_state;
use super::super::{Readers, Reading, ViewError};
use super::catalogue::MOMENTOPNAME;
use super::cell::text;
use super::fill::{Row, insert};

/// What the tables show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The week at which states are determined; nothing before the first time that was said.
    pub peilweek: Option<Week>,
    /// The state of knowledge; nothing while something is still being taken in.
    pub snapshot: Option<Snapshot>,
}

impl Shown {
    /// What the tables show to this connection.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn read(connection: &Connection) -> Result<Self, ViewError> {
        let query = "SELECT peilweek, snapshot FROM momentopname";
        let mut statement = connection.prepare_cached(query)?;
        let row = statement.query_row([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        });
        let Some((peilweek, snapshot)) = row.optional()? else {
            return Ok(Self {
                peilweek: None,
                snapshot: None,
            });
        };
        let damaged = |_| ViewError::Damaged {
            detail: "what the tables show".to_owned(),
        };
        Ok(Self {
            peilweek: Some(peilweek.parse().map_err(damaged)?),
            snapshot: snapshot.map(|text| text.parse()).transpose().map_err(damaged)?,
        })
    }
}

/// Says what the tables show; a snapshot only when they have everything.
pub(super) fn write(connection: &Connection, peilweek: Week, has_all: bool) -> Result<(), ViewError> {
    let versions = Versions {
        view: VIEW_VERSION,
        words: WORDS_VERSION,
        rules: RULES_VERSION,
    };
    let state = read_state(connection)?.filter(|_| has_all);
    let snapshot = state.map(|state| versions.snapshot(state, peilweek));
    connection.prepare_cached("DELETE FROM momentopname")?.execute([])?;
    let versions = [versions.view, versions.words, versions.rules].map(Sql::from);
    let values = [
        text(peilweek),
        peilweek.index().into(),
        snapshot.map_or(Sql::Null, text),
    ];
    insert(
        connection,
        &Row::new(&MOMENTOPNAME, values.into_iter().chain(versions).collect()),
    )
}

impl Reading<'_> {
    /// Which peilweek and snapshot the tables show.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn tables(&self) -> Result<Shown, ViewError> {
        Shown::read(&self.transaction)
    }
}

impl Readers {
    /// Waits until the tables show everything that the view does, or no longer than this, and how many records they lack: of
    /// very many not all are counted.
    #[must_use]
    pub fn wait_for_tables(&self, patience: Duration) -> u64 {
        self.tables.wait(patience)
    }
}

/// Where questions wait for the tables, and where is told how far they are behind.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Waiting(Arc<(Mutex<Due>, Condvar)>);

#[derive(Debug, Default)]
struct Due {
    records: u64,
    /// Whether somebody waits for them.
    is_asked: bool,
}

impl Waiting {
    fn wait(&self, patience: Duration) -> u64 {
        let mut due = self.due();
        due.is_asked = due.records > 0;
        let waited = self.0.1.wait_timeout_while(due, patience, |due| due.records > 0);
        waited.map_or_else(|broken| broken.into_inner().0.records, |(due, _)| due.records)
    }

    /// Says how many records the tables lack.
    pub(super) fn owes(&self, records: u64) {
        let mut due = self.due();
        due.records = records;
        due.is_asked &= records > 0;
        self.0.1.notify_all();
    }

    /// Whether somebody asked since the tables lack something.
    pub(super) fn is_asked(&self) -> bool {
        self.due().is_asked
    }

    /// A std mutex: it is held for a number, never while a question runs.
    fn due(&self) -> MutexGuard<'_, Due> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
