//! What full text finds, as records of the view.
//!
//! The index says which records fit, the view what they say now: one that is gone since is left out.

use std::collections::BTreeSet;
use std::time::Duration;

use protocol::id::{RecordId, Week};
use protocol::record::{Merged, around};

use super::beside::Beside;
use super::question::load;
use super::search::{Asked, Facets, Hit, Looks, Matched, Question, Why};
use super::{Readers, Reading, ViewError};

/// How long a question waits for the index to have what the view has.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long somebody who typed a record waits for that.
const PATIENCE_AT_ENTRY: Duration = Duration::from_millis(250);

/// Records of which only the id is told, at most.
const HITS_MAX: usize = 10_000;

/// A record that fits.
#[derive(Debug, Clone)]
pub struct Resembling {
    /// The record.
    pub record: Merged,
    /// The state it is in.
    pub state: String,
    /// How well it fits, to compare with others of the same answer.
    pub score: u32,
    /// Why.
    pub why: Why,
    /// Where.
    pub matched: Matched,
}

/// What fits a question.
#[derive(Debug, Clone, Default)]
pub struct Fits {
    /// Best first, ties in order of id.
    pub found: Vec<Resembling>,
    /// How many fit in all.
    pub total: u64,
    /// Whether these have every word that was asked; otherwise they have the most of them that any record has.
    pub has_all: bool,
    /// What these records are about.
    pub facets: Facets,
    /// Records that were not searched, because the index is still being made.
    pub unread: u64,
}

impl Readers {
    /// The records that have these words.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn search(&self, asked: &Asked, peilweek: Week) -> Result<Fits, ViewError> {
        let unread = self.search.wait(PATIENCE);
        let question = Question::of_words(asked, &self.analysis);
        let results = question.ask(&self.search)?;
        Ok(Fits {
            found: self.read(|reading| reading.fits(self, &question, &results.hits, peilweek))?,
            total: results.total,
            has_all: results.has_all,
            facets: results.facets,
            unread,
        })
    }

    /// The best of the records that have these words, by id with how well they fit, and how many were not searched because the
    /// index is still being made.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn hits(&self, words: &str) -> Result<(Vec<Hit>, u64), ViewError> {
        let unread = self.search.wait(PATIENCE);
        let asked = Asked {
            text: words.to_owned(),
            ..Asked::default()
        };
        let question = Question::of_words(&asked, &self.analysis).taking(HITS_MAX);
        Ok((question.ask(&self.search)?.hits, unread))
    }

    /// At most so many records that resemble a draft, without these.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn resembling(
        &self,
        draft: &Looks,
        without: &BTreeSet<RecordId>,
        take: usize,
        peilweek: Week,
    ) -> Result<Vec<Resembling>, ViewError> {
        self.search.wait(PATIENCE_AT_ENTRY);
        let question = Question::of_draft(draft, take + without.len(), &self.analysis);
        let mut hits = question.ask(&self.search)?.hits;
        hits.retain(|hit| !without.contains(&RecordId(hit.key)));
        hits.truncate(take);
        self.read(|reading| reading.fits(self, &question, &hits, peilweek))
    }
}

impl Reading<'_> {
    fn fits(
        &self,
        readers: &Readers,
        question: &Question,
        hits: &[Hit],
        peilweek: Week,
    ) -> Result<Vec<Resembling>, ViewError> {
        let beside = Beside::of(&self.transaction)?;
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let Some(record) = load(&self.transaction, RecordId(hit.key))? else {
                continue;
            };
            let state = record.to_json(peilweek, &around(&record, &beside)?);
            let (why, matched) = question.why(&record, &readers.analysis);
            found.push(Resembling {
                state: state["staat"].as_str().unwrap_or_default().to_owned(),
                record,
                score: hit.score,
                why,
                matched,
            });
        }
        Ok(found)
    }
}
