//! What a record has several of: the parts of those who wrote it, sources, conditions, afspraken, members.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{Gemeente, Week};
use protocol::record::{Merged, Part, Reference, Told, Value, merge, returns};
use rusqlite::types::Value as Sql;

use super::catalogue::{
    DUIDING_BRONNEN, DUIDING_VOORWAARDEN, EXPERIMENT_CONSTANTEN, KNELPUNT_DELEN, KNELPUNT_EPISODES, KNELPUNT_TERUGKEER,
    KRING_DELEN, KRING_LEDEN, KRING_TIPS, LES_VOORWAARDEN, SESSIE_AFSPRAKEN, SESSIE_LAGEN,
};
use super::cell::{Of, count, field_of, text, value_cell, week_cell};
use super::fill::{Row, codes};
use super::{Column, Table};

/// What each gemeente says of a record that several write: its own documents as a record of their own.
fn told_by<'a>(of: &'a Of<'_>, parts: &'a [Part]) -> impl Iterator<Item = (Gemeente, Merged)> + use<'a> {
    let Reference::Record(record) = of.merged.id.clone() else {
        unreachable!("the view holds records of the network only")
    };
    of.merged.contributors.iter().filter_map(move |gemeente| {
        let theirs = |part: &&Part| part.gemeente == *gemeente && part.kind == of.merged.kind.number();
        let theirs: Vec<Part> = parts.iter().filter(theirs).cloned().collect();
        Some((*gemeente, merge(record, &theirs)?))
    })
}

/// A row per gemeente.
fn delen(table: &'static Table, of: &Of<'_>, parts: &[Part], rows: &mut Vec<Row>) {
    for (gemeente, told) in told_by(of, parts) {
        let cell = |column: &Column| match column.name {
            "gemeente" => text(gemeente),
            "week" | "week_nr" | "kwartaal" => week_cell(&told, column.name),
            name if name == table.key[0] => text(of.id),
            name => told
                .values(name)
                .next()
                .map_or(Sql::Null, |value| value_cell(value, column.kind)),
        };
        rows.push(Row::new(table, table.columns.iter().map(cell).collect()));
    }
}

/// A row per numbered row of a field: the record and the number in front, and what `cell` has for other columns.
fn numbered<'a>(
    table: &'static Table,
    before: &[Sql],
    told: Option<&'a Value>,
    cell: impl Fn(u32, &Column, &'a BTreeMap<String, Value>) -> Option<Sql>,
    rows: &mut Vec<Row>,
) {
    let Some(Value::Rows(found)) = told else {
        return;
    };
    for (nr, row) in found {
        let rest = table.columns[before.len() + 1..].iter().map(|column| {
            cell(*nr, column, row).unwrap_or_else(|| {
                row.get(field_of(column))
                    .map_or(Sql::Null, |value| value_cell(value, column.kind))
            })
        });
        let values = before.iter().cloned().chain([Sql::from(*nr)]).chain(rest).collect();
        rows.push(Row::new(table, values));
    }
}

/// A row per short text of a field.
fn listed(table: &'static Table, before: &[Sql], told: Option<&Value>, rows: &mut Vec<Row>) {
    if let Some(Value::Texts(texts)) = told {
        for (nr, held) in texts.iter().enumerate() {
            let values = before.iter().cloned().chain([count(nr + 1), text(held)]).collect();
            rows.push(Row::new(table, values));
        }
    }
}

pub(super) fn knelpunt(of: &Of<'_>, parts: &[Part], rows: &mut Vec<Row>) {
    delen(&KNELPUNT_DELEN, of, parts, rows);
    let id = [text(of.id)];
    numbered(
        &KNELPUNT_EPISODES,
        &id,
        of.merged.value("episodes"),
        |_, _, _| None,
        rows,
    );
    for (solved, back) in returns(of.merged, of.around, of.peilweek) {
        let weeks = [solved, back].map(|week| [text(week), week.index().into()]);
        let values = id.iter().cloned().chain(weeks.into_iter().flatten()).collect();
        rows.push(Row::new(&KNELPUNT_TERUGKEER, values));
    }
}

pub(super) fn duiding(of: &Of<'_>, rows: &mut Vec<Row>) {
    let id = [text(of.id)];
    numbered(&DUIDING_BRONNEN, &id, of.merged.value("bron"), |_, _, _| None, rows);
    listed(&DUIDING_VOORWAARDEN, &id, of.merged.value("voorwaarden"), rows);
}

pub(super) fn les(of: &Of<'_>, rows: &mut Vec<Row>) {
    for (works, field) in [(true, "werkt_als"), (false, "werkt_niet_als")] {
        listed(
            &LES_VOORWAARDEN,
            &[text(of.id), works.into()],
            of.merged.value(field),
            rows,
        );
    }
}

pub(super) fn sessie(of: &Of<'_>, rows: &mut Vec<Row>) {
    let there: BTreeSet<&String> = codes(of.merged, "aanwezig").collect();
    let none = BTreeMap::new();
    let brought = match of.merged.value("ingebracht_door") {
        Some(Value::Counts(counts)) => counts,
        _ => &none,
    };
    for laag in there.iter().copied().chain(brought.keys()).collect::<BTreeSet<_>>() {
        let number = brought.get(laag).map_or(Sql::Null, |number| (*number).into());
        let values = vec![text(of.id), text(laag), there.contains(laag).into(), number];
        rows.push(Row::new(&SESSIE_LAGEN, values));
    }
    let state = |nr: u32, column: &Column, _: &_| match column.name {
        "staat" => Some(of.state.rows.get(&nr).map_or(Sql::Null, text)),
        _ => None,
    };
    numbered(
        &SESSIE_AFSPRAKEN,
        &[text(of.id)],
        of.merged.value("afspraken"),
        state,
        rows,
    );
}

pub(super) fn experiment(of: &Of<'_>, rows: &mut Vec<Row>) {
    listed(
        &EXPERIMENT_CONSTANTEN,
        &[text(of.id)],
        of.merged.value("constant"),
        rows,
    );
}

pub(super) fn kring(of: &Of<'_>, parts: &[Part], rows: &mut Vec<Row>) {
    delen(&KRING_DELEN, of, parts, rows);
    numbered(
        &KRING_TIPS,
        &[text(of.id)],
        of.merged.value("tips"),
        |_, _, _| None,
        rows,
    );
    let Some(Told::Each(each)) = of.merged.fields.get("lidmaatschap") else {
        return;
    };
    for (gemeente, told) in each {
        let holds = |_: u32, column: &Column, row: &BTreeMap<String, Value>| {
            (column.name == "is_lid").then(|| is_in(row, of.peilweek).into())
        };
        numbered(&KRING_LEDEN, &[text(of.id), text(gemeente)], Some(told), holds, rows);
    }
}

/// Whether a membership holds in a week: from one week up to, but not in, another.
fn is_in(row: &BTreeMap<String, Value>, peilweek: Week) -> bool {
    let week = |name: &str| match row.get(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    };
    week("van").is_some_and(|from| from <= peilweek) && week("tot").is_none_or(|until| peilweek < until)
}
