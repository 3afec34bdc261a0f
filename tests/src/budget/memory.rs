//! Memory at entry: how soon a draft finds what resembles it among many, and how often the record that it is about is there.
//!
//! The drafts are those of `tests/data/memory`, by how many stems they share with their record, beside BM25 on raw words in the
//! same run. Weights and lists were looked at on records with an even number only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use node::view::{Asked, Batch, Change, Content, Looks, Readers, Writer};
use protocol::document;
use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{Digest, DocumentId, Gemeente, LogId, RecordId, Week};
use protocol::record::{self, Input, Merged, Reference};
use serde_json::{Value, json};

use super::Sizes;
use super::table::{Row, Table};
use super::usage::timed;

const RECORDS: &str = include_str!("../../data/memory/records.jsonl");
const QUERIES: &str = include_str!("../../data/memory/queries.jsonl");
/// Drafts about what no record of the set is about, under a theme that many have.
const UNRELATED: [(&str, &str); 20] = [
    (
        "anders",
        "De koffiemachine op de derde verdieping lekt al een week en de monteur komt niet.",
    ),
    (
        "anders",
        "De fietsenstalling is te klein voor alle bakfietsen van collega's.",
    ),
    (
        "anders",
        "Het licht in de vergaderzaal gaat vanzelf uit als iedereen stilzit.",
    ),
    (
        "samenwerking",
        "Niemand weet wie de sleutel van het archief heeft sinds de verbouwing.",
    ),
    (
        "anders",
        "De printer drukt dubbelzijdig af terwijl enkelzijdig is ingesteld.",
    ),
    (
        "onderwijs",
        "De schoolbus rijdt sinds september een half uur later en de gymles begint zonder de kinderen.",
    ),
    (
        "wonen",
        "De bomen voor het flatgebouw nemen het daglicht weg in de keukens.",
    ),
    (
        "wonen",
        "De lift van het appartementencomplex stopt niet meer op de begane grond.",
    ),
    (
        "schulden",
        "De kantine neemt geen contant geld meer aan en de pinautomaat doet het vaak niet.",
    ),
    (
        "jeugd",
        "Het trapveldje achter de kerk staat na regen dagen onder water.",
    ),
    ("jeugd", "Op de skatebaan ligt glas en niemand ruimt het op."),
    ("participatie", "De moestuin van de buurt heeft te weinig kruiwagens."),
    ("toegang", "De schuifdeur van het gemeentehuis klemt als het vriest."),
    (
        "toegang",
        "De bordjes op de parkeerplaats wijzen naar de verkeerde ingang.",
    ),
    (
        "ondersteuning_thuis",
        "De vuilnisophaler zet de containers midden op de stoep terug.",
    ),
    ("eenzaamheid", "De duiven op het plein maken de bankjes vies."),
    (
        "bestaanszekerheid",
        "De markt begint een uur eerder en de vrachtwagens wekken de straat.",
    ),
    (
        "gegevensdeling",
        "Het beeldscherm in de hal toont de agenda van vorig jaar.",
    ),
    (
        "inkoop_contract",
        "Het nieuwe meubilair is te hoog voor de oude tafels.",
    ),
    ("anders", "De planten op de afdeling gaan dood in de vakantie."),
];
/// What a draft is shown.
const SHOWN: usize = 10;
/// Different texts among the many; each is a record of its own however often it stands there.
const DIFFERENT: usize = 5_000;
/// Gemeenten that the many are of.
const GEMEENTEN: u64 = 342;
/// The bands by shared stems, with what is promised of each.
const BANDS: [(&str, f64); 3] = [("over 60 %", 0.97), ("30 to 60 %", 0.90), ("under 30 %", 0.60)];
/// How much more must be found in the last band than by words alone.
const BEATS: f64 = 0.20;
const MEDIAN_MS_MAX: f64 = 30.0;
const SLOWEST_MS_MAX: f64 = 100.0;
const SEARCH_MS_MAX: f64 = 10.0;
const WEEK: &str = "2026-W20";

