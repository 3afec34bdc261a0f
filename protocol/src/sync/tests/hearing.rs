//! A node that may hold what was withdrawn since hears others before it gives them entries.

use super::super::Config;
use super::super::peers::{Ended, Pair, Peers};
use super::super::pull::End;
use super::net::{Net, Node, found};
use crate::charter::{Body, Statement};
use crate::entropy::Seeded;
use crate::id::{DocumentId, NodeKey};

/// Where a frame says what it is; an answer has the highest bit set.
const KIND_AT: usize = 1;

/// The node withdraws what it wrote.
fn withdraw(node: &mut Node, document: DocumentId) {
    let withdrawal = node.replica.withdrawal(document).unwrap().unwrap();
    let federation = node.replica.federation().unwrap();
    let statement = Statement::sign(federation, Body::Withdraw(withdrawal), &node.key);
    node.replica.add_statements(vec![statement]).unwrap();
}

fn has_told(net: &Net, at: usize, of: usize) -> bool {
    let peer = net.nodes[of].name;
    net.nodes[at].machine.peer(peer).is_some_and(|seen| seen.told)
}

#[test]
fn two_that_wait_for_each_other_hear_each_other_and_become_equal() {
    let founded = found(2, &mut Seeded::new(71));
    let mut nodes: Vec<Node> = (0..2).map(|at| Node::new(&founded, at, &founded.statements)).collect();
    for node in &mut nodes {
        node.write("wat blijft");
        let document = node.write("wat ingetrokken is");
        withdraw(node, document);
        node.machine.hear_first(true);
    }
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(60_000);
    assert!(has_told(&net, 0, 1) && has_told(&net, 1, 0));
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
    assert_eq!(net.offences, []);
}

#[test]
fn who_waits_gives_statements_and_no_entries_to_whom_it_did_not_hear() {
    let founded = found(2, &mut Seeded::new(72));
    let mut nodes: Vec<Node> = (0..2).map(|at| Node::new(&founded, at, &founded.statements)).collect();
    nodes[1].write("wat misschien ingetrokken is");
    let document = nodes[1].write("wat ingetrokken is");
    withdraw(&mut nodes[1], document);
    nodes[1].machine.hear_first(true);
    let mut net = Net::new(nodes);
    // What it asks is lost: it is asked only.
    net.wire = Some(Box::new(|from, _, bytes| {
        if from == 1 && bytes[KIND_AT] & 0x80 == 0 {
            bytes.clear();
        }
    }));
    net.connect(0, 1);
    net.pass(60_000);
    assert_eq!(net.nodes[0].replica.logs().count(), 0, "no entry came");
    let known = net.nodes[0].replica.roster().erasures();
    assert!(known.withdrawn(document).is_some(), "the withdrawal came");
    assert!(
        !has_told(&net, 0, 1),
        "it is not heard as long as it holds entries back"
    );

    net.wire = None;
    net.pass(120_000);
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
    assert!(has_told(&net, 0, 1) && has_told(&net, 1, 0));
}

#[test]
fn entries_alone_are_not_all_that_a_peer_has_to_tell() {
    let (config, mut rng) = (Config::default(), Seeded::new(73));
    let (me, peer) = (NodeKey([1; 32]), NodeKey([2; 32]));
    let mut peers = Peers::default();
    peers.connect(Pair { me, peer }, &config, 0, &mut rng);
    let exhausted = Ended {
        how: Some(End::Exhausted),
        gained: true,
    };
    for (stated, told) in [(false, false), (true, true)] {
        if stated {
            peers.stated(peer);
        }
        peers.ended(peer, &exhausted, &config, 1, &mut rng);
        assert_eq!(peers.seen(peer).unwrap().told, told);
    }
}
