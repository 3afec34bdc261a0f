//! What a person approves is what was shown.

use cli::exit::Exit;
use protocol::api::{ConceptState, Shown};
use serde_json::Value;
use tests::harness::{Api, Federation, Node, records};

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];

fn api(node: &Node) -> Api {
    Api::of(node.home()).expect("a node that is ready says where it answers")
}

fn retyped(id: &str) -> Value {
    let mut record = records::signal(id, 1);
    record["tekst"] = "Een collega schreef er iets anders van.".into();
    record
}

fn take_in(api: &Api, record: &Value) -> Shown {
    let taken = api.take_in(std::slice::from_ref(record)).expect("a node answers");
    taken.into_iter().next().expect("a valid record is taken in")
}

#[test]
fn what_was_retyped_after_it_was_shown_is_not_approved() {
    let federation = Federation::start(&ONE);
    let api = api(&federation.nodes[0]);
    let (first, other) = (
        take_in(&api, &records::signal("een", 1)),
        take_in(&api, &records::signal("twee", 2)),
    );
    let second = take_in(&api, &retyped("een"));
    let refused = api.approve(&[other.clone(), first]).expect_err("the text has changed");
    assert_eq!(refused.exit, Exit::Conflict, "{refused}");
    let week = "2026-W06".parse().expect("a week");
    assert_eq!(
        api.list(week).expect("a node answers").len(),
        0,
        "nothing of it is approved"
    );
    let approved = api.approve(&[other, second]).expect("this was shown");
    let states: Vec<_> = approved.iter().map(|approval| approval.staat).collect();
    assert_eq!(states, [ConceptState::Gedeeld; 2]);
}

#[test]
fn all_means_all_that_was_listed() {
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    let api = api(node);
    take_in(&api, &records::signal("een", 1));
    node.run(["review"]).succeeded();
    take_in(&api, &records::signal("twee", 2));
    let ran = node.run(["approve", "--all", "--json"]);
    assert_eq!(ran.code, Some(6), "{ran:?}");
    assert!(
        ran.stdout.contains("\"een\"") && !ran.stdout.contains("\"twee\""),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("twee"), "{ran:?}");
}
