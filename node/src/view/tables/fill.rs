//! One record to its rows, and rows into the tables.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use protocol::id::{RecordId, Week};
use protocol::record::{Kind, Merged, Part, Value, around, horizon, merge, state};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::super::ViewError;
use super::super::beside::Beside;
use super::super::writer::read_parts;
use super::catalogue::{
    BERICHTEN, DUIDING_BRONNEN, DUIDING_VOORWAARDEN, DUIDINGEN, EXPERIMENT_CONSTANTEN, EXPERIMENTEN, KNELPUNT_DELEN,
    KNELPUNT_EPISODES, KNELPUNT_GEMEENTEN, KNELPUNT_TERUGKEER, KNELPUNTEN, KRING_DELEN, KRING_LEDEN, KRING_TIPS,
    KRINGEN, LES_VOORWAARDEN, LESSEN, OVERNAMES, RECORD_THEMAS, RECORDS, SESSIE_AFSPRAKEN, SESSIE_LAGEN, SESSIES,
    SIGNAAL_REGELINGEN, SIGNALEN, TEKSTEN, VERWIJZINGEN,
};
use super::cell::{Of, text};
use super::{TABLES, Table, changed, links, parts};

/// A row of a table.
pub(super) struct Row {
    pub(super) table: &'static Table,
    pub(super) values: Vec<Sql>,
}

impl Row {
    pub(super) fn new(table: &'static Table, values: Vec<Sql>) -> Self {
        debug_assert_eq!(table.columns.len(), values.len(), "{}", table.name);
        Self { table, values }
    }
}

/// What puts a row into a table, and what takes those of a record out.
static STATEMENTS: LazyLock<BTreeMap<&str, (String, String)>> = LazyLock::new(|| {
    let statements = |table: &'static Table| {
        let places = vec!["?"; table.columns.len()].join(", ");
        let insert = format!("INSERT OR IGNORE INTO {} VALUES ({places})", table.name);
        let delete = format!("DELETE FROM {} WHERE {} = ?1", table.name, table.key[0]);
        (table.name, (insert, delete))
    };
    TABLES.iter().map(statements).collect()
});

fn statements(table: &Table) -> &'static (String, String) {
    STATEMENTS.get(table.name).expect("every table is in the catalogue")
}

/// Puts a row into its table.
pub(super) fn insert(connection: &Connection, row: &Row) -> Result<(), ViewError> {
    let (insert, _) = statements(row.table);
    connection
        .prepare_cached(insert)?
        .execute(params_from_iter(&row.values))?;
    Ok(())
}

/// The table of a kind, and those beside it.
pub(super) fn of_kind(kind: Kind) -> &'static [Table] {
    match kind {
        Kind::Signaal => &[SIGNALEN, SIGNAAL_REGELINGEN, RECORD_THEMAS],
        Kind::Knelpunt => &[
            KNELPUNTEN,
            KNELPUNT_DELEN,
            KNELPUNT_EPISODES,
            KNELPUNT_GEMEENTEN,
            KNELPUNT_TERUGKEER,
            RECORD_THEMAS,
        ],
        Kind::Duiding => &[DUIDINGEN, DUIDING_BRONNEN, DUIDING_VOORWAARDEN],
        Kind::Les => &[LESSEN, LES_VOORWAARDEN],
        Kind::Sessie => &[SESSIES, SESSIE_LAGEN, SESSIE_AFSPRAKEN],
        Kind::Experiment => &[EXPERIMENTEN, EXPERIMENT_CONSTANTEN],
        Kind::Overname => &[OVERNAMES],
        Kind::Bericht => &[BERICHTEN],
        Kind::Kring => &[KRINGEN, KRING_DELEN, KRING_LEDEN, KRING_TIPS],
    }
}

/// Takes every row of a record out of the tables.
pub(in super::super) fn forget(connection: &Connection, record: RecordId) -> Result<(), ViewError> {
    match clear(connection, record)? {
        true => changed::mark(connection, record),
        false => Ok(()),
    }
}

/// The same without saying so; whether there were any.
fn clear(connection: &Connection, record: RecordId) -> Result<bool, ViewError> {
    let id = record.to_string();
    let query = "SELECT soort FROM records WHERE id = ?1";
    let kind: Option<String> = connection
        .prepare_cached(query)?
        .query_row([&id], |row| row.get(0))
        .optional()?;
    let Some(kind) = kind.and_then(|name| Kind::from_name(&name)) else {
        return Ok(false);
    };
    for table in of_kind(kind).iter().chain(&[RECORDS, VERWIJZINGEN, TEKSTEN]) {
        let (_, delete) = statements(table);
        connection.prepare_cached(delete)?.execute([&id])?;
    }
    connection
        .prepare_cached("DELETE FROM horizon WHERE record = ?1")?
        .execute([record.0])?;
    Ok(true)
}

/// What there is to write of a record.
pub(super) struct Filled {
    record: RecordId,
    /// None when it is not there any more.
    rows: Vec<Row>,
    /// The week in which its state may be another.
    horizon: Option<Week>,
}

