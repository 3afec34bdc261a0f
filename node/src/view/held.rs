//! The last state that the view showed whole, for as long as the next one is written in parts: who may do with it need not wait.
//!
//! **Invariant:** it is let go before anything is taken out of the view: what is withdrawn is not shown from here.
//! **Invariant:** it is held for a bounded number of batches: meanwhile the write-ahead log only grows.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::ViewError;
use super::schema::open_reader;
use super::writer::read_state;

/// Batches that are written while a state is held: some hundred megabytes of log.
const BATCHES_MAX: u32 = 16;

/// A state, or none.
#[derive(Debug, Default)]
pub(super) struct Held(Mutex<Option<Kept>>);

/// A connection in a transaction that reads one state.
#[derive(Debug)]
struct Kept {
    connection: Connection,
    batches: u32,
}

impl Held {
    /// Holds what the view shows, when that is whole, before a part of the next state is written.
    pub(super) fn hold(&self, view: &Path) -> Result<(), ViewError> {
        let mut held = self.lock();
        if let Some(kept) = &mut *held {
            kept.batches += 1;
            if kept.batches > BATCHES_MAX {
                *held = None;
            }
            return Ok(());
        }
        let connection = open_reader(view)?;
        connection.execute_batch("BEGIN")?;
        if read_state(&connection)?.is_some() {
            *held = Some(Kept { connection, batches: 1 });
        }
        Ok(())
    }

    /// Holds nothing any more.
    pub(super) fn let_go(&self) {
        *self.lock() = None;
    }

    /// Asks something of the state that is held; nothing when none is.
    pub(super) fn read<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, ViewError>,
    ) -> Result<Option<T>, ViewError> {
        self.lock().as_ref().map(|kept| question(&kept.connection)).transpose()
    }

    /// A std mutex: it is held for one page of a list at most.
    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
