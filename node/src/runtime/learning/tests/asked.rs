//! The loop through the answers of a node that belongs to nothing else: what is linked, said, closed and asked.

use protocol::api::{
    AfspraakAsked, Format, KoppelingAsked, Lang, NieuwKnelpunt, OntkoppelingAsked, OpenstaandQuery, Outcome,
    OvergangAsked, Paging, Problem, SessieAsked, TerugQuery,
};
use protocol::gate::Account;
use serde_json::{Value, json};

use crate::http::{Failure, Learning as _};
use crate::runtime::approvals;
use crate::runtime::backend::Answers;
use crate::runtime::local::tests::{knelpunt, signaal};
use crate::runtime::running::tests::with_answers;

pub(super) fn by() -> Account {
    Account::new("tester").unwrap()
}

pub(super) fn type_in(answers: &Answers, records: &Value) {
    let body = serde_json::to_vec(records).unwrap();
    let taken = approvals::intake(answers, Format::Json, &body, (&by(), false), Lang::Nl).unwrap();
    let refused = |outcome: &&Outcome| matches!(outcome, Outcome::Refused { .. });
    assert_eq!(taken.concepten.iter().find(refused), None);
}

/// The signals that a draft resembles, with their states.
fn resembling(answers: &Answers, draft: &Value) -> Vec<(String, String)> {
    let body = serde_json::to_vec(draft).unwrap();
    let taken = approvals::intake(answers, Format::Json, &body, (&by(), true), Lang::Nl).unwrap();
    let Outcome::Taken { lijkt_op, .. } = &taken.concepten[0] else {
        panic!("refused: {taken:?}");
    };
    let signals = lijkt_op.iter().filter(|one| one.soort == "signaal");
    signals.map(|one| (one.id.clone(), one.staat.clone())).collect()
}

pub(super) fn shown(answers: &Answers, id: &str) -> Value {
    serde_json::from_str(&answers.local_record(id, None).unwrap()).unwrap()
}

fn at(mut record: Value, week: &str) -> Value {
    record["week"] = week.into();
    record
}

pub(super) fn told<T>(answer: Result<T, Failure>) -> Problem {
    match answer {
        Ok(_) => panic!("this was to be refused"),
        Err(failure) => failure.problem(Lang::Nl),
    }
}

pub(super) fn link(signals: &[&str], knelpunt: &str) -> KoppelingAsked {
    KoppelingAsked {
        signalen: signals.iter().map(|id| (*id).to_owned()).collect(),
        knelpunt: Some(knelpunt.to_owned()),
        nieuw: None,
    }
}

pub(super) fn two_teams() -> Value {
    json!([
        at(signaal("s-1", "Noord", None), "2026-W07"),
        at(signaal("s-2", "Zuid", None), "2026-W09"),
    ])
}

#[test]
fn linking_states_how_many_teams_and_taking_it_back_states_it_anew() {
    with_answers("learning-link", |answers| {
        type_in(answers, &two_teams());
        let new = KoppelingAsked {
            signalen: vec!["s-1".to_owned()],
            knelpunt: None,
            nieuw: Some(NieuwKnelpunt {
                id: Some("k-1".to_owned()),
                titel: "Twee loketten".to_owned(),
                soort_knelpunt: "werkproces".to_owned(),
            }),
        };
        let made = answers.link(&new, &by(), Lang::Nl).unwrap();
        assert_eq!(
            (made.knelpunten[0].staat.as_str(), made.knelpunten[0].teams.as_deref()),
            ("incident", Some("1"))
        );
        assert_eq!(shown(answers, "k-1")["thema"], json!(["wonen"]), "of its signals");
        assert_eq!(
            told(answers.link(&new, &by(), Lang::Nl)).status,
            409,
            "that id is taken"
        );
        let both = answers.link(&link(&["s-2"], "k-1"), &by(), Lang::Nl).unwrap();
        assert_eq!(both.knelpunten[0].staat, "structureel_vermoed");
        let changed: Vec<&str> = both.concepten.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(changed, ["k-1", "s-2"], "the knelpunt says 2 now");
        let signalen = vec!["s-1".to_owned()];
        let one = answers
            .unlink(&OntkoppelingAsked { signalen }, &by(), Lang::Nl)
            .unwrap();
        assert_eq!(
            (one.knelpunten[0].staat.as_str(), one.knelpunten[0].teams.as_deref()),
            ("incident", Some("1"))
        );
        assert_eq!(shown(answers, "s-1")["staat"], "gemeld");
    });
}

