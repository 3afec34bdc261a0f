//! Two replicas with any difference become equal, within the bytes that were promised.
#![allow(clippy::print_stdout, reason = "figures for whoever runs this")]

use super::super::{Frame, Hint, Input};
use super::net::{Founded, Net, Node, found};
use crate::charter::{Body, NodeAddress, Statement};
use crate::entropy::Seeded;
use crate::log::Reason;

fn pair(founded: &Founded) -> Vec<Node> {
    vec![
        Node::new(founded, 0, &founded.statements),
        Node::new(founded, 1, &founded.statements),
    ]
}

/// Copies everything that one replica holds into another, past the wires.
fn copy(from: &Node, to: &mut Node) {
    for (log, state) in from.replica.logs() {
        let mut at = 0;
        while at < state.held {
            let entries = from.replica.entries(log, at, 1 << 20).unwrap();
            at += entries.len() as u64;
            to.replica.ingest(log, entries).unwrap();
        }
    }
}

/// Two nodes that both hold the logs of `writers` nodes, `each` records long; the writers come after them.
fn met(founded: &Founded, each: usize) -> Vec<Node> {
    let statements = &founded.statements;
    let mut nodes: Vec<Node> = (0..founded.keys.len())
        .map(|at| Node::new(founded, at, statements))
        .collect();
    let mut both = nodes.split_off(0);
    let mut writers = both.split_off(2);
    for writer in &mut writers {
        (0..each).for_each(|n| {
            writer.write(&format!("Signaal {n} over iets dat in de weg zat."));
        });
        both.iter_mut().for_each(|node| copy(writer, node));
    }
    both.extend(writers);
    both
}

#[test]
fn equal_replicas_know_it_in_one_round_trip() {
    let founded = found(342, &mut Seeded::new(1));
    let mut nodes = met(&founded, 3);
    nodes.truncate(2);
    let mut net = Net::new(nodes);
    let (one, other) = (net.nodes[0].name, net.nodes[1].name);
    net.give(0, Input::Connected(other));
    net.give(1, Input::Connected(one));
    net.pass(2000);
    let (bytes, requests) = net.spent();
    println!("two equal replicas of 342 logs: {bytes} bytes, {requests} round trip");
    assert!(bytes <= 200 && requests == 1, "{bytes} bytes, {requests} requests");
    // Who answered knows it as well as who asked, and that they differ as soon as it is asked for what it does not hold.
    let equal = |net: &Net| {
        let seen = [net.nodes[0].machine.peer(other), net.nodes[1].machine.peer(one)];
        seen.map(|seen| seen.unwrap().equal)
    };
    assert_eq!(equal(&net), [true, true]);
    net.nodes[0].write("Een nieuw signaal.");
    net.wire = Some(Box::new(|_, to, bytes| {
        if to == 0 {
            bytes.clear();
        }
    }));
    net.pass(30_000);
    assert_eq!(equal(&net), [false, false]);
}

#[test]
fn a_hundred_new_entries_cost_what_was_promised() {
    for spread in [1, 10, 100] {
        let founded = found(342, &mut Seeded::new(2));
        let mut nodes = met(&founded, 30);
        let mut writers = nodes.split_off(2);
        let mut payloads = 0;
        for n in 0..100 {
            let writer = &mut writers[n % spread];
            let document = writer.write(&format!("Nieuw signaal {n}, later dan de andere."));
            payloads += writer.replica.changes(document).unwrap()[0].len();
        }
        writers[..spread].iter().for_each(|writer| copy(writer, &mut nodes[0]));
        let mut net = Net::new(nodes);
        net.connect(0, 1);
        net.pass(3000);
        let (bytes, requests) = net.spent();
        let budget = payloads + 100 * 300 + 2000;
        println!(
            "100 new entries of {spread} writers among 342 logs: {bytes} bytes of {budget} \
             ({payloads} are payload), {requests} requests"
        );
        assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
        assert!(bytes <= budget, "{bytes} bytes, the budget is {budget}");
    }
}

#[test]
fn both_directions_are_pulled_without_waiting_for_the_interval() {
    let founded = found(2, &mut Seeded::new(3));
    let mut nodes = pair(&founded);
    for node in &mut nodes {
        (0..5).for_each(|n| {
            node.write(&format!("Signaal {n}"));
        });
    }
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(100);
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
}

#[test]
fn a_cold_join_comes_in_chunks() {
    let founded = found(6, &mut Seeded::new(4));
    let mut nodes = met(&founded, 0);
    let mut writers = nodes.split_off(2);
    let long = "Een lang verhaal over wat er in de weg zat. ".repeat(100);
    for writer in &mut writers {
        (0..300).for_each(|_| {
            writer.write(&long);
        });
        copy(writer, &mut nodes[0]);
    }
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(3000);
    let (bytes, requests) = net.spent();
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
    let taken = net.nodes[1].machine.counters().entries;
    println!("cold join of {taken} entries: {bytes} bytes, {requests} requests");
    assert!(taken == 4 * 301 && requests > bytes / (1 << 20));
}

