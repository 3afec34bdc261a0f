//! What the records around one put into its rows: where its links lead, and which gemeenten share a knelpunt.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{Gemeente, RecordId};
use protocol::record::{Kind, Standing};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension};

use super::super::ViewError;
use super::catalogue::{KNELPUNT_GEMEENTEN, VERWIJZINGEN};
use super::cell::{Of, reference, text};
use super::fill::Row;

/// The rows of a record that follow from those around it.
pub(super) fn rows(connection: &Connection, of: &Of<'_>, record: RecordId) -> Result<Vec<Row>, ViewError> {
    let mut rows = targets(connection, of)?;
    if of.merged.kind == Kind::Knelpunt {
        gemeenten(connection, of, record, &mut rows)?;
    }
    Ok(rows)
}

fn targets(connection: &Connection, of: &Of<'_>) -> Result<Vec<Row>, ViewError> {
    let mut rows = Vec::new();
    for (field, link) in of.merged.links() {
        let protocol::record::Reference::Record(target) = &link else {
            continue;
        };
        let standing = match of.around.targets.get(&link) {
            None => "aanwezig",
            Some(Standing::Unknown) => "nog_onbekend",
            Some(Standing::Withdrawn) => "ingetrokken",
            Some(Standing::Merged(_)) => "samengevoegd",
        };
        let values = vec![
            text(of.id),
            text(field),
            text(reference(&link)),
            text(of.merged.kind.name()),
            text(of.merged.owner),
            kind(connection, *target)?.map_or(Sql::Null, |kind| text(kind.name())),
            text(standing),
        ];
        rows.push(Row::new(&VERWIJZINGEN, values));
    }
    Ok(rows)
}

fn kind(connection: &Connection, record: RecordId) -> Result<Option<Kind>, ViewError> {
    let query = "SELECT soort FROM kernen WHERE record = ?1";
    let number = connection
        .prepare_cached(query)?
        .query_row([record.0], |row| row.get::<_, u16>(0))
        .optional()?;
    Ok(number.and_then(Kind::from_number))
}

