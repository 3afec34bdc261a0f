//! Rows about what analysts get of a whole country: tables made anew, questions on the node, on its export and on its mirror,
//! full text, and how soon what is shared can be asked for.
//!
//! The node is a process of its own. DuckDB and PostgreSQL are measured where they are installed; the rows say when they are not.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use node::view::tables::QUESTIONS;
use protocol::api::{Zoekantwoord, path};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Sizes;
use super::country::fill;
use super::process::{Node, found_all};
use super::table::{Row, Table, grouped};
use super::usage::{Memory, Spent};
use crate::harness::{Api, Command, Postgres, Scratch, records, wait};

/// How often each question is asked.
const TIMES: usize = 5;
/// Rows of an answer that are wanted: as many as a node gives.
const ROWS: u32 = 100_000;
/// What is promised.
const MADE_MIN: f64 = 20_000.0;
const RSS_MB_MAX: u64 = 600;
const RESTART_S_MAX: f64 = 1.0;
const QUESTION_MS_MAX: f64 = 500.0;
const DUCKDB_MS_MAX: f64 = 100.0;
const SEARCH_MS_MAX: f64 = 10.0;
const EXPORTED_MIN: f64 = 100_000.0;
const MIRRORED_MIN: f64 = 30_000.0;
const FRESH_S_MAX: f64 = 1.0;
/// Longest time for anything here.
const DEADLINE: Duration = Duration::from_secs(1_800);
/// What people look for.
const SEARCHED: [&str; 5] = ["loket", "besluit", "formulier brief", "werkafspraak", "niemand weet"];
/// Who writes while it is measured how fresh the tables are: so many at once, so many records together, so often.
const WRITERS: usize = 2;
const BATCH: usize = 50;
const EVERY: Duration = Duration::from_millis(200);
const BATCHES: usize = 100;

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("pooled");
    let names: Vec<String> = (0..sizes.logs).map(|at| format!("node-{at}")).collect();
    let homes = found_all(&scratch, &names);
    fill(&homes, sizes.pooled);
    let among = format!("among {}", grouped(sizes.pooled as u64));
    let node = Node::start(&homes[0]);
    made_anew(&node, sizes.pooled, table);
    node.stop();
    let node = restarted(&homes[0], sizes.pooled, table);
    let answers: Vec<Option<Zoekantwoord>> = QUESTIONS
        .iter()
        .zip(1..)
        .map(|(question, nr)| asked(&node, question.sql, &format!("pooled: question {nr}, {among}"), table))
        .collect();
    searched(&node, &among, table);
    let rows = exported(&node, &scratch, &answers, table);
    mirrored(&node, rows, table);
    fresh(&node, homes[0].root(), &among, table);
    let memory = Memory::of(node.pid());
    table.add(Row {
        what: format!("- the node at its largest, {among}"),
        measured: format!("{} MB, {} MB now", memory.peak_mb, memory.now_mb),
        reach: Some((format!("< {RSS_MB_MAX} MB"), memory.peak_mb < RSS_MB_MAX)),
        rss_mb: Some(memory.peak_mb),
        ..Row::default()
    });
    node.stop();
}

/// What a question in SQL answers; nothing while the tables are being made.
fn ask(node: &Node, sql: &str) -> Option<Zoekantwoord> {
    let question = json!({"sql": sql, "rijen": ROWS}).to_string();
    let answer = node.post(path::ZOEKVRAGEN, &question)?;
    Some(serde_json::from_str(&answer).expect("an answer is JSON"))
}

/// Waits until SQL counts them all.
fn counts(node: &Node, records: usize) {
    let all = || {
        let answer = ask(node, "SELECT count(*) FROM records")?;
        (answer.rijen[0][0] == json!(records)).then_some(())
    };
    wait::within(DEADLINE, "all records in the tables", all).unwrap_or_else(|error| panic!("{error}"));
}

fn made_anew<F: FnMut(&str)>(node: &Node, records: usize, table: &mut Table<F>) {
    let began = Instant::now();
    counts(node, records);
    // Who searches waits for the index.
    search(node, SEARCHED[0]);
    let wall_s = began.elapsed().as_secs_f64();
    let per_s = records as f64 / wall_s;
    let memory = Memory::of(node.pid());
    table.add(Row {
        what: format!(
            "pooled: {} records, view, index and tables anew",
            grouped(records as u64)
        ),
        measured: format!("{}/s", grouped(per_s as u64)),
        reach: Some(("> 20,000/s".to_owned(), per_s > MADE_MIN)),
        spent: Some(Spent {
            wall_s,
            cpu_s: node.cpu_s(),
        }),
        rss_mb: Some(memory.peak_mb),
        ..Row::default()
    });
}

