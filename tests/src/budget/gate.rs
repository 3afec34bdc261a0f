//! The gate: how fast and small it is, beside DEDUCE on the same notes in the same run, and what it finds in notes that the
//! program writes itself.

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use protocol::gate::{Known, Policy, screen_text};

use super::Sizes;
use super::table::{Row, Table};
use super::usage::{grown_mb, timed};
use crate::casework::{Style, Tally, clean, note};

/// So many times as fast as DEDUCE.
const FASTER_MIN: f64 = 20.0;
const START_S_MAX: f64 = 0.3;
const MEMORY_MB_MAX: u64 = 150;
/// Notes of each style in which is counted what is found.
const COUNTED: u64 = 500;
/// Seeds of notes that no test reads.
const FIRST_SEED: u64 = 5_000_000;
/// Reads notes from its input, a line each with line ends escaped, and prints its processor seconds and its version.
const DEDUCE: &str = "
import importlib.metadata, json, logging, sys, time, warnings
warnings.filterwarnings('ignore'); logging.disable(logging.CRITICAL)
from deduce import Deduce
notes = [json.loads(line) for line in sys.stdin]
model = Deduce()
model.deidentify('Jan Jansen belt.')
began = time.process_time()
for note in notes:
    model.deidentify(note)
print(time.process_time() - began, importlib.metadata.version('deduce'))
";

/// Rows about the gate.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let began = Instant::now();
    black_box(screen_text("Sanne belde.", &Known::default(), &Policy::default()));
    let start_s = began.elapsed().as_secs_f64();
    table.add(Row {
        what: "gate: ready, and the first text read".to_owned(),
        measured: format!("{:.1} ms", start_s * 1000.0),
        reach: Some((format!("≤ {START_S_MAX} s"), start_s <= START_S_MAX)),
        ..Row::default()
    });
    let seeds = FIRST_SEED..FIRST_SEED + sizes.notes as u64;
    let notes: Vec<String> = seeds.map(|seed| note(seed, Style::Ordinary).text).collect();
    speed(&notes, table);
    for style in [Style::Ordinary, Style::Small, Style::Capitals, Style::Slips] {
        found(style, table);
    }
}

fn speed<F: FnMut(&str)>(notes: &[String], table: &mut Table<F>) {
    let megabytes = notes.iter().map(String::len).sum::<usize>() as f64 / 1e6;
    let read = || {
        let screened = notes
            .iter()
            .map(|text| screen_text(text, &Known::default(), &Policy::default()));
        screened.map(|screened| screened.spans.len()).sum::<usize>()
    };
    let ((found, spent), grown) = grown_mb(|| timed(read));
    assert!(found > notes.len(), "most notes hold a name");
    let rate = megabytes / spent.cpu_s.max(0.01);
    let deduce = deduce(notes);
    let beside = match &deduce {
        Ok((seconds, _)) => {
            let faster = rate * seconds / megabytes;
            Some((format!("≥ {FASTER_MIN} × DEDUCE: {faster:.1} ×"), faster >= FASTER_MIN))
        }
        Err(_) => None,
    };
    table.add(Row {
        what: format!("gate: {megabytes:.1} MB of notes"),
        measured: format!("{rate:.1} MB per CPU second"),
        reach: beside,
        spent: Some(spent),
        ..Row::default()
    });
    table.add(Row {
        what: "- DEDUCE on the same notes".to_owned(),
        measured: match &deduce {
            Ok((seconds, version)) => format!("{:.2} MB per CPU second ({version})", megabytes / seconds.max(0.01)),
            Err(why) => why.clone(),
        },
        ..Row::default()
    });
    table.add(Row {
        what: "gate: memory that reading them took".to_owned(),
        measured: grown.map_or_else(|| "not known on this system".to_owned(), |mb| format!("{mb} MB more")),
        reach: grown.map(|mb| (format!("≤ {MEMORY_MB_MAX} MB"), mb <= MEMORY_MB_MAX)),
        rss_mb: grown,
        ..Row::default()
    });
}

/// Processor seconds of DEDUCE over the same notes and its version, or why there is no figure. Another Python than `python3`
/// is named by `LEERKRING_PYTHON`.
fn deduce(notes: &[String]) -> Result<(f64, String), String> {
    let python = std::env::var("LEERKRING_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let missing = || "not installed: pip install deduce".to_owned();
    let piped = Command::new(python)
        .args(["-c", DEDUCE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = piped.map_err(|_| missing())?;
    let mut input = process.stdin.take().ok_or_else(missing)?;
    for note in notes {
        // Without DEDUCE it ends before it reads, which is told below.
        if writeln!(input, "{}", serde_json::Value::from(note.as_str())).is_err() {
            break;
        }
    }
    drop(input);
    let output = process.wait_with_output().map_err(|_| missing())?;
    let told = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let (seconds, version) = told.split_once(' ').ok_or_else(missing)?;
    Ok((seconds.parse().map_err(|_| missing())?, version.to_owned()))
}

/// What is found in notes of one style; in half of them there is nothing of anybody.
fn found<F: FnMut(&str)>(style: Style, table: &mut Table<F>) {
    let seeds = FIRST_SEED..FIRST_SEED + COUNTED;
    let tally = Tally::of(seeds.clone().map(|seed| note(seed, style)));
    let nobody = Tally::of(seeds.map(|seed| clean(seed, style)));
    let names = if matches!(style, Style::Small | Style::Capitals) {
        95
    } else {
        99
    };
    for (what, label, percent) in [("names", "PERSON", names), ("streets with a number", "ADDRESS", 97)] {
        let (all, masked) = tally.of_type(label);
        add(table, style, what, (masked, all), (percent, false));
    }
    let identifiers = ["BSN", "IBAN", "PHONE", "EMAIL", "POSTCODE", "PLATE", "CASE"].map(|what| tally.of_type(what));
    let identifiers = identifiers
        .iter()
        .fold((0, 0), |sum, (all, masked)| (sum.0 + masked, sum.1 + all));
    add(table, style, "identifiers", identifiers, (99, false));
    add(
        table,
        style,
        "notes that leak before a person reads",
        (tally.leaking, COUNTED),
        (5, true),
    );
    add(
        table,
        style,
        "notes that leak and pass",
        (tally.leaking_passed, COUNTED),
        (0, true),
    );
    add(
        table,
        style,
        "other words masked",
        (tally.words_masked, tally.words),
        (3, true),
    );
    add(
        table,
        style,
        "words masked where nobody is named",
        (nobody.words_masked, nobody.words),
        (1, true),
    );
    add(
        table,
        style,
        "notes about nobody that pass",
        (nobody.passed, COUNTED),
        (30, false),
    );
}

fn add<F: FnMut(&str)>(
    table: &mut Table<F>,
    style: Style,
    what: &str,
    (part, all): (u64, u64),
    (percent, at_most): (u64, bool),
) {
    let (sign, met) = if at_most {
        ("≤", part * 100 <= all * percent)
    } else {
        ("≥", part * 100 >= all * percent)
    };
    table.add(Row {
        what: format!("gate, {style:?}: {what}"),
        measured: format!("{:.1} % of {all}", part as f64 * 100.0 / all.max(1) as f64),
        reach: Some((format!("{sign} {percent} %"), met)),
        ..Row::default()
    });
}
