//! States follow from fields, links and weeks: first the example records, then each rule.

use serde_json::Value as Json;

use super::*;
use crate::id::{DocumentId, RecordId};
use crate::record::{Facts, Fields, Held, Input, Intake, Part, each, merge, read_json};

const EXAMPLES: &str = include_str!("../../../../cli/demo/voorbeeldrecords.json");

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

/// The example records of the kinds this version reads, with the state each states for itself.
fn examples() -> Vec<(Input, Json)> {
    let document: Json = serde_json::from_str(EXAMPLES).unwrap();
    let known = each(&document)
        .unwrap()
        .into_iter()
        .filter(|record| Kind::from_name(record["soort"].as_str().unwrap()).is_some());
    let read = known.map(|record| {
        let intake = Intake {
            gemeente: record["eigenaar"].as_str().unwrap().parse().unwrap(),
            week: week("2025-W52"),
            kind: None,
        };
        (
            read_json(record, &intake).expect("an example is good input"),
            record.clone(),
        )
    });
    read.collect()
}

#[test]
fn every_example_is_in_the_state_it_states() {
    let examples = examples();
    assert_eq!(examples.len(), 16);
    let merged: Vec<_> = examples
        .iter()
        .map(|(input, _)| Merged::local(input.id.as_deref().unwrap(), input))
        .collect();
    let held = Held::new(&merged);
    for (record, (input, stated)) in merged.iter().zip(&examples) {
        let id = input.id.as_deref().unwrap();
        let json = record.to_json(week("2025-W52"), &held.around(record));
        assert_eq!(json["staat"], stated["staat"], "{id}");
        for (shown, typed) in json["afspraken"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(stated["afspraken"].as_array().into_iter().flatten())
        {
            assert_eq!(shown["staat"], typed["staat"]);
        }
    }
}

#[test]
fn an_example_is_shown_with_the_meaning_it_was_typed_with() {
    for (input, typed) in examples() {
        let shown = Merged::local(input.id.as_deref().unwrap(), &input).to_json(week("2025-W52"), &Around::default());
        let same = |name: &str| match &typed[name] {
            Json::Array(items) if items.iter().all(Json::is_string) => {
                let sorted = |value: &Json| {
                    let mut items: Vec<_> = value.as_array().unwrap().iter().map(Json::to_string).collect();
                    items.sort();
                    items
                };
                items.is_empty() || sorted(&shown[name]) == sorted(&typed[name])
            }
            Json::Array(_) | Json::Null => true,
            Json::Object(object) => object
                .iter()
                .all(|(name, value)| value.is_null() || shown.to_string().contains(&format!("\"{name}\":{value}"))),
            value => &shown[name] == value,
        };
        for name in typed
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| !["staat", "leden"].contains(&name.as_str()))
        {
            assert!(
                same(name),
                "{} of {}: {} {}",
                name,
                typed["id"],
                typed[name],
                shown[name]
            );
        }
    }
}

fn record(kind: Kind, at: &str, fields: &[(&str, Value)]) -> Merged {
    let part = Part {
        gemeente: Gemeente::new(9901).unwrap(),
        document: DocumentId([kind as u8; 32]),
        kind: kind.number(),
        week: week(at),
        quarter_only: false,
        contributes_to: None,
        practice: true,
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect::<Fields>(),
        unknown: BTreeMap::new(),
    };
    merge(RecordId([kind as u8; 20]), &[part]).unwrap()
}

fn code(code: &str) -> Value {
    Value::Code(code.to_owned())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn link(from: Kind, relation: &str, at: &str, done: Option<&str>) -> Linked {
    let facts = Facts {
        kind: from,
        gemeente: Gemeente::new(9901).unwrap(),
        week: week(at),
        done: done.into_iter().map(week).collect(),
        dropped: false,
        form: None,
        merged: BTreeSet::new(),
        team: None,
    };
    Linked {
        relation: relation.to_owned(),
        facts,
        own: true,
        answered: None,
    }
}

fn around(linked: &[Linked]) -> Around {
    Around {
        linked: linked.iter().cloned().collect(),
        ..Around::default()
    }
}

fn at(record: &Merged, linked: &[Linked], peilweek: &str) -> &'static str {
    state(record, &around(linked), week(peilweek)).name
}