/// In which band a share falls.
fn band(shared: f64) -> usize {
    match shared {
        shared if shared > 0.60 => 0,
        shared if shared >= 0.30 => 1,
        _ => 2,
    }
}

/// A draft with what is right.
struct Query {
    looks: Looks,
    words: BTreeSet<String>,
    of: usize,
    shared: f64,
    is_even: bool,
    text: String,
}

/// Rows about memory at entry.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let dir = std::env::temp_dir().join(format!("leerkring-bench-memory-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("there is room for a folder");
    let labelled: Vec<Value> = lines(RECORDS);
    let queries = queries(&labelled);
    recall(&dir.join("few"), &labelled, &queries, table);
    speed(&dir.join("many"), sizes.records, &labelled, &queries, table);
    // What a benchmark leaves behind is no failure of it.
    let _ = std::fs::remove_dir_all(&dir);
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("the set is JSON"))
        .collect()
}

/// A record of the set as somebody would type it. All are taken for signals: of the other kinds it holds only the text.
fn input(typed: &Value, by: Gemeente) -> Input {
    let mut signal = json!({"soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": typed["thema"],
        "laag": "uitvoering", "overdracht": false, "tekst": typed["tekst"]});
    if typed["regeling"].is_array() {
        signal["regeling"] = typed["regeling"].clone();
    }
    let intake = record::Intake {
        gemeente: by,
        week: WEEK.parse().expect("it is a week"),
        kind: None,
    };
    record::read_json(&signal, &intake).expect("the set keeps to the schema")
}

fn shareable(input: Input) -> Shareable {
    let screened = screen(Draft::new(input, Known::default()), &Policy::default());
    let approval = Approval::after_reading(Account::new("bench").expect("it is an account"), &screened);
    screened
        .approve(approval)
        .expect("nothing in it is blocked")
        .release(&|_| None)
        .0
}

/// A document of one change, with a number in its id.
fn founded(number: u64, shareable: &Shareable) -> Change {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let document = DocumentId(id);
    let actor = document::actor(LogId([7; 32]), document);
    Change {
        document,
        content: Content::Changes {
            gemeente: shareable.owner(),
            kind: shareable.kind().number(),
            changes: vec![document::found(actor, shareable).expect("a shareable record fits a document")],
        },
    }
}

fn queries(labelled: &[Value]) -> Vec<Query> {
    let ids: BTreeMap<&str, usize> = labelled
        .iter()
        .enumerate()
        .map(|(at, one)| (text(one, "id"), at))
        .collect();
    let query = |typed: Value| {
        let of = text(&typed, "of");
        let number: u32 = of
            .rsplit('-')
            .next()
            .and_then(|digits| digits.parse().ok())
            .expect("an id ends in a number");
        Query {
            looks: Looks::of(&Merged::local("draft", &input(&typed, gemeente(0)))),
            words: words(text(&typed, "tekst")).into_iter().collect(),
            of: ids[of],
            shared: typed["gedeeld"].as_f64().expect("the share was measured"),
            is_even: number.is_multiple_of(2),
            text: text(&typed, "tekst").to_owned(),
        }
    };
    lines(QUERIES).into_iter().map(query).collect()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().expect("the set has this field")
}

fn gemeente(number: u64) -> Gemeente {
    Gemeente::new(u16::try_from(1 + number % GEMEENTEN).expect("it is small")).expect("it is a code")
}

fn filled(place: &Path, changes: impl Iterator<Item = Change>) -> (Writer, Readers) {
    let mut writer = Writer::open(place).expect("there is room for a view");
    let mut changes = changes.peekable();
    while changes.peek().is_some() {
        let part: Vec<Change> = changes.by_ref().take(1_000).collect();
        let state = changes.peek().is_none().then_some(Digest([1; 32]));
        let batch = Batch {
            changes: part,
            state,
            ..Batch::default()
        };
        writer.apply(&batch).expect("the view takes it");
    }
    while writer.is_behind() {
        writer.index_some().expect("the index takes it");
    }
    let readers = writer.readers();
    (writer, readers)
}

