//! Rows about the ten questions that analysts ask most, in SQL: each asked of the process that answers it, as a node asks.

use std::path::Path;
use std::time::Instant;

use node::stop::Stop;
use node::view::sql::{Asked, BYTES_MAX, Desk, Parameters, Program, ROWS_MAX};
use node::view::tables::QUESTIONS;

use super::Sizes;
use super::agenda::filled;
use super::table::{Row, Table, grouped};
use super::tables::derive;
use crate::harness::Scratch;

/// How often each is asked.
const TIMES: usize = 11;
const MEDIAN_MS_MAX: f64 = 50.0;
/// How long one may take.
const LATE_MS: u64 = 60_000;

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("questions");
    let place = scratch.join("view.sqlite");
    let (mut writer, _) = filled(&place, sizes.records);
    derive(&mut writer);
    let desk = Desk::new(Program::own(&place));
    for (nr, question) in (1..).zip(QUESTIONS) {
        let mut times: Vec<f64> = (0..TIMES).map(|_| ask(&desk, question.sql)).collect();
        times.sort_by(f64::total_cmp);
        let (median, slowest) = (times[TIMES / 2], times[TIMES - 1]);
        table.add(Row {
            what: format!("question {nr} of analysts, among {}", grouped(sizes.records as u64)),
            measured: format!("p50 {median:.1} ms, slowest {slowest:.1} ms"),
            reach: Some((format!("p50 < {MEDIAN_MS_MAX} ms"), median < MEDIAN_MS_MAX)),
            ..Row::default()
        });
    }
}

/// Milliseconds until the answer.
fn ask(desk: &Desk, sql: &str) -> f64 {
    let asked = Asked {
        sql: sql.to_owned(),
        parameters: Parameters::default(),
        rows: ROWS_MAX,
        bytes: BYTES_MAX,
        ms: LATE_MS,
        found: None,
    };
    let began = Instant::now();
    let answer = desk
        .ask(&asked, &Stop::default())
        .expect("this program answers questions");
    answer.expect("the question is right");
    began.elapsed().as_secs_f64() * 1_000.0
}

/// Answers questions about a view until nobody asks any more.
pub fn answer(view: &Path) {
    let _ = cli::daemon::answer(view);
}
