//! The vault: the local records of this gemeente, from what was typed to what was shared of it.
//!
//! One SQLite file in which nothing can be read without the key of the vault: a row has a keyed hash of the local
//! id, a version and a state in the clear, all three bound into the seal of the rest, so that whoever can write to
//! the file cannot make a draft look approved.
//!
//! | file | what it holds |
//! |---|---|
//! | `concept` | what the vault knows of one record |
//! | `edited` | what was typed, with a field changed |
//! | `discard` | throwing a record away, and knowing one again |
//! | `file` | the SQLite file and its seals |
//! | `intake` | bytes to records: JSON, JSON Lines, CSV; and what is known of the case behind them |
//! | `local` | the local records, for questions about them |
//!
//! **Invariant:** what a person typed is in no output of `Debug`, no error and no log of this room.
//! **Invariant:** nothing leaves from here; the gate builds what does, and only after [`Vault::approve`].

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

use protocol::api::Mislukt;
use protocol::id::{DocumentId, RecordId};

use crate::secret::{Secret, random_bytes};

mod concept;
mod discard;
mod edited;
mod error;
mod file;
pub mod intake;
mod local;

pub use concept::{Concept, Decision, Place, Screening, Shared, Source, State, Waiting};
pub use edited::{Change, Retyped};
pub use error::VaultError;
pub(crate) use file::is_in;
use file::{File, Row};
use intake::Taken;
pub use local::{LocalRecord, LocalRecords};

/// Characters of a local id that the vault draws itself: 50 bits.
const DRAWN_CHARS: usize = 10;
/// Most ids that an ambiguous begin is answered with.
const EXAMPLES: usize = 5;

/// The open vault.
#[derive(Debug)]
pub struct Vault {
    file: File,
    rows: BTreeMap<String, Row>,
    /// What `rows` had before each change of what is done together; absent outside of it.
    undo: Option<Vec<(String, Option<Row>)>>,
    /// Changes since it was opened.
    changes: u64,
}

/// What tells one text that was typed from another.
pub type Mark = [u8; 32];

/// What became of a record that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New {
        /// Its local id.
        id: String,
    },
    /// It replaces what had this id; it has to be screened and approved again.
    Updated {
        /// Its local id.
        id: String,
    },
    /// The vault has exactly this already.
    Same {
        /// Its local id.
        id: String,
    },
}

impl Added {
    /// The local id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::New { id } | Self::Updated { id } | Self::Same { id } => id,
        }
    }
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The local id.
    pub id: String,
    /// How far it is.
    pub state: State,
    /// The record in the network, once it was shared.
    pub record: Option<RecordId>,
}

impl Vault {
    /// Opens the vault in a directory, or makes an empty one there.
    ///
    /// # Errors
    /// [`VaultError`]: in use, newer, another key, damaged, no room, no permission.
    pub fn open(dir: &Path, key: &Secret) -> Result<Self, VaultError> {
        let file = File::open(dir, key)?;
        let rows = file.rows()?;
        Ok(Self {
            file,
            rows,
            undo: None,
            changes: 0,
        })
    }

