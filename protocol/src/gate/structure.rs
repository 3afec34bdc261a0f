//! What the coded fields would give away: who wrote it, where few people do that work.
//!
//! Residents occur only in text. The author is one of the people of a laag, so a laag in which fewer than five work is
//! withheld, and with it the week becomes a quarter. What is withheld says so: it is not the same as what nobody knows.
//!
//! **Invariant:** whoever knows how many people work where cannot tell from what is withheld that it was one of fewer
//! than five: when the small lagen together are fewer, the next larger one is withheld as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{List, WITHHELD};

/// Fewer people than this are too few to hide among.
pub const PEOPLE_MIN: u32 = 5;

/// How many people work in each laag of a gemeente, and what therefore does not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headcount {
    withheld: BTreeSet<String>,
    /// Fewer than five people altogether.
    small: bool,
}

/// Why a headcount cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadcountError {
    /// A laag that the word list does not have.
    #[error("there is no laag {laag}")]
    Unknown {
        /// What was written.
        laag: String,
    },
    /// A laag that is left out; nobody working there is written as 0.
    #[error("the headcount leaves out {laag}")]
    Absent {
        /// The first that is missing.
        laag: &'static str,
    },
}

impl Headcount {
    /// The headcount per laag; every laag is in it.
    ///
    /// # Errors
    /// [`HeadcountError`] when a laag is unknown or left out: what is not said cannot be kept safe.
    pub fn new(counts: &BTreeMap<String, u32>) -> Result<Self, HeadcountError> {
        let unknown = counts.keys().find(|laag| List::Laag.find(laag).is_none());
        if let Some(laag) = unknown {
            return Err(HeadcountError::Unknown { laag: laag.clone() });
        }
        let absent = List::Laag.words().iter().find(|word| !counts.contains_key(word.code));
        if let Some(word) = absent {
            return Err(HeadcountError::Absent { laag: word.code });
        }
        let total: u64 = counts.values().map(|count| u64::from(*count)).sum();
        Ok(Self {
            withheld: withheld(counts),
            small: total < u64::from(PEOPLE_MIN),
        })
    }

    /// Whether this laag does not leave.
    #[must_use]
    pub fn withholds(&self, laag: &str) -> bool {
        self.withheld.contains(laag)
    }

    /// Whether the whole gemeente is too small for a week.
    pub(super) fn is_small(&self) -> bool {
        self.small
    }

    /// A set of lagen as it leaves, and whether anything in it was withheld.
    pub(super) fn codes(&self, lagen: &BTreeSet<String>) -> (BTreeSet<String>, bool) {
        let left: BTreeSet<_> = lagen.iter().map(|laag| self.code(laag).to_owned()).collect();
        let changed = left != *lagen;
        (left, changed)
    }

    /// Numbers per laag as they leave: those of withheld ones are added up.
    pub(super) fn counts(&self, counts: &BTreeMap<String, i64>) -> (BTreeMap<String, i64>, bool) {
        let mut left: BTreeMap<String, i64> = BTreeMap::new();
        for (laag, count) in counts {
            let sum = left.entry(self.code(laag).to_owned()).or_default();
            *sum = sum.saturating_add(*count);
        }
        let changed = left != *counts;
        (left, changed)
    }

    fn code<'a>(&self, laag: &'a str) -> &'a str {
        if self.withholds(laag) { WITHHELD } else { laag }
    }
}

/// The lagen below five, and as many of the next larger ones as it takes to be five together.
fn withheld(counts: &BTreeMap<String, u32>) -> BTreeSet<String> {
    let mut by_size: Vec<_> = counts.iter().map(|(laag, count)| (*count, laag)).collect();
    by_size.sort();
    let someone = by_size.iter().any(|(count, _)| (1..PEOPLE_MIN).contains(count));
    let mut hidden: u64 = 0;
    let mut withheld = BTreeSet::new();
    for (count, laag) in by_size {
        let too_few = someone && hidden < u64::from(PEOPLE_MIN);
        if count >= PEOPLE_MIN && !too_few {
            break;
        }
        hidden += u64::from(count);
        withheld.insert(laag.clone());
    }
    withheld
}
