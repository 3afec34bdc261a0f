//! Nobody can make a node ask in a loop, take what it did not ask for, or fall over.

use std::cell::Cell;
use std::rc::Rc;

use super::super::frame::Frame;
use super::super::{Input, Offence, Request, Response};
use super::net::{Founded, Net, Node, found};
use crate::entropy::{Entropy, Seeded};
use crate::id::{DocumentId, HeaderHash, Incarnation, LogId, NodeKey};
use crate::log::{
    Class, Entry, Header, OPENING_KIND, Opening, PAYLOAD_BYTES_MAX, Payload, SignedHeader, commit, log_id,
};

/// A pair of which the first holds records that the second lacks.
fn unequal(seed: u64, records: usize) -> Net {
    let founded = found(3, &mut Seeded::new(seed));
    let mut nodes: Vec<Node> = (0..2).map(|at| Node::new(&founded, at, &founded.statements)).collect();
    (0..records).for_each(|n| {
        nodes[0].write(&format!("Signaal {n}"));
    });
    Net::new(nodes)
}

#[test]
fn peers_that_do_not_belong_are_ignored() {
    let mut net = unequal(1, 3);
    let stranger = NodeKey([9; 32]);
    let bytes = Frame::from(Request::Header {
        log: net.nodes[0].replica.own_log().unwrap(),
        seq: 0,
    })
    .encode();
    let known = net.nodes[1].name;
    for (peer, connected) in [(stranger, false), (stranger, true), (known, false)] {
        if connected {
            net.give(0, Input::Connected(peer));
        }
        net.give(
            0,
            Input::Request {
                peer,
                id: 1,
                bytes: bytes.clone(),
            },
        );
        net.give(
            0,
            Input::Hint {
                peer,
                bytes: bytes.clone(),
            },
        );
    }
    net.settle();
    assert_eq!(net.spent(), (0, 0));
    assert_eq!(net.nodes[0].machine.counters().ignored, 6);
    assert!(net.offences.is_empty());
}

#[test]
fn a_type_from_the_future_is_answered_and_nonsense_is_an_offence() {
    let mut net = unequal(2, 3);
    net.connect(0, 1);
    net.pass(1000);
    let peer = net.nodes[1].name;
    for (bytes, offence) in [
        (vec![1, 77, 5], false),
        (vec![2, 1], false),
        (vec![1, 1, 5], true),
        (vec![], true),
    ] {
        net.offences.clear();
        net.spent();
        let node = &mut net.nodes[0];
        let input = Input::Request { peer, id: 9, bytes };
        let outputs = node.machine.handle(net.now_ms, &mut node.rng, &mut node.replica, input);
        let answered = outputs
            .iter()
            .any(|output| matches!(output, super::super::Output::Respond { .. }));
        let accused = outputs
            .iter()
            .any(|output| matches!(output, super::super::Output::Misbehaved { .. }));
        assert_eq!((answered, accused), (!offence, offence));
    }
}

#[test]
fn a_forged_payload_is_an_offence_and_asked_for_again_only_after_a_rest() {
    let mut net = unequal(3, 20);
    let forge = Rc::new(Cell::new(true));
    let forging = Rc::clone(&forge);
    net.wire = Some(Box::new(move |from, _, bytes| {
        if let Ok(mut frame) = Frame::<Response>::decode(bytes)
            && let Response::Entries { runs, .. } = &mut frame.body
            && from == 0
            && forging.get()
        {
            runs[0].last_mut().unwrap().signature = [1; 64];
            *bytes = frame.encode();
        }
    }));
    net.connect(0, 1);
    net.pass(5000);
    let (_, requests) = net.spent();
    assert!(
        matches!(net.offences[0], (1, Offence::Forged { .. })),
        "{:?}",
        net.offences
    );
    assert!(requests < 20, "{requests} requests");
    forge.set(false);
    net.pass(2_000_000);
    assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
}

#[test]
fn frames_changed_at_random_on_the_way_do_no_lasting_harm() {
    for seed in 0..20 {
        let mut net = unequal(seed, 30);
        let broken = Rc::new(Cell::new(true));
        let breaking = Rc::clone(&broken);
        let mut rng = Seeded::new(seed);
        net.wire = Some(Box::new(move |_, _, bytes| {
            if breaking.get() && rng.chance(1, 2) && !bytes.is_empty() {
                let at = rng.below(bytes.len() as u64) as usize;
                bytes[at] ^= 1 << rng.below(8);
            }
        }));
        net.connect(0, 1);
        net.pass(200_000);
        let (_, requests) = net.spent();
        assert!(requests < 400, "seed {seed}: {requests} requests in 200 seconds");
        broken.set(false);
        net.pass(2_000_000);
        assert_eq!(
            net.nodes[0].replica.digest(),
            net.nodes[1].replica.digest(),
            "seed {seed}"
        );
    }
}

