//! The agenda has exactly what is open, whatever came first.

use serde_json::{Value as Json, json};

use super::*;
use crate::entropy::Seeded;
use crate::record::{Held, Intake, read_json};

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

fn records(typed: &Json) -> Vec<Merged> {
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: week("2026-W20"),
        kind: None,
    };
    let each = typed.as_array().unwrap().iter();
    let read = each.map(|one| {
        let input = read_json(one, &intake).unwrap_or_else(|found| panic!("{one}: {found:?}"));
        Merged::local(input.id.as_deref().unwrap(), &input)
    });
    read.collect()
}

fn candidates(records: &[Merged]) -> Vec<Candidate> {
    let held = Held::new(records);
    let each = records.iter().map(|record| Candidate {
        record: record.clone(),
        around: held.around(record),
    });
    each.collect()
}

/// Reason and id of every point.
fn points(typed: &Json, quarter: &str, peilweek: &str) -> Vec<String> {
    let found = agenda(&candidates(&records(typed)), quarter.parse().unwrap(), week(peilweek));
    let lines = found.iter().map(|point| {
        let Reference::Local(id) = &point.record else {
            panic!("all are local")
        };
        let row = point.row.map(|row| format!("/{row}")).unwrap_or_default();
        let teams = point.teams.map(|teams| format!(" {teams} teams")).unwrap_or_default();
        format!("{} {id}{row} {}{teams}", point.why.name(), point.week)
    });
    lines.collect()
}

fn knelpunt(id: &str) -> Json {
    json!({"id": id, "soort": "knelpunt", "week": "2026-W02", "titel": "Twee loketten", "thema": ["wonen"],
        "soort_knelpunt": "werkproces"})
}

fn signaal(id: &str, at: &str, team: &str, knelpunt: Option<&str>) -> Json {
    json!({"id": id, "soort": "signaal", "week": at, "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering",
        "tekst": "Het wacht.", "team": team, "knelpunt": knelpunt})
}

fn sessie(id: &str, at: &str, besproken: &[&str]) -> Json {
    json!({"id": id, "soort": "sessie", "week": at, "kwartaal": "2026-Q1", "aard": "kwartaalgesprek",
        "aanwezig": ["uitvoering", "beleid"], "besproken": besproken, "afspraken": [
            {"nr": 1, "wat": "Werkwijze aanpassen", "klaar": "2026-Q2"},
            {"nr": 2, "wat": "Later", "klaar": "2026-Q4"},
            {"nr": 3, "wat": "Gedaan", "klaar": "2026-Q1", "afgerond": "2026-W12"},
            {"nr": 4, "wat": "Wacht", "klaar": "2026-Q1", "geparkeerd_tot": "2026-W30"}]})
}

#[test]
fn a_knelpunt_is_new_until_it_is_talked_about_and_recurs_when_a_signal_follows() {
    let mut all = json!([knelpunt("k-1"), signaal("s-1", "2026-W03", "A", Some("k-1"))]);
    assert_eq!(points(&all, "2026-Q1", "2026-W10"), ["nieuw k-1 2026-W02"]);
    all.as_array_mut()
        .unwrap()
        .push(signaal("s-2", "2026-W07", "B", Some("k-1")));
    assert_eq!(
        points(&all, "2026-Q1", "2026-W10"),
        ["keert_terug k-1 2026-W07 2 teams"]
    );
    assert_eq!(
        points(&all, "2026-Q1", "2026-W06"),
        ["nieuw k-1 2026-W02"],
        "week 7 has not come"
    );
    let mut held = sessie("q1", "2026-W11", &["k-1"]);
    held["afspraken"] = json!([]);
    all.as_array_mut().unwrap().push(held);
    assert_eq!(points(&all, "2026-Q1", "2026-W12"), Vec::<String>::new());
    all.as_array_mut()
        .unwrap()
        .push(signaal("s-3", "2026-W15", "A", Some("k-1")));
    assert_eq!(points(&all, "2026-Q2", "2026-W16"), ["keert_terug k-1 2026-W15"]);
}

#[test]
fn what_was_solved_is_gone_and_comes_back_by_itself() {
    let mut solved = knelpunt("k-1");
    solved["episodes"] = json!([{"opgelost": "2026-W08"}]);
    let mut all = json!([solved, signaal("s-1", "2026-W03", "A", Some("k-1"))]);
    assert_eq!(points(&all, "2026-Q2", "2026-W20"), Vec::<String>::new());
    all.as_array_mut()
        .unwrap()
        .push(signaal("s-2", "2026-W15", "A", Some("k-1")));
    assert_eq!(points(&all, "2026-Q2", "2026-W20"), ["keert_terug k-1 2026-W15"]);
}