#[test]
fn a_signal_goes_from_told_to_solved() {
    let signaal = record(Kind::Signaal, "2025-W06", &[]);
    let linked = link(Kind::Knelpunt, "signalen", "2025-W11", None);
    let solved = link(Kind::Knelpunt, "signalen", "2025-W11", Some("2025-W30"));
    let explained = link(Kind::Duiding, "op", "2025-W14", Some("2025-W14"));
    let concept = link(Kind::Duiding, "op", "2025-W14", None);
    assert_eq!(at(&signaal, &[], "2025-W20"), "gemeld");
    assert_eq!(at(&signaal, std::slice::from_ref(&linked), "2025-W20"), "gekoppeld");
    assert_eq!(at(&signaal, &[linked.clone(), concept], "2025-W20"), "gekoppeld");
    assert_eq!(at(&signaal, &[linked, explained.clone()], "2025-W20"), "geduid");
    assert_eq!(at(&signaal, std::slice::from_ref(&explained), "2025-W13"), "gemeld");
    assert_eq!(at(&signaal, &[solved.clone(), explained], "2025-W30"), "opgelost");
    assert_eq!(at(&signaal, std::slice::from_ref(&solved), "2025-W29"), "gekoppeld");
    assert_eq!(
        at(&record(Kind::Signaal, "2025-W31", &[]), &[solved], "2025-W40"),
        "gekoppeld"
    );
}

#[test]
fn a_parked_signal_comes_back_by_itself() {
    let parked = record(
        Kind::Signaal,
        "2025-W06",
        &[("geparkeerd_tot", Value::Week(week("2025-W20")))],
    );
    assert_eq!(at(&parked, &[], "2025-W19"), "bewust_geparkeerd");
    assert_eq!(at(&parked, &[], "2025-W20"), "gemeld");
}

#[test]
fn a_knelpunt_goes_from_incident_to_taken_up() {
    let one = record(Kind::Knelpunt, "2025-W11", &[("teams", code("1"))]);
    let two = record(Kind::Knelpunt, "2025-W11", &[("teams", code("2"))]);
    let session = link(Kind::Sessie, "besproken", "2025-W13", Some("2025-W13"));
    let lesson = link(Kind::Les, "uit", "2025-W24", None);
    let mut elsewhere = link(Kind::Signaal, "knelpunt", "2025-W12", None);
    elsewhere.facts.gemeente = Gemeente::new(9902).unwrap();
    assert_eq!(at(&one, std::slice::from_ref(&session), "2025-W20"), "incident");
    assert_eq!(at(&one, &[elsewhere], "2025-W20"), "structureel_vermoed");
    assert_eq!(at(&two, &[], "2025-W20"), "structureel_vermoed");
    assert_eq!(
        at(&two, std::slice::from_ref(&session), "2025-W12"),
        "structureel_vermoed"
    );
    assert_eq!(
        at(&two, std::slice::from_ref(&session), "2025-W13"),
        "structureel_bevestigd"
    );
    assert_eq!(at(&two, &[session, lesson.clone()], "2025-W24"), "in_aanpak");
    let mut dropped = lesson;
    dropped.facts.dropped = true;
    assert_eq!(at(&two, &[dropped], "2025-W24"), "structureel_vermoed");
}

#[test]
fn a_signal_after_the_solution_reopens_a_knelpunt_whatever_arrived_first() {
    let rows = BTreeMap::from([(1, Row::from([("opgelost".to_owned(), Value::Week(week("2025-W30")))]))]);
    let solved = record(Kind::Knelpunt, "2025-W11", &[("episodes", Value::Rows(rows))]);
    let before = link(Kind::Signaal, "knelpunt", "2025-W30", None);
    let after = link(Kind::Signaal, "knelpunt", "2025-W31", None);
    let same_week = link(Kind::Les, "uit", "2025-W31", None);
    let later = link(Kind::Les, "uit", "2025-W32", None);
    assert_eq!(at(&solved, std::slice::from_ref(&before), "2025-W40"), "opgelost");
    assert_eq!(at(&solved, &[before.clone(), after.clone()], "2025-W40"), "heropend");
    assert_eq!(at(&solved, &[after.clone(), before], "2025-W40"), "heropend");
    assert_eq!(at(&solved, std::slice::from_ref(&after), "2025-W30"), "opgelost");
    assert_eq!(at(&solved, &[after.clone(), same_week], "2025-W40"), "heropend");
    assert_eq!(at(&solved, &[after, later], "2025-W40"), "in_aanpak");
}

#[test]
fn a_duiding_expires_at_the_peilweek_and_is_replaced_by_its_owner_only() {
    let source = BTreeMap::from([(1, Row::from([("verwijzing".to_owned(), text("art. 1"))]))]);
    let fields = [
        ("bron", Value::Rows(source)),
        ("verloopt", Value::Week(week("2026-W14"))),
    ];
    let duiding = record(Kind::Duiding, "2025-W14", &fields);
    assert_eq!(at(&record(Kind::Duiding, "2025-W14", &[]), &[], "2025-W20"), "concept");
    assert_eq!(at(&duiding, &[], "2026-W14"), "vastgesteld");
    assert_eq!(at(&duiding, &[], "2026-W15"), "verlopen");
    let own = link(Kind::Duiding, "vervangt", "2025-W20", None);
    let mut other = own.clone();
    other.own = false;
    assert_eq!(at(&duiding, &[other], "2025-W30"), "vastgesteld");
    assert_eq!(at(&duiding, &[own], "2025-W30"), "vervangen");
}

