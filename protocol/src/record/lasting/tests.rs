//! What stands open, came back or waits, whatever order it comes in.

use serde_json::{Value as Json, json};

use super::*;
use crate::entropy::Seeded;
use crate::record::{Held, Intake, Merged, read_json};

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

fn record(id: &str, week: &str, mut typed: Json) -> Merged {
    typed["week"] = week.into();
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: "2026-W10".parse().unwrap(),
        kind: None,
    };
    Merged::local(id, &read_json(&typed, &intake).unwrap())
}

fn knelpunt(id: &str, week: &str, episodes: &Json) -> Merged {
    let typed = json!({"soort": "knelpunt", "titel": "Het wacht", "thema": ["wonen"], "soort_knelpunt": "regel",
        "episodes": episodes});
    record(id, week, typed)
}

fn signaal(id: &str, week: &str, aard: &str, knelpunt: &str) -> Merged {
    let typed = json!({"soort": "signaal", "aard": aard, "thema": ["wonen"], "laag": "uitvoering", "tekst": "Het wacht.",
        "knelpunt": knelpunt});
    record(id, week, typed)
}

fn bericht(id: &str, week: &str, vorm: &str, over: &str) -> Merged {
    record(
        id,
        week,
        json!({"soort": "bericht", "over": over, "vorm": vorm, "tekst": "Hoe?"}),
    )
}

fn candidates(records: &[Merged]) -> Vec<Candidate> {
    let held = Held::new(records);
    let each = records.iter().map(|record| Candidate {
        record: record.clone(),
        around: held.around(record),
    });
    each.collect()
}

fn named(found: &[Lasting]) -> Vec<String> {
    let line = |one: &Lasting| {
        let Reference::Local(id) = &one.record else {
            unreachable!("only local ids here")
        };
        format!("{id} {} {} {}", one.state, one.since(), one.times)
    };
    found.iter().map(line).collect()
}

#[test]
fn the_oldest_open_knelpunt_comes_first_and_a_solved_one_not_at_all() {
    let records = [
        knelpunt("k-1", "2026-W08", &json!([])),
        knelpunt("k-2", "2026-W05", &json!([{"opgelost": "2026-W20"}])),
        knelpunt("k-3", "2026-W06", &json!([])),
        signaal("s-1", "2026-W03", "knelpunt", "k-1"),
    ];
    let candidates = candidates(&records);
    let at = |peilweek: &str| named(&open(&candidates, week(peilweek)));
    assert_eq!(at("2026-W25"), ["k-1 incident 2026-W03 0", "k-3 incident 2026-W06 0"]);
    assert_eq!(at("2026-W06"), ["k-2 incident 2026-W05 0", "k-3 incident 2026-W06 0"]);
}

#[test]
fn what_came_back_says_since_when_and_how_often() {
    let twice = json!([{"opgelost": "2026-W10"}, {"opgelost": "2026-W20", "heropend": "2026-W22"}]);
    let records = [
        knelpunt("k-1", "2026-W01", &twice),
        signaal("s-1", "2026-W12", "knelpunt", "k-1"),
        knelpunt("k-2", "2026-W01", &json!([{"opgelost": "2026-W10"}])),
        signaal("s-2", "2026-W10", "knelpunt", "k-2"),
        knelpunt("k-3", "2026-W01", &json!([{"opgelost": "2026-W10"}])),
        signaal("s-3", "2026-W30", "knelpunt", "k-3"),
    ];
    let candidates = candidates(&records);
    let at = |peilweek: &str| named(&returned(&candidates, week(peilweek)));
    assert_eq!(
        at("2026-W40"),
        ["k-3 heropend 2026-W30 1", "k-1 heropend 2026-W22 2"],
        "a signal of the week in which it was solved is no return"
    );
    assert_eq!(
        at("2026-W21"),
        ["k-1 opgelost 2026-W12 1"],
        "it is solved once more, and came back all the same"
    );
    let open = named(&open(&candidates, week("2026-W40")));
    assert_eq!(open, ["k-1 heropend 2026-W22 2", "k-3 heropend 2026-W30 1"]);
}

#[test]
fn one_that_goes_on_in_another_is_in_neither_list() {
    let mut merged = json!({"soort": "knelpunt", "titel": "Het wacht", "thema": ["wonen"], "soort_knelpunt": "regel",
        "samengevoegd_met": "k-1", "episodes": [{"opgelost": "2026-W10"}]});
    merged["week"] = "2026-W01".into();
    let records = [
        knelpunt("k-1", "2026-W05", &json!([])),
        record("k-2", "2026-W01", merged),
        signaal("s-1", "2026-W12", "knelpunt", "k-2"),
    ];
    let candidates = candidates(&records);
    assert_eq!(named(&open(&candidates, week("2026-W20"))), ["k-1 incident 2026-W05 0"]);
    assert_eq!(returned(&candidates, week("2026-W20")), []);
}

