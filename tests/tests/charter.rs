//! Real nodes change who belongs: somebody joins, goes while it writes, is put on hold, merges, leaves.

use std::path::PathBuf;

use serde_json::Value;
use tests::harness::{Command, Federation, Node, wait};

const FOUR: [(&str, &str); 4] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
    ("GM9904", "Westerlo"),
];

fn signal(id: &str) -> String {
    let fields =
        "\"soort\":\"signaal\",\"week\":\"2026-W05\",\"fictief\":true,\"aard\":\"knelpunt\",\"thema\":[\"wonen\"]";
    let text = format!("Het loket vraagt eerst een bewijs, voor aanvraag {id}.");
    format!("{{\"id\":\"{id}\",{fields},\"laag\":\"uitvoering\",\"overdracht\":false,\"tekst\":\"{text}\"}}")
}

/// Takes a signal in and looks at it.
#[track_caller]
fn take_in(node: &Node, id: &str) {
    node.command(["share", "-", "--format", "json"])
        .stdin(signal(id))
        .run()
        .succeeded();
    node.run(["review", id]).succeeded();
}

/// Shares a signal and gives its record.
#[track_caller]
fn share(node: &Node, id: &str) -> String {
    take_in(node, id);
    let approved = node.run(["approve", id, "--json"]).succeeded();
    let approved: Value = serde_json::from_str(&approved).expect("one line of JSON");
    approved["record"].as_str().expect("it left").to_owned()
}

fn stand(node: &Node) -> Value {
    let shown = node.run(["charter", "show", "--json"]).succeeded();
    serde_json::from_str(&shown).expect("one line of JSON")
}

/// Waits until a node stands where it should.
#[track_caller]
fn until(node: &Node, what: &str, reached: impl Fn(&Value) -> bool) {
    wait::until(what, || reached(&stand(node)).then_some(()));
}

/// Members vote for what is proposed, as soon as each has heard of it.
#[track_caller]
fn endorse(federation: &Federation, by: &[usize]) {
    for at in by {
        let node = &federation.nodes[*at];
        wait::until("a vote", || {
            (node.run(["charter", "endorse"]).code == Some(0)).then_some(())
        });
    }
}

/// The nodes that run and that are told know this edition.
#[track_caller]
fn all_know(federation: &Federation, nodes: &[usize], edition: u64) {
    for at in nodes {
        until(&federation.nodes[*at], "an edition", |stand| stand["editie"] == edition);
    }
}

/// A gemeente that is no member yet, with its card.
fn newcomer(federation: &Federation) -> (Node, PathBuf) {
    let node = Node::new(federation.scratch.join("GM9909"));
    let init = Command::leerkring(federation.scratch.path(), ["init"]).arguments([node.home()]);
    init.arguments(["--gemeente", "GM9909", "--naam", "Noordmeer", "--practice"])
        .run()
        .succeeded();
    let card = federation.scratch.join("noordmeer.kaart");
    node.command(["charter", "card", "--out"])
        .arguments([&card])
        .run()
        .succeeded();
    (node, card)
}

/// What a node has of the charter goes to another one as a file.
#[track_caller]
fn carry(federation: &Federation, from: usize, to: &Node) {
    let file = federation.scratch.join("alles.handvest");
    federation.nodes[from]
        .command(["charter", "export", "--out"])
        .arguments([&file])
        .run()
        .succeeded();
    to.command(["charter", "import"]).arguments([&file]).run().succeeded();
}

#[test]
fn somebody_joins_and_a_member_goes_while_it_writes() {
    let mut federation = Federation::start(&FOUR[..3]);
    share(&federation.nodes[1], "voor");
    let (mut joining, card) = newcomer(&federation);
    federation.nodes[0]
        .command(["charter", "propose", "--add"])
        .arguments([&card])
        .run()
        .succeeded();
    endorse(&federation, &[1, 2]);
    all_know(&federation, &[0, 1, 2], 1);
    let invitation = federation.scratch.join("uitnodiging");
    let invite = federation.nodes[0].command(["charter", "invite", "--out"]);
    invite.arguments([&invitation]).run().succeeded();
    joining.join(&invitation).succeeded();
    carry(&federation, 0, &joining);
    joining.start();
    federation.nodes.push(joining);
    share(&federation.nodes[3], "nieuw");
    federation.agree_on(2);
    // Of four members three decide, without the one that goes.
    federation.nodes[0]
        .run(["charter", "propose", "--remove", "GM9902"])
        .succeeded();
    endorse(&federation, &[2, 3]);
    all_know(&federation, &[0, 1, 2, 3], 2);
    let gone = &federation.nodes[1];
    take_in(gone, "na");
    let refused = gone.run(["approve", "na"]).failed(6);
    assert!(refused.contains("deze gemeente is geen lid meer"), "{refused}");
    let waits = gone.run(["review"]).succeeded();
    assert!(waits.contains("goedgekeurd"), "what was approved is kept: {waits}");
    let status = gone.run(["status"]).succeeded();
    assert!(status.contains("is geen lid meer: er vertrekt niets"), "{status}");
    federation.nodes[1].stop();
    // What it wrote before counts, and the others go on.
    share(&federation.nodes[0], "verder");
    assert!(federation.agree_on(3).contains("\"eigenaar\":\"GM9902\""));
}

