//! Questions to the view: a list, one record, how many.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use protocol::id::{DocumentId, Gemeente, RecordId, Week};
use protocol::record::{Kind, Merged, around, merge};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use super::beside::Beside;
use super::writer::read_parts;
use super::{Reading, ViewError};

/// Candidates that are named when the begin of an id fits more than one record.
const CANDIDATES_MAX: usize = 8;

/// Which records.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this theme.
    pub theme: Option<String>,
    /// Owned by, or contributed to by, this gemeente.
    pub gemeente: Option<Gemeente>,
}

/// Which part of a list, in order of id.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Records before it.
    pub skip: u64,
    /// Records on it.
    pub take: u64,
}

/// What an id, or the begin of one, names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    /// Nothing.
    None,
    /// One record, and what was asked of it.
    One(T),
    /// Several; the first few, in order.
    Several(Vec<String>),
}

impl Filter {
    /// The condition in SQL with its values.
    fn condition(&self) -> (String, Vec<Sql>) {
        let mut conditions = vec!["1".to_owned()];
        let mut values = Vec::new();
        if let Some(kind) = self.kind {
            conditions.push("soort = ?".to_owned());
            values.push(Sql::from(i64::from(kind.number())));
        }
        if let Some(theme) = &self.theme {
            conditions.push("record IN (SELECT record FROM themas WHERE thema = ?)".to_owned());
            values.push(Sql::from(theme.clone()));
        }
        if let Some(gemeente) = self.gemeente {
            let number = i64::from(gemeente.number());
            conditions
                .push("(eigenaar = ? OR record IN (SELECT record FROM documenten WHERE gemeente = ?))".to_owned());
            values.extend([Sql::from(number), Sql::from(number)]);
        }
        (conditions.join(" AND "), values)
    }
}

impl Reading<'_> {
    /// How many records there are.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn count(&self, filter: &Filter) -> Result<u64, ViewError> {
        let (condition, values) = filter.condition();
        let counted = match filter.theme.is_none() && filter.gemeente.is_none() {
            true => "coalesce(sum(records), 0) FROM tellingen",
            false => "count(*) FROM kernen",
        };
        let query = format!("SELECT {counted} WHERE {condition}");
        let count: i64 = self
            .transaction
            .prepare_cached(&query)?
            .query_row(params_from_iter(values), |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Documents that are there but cannot be read.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn broken(&self) -> Result<u64, ViewError> {
        let query = "SELECT count(*) FROM documenten WHERE kapot";
        let count: i64 = self
            .transaction
            .prepare_cached(query)?
            .query_row([], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Documents of a gemeente in which every receiver hides something: its gate let through what rules recognise.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn hidden(&self, gemeente: Gemeente) -> Result<u64, ViewError> {
        let query = "SELECT count(*) FROM documenten WHERE verborgen > 0 AND gemeente = ?1";
        let count: i64 = self
            .transaction
            .prepare_cached(query)?
            .query_row([gemeente.number()], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The records in order of id, each as canonical JSON, until `each` breaks.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn records(
        &self,
        filter: &Filter,
        page: Option<Page>,
        peilweek: Week,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<(), ViewError> {
        let (condition, mut values) = filter.condition();
        let (take, skip) = page.map_or((-1, 0), |page| (clamped(page.take), clamped(page.skip)));
        values.extend([Sql::from(take), Sql::from(skip)]);
        let query = format!("SELECT record FROM kernen WHERE {condition} ORDER BY record LIMIT ? OFFSET ?");
        let mut statement = self.transaction.prepare_cached(&query)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let beside = Beside::of(&self.transaction)?;
        while let Some(row) = rows.next()? {
            let json = self.json(&beside, RecordId(row.get(0)?), peilweek)?;
            if each(&json).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The record whose id begins with `prefix`, as canonical JSON.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn record(&self, prefix: &str, peilweek: Week) -> Result<Found<String>, ViewError> {
        self.one(prefix, |record| {
            self.json(&Beside::of(&self.transaction)?, record, peilweek)
        })
    }

    /// The documents that a gemeente has in the record whose id begins with `prefix`, in order.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn written_by(
        &self,
        prefix: &str,
        gemeenten: &BTreeSet<Gemeente>,
    ) -> Result<Found<Vec<DocumentId>>, ViewError> {
        self.one(prefix, |record| {
            let query = "SELECT document, gemeente FROM documenten WHERE record = ?1 ORDER BY document";
            let mut statement = self.transaction.prepare_cached(query)?;
            let rows = statement.query_map((record.0,), |row| {
                Ok((row.get(0).map(DocumentId)?, row.get::<_, u16>(1)?))
            })?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            let theirs = |code: u16| gemeenten.iter().any(|gemeente| gemeente.number() == code);
            let rows = rows.into_iter().filter(|(_, code)| theirs(*code));
            Ok(rows.map(|(document, _)| document).collect())
        })
    }

    /// What `of` says of the one record whose id begins with `prefix`.
    pub(super) fn one<T>(
        &self,
        prefix: &str,
        of: impl FnOnce(RecordId) -> Result<T, ViewError>,
    ) -> Result<Found<T>, ViewError> {
        let Some((first, last)) = bounds(prefix) else {
            return Ok(Found::None);
        };
        let query = "SELECT record FROM kernen WHERE record BETWEEN ?1 AND ?2 ORDER BY record LIMIT ?3";
        let mut statement = self.transaction.prepare_cached(query)?;
        let limit = i64::try_from(CANDIDATES_MAX).unwrap_or(i64::MAX);
        let rows = statement.query_map((first.0, last.0, limit), |row| row.get(0).map(RecordId))?;
        let found = rows.collect::<Result<Vec<RecordId>, _>>()?;
        match found[..] {
            [] => Ok(Found::None),
            [one] => Ok(Found::One(of(one)?)),
            _ => Ok(Found::Several(found.iter().map(ToString::to_string).collect())),
        }
    }

    fn json(&self, neighbours: &Beside<'_>, record: RecordId, peilweek: Week) -> Result<String, ViewError> {
        let damaged = |what: &str| ViewError::Damaged {
            detail: format!("{what} of record {record}"),
        };
        let merged = load(&self.transaction, record)?.ok_or_else(|| damaged("documents"))?;
        let json = merged.to_json(peilweek, &around(&merged, neighbours)?);
        serde_json::to_string(&json).map_err(|_| damaged("JSON"))
    }
}

pub(super) fn load(connection: &Connection, record: RecordId) -> Result<Option<Merged>, ViewError> {
    Ok(merge(record, &read_parts(connection, record)?))
}

fn clamped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The first and last id that begin with these characters; nothing when no id can.
fn bounds(prefix: &str) -> Option<(RecordId, RecordId)> {
    let missing = 32_usize.checked_sub(prefix.chars().count())?;
    let padded = |with: &str| format!("{prefix}{}", with.repeat(missing)).parse().ok();
    Some((padded("0")?, padded("z")?))
}
