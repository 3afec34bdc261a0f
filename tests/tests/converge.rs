//! Real nodes become equal: without gossip, with one away, and with both sides writing the same record.

use serde_json::Value;
use tests::harness::{Federation, Node, records};

const FOUR: [(&str, &str); 4] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
    ("GM9904", "Westmeer"),
];

/// Shares one record and gives its id in the network.
#[track_caller]
fn share(node: &Node, record: &Value) -> String {
    let api = node.api();
    let approvals = api
        .share(std::slice::from_ref(record))
        .expect("a node that runs answers");
    let shared = approvals.first().and_then(|approval| approval.record);
    shared
        .unwrap_or_else(|| panic!("{record} was not shared: {approvals:?}"))
        .to_string()
}

#[test]
fn without_gossip_and_with_one_away_all_end_equal() {
    let mut federation = Federation::found(&FOUR);
    let (away, present) = federation.nodes.split_last_mut().expect("four nodes");
    away.configure("gossip = true", "gossip = false");
    for node in &mut *present {
        node.configure("gossip = true", "gossip = false");
        node.start();
    }
    for (at, node) in present.iter().enumerate() {
        for number in 0..3 {
            share(node, &records::signal(&format!("s-{number}"), at * 10 + number));
        }
    }
    let without = federation.agree_on(9);
    federation.nodes[3].start();
    assert_eq!(federation.agree_on(9), without, "who comes last lists the same bytes");
    federation.agree_on_snapshot(records::week());
}

#[test]
fn a_knelpunt_written_on_both_sides_of_an_absence_is_one_record() {
    let mut federation = Federation::start(&FOUR[..3]);
    let founded = share(&federation.nodes[0], &records::knelpunt("knelpunt", None, "wonen"));
    federation.agree_on(1);
    let absent = &mut federation.nodes[2];
    absent.stop();
    absent.start_with(&["--offline"]);
    share(absent, &records::knelpunt("van-drie", Some(&founded), "jeugd"));
    share(absent, &records::signal("los", 3));
    share(
        &federation.nodes[1],
        &records::knelpunt("van-twee", Some(&founded), "schulden"),
    );
    let absent = &mut federation.nodes[2];
    absent.stop();
    absent.start();
    let list = federation.agree_on(2);
    let knelpunt = list
        .lines()
        .find(|line| line.contains(&founded))
        .expect("the knelpunt is listed");
    for theme in ["wonen", "jeugd", "schulden"] {
        assert!(knelpunt.contains(theme), "{theme} is not in {knelpunt}");
    }
    federation.agree_on_snapshot(records::week());
}
