//! A row about making the view anew with the tables that analysts read: from documents to rows, the states of all records
//! included.

use node::view::Writer;

use super::Sizes;
use super::agenda::{PEILWEEK, filled};
use super::table::{Row, Table, grouped};
use super::usage::{Spent, timed};
use crate::harness::Scratch;

/// Records per second, from documents to rows.
const RECORDS_PER_S_MIN: f64 = 20_000.0;

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("tables");
    let (mut writer, view) = filled(&scratch.join("view.sqlite"), sizes.records);
    let ((), tables) = timed(|| derive(&mut writer));
    let records = sizes.records as f64;
    let per_s = |seconds: f64| grouped((records / seconds) as u64);
    let both = Spent {
        wall_s: view.wall_s + tables.wall_s,
        cpu_s: view.cpu_s + tables.cpu_s,
    };
    table.add(Row {
        what: format!("tables: {} records made anew", grouped(sizes.records as u64)),
        measured: format!(
            "{}/s; view {}/s, tables {}/s",
            per_s(both.wall_s),
            per_s(view.wall_s),
            per_s(tables.wall_s)
        ),
        reach: Some(("> 20,000/s".to_owned(), records / both.wall_s > RECORDS_PER_S_MIN)),
        spent: Some(both),
        ..Row::default()
    });
}

/// Fills the tables of a view that has everything.
pub(super) fn derive(writer: &mut Writer) {
    let peilweek = PEILWEEK.parse().expect("this is a week");
    writer.set_peilweek(peilweek).expect("the view takes it");
    while writer.tables_due().is_some() {
        writer.fill_some().expect("the tables take it");
    }
}
