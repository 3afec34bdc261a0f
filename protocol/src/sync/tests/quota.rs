//! A member that floods fills what it may and no more, at its own pace; everybody else is taken in as ever.

use super::super::ration::Rations;
use super::super::{Config, Input, Machine};
use super::forks::{histories, reader};
use super::net::{Net, Node, found};
use crate::charter::Statement;
use crate::entropy::Seeded;
use crate::gate::Shareable;
use crate::id::{Gemeente, LogId, Week};
use crate::log::{Looked, Replica, Write};
use crate::record::{Kind, Value};
use crate::store::{Batch, Memory, Space, Store};

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

/// Three founders of which the last floods in so many logs, and may fill so much.
fn flooded(logs: usize) -> Net {
    flooding(
        logs,
        &Config {
            member_bytes_max: ROOM,
            ..Config::default()
        },
    )
}

/// Three founders of which the last floods in so many logs.
fn flooding(logs: usize, config: &Config) -> Net {
    let founded = found(3, &mut Seeded::new(5));
    let mut nodes: Vec<Node> = (0..3).map(|at| Node::new(&founded, at, &founded.statements)).collect();
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

/// A little at once, and an answer of a megabyte about every sixteen seconds.
fn slowly() -> Config {
    Config {
        member_burst: 64,
        member_per_second: 16,
        ..Config::default()
    }
}

/// What the first node holds of the flooder.
fn taken(net: &Net) -> u64 {
    net.nodes[0].replica.weight_of(Gemeente::new(3).unwrap())
}

#[test]
fn what_one_brings_bit_by_bit_keeps_nobody_waiting_and_is_all_there_in_the_end() {
    let mut net = flooding(3, &slowly());
    net.hints = true;
    net.connect(0, 1);
    net.pass(20_000);
    net.connect(0, 2);
    net.connect(1, 2);
    let mut rounds = vec![taken(&net)];
    for round in 0..6 {
        net.pass(10_000);
        rounds.push(taken(&net));
        let document = net.nodes[1].write(&format!("In ronde {round}"));
        net.give(1, Input::Written);
        // A hint is heeded a quarter of a second after a conversation, and is sent a tenth after the one before.
        net.pass(350);
        assert!(net.nodes[0].replica.document(document).unwrap().is_some(), "{round}");
    }
    let node = &net.nodes[0];
    let told: Vec<Gemeente> = node.machine.rationed(net.now_ms).collect();
    assert_eq!(told, [Gemeente::new(3).unwrap()]);
    let answer = (1 << 20) + (64 << 10);
    assert!(rounds[0] <= answer, "{rounds:?}");
    assert!(rounds.windows(2).all(|pair| pair[1] - pair[0] <= answer), "{rounds:?}");
    assert!(rounds[6] >= 3 << 20 && rounds[6] <= 6 << 20, "{rounds:?}");
    let (_, requests) = net.spent();
    assert!(requests < 600, "{requests} requests in a minute");
    net.pass(120_000);
    let whole = net.nodes[2].replica.digest();
    assert_eq!(
        (net.nodes[0].replica.digest(), net.nodes[1].replica.digest()),
        (whole, whole)
    );
    assert!(net.offences.is_empty());
}

#[test]
fn tokens_are_for_what_is_new_of_others_and_come_back() {
    let net = flooding(3, &slowly());
    let node = &net.nodes[0];
    let (replica, name) = (&node.replica, net.nodes[1].name);
    let mut rations = Rations::new(node.name, &slowly());
    let roster = replica.roster();
    rations.met(0, &slowly());
    rations.catch_up(9_999, || true);
    rations.charge(roster, name, 1 << 30, 9_999);
    assert_eq!(rations.wait_ms(roster, name, 9_999), None, "it may not have caught up");
    rations.catch_up(10_000, || false);
    rations.charge(roster, name, 1 << 30, 10_000);
    assert_eq!(rations.wait_ms(roster, name, 10_000), None, "nobody told anything");
    rations.catch_up(10_000, || true);
    rations.charge(roster, name, 0, 10_000);
    assert_eq!(rations.wait_ms(roster, name, 10_000), None);
    rations.charge(roster, name, 64 << 12, 10_000);
    // A token for each 4 kB and one for the answer, of which 16 come back per second; one must be there.
    assert_eq!(rations.wait_ms(roster, name, 10_000), Some(125));
    assert_eq!(rations.wait_ms(roster, name, 10_125), None);
    let told = |rations: &Rations, now_ms| rations.left_out(now_ms).count();
    assert_eq!((told(&rations, 10_125), told(&rations, 70_001)), (1, 0), "for a minute");
    rations.charge(roster, node.name, 1 << 30, 10_125);
    assert_eq!(rations.wait_ms(roster, node.name, 10_125), None, "its own");
}

#[test]
fn who_just_started_gets_everything_at_once() {
    let mut net = flooding(3, &slowly());
    net.connect(0, 2);
    net.pass(1_000);
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[2].replica.digest());
}