#[test]
fn what_a_person_stated_of_teams_stays_when_it_says_more() {
    with_answers("learning-stated", |answers| {
        let mut stated = knelpunt(Some("k-1"));
        stated["teams"] = "3+".into();
        type_in(answers, &json!([stated, signaal("s-1", "Noord", None)]));
        let done = answers.link(&link(&["s-1"], "k-1"), &by(), Lang::Nl).unwrap();
        assert_eq!(done.concepten.len(), 1, "only the signal is changed");
        assert_eq!(shown(answers, "k-1")["staat"], "structureel_vermoed");
    });
}

#[test]
fn a_signal_that_is_typed_with_its_knelpunt_counts_in_what_that_states() {
    with_answers("learning-restates", |answers| {
        type_in(answers, &json!([knelpunt(Some("k-1")), two_teams()[0], two_teams()[1]]));
        answers.link(&link(&["s-1"], "k-1"), &by(), Lang::Nl).unwrap();
        assert_eq!(shown(answers, "k-1")["teams"]["GM9901"], "1");
        type_in(answers, &at(signaal("s-2", "Zuid", Some("k-1")), "2026-W09"));
        assert_eq!(shown(answers, "k-1")["teams"]["GM9901"], "2");
        type_in(answers, &at(signaal("s-2", "Noord", Some("k-1")), "2026-W09"));
        assert_eq!(
            shown(answers, "k-1")["teams"]["GM9901"],
            "1",
            "the same team twice is one"
        );
        type_in(answers, &at(signaal("s-3", "Oost", Some("k-1")), "2026-W10"));
        assert_eq!(shown(answers, "k-1")["teams"]["GM9901"], "2");
    });
}

#[test]
fn what_a_signal_may_belong_to_is_proposed_with_why_and_a_theme_alone_is_no_reason() {
    with_answers("learning-proposes", |answers| {
        let mut lift = signaal("s-3", "Oost", None);
        lift["tekst"] = "De lift is stuk.".into();
        let mut jeugd = signaal("s-4", "West", None);
        jeugd["thema"] = json!(["jeugd"]);
        let mut gone = knelpunt(Some("k-2"));
        gone["samengevoegd_met"] = "k-1".into();
        type_in(
            answers,
            &json!([knelpunt(Some("k-1")), gone, two_teams()[0], two_teams()[1], lift, jeugd]),
        );
        let page = answers.proposals(None).unwrap();
        assert_eq!((page.signalen, page.ongekoppeld), (4, 4));
        let proposed: Vec<(&str, Vec<&str>)> = page
            .voorstellen
            .iter()
            .map(|one| {
                (
                    one.signaal.as_str(),
                    one.lijkt_op.iter().map(|like| like.id.as_str()).collect(),
                )
            })
            .collect();
        assert_eq!(proposed, [("s-2", vec!["k-1", "s-1"]), ("s-1", vec!["k-1", "s-2"])]);
        let why = &page.voorstellen[0].lijkt_op[0];
        assert_eq!(why.thema, ["wonen"]);
        assert!(why.woorden.contains(&"loketten".to_owned()), "{why:?}");
        answers.link(&link(&["s-1"], "k-1"), &by(), Lang::Nl).unwrap();
        let page = answers.proposals(None).unwrap();
        assert_eq!(page.ongekoppeld, 3);
        let left: Vec<&str> = page.voorstellen[0]
            .lijkt_op
            .iter()
            .map(|like| like.id.as_str())
            .collect();
        assert_eq!(left, ["k-1"], "a signal that has its knelpunt is no reason");
    });
}

#[test]
fn what_cannot_be_linked_is_told_and_nothing_is_changed() {
    with_answers("learning-unlinkable", |answers| {
        type_in(answers, &two_teams());
        for (asked, status) in [
            (link(&["s-1"], "s-2"), 409),
            (link(&["s-1"], "k-9"), 404),
            (link(&["k-9"], "s-1"), 404),
            (link(&[], "s-1"), 400),
            (
                KoppelingAsked {
                    knelpunt: None,
                    ..link(&["s-1"], "")
                },
                400,
            ),
        ] {
            assert_eq!(told(answers.link(&asked, &by(), Lang::Nl)).status, status, "{asked:?}");
        }
        assert_eq!(shown(answers, "s-1")["knelpunt"], Value::Null);
    });
}

