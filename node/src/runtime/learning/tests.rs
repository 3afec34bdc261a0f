//! The loop on one node that belongs to nothing: what recurs, what stands on the agenda, what came of it.

mod asked;
mod discarded;

use std::collections::BTreeSet;

use protocol::api::Lang;
use protocol::id::{Gemeente, Week};
use protocol::record::Reference;
use serde_json::{Value, json};

use super::meeting::points;
use crate::runtime::local::tests::{OURS, Place, knelpunt, signaal};

fn local(id: &str) -> Reference {
    Reference::Local(id.to_owned())
}

/// Reason and id of every point of the agenda.
fn agenda(place: &Place, quarter: &str, peilweek: &str) -> Vec<String> {
    let peilweek: Week = peilweek.parse().unwrap();
    let ours = Gemeente::new(OURS).unwrap();
    let points = place.ask(|world| points(world, ours, quarter.parse().unwrap(), peilweek, Lang::Nl).unwrap());
    points
        .iter()
        .map(|point| format!("{} {}", point.reden, point.id))
        .collect()
}

fn at(mut record: Value, week: &str) -> Value {
    record["week"] = week.into();
    record
}

#[test]
fn two_teams_make_a_knelpunt_recur_and_put_it_on_the_agenda() {
    let mut place = Place::new("learning-recurs");
    place.type_in(&json!([
        knelpunt(Some("k-1")),
        at(signaal("s-1", "Wijkteam Noord", Some("k-1")), "2026-W07"),
    ]));
    assert_eq!(place.shown("k-1")["staat"], "incident");
    assert_eq!(agenda(&place, "2026-Q1", "2026-W12"), ["nieuw k-1"]);
    place.type_in(&at(signaal("s-2", "Wijkteam Zuid", Some("k-1")), "2026-W11"));
    assert_eq!(place.shown("k-1")["staat"], "structureel_vermoed");
    assert_eq!(agenda(&place, "2026-Q1", "2026-W12"), ["keert_terug k-1"]);
    let counted = place.ask(|world| world.locals.teams(&local("k-1"), "2026-W12".parse().unwrap()));
    assert_eq!(counted, 2);
    let before = place.ask(|world| world.locals.teams(&local("k-1"), "2026-W10".parse().unwrap()));
    assert_eq!(before, 1, "the second signal had not been given yet");
}

#[test]
fn a_session_that_talked_about_it_confirms_it_and_takes_it_off_the_agenda() {
    let mut place = Place::new("learning-confirms");
    place.type_in(&json!([
        knelpunt(Some("k-1")),
        at(signaal("s-1", "Noord", Some("k-1")), "2026-W07"),
        at(signaal("s-2", "Zuid", Some("k-1")), "2026-W08"),
        {"id": "q-1", "soort": "sessie", "week": "2026-W12", "kwartaal": "2026-Q1", "aard": "kwartaalgesprek",
            "aanwezig": ["uitvoering", "beleid"], "besproken": ["k-1"],
            "afspraken": [{"nr": 1, "wat": "Werkwijze aanpassen", "klaar": "2026-Q2"}]},
    ]));
    assert_eq!(place.shown("k-1")["staat"], "structureel_bevestigd");
    assert_eq!(agenda(&place, "2026-Q2", "2026-W20"), ["afspraak q-1"]);
    place.type_in(&at(signaal("s-3", "Noord", Some("k-1")), "2026-W15"));
    assert_eq!(
        agenda(&place, "2026-Q2", "2026-W20"),
        ["keert_terug k-1", "afspraak q-1"]
    );
}

