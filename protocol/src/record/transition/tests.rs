//! What is said brings about the state it says, and every state of every kind is led to.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::record::{Held, Input, Intake, Merged, read_json, state};

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

fn read(typed: &Json) -> Input {
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: week("2026-W10"),
        kind: None,
    };
    read_json(typed, &intake).unwrap_or_else(|findings| panic!("{typed}: {findings:?}"))
}

/// A record of each kind as it is when nobody has said anything of it, with an afspraak where it has those.
fn new(kind: Kind) -> Json {
    match kind {
        Kind::Signaal => {
            json!({"soort": "signaal", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering", "tekst": "Het wacht."})
        }
        Kind::Knelpunt => {
            json!({"soort": "knelpunt", "titel": "Het wacht", "thema": ["wonen"], "soort_knelpunt": "regel"})
        }
        Kind::Duiding => json!({"soort": "duiding", "op": ["k-1"], "oordeel": "kan", "uitleg": "Het mag."}),
        Kind::Les => json!({"soort": "les", "titel": "Bellen", "niveau": "werkproces", "kern": "Bel eerst."}),
        Kind::Sessie => {
            json!({"soort": "sessie", "kwartaal": "2026-Q1", "aard": "kwartaalgesprek", "aanwezig": ["beleid"],
            "afspraken": [{"nr": 1, "wat": "Bellen"}, {"nr": 3, "wat": "Schrijven", "actiehouder": "A. Bakker"}]})
        }
        Kind::Experiment => {
            json!({"soort": "experiment", "titel": "Bellen", "vorm": "pilot", "hypothese": "Het helpt.",
            "gevarieerd": {"variabele_code": "kanaal", "variabele": "Kanaal", "van": "brief", "naar": "telefoon"},
            "maat": "doorlooptijd", "opzet": "C_voor_na", "start": "2026-W20", "gepland_einde": "2026-W30"})
        }
        Kind::Overname => json!({"soort": "overname", "van": "les-1"}),
        Kind::Bericht => json!({"soort": "bericht", "over": "k-1", "vorm": "vraag", "tekst": "Hoe?"}),
        Kind::Kring => json!({"soort": "kring", "naam": "Wonen", "doel": "Leren"}),
    }
}

/// The record, alone in the world, as it is in a week.
fn state_of(typed: &Json, others: &[(&str, Json)], peilweek: &str) -> state::State {
    let all = others.iter().map(|(id, typed)| (*id, typed)).chain([("x", typed)]);
    let all: Vec<Merged> = all.map(|(id, typed)| Merged::local(id, &read(typed))).collect();
    let record = all.last().unwrap();
    state::state(record, &Held::new(&all).around(record), week(peilweek))
}

fn changed(typed: &Json, changes: Changes) -> Json {
    let mut typed = typed.clone();
    for (name, change) in changes {
        typed[name] = change.unwrap_or(Json::Null);
    }
    typed
}

fn given(said: &Json) -> BTreeMap<String, Json> {
    said.as_object().unwrap().clone().into_iter().collect()
}

/// Says it of what was typed, in a week.
fn say(typed: &Json, (from, to): (&str, &str), afspraak: Option<u32>, said: &Json, in_week: &str) -> Json {
    let input = read(typed);
    let step = steps_from(input.kind, afspraak.is_some(), from).find(|step| step.to == to);
    let step = step.unwrap_or_else(|| panic!("{from} leads to no {to}"));
    let changes = step.changes((input.kind, &input.fields), afspraak, &given(said), week(in_week));
    changed(typed, changes.unwrap())
}

#[test]
fn every_state_of_every_kind_is_where_something_starts_or_ends() {
    let states: [(Kind, bool, &str); 10] = [
        (
            Kind::Signaal,
            false,
            "gemeld gekoppeld geduid opgelost bewust_geparkeerd",
        ),
        (
            Kind::Knelpunt,
            false,
            "incident structureel_vermoed structureel_bevestigd in_aanpak opgelost heropend samengevoegd_met",
        ),
        (Kind::Duiding, false, "concept vastgesteld betwist verlopen vervangen"),
        (Kind::Les, false, "vastgelegd voorgesteld doorgevoerd herzien verworpen"),
        (Kind::Sessie, false, "gepland afgerond"),
        (Kind::Sessie, true, "open afgerond verworpen bewust_geparkeerd"),
        (
            Kind::Experiment,
            false,
            "opgezet vastgelegd lopend gerapporteerd gestopt te_laat",
        ),
        (Kind::Overname, false, "voorgenomen geprobeerd toegepast gestaakt"),
        (Kind::Bericht, false, "open beantwoord"),
        (Kind::Kring, false, "actief slapend gesloten"),
    ];
    for (kind, afspraak, states) in states {
        let first = states.split(' ').next().unwrap();
        let states: BTreeSet<&str> = states.split(' ').collect();
        let all = steps(kind, afspraak);
        let mut reached: BTreeSet<&str> = all.iter().map(|step| step.to).collect();
        reached.insert(first);
        assert_eq!(reached, states, "{kind:?}");
        let starts: BTreeSet<&str> = all.iter().flat_map(|step| step.from).copied().collect();
        assert!(starts.is_subset(&states), "{kind:?}: {starts:?}");
        for step in all {
            assert!(!step.from.contains(&step.to), "{kind:?}: {}", step.to);
            let same = |other: &&Step| other.to == step.to && other.from.iter().any(|from| step.from.contains(from));
            assert_eq!(all.iter().filter(same).count(), 1, "{kind:?}: two ways to {}", step.to);
        }
    }
    assert_eq!(steps(Kind::Les, true), []);
}

#[test]
fn every_field_that_a_step_is_said_with_is_a_field_of_its_kind() {
    for kind in Kind::ALL {
        for (step, table) in [(false, ""), (true, "afspraken")]
            .into_iter()
            .flat_map(|(row, table)| steps(kind, row).iter().map(move |step| (step, table)))
        {
            let Way::Said(place, says) = step.way else { continue };
            let table = match place {
                Place::NewEpisode | Place::LastEpisode => "episodes",
                Place::Other(field) => {
                    assert!(schema::field(kind, field).is_some(), "{field}");
                    continue;
                }
                _ => table,
            };
            for says in says {
                let name = if table.is_empty() {
                    says.field.to_owned()
                } else {
                    format!("{table}.{}", says.field)
                };
                let (whole, column) = name.split_once('.').unwrap_or((&name, ""));
                let field = schema::field(kind, whole).unwrap_or_else(|| panic!("{kind:?}: {name}"));
                match field.what {
                    Type::Row(columns) | Type::Rows { columns, .. } => {
                        assert!(schema::find(columns, column).is_some(), "{name}");
                    }
                    _ => assert_eq!(column, "", "{name}"),
                }
            }
        }
    }
}

/// Says one thing after another of a new record, each in its week, and sees that it becomes so.
fn said(kind: Kind, steps: &[(&str, &str, Json, &str)]) -> Json {
    let (mut typed, others) = (new(kind), [("k-2", new(Kind::Knelpunt))]);
    for (from, to, with, in_week) in steps {
        assert_eq!(state_of(&typed, &others, in_week).name, *from, "{kind:?}");
        typed = say(&typed, (from, to), None, with, in_week);
        assert_eq!(state_of(&typed, &others, in_week).name, *to, "{typed}");
    }
    typed
}

#[test]
fn what_is_said_of_a_signal_or_knelpunt_brings_about_what_it_says() {
    let nothing = || json!({});
    said(
        Kind::Signaal,
        &[
            (
                "gemeld",
                "bewust_geparkeerd",
                json!({"geparkeerd_tot": "2026-W20"}),
                "2026-W10",
            ),
            ("bewust_geparkeerd", "gemeld", nothing(), "2026-W12"),
        ],
    );
    let solved = said(
        Kind::Knelpunt,
        &[
            ("incident", "opgelost", nothing(), "2026-W10"),
            ("opgelost", "heropend", nothing(), "2026-W14"),
            ("heropend", "opgelost", json!({"opgelost": "2026-W16"}), "2026-W18"),
            (
                "opgelost",
                "samengevoegd_met",
                json!({"samengevoegd_met": "k-2"}),
                "2026-W19",
            ),
        ],
    );
    let episodes = json!([{"opgelost": "2026-W10", "heropend": "2026-W14"}, {"opgelost": "2026-W16"}]);
    assert_eq!(solved["episodes"], episodes);
}

#[test]
fn what_is_said_of_what_was_learned_brings_about_what_it_says() {
    let nothing = || json!({});
    let source = json!({"bron.type": "wet", "bron.verwijzing": "artikel 2"});
    let duiding = said(
        Kind::Duiding,
        &[
            ("concept", "vastgesteld", source, "2026-W10"),
            ("vastgesteld", "verlopen", nothing(), "2026-W30"),
        ],
    );
    assert_eq!(
        (&duiding["bron"], &duiding["verloopt"]),
        (&json!([{"type": "wet", "verwijzing": "artikel 2"}]), &json!("2026-W29"))
    );
    let artefact = json!({"gewijzigd_artefact": "werkinstructie"});
    let reason = json!({"verworpen_reden": "te duur"});
    said(
        Kind::Les,
        &[
            ("vastgelegd", "doorgevoerd", artefact, "2026-W10"),
            ("doorgevoerd", "verworpen", reason, "2026-W11"),
        ],
    );
    let stopped = json!({"gestaakt_reden": "geen tijd"});
    said(
        Kind::Overname,
        &[
            ("voorgenomen", "geprobeerd", nothing(), "2026-W10"),
            (
                "geprobeerd",
                "toegepast",
                json!({"uitkomst": "werkt_met_aanpassing"}),
                "2026-W11",
            ),
            ("toegepast", "gestaakt", stopped, "2026-W12"),
        ],
    );
}

#[test]
fn an_experiment_is_frozen_and_reported_and_keeps_what_was_said_before() {
    let frozen = say(
        &new(Kind::Experiment),
        ("opgezet", "vastgelegd"),
        None,
        &json!({}),
        "2026-W18",
    );
    assert_eq!(state_of(&frozen, &[], "2026-W18").name, "vastgelegd");
    let outcome = json!({"uitkomst.oordeel": "mislukt", "uitkomst.effectmaat": "logRR", "uitkomst.yi": "0,23",
        "uitkomst.vi": 0.04, "uitkomst.n_band": "50-99", "geleerd": "Bellen helpt niet."});
    let reported = say(&frozen, ("lopend", "gerapporteerd"), None, &outcome, "2026-W31");
    assert_eq!(state_of(&reported, &[], "2026-W31").name, "gerapporteerd");
    assert_eq!(
        reported["uitkomst"],
        json!({"oordeel": "mislukt", "effectmaat": "logRR", "yi": 0.23, "vi": 0.04, "n_band": "50-99"})
    );
    let stopped = say(
        &frozen,
        ("te_laat", "gestopt"),
        None,
        &json!({"geleerd": "Te weinig mensen."}),
        "2027-W05",
    );
    assert_eq!(state_of(&stopped, &[], "2027-W05").name, "gestopt");
}

#[test]
fn an_afspraak_is_found_by_its_number_and_the_others_stay_as_they_are() {
    let steps: [(&str, &str, Json); 4] = [
        ("open", "bewust_geparkeerd", json!({"geparkeerd_tot": "2026-W30"})),
        ("bewust_geparkeerd", "open", json!({})),
        ("open", "afgerond", json!({"leidt_tot": "les-1"})),
        ("open", "verworpen", json!({"verworpen_reden": "het kan niet"})),
    ];
    let mut typed = new(Kind::Sessie);
    for (from, to, with) in &steps[..3] {
        typed = say(&typed, (from, to), Some(3), with, "2026-W12");
        assert_eq!(state_of(&typed, &[], "2026-W12").rows[&3], *to);
    }
    let (from, to, with) = &steps[3];
    typed = say(&typed, (from, to), Some(1), with, "2026-W12");
    let wanted = json!([
        {"nr": 1, "wat": "Bellen", "verworpen_reden": "het kan niet"},
        {"nr": 3, "wat": "Schrijven", "actiehouder": "A. Bakker", "leidt_tot": "les-1", "afgerond": "2026-W12"}
    ]);
    assert_eq!(typed["afspraken"], wanted);
}

#[test]
fn what_must_be_said_and_what_may_not_is_named() {
    let input = read(&new(Kind::Les));
    let step = |to| {
        steps_from(Kind::Les, false, "vastgelegd")
            .find(move |step| step.to == to)
            .unwrap()
    };
    let asked =
        |step: &Step, said: Json| step.changes((Kind::Les, &input.fields), None, &given(&said), week("2026-W12"));
    assert_eq!(
        asked(step("verworpen"), json!({})),
        Err(Refusal::Missing(vec!["verworpen_reden"]))
    );
    let both = json!({"verworpen_reden": "te duur", "titel": "Anders"});
    assert_eq!(
        asked(step("verworpen"), both),
        Err(Refusal::Unknown("titel".to_owned()))
    );
    let by = step("herzien");
    assert_eq!(asked(by, json!({})), Err(Refusal::Missing(vec![BY])));
    assert_eq!(asked(by, json!({ BY: "les-2" })), Ok(Changes::new()));
}
