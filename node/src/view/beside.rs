//! The records of the view as neighbours of one another.
//!
//! Of whatever links to a record only the facts are read, and equal ones once: however many signals a knelpunt has, what
//! differs is a few facts per gemeente and week.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{Gemeente, RecordId};
use protocol::record::{Facts, Kind, LINKING_MAX, Merged, Neighbours, Part, Reference, merge};
use rusqlite::{Connection, OptionalExtension};

use super::writer::read_parts;
use super::{Found, Reading, ViewError};

/// One state of the view.
#[derive(Debug)]
pub struct Beside<'a> {
    connection: &'a Connection,
    heirs: BTreeMap<Gemeente, Gemeente>,
}

impl<'a> Beside<'a> {
    /// What this connection sees.
    pub(super) fn of(connection: &'a Connection) -> Result<Self, ViewError> {
        let mut statement = connection.prepare_cached("SELECT van, naar FROM opvolgers")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, u16>(0)?, row.get::<_, u16>(1)?)))?;
        let mut heirs = BTreeMap::new();
        for row in rows {
            let (from, to) = row?;
            heirs.insert(gemeente(from)?, gemeente(to)?);
        }
        Ok(Self { connection, heirs })
    }
}

impl Reading<'_> {
    /// The records that it shows, as neighbours of one another.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn neighbours(&self) -> Result<Beside<'_>, ViewError> {
        Beside::of(&self.transaction)
    }

    /// The record whose id begins with `prefix`.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn named(&self, prefix: &str) -> Result<Found<RecordId>, ViewError> {
        self.one(prefix, Ok)
    }
}

impl Beside<'_> {
    /// What each document says that this record is made of, in order of document.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn parts(&self, record: RecordId) -> Result<Vec<Part>, ViewError> {
        read_parts(self.connection, record)
    }

    /// A record; nothing when it is not here.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn merged(&self, record: RecordId) -> Result<Option<Merged>, ViewError> {
        Ok(merge(record, &self.parts(record)?))
    }

    /// The records that a gemeente wrote or wrote in, and whatever is about one of those.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn concerning(&self, gemeente: Gemeente) -> Result<BTreeSet<RecordId>, ViewError> {
        let query = "WITH eigen (record) AS (
                SELECT record FROM kernen WHERE eigenaar = ?1
                UNION SELECT record FROM documenten WHERE gemeente = ?1 AND record IS NOT NULL
            )
            SELECT record FROM eigen
            UNION SELECT van FROM eigen JOIN links ON naar = record WHERE veld IN ('op', 'over')";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([gemeente.number()], |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records that were made in a kring: of many those with the smallest ids.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn made_in(&self, kring: RecordId, max: usize) -> Result<BTreeSet<RecordId>, ViewError> {
        let query = "SELECT van FROM links WHERE naar = ?1 AND veld = 'kring' ORDER BY van LIMIT ?2";
        let mut statement = self.connection.prepare_cached(query)?;
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        let rows = statement.query_map((kring.0, limit), |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records of a kind; of signals those that may ask something.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn asking_or_of(&self, kind: Kind) -> Result<BTreeSet<RecordId>, ViewError> {
        // There are very many signals, and few of them ask.
        let query = match kind {
            Kind::Signaal => {
                "SELECT DISTINCT record FROM kernen JOIN documenten USING (record)
                    WHERE soort = ?1 AND instr(inhoud, '\"vraag\"')"
            }
            _ => "SELECT record FROM kernen WHERE soort = ?1",
        };
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([kind.number()], |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What links to a record, each with the field the link stands in and its facts, for records that `counts`.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn towards_of(
        &self,
        record: RecordId,
        counts: &dyn Fn(RecordId) -> bool,
    ) -> Result<BTreeSet<(String, Facts)>, ViewError> {
        let query = "SELECT veld, feiten, van FROM links JOIN kernen ON record = van WHERE naar = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let mut rows = statement.query([record.0])?;
        let mut texts = BTreeSet::new();
        while let Some(row) = rows.next()? {
            if counts(RecordId(row.get(2)?)) {
                texts.insert((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
            }
        }
        texts
            .into_iter()
            .map(|(field, facts)| Ok((field, read(&facts)?)))
            .collect()
    }
}

impl Neighbours for Beside<'_> {
    type Error = ViewError;

    fn facts(&self, record: &Reference) -> Result<Option<Facts>, ViewError> {
        let Reference::Record(record) = record else {
            return Ok(None);
        };
        let query = "SELECT feiten FROM kernen WHERE record = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let text = statement
            .query_row([record.0], |row| row.get::<_, String>(0))
            .optional()?;
        text.map(|text| read(&text)).transpose()
    }

    fn towards(&self, record: &Reference) -> Result<BTreeSet<(String, Facts)>, ViewError> {
        let Reference::Record(record) = record else {
            return Ok(BTreeSet::new());
        };
        let query = "SELECT DISTINCT veld, feiten FROM links JOIN kernen ON record = van WHERE naar = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let mut rows = statement.query([record.0])?;
        let mut found = BTreeSet::new();
        while let Some(row) = rows.next()? {
            found.insert((row.get(0)?, read(&row.get::<_, String>(1)?)?));
        }
        Ok(found)
    }

    fn linking(&self, record: &Reference, field: &str) -> Result<BTreeSet<Reference>, ViewError> {
        let Reference::Record(record) = record else {
            return Ok(BTreeSet::new());
        };
        let query = "SELECT van FROM links WHERE naar = ?1 AND veld = ?2 ORDER BY van LIMIT ?3";
        let mut statement = self.connection.prepare_cached(query)?;
        let limit = i64::try_from(LINKING_MAX).unwrap_or(i64::MAX);
        let rows = statement.query_map((record.0, field, limit), |row| row.get(0).map(RecordId))?;
        Ok(rows.map(|row| row.map(Reference::Record)).collect::<Result<_, _>>()?)
    }

    fn is_withdrawn(&self, record: &Reference) -> Result<bool, ViewError> {
        let Reference::Record(record) = record else {
            return Ok(false);
        };
        let query = "SELECT 1 FROM ingetrokken WHERE record = ?1";
        Ok(self.connection.prepare_cached(query)?.exists([record.0])?)
    }

    fn heirs(&self) -> &BTreeMap<Gemeente, Gemeente> {
        &self.heirs
    }
}

fn gemeente(number: u16) -> Result<Gemeente, ViewError> {
    Gemeente::new(number).map_err(|_| ViewError::Damaged {
        detail: "a gemeente that went on as another".to_owned(),
    })
}

/// The message of `serde_json` may quote what it read, and this ends in a log.
fn read(facts: &str) -> Result<Facts, ViewError> {
    serde_json::from_str(facts).map_err(|error| ViewError::Damaged {
        detail: format!("the facts of a record at column {}", error.column()),
    })
}