fn sessie(id: &str) -> SessieAsked {
    SessieAsked {
        id: id.to_owned(),
        kwartaal: "2026-Q1".parse().unwrap(),
        aard: None,
        week: Some("2026-W13".parse().unwrap()),
        aanwezig: vec!["beleid".to_owned(), "uitvoering".to_owned()],
        aantal_band: None,
        besproken: vec!["k-1".to_owned()],
        afspraken: vec![AfspraakAsked {
            wat: "Bellen".to_owned(),
            klaar: Some("2026-Q2".parse().unwrap()),
            ..AfspraakAsked::default()
        }],
    }
}

#[test]
fn a_sessie_closes_once_and_what_it_agreed_comes_back_to_the_team() {
    with_answers("learning-closes", |answers| {
        type_in(
            answers,
            &json!([
                knelpunt(Some("k-1")),
                at(signaal("s-1", "Noord", Some("k-1")), "2026-W07"),
                at(signaal("s-2", "Zuid", Some("k-1")), "2026-W09"),
                {"id": "q-1", "soort": "sessie", "week": "2026-W12", "kwartaal": "2026-Q1", "aard": "kwartaalgesprek"},
            ]),
        );
        let nobody = SessieAsked {
            aanwezig: Vec::new(),
            ..sessie("q-1")
        };
        assert_eq!(told(answers.close(&nobody, &by(), Lang::Nl)).status, 400);
        assert_eq!(
            told(answers.close(&sessie("k-1"), &by(), Lang::Nl)).status,
            409,
            "that is a knelpunt"
        );
        let closed = answers.close(&sessie("q-1"), &by(), Lang::Nl).unwrap();
        assert_eq!(closed.knelpunten[0].staat, "structureel_bevestigd");
        let other = SessieAsked {
            afspraken: Vec::new(),
            ..sessie("q-1")
        };
        let twice = told(answers.close(&other, &by(), Lang::Nl));
        assert_eq!(twice.status, 409);
        assert!(twice.detail.contains("al afgerond, in 2026-W13"), "{}", twice.detail);
        assert_eq!(
            shown(answers, "q-1")["afspraken"][0]["wat"],
            "Bellen",
            "nothing was changed"
        );
        let query = TerugQuery {
            team: Some("noord".to_owned()),
            ..TerugQuery::default()
        };
        let back = answers.came_of(&query).unwrap().signalen;
        assert_eq!((back.len(), back[0].id.as_str()), (1, "s-1"));
        let promised = back[0]
            .gebeurd
            .iter()
            .map(|one| (one.soort.as_str(), one.beloofd.map(|due| due.to_string())));
        assert_eq!(promised.collect::<Vec<_>>(), [("afspraak", Some("2026-Q2".to_owned()))]);
        let later = TerugQuery {
            sinds: Some("2026-W14".parse().unwrap()),
            ..TerugQuery::default()
        };
        assert_eq!(answers.came_of(&later).unwrap().signalen, []);
    });
}

fn into(staat: &str, velden: Value, week: &str) -> OvergangAsked {
    OvergangAsked {
        staat: staat.to_owned(),
        afspraak: None,
        week: Some(week.parse().unwrap()),
        velden: velden.as_object().unwrap().clone().into_iter().collect(),
    }
}

