//! A tip is shown with what it is about, of kringen that this gemeente is in, and not when it is switched off.

use protocol::api::{Format, Outcome, Problem};
use protocol::gate::Account;
use serde_json::{Value as Json, json};

use super::*;
use crate::http::Kringen as _;
use crate::runtime::approvals;
use crate::runtime::local::tests::{OURS, Place, knelpunt, signaal};
use crate::runtime::running::tests::with_answers;

fn kring(id: &str, tips: &Json) -> Json {
    json!({"id": id, "soort": "kring", "week": "2026-W02", "naam": format!("Kring {id}"), "doel": "Samen leren", "tips": tips})
}

fn type_in(answers: &Answers, records: &Json, only_tried: bool) -> Vec<Outcome> {
    let body = serde_json::to_vec(records).unwrap();
    let by = Account::new("tester").unwrap();
    let taken = approvals::intake(answers, Format::Json, &body, (&by, only_tried), Lang::Nl).unwrap();
    taken.concepten
}

/// What is shown with a draft.
fn with(answers: &Answers, draft: &Json) -> Vec<String> {
    match &type_in(answers, draft, true)[0] {
        Outcome::Taken { tips, .. } => tips.iter().map(|tip| tip.toon.clone()).collect(),
        refused => panic!("{refused:?}"),
    }
}

fn switch(answers: &Answers, tip: Option<&str>, aan: bool) -> Result<TipPage, Box<Problem>> {
    let asked = TipSchakeling {
        tip: tip.map(str::to_owned),
        aan,
    };
    let switched = answers.switch_tips(&asked, Lang::Nl);
    switched.map_err(|failure| Box::new(failure.problem(Lang::Nl)))
}

#[test]
fn a_tip_is_shown_with_what_it_is_about_until_it_is_switched_off() {
    with_answers("tips-shown", |answers| {
        let tips = json!([
            {"als": "thema=wonen en woorden=loket", "toon": "Bel het loket"},
            {"als": "overdracht=ja", "toon": "Draag warm over"},
            {"als": "thema=wonne", "toon": "Nooit"},
        ]);
        type_in(answers, &kring("kring-1", &tips), false);
        let draft = signaal("s-1", "Noord", None);
        assert_eq!(with(answers, &draft), ["Bel het loket"]);
        let mut handed_over = draft.clone();
        handed_over["overdracht"] = true.into();
        assert_eq!(with(answers, &handed_over), ["Bel het loket", "Draag warm over"]);
        let page = answers.tips(Lang::Nl).unwrap();
        let wrong: Vec<_> = page.tips.iter().filter_map(|line| line.fout.as_deref()).collect();
        assert_eq!((page.totaal, wrong), (3, vec!["thema heeft geen waarde \"wonne\""]));
        let id = page.tips[0].tip.id.clone();
        let switched = switch(answers, Some(&id[..6]), false).unwrap();
        assert!(!switched.tips[0].aan && switched.tips[1].aan);
        assert_eq!(with(answers, &handed_over), ["Draag warm over"]);
        assert!(switch(answers, None, false).unwrap().alle_uit);
        assert_eq!(with(answers, &handed_over), [""; 0], "none means none");
        type_in(
            answers,
            &kring("kring-2", &json!([{"als": "altijd", "toon": "Later"}])),
            false,
        );
        assert_eq!(with(answers, &draft), [""; 0], "also what came later");
        let alone = switch(answers, Some(&id), true).unwrap_err();
        assert!(alone.status == 409 && alone.hint.unwrap().contains("on --all"));
        switch(answers, None, true).unwrap();
        assert_eq!(with(answers, &draft), ["Bel het loket", "Later"]);
        assert_eq!(switch(answers, Some("zzz"), false).unwrap_err().status, 409);
    });
}

#[test]
fn the_same_knelpunt_at_two_teams_brings_up_a_tip() {
    with_answers("tips-recurs", |answers| {
        let als = "zelfde knelpunt bij >=2 teams binnen 13 weken";
        type_in(
            answers,
            &kring("kring-1", &json!([{"als": als, "toon": "Kijk wat anderen deden"}])),
            false,
        );
        let week = |mut record: Json| {
            record["week"] = week_now().to_string().into();
            record
        };
        let first = week(signaal("s-1", "Noord", Some("k-1")));
        type_in(answers, &json!([week(knelpunt(Some("k-1"))), first]), false);
        let draft = week(signaal("s-3", "Oost", None));
        assert_eq!(with(answers, &draft), [""; 0], "one team");
        type_in(answers, &week(signaal("s-2", "Zuid", Some("k-1"))), false);
        assert_eq!(with(answers, &draft), ["Kijk wat anderen deden"]);
    });
}

/// What the gemeente of the tests is given.
fn given_in(place: &Place) -> Vec<String> {
    let peilweek: Week = "2026-W20".parse().unwrap();
    let given = place.ask(|world| of_world(world, Gemeente::new(OURS).unwrap(), peilweek).unwrap());
    given.into_iter().map(|one| one.tip.toon).collect()
}

#[test]
fn only_members_are_shown_tips_and_only_of_members() {
    let mut place = Place::new("tips-members");
    let tip = |toon: &str| json!([{"als": "altijd", "toon": toon}]);
    let theirs = json!({"soort": "kring", "week": "2026-W02", "naam": "Van hen", "doel": "Leren", "tips": tip("van hen"),
        "lidmaatschap": [{"van": "2026-W02"}]});
    let record = place.arrives(1, 9902, &theirs);
    assert_eq!(given_in(&place), [""; 0], "this gemeente is not in it");
    let adds = |toon: &str, lid: Json| {
        json!({"soort": "kring", "week": "2026-W03", "bijdrage_aan": record.to_string(),
        "tips": tip(toon), "lidmaatschap": lid})
    };
    place.arrives(
        2,
        9903,
        &adds(
            "van wie er niet meer in zit",
            json!([{"van": "2026-W03", "tot": "2026-W04"}]),
        ),
    );
    place.type_in(
        &json!({"id": "lid", "soort": "kring", "week": "2026-W04", "bijdrage_aan": record.to_string(),
        "tips": tip("van ons"), "lidmaatschap": [{"van": "2026-W04"}]}),
    );
    assert_eq!(given_in(&place), ["van ons", "van hen"]);
    place.type_in(
        &json!({"id": "lid", "soort": "kring", "week": "2026-W04", "bijdrage_aan": record.to_string(),
        "tips": tip("van ons"), "lidmaatschap": [{"van": "2026-W04", "tot": "2026-W10"}]}),
    );
    assert_eq!(given_in(&place), [""; 0], "it left");
}
