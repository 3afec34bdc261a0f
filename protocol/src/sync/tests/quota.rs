//! A member that floods fills what it may and no more; everybody else is taken in as ever.

use super::super::{Config, Machine};
use super::net::{Net, Node, found};
use crate::entropy::Seeded;
use crate::gate::Shareable;
use crate::id::{Gemeente, Week};
use crate::log::{Looked, Replica, Write};
use crate::record::{Kind, Value};
use crate::store::{Batch, Space, Store};

/// Room for the logs of one gemeente: what fits in one answer, and some.
const ROOM: u64 = 3 << 20;
/// Entries of the flooder, in all its logs together.
const ENTRIES: usize = 2_400;
/// Bytes of one text of the flooder.
const TEXT_BYTES: usize = 3_000;

/// Writes logs as one that cares for nobody does: many of them, each closed by the next start.
fn flood(node: &mut Node, logs: usize, entries: usize) {
    let record = |number: usize| {
        let text = format!("{number} {}", "klacht ".repeat(TEXT_BYTES / 7));
        let fields = [("tekst".to_owned(), Value::Text(text))].into_iter().collect();
        Shareable::for_test(Kind::Signaal, node.gemeente, Week::new(2026, 11).unwrap(), fields)
    };
    for log in 0..logs {
        node.replica = Replica::open(node.replica.store().clone()).unwrap();
        node.replica.open_log(&node.key, &mut node.rng).unwrap();
        for number in 0..entries {
            let record = &record(log * entries + number);
            let written = node.replica.write(&node.key, &mut node.rng, Write::Found { record });
            assert!(written.unwrap().is_some());
        }
    }
}

/// Three founders of which the last floods in so many logs.
fn flooded(logs: usize) -> Net {
    let founded = found(3, &mut Seeded::new(5));
    let mut nodes: Vec<Node> = (0..3).map(|at| Node::new(&founded, at, &founded.statements)).collect();
    let config = Config {
        member_bytes_max: ROOM,
        ..Config::default()
    };
    for node in &mut nodes {
        node.machine = Machine::new(node.name, config.clone());
    }
    (0..20).for_each(|number| {
        nodes[1].write(&format!("Signaal {number}"));
    });
    flood(&mut nodes[2], logs, ENTRIES / logs);
    Net::new(nodes)
}

#[test]
fn a_member_that_floods_fills_what_it_may_and_hinders_nobody() {
    let mut net = flooded(12);
    let flooder = Gemeente::new(3).unwrap();
    assert!(
        net.nodes[2].replica.weight_of(flooder) > ROOM + (2 << 20),
        "what one writes itself is not bounded"
    );
    for (one, other) in [(0, 2), (1, 2), (0, 1)] {
        net.connect(one, other);
    }
    net.pass(300_000);
    for honest in [0, 1] {
        let node = &net.nodes[honest];
        let taken = node.replica.weight_of(flooder);
        assert!(taken <= ROOM, "{taken}");
        assert!(taken > ROOM - (2 << 20), "{taken}: it filled what it may");
        let other = net.nodes[1].name;
        assert_eq!(node.replica.node_digest(other), net.nodes[1].replica.node_digest(other));
    }
    for (at, full) in [(0, true), (1, true), (2, false)] {
        let node = &net.nodes[at];
        let told = node.machine.full(&node.replica);
        assert_eq!(told.iter().any(|(of, _)| *of == flooder), full, "{told:?}");
    }
    assert!(net.offences.is_empty(), "it is no offence to have written much");
    net.spent();
    net.pass(600_000);
    let (bytes, requests) = net.spent();
    assert!(bytes < 4 << 20, "{bytes} bytes in ten minutes, for nothing");
    assert!(requests < 1_000, "{requests} requests in ten minutes, for nothing");
}

#[test]
fn what_is_full_is_full_after_a_restart_and_mended_all_the_same() {
    let mut net = flooded(1);
    net.connect(0, 2);
    net.pass(300_000);
    let (flooder, writer) = (Gemeente::new(3).unwrap(), net.nodes[2].name);
    let node = &mut net.nodes[0];
    let taken = node.replica.weight_of(flooder);
    assert!(node.replica.logs_of(writer).count() > 0);
    let mut store = node.replica.store().clone();
    // Shortly before its end here: what the quota kept out is always offered with it.
    let headers = store.scan(Space::Headers, b"", b"", usize::MAX).unwrap();
    assert!(headers.len() < ENTRIES, "the quota ends within the log");
    let lost = &headers[headers.len() - 2].0;
    let mut batch = Batch::default();
    batch.delete(Space::Headers, lost.clone());
    store.commit(batch).unwrap();
    node.replica = Replica::open(store).unwrap();
    assert_eq!(node.replica.weight_of(flooder), taken);
    node.replica.look_over(&mut Looked::default(), usize::MAX).unwrap();
    assert_eq!(node.replica.damage().open, 1, "only the flooder wrote here");
    net.pass(300_000);
    let node = &net.nodes[0];
    assert_eq!(node.replica.damage().open, 0);
    assert_eq!(node.replica.weight_of(flooder), taken);
}