    /// Does several things together: all of them are kept, or none, also when keeping fails or `work` panics.
    ///
    /// # Errors
    /// What `work` gives, or [`VaultError`] from keeping it.
    pub fn together<T, E: From<VaultError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.file.begin(self.undo.is_some())?;
        self.undo = Some(Vec::new());
        let all = Together(self);
        let value = work(&mut *all.0)?;
        all.0.file.commit()?;
        all.0.undo = None;
        Ok(value)
    }

    /// Does several things and takes all of them back, to see what would come of them.
    ///
    /// # Errors
    /// What `work` gives, or [`VaultError`] when nothing can be begun.
    pub fn rehearse<T, E: From<VaultError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.file.begin(self.undo.is_some())?;
        self.undo = Some(Vec::new());
        let all = Together(self);
        work(&mut *all.0)
    }

    /// Takes a record in. One with a local id that is there already replaces it: the same record, better typed. Typed just so,
    /// it stays what it was, and gets an author when nobody knew of one.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn add(&mut self, taken: &Taken) -> Result<Added, VaultError> {
        let id = match &taken.input.id {
            Some(id) => id.clone(),
            None => self.draw_id()?,
        };
        let Some(row) = self.rows.get(&id).cloned() else {
            self.keep(&Concept::new(id.clone(), taken), None)?;
            return Ok(Added::New { id });
        };
        let mut concept = self.read(&row)?;
        if concept.is_as(taken) {
            if concept.claimed(taken) {
                self.keep(&concept, Some(&row))?;
            }
            return Ok(Added::Same { id });
        }
        concept.retype(taken);
        self.keep(&concept, Some(&row))?;
        Ok(Added::Updated { id })
    }

    /// Copies the vault, as it is now, into a file that is not there yet. Everything in it stays sealed.
    ///
    /// # Errors
    /// What SQLite gives.
    pub fn copy_to(&self, path: &Path) -> Result<(), VaultError> {
        self.file.copy_to(path)
    }

    /// What the vault knows of a record.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], or what reading gives.
    pub fn get(&self, id: &str) -> Result<Concept, VaultError> {
        self.read(self.row(id)?)
    }

    /// The local id with this begin.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], [`VaultError::Ambiguous`].
    pub fn resolve(&self, begin: &str) -> Result<String, VaultError> {
        if self.rows.contains_key(begin) {
            return Ok(begin.to_owned());
        }
        let mut found = self
            .rows_from(begin)
            .map(|(id, _)| id)
            .take_while(|id| id.starts_with(begin));
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(id.clone()),
            (Some(first), Some(second)) => Err(VaultError::Ambiguous {
                begin: begin.to_owned(),
                examples: [first, second]
                    .into_iter()
                    .chain(found.take(EXAMPLES - 2))
                    .cloned()
                    .collect(),
            }),
            _ => Err(VaultError::Unknown { id: begin.to_owned() }),
        }
    }

    /// At most `limit` records in order of local id, after `after`; all states, or one of `states`.
    #[must_use]
    pub fn list(&self, states: &[State], after: Option<&str>, limit: usize) -> Vec<Line> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.rows.range::<str, _>((start, Bound::Unbounded));
        rows.filter(|(_, row)| states.is_empty() || states.contains(&row.state))
            .take(limit)
            .map(|(id, row)| Line {
                id: id.clone(),
                state: row.state,
                record: row.record,
            })
            .collect()
    }

    /// How many records are in one of these states.
    #[must_use]
    pub fn count(&self, states: &[State]) -> usize {
        self.rows.values().filter(|row| states.contains(&row.state)).count()
    }

    /// Keeps what the gate said: the record now waits for a person, or is refused.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when it was approved already, or what keeping gives.
    pub fn screened(&mut self, id: &str, screening: Screening) -> Result<State, VaultError> {
        self.change(id, |concept| concept.screened(screening))
    }

    /// Keeps that a person approved.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when the gate has not looked at it, or refused it.
    pub fn approve(&mut self, id: &str, decision: Decision) -> Result<State, VaultError> {
        self.change(id, |concept| concept.approved(decision))
    }

    /// Keeps under which document and record it was shared, in which entry (when one had to be written), and which links
    /// could not go along.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when nobody approved it.
    pub fn mark_shared(
        &mut self,
        id: &str,
        shared: Shared,
        written: Option<Place>,
        waiting: Vec<Waiting>,
    ) -> Result<State, VaultError> {
        self.change(id, |concept| concept.was_shared(shared, written, waiting))
    }

    /// Keeps that an approved record could not leave, and why: it waits for a person again.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when it was not approved.
    pub fn failed(&mut self, id: &str, why: Mislukt) -> Result<State, VaultError> {
        self.change(id, |concept| concept.failed(why))
    }

    /// The first record that could not leave and waits for a person, and why.
    ///
    /// # Errors
    /// What reading gives.
    pub fn first_failed(&self) -> Result<Option<(String, Mislukt)>, VaultError> {
        let Some((id, row)) = self.rows.iter().find(|(_, row)| row.failed) else {
            return Ok(None);
        };
        Ok(self.read(row)?.failed.map(|why| (id.clone(), why)))
    }

    /// Keeps where an approved record is about to be written, so that after a crash it is known again.
    ///
    /// # Errors
    /// What reading and writing give.
    pub fn leaves_as(&mut self, id: &str, leaving: Shared) -> Result<State, VaultError> {
        self.change(id, |concept| {
            concept.leaves_as(leaving);
            Ok(())
        })
    }

    /// What a record was about to be written as turned out to be there.
    ///
    /// # Errors
    /// What reading and writing give.
    pub fn left(&mut self, id: &str) -> Result<State, VaultError> {
        self.change(id, |concept| {
            concept.left();
            Ok(())
        })
    }

    /// Takes back that a record was shared: what was written last is gone, and with it the whole `document` or only an
    /// edit of it. It is approved, and leaves again.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when it was not shared.
    pub fn recall(&mut self, id: &str, document: bool) -> Result<State, VaultError> {
        self.change(id, |concept| concept.recalled(document))
    }

    /// Keeps that what was written last was not in the backup that this vault comes from: it was shared, and perhaps it
    /// still is.
    ///
    /// # Errors
    /// What reading and writing give.
    pub fn missed(&mut self, id: &str) -> Result<State, VaultError> {
        self.change(id, |concept| {
            concept.missed = true;
            Ok(())
        })
    }

    /// As [`Vault::recall`], for what was shared before the backup was made that this vault comes from: it waits for a
    /// person again.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when it was not shared.
    pub fn lost(&mut self, id: &str, document: bool, why: Mislukt) -> Result<State, VaultError> {
        self.change(id, |concept| concept.lost(document, why))
    }

    /// What was written last is held and counts for nobody, and with it the whole document unless that was `founded` before:
    /// it is approved, and leaves again. Where it stood is kept.
    ///
    /// # Errors
    /// [`VaultError::Transition`] when it was not shared.
    pub fn orphaned(&mut self, id: &str, founded: bool) -> Result<State, VaultError> {
        self.change(id, |concept| concept.orphaned(founded))
    }

    /// Keeps that these documents were taken back.
    ///
    /// # Errors
    /// What reading and writing give.
    pub fn withdrawn(&mut self, documents: &[DocumentId]) -> Result<(), VaultError> {
        let ids: Vec<String> = self.rows.keys().cloned().collect();
        for id in ids {
            let concept = self.get(&id)?;
            let here = concept.shared.or(concept.leaving);
            if here.is_some_and(|shared| documents.contains(&shared.document)) {
                self.change(&id, |concept| {
                    concept.taken_back();
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// The document of a local id: the one that is shared, or else the last that was taken back.
    #[must_use]
    pub fn document_of(&self, id: &str) -> Option<DocumentId> {
        let concept = self.get(id).ok()?;
        concept.shared.map(|shared| shared.document).or(concept.withdrawn)
    }

    /// Every document that a local id had in the network, also those that count for nobody; nothing when it had none.
    #[must_use]
    pub fn documents_of(&self, id: &str) -> Vec<DocumentId> {
        let orphaned = self.get(id).map(|concept| concept.orphaned).unwrap_or_default();
        self.document_of(id).into_iter().chain(orphaned).collect()
    }

    /// These documents, with those that count for nobody of the same records.
    ///
    /// # Errors
    /// What reading gives.
    pub fn with_orphaned(&self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, VaultError> {
        let mut all = documents.to_vec();
        for id in self.rows.keys() {
            let concept = self.get(id)?;
            if concept.orphaned.is_empty() {
                continue;
            }
            let known = self.documents_of(id);
            if known.iter().any(|document| documents.contains(document)) {
                all.extend(known);
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// What stands for a local id outside of the vault: its document once it was shared, and otherwise a fingerprint that only
    /// who has the key of the vault can make.
    #[must_use]
    pub fn name_outside(&self, id: &str) -> String {
        let document = self.document_of(id).map(|document| document.to_string());
        document.unwrap_or_else(|| self.file.fingerprint(id))
    }

    /// The record that a local id became in the network.
    #[must_use]
    pub fn shared_record_of(&self, id: &str) -> Option<RecordId> {
        self.rows.get(id)?.record
    }

    /// Shared records with links that wait for their target, and those links.
    ///
    /// # Errors
    /// What reading gives.
    pub fn waiting_links(&self) -> Result<Vec<(String, Vec<Waiting>)>, VaultError> {
        let waiting = self.rows.iter().filter(|(_, row)| row.waits);
        waiting
            .map(|(id, row)| Ok((id.clone(), self.read(row)?.waiting)))
            .collect()
    }

    fn change(
        &mut self,
        id: &str,
        to: impl FnOnce(&mut Concept) -> Result<(), VaultError>,
    ) -> Result<State, VaultError> {
        let row = self.row(id)?.clone();
        let mut concept = self.read(&row)?;
        to(&mut concept)?;
        self.keep(&concept, Some(&row))?;
        Ok(concept.state)
    }

    fn keep(&mut self, concept: &Concept, before: Option<&Row>) -> Result<(), VaultError> {
        let mut row = self.file.write(concept, before, self.undo.is_some())?;
        self.changes += 1;
        row.stamp = self.changes;
        let held = self.rows.insert(concept.id.clone(), row);
        if let Some(undo) = &mut self.undo {
            undo.push((concept.id.clone(), held));
        }
        Ok(())
    }

    fn read(&self, row: &Row) -> Result<Concept, VaultError> {
        self.file.read(row)
    }

    fn row(&self, id: &str) -> Result<&Row, VaultError> {
        self.rows
            .get(id)
            .ok_or_else(|| VaultError::Unknown { id: id.to_owned() })
    }

    fn rows_from(&self, begin: &str) -> impl Iterator<Item = (&String, &Row)> {
        self.rows.range::<str, _>((Bound::Included(begin), Bound::Unbounded))
    }

    /// An id that no record has.
    fn draw_id(&self) -> Result<String, VaultError> {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        loop {
            let drawn: [u8; DRAWN_CHARS] = random_bytes()?;
            let id: String = drawn
                .iter()
                .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
                .collect();
            if !self.rows.contains_key(&id) {
                return Ok(id);
            }
        }
    }
}

/// What is done together. Dropped before it was kept, whatever the reason, it takes everything back: the rows in memory
/// say what the file says, and what is done next is not part of it.
struct Together<'a>(&'a mut Vault);

impl Drop for Together<'_> {
    fn drop(&mut self) {
        let Some(undo) = self.0.undo.take() else { return };
        self.0.changes += 1;
        if let Err(error) = self.0.file.settle() {
            // Nothing is written before it can be: every write asks again.
            tracing::error!(%error, "what was begun in the vault cannot be taken back yet");
        }
        for (id, row) in undo.into_iter().rev() {
            match row {
                Some(row) => self.0.rows.insert(id, row),
                None => self.0.rows.remove(&id),
            };
        }
    }
}

#[cfg(test)]
mod tests;