#[test]
fn questions_wait_until_somebody_answers() {
    let records = [
        knelpunt("k-1", "2026-W01", &json!([])),
        signaal("s-1", "2026-W02", "vraag", "k-1"),
        signaal("s-2", "2026-W02", "kans", "k-1"),
        bericht("b-1", "2026-W03", "vraag", "k-1"),
        bericht("b-2", "2026-W05", "antwoord", "b-1"),
        bericht("b-3", "2026-W04", "tegenspraak", "s-1"),
        bericht("b-4", "2026-W04", "aanvulling", "k-1"),
        bericht("b-5", "2026-W06", "meekijken", "k-1"),
    ];
    let candidates = candidates(&records);
    let at = |peilweek: &str| {
        let found = unanswered(&candidates, week(peilweek));
        found.iter().map(|one| one.form.clone()).collect::<Vec<_>>()
    };
    assert_eq!(at("2026-W04"), ["vraag", "vraag", "tegenspraak"]);
    assert_eq!(at("2026-W06"), ["vraag", "tegenspraak", "meekijken"]);
    let first = &unanswered(&candidates, week("2026-W06"))[1];
    assert_eq!(first.about, Some(Reference::Local("s-1".to_owned())));
}

#[test]
fn a_question_in_a_signal_is_answered_by_a_bericht_a_les_or_a_duiding_from_its_week_on() {
    let les = |extra: Json| {
        let mut typed = json!({"soort": "les", "niveau": "werkproces", "bereik": "collectief", "titel": "Bel", "kern": "Bel eerst.",
            "uit": ["s-1"]});
        typed
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        record("antwoord", "2026-W05", typed)
    };
    let duiding = |source: Json| {
        let typed = json!({"soort": "duiding", "op": ["s-1"], "oordeel": "kan", "uitleg": "Het mag.", "bron": source});
        record("antwoord", "2026-W05", typed)
    };
    let source = json!([{"type": "wet", "verwijzing": "Artikel 1"}]);
    let answers = [
        (bericht("antwoord", "2026-W05", "antwoord", "s-1"), true),
        (bericht("antwoord", "2026-W05", "aanvulling", "s-1"), false),
        (les(json!({})), true),
        (les(json!({"verworpen_reden": "Het werkt niet."})), false),
        (duiding(source), true),
        (duiding(json!([])), false),
    ];
    for (answer, answers) in answers {
        let records = [signaal("s-1", "2026-W02", "vraag", "k-1"), answer];
        let all = candidates(&records);
        let waits = |peilweek: &str| unanswered(&all, week(peilweek)).len() == 1;
        assert!(waits("2026-W04"), "{:?}", records[1]);
        assert_eq!(waits("2026-W05"), !answers, "{:?}", records[1]);
        let points = crate::record::agenda::agenda(&all, "2026-Q1".parse().unwrap(), week("2026-W05"));
        assert_eq!(points.is_empty(), answers, "{points:?}");
    }
}

#[test]
fn the_order_in_which_they_are_handed_in_says_nothing() {
    let mut rng = Seeded::new(5);
    for _ in 0..50 {
        let mut records: Vec<Merged> = (0..12)
            .map(|at| {
                let week = format!("2026-W{:02}", 1 + rng.below(30));
                match at % 4 {
                    0 => knelpunt(&format!("k-{at}"), &week, &json!([{"opgelost": "2026-W15"}])),
                    1 => signaal(&format!("s-{at}"), &week, "knelpunt", "k-0"),
                    2 => signaal(&format!("s-{at}"), &week, "vraag", "k-4"),
                    _ => bericht(&format!("b-{at}"), &week, "vraag", "k-8"),
                }
            })
            .collect();
        let of = |records: &[Merged]| {
            let all = candidates(records);
            let peilweek = week("2026-W28");
            (
                open(&all, peilweek),
                returned(&all, peilweek),
                unanswered(&all, peilweek),
            )
        };
        let before = of(&records);
        rng.shuffle(&mut records);
        assert_eq!(of(&records), before);
        records.push(records[0].clone());
        assert_eq!(of(&records), before, "what is handed in twice counts once");
    }
}
