//! Networks as they are: lines that are cut and healed, addresses that come and go, a slow line that keeps breaking.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use protocol::api::Stand;
use tests::harness::line::Quality;
use tests::harness::{Federation, Line, Network, Node, Site, records, wait};
use tests::scope;

const THREE: [(&str, &str); 3] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
];
/// How long a byte is under way on the slow line, each way.
const DELAY: Duration = Duration::from_millis(300);
/// How long a connection lasts on the line that keeps breaking.
const LASTS: Duration = Duration::from_secs(5);
/// Longer than a node takes to see that nobody answers any more, and to dial again.
const NOTICED: Duration = Duration::from_secs(180);

/// Shares a signal at a node, with a command: the test itself is not in the network of the node.
#[track_caller]
fn share(node: &Node, number: usize) {
    let id = format!("s-{number}");
    let record = records::signal(&id, number).to_string();
    let taken = node.command(["share", "-", "--format", "json"]).stdin(record).run();
    taken.succeeded();
    node.run(["review", &id]).succeeded();
    node.run(["approve", &id]).succeeded();
}

#[track_caller]
fn stand(node: &Node) -> Stand {
    let told = node.run(["status", "--json", "--peilweek", "2026-W06"]).succeeded();
    serde_json::from_str(&told).expect("a stand is JSON")
}

/// Waits until all that run show so many records, and the same snapshot.
#[track_caller]
fn agree(federation: &Federation, records: usize) {
    let agreed = wait::within(NOTICED, "nodes that agree", || {
        let stands: Vec<Stand> = federation.nodes.iter().map(stand).collect();
        let same = stands.iter().all(|stand| stand.snapshot == stands[0].snapshot);
        (same && stands.iter().all(|stand| stand.records == records as u64)).then_some(())
    });
    if agreed.is_err() {
        let told = federation.nodes.iter().map(|node| node.run(["status"]).succeeded());
        panic!("no agreement on {records} records:\n{}", told.collect::<String>());
    }
    federation.agree_on(records);
}

/// Waits until a node shows so many records.
#[track_caller]
fn shows(node: &Node, records: u64) {
    wait::until("records", || (stand(node).records >= records).then_some(()));
    assert_eq!(stand(node).records, records);
}

/// Waits until a node has seen that it is connected with so many others.
#[track_caller]
fn connected(node: &Node, with: usize) {
    let seen = wait::within(NOTICED, "a node that sees who is there", || {
        let peers = stand(node).peers;
        (peers.iter().filter(|peer| peer.verbonden).count() == with).then_some(())
    });
    seen.unwrap_or_else(|_| panic!("{}", node.run(["status"]).succeeded()));
}

/// Three nodes, each in a network of its own, around a switch.
fn around_a_switch() -> Option<(Federation, Network)> {
    let network = Network::of(THREE.len())?;
    let mut federation = Federation::found_at(&THREE, |at| Site {
        network: Some(network.node(at)),
        options: vec!["--listen".to_owned(), format!("/ip4/{}/tcp/0", Network::address(at))],
        ..Site::default()
    });
    for node in &mut federation.nodes {
        node.start();
    }
    Some((federation, network))
}

const NO_NETWORKS: &str = "nodes in networks of their own: ip is not here, or may not make them";

#[test]
fn two_sides_of_a_cut_both_write_and_are_equal_once_it_heals() {
    let Some((federation, network)) = around_a_switch() else {
        return scope::left_out(NO_NETWORKS);
    };
    share(&federation.nodes[0], 1);
    agree(&federation, 1);
    network.cut(2);
    share(&federation.nodes[0], 2);
    share(&federation.nodes[1], 3);
    share(&federation.nodes[2], 4);
    shows(&federation.nodes[0], 3);
    shows(&federation.nodes[1], 3);
    if scope::full() {
        for (node, with) in federation.nodes.iter().zip([1, 1, 0]) {
            connected(node, with);
        }
    } else {
        scope::left_out("a cut network: the one that lasts until both sides have noticed");
    }
    assert_eq!(
        stand(&federation.nodes[2]).records,
        2,
        "nothing comes over a line that is cut"
    );
    network.heal(2);
    agree(&federation, 4);
}

#[test]
fn an_address_that_goes_away_and_comes_back_is_where_the_node_is() {
    let Some((federation, network)) = around_a_switch() else {
        return scope::left_out(NO_NETWORKS);
    };
    agree(&federation, 0);
    network.take_address(1);
    share(&federation.nodes[0], 1);
    share(&federation.nodes[1], 2);
    shows(&federation.nodes[2], 1);
    assert_eq!(stand(&federation.nodes[1]).records, 1, "nobody reaches it");
    network.give_address(1);
    agree(&federation, 2);
}

/// Where `init` had a node listen.
fn listens(node: &Node) -> SocketAddr {
    let config = fs::read_to_string(node.home().join("leerkring.toml")).expect("a node has a configuration");
    let port = config.split("/tcp/").nth(1).and_then(|rest| rest.split('"').next());
    let port = port.expect("init chose a port").parse().expect("a port is a number");
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Two nodes that only reach each other over a line like this.
fn over_a_line(quality: Quality) -> (Federation, [Line; 2]) {
    let lines = [Line::new(quality), Line::new(quality)];
    let mut federation = Federation::found_at(&THREE[..2], |at| Site {
        options: vec![
            "--announce".to_owned(),
            format!("/ip4/127.0.0.1/tcp/{}", lines[at].address().port()),
        ],
        ..Site::default()
    });
    for (node, line) in federation.nodes.iter_mut().zip(&lines) {
        line.lead_to(listens(node));
        node.start();
    }
    (federation, lines)
}

/// Lets both write by turns until so many records are there, and both have all of them.
fn both_write(federation: &Federation, records: usize) {
    for number in 1..=records {
        share(&federation.nodes[number % 2], number);
    }
    agree(federation, records);
}

#[test]
fn over_a_slow_line_two_nodes_become_equal() {
    let (federation, _lines) = over_a_line(Quality {
        delay: DELAY,
        lasts: None,
    });
    both_write(&federation, 4);
}

#[test]
fn over_a_line_that_keeps_breaking_two_nodes_become_equal() {
    let (federation, lines) = over_a_line(Quality {
        delay: DELAY,
        lasts: Some(LASTS),
    });
    let broke = || lines.iter().map(Line::broken).sum::<u64>();
    let (mut records, breaks) = (0, if scope::full() { 20 } else { 2 });
    if !scope::full() {
        scope::left_out("a line that keeps breaking: more than a few times");
    }
    // Something new between any two breaks.
    while broke() < breaks {
        let before = broke();
        records += 1;
        share(&federation.nodes[records % 2], records);
        wait::within(NOTICED, "the next break", || (broke() > before).then_some(())).expect("the line breaks");
    }
    agree(&federation, records);
}