#[test]
fn entries_that_were_not_asked_for_do_not_enter() {
    let mut net = unequal(4, 5);
    let founded = found(3, &mut Seeded::new(4));
    let mut third = Node::new(&founded, 2, &founded.statements);
    third.write("Ongevraagd");
    let log = third.replica.own_log().unwrap();
    let run = third
        .replica
        .entries(log, 0, 1 << 20)
        .unwrap()
        .into_iter()
        .map(Into::into)
        .collect::<Vec<_>>();
    net.wire = Some(Box::new(move |_, _, bytes| {
        if let Ok(mut frame) = Frame::<Response>::decode(bytes)
            && let Response::Entries { runs, .. } = &mut frame.body
        {
            runs.insert(0, run.clone());
            *bytes = frame.encode();
        }
    }));
    net.connect(0, 1);
    net.pass(1000);
    assert!(net.nodes[1].replica.log(log).is_none());
    assert!(net.offences.contains(&(1, Offence::NotAsked)));
}

/// Two replicas of one node's log that parted: the node ran twice with the same random bytes.
fn forked(seed: u64) -> Net {
    let mut net = unequal(seed, 5);
    let founded = found(3, &mut Seeded::new(seed));
    let mut twin = Node::new(&founded, 0, &founded.statements);
    (0..5).for_each(|n| {
        twin.write(&format!("Signaal {n}"));
    });
    let log = twin.replica.own_log().unwrap();
    assert_eq!(net.nodes[0].replica.own_log(), Some(log));
    net.nodes[0].write("De ene kant op");
    twin.write("De andere kant op");
    let entries = twin.replica.entries(log, 0, 1 << 20).unwrap();
    net.nodes[1].replica.ingest(log, entries).unwrap();
    net
}

#[test]
fn a_fork_is_counted_and_does_not_loop() {
    let mut net = forked(5);
    net.connect(0, 1);
    net.pass(100_000);
    let (_, requests) = net.spent();
    let forks = net.nodes[0].machine.counters().forks + net.nodes[1].machine.counters().forks;
    assert!(forks > 0, "nobody noticed");
    assert!(requests < 120, "{requests} requests in 100 seconds");
}

/// A log of sixteen payloads as large as they may be, of which its node signed every so many: statements of a later
/// version, which everybody keeps and passes on.
fn signed_every(founded: &Founded, every: u64) -> (LogId, Vec<Entry>) {
    let key = &founded.keys[2];
    let mut next = Header {
        federation: founded.federation,
        node: NodeKey(key.verifying_key().to_bytes()),
        incarnation: Incarnation([every as u8; 16]),
        seq: 0,
        previous: HeaderHash([0; 32]),
        class: Class::Statement,
        document: DocumentId([0; 32]),
        kind: OPENING_KIND,
        payload_len: 0,
        commitment: commit(&[0; 16], &[]),
        extension: Vec::new(),
    };
    let log = log_id(next.federation, next.node, next.incarnation);
    let payloads = std::iter::once(Opening::default().encode()).chain(vec![vec![7; PAYLOAD_BYTES_MAX]; 16]);
    let entries = payloads.zip(0_u64..).map(|(bytes, seq)| {
        (next.seq, next.payload_len, next.commitment) = (seq, bytes.len() as u32, commit(&[1; 16], &bytes));
        let mut signed = SignedHeader::sign(next.clone(), key);
        if seq % every != 0 {
            signed = SignedHeader::read(signed.bytes(), [1; 64]).unwrap();
        }
        (next.previous, next.kind) = (signed.hash(), 77);
        let salt = [1; 16];
        Entry {
            signed,
            payload: Payload::Held { salt, bytes },
        }
    });
    (log, entries.collect())
}

#[test]
fn what_a_node_took_in_it_can_pass_on() {
    for (every, kept) in [(16, 1), (8, 1), (7, 15), (1, 17)] {
        let founded = found(3, &mut Seeded::new(20));
        let mut nodes: Vec<Node> = (0..2).map(|at| Node::new(&founded, at, &founded.statements)).collect();
        nodes[0].write("Een gewoon signaal");
        let (log, entries) = signed_every(&founded, every);
        nodes[0].replica.ingest(log, entries).unwrap();
        let mut net = Net::new(nodes);
        net.connect(0, 1);
        net.pass(60_000);
        let held = |at: usize| net.nodes[at].replica.log(log).map_or(0, |state| state.held);
        assert_eq!((held(0), held(1)), (kept, kept), "one signature in {every}");
        assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
        assert!(net.offences.is_empty(), "{:?}", net.offences);
    }
}

