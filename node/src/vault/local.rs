//! The local records as they are now, for questions about them: read once, and again only when they changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use protocol::record::Input;

use super::{Shared, State, Vault, VaultError};

/// Local records by local id.
pub type LocalRecords = BTreeMap<String, Arc<LocalRecord>>;

/// A record as it was typed here, with what never leaves.
pub struct LocalRecord {
    /// What was typed.
    pub input: Input,
    /// How far it is on its way out.
    pub state: State,
    /// Where it is in the network.
    pub shared: Option<Shared>,
    /// What an experiment froze, by what was typed.
    pub frozen: BTreeSet<String>,
    stamp: u64,
}

impl LocalRecord {
    /// Another one whenever the record was changed.
    #[must_use]
    pub fn stamp(&self) -> u64 {
        self.stamp
    }
}

// What a person typed must never reach a log line or a panic message.
impl fmt::Debug for LocalRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalRecord({:?}, {})", self.input, self.state)
    }
}

impl Vault {
    /// Every local record that this version can read; those in `known` are not read again unless they changed.
    ///
    /// # Errors
    /// What reading gives.
    pub fn local_records(&self, known: &LocalRecords) -> Result<LocalRecords, VaultError> {
        let mut records = LocalRecords::new();
        for (id, row) in &self.rows {
            let same = known.get(id).filter(|record| record.stamp == row.stamp);
            let record = match same {
                Some(record) => Arc::clone(record),
                None => {
                    let concept = self.read(row)?;
                    let Ok(input) = concept.input() else { continue };
                    Arc::new(LocalRecord {
                        state: concept.state,
                        shared: concept.shared,
                        frozen: concept.frozen_with(&input),
                        input,
                        stamp: row.stamp,
                    })
                }
            };
            records.insert(id.clone(), record);
        }
        Ok(records)
    }

    /// At most so many shared records, each with what tells this version of it from any other since the vault was opened.
    pub fn shared(&self, limit: usize) -> impl Iterator<Item = (&str, u64)> {
        let shared = self.rows.iter().filter(|(_, row)| row.state == State::Shared);
        shared.take(limit).map(|(id, row)| (id.as_str(), row.stamp))
    }

    /// Changes since the vault was opened: while this stays the same, so do the local records.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }
}
