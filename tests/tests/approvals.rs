//! What a person approves is what was shown, and what was approved leaves: also after a change or a stop in between.

use std::io::{Read, Write};
use std::net::TcpStream;

use cli::exit::Exit;
use protocol::api::{self, ConceptState, Shown, path};
use serde_json::{Value, json};
use tests::harness::{Api, Federation, Node, Scratch, records, wait};

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];

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
    let api = federation.nodes[0].api();
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
fn all_means_all_that_was_read() {
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    let api = node.api();
    take_in(&api, &records::signal("een", 1));
    let read = node.run(["review", "--all"]).succeeded();
    assert!(read.contains(&records::text_of(1)), "{read}");
    take_in(&api, &records::signal("twee", 2));
    let ran = node.run(["approve", "--all", "--json"]);
    assert_eq!(ran.code, Some(6), "{ran:?}");
    assert!(
        ran.stdout.contains("\"een\"") && !ran.stdout.contains("\"twee\""),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("twee"), "{ran:?}");
}

/// What a node answers to an approval of somebody else, or of who does not say who they are: on this machine everybody has one
/// account.
fn approved_by(node: &Node, account: Option<&str>, shown: &[Shown]) -> Value {
    let token = std::fs::read_to_string(node.home().join("api.token")).expect("a node that runs has a token");
    let address = node.ready().api.strip_prefix("http://").expect("the API is HTTP");
    let (to, token, body) = (
        path::GOEDKEURINGEN,
        token.trim(),
        json!({"concepten": shown}).to_string(),
    );
    let account = account.map(|account| format!("{}: {account}\r\n", api::ACCOUNT_HEADER));
    let account = account.unwrap_or_default();
    let asked = format!(
        "POST {to} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         {account}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).expect("the API accepts");
    stream.write_all(asked.as_bytes()).expect("the API reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the API answers");
    let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

#[test]
fn under_four_eyes_another_account_approves_what_one_shared() {
    let mut federation = Federation::found(&ONE);
    let node = &mut federation.nodes[0];
    node.configure("four_eyes = false", "four_eyes = true");
    node.start();
    let api = node.api();
    let shown = [take_in(&api, &records::signal("een", 1))];
    let own = api.approve(&shown).expect("a node answers");
    let why = own[0].fout.as_ref().map(|fault| fault.melding.as_str());
    assert!(why.is_some_and(|why| why.contains("vier ogen")), "{why:?}");
    assert_eq!(own[0].staat, ConceptState::Wacht);
    let nameless = approved_by(node, None, &shown);
    let why = nameless["goedkeuringen"][0]["fout"]["melding"].as_str();
    assert!(why.is_some_and(|why| why.contains("Leerkring-Account")), "{nameless}");
    let answer = approved_by(node, Some("een.collega"), &shown);
    assert_eq!(
        answer["goedkeuringen"][0]["staat"],
        json!(ConceptState::Gedeeld),
        "{answer}"
    );
}

#[test]
fn who_may_not_approve_hears_that_also_where_nothing_could_leave() {
    let mut federation = Federation::found(&ONE);
    let at = federation.init("GM9902", "Kromhoek");
    let node = &mut federation.nodes[at];
    node.configure("four_eyes = false", "four_eyes = true");
    node.start();
    let api = node.api();
    let shown = take_in(&api, &records::signal("een", 1));
    let lines = api.approve(&[shown]).expect("a line says why");
    assert_eq!(lines[0].staat, ConceptState::Wacht);
    let fault = lines[0].fout.as_ref().expect("it is their own");
    assert!(fault.melding.contains("vier ogen"), "{fault:?}");
    node.run(["review", "een"]).succeeded();
    let said = node.run(["approve", "een"]).failed(1);
    assert!(!said.contains("bewaard"), "{said}");
}

#[test]
fn what_was_approved_before_a_stop_leaves_at_the_next_start() {
    let founded = Federation::found(&ONE);
    let charter = founded.scratch.join("handvest");
    // The same node before its charter came: it approves, and nothing can leave yet.
    let scratch = Scratch::new("early");
    let mut early = Node::new(scratch.join("node"));
    copy(founded.nodes[0].home(), early.home());
    std::fs::remove_dir_all(early.home().join("store")).expect("a founded node has a store");
    early.start();
    let refused = early
        .api()
        .share(&[records::signal("een", 1)])
        .expect_err("not founded yet");
    assert_eq!(refused.exit, Exit::Conflict, "{refused}");
    early.stop();
    early
        .command(["charter", "import"])
        .arguments([&charter])
        .run()
        .succeeded();
    early.start();
    let api = early.api();
    let week = "2026-W06".parse().expect("a week");
    wait::until("the approved record", || {
        (api.list(week).expect("a node answers").len() == 1).then_some(())
    });
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a scratch directory can be written");
    let mode = std::fs::metadata(from).expect("a node has a directory").permissions();
    std::fs::set_permissions(to, mode).expect("one may close one's own directory");
    for entry in std::fs::read_dir(from).expect("a node has a directory") {
        let path = entry.expect("its entries can be read").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file of a node can be copied");
        }
    }
}