#[test]
fn what_a_request_makes_a_node_look_up_is_paid_for() {
    let mut net = unequal(21, 2);
    net.connect(0, 1);
    net.pass(1000);
    let peer = net.nodes[1].name;
    let node = &mut net.nodes[0];
    let nonce = super::super::Nonce([0; 8]);
    let hold = super::super::Hold::At { held: 1, head: 1 };
    let pull = Request::Pull {
        nonce,
        wants: vec![super::super::Want {
            node: nonce.short(super::super::Meaning::Node, &node.name.0),
            haves: (0..60_000).map(|log| super::super::Have { log, hold }).collect(),
        }],
    };
    let bytes = Frame::from(pull).encode();
    let mut served = 0;
    for id in 0..100 {
        let input = Input::Request {
            peer,
            id,
            bytes: bytes.clone(),
        };
        let busy = node.machine.counters().busy;
        node.machine.handle(net.now_ms, &mut node.rng, &mut node.replica, input);
        served += 1 - (node.machine.counters().busy - busy);
    }
    assert_eq!(
        served, 9,
        "60,000 names cost 938 of 8,192 tokens, and the last of them is owed"
    );
}

#[test]
fn a_flood_of_false_hints_and_requests_is_bounded() {
    let mut net = unequal(6, 2);
    net.connect(0, 1);
    net.pass(1000);
    net.spent();
    let (victim, peer) = (0, net.nodes[1].name);
    let mut rng = Seeded::new(7);
    let mut started = 0;
    for _ in 0..10_000 {
        net.now_ms += 1;
        let node = &mut net.nodes[victim];
        let mut bytes = vec![1, 0x40];
        bytes.extend(rng.bytes::<32>());
        let input = Input::Hint { peer, bytes };
        let outputs = node.machine.handle(net.now_ms, &mut node.rng, &mut node.replica, input);
        for output in outputs {
            if let super::super::Output::Request { peer, id, .. } = output {
                started += 1;
                let input = Input::Response {
                    peer,
                    id,
                    bytes: Frame::from(Response::Parts(vec![1, 2, 3])).encode(),
                };
                node.machine.handle(net.now_ms, &mut node.rng, &mut node.replica, input);
            }
        }
    }
    assert!(started < 40, "{started} conversations in ten seconds");
    let mut busy = 0;
    for id in 0..30_000 {
        let node = &mut net.nodes[victim];
        let request = Request::Statements {
            nonce: super::super::Nonce([0; 8]),
            held: vec![],
        };
        let input = Input::Request {
            peer,
            id,
            bytes: Frame::from(request).encode(),
        };
        node.machine.handle(net.now_ms, &mut node.rng, &mut node.replica, input);
        busy = node.machine.counters().busy;
    }
    assert!(busy > 20_000, "{busy} of 30000 were refused");
}

/// What a peer answers that pretends to have something and has nothing.
fn pretends(request: &[u8]) -> Response {
    match Frame::<Request>::decode(request).unwrap().body {
        Request::Compare { .. } => Response::Parts(vec![1, 2, 3]),
        _ => Response::Entries {
            more: false,
            runs: vec![],
            forks: vec![],
        },
    }
}

#[test]
fn who_hints_at_what_it_does_not_have_is_asked_less_and_less() {
    let mut net = unequal(6, 2);
    net.connect(0, 1);
    net.pass(1000);
    let peer = net.nodes[1].name;
    let node = &mut net.nodes[0];
    let mut rng = Seeded::new(7);
    let mut conversations = 0;
    let seconds = 120;
    for at in 0..seconds * 100 {
        let now_ms = net.now_ms + at * 10;
        let mut bytes = vec![1, 0x40];
        bytes.extend(rng.bytes::<32>());
        let mut inputs = vec![Input::Hint { peer, bytes }];
        while let Some(input) = inputs.pop() {
            for output in node.machine.handle(now_ms, &mut node.rng, &mut node.replica, input) {
                if let super::super::Output::Request { peer, id, bytes } = output {
                    conversations += u64::from(bytes[1] == 1);
                    let bytes = Frame::from(pretends(&bytes)).encode();
                    inputs.push(Input::Response { peer, id, bytes });
                }
            }
        }
    }
    assert!(conversations > 6, "{conversations}: it is asked at times");
    assert!(
        conversations < seconds / 2,
        "{conversations} conversations in {seconds} seconds"
    );
}
