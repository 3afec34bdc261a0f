//! What the records around one put into its rows: where its links lead, and which gemeenten share a knelpunt.

use std::collections::BTreeMap;

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

/// Marks every record of which a row may be another because this one changed (`CROSS JOIN` has SQLite begin with the few records
/// and not with all links): whatever looks at it when its state is
/// determined (`protocol::record::around`), however far that looks.
pub(super) fn mark_around(connection: &Connection, record: RecordId) -> Result<(), ViewError> {
    for statement in [DIRECT, THROUGH_MERGERS, OF_MERGED, ANSWERED] {
        connection.prepare_cached(statement)?.execute([record.0])?;
    }
    Ok(())
}

/// What links to it and what it links to.
const DIRECT: &str = "INSERT OR IGNORE INTO te_vullen (record, rond)
    SELECT van, 0 FROM links WHERE naar = ?1
    UNION SELECT naar, 0 FROM links WHERE van = ?1";

/// Knelpunten that it, or what it links to, was merged into or with, some steps on in either direction: one step more than
/// a state follows.
const THROUGH_MERGERS: &str = "INSERT OR IGNORE INTO te_vullen (record, rond)
    WITH RECURSIVE verder (record, stap) AS (
        SELECT ?1, 0 UNION SELECT naar, 0 FROM links WHERE van = ?1
        UNION
        SELECT naar, stap + 1 FROM verder CROSS JOIN links ON van = record WHERE veld = 'samengevoegd_met' AND stap < 9
    ), terug (record, stap) AS (
        SELECT ?1, 0 UNION SELECT naar, 0 FROM links WHERE van = ?1
        UNION
        SELECT van, stap + 1 FROM terug CROSS JOIN links ON naar = record WHERE veld = 'samengevoegd_met' AND stap < 9
    )
    SELECT record, 0 FROM verder UNION SELECT record, 0 FROM terug";

/// The signals of the knelpunten that were merged into it.
const OF_MERGED: &str = "INSERT OR IGNORE INTO te_vullen (record, rond)
    WITH RECURSIVE terug (record, stap) AS (
        SELECT van, 1 FROM links WHERE naar = ?1 AND veld = 'samengevoegd_met'
        UNION
        SELECT van, stap + 1 FROM terug CROSS JOIN links ON naar = record WHERE veld = 'samengevoegd_met' AND stap < 9
    )
    SELECT van, 0 FROM terug CROSS JOIN links ON naar = record WHERE veld = 'knelpunt'
    UNION SELECT naar, 0 FROM terug CROSS JOIN links ON van = record WHERE veld = 'signalen'";

/// What the berichten are about that it may answer.
const ANSWERED: &str = "INSERT OR IGNORE INTO te_vullen (record, rond)
    SELECT verder.naar, 0 FROM links CROSS JOIN links AS verder ON verder.van = links.naar
    WHERE links.van = ?1 AND links.veld IN ('over', 'op', 'uit') AND verder.veld = 'over'";
