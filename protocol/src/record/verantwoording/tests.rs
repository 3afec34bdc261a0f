//! An account tells what the records of a kring say of one quarter, and of nothing else.

use serde_json::{Value as Json, json};

use super::*;
use crate::entropy::Seeded;
use crate::record::{Held, Intake, read_json};

fn at(text: &str) -> Week {
    text.parse().unwrap()
}

fn candidates(typed: &[Json]) -> Vec<Candidate> {
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: at("2026-W20"),
        kind: None,
    };
    let records: Vec<Merged> = typed
        .iter()
        .map(|one| {
            let input = read_json(one, &intake).unwrap_or_else(|found| panic!("{one}: {found:?}"));
            Merged::local(input.id.as_deref().unwrap(), &input)
        })
        .collect();
    let held = Held::new(&records);
    let each = records.iter().map(|record| Candidate {
        record: record.clone(),
        around: held.around(record),
    });
    each.collect()
}

fn kring() -> Reference {
    Reference::Local("kring".to_owned())
}

fn told(candidates: &[Candidate], quarter: &str, peilweek: &str) -> Vec<String> {
    let lines = account(&kring(), candidates, quarter.parse().unwrap(), at(peilweek));
    let lines = lines.iter().map(|line| {
        let Reference::Local(id) = &line.record else {
            panic!("all are local")
        };
        let row = line.row.map(|row| format!("/{row}")).unwrap_or_default();
        let outcome = line.outcome.as_deref().unwrap_or("-");
        let words = line.deed.words();
        let what = words.text(crate::api::Lang::En);
        format!(
            "{} {} {what} {id}{row} {} {outcome}",
            line.part.name(),
            line.week,
            line.state
        )
    });
    lines.collect()
}

fn of_kring(mut record: Json) -> Json {
    record["kring"] = "kring".into();
    record
}

fn typed() -> Vec<Json> {
    let les = |id: &str, week: &str| json!({"id": id, "soort": "les", "week": week, "titel": "Naast elkaar", "niveau": "werkproces", "kern": "Samen kijken."});
    let varied = json!({"variabele_code": "kanaal", "variabele": "kanaal", "van": "formulier", "naar": "telefoon"});
    vec![
        json!({"id": "kring", "soort": "kring", "week": "2026-W02", "naam": "Wonen", "doel": "Samen leren"}),
        json!({"id": "k", "soort": "knelpunt", "week": "2025-W40", "titel": "Twee loketten", "thema": ["wonen"], "soort_knelpunt": "regel"}),
        json!({"id": "elders", "soort": "knelpunt", "week": "2026-W05", "titel": "Elders", "thema": ["wonen"], "soort_knelpunt": "regel"}),
        of_kring(
            json!({"id": "s", "soort": "sessie", "week": "2026-W12", "kwartaal": "2026-Q1", "aard": "kringbijeenkomst",
            "aanwezig": ["uitvoering"], "besproken": ["k"], "afspraken": [
                {"nr": 1, "wat": "Bellen", "afgerond": "2026-W15"}, {"nr": 2, "wat": "Schrijven"}]}),
        ),
        of_kring(
            json!({"id": "e", "soort": "experiment", "week": "2025-W50", "titel": "Bellen", "vorm": "pilot", "hypothese": "Sneller.",
            "maat": "wachttijd", "opzet": "C_voor_na", "start": "2026-W02", "gepland_einde": "2026-W20", "gevarieerd": varied,
            "uitkomst": {"oordeel": "mislukt"}}),
        ),
        of_kring(les("les", "2026-W11")),
        les("niet-van-de-kring", "2026-W11"),
        of_kring(les("later", "2026-W14")),
        of_kring(json!({"id": "o", "soort": "overname", "week": "2026-W16", "van": "les", "uitkomst": "werkt"})),
        of_kring(
            json!({"id": "v", "soort": "bericht", "week": "2026-W03", "over": "les", "vorm": "vraag", "tekst": "Hoe?"}),
        ),
    ]
}

#[test]
fn a_quarter_has_its_own_and_what_was_talked_about() {
    let all = candidates(&typed());
    assert_eq!(
        told(&all, "2026-Q1", "2026-W13"),
        [
            "gedaan 2026-W02 experiment begun e gerapporteerd -",
            "gedaan 2026-W12 sessie held s afgerond -",
            "waarom 2025-W40 knelpunt k incident -",
            "waarom 2026-W03 asked v geplaatst vraag",
            "geleerd 2026-W11 learned les vastgelegd -",
        ]
    );
    assert_eq!(
        told(&all, "2026-Q2", "2026-W26"),
        [
            "gedaan 2026-W15 afspraak kept s/1 afgerond -",
            "gedaan 2026-W16 taken over o toegepast werkt",
            "geleerd 2026-W14 learned later vastgelegd -",
            "geleerd 2026-W20 outcome of an experiment e gerapporteerd mislukt",
        ]
    );
    assert_eq!(told(&all, "2025-Q3", "2026-W26"), Vec::<String>::new());
}

#[test]
fn what_has_not_come_yet_is_not_told() {
    let all = candidates(&typed());
    assert_eq!(
        told(&all, "2026-Q1", "2026-W03"),
        [
            "gedaan 2026-W02 experiment begun e gerapporteerd -",
            "waarom 2026-W03 asked v geplaatst vraag",
        ]
    );
}

#[test]
fn the_order_of_arrival_says_nothing() {
    let mut rng = Seeded::new(11);
    let mut all = candidates(&typed());
    let before = told(&all, "2026-Q1", "2026-W13");
    for _ in 0..50 {
        rng.shuffle(&mut all);
        let twice: Vec<Candidate> = all.iter().chain(&all[..3]).cloned().collect();
        assert_eq!(told(&twice, "2026-Q1", "2026-W13"), before);
    }
}

#[test]
fn who_came_and_went_is_what_each_says() {
    let rows = json!([{"van": "2026-W02", "tot": "2026-W08"}, {"van": "2026-W12"}]);
    let kring = json!({"id": "kring", "soort": "kring", "week": "2026-W02", "naam": "Wonen", "doel": "Leren", "lidmaatschap": rows});
    let kring = candidates(&[kring]).remove(0);
    let gemeente: BTreeSet<Gemeente> = ["GM9901".parse().unwrap()].into();
    let first = members(&kring, "2026-Q1".parse().unwrap(), at("2026-W10"));
    assert_eq!(
        (&first.are, &first.joined, &first.left),
        (&BTreeSet::new(), &gemeente, &gemeente)
    );
    let later = members(&kring, "2026-Q2".parse().unwrap(), at("2026-W20"));
    assert_eq!(
        (later.are, later.joined, later.left),
        (gemeente, BTreeSet::new(), BTreeSet::new())
    );
}