#[test]
fn afspraken_stand_there_when_they_are_due_or_were_parked_until_now() {
    let all = json!([sessie("q1", "2026-W11", &[])]);
    assert_eq!(points(&all, "2026-Q1", "2026-W12"), Vec::<String>::new());
    assert_eq!(points(&all, "2026-Q2", "2026-W25"), ["afspraak q1/1 2026-W11"]);
    assert_eq!(
        points(&all, "2026-Q4", "2026-W50"),
        [
            "afspraak q1/1 2026-W11",
            "afspraak q1/2 2026-W11",
            "geparkeerd q1/4 2026-W30"
        ]
    );
}

fn duiding() -> Json {
    json!({"id": "d-1", "soort": "duiding", "week": "2026-W05", "op": ["k-9"], "oordeel": "kan", "uitleg": "Het mag.",
        "bron": [{"type": "wet", "verwijzing": "Een artikel"}], "verloopt": "2026-W30"})
}

#[test]
fn a_duiding_stands_there_a_quarter_ahead_and_contested_too_until_it_expired() {
    let bericht = json!({"id": "b-1", "soort": "bericht", "week": "2026-W06", "over": "d-1", "vorm": "tegenspraak",
        "tekst": "Bij ons staat het anders."});
    let all = json!([duiding(), bericht]);
    assert_eq!(points(&json!([duiding()]), "2026-Q1", "2026-W10"), Vec::<String>::new());
    let both = ["onbeantwoord b-1 2026-W06", "verloopt d-1 2026-W30"];
    assert_eq!(points(&all, "2026-Q2", "2026-W20"), both);
    assert_eq!(points(&all, "2026-Q3", "2026-W30"), both);
    assert_eq!(points(&all, "2026-Q3", "2026-W31"), ["onbeantwoord b-1 2026-W06"]);
}

#[test]
fn questions_parked_signals_and_late_experiments_stand_there_once() {
    let mut asked = signaal("s-1", "2026-W05", "A", None);
    asked["aard"] = "vraag".into();
    let mut parked = signaal("s-2", "2026-W05", "A", None);
    parked["aard"] = "vraag".into();
    parked["geparkeerd_tot"] = "2026-W15".into();
    let experiment = json!({"id": "e-1", "soort": "experiment", "week": "2026-W01", "titel": "Bellen", "vorm": "pilot",
        "hypothese": "Bellen helpt.", "maat": "stabiel", "opzet": "C_voor_na", "start": "2026-W02",
        "gepland_einde": "2026-W10", "gevarieerd": {"variabele_code": "contact", "variabele": "contact", "van": "brief",
        "naar": "bellen"}});
    let all = json!([asked, parked, experiment]);
    assert_eq!(points(&all, "2026-Q1", "2026-W12"), ["onbeantwoord s-1 2026-W05"]);
    assert_eq!(
        points(&all, "2026-Q2", "2026-W20"),
        ["onbeantwoord s-1 2026-W05", "geparkeerd s-2 2026-W15"]
    );
    assert_eq!(
        points(&all, "2026-Q3", "2026-W37").last().unwrap(),
        "te_laat e-1 2026-W10"
    );
}

#[test]
fn the_order_of_arrival_cannot_be_seen() {
    let mut asked = signaal("s-5", "2026-W05", "A", None);
    asked["aard"] = "vraag".into();
    let mut all = records(&json!([
        knelpunt("k-1"),
        knelpunt("k-2"),
        signaal("s-1", "2026-W03", "A", Some("k-1")),
        signaal("s-2", "2026-W07", "B", Some("k-1")),
        asked,
        sessie("q1", "2026-W11", &["k-2"]),
        duiding(),
    ]));
    let of = |records: &[Merged]| agenda(&candidates(records), "2026-Q2".parse().unwrap(), week("2026-W26"));
    let before = of(&all);
    assert_eq!(before.len(), 4);
    let mut rng = Seeded::new(5);
    for _ in 0..100 {
        rng.shuffle(&mut all);
        assert_eq!(of(&all), before);
    }
    all.extend(all.clone());
    assert_eq!(of(&all), before, "what is handed in twice stands there once");
}

#[test]
fn a_quarter_ends_with_its_last_week_also_in_a_year_of_53() {
    for (quarter, last) in [
        ("2026-Q1", "2026-W13"),
        ("2026-Q4", "2026-W53"),
        ("2025-Q4", "2025-W52"),
    ] {
        let quarter: Quarter = quarter.parse().unwrap();
        let last = week(last);
        assert_eq!((quarter.last_week(), last.quarter()), (last, quarter));
        assert_ne!(last.plus(1).quarter(), quarter);
    }
}
