//! Rows about a register of a year that is taken in: by a running node, through the gate, into the vault, over its API.

use std::fs;
use std::hint::black_box;
use std::time::Instant;

use protocol::gate::{Known, Policy, screen_text};

use super::Sizes;
use super::process::{Node, found};
use super::table::{Row, Table, grouped};
use super::usage::{Memory, Spent, timed};
use crate::casework::{Style, note};
use crate::harness::Scratch;

/// Rows per second, of which none is lost.
const ROWS_S_MIN: f64 = 1_000.0;
/// Seeds of notes that no test reads.
const FIRST_SEED: u64 = 6_000_000;

/// Measures it: the first time, and once more, which takes nothing in twice.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("intake");
    let [home] = found(&scratch, ["here"]);
    let node = Node::start(&home);
    let seeds = FIRST_SEED..FIRST_SEED + sizes.notes as u64;
    let notes: Vec<String> = seeds
        .map(|seed| note(seed, Style::Ordinary).text.replace(['\n', ';', '"'], " "))
        .collect();
    let short = |text: &String| text.chars().take(400).collect::<String>();
    let notes: Vec<String> = notes.iter().map(short).collect();
    let rows = notes
        .iter()
        .map(|text| format!("2026-W05;uitvoering;wonen;knelpunt;{text}\n"));
    let file = scratch.join("register.csv");
    let text = format!("week;laag;thema;aard;tekst\n{}", rows.collect::<String>());
    fs::write(&file, text).expect("a scratch directory can be written");
    let screen = || {
        notes
            .iter()
            .map(|text| screen_text(text, &Known::default(), &Policy::default()).spans.len())
            .sum::<usize>()
    };
    let (found, alone) = timed(screen);
    black_box(found);
    for what in ["a CSV through the gate", "the same CSV once more"] {
        let (began, before) = (Instant::now(), node.cpu_s());
        node.share(&file);
        let spent = Spent {
            wall_s: began.elapsed().as_secs_f64(),
            cpu_s: node.cpu_s() - before,
        };
        let rate = notes.len() as f64 / spent.wall_s;
        let times = spent.cpu_s / alone.cpu_s.max(0.01);
        table.add(Row {
            what: format!("intake: {what}, {} rows", grouped(notes.len() as u64)),
            measured: format!("{rate:.0} rows/s, {times:.1} × the gate alone"),
            reach: Some((format!("≥ {ROWS_S_MIN} rows/s"), rate >= ROWS_S_MIN)),
            spent: Some(spent),
            rss_mb: Some(Memory::of(node.pid()).peak_mb),
            ..Row::default()
        });
        assert_eq!(node.stand().concepten, notes.len() as u64, "every row lies there once");
    }
    node.stop();
}