fn restarted<F: FnMut(&str)>(home: &node::runtime::Home, records: usize, table: &mut Table<F>) -> Node {
    let began = Instant::now();
    let node = Node::start(home);
    counts(&node, records);
    let wall_s = began.elapsed().as_secs_f64();
    table.add(Row {
        what: "- started again, until SQL answers".to_owned(),
        measured: format!("{wall_s:.2} s"),
        reach: Some((format!("< {RESTART_S_MAX} s"), wall_s < RESTART_S_MAX)),
        spent: Some(Spent {
            wall_s,
            cpu_s: node.cpu_s(),
        }),
        rss_mb: Some(Memory::of(node.pid()).now_mb),
        ..Row::default()
    });
    node
}

fn median(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() - 1])
}

/// The answer to a question; nothing when the node stopped it for taking too long, which is a figure too.
fn asked<F: FnMut(&str)>(node: &Node, sql: &str, what: &str, table: &mut Table<F>) -> Option<Zoekantwoord> {
    let mut last = None;
    let mut times = Vec::new();
    while times.len() < TIMES && (times.is_empty() || last.is_some()) {
        let began = Instant::now();
        last = ask(node, sql);
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    let (middle, slowest) = median(times);
    let measured = match &last {
        Some(answer) => format!(
            "p50 {middle:.0} ms, slowest {slowest:.0} ms, {} rows",
            grouped(answer.aantal.into())
        ),
        None => format!("stopped after {:.1} s", slowest / 1_000.0),
    };
    table.add(Row {
        what: what.to_owned(),
        measured,
        reach: Some((
            format!("p50 < {QUESTION_MS_MAX} ms"),
            last.is_some() && middle < QUESTION_MS_MAX,
        )),
        ..Row::default()
    });
    last
}

fn searched<F: FnMut(&str)>(node: &Node, among: &str, table: &mut Table<F>) {
    let ask = |words: &&str| {
        let began = Instant::now();
        search(node, words);
        began.elapsed().as_secs_f64() * 1_000.0
    };
    let times = (0..TIMES).flat_map(|_| SEARCHED.iter().map(ask)).collect();
    let (middle, slowest) = median(times);
    table.add(Row {
        what: format!("pooled: full text, ten with facets, {among}"),
        measured: format!("p50 {middle:.1} ms, slowest {slowest:.1} ms"),
        reach: Some((format!("p50 < {SEARCH_MS_MAX} ms"), middle < SEARCH_MS_MAX)),
        ..Row::default()
    });
}

fn search(node: &Node, words: &str) {
    let path = format!("{}?q={}", path::ZOEKEN, words.replace(' ', "%20"));
    let answer = || node.get(&ureq::Agent::new_with_defaults(), &path).map(|_| ());
    wait::within(DEADLINE, "full text", answer).unwrap_or_else(|error| panic!("{error}"));
}

/// What DuckDB says about an export.
#[derive(Deserialize)]
struct Elsewhere {
    rows: u64,
    ms: Vec<f64>,
    answers: Vec<Vec<Vec<Value>>>,
}

/// Exports, and asks DuckDB the same; how many rows all tables have together.
fn exported<F: FnMut(&str)>(
    node: &Node,
    scratch: &Scratch,
    answers: &[Option<Zoekantwoord>],
    table: &mut Table<F>,
) -> Option<u64> {
    let folder = scratch.join("uitvoer");
    let (began, cpu_s) = (Instant::now(), node.cpu_s());
    node.run(["export", &folder.to_string_lossy(), "--format", "parquet"]);
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: node.cpu_s() - cpu_s,
    };
    let bytes = std::fs::read_dir(&folder).expect("an export is a folder").flatten();
    let bytes = bytes.filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    let found = duckdb(&folder);
    let per_s = found.as_ref().map(|found| found.rows as f64 / spent.wall_s);
    let measured = match &per_s {
        Some(per_s) => format!("{} rows/s", grouped(*per_s as u64)),
        None => "DuckDB is not installed: rows are not counted".to_owned(),
    };
    table.add(Row {
        what: "pooled: export to Parquet".to_owned(),
        measured,
        reach: per_s.map(|per_s| ("> 100,000 rows/s".to_owned(), per_s > EXPORTED_MIN)),
        spent: Some(spent),
        bytes: Some(bytes),
        ..Row::default()
    });
    let found = found?;
    for (at, (ms, rows)) in found.ms.iter().zip(&found.answers).enumerate() {
        if let Some(here) = &answers[at] {
            assert!(here.afgekapt || here.rijen.len() == rows.len(), "question {}", at + 1);
            let mut pairs = here.rijen.iter().zip(rows);
            assert!(pairs.all(|(here, there)| here == there), "question {}", at + 1);
        }
        table.add(Row {
            what: format!("- question {} in DuckDB on it", at + 1),
            measured: format!("p50 {ms:.0} ms"),
            reach: Some((format!("p50 < {DUCKDB_MS_MAX} ms"), *ms < DUCKDB_MS_MAX)),
            ..Row::default()
        });
    }
    Some(found.rows)
}

