//! A row about making the view anew with the tables that analysts read: from documents to rows, the states of all records
//! included.

use std::time::Instant;

use super::Sizes;
use super::agenda::{PEILWEEK, filled};
use super::table::{Row, Table, grouped};
use super::usage::Spent;
use crate::harness::Scratch;

/// Records per second, from documents to rows.
const RECORDS_PER_S_MIN: f64 = 20_000.0;

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("tables");
    let (mut writer, view_s) = filled(&scratch.join("view.sqlite"), sizes.records);
    let began = Instant::now();
    let peilweek = PEILWEEK.parse().expect("this is a week");
    writer.set_peilweek(peilweek).expect("the view takes it");
    while writer.tables_due().is_some() {
        writer.fill_some().expect("the tables take it");
    }
    let tables_s = began.elapsed().as_secs_f64();
    let records = sizes.records as f64;
    let per_s = |seconds: f64| grouped((records / seconds) as u64);
    let both = records / (view_s + tables_s);
    table.add(Row {
        what: format!("tables: {} records made anew", grouped(sizes.records as u64)),
        measured: format!(
            "{}/s; view {}/s, tables {}/s",
            per_s(view_s + tables_s),
            per_s(view_s),
            per_s(tables_s)
        ),
        reach: Some(("> 20,000/s".to_owned(), both > RECORDS_PER_S_MIN)),
        spent: Some(Spent {
            wall_s: view_s + tables_s,
            cpu_s: view_s + tables_s,
        }),
        ..Row::default()
    });
}
