//! Records that never leave, searched like those of the network: in memory only, never on disk in the clear.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protocol::record::Merged;

use super::search::{Analysis, Entry, Index, Key, Looks, Matched, Question, Why};
use super::{Readers, ViewError};

/// What the records of a vault are searched by.
#[derive(Debug)]
pub struct Local {
    index: Index,
    analysis: Arc<Analysis>,
    /// The local id behind each key, with the version of it that is indexed.
    known: BTreeMap<Key, (String, u64)>,
}

/// A local record that resembles a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its local id.
    pub id: String,
    /// How well it fits.
    pub score: u32,
}

impl Local {
    /// Of an empty vault, with the lists that these readers have open already.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn new(readers: &Readers) -> Result<Self, ViewError> {
        Ok(Self {
            index: Index::in_memory()?,
            analysis: Arc::clone(&readers.analysis),
            known: BTreeMap::new(),
        })
    }

    /// Follows the vault, of which these are the ids with their versions; `read` gives the record of an id, or nothing when it is
    /// not to be found.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn follow<'a>(
        &mut self,
        held: impl IntoIterator<Item = (&'a str, u64)>,
        mut read: impl FnMut(&str) -> Option<Merged>,
    ) -> Result<(), ViewError> {
        let held: BTreeMap<Key, (&str, u64)> = held.into_iter().map(|(id, version)| (key(id), (id, version))).collect();
        let mut changed = BTreeMap::new();
        for key in self.known.keys().filter(|key| !held.contains_key(*key)) {
            changed.insert(*key, None);
        }
        for (key, (id, version)) in &held {
            if self.known.get(key).is_none_or(|(_, known)| known != version) {
                changed.insert(*key, read(id).map(|record| Entry::of(&record, &self.analysis)));
            }
        }
        if !changed.is_empty() {
            self.index.replace(&changed)?;
            self.index.settle()?;
        }
        let known = held
            .into_iter()
            .map(|(key, (id, version))| (key, (id.to_owned(), version)));
        self.known = known.collect();
        Ok(())
    }

    /// At most so many that resemble a draft, best first, without these.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn resembling(&self, draft: &Looks, without: &BTreeSet<&str>, take: usize) -> Result<Vec<Near>, ViewError> {
        let question = Question::of_draft(draft, take + without.len(), &self.analysis);
        let hits = question.ask(&self.index.reader())?.hits.into_iter();
        let near = hits.filter_map(|hit| {
            let (id, _) = self.known.get(&hit.key)?;
            Some(Near {
                id: id.clone(),
                score: hit.score,
            })
        });
        Ok(near
            .filter(|near| !without.contains(near.id.as_str()))
            .take(take)
            .collect())
    }

    /// Why a record resembles a draft, and where.
    #[must_use]
    pub fn why(&self, draft: &Looks, record: &Merged) -> (Why, Matched) {
        Question::of_draft(draft, 0, &self.analysis).why(record, &self.analysis)
    }
}

/// A local id may be any text; its hash has the length of a key.
fn key(id: &str) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..20]);
    key
}