#[test]
fn a_les_is_proposed_carried_through_revised_or_rejected() {
    let plain = record(Kind::Les, "2025-W24", &[]);
    let artefact = ("gewijzigd_artefact", text("werkafspraak@4"));
    let carried = record(Kind::Les, "2025-W24", std::slice::from_ref(&artefact));
    let rejected = record(
        Kind::Les,
        "2025-W24",
        &[artefact, ("verworpen_reden", text("geen geld"))],
    );
    let promised = link(Kind::Sessie, "afspraken.leidt_tot", "2025-W13", None);
    assert_eq!(at(&plain, &[], "2025-W30"), "vastgelegd");
    assert_eq!(at(&plain, std::slice::from_ref(&promised), "2025-W30"), "voorgesteld");
    assert_eq!(at(&carried, &[promised], "2025-W30"), "doorgevoerd");
    assert_eq!(
        at(&carried, &[link(Kind::Les, "vervangt", "2025-W28", None)], "2025-W30"),
        "herzien"
    );
    assert_eq!(at(&rejected, &[], "2025-W30"), "verworpen");
    assert!(rejected.facts().dropped);
}

#[test]
fn a_session_and_its_afspraken_have_states_of_their_own() {
    let row = |fields: &[(&str, Value)]| -> Row {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    };
    let rows = BTreeMap::from([
        (1, row(&[("wat", text("a"))])),
        (2, row(&[("afgerond", Value::Week(week("2025-W20")))])),
        (3, row(&[("geparkeerd_tot", Value::Week(week("2025-W20")))])),
        (4, row(&[("verworpen_reden", text("nee"))])),
    ]);
    let fields = [
        ("aanwezig", Value::Codes(["beleid".to_owned()].into())),
        ("afspraken", Value::Rows(rows)),
    ];
    let sessie = record(Kind::Sessie, "2025-W13", &fields);
    assert_eq!(at(&record(Kind::Sessie, "2025-W13", &[]), &[], "2025-W20"), "gepland");
    assert_eq!(at(&sessie, &[], "2025-W12"), "gepland");
    let states = |peilweek| {
        state(&sessie, &Around::default(), week(peilweek))
            .rows
            .into_values()
            .collect::<Vec<_>>()
    };
    assert_eq!(states("2025-W19"), ["open", "open", "bewust_geparkeerd", "verworpen"]);
    assert_eq!(states("2025-W20"), ["open", "afgerond", "open", "verworpen"]);
}

#[test]
fn an_experiment_runs_is_late_and_reports() {
    let fields = [
        ("start", Value::Week(week("2025-W05"))),
        ("gepland_einde", Value::Week(week("2025-W20"))),
    ];
    let planned = record(Kind::Experiment, "2025-W04", &fields);
    for (peilweek, name) in [
        ("2025-W04", "opgezet"),
        ("2025-W05", "lopend"),
        ("2025-W46", "lopend"),
        ("2025-W47", "te_laat"),
    ] {
        assert_eq!(at(&planned, &[], peilweek), name, "{peilweek}");
    }
    let ended = |outcome: &[(&str, &str)]| {
        let row: Row = outcome
            .iter()
            .map(|(name, value)| ((*name).to_owned(), code(value)))
            .collect();
        let record = record(Kind::Experiment, "2025-W04", &[("uitkomst", Value::Row(row))]);
        at(&record, &[], "2025-W30")
    };
    assert_eq!(ended(&[("oordeel", "mislukt")]), "gerapporteerd");
    assert_eq!(ended(&[("oordeel", "gestopt")]), "gestopt");
    assert_eq!(ended(&[("oordeel", "mislukt"), ("onderdrukt", "cel<5")]), "gestopt");
}

#[test]
fn an_adoption_is_what_came_of_it() {
    for (outcome, name) in [
        ("werkt", "toegepast"),
        ("werkt_niet", "gestaakt"),
        ("te_vroeg", "geprobeerd"),
        ("een_nieuwere_code", "geprobeerd"),
    ] {
        assert_eq!(
            at(
                &record(Kind::Overname, "2025-W30", &[("uitkomst", code(outcome))]),
                &[],
                "2025-W40"
            ),
            name
        );
    }
    assert_eq!(
        at(&record(Kind::Overname, "2025-W30", &[]), &[], "2025-W40"),
        "voorgenomen"
    );
    let stopped = record(Kind::Overname, "2025-W30", &[("gestaakt_reden", text("te duur"))]);
    assert_eq!(at(&stopped, &[], "2025-W40"), "gestaakt");
}
