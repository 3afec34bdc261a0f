//! What one disk lost comes back from a peer, and a peer that lost it too costs no more than a question.

use super::super::Input;
use super::net::{Founded, Net, Node, found};
use crate::entropy::Seeded;
use crate::id::LogId;
use crate::log::{Looked, Replica, Stored};
use crate::store::{Batch, Space, Store};

const RECORDS: u64 = 40;

/// Two readers that hold the log of a writer.
fn readers(founded: &Founded) -> (Vec<Node>, LogId) {
    let node = |at| Node::new(founded, at, &founded.statements);
    let (mut one, mut other, mut writer) = (node(0), node(1), node(2));
    for n in 0..RECORDS {
        writer.write(&format!("Signaal {n} over iets dat in de weg zat."));
    }
    let log = writer.replica.own_log().unwrap();
    let entries = writer.replica.entries(log, 0, usize::MAX).unwrap();
    for reader in [&mut one, &mut other] {
        reader.replica.ingest(log, entries.clone()).unwrap();
    }
    (vec![one, other], log)
}

/// The disk loses these headers and changes these payloads; then the node starts again and looks what it has.
fn lose(node: &mut Node, log: LogId, headers: &[u64], payloads: &[u64]) {
    let mut store = node.replica.store().clone();
    let key = |seq: u64| [&0_u32.to_be_bytes()[..], &seq.to_be_bytes()].concat();
    let mut batch = Batch::default();
    for seq in payloads {
        let document = node.replica.header(log, *seq).unwrap().unwrap().header().document;
        batch.put_sealed(document, key(*seq), [9; 40]);
    }
    headers.iter().for_each(|seq| batch.delete(Space::Headers, key(*seq)));
    store.commit(batch).unwrap();
    node.replica = Replica::open(store).unwrap();
}

fn look(node: &Node) {
    let mut looked = Looked::default();
    node.replica.look_over(&mut looked, usize::MAX).unwrap();
    assert_eq!(looked, Looked::default(), "it came to the end");
}

fn assert_whole(node: &Node, log: LogId) {
    for seq in 0..=RECORDS {
        assert!(
            matches!(node.replica.stored(log, seq).unwrap(), Stored::Whole(_)),
            "entry {seq}"
        );
    }
}

#[test]
fn lost_headers_and_payloads_come_back_in_one_conversation() {
    let founded = found(3, &mut Seeded::new(41));
    let (mut nodes, log) = readers(&founded);
    let (state, digest) = (nodes[0].replica.state(), nodes[0].replica.digest());
    // The first and the last entry, a run of headers, payloads apart, and one entry of which both are gone.
    lose(&mut nodes[0], log, &[0, 5, 6, 7, 20, RECORDS], &[12, 13, 20, RECORDS]);
    look(&nodes[0]);
    assert_eq!(nodes[0].replica.damage().open, 8);
    assert_eq!((nodes[0].replica.state(), nodes[0].replica.digest()), (state, digest));
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(3000);
    let damage = net.nodes[0].replica.damage();
    assert_eq!((damage.found, damage.mended, damage.open), (8, 8, 0));
    assert_whole(&net.nodes[0], log);
    let entries = |at: usize| net.nodes[at].replica.entries(log, 0, usize::MAX).unwrap();
    assert_eq!(entries(0), entries(1));
    assert!(net.offences.is_empty());
    let replays: u64 = net.nodes[0].replica.refusals().iter().map(|(_, times)| times).sum();
    assert_eq!(replays, 0, "what was asked for is not counted as refused");
}

#[test]
fn what_a_read_finds_lost_is_asked_for_at_once() {
    let founded = found(3, &mut Seeded::new(42));
    let (mut nodes, log) = readers(&founded);
    let document = nodes[0].replica.header(log, 9).unwrap().unwrap().header().document;
    lose(&mut nodes[0], log, &[9], &[]);
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(3000);
    assert_eq!(net.nodes[0].replica.damage().found, 0, "nobody read it yet");
    assert_eq!(net.nodes[0].replica.entries(log, 0, usize::MAX).unwrap().len(), 9);
    let marked = net.nodes[0].replica.marked(0, 99).unwrap();
    net.nodes[0].replica.unmark(&marked).unwrap();
    net.give(0, Input::Damaged);
    net.settle();
    assert_whole(&net.nodes[0], log);
    let marked = net.nodes[0].replica.marked(0, 99).unwrap();
    assert_eq!(marked.iter().map(|mark| mark.document).collect::<Vec<_>>(), [document]);
}

#[test]
fn what_every_peer_lost_costs_one_question_and_stays_known() {
    let founded = found(3, &mut Seeded::new(43));
    let (mut nodes, log) = readers(&founded);
    lose(&mut nodes[0], log, &[], &[7]);
    lose(&mut nodes[1], log, &[7], &[]);
    look(&nodes[0]);
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(3000);
    let (_, requests) = net.spent();
    assert!((2..=6).contains(&requests), "{requests} requests");
    assert_eq!(net.nodes[0].replica.damage().open, 1);
    assert!(net.offences.is_empty());
}