/// Writes the rows of a record as they are at the peilweek; none when it is not there any more.
pub(super) fn fill(
    connection: &Connection,
    beside: &Beside<'_>,
    record: RecordId,
    peilweek: Week,
) -> Result<(), ViewError> {
    put(connection, &make(connection, beside, record, peilweek)?)
}

/// Derives what there is to write of a record. Reads nothing that a fill writes.
pub(super) fn make(
    connection: &Connection,
    beside: &Beside<'_>,
    record: RecordId,
    peilweek: Week,
) -> Result<Filled, ViewError> {
    let parts = read_parts(connection, record)?;
    let Some(merged) = merge(record, &parts) else {
        return Ok(Filled {
            record,
            rows: Vec::new(),
            horizon: None,
        });
    };
    let around = around(&merged, beside)?;
    let of = Of {
        id: &record.to_string(),
        merged: &merged,
        around: &around,
        state: &state(&merged, &around, peilweek),
        peilweek,
    };
    let mut rows = rows(&of, &parts);
    rows.append(&mut links::rows(connection, &of, record)?);
    Ok(Filled {
        record,
        rows,
        horizon: horizon(&merged, &around, peilweek),
    })
}

/// Writes what was derived of a record in place of what stands there.
pub(super) fn put(connection: &Connection, filled: &Filled) -> Result<(), ViewError> {
    let was_here = clear(connection, filled.record)?;
    if was_here || !filled.rows.is_empty() {
        changed::mark(connection, filled.record)?;
    }
    for row in &filled.rows {
        insert(connection, row)?;
    }
    if let Some(week) = filled.horizon {
        connection
            .prepare_cached("INSERT OR REPLACE INTO horizon (record, week) VALUES (?1, ?2)")?
            .execute(params![filled.record.0, week.index()])?;
    }
    Ok(())
}

/// The rows that follow from the record itself and its state.
fn rows(of: &Of<'_>, told: &[Part]) -> Vec<Row> {
    let own = &of_kind(of.merged.kind)[0];
    let mut rows: Vec<Row> = [&RECORDS, own]
        .into_iter()
        .map(|table| Row::new(table, table.columns.iter().map(|column| of.cell(column)).collect()))
        .collect();
    themes(of, &mut rows);
    texts(of, own, &mut rows);
    match of.merged.kind {
        Kind::Signaal => regelingen(of, &mut rows),
        Kind::Knelpunt => parts::knelpunt(of, told, &mut rows),
        Kind::Duiding => parts::duiding(of, &mut rows),
        Kind::Les => parts::les(of, &mut rows),
        Kind::Sessie => parts::sessie(of, &mut rows),
        Kind::Experiment => parts::experiment(of, &mut rows),
        Kind::Kring => parts::kring(of, told, &mut rows),
        Kind::Overname | Kind::Bericht => {}
    }
    rows
}

/// The codes of a field in which sets stand, united.
pub(super) fn codes<'a>(merged: &'a Merged, field: &str) -> impl Iterator<Item = &'a String> + use<'a> {
    match merged.value(field) {
        Some(Value::Codes(codes)) => Some(codes),
        _ => None,
    }
    .into_iter()
    .flatten()
}

/// A code on which all agree.
fn code(merged: &Merged, field: &str) -> Sql {
    match merged.value(field) {
        Some(Value::Code(code)) => text(code),
        _ => Sql::Null,
    }
}

fn themes(of: &Of<'_>, rows: &mut Vec<Row>) {
    for theme in codes(of.merged, "thema") {
        let values = vec![
            text(of.id),
            text(theme),
            text(of.merged.kind.name()),
            text(of.merged.owner),
            text(of.merged.week.quarter()),
            code(of.merged, "laag"),
        ];
        rows.push(Row::new(&RECORD_THEMAS, values));
    }
}

fn regelingen(of: &Of<'_>, rows: &mut Vec<Row>) {
    let handed_over = match of.merged.value("overdracht") {
        Some(Value::Flag(flag)) => (*flag).into(),
        _ => Sql::Null,
    };
    for regeling in codes(of.merged, "regeling") {
        let values = vec![
            text(of.id),
            text(regeling),
            text(of.merged.owner),
            text(of.merged.week.quarter()),
            handed_over.clone(),
        ];
        rows.push(Row::new(&SIGNAAL_REGELINGEN, values));
    }
}

/// Texts that are too long for a column of their own; a text that all agree on is told by the owner.
fn texts(of: &Of<'_>, own: &Table, rows: &mut Vec<Row>) {
    use protocol::record::Told;
    for (field, told) in &of.merged.fields {
        let is_title = of.merged.kind == Kind::Kring && field == "naam";
        if is_title || own.columns.iter().any(|column| column.name == field) {
            continue;
        }
        let each = match told {
            Told::One(value) => vec![(of.merged.owner, value)],
            Told::Each(each) => each.iter().map(|(gemeente, value)| (*gemeente, value)).collect(),
        };
        for (gemeente, value) in each {
            if let Value::Text(long) = value {
                let values = vec![text(of.id), text(field), text(gemeente), text(long)];
                rows.push(Row::new(&TEKSTEN, values));
            }
        }
    }
}