/// Asks DuckDB, where `tests/run` installed it.
fn duckdb(folder: &Path) -> Option<Elsewhere> {
    let program = std::env::current_exe().ok()?;
    let python = program.ancestors().nth(3)?.join("python/bin/python");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/engines");
    let questions: Vec<&str> = QUESTIONS.iter().map(|question| question.sql).collect();
    let times = TIMES.to_string();
    let asked = python.exists().then(|| {
        Command::new(&python, &data)
            .arguments([PathBuf::from("timed.py"), folder.to_owned(), times.into()])
            .stdin(json!(questions).to_string())
            .deadline(DEADLINE)
            .run()
    });
    Some(serde_json::from_str(&asked?.succeeded()).expect("it answers in JSON"))
}

/// Loads a mirror, and asks PostgreSQL the same.
fn mirrored<F: FnMut(&str)>(node: &Node, rows: Option<u64>, table: &mut Table<F>) {
    let Some(server) = Postgres::start_with(&["fsync=on", "shared_buffers=256MB", "max_wal_size=4GB"]) else {
        return;
    };
    let (began, cpu_s) = (Instant::now(), node.cpu_s());
    node.run(["mirror", &server.url("postgres"), "--once"]);
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: node.cpu_s() - cpu_s,
    };
    let per_s = rows.map(|rows| rows as f64 / spent.wall_s);
    table.add(Row {
        what: "pooled: first load of a mirror".to_owned(),
        measured: format!("{} rows/s", grouped(per_s.unwrap_or_default() as u64)),
        reach: per_s.map(|per_s| ("> 30,000 rows/s".to_owned(), per_s > MIRRORED_MIN)),
        spent: Some(spent),
        ..Row::default()
    });
    for (at, question) in QUESTIONS.iter().enumerate() {
        let sql = format!(
            "SET search_path = leerkring; EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON, FORMAT JSON) {}",
            question.sql
        );
        let times = (0..TIMES).map(|_| {
            let plan: Value = serde_json::from_str(&server.ask(&sql)).expect("a plan is JSON");
            plan[0]["Execution Time"].as_f64().expect("it was run")
        });
        let (middle, slowest) = median(times.collect());
        table.add(Row {
            what: format!("- question {} in PostgreSQL on it", at + 1),
            measured: format!("p50 {middle:.0} ms, slowest {slowest:.0} ms"),
            ..Row::default()
        });
    }
}

/// How soon SQL finds what is shared, while much is.
fn fresh<F: FnMut(&str)>(node: &Node, home: &Path, among: &str, table: &mut Table<F>) {
    let (began, cpu_s) = (Instant::now(), node.cpu_s());
    let times: Vec<f64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|at| scope.spawn(move || written(node, home, at)))
            .collect();
        let each = writers
            .into_iter()
            .map(|writer| writer.join().expect("a writer does not panic"));
        each.flatten().collect()
    });
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: node.cpu_s() - cpu_s,
    };
    let per_s = (times.len() * BATCH) as f64 / spent.wall_s;
    let (middle, slowest) = median(times);
    table.add(Row {
        what: format!("pooled: shared until SQL finds it, {among}"),
        measured: format!("p50 {middle:.2} s, slowest {slowest:.2} s, at {per_s:.0} records/s"),
        reach: Some(("< 1 s at 500/s".to_owned(), slowest < FRESH_S_MAX && per_s > 450.0)),
        spent: Some(spent),
        ..Row::default()
    });
}

/// The seconds that each batch of one writer took, from the approval until it is found.
fn written(node: &Node, home: &Path, writer: usize) -> Vec<f64> {
    let api = Api::of(home).expect("the node runs");
    let began = Instant::now();
    let batch = |at: usize| {
        let due = EVERY * u32::try_from(at).expect("there are few");
        let early = due.saturating_sub(began.elapsed());
        let _ = wait::within(early, "the next batch", || None::<()>);
        let first = (writer * BATCHES + at) * BATCH;
        let batch: Vec<Value> = (first..first + BATCH)
            .map(|number| records::signal(&format!("vers-{number}"), number))
            .collect();
        let shown = api.take_in(&batch).expect("the node takes it");
        let approved = Instant::now();
        let approvals = api.approve(&shown).expect("the node takes it");
        let last = approvals.iter().rev().find_map(|approval| approval.record);
        let sql = format!("SELECT 1 FROM records WHERE id = '{}'", last.expect("it was shared"));
        let found = || ask(node, &sql).filter(|answer| answer.aantal > 0).map(|_| ());
        wait::within(DEADLINE, "a record in the tables", found).unwrap_or_else(|error| panic!("{error}"));
        approved.elapsed().as_secs_f64()
    };
    (0..BATCHES).map(batch).collect()
}