fn found(readers: &Readers, looks: &Looks) -> Vec<Reference> {
    let week: Week = WEEK.parse().expect("it is a week");
    let found = readers
        .resembling(looks, &BTreeSet::new(), SHOWN, week)
        .expect("the index answers");
    let enough = found.into_iter().filter(|found| found.why.is_enough());
    enough.map(|found| found.record.id).collect()
}

fn recall<F: FnMut(&str)>(place: &Path, labelled: &[Value], queries: &[Query], table: &mut Table<F>) {
    let shared: Vec<Shareable> = (0..)
        .zip(labelled)
        .map(|(at, one)| shareable(input(one, gemeente(at))))
        .collect();
    let (_writer, readers) = filled(place, (0..).zip(&shared).map(|(at, one)| founded(at, one)));
    unrelated(&readers, table);
    let raw: Vec<Vec<String>> = labelled.iter().map(|one| words(text(one, "tekst"))).collect();
    let id = |at: usize| Reference::Record(RecordId::from(founded(at as u64, &shared[at]).document));
    let ours: Vec<bool> = queries
        .iter()
        .map(|query| found(&readers, &query.looks).contains(&id(query.of)))
        .collect();
    let theirs: Vec<bool> = queries
        .iter()
        .map(|query| baseline(&raw, query).contains(&query.of))
        .collect();
    for (at, (name, reach)) in BANDS.into_iter().enumerate() {
        let share = |hits: &[bool], even: Option<bool>| {
            let asked = queries.iter().zip(hits).filter(|(query, _)| band(query.shared) == at);
            let asked = asked.filter(|(query, _)| even.is_none_or(|even| query.is_even == even));
            let hits: Vec<bool> = asked.map(|(_, hit)| *hit).collect();
            hits.iter().filter(|hit| **hit).count() as f64 / hits.len().max(1) as f64
        };
        let (all, words) = (share(&ours, None), share(&theirs, None));
        let beats = at < BANDS.len() - 1 || all >= words + BEATS;
        table.add(Row {
            what: format!("memory: recall@{SHOWN}, {name} of the stems shared"),
            measured: format!(
                "{all:.2} ({:.2} / unseen {:.2})",
                share(&ours, Some(true)),
                share(&ours, Some(false))
            ),
            reach: Some((format!("≥ {reach}"), all >= reach && beats)),
            ..Row::default()
        });
        table.add(Row {
            what: "- BM25 on raw words".to_owned(),
            measured: format!(
                "{words:.2} ({:.2} / {:.2})",
                share(&theirs, Some(true)),
                share(&theirs, Some(false))
            ),
            ..Row::default()
        });
    }
}

/// What is shown to drafts that nothing is like.
fn unrelated<F: FnMut(&str)>(readers: &Readers, table: &mut Table<F>) {
    let draft = |(thema, tekst): &(&str, &str)| {
        let typed = json!({"thema": [thema], "tekst": tekst});
        Looks::of(&Merged::local("draft", &input(&typed, gemeente(0))))
    };
    let week: Week = WEEK.parse().expect("it is a week");
    let (mut all, mut shown, mut nothing) = (0, 0, 0);
    for looks in UNRELATED.iter().map(draft) {
        let best = readers.resembling(&looks, &BTreeSet::new(), SHOWN, week);
        all += best.expect("the index answers").len();
        let kept = found(readers, &looks).len();
        shown += kept;
        nothing += usize::from(kept == 0);
    }
    let each = |count: usize| count as f64 / UNRELATED.len() as f64;
    table.add(Row {
        what: "memory: records shown to a draft that none is like".to_owned(),
        measured: format!(
            "{:.1}, none to {nothing} of {}; {:.1} without asking for a reason",
            each(shown),
            UNRELATED.len(),
            each(all)
        ),
        ..Row::default()
    });
}