#[test]
fn a_suspension_holds_a_member_until_the_next_edition() {
    let federation = Federation::start(&FOUR);
    share(&federation.nodes[3], "voor");
    federation.agree_on(1);
    federation.nodes[0].run(["charter", "suspend", "GM9904"]).succeeded();
    until(&federation.nodes[1], "the request", |stand| {
        stand["schorsingen"][0]["nodig"] == 1
    });
    federation.nodes[1].run(["charter", "suspend", "GM9904"]).succeeded();
    let held = |stand: &Value| stand["schorsingen"][0]["van_kracht"] == true;
    federation
        .nodes
        .iter()
        .for_each(|node| until(node, "the suspension", held));
    let subject = &federation.nodes[3];
    take_in(subject, "tijdens");
    let refused = subject.run(["approve", "tijdens"]).failed(6);
    assert!(refused.contains("deze gemeente is geschorst"), "{refused}");
    // The next edition does not carry it, so it lapses and what waited leaves.
    let (_, card) = newcomer(&federation);
    federation.nodes[0]
        .command(["charter", "propose", "--add"])
        .arguments([&card])
        .run()
        .succeeded();
    endorse(&federation, &[1, 2]);
    all_know(&federation, &[0, 1, 2, 3], 1);
    assert_eq!(stand(subject)["schorsingen"], serde_json::json!([]));
    subject.run(["approve", "tijdens"]).succeeded();
    federation.agree_on(2);
}

#[test]
fn gemeenten_merge_while_a_node_is_away_and_the_successor_takes_back_what_was_theirs() {
    let mut federation = Federation::start(&FOUR);
    let record = share(&federation.nodes[1], "van-kromhoek");
    federation.agree_on(1);
    federation.nodes[2].stop();
    let refused = federation.nodes[0].run(["withdraw", &record]).failed(6);
    assert!(refused.contains("niets bijgedragen"), "{refused}");
    federation.nodes[0].propose_merger("GM9902", "GM9901");
    endorse(&federation, &[1, 3]);
    all_know(&federation, &[0, 1, 3], 1);
    take_in(&federation.nodes[1], "te-laat");
    let refused = federation.nodes[1].run(["approve", "te-laat"]).failed(6);
    assert!(refused.contains("opgegaan in een andere"), "{refused}");
    federation.nodes[1].stop();
    share(&federation.nodes[0], "van-de-opvolger");
    federation.nodes[2].start();
    all_know(&federation, &[2], 1);
    assert_eq!(stand(&federation.nodes[2])["herindelingen"][0]["naar"], "GM9901");
    // The past keeps its code.
    assert!(federation.agree_on(2).contains("\"eigenaar\":\"GM9902\""));
    federation.nodes[3].run(["withdraw", &record]).failed(6);
    federation.nodes[0].run(["withdraw", &record]).succeeded();
    assert!(!federation.agree_on(1).contains("GM9902"));
}

#[test]
fn who_leaves_votes_first_and_what_it_shared_stays() {
    let mut federation = Federation::start(&FOUR[..3]);
    share(&federation.nodes[2], "van-oosterveen");
    federation.agree_on(1);
    let refused = federation.nodes[2].run(["charter", "leave"]).failed(6);
    assert!(refused.contains("geen editie zonder GM9903"), "{refused}");
    federation.nodes[2]
        .run(["charter", "propose", "--remove", "GM9903"])
        .succeeded();
    endorse(&federation, &[0, 1]);
    all_know(&federation, &[0, 1, 2], 1);
    let gone = federation.nodes[2].run(["charter", "leave"]).failed(6);
    assert!(gone.contains("is geen lid meer"), "{gone}");
    federation.nodes[2].stop();
    share(&federation.nodes[0], "verder");
    federation.agree_on(2);
    // Who goes at once is out too, and goes on counting in the vote: of two both have to sign.
    federation.nodes[1].run(["charter", "leave", "--now"]).succeeded();
    until(&federation.nodes[0], "the departure", |stand| {
        stand["leden"][1]["vertrokken"] == true
    });
    take_in(&federation.nodes[1], "na");
    let refused = federation.nodes[1].run(["approve", "na"]).failed(6);
    assert!(refused.contains("heeft de federatie verlaten"), "{refused}");
    assert_eq!(stand(&federation.nodes[0])["stemming"]["quorum"], 2);
}