#[test]
fn what_one_wrote_itself_it_takes_back_at_once() {
    let mut net = flooding(3, &slowly());
    net.connect(0, 2);
    net.connect(1, 2);
    net.pass(20_000);
    let whole = net.nodes[2].replica.digest();
    assert_eq!(net.nodes[0].replica.digest(), whole);
    // The disk of the one that wrote all of it is gone, and so is what it heard of others.
    let statements: Vec<Statement> = net.nodes[2].replica.statements().iter().cloned().collect();
    let federation = net.nodes[2].replica.federation().unwrap();
    let mut replica = Replica::open(Memory::default()).unwrap();
    replica.join(federation).unwrap();
    replica.add_statements(statements).unwrap();
    net.nodes[2].replica = replica;
    net.pass(20_000);
    assert_eq!(net.nodes[2].replica.digest(), whole);
}

#[test]
fn a_flood_hides_no_fork_of_another() {
    let founded = found(4, &mut Seeded::new(11));
    let (log, [one, other]) = histories(&founded, 5, [2, 20]);
    let nodes = vec![
        reader(&founded, 0, log, &one),
        reader(&founded, 1, log, &other),
        Node::new(&founded, 3, &founded.statements),
    ];
    let mut net = Net::new(nodes);
    net.nodes[0].machine = Machine::new(net.nodes[0].name, slowly());
    // Only the one that is flooded asks.
    let silent = Config {
        sessions_max: 0,
        ..Config::default()
    };
    net.nodes[1].machine = Machine::new(net.nodes[1].name, silent);
    net.connect(0, 2);
    net.pass(20_000);
    flood(&mut net.nodes[2], 3, ENTRIES / 3);
    net.give(2, Input::Written);
    net.pass(15_000);
    // The other history is at one that has the whole flood.
    let flooder = net.nodes[2].replica.logs_of(net.nodes[2].name).map(|(log, _)| log);
    let logs: Vec<LogId> = flooder.collect();
    for log in logs {
        let entries = net.nodes[2].replica.entries(log, 0, usize::MAX).unwrap();
        net.nodes[1].replica.ingest(log, entries).unwrap();
    }
    assert_eq!(net.forks, 0);
    assert_eq!(net.nodes[0].machine.rationed(net.now_ms).count(), 1);
    net.connect(0, 1);
    net.pass(1_000);
    assert!(net.forks > 0);
    assert!(net.nodes[0].replica.roster().fork(log).is_some());
}

#[test]
fn rations_begin_whatever_others_do() {
    let net = flooding(3, &slowly());
    let (node, flooder) = (&net.nodes[0], net.nodes[2].name);
    let mut rations = Rations::new(node.name, &slowly());
    rations.met(5_000, &slowly());
    for (now_ms, waits) in [(124_999, false), (125_000, true)] {
        rations.catch_up(now_ms, || false);
        rations.charge(node.replica.roster(), flooder, 1 << 20, now_ms);
        assert_eq!(rations.wait_ms(node.replica.roster(), flooder, now_ms).is_some(), waits);
    }
}
