//! Real nodes: started by the executable, killed, started again, and in agreement afterwards.

use tests::harness::{Federation, Node};

/// Two fictitious gemeenten.
const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];

fn signal(id: &str) -> String {
    let text = "Een aanvraag blijft liggen, omdat het loket eerst een bewijs vraagt dat pas na de aanvraag komt.";
    let fields =
        "\"soort\":\"signaal\",\"week\":\"2026-W05\",\"fictief\":true,\"aard\":\"knelpunt\",\"thema\":[\"wonen\"]";
    format!("{{\"id\":\"{id}\",{fields},\"laag\":\"uitvoering\",\"overdracht\":false,\"tekst\":\"{text}\"}}")
}

/// Shares a signal at a node and approves it.
#[track_caller]
fn share(node: &Node, id: &str) {
    node.command(["share", "-", "--format", "json"])
        .stdin(signal(id))
        .run()
        .succeeded();
    node.run(["review", id]).succeeded();
    node.run(["approve", id]).succeeded();
}

fn records(list: &str) -> usize {
    list.lines().count()
}

#[test]
fn what_one_shares_all_list_in_the_same_bytes() {
    let federation = Federation::start(&TWO);
    share(&federation.nodes[0], "een");
    share(&federation.nodes[1], "twee");
    assert_eq!(records(&federation.agree_on(2)), 2);
}

#[test]
fn a_node_that_was_killed_knows_what_it_acknowledged_and_what_it_missed() {
    let mut federation = Federation::start(&TWO);
    share(&federation.nodes[0], "voor");
    federation.nodes[0].kill();
    share(&federation.nodes[1], "tijdens");
    federation.nodes[0].start();
    share(&federation.nodes[0], "na");
    assert_eq!(records(&federation.agree_on(3)), 3);
}

#[test]
fn a_node_stops_in_time_when_it_is_asked_to() {
    let mut federation = Federation::start(&TWO[..1]);
    let node = &mut federation.nodes[0];
    share(node, "een");
    assert!(node.home().join("node.json").exists());
    assert_eq!(node.stop().code(), Some(0));
    assert!(!node.home().join("node.json").exists());
    node.run(["list"]).failed(4);
}

#[test]
fn a_node_alone_keeps_what_it_shares() {
    let mut federation = Federation::start(&TWO[..1]);
    share(&federation.nodes[0], "een");
    let before = federation.agree_on(1);
    federation.nodes[0].stop();
    federation.nodes[0].start();
    assert_eq!(federation.agree_on(1), before);
}

#[test]
fn a_kind_or_theme_that_does_not_exist_is_refused_in_the_language_of_who_asks() {
    let federation = Federation::start(&TWO[..1]);
    let node = &federation.nodes[0];
    for (option, nl, en) in [
        ("--soort", "onbekende soort", "unknown kind"),
        ("--thema", "onbekend thema", "unknown theme"),
    ] {
        for (lang, said) in [("nl", nl), ("en", en)] {
            for form in [["--json"].as_slice(), &[]] {
                let ran = node.run([["list", option, "schuld", "--lang", lang].as_slice(), form].concat());
                assert_eq!(ran.code, Some(3), "{ran:?}");
                assert!(ran.stderr.contains(said), "{ran:?}");
            }
        }
    }
    let list = node.run(["list", "--thema", "schulden", "--json"]).succeeded();
    assert_eq!(list, "");
}