#[test]
fn statements_come_first_and_entries_even_when_statements_stay_apart() {
    let mut rng = Seeded::new(5);
    let founded = found(3, &mut rng);
    let mut nodes = vec![
        Node::new(&founded, 0, &founded.statements),
        Node::new(&founded, 1, &founded.statements),
    ];
    let address = |counter| {
        let node = nodes[0].name;
        let body = Body::Address(NodeAddress {
            node,
            counter,
            addresses: vec!["/ip4/10.0.0.1/tcp/1".into()],
        });
        Statement::sign(founded.federation, body, &founded.keys[0])
    };
    let (older, newer) = (address(1), address(2));
    nodes[0].replica.add_statements(vec![newer]).unwrap();
    nodes[1].replica.add_statements(vec![older]).unwrap();
    nodes[0].write("Signaal van de een");
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(1000);
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
}

#[test]
fn random_differences_vanish_with_every_hint_lost() {
    for seed in 0..20 {
        let mut rng = Seeded::new(seed);
        let founded = found(5, &mut rng);
        let mut nodes: Vec<Node> = (0..5).map(|at| Node::new(&founded, at, &founded.statements)).collect();
        for _ in 0..60 {
            let (one, other) = (rng.below(5) as usize, rng.below(5) as usize);
            nodes[one].write(&format!("Signaal {}", rng.next()));
            if rng.chance(1, 4) && one != other {
                let mut taken = nodes.split_off(one.max(other));
                let (low, high) = (&mut nodes[one.min(other)], &mut taken[0]);
                if one < other {
                    copy(low, high)
                } else {
                    copy(high, low)
                }
                nodes.append(&mut taken);
            }
        }
        let mut net = Net::new(nodes);
        // A chain: what the last has reaches the first through all others.
        (0..4).for_each(|at| net.connect(at, at + 1));
        net.pass(120_000);
        let digests: Vec<_> = net.nodes.iter().map(|node| node.replica.digest()).collect();
        assert!(digests.iter().all(|digest| *digest == digests[0]), "seed {seed}");
        assert!(net.offences.is_empty(), "{:?}", net.offences);
    }
}

#[test]
fn a_hint_spreads_a_new_record_at_once() {
    let founded = found(3, &mut Seeded::new(6));
    let mut net = Net::new((0..3).map(|at| Node::new(&founded, at, &founded.statements)).collect());
    net.hints = true;
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        net.connect(one, other);
    }
    net.pass(1000);
    net.nodes[0].write("Iets nieuws");
    net.give(0, Input::Written);
    net.pass(300);
    let digests: Vec<_> = net.nodes.iter().map(|node| node.replica.digest()).collect();
    assert!(digests.iter().all(|digest| *digest == digests[0]));
}

#[test]
fn a_hint_may_come_before_the_peer_it_came_through_has_what_it_is_about() {
    let founded = found(3, &mut Seeded::new(8));
    let mut net = Net::new((0..3).map(|at| Node::new(&founded, at, &founded.statements)).collect());
    net.connect(0, 1);
    net.connect(1, 2);
    net.pass(3000);
    net.nodes[0].write("Iets nieuws");
    let bytes = Frame::from(Hint {
        digest: net.nodes[0].replica.digest(),
    })
    .encode();
    let through = net.nodes[1].name;
    net.give(
        2,
        Input::Hint {
            peer: through,
            bytes: bytes.clone(),
        },
    );
    net.pass(100);
    let from = net.nodes[0].name;
    net.give(1, Input::Hint { peer: from, bytes });
    net.pass(1000);
    assert_eq!(net.nodes[2].replica.digest(), net.nodes[0].replica.digest());
}

#[test]
fn a_cold_join_from_several_peers_fetches_little_twice() {
    let founded = found(40, &mut Seeded::new(9));
    let mut nodes = met(&founded, 20);
    nodes.truncate(4);
    let empty = Node::new(&founded, 3, &founded.statements);
    let (one, rest) = nodes.split_at_mut(1);
    (rest[1..].iter_mut()).for_each(|node| copy(&one[0], node));
    nodes[3] = empty;
    let mut net = Net::new(nodes);
    let held = net.nodes[0].replica.digest();
    let names: Vec<_> = net.nodes.iter().map(|node| node.name).collect();
    for peer in 0..3 {
        net.give(3, Input::Connected(names[peer]));
        net.give(peer, Input::Connected(names[3]));
    }
    net.pass(5000);
    assert_eq!(net.nodes[3].replica.digest(), held);
    let replayed = net.nodes[3].replica.refusals().of(Reason::Replay);
    let taken = net.nodes[3].machine.counters().entries;
    println!("{taken} entries from three peers, {replayed} of them twice");
    assert!(replayed * 10 <= taken);
}

#[test]
fn an_idle_federation_stays_idle() {
    let founded = found(3, &mut Seeded::new(7));
    let mut net = Net::new((0..3).map(|at| Node::new(&founded, at, &founded.statements)).collect());
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        net.connect(one, other);
    }
    net.pass(60_000);
    net.spent();
    net.pass(600_000);
    let (bytes, requests) = net.spent();
    println!("three idle nodes in ten minutes: {requests} requests, {bytes} bytes");
    // Three pairs, once per ten seconds and pair is 180; both sides asking would be 360.
    assert!((60..=300).contains(&requests), "{requests}");
}
