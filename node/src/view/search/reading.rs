//! What questions read of the index, and what tells them how far it is behind.
//!
//! **Invariant:** every question sees one commit, whole.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::{IndexReader, Searcher, TantivyError};

use super::index::Names;

/// The index, to be read: one for all questions, which see every commit at once.
#[derive(Debug, Clone, Default)]
pub(in crate::view) struct Reader {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    shown: Mutex<Shown>,
    changed: Condvar,
}

#[derive(Default)]
struct Shown {
    open: Option<(IndexReader, Names)>,
    /// Records of the view that the index does not have yet as they are.
    due: u64,
    /// Whether somebody waits for them.
    is_asked: bool,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("due", &self.due).finish_non_exhaustive()
    }
}

/// One state of the index.
pub(super) struct Held {
    pub(super) searcher: Searcher,
    pub(super) names: Names,
}

impl Reader {
    /// The state of the last commit; nothing while there is no index.
    pub(super) fn held(&self) -> Option<Held> {
        let shown = self.shown();
        let (reader, names) = shown.open.as_ref()?;
        Some(Held {
            searcher: reader.searcher(),
            names: *names,
        })
    }

    /// Waits until the index has all that the view shows, or no longer than this; how many records it lacks.
    pub(in crate::view) fn wait(&self, patience: Duration) -> u64 {
        let mut shown = self.shown();
        shown.is_asked = shown.due > 0;
        let changed = &self.shared.changed;
        let waited = changed.wait_timeout_while(shown, patience, |shown| shown.due > 0);
        waited.map_or_else(|broken| broken.into_inner().0.due, |(shown, _)| shown.due)
    }

    /// Says how many records the index lacks.
    pub(in crate::view) fn owes(&self, due: u64) {
        let mut shown = self.shown();
        shown.due = due;
        shown.is_asked &= due > 0;
        self.shared.changed.notify_all();
    }

    /// Whether somebody asked since the index lacks something.
    pub(in crate::view) fn is_asked(&self) -> bool {
        self.shown().is_asked
    }

    pub(super) fn show(&self, open: Option<(IndexReader, Names)>) {
        self.shown().open = open;
    }

    /// Shows the last commit to every question from here on.
    pub(super) fn reload(&self) -> Result<(), TantivyError> {
        match &self.shown().open {
            Some((reader, _)) => reader.reload(),
            None => Ok(()),
        }
    }

    /// A std mutex: it is held for a clone or a number, never while a question runs.
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shared.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