#[test]
fn what_others_say_about_own_records_stands_on_the_agenda_and_other_work_does_not() {
    let mut place = Place::new("learning-others");
    place.type_in(&knelpunt(Some("k-1")));
    let record = place.is_shared("k-1", 1);
    place.arrives(1, OURS, &knelpunt(None));
    place.arrives(2, 9902, &knelpunt(None));
    let asked = |over: &str| json!({"soort": "bericht", "week": "2026-W09", "over": over, "vorm": "vraag", "tekst": "Hoe doen jullie dat?"});
    let ours = place.arrives(3, 9902, &asked(&record.to_string()));
    place.arrives(4, 9903, &asked(&protocol::id::RecordId([2; 20]).to_string()));
    let points = agenda(&place, "2026-Q1", "2026-W12");
    assert_eq!(points, ["nieuw k-1".to_owned(), format!("onbeantwoord {ours}")]);
}

#[test]
fn a_signal_is_of_its_knelpunt_whichever_of_both_says_so() {
    let mut place = Place::new("learning-both");
    let mut naming = knelpunt(Some("k-1"));
    naming["signalen"] = json!(["s-1", "s-2"]);
    place.type_in(&json!([
        naming,
        signaal("s-1", "Noord", None),
        signaal("s-2", "Zuid", None),
        signaal("s-3", "Oost", Some("k-1"))
    ]));
    let signals = place.ask(|world| {
        let found = world.locals.signals_of(&local("k-1")).into_iter().map(str::to_owned);
        found.collect::<BTreeSet<_>>()
    });
    assert_eq!(signals, ["s-1", "s-2", "s-3"].map(str::to_owned).into());
    assert_eq!(place.shown("k-1")["staat"], "structureel_vermoed");
}

#[test]
fn a_solved_knelpunt_reopens_by_itself_over_local_and_shared_signals() {
    let mut place = Place::new("learning-reopens");
    let mut solved = knelpunt(Some("k-1"));
    solved["episodes"] = json!([{"opgelost": "2026-W10"}]);
    place.type_in(&solved);
    let record = place.is_shared("k-1", 1);
    assert_eq!(place.shown("k-1")["staat"], "opgelost");
    let mut theirs = at(signaal("x", "", Some(&record.to_string())), "2026-W12");
    theirs.as_object_mut().unwrap().remove("id");
    theirs.as_object_mut().unwrap().remove("team");
    place.arrives(5, 9902, &theirs);
    assert_eq!(place.shown("k-1")["staat"], "heropend");
}

#[test]
fn a_gemeente_without_teams_has_its_knelpunten_on_the_agenda_and_none_of_them_recurs() {
    let mut place = Place::new("learning-teamless");
    let teamless = |id: &str, week: &str| {
        let mut signal = at(signaal(id, "", Some("k-1")), week);
        signal.as_object_mut().unwrap().remove("team");
        signal
    };
    place.type_in(&json!([
        knelpunt(Some("k-1")),
        teamless("s-1", "2026-W07"),
        teamless("s-2", "2026-W09")
    ]));
    let counted = place.ask(|world| world.locals.teams(&local("k-1"), "2026-W12".parse().unwrap()));
    assert_eq!(counted, 1, "two signals of nobody knows whom may be of one team");
    assert_eq!(place.shown("k-1")["staat"], "incident");
    assert_eq!(agenda(&place, "2026-Q1", "2026-W12"), ["nieuw k-1"]);
    place.type_in(&at(signaal("s-3", "Noord", Some("k-1")), "2026-W10"));
    assert_eq!(
        agenda(&place, "2026-Q1", "2026-W12"),
        ["nieuw k-1"],
        "one team at least, and no two"
    );
}

#[test]
fn what_was_parked_before_a_herindeling_comes_back_at_the_gemeente_that_goes_on() {
    let mut place = Place::new("learning-herindeling");
    let mut parked = at(signaal("s-1", "Noord", None), "2026-W05");
    parked["geparkeerd_tot"] = "2026-W15".into();
    place.type_in(&parked);
    let mut theirs = parked.clone();
    theirs.as_object_mut().unwrap().remove("id");
    theirs.as_object_mut().unwrap().remove("team");
    let theirs = place.arrives(3, 9902, &theirs);
    assert_eq!(agenda(&place, "2026-Q1", "2026-W12"), [""; 0], "parked is parked");
    assert_eq!(
        agenda(&place, "2026-Q2", "2026-W20"),
        ["geparkeerd s-1"],
        "what another parked is its own affair"
    );
    place.goes_on(9902, OURS);
    let mut both = agenda(&place, "2026-Q2", "2026-W20");
    both.sort();
    let mut expected = ["geparkeerd s-1".to_owned(), format!("geparkeerd {theirs}")];
    expected.sort();
    assert_eq!(both, expected, "and after the merger both are ours");
}