/// Who writes in a knelpunt and who gave signals of it, with how many and since when.
fn gemeenten(connection: &Connection, of: &Of<'_>, record: RecordId, rows: &mut Vec<Row>) -> Result<(), ViewError> {
    let query = "SELECT eigenaar, count(*), min(week) FROM (
            SELECT van AS signaal FROM links WHERE naar = ?1 AND veld = 'knelpunt'
            UNION SELECT naar FROM links WHERE van = ?1 AND veld = 'signalen'
        ) CROSS JOIN kernen ON record = signaal WHERE soort = ?2 GROUP BY eigenaar";
    let mut statement = connection.prepare_cached(query)?;
    let given = statement.query_map((record.0, Kind::Signaal.number()), |row| {
        Ok((row.get::<_, u16>(0)?, (row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
    })?;
    let mut given: BTreeMap<u16, (i64, i64)> = given.collect::<Result<_, _>>()?;
    for gemeente in &of.merged.contributors {
        let (signals, first) = match given.remove(&gemeente.number()) {
            Some((signals, first)) => (signals, first.into()),
            None => (0, Sql::Null),
        };
        rows.push(shares(of.id, *gemeente, true, signals, first));
    }
    for (number, (signals, first)) in given {
        if let Ok(gemeente) = Gemeente::new(number) {
            rows.push(shares(of.id, gemeente, false, signals, first.into()));
        }
    }
    Ok(())
}

fn shares(knelpunt: &str, gemeente: Gemeente, writes: bool, signals: i64, first: Sql) -> Row {
    let values = vec![text(knelpunt), text(gemeente), writes.into(), signals.into(), first];
    Row::new(&KNELPUNT_GEMEENTEN, values)
}

/// How many steps of knelpunten that were merged one into the next are followed: one more than a state follows.
const MERGES_MAX: usize = 9;

/// Marks every record of which a row may be another because one of these changed: whatever looks at it when its state is
/// determined (`protocol::record::around`), however far that looks.
pub(super) fn mark_around(connection: &Connection, records: &[RecordId]) -> Result<(), ViewError> {
    let mut looking = Looking {
        connection,
        from: Cache::default(),
        to: Cache::default(),
    };
    let mut found = BTreeSet::new();
    for record in records {
        looking.around(*record, &mut found)?;
    }
    let mut mark = connection.prepare_cached("INSERT OR IGNORE INTO te_vullen (record, rond) VALUES (?1, 0)")?;
    for record in found {
        mark.execute([record.0])?;
    }
    Ok(())
}

/// What was found on one side of records, by the field the link stands in.
type Cache = BTreeMap<(RecordId, &'static str), Vec<RecordId>>;

/// The links of one state of the view. What many records link to is looked at once.
struct Looking<'a> {
    connection: &'a Connection,
    from: Cache,
    to: Cache,
}

impl Looking<'_> {
    fn around(&mut self, record: RecordId, found: &mut BTreeSet<RecordId>) -> Result<(), ViewError> {
        let targets = links(self.connection, "SELECT naar, veld FROM links WHERE van = ?1", record)?;
        let sources = links(self.connection, "SELECT van, veld FROM links WHERE naar = ?1", record)?;
        found.extend(targets.iter().chain(&sources).map(|(other, _)| *other));
        // Knelpunten that it, or what it links to, was merged into or with, in either direction.
        let near: BTreeSet<RecordId> = targets.iter().map(|(target, _)| *target).chain([record]).collect();
        found.extend(self.reach(near.clone(), Self::merged_into)?);
        found.extend(self.reach(near, Self::merged_from)?);
        // The signals of the knelpunten that were merged into it.
        let merged: BTreeSet<RecordId> = self.merged_from(record)?.into_iter().collect();
        for knelpunt in self.reach(merged, Self::merged_from)? {
            found.extend(self.to(knelpunt, "knelpunt")?);
            found.extend(self.from(knelpunt, "signalen")?);
        }
        // What the berichten are about that it may answer.
        for (target, field) in targets {
            if ["over", "op", "uit"].contains(&field.as_str()) {
                found.extend(self.from(target, "over")?);
            }
        }
        Ok(())
    }

    /// Everything that is reached in a bounded number of steps, these included.
    fn reach(
        &mut self,
        from: BTreeSet<RecordId>,
        next: impl Fn(&mut Self, RecordId) -> Result<Vec<RecordId>, ViewError>,
    ) -> Result<BTreeSet<RecordId>, ViewError> {
        let (mut seen, mut edge) = (from.clone(), from);
        for _ in 0..MERGES_MAX {
            let mut beyond = BTreeSet::new();
            for record in edge {
                let others = next(self, record)?.into_iter();
                beyond.extend(others.filter(|other| seen.insert(*other)));
            }
            edge = beyond;
        }
        Ok(seen)
    }

    fn merged_into(&mut self, record: RecordId) -> Result<Vec<RecordId>, ViewError> {
        self.from(record, "samengevoegd_met")
    }

    fn merged_from(&mut self, record: RecordId) -> Result<Vec<RecordId>, ViewError> {
        self.to(record, "samengevoegd_met")
    }

    /// What a record links to in this field.
    fn from(&mut self, record: RecordId, field: &'static str) -> Result<Vec<RecordId>, ViewError> {
        let query = "SELECT naar FROM links WHERE van = ?1 AND veld = ?2";
        once(self.connection, &mut self.from, query, (record, field))
    }

    /// What links to a record in this field.
    fn to(&mut self, record: RecordId, field: &'static str) -> Result<Vec<RecordId>, ViewError> {
        let query = "SELECT van FROM links WHERE naar = ?1 AND veld = ?2";
        once(self.connection, &mut self.to, query, (record, field))
    }
}

fn links(connection: &Connection, query: &str, record: RecordId) -> Result<Vec<(RecordId, String)>, ViewError> {
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map([record.0], |row| Ok((row.get(0).map(RecordId)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn once(
    connection: &Connection,
    cache: &mut Cache,
    query: &str,
    (record, field): (RecordId, &'static str),
) -> Result<Vec<RecordId>, ViewError> {
    if let Some(known) = cache.get(&(record, field)) {
        return Ok(known.clone());
    }
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map((record.0, field), |row| row.get(0).map(RecordId))?;
    let found = rows.collect::<Result<Vec<_>, _>>()?;
    cache.insert((record, field), found.clone());
    Ok(found)
}
