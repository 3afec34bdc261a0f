//! A disk that fills up under a node: it says so, reads on, loses nothing that it acknowledged, and goes on once there is room.

use std::collections::BTreeSet;

use cli::exit::Exit;
use protocol::api::{Approval, ConceptState};
use serde_json::Value;
use tests::harness::{Disk, Federation, Node, Site, records};
use tests::scope;

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];
/// Megabytes of the disk, and of the larger one that is tried when nothing is left out.
const SMALL: usize = 8;
const LARGER: usize = 16;
/// Records that are handed in together.
const TOGETHER: usize = 25;
/// More than any of these disks holds.
const RECORDS_MAX: usize = 20_000;

/// Writes until the disk is full; the ids of the records that were acknowledged.
fn fill(node: &Node) -> BTreeSet<String> {
    let api = node.api();
    let mut acknowledged = BTreeSet::new();
    for first in (0..RECORDS_MAX).step_by(TOGETHER) {
        let numbers = first..first + TOGETHER;
        let batch: Vec<Value> = numbers
            .map(|number| records::signal(&format!("s-{number}"), number))
            .collect();
        match api.share(&batch) {
            Ok(approvals) => acknowledged.extend(approvals.iter().filter_map(shared)),
            Err(refused) => {
                assert_eq!(
                    refused.exit,
                    Exit::Conflict,
                    "{}\n{}",
                    refused.message.nl,
                    node.printed()
                );
                return acknowledged;
            }
        }
    }
    panic!("the disk never was full");
}

fn shared(approval: &Approval) -> Option<String> {
    let record = approval.record.filter(|_| approval.staat == ConceptState::Gedeeld)?;
    Some(record.to_string())
}

/// Everything that was acknowledged is listed.
#[track_caller]
fn lists(node: &Node, acknowledged: &BTreeSet<String>) -> usize {
    let list = node.api().list(records::week()).expect("a node that runs lists");
    let listed = list.iter().map(|line| {
        let record: Value = serde_json::from_str(line).expect("a record is JSON");
        record["id"].as_str().unwrap_or_default().to_owned()
    });
    let listed: BTreeSet<String> = listed.collect();
    let lost: Vec<&String> = acknowledged.difference(&listed).collect();
    assert!(lost.is_empty(), "{} of {} are lost", lost.len(), acknowledged.len());
    list.len()
}

fn fill_and_make_room(disk: &Disk, megabytes: usize) {
    let mut federation = Federation::found_at(&TWO, |at| Site {
        home: (at == 0).then(|| disk.path().join("node")),
        ..Site::default()
    });
    for node in &mut federation.nodes {
        node.start();
    }
    let node = &mut federation.nodes[0];
    let acknowledged = fill(node);
    assert!(acknowledged.len() > TOGETHER, "{} fitted", acknowledged.len());

    let status = node.run(["status"]).succeeded();
    assert!(status.contains("vol: maak ruimte en start de node opnieuw"), "{status}");
    assert!(
        node.run(["status", "--lang", "en"])
            .succeeded()
            .contains("full: make room")
    );
    let refused = node
        .command(["share", "-", "--format", "json"])
        .stdin(records::signal("nog-een", RECORDS_MAX).to_string())
        .run();
    if refused.code != Some(0) {
        let said = refused.failed(6);
        assert!(
            said.contains("schijf van de node is vol") && said.contains("maak ruimte"),
            "{said}"
        );
    }
    // The node copies its vault beside itself, and the backup is written there: either has no room.
    let backup = node.command(["backup", "--lang", "nl", "--out"]);
    let said = backup.arguments([disk.path().join("vol.reservekopie")]).run().failed(6);
    assert!(
        said.contains("schijf") && said.contains("vol") && said.contains("maak ruimte"),
        "{said}"
    );
    assert!(!disk.path().join("vol.reservekopie").exists());
    let read = node.run(["list", "--json"]).succeeded().lines().count();
    assert!(
        read + 2 * TOGETHER >= acknowledged.len() && read > 0,
        "{read} of {}",
        acknowledged.len()
    );

    // One line of it, however often it was tried.
    let said = node.printed();
    let lines = said
        .lines()
        .filter(|line| line.contains("the store could not be flushed"));
    assert!(lines.count() <= 1, "{said}");

    // Whether it can still say everything at its end depends on what filled the last byte; that it says why does not.
    assert!(matches!(node.stop().code(), Some(0 | 6)));
    let start = node.command(["node", "--stop-with-stdin", "--lang", "nl", "--dir"]);
    let start = start.arguments([node.home()]).run();
    if start.code != Some(0) {
        let said = start.failed(6);
        assert!(said.contains("schijf is vol") && said.contains("maak ruimte"), "{said}");
    }

    disk.grow_to(megabytes * 4);
    node.start();
    assert!(!node.run(["status"]).succeeded().contains("maak ruimte"));
    let shared = node.api().share(&[records::signal("verder", RECORDS_MAX + 1)]);
    assert!(shared.expect("there is room again")[0].record.is_some());
    let listed = lists(node, &acknowledged);
    federation.agree_on(listed);
    federation.agree_on_snapshot(records::week());
}

#[test]
fn a_disk_that_fills_up_loses_nothing_and_says_what_to_do() {
    let Some(disk) = Disk::of(SMALL) else {
        return scope::left_out("a disk that fills up: no file system can be mounted here");
    };
    fill_and_make_room(&disk, SMALL);
    drop(disk);
    if !scope::full() {
        return scope::left_out("a disk that fills up: the larger one");
    }
    let disk = Disk::of(LARGER).expect("one was mounted a moment ago");
    fill_and_make_room(&disk, LARGER);
}