#[test]
fn a_record_goes_where_it_can_and_is_told_where_it_cannot() {
    with_answers("learning-moves", |answers| {
        type_in(
            answers,
            &json!([
                knelpunt(Some("k-1")),
                knelpunt(Some("k-2")),
                at(signaal("s-1", "Noord", Some("k-1")), "2026-W12")
            ]),
        );
        let go = |id: &str, asked: OvergangAsked| answers.go(id, &asked, &by(), Lang::Nl);
        let names = |id: &str| {
            let next = answers.state_of(id, (None, None), Lang::Nl).unwrap().overgangen;
            next.into_iter().map(|one| one.staat).collect::<Vec<_>>()
        };
        assert_eq!(names("s-1"), ["geduid", "opgelost", "bewust_geparkeerd"]);
        let impossible = told(go("k-1", into("heropend", json!({}), "2026-W20")));
        assert_eq!(impossible.status, 409);
        assert!(
            impossible
                .detail
                .contains("wel: structureel_vermoed, in_aanpak, opgelost, samengevoegd_met"),
            "{}",
            impossible.detail
        );
        let follows = told(go("s-1", into("geduid", json!({}), "2026-W20")));
        assert!(
            follows.detail.contains("vanzelf geduid, als een duiding"),
            "{}",
            follows.detail
        );
        let unknown = told(go("k-1", into("weg", json!({}), "2026-W20")));
        assert_eq!((unknown.status, unknown.toegestaan.len()), (400, 4));
        let missing = told(go("s-1", into("bewust_geparkeerd", json!({}), "2026-W20")));
        assert_eq!(
            (missing.status, missing.toegestaan),
            (400, vec!["geparkeerd_tot".to_owned()])
        );
        let wrong = told(go(
            "s-1",
            into("bewust_geparkeerd", json!({"geparkeerd_tot": "lente"}), "2026-W20"),
        ));
        assert_eq!(wrong.status, 400);
        let over = told(go(
            "s-1",
            into("bewust_geparkeerd", json!({"geparkeerd_tot": "2026-W15"}), "2026-W20"),
        ));
        assert!(over.detail.contains("zou dan gekoppeld zijn"), "{}", over.detail);
        let kind = told(go(
            "k-1",
            into("samengevoegd_met", json!({"samengevoegd_met": "s-1"}), "2026-W20"),
        ));
        assert!(kind.detail.contains("geen knelpunt"), "{}", kind.detail);
        assert_eq!(told(go("k-1", into("opgelost", json!({}), "2099-W01"))).status, 400);
        assert_eq!(shown(answers, "k-1")["staat"], "incident", "nothing was changed");
        let solved = go("k-1", into("opgelost", json!({}), "2026-W20")).unwrap();
        assert_eq!(
            (solved.staat.as_str(), solved.concepten[0].id.as_str()),
            ("opgelost", "k-1")
        );
        assert_eq!(shown(answers, "s-1")["staat"], "opgelost", "that follows");
        go(
            "k-2",
            into("samengevoegd_met", json!({"samengevoegd_met": "k-1"}), "2026-W21"),
        )
        .unwrap();
        assert_eq!(shown(answers, "k-2")["staat"], "samengevoegd_met");
    });
}

#[test]
fn what_resembles_a_draft_is_told_in_its_state() {
    with_answers("learning-near", |answers| {
        type_in(
            answers,
            &json!([knelpunt(Some("k-1")), signaal("s-1", "Noord", Some("k-1"))]),
        );
        let near = |state: &str| [("s-1".to_owned(), state.to_owned())];
        assert_eq!(resembling(answers, &signaal("s-2", "Zuid", None)), near("gekoppeld"));
        answers
            .go("k-1", &into("opgelost", json!({}), "2026-W20"), &by(), Lang::Nl)
            .unwrap();
        assert_eq!(resembling(answers, &signaal("s-2", "Zuid", None)), near("opgelost"));
    });
}

#[test]
fn what_takes_the_place_of_another_is_changed_and_not_what_it_replaces() {
    with_answers("learning-replaces", |answers| {
        let les = |id: &str| json!({"id": id, "soort": "les", "week": "2026-W10", "titel": "Bellen", "niveau": "werkproces", "kern": "Bel."});
        type_in(answers, &json!([les("les-1"), les("les-2"), knelpunt(Some("k-1"))]));
        let other = told(answers.go(
            "les-1",
            &into("herzien", json!({"door": "k-1"}), "2026-W20"),
            &by(),
            Lang::Nl,
        ));
        assert!(other.detail.contains("geen les"), "{}", other.detail);
        let done = answers
            .go(
                "les-1",
                &into("herzien", json!({"door": "les-2"}), "2026-W20"),
                &by(),
                Lang::Nl,
            )
            .unwrap();
        assert_eq!(
            (done.staat.as_str(), done.concepten[0].id.as_str()),
            ("herzien", "les-2")
        );
        assert_eq!(shown(answers, "les-2")["vervangt"], "les-1");
    });
}

