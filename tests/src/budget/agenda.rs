//! A row about the agenda of one gemeente among the records of a whole country: from what the tables select to the points.

use std::path::Path;
use std::time::Instant;

use node::view::{Batch, Change, Content, Reading, ViewError, Writer};
use protocol::document;
use protocol::gate::{Account, Approval, Draft, Known, Policy, screen};
use protocol::id::{Digest, DocumentId, Gemeente, LogId, RecordId, hash};
use protocol::record::agenda::{Candidate, agenda, may_ask};
use protocol::record::{Intake, around, read_json};
use serde_json::{Value, json};

use super::Sizes;
use super::table::{Row, Table, grouped};
use super::usage::{Spent, timed};
use crate::harness::Scratch;

/// Gemeenten that the records are of, in turn.
const GEMEENTEN: usize = 342;
/// Gemeenten whose agenda is asked for, spread over all.
const ASKED: usize = 40;
/// Changes that are written together.
const TOGETHER: usize = 2_000;
const SLOWEST_MS_MAX: f64 = 200.0;
/// The quarter that is asked for, and when.
const QUARTER: &str = "2026-Q2";
pub(super) const PEILWEEK: &str = "2026-W26";

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("agenda");
    let (writer, _) = filled(&scratch.join("view.sqlite"), sizes.records);
    let readers = writer.readers();
    let ask = |at: usize| {
        let began = Instant::now();
        let points = readers.read(|reading| points(reading, gemeente(at * GEMEENTEN / ASKED)));
        (
            began.elapsed().as_secs_f64() * 1_000.0,
            points.expect("the view answers"),
        )
    };
    let (mut times, points): (Vec<f64>, Vec<usize>) = (0..ASKED).map(ask).unzip();
    times.sort_by(f64::total_cmp);
    let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
    let most = points.iter().max().copied().unwrap_or_default();
    table.add(Row {
        what: format!("agenda: of one gemeente, among {}", grouped(sizes.records as u64)),
        measured: format!("p50 {median:.0} ms, slowest {slowest:.0} ms, at most {most} points"),
        reach: Some((format!("< {SLOWEST_MS_MAX} ms"), slowest < SLOWEST_MS_MAX)),
        ..Row::default()
    });
}

fn points(reading: &Reading<'_>, gemeente: Gemeente) -> Result<usize, ViewError> {
    let beside = reading.neighbours()?;
    let mut candidates = Vec::new();
    for record in beside.concerning(gemeente)? {
        if let Some(record) = beside.merged(record)?.filter(may_ask) {
            let around = around(&record, &beside)?;
            candidates.push(Candidate { record, around });
        }
    }
    let quarter = QUARTER.parse().expect("this is a quarter");
    Ok(agenda(&candidates, quarter, PEILWEEK.parse().expect("this is a week")).len())
}

/// A view of so many records, and what writing it took.
pub(super) fn filled(place: &Path, records: usize) -> (Writer, Spent) {
    let mut writer = Writer::open(place).expect("there is room for a view");
    let (mut next, mut spent) = (0, Spent::default());
    while next < records {
        let end = records.min(next + TOGETHER);
        let batch = Batch {
            changes: (next..end).map(founded).collect(),
            state: (end == records).then_some(Digest([1; 32])),
            ..Batch::default()
        };
        let (written, of_batch) = timed(|| writer.apply(&batch));
        written.expect("the view takes it");
        spent.wall_s += of_batch.wall_s;
        spent.cpu_s += of_batch.cpu_s;
        next = end;
    }
    (writer, spent)
}

fn gemeente(at: usize) -> Gemeente {
    let number = u16::try_from(at % GEMEENTEN + 1).expect("there are fewer gemeenten than that");
    Gemeente::new(number).expect("a code of four digits")
}

fn document_of(at: usize) -> DocumentId {
    DocumentId(hash("bench", &[&(at as u64).to_be_bytes()]))
}

/// Of ten one is a knelpunt, with the signals behind it: also those of other gemeenten.
fn typed(at: usize) -> Value {
    let knelpunt = RecordId::from(document_of(at - at % 10));
    let week = format!("2026-W{:02}", at % 26 + 1);
    match at % 10 {
        0 => json!({"soort": "knelpunt", "week": week, "titel": "Twee loketten wachten op elkaar",
            "thema": ["wonen"], "soort_knelpunt": "werkproces", "teams": "2"}),
        1 => json!({"soort": "signaal", "week": week, "aard": "vraag", "thema": ["wonen"], "laag": "uitvoering",
            "tekst": "Wie mag dit besluiten?"}),
        2 => json!({"soort": "bericht", "week": week, "over": knelpunt.to_string(), "vorm": "vraag",
            "tekst": "Hoe doen jullie dat?"}),
        _ => json!({"soort": "signaal", "week": week, "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering",
            "tekst": "De aanvraag wacht op een ander loket.", "knelpunt": knelpunt.to_string()}),
    }
}

fn founded(at: usize) -> Change {
    let (document, gemeente) = (document_of(at), gemeente(at));
    let intake = Intake {
        gemeente,
        week: PEILWEEK.parse().expect("this is a week"),
        kind: None,
    };
    let input = read_json(&typed(at), &intake).expect("it keeps to the schema");
    let screened = screen(Draft::new(input, Known::default()), &Policy::default());
    let account = Account::new("bench").expect("it is an account");
    let approval = Approval::after_reading(account, &screened);
    let shareable = screened
        .approve(approval)
        .expect("nothing in it is blocked")
        .release(&|_| None)
        .0;
    let actor = document::actor(LogId([1; 32]), document);
    Change {
        document,
        content: Content::Changes {
            gemeente,
            kind: shareable.kind().number(),
            changes: vec![document::found(actor, &shareable).expect("it fits a change")],
        },
    }
}
