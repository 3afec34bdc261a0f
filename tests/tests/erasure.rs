//! What is withdrawn is nowhere any more: not at whoever was there, not at whoever was away.

use std::fs;
use std::path::Path;

use tests::harness::{Federation, Node, wait};

const FIVE: [(&str, &str); 5] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
    ("GM9904", "Westerlo"),
    ("GM9905", "Noordmeer"),
];

/// A word that is nowhere else.
const MARKER: &str = "zonsverduisteringsloket";

fn signal(id: &str, text: &str) -> String {
    let fields =
        "\"soort\":\"signaal\",\"week\":\"2026-W05\",\"fictief\":true,\"aard\":\"knelpunt\",\"thema\":[\"wonen\"]";
    format!("{{\"id\":\"{id}\",{fields},\"laag\":\"uitvoering\",\"overdracht\":false,\"tekst\":\"{text}\"}}")
}

fn share(node: &Node, id: &str, text: &str) -> String {
    node.command(["share", "-", "--format", "json"])
        .stdin(signal(id, text))
        .run()
        .succeeded();
    node.run(["review", id]).succeeded();
    let approved = node.run(["approve", id, "--json"]).succeeded();
    let approved: serde_json::Value = serde_json::from_str(&approved).expect("one line of JSON");
    approved["record"].as_str().expect("it left").to_owned()
}

/// Files below a folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else if fs::read(&path)
            .expect("it can be read")
            .windows(bytes.len())
            .any(|part| part == bytes)
        {
            found.push(path.display().to_string());
        }
    }
    found
}

fn everywhere(federation: &Federation) -> Vec<String> {
    let homes = federation.nodes.iter().map(Node::home);
    homes.flat_map(|home| holding(home, MARKER.as_bytes())).collect()
}

/// How many nodes have confirmed, and how many should, as a node sees it.
fn confirmed(node: &Node, id: &str) -> (u64, u64) {
    let ran = node.run(["receipts", id, "--json"]);
    let detail: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let number = |name: &str| detail[name].as_u64().unwrap_or(0);
    (number("bevestigd"), number("nodes"))
}

#[test]
fn what_is_withdrawn_is_in_no_folder_any_more_also_of_a_node_that_was_away() {
    let mut federation = Federation::start(&FIVE);
    share(
        &federation.nodes[1],
        "blijft",
        "Dit signaal blijft staan, want het loket wacht nog steeds.",
    );
    let record = share(&federation.nodes[0], "weg", &format!("Het {MARKER} is nooit open."));
    federation.agree_on(2);
    assert!(
        everywhere(&federation).len() >= 5,
        "every node shows it, so the search would find it"
    );
    federation.nodes[4].stop();
    let refused = federation.nodes[1].run(["withdraw", &record[..12]]).failed(6);
    assert!(refused.contains("niets bijgedragen"), "{refused}");
    federation.nodes[0].run(["withdraw", &record[..12]]).succeeded();
    wait::until("four nodes confirm", || {
        (confirmed(&federation.nodes[0], &record) == (4, 5)).then_some(())
    });
    let told = federation.nodes[0].run(["receipts", &record]).succeeded();
    assert!(told.contains("4 van 5") && told.contains("nog niet"), "{told}");
    federation.nodes[4].start();
    wait::until("the fifth confirms", || {
        (confirmed(&federation.nodes[0], "weg") == (5, 5)).then_some(())
    });
    federation.agree_on(1);
    federation.nodes.iter_mut().for_each(|node| {
        node.stop();
    });
    assert_eq!(everywhere(&federation), Vec::<String>::new());
    federation.nodes.iter_mut().for_each(|node| {
        node.run(["verify", &node.home().display().to_string()]).succeeded();
        node.start();
    });
    assert!(!federation.agree_on(1).contains(MARKER));
}

#[test]
fn what_was_withdrawn_can_be_shared_anew_as_another_record() {
    let federation = Federation::start(&FIVE[..2]);
    let node = &federation.nodes[0];
    let first = share(node, "een", "Het loket is te vaak dicht.");
    federation.agree_on(1);
    node.run(["withdraw", "een"]).succeeded();
    federation.agree_on(0);
    assert!(
        node.run(["review"])
            .succeeded()
            .lines()
            .all(|line| !line.starts_with("een")),
        "nobody has to look again"
    );
    let second = share(node, "een", "Het loket is te vaak dicht, ook op maandag.");
    assert_ne!(first, second);
    assert_eq!(federation.agree_on(1).lines().count(), 1);
    node.run(["withdraw", "nergens"]).failed(3);
    node.run(["receipts", "nergens"]).failed(3);
}

#[test]
fn who_has_still_to_confirm_is_shown_the_same_after_a_restart() {
    let mut federation = Federation::start(&FIVE[..3]);
    let record = share(&federation.nodes[0], "weg", "Het loket gaf geen antwoord.");
    federation.agree_on(1);
    federation.nodes[2].stop();
    federation.nodes[0].run(["withdraw", &record]).succeeded();
    let reached = |node: &Node, expected| {
        wait::until("the receipts", || (confirmed(node, &record) == expected).then_some(()));
    };
    reached(&federation.nodes[0], (2, 3));
    for node in 0..2 {
        federation.nodes[node].stop();
        federation.nodes[node].start();
        assert_eq!(
            confirmed(&federation.nodes[node], &record),
            (2, 3),
            "it is in the charter"
        );
        let told = federation.nodes[node].run(["receipts", &record]).succeeded();
        assert_eq!(told.matches("nog niet").count(), 1, "{told}");
    }
    federation.nodes[2].start();
    reached(&federation.nodes[0], (3, 3));
    federation.nodes[0].stop();
    federation.nodes[0].start();
    assert_eq!(confirmed(&federation.nodes[0], &record), (3, 3));
}