#[test]
fn two_gemeenten_that_wrote_in_one_knelpunt_apart_see_the_same_whichever_came_first() {
    let shown = |ours_first: bool| {
        let mut place = Place::new(if ours_first {
            "learning-apart-one"
        } else {
            "learning-apart-other"
        });
        let record = protocol::id::RecordId::from(protocol::id::DocumentId([1; 32]));
        let mut theirs = knelpunt(None);
        theirs["bijdrage_aan"] = record.to_string().into();
        theirs["titel"] = "De inwoner wacht op twee loketten".into();
        theirs["thema"] = json!(["schulden"]);
        theirs["teams"] = "2".into();
        if ours_first {
            place.arrives(1, 9901, &knelpunt(None));
            place.arrives(2, 9902, &theirs);
        } else {
            place.arrives(2, 9902, &theirs);
            place.arrives(1, 9901, &knelpunt(None));
        }
        place.ask(|world| {
            let named = Reference::Record(record);
            let text = world.json(&named, "2026-W20".parse().unwrap()).unwrap().unwrap();
            serde_json::from_str::<Value>(&text).unwrap()
        })
    };
    let one = shown(true);
    assert_eq!(one, shown(false));
    assert_eq!(one["thema"], json!(["schulden", "wonen"]), "sets are united");
    assert_eq!(
        one["titel"],
        json!({"GM9901": "Twee loketten wachten op elkaar", "GM9902": "De inwoner wacht op twee loketten"}),
        "and neither title wins"
    );
    assert_eq!(one["staat"], "structureel_vermoed");
}

#[test]
fn a_duiding_that_is_contested_stands_on_the_agenda_until_it_expired_and_the_question_stays() {
    let mut place = Place::new("learning-contested");
    let duiding = |op: &str| {
        json!({"soort": "duiding", "week": "2026-W08", "op": [op], "oordeel": "kan", "uitleg": "Het mag.",
            "verloopt": "2026-W20", "bron": [{"type": "handreiking", "verwijzing": "Handreiking loket"}]})
    };
    let mut typed = duiding("k-1");
    typed["id"] = "d-1".into();
    place.type_in(&json!([knelpunt(Some("k-1")), typed]));
    let shared = place.is_shared("d-1", 4);
    place.arrives(4, OURS, &duiding(&protocol::id::RecordId([2; 20]).to_string()));
    let contested = place.arrives(
        5,
        9902,
        &json!({"soort": "bericht", "week": "2026-W10", "over": shared.to_string(),
        "vorm": "tegenspraak", "tekst": "Bij ons niet."}),
    );
    let state = |peilweek: &str| {
        place.ask(|world| {
            let named = world.find("d-1").unwrap();
            let text = world.json(&named, peilweek.parse().unwrap()).unwrap().unwrap();
            serde_json::from_str::<Value>(&text).unwrap()["staat"].clone()
        })
    };
    assert_eq!(
        (state("2026-W12"), state("2026-W21")),
        (json!("betwist"), json!("verlopen"))
    );
    let asks = format!("onbeantwoord {contested}");
    let before = agenda(&place, "2026-Q2", "2026-W18");
    assert!(
        before.contains(&"verloopt d-1".to_owned()) && before.contains(&asks),
        "{before:?}"
    );
    let after = agenda(&place, "2026-Q3", "2026-W30");
    assert!(
        !after.contains(&"verloopt d-1".to_owned()) && after.contains(&asks),
        "{after:?}"
    );
}
