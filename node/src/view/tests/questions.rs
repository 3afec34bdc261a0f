//! The ten questions of analysts, asked of a small federation of which the answers are known by hand.

use rusqlite::types::ValueRef;

use super::*;
use crate::view::tables::QUESTIONS;

const PEILWEEK: &str = "2026-W30";

fn id(number: u8) -> String {
    RecordId([number; 20]).to_string()
}

fn told(number: u8, by: u16, week: &str, mut typed: Value) -> Change {
    typed["week"] = week.into();
    founded(number, by, &typed)
}

fn asked(week: &str, number: u8, by: u16, over: u8, form: &str) -> Change {
    let typed = json!({"soort": "bericht", "over": id(over), "vorm": form, "tekst": "Hoe doen jullie dat?"});
    told(number, by, week, typed)
}

fn signal(thema: &[&str], laag: &str, more: &Value) -> Value {
    let mut typed =
        json!({"soort": "signaal", "aard": "knelpunt", "thema": thema, "laag": laag, "tekst": "Het wacht."});
    for (name, value) in more.as_object().unwrap() {
        typed[name] = value.clone();
    }
    typed
}

fn experiment(outcome: Value) -> Value {
    json!({"soort": "experiment", "titel": "Proef", "vorm": "pilot", "hypothese": "Het gaat sneller.", "maat": "duur",
        "gevarieerd": {"variabele_code": "duur", "variabele": "Duur", "van": "lang", "naar": "kort"},
        "opzet": "B_parallelle_vergelijking", "start": "2026-W03", "gepland_einde": "2026-W20", "uitkomst": outcome})
}

/// What stands in the network: gemeenten of two size classes, and a practice one.
fn federation() -> Vec<Change> {
    let shared =
        json!({"soort": "knelpunt", "titel": "Wachten op elkaar", "thema": ["wonen"], "soort_knelpunt": "werkproces"});
    let mut joined = shared.clone();
    joined["bijdrage_aan"] = id(1).into();
    let solved = json!({"soort": "knelpunt", "titel": "Alleen hier", "thema": ["schulden"], "soort_knelpunt": "regel",
        "episodes": [{"opgelost": "2026-W10"}]});
    let known =
        json!({"knelpunt": id(1), "overdracht": true, "regeling": ["wmo-2015", "jeugdwet"], "belemmering": "weten"});
    let late = json!({"knelpunt": id(1), "overdracht": false, "regeling": ["wmo-2015"], "belemmering": "doen"});
    let duiding = json!({"soort": "duiding", "titel": "Het mag wel", "op": [id(1)], "oordeel": "kan_onder_voorwaarden",
        "werd_gedacht": "kan_niet", "uitleg": "Het staat er.", "bron": [{"type": "wet", "verwijzing": "Artikel 2.3"}]});
    let les = json!({"soort": "les", "titel": "Eén formulier", "niveau": "werkproces", "kern": "Korter.", "uit": [id(1)],
        "gewijzigd_artefact": "Het formulier"});
    let overname =
        json!({"soort": "overname", "van": id(8), "uitkomst": "werkt_met_aanpassing", "aanpassing": "In twee talen."});
    let effect = json!({"oordeel": "gelukt", "effectmaat": "hedges_g", "yi": 0.25, "vi": 0.04, "n_band": "50-99"});
    vec![
        told(1, 14, "2026-W02", shared),
        told(2, 34, "2026-W03", joined),
        told(3, 363, "2026-W05", signal(&["wonen"], "uitvoering", &known)),
        told(4, 14, "2026-W06", signal(&["wonen", "toegang"], "beleid", &late)),
        told(5, 14, "2026-W03", solved),
        told(
            6,
            14,
            "2026-W14",
            signal(&["schulden"], "uitvoering", &json!({"knelpunt": id(5)})),
        ),
        told(7, 34, "2026-W09", duiding),
        told(8, 34, "2026-W12", les),
        told(9, 363, "2026-W20", overname),
        told(10, 14, "2026-W22", experiment(json!({"oordeel": "mislukt"}))),
        told(11, 34, "2026-W22", experiment(effect)),
        asked("2026-W10", 12, 14, 8, "vraag"),
        asked("2026-W25", 13, 14, 8, "vraag"),
        asked("2026-W11", 14, 34, 7, "vraag"),
        asked("2026-W12", 15, 34, 14, "antwoord"),
        told(
            16,
            363,
            "2026-W12",
            signal(&["wonen"], "uitvoering", &json!({"aard": "vraag"})),
        ),
    ]
}

/// The rows of an answer, with `#1` for the id of the first record.
fn answered(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut answer = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cells = (0..columns).map(|at| match row.get_ref(at).unwrap() {
            ValueRef::Null => "-".to_owned(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            ValueRef::Blob(_) => panic!("no column of the tables holds bytes"),
        });
        let mut cells = cells.collect::<Vec<_>>().join("|");
        for number in 1..=16 {
            cells = cells.replace(&id(number), &format!("#{number}"));
        }
        answer.push(cells);
    }
    answer
}

#[test]
fn the_ten_questions_have_the_answers_that_are_known_by_hand() {
    let expected: [&[&str]; 10] = [
        &["#1|Wachten op elkaar|in_aanpak|3|2"],
        &["#7|GM0034|Het mag wel|kan_onder_voorwaarden|wet|Artikel 2.3"],
        &["GM0363|GM0034|les|Eén formulier|In twee talen.|werkt_met_aanpassing|toegepast"],
        &["150k-250k|1|3|3|3", ">=250k|1|4|4|4"],
        &[
            "schulden|2026-Q2|uitvoering|1",
            "toegang|2026-Q1|beleid|1",
            "wonen|2026-Q1|beleid|1",
            "wonen|2026-Q1|uitvoering|2",
        ],
        &["#5|Alleen hier|2026-W10|2026-W14|4|heropend"],
        &[
            "doen|toegang|werkproces|Het formulier|1|1",
            "doen|wonen|werkproces|Het formulier|1|1",
            "weten|wonen|werkproces|Het formulier|1|1",
        ],
        &["duur|gelukt|1|1|0", "duur|mislukt|1|0|0"],
        &["bericht|#12|GM0014|2026-W10|20", "signaal|#16|GM0363|2026-W12|18"],
        &["jeugdwet|1|1|100", "wmo-2015|2|1|50"],
    ];
    let scratch = Scratch::new("tables-questions");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    writer.set_peilweek(PEILWEEK.parse().unwrap()).unwrap();
    writer.apply(&batch(&federation(), true)).unwrap();
    assert_eq!(writer.tables_due(), None);
    let connection = rusqlite::Connection::open(&path).unwrap();
    for (question, expected) in QUESTIONS.iter().zip(expected) {
        assert_eq!(answered(&connection, question.sql), expected, "{}", question.about.en);
    }
}

#[test]
fn a_question_that_was_answered_since_or_not_yet_old_is_not_among_the_unanswered() {
    let scratch = Scratch::new("tables-weeks");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    writer.apply(&batch(&federation(), true)).unwrap();
    let mut numbers = Vec::new();
    for peilweek in ["2026-W11", "2026-W23", "2026-W24", "2026-W26", "2026-W39"] {
        writer.set_peilweek(peilweek.parse().unwrap()).unwrap();
        while writer.tables_due().is_some() {
            writer.fill_some().unwrap();
        }
        let connection = rusqlite::Connection::open(&path).unwrap();
        numbers.push(answered(&connection, QUESTIONS[8].sql).len());
    }
    assert_eq!(numbers, [0, 0, 1, 2, 3]);
}
