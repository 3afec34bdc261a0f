//! What lies in a vault twice, is thrown away, or was taken back: each is said, and none leaves by mistake.

use std::path::PathBuf;

use tests::harness::{Federation, Node, Ran, records};

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];

/// A registration without an id, as it comes out of another program.
fn registration(federation: &Federation, name: &str, number: usize) -> PathBuf {
    let mut record = records::signal("x", number);
    record.as_object_mut().expect("a record is an object").remove("id");
    let file = federation.scratch.join(name);
    std::fs::write(&file, record.to_string()).expect("a scratch directory can be written");
    file
}

fn share(node: &Node, file: &PathBuf) -> Ran {
    node.command(["share"]).arguments([file]).run()
}

/// The ids that wait, in order.
fn waiting(node: &Node) -> Vec<String> {
    let listed = node.run(["review", "--json"]).succeeded();
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("a concept")["id"].clone();
    let ids = listed.lines().map(|line| id(line).as_str().expect("an id").to_owned());
    ids.collect()
}

#[test]
fn a_registration_that_comes_twice_lies_there_once_and_another_is_thrown_away() {
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    let file = registration(&federation, "registratie.json", 1);
    let first = share(node, &file).succeeded();
    assert!(!first.contains("lag er al"), "{first}");
    let [before] = &waiting(node)[..] else {
        panic!("{first}")
    };
    let again = share(node, &file).succeeded();
    assert!(
        again.contains(&format!("als {before}")) && again.contains("niet nog eens"),
        "{again}"
    );
    assert_eq!(waiting(node), std::slice::from_ref(before));
    share(node, &registration(&federation, "andere.json", 2)).succeeded();
    let ids = waiting(node);
    assert_eq!(ids.len(), 2);
    let second = ids.iter().find(|id| *id != before).expect("it has an id of its own");
    let begin = node.run(["discard", &second[..9]]).failed(6);
    assert!(begin.contains(second.as_str()), "{begin}");
    let gone = node.run(["discard", second]).succeeded();
    assert!(
        gone.contains(second.as_str()) && gone.contains("Een aanvraag"),
        "{gone}"
    );
    assert_eq!(waiting(node), std::slice::from_ref(before));
    node.run(["discard", second]).failed(3);
    node.run(["review", "--all"]).succeeded();
    node.run(["approve", "--all"]).succeeded();
    let shared = node.run(["discard", before]).failed(6);
    assert!(shared.contains("leerkring withdraw"), "{shared}");
    let audit = std::fs::read_dir(node.home().join("audit")).expect("something was done");
    let audit = audit.map(|file| std::fs::read_to_string(file.expect("our own folder").path()).expect("our own file"));
    assert!(audit.collect::<String>().contains("weggegooid"));
}

#[test]
fn what_was_taken_back_is_shared_under_another_id_only() {
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    let record = node.share_signal(1);
    node.run(["withdraw", &record]).succeeded();
    let again = node.run(["withdraw", &record]).succeeded();
    assert!(again.contains("al ingetrokken"), "{again}");
    let unknown = node.run(["withdraw", "zzzz"]).failed(3);
    assert!(unknown.contains("er is hier geen record"), "{unknown}");
    node.run(["review", "s-1"]).succeeded();
    let approved = node.run(["approve", "s-1"]).failed(6);
    assert!(approved.contains("nieuw id"), "{approved}");
    let same = records::signal("s-1", 1).to_string();
    let shared = node.command(["share", "-", "--format", "json"]).stdin(same).run();
    assert_eq!(shared.code, Some(3), "{shared:?}");
    assert!(shared.stdout.contains("nieuw id"), "{shared:?}");
    let other = records::signal("s-2", 1).to_string();
    let shared = node.command(["share", "-", "--format", "json"]).stdin(other).run();
    shared.succeeded();
    node.run(["discard", "s-1", "s-2"]).succeeded();
    assert_eq!(waiting(node).len(), 0);
}

#[test]
fn of_what_was_shared_only_what_was_shared_stays() {
    let mut federation = Federation::start(&ONE);
    let node = &mut federation.nodes[0];
    let mut record = records::signal("s-1", 1);
    record["tekst"] = "Mevrouw Zomer wacht op het loket.".into();
    record["casus"] = "Zij belde drie keer.".into();
    record["bekenden"] = serde_json::json!(["Zomerhof"]);
    let share = node
        .command(["share", "-", "--format", "json"])
        .stdin(record.to_string());
    share.run().succeeded();
    let unshared = node.run(["discard", "s-1", "--keep-shared"]).failed(6);
    assert!(unshared.contains("niets gedeeld"), "{unshared}");
    let before = node.run(["review", "s-1"]).succeeded();
    assert!(
        before.contains("casus") && before.contains("bekenden") && before.contains("Zomer"),
        "{before}"
    );
    node.run(["approve", "s-1"]).succeeded();
    let shared = node.run(["list", "--json"]).succeeded();
    let kept = node.run(["discard", "s-1", "--keep-shared"]).succeeded();
    assert!(kept.contains("[naam 1]") && !kept.contains("Zomer"), "{kept}");
    node.stop();
    node.start();
    let after = node.run(["review", "s-1"]).succeeded();
    assert!(
        !after.contains("casus") && !after.contains("bekenden") && !after.contains("Zomer"),
        "{after}"
    );
    assert_eq!(node.run(["list", "--json"]).succeeded(), shared);
    // It is still the record that was shared: typed again it edits that one, and it can be taken back.
    record["tekst"] = "Het loket is dicht.".into();
    let share = node
        .command(["share", "-", "--format", "json"])
        .stdin(record.to_string());
    share.run().succeeded();
    node.run(["review", "s-1"]).succeeded();
    node.run(["approve", "s-1"]).succeeded();
    let edited = node.run(["list", "--json"]).succeeded();
    assert_eq!(
        (edited.lines().count(), edited.contains("dicht")),
        (1, true),
        "{edited}"
    );
    node.run(["withdraw", "s-1"]).succeeded();
}