#[test]
fn an_afspraak_is_finished_with_what_it_led_to_and_a_row_that_is_not_there_is_told() {
    with_answers("learning-afspraak", |answers| {
        type_in(answers, &knelpunt(Some("k-1")));
        answers.close(&sessie("q-1"), &by(), Lang::Nl).unwrap();
        let go = |nr: u32, staat: &str, velden: Value| {
            let asked = OvergangAsked {
                afspraak: Some(nr),
                ..into(staat, velden, "2026-W20")
            };
            answers.go("q-1", &asked, &by(), Lang::Nl)
        };
        assert_eq!(told(go(2, "afgerond", json!({}))).status, 409);
        assert_eq!(told(go(1, "afgerond", json!({"leidt_tot": "les-9"}))).status, 404);
        assert_eq!(
            go(1, "bewust_geparkeerd", json!({"geparkeerd_tot": "2026-W30"}))
                .unwrap()
                .staat,
            "bewust_geparkeerd"
        );
        assert_eq!(go(1, "open", json!({})).unwrap().staat, "open");
        let done = go(1, "afgerond", json!({"leidt_tot": "k-1"})).unwrap();
        assert_eq!((done.soort.as_str(), done.staat.as_str()), ("afspraak", "afgerond"));
        assert_eq!(done.overgangen, []);
        assert_eq!(shown(answers, "q-1")["afspraken"][0]["leidt_tot"], "k-1");
    });
}

#[test]
fn what_stands_open_came_back_or_waits_is_listed_page_by_page() {
    with_answers("learning-lasts", |answers| {
        let mut solved = at(knelpunt(Some("k-1")), "2026-W02");
        solved["episodes"] = json!([{"opgelost": "2026-W10"}]);
        let ask = json!({"id": "b-1", "soort": "bericht", "week": "2026-W09", "over": "k-2", "vorm": "vraag", "tekst": "Hoe?"});
        type_in(
            answers,
            &json!([
                solved,
                at(knelpunt(Some("k-2")), "2026-W05"),
                at(signaal("s-1", "Noord", Some("k-1")), "2026-W14"),
                ask
            ]),
        );
        let query = |keert_terug, netwerk| OpenstaandQuery {
            keert_terug,
            netwerk,
            thema: Some("wonen".to_owned()),
            peilweek: Some("2026-W20".parse().unwrap()),
        };
        for netwerk in [false, true] {
            let open = answers
                .knelpunten(&query(false, netwerk), Paging::default(), Lang::Nl)
                .unwrap();
            let lines: Vec<_> = open.knelpunten.iter().map(|one| (one.id.as_str(), one.weken)).collect();
            assert_eq!(lines, [("k-2", 15), ("k-1", 6)]);
            let back = answers
                .knelpunten(&query(true, netwerk), Paging::default(), Lang::Nl)
                .unwrap();
            let lines: Vec<_> = back.knelpunten.iter().map(|one| (one.id.as_str(), one.keren)).collect();
            assert_eq!(lines, [("k-1", 1)]);
            let asked = answers
                .questions(&query(false, netwerk), Paging::default(), Lang::Nl)
                .unwrap();
            assert_eq!((asked.totaal, asked.vragen[0].over.as_deref()), (1, Some("k-2")));
        }
        let second = Paging { pagina: 2, aantal: 1 };
        let page = answers.knelpunten(&query(false, false), second, Lang::Nl).unwrap();
        assert_eq!((page.totaal, page.knelpunten[0].id.as_str()), (2, "k-1"));
        let theme = OpenstaandQuery {
            thema: Some("maan".to_owned()),
            ..OpenstaandQuery::default()
        };
        assert_eq!(
            told(answers.knelpunten(&theme, Paging::default(), Lang::Nl)).status,
            400
        );
        type_in(
            answers,
            &json!({"id": "b-2", "soort": "bericht", "week": "2026-W11", "over": "b-1", "vorm": "antwoord", "tekst": "Zo."}),
        );
        assert_eq!(
            answers
                .questions(&query(false, false), Paging::default(), Lang::Nl)
                .unwrap()
                .totaal,
            0
        );
    });
}