fn words(text: &str) -> Vec<String> {
    let low = text.to_lowercase();
    let words = low
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The best by BM25 (k1 = 1.2, b = 0.75) on words as they stand there.
fn baseline(records: &[Vec<String>], query: &Query) -> Vec<usize> {
    let count = records.len() as f64;
    let average = records.iter().map(Vec::len).sum::<usize>() as f64 / count;
    let mut scores = vec![0.0; records.len()];
    for word in &query.words {
        let times = |record: &Vec<String>| record.iter().filter(|other| *other == word).count() as f64;
        let having = records.iter().filter(|record| times(record) > 0.0).count() as f64;
        let rarity = (1.0 + (count - having + 0.5) / (having + 0.5)).ln();
        for (score, record) in scores.iter_mut().zip(records) {
            let (times, length) = (times(record), record.len() as f64 / average);
            *score += rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length));
        }
    }
    let mut order: Vec<usize> = (0..records.len()).filter(|at| scores[*at] > 0.0).collect();
    order.sort_by(|one, other| scores[*other].total_cmp(&scores[*one]).then(one.cmp(other)));
    order.truncate(SHOWN);
    order
}

fn speed<F: FnMut(&str)>(place: &Path, records: usize, labelled: &[Value], queries: &[Query], table: &mut Table<F>) {
    let mut rng = Seeded::new(11);
    let different: Vec<Shareable> = (0..DIFFERENT.min(records))
        .map(|_| invented(labelled, &mut rng))
        .collect();
    let changes = (0..records as u64).map(|at| founded(at, &different[at as usize % different.len()]));
    let ((_writer, readers), spent) = timed(|| filled(place, changes));
    table.add(Row {
        what: format!("memory: {records} records into view and index"),
        measured: format!("{:.0}/s", records as f64 / spent.wall_s.max(0.001)),
        spent: Some(spent),
        ..Row::default()
    });
    let asked = |ask: &dyn Fn(&Query)| {
        let mut times: Vec<f64> = queries
            .iter()
            .map(|query| {
                let began = Instant::now();
                ask(query);
                began.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        (times[times.len() / 2], times[times.len() * 99 / 100])
    };
    let (median, slowest) = asked(&|query| assert!(found(&readers, &query.looks).len() <= SHOWN));
    let fits = median < MEDIAN_MS_MAX && slowest < SLOWEST_MS_MAX;
    table.add(Row {
        what: format!("memory: what resembles a draft, among {records}"),
        measured: format!("p50 {median:.1} ms, p99 {slowest:.1} ms"),
        reach: Some((format!("< {MEDIAN_MS_MAX} / < {SLOWEST_MS_MAX} ms"), fits)),
        ..Row::default()
    });
    let (median, slowest) = asked(&|query| {
        let asked = Asked {
            text: query.text.split(' ').take(3).collect::<Vec<_>>().join(" "),
            take: SHOWN,
            ..Asked::default()
        };
        readers
            .search(&asked, WEEK.parse().expect("it is a week"))
            .expect("the index answers");
    });
    table.add(Row {
        what: format!("search: three words with facets, among {records}"),
        measured: format!("p50 {median:.1} ms, p99 {slowest:.1} ms"),
        reach: Some((format!("p50 < {SEARCH_MS_MAX} ms"), median < SEARCH_MS_MAX)),
        ..Row::default()
    });
}

/// A text of pieces of several, under a theme and rule of one of them.
fn invented(labelled: &[Value], rng: &mut Seeded) -> Shareable {
    let mut drawn = || &labelled[rng.below(labelled.len() as u64) as usize];
    let mut record = drawn().clone();
    let mut pieces = Vec::new();
    for _ in 0..4 {
        let whole = text(drawn(), "tekst");
        let parts: Vec<&str> = whole.split_inclusive(['.', ',', ';', ':']).collect();
        pieces.push(parts[pieces.len() % parts.len()].trim());
    }
    record["tekst"] = pieces.join(" ").into();
    shareable(input(&record, gemeente(rng.below(GEMEENTEN))))
}
