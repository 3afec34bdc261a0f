//! Who holds more than one request can name asks for it in turns, and nobody takes that for an offence.

use std::collections::{BTreeMap, BTreeSet};

use super::super::limits::{HAVES_MAX, HELD_MAX};
use super::super::pull::{first_of, named};
use super::super::serve::serve;
use super::super::{Frame, Have, Hold, Meaning, Nonce, Request, Response, Want};
use super::net::{Node, found};
use crate::charter::{Body, NodeAddress, Statement};
use crate::entropy::Seeded;
use crate::id::LogId;

fn haves(count: usize) -> Vec<Have> {
    let have = |log| Have {
        log,
        hold: Hold::Enough,
    };
    (0..count as u32).map(have).collect()
}

fn counts(wants: &[Want]) -> Vec<usize> {
    wants.iter().map(|want| want.haves.len()).collect()
}

#[test]
fn a_pull_names_as_many_logs_as_it_can_in_order() {
    let lists = |counts: &[usize]| {
        (0..)
            .zip(counts.iter().map(|count| haves(*count)))
            .collect::<BTreeMap<_, _>>()
    };
    for (held, asked) in [
        (&[0, 0][..], &[0, 0][..]),
        (&[4, 5, 0], &[4, 5, 0]),
        (&[4, 6], &[4, 6]),
        (&[4, 6, 0], &[4, 6]),
        (&[4, 7, 3], &[4, 6]),
        (&[30, 3], &[10]),
    ] {
        assert_eq!(counts(&named(lists(held), 10)), asked);
    }
    let wants = named(lists(&[10, HAVES_MAX, 5]), HAVES_MAX);
    let pull = Frame::from(Request::Pull {
        nonce: Nonce([1; 8]),
        wants,
    });
    assert_eq!(Frame::decode(&pull.encode()), Ok(pull));
}

#[test]
fn statements_held_are_named_as_far_as_a_request_can() {
    for (count, most) in [
        (HELD_MAX - 1, HELD_MAX - 1),
        (HELD_MAX, HELD_MAX),
        (HELD_MAX + 1, HELD_MAX),
    ] {
        let held = first_of((0..count as u64).rev().collect());
        assert_eq!(held.len(), most);
        let request = Frame::from(Request::Statements {
            nonce: Nonce([1; 8]),
            held,
        });
        assert_eq!(Frame::decode(&request.encode()), Ok(request));
    }
}

/// A node that holds so many logs of another.
fn holding(logs: u64) -> (Node, BTreeSet<LogId>) {
    let founded = found(2, &mut Seeded::new(1));
    let mut node = Node::new(&founded, 1, &founded.statements);
    for run in 0..logs {
        let mut writer = Node::new(&founded, 0, &founded.statements);
        writer.rng = Seeded::new(run);
        writer.replica.open_log(&writer.key, &mut writer.rng).unwrap();
        let log = writer.replica.own_log().unwrap();
        node.replica
            .ingest(log, writer.replica.entries(log, 0, 1 << 20).unwrap())
            .unwrap();
    }
    let logs = node.replica.logs().map(|(log, _)| log).collect();
    (node, logs)
}

#[test]
fn a_full_pull_speaks_for_the_fragments_it_reaches_and_every_log_has_its_turn() {
    let (node, logs) = holding(40);
    let writer = node.replica.logs().next().unwrap().1.node;
    let sent = |nonce: Nonce, haves: Vec<Have>| -> BTreeSet<LogId> {
        let want = Want {
            node: nonce.short(Meaning::Node, &writer.0),
            haves,
        };
        let wants = vec![want];
        let Response::Entries { runs, .. } = serve(&node.replica, &Request::Pull { nonce, wants }).unwrap().response
        else {
            panic!("a pull is answered with entries");
        };
        let first = runs.into_iter().map(|mut run| run.swap_remove(0).read().unwrap());
        first.map(|entry| entry.signed.header().log()).collect()
    };
    // Names spread over the lower half of all fragments.
    let step = (1 << 31) / HAVES_MAX as u32;
    let lower = |count: usize| -> Vec<Have> {
        let spread = haves(count).into_iter();
        spread
            .map(|have| Have {
                log: have.log * step,
                ..have
            })
            .collect()
    };
    assert_eq!(sent(Nonce([1; 8]), lower(HAVES_MAX - 1)), logs);
    let mut seen = BTreeSet::new();
    for turn in 0..20 {
        let nonce = Nonce([turn; 8]);
        let got = sent(nonce, lower(HAVES_MAX));
        let reached = logs.iter().filter(|log| nonce.short(Meaning::Log, &log.0) < 1 << 31);
        assert_eq!(got, reached.copied().collect(), "turn {turn}");
        seen.extend(got);
    }
    assert_eq!(seen, logs, "after some turns everything was sent");
}

#[test]
fn a_full_list_of_statements_speaks_for_the_fragments_it_reaches() {
    let founded = found(20, &mut Seeded::new(2));
    let mut node = Node::new(&founded, 0, &founded.statements);
    let address = NodeAddress {
        node: node.name,
        counter: 1,
        addresses: vec!["/dns4/leerkring.example.org/tcp/4001".to_owned()],
    };
    let address = Statement::sign(founded.federation, Body::Address(address), &node.key);
    assert_eq!(node.replica.add_statements(vec![address]).unwrap(), 1);
    let nonce = Nonce([3; 8]);
    let step = (1 << 63) / HELD_MAX as u64;
    for (count, whole) in [(HELD_MAX - 1, true), (HELD_MAX, false)] {
        let held: Vec<u64> = (0..count as u64).map(|at| at * step).collect();
        let served = serve(&node.replica, &Request::Statements { nonce, held }).unwrap();
        let Response::Statements { statements, more } = served.response else {
            panic!("a question after statements is answered with statements");
        };
        let fragment = |id: &crate::id::StatementId| nonce.long(Meaning::Statement, &id.0);
        let ids = node.replica.statements().ids();
        let expected = ids.filter(|id| whole || fragment(id) < 1 << 63).count();
        assert_eq!((statements.len(), more), (expected, false));
        assert!(whole || expected < node.replica.statements().ids().count());
    }
}

#[test]
fn what_an_asker_holds_tells_how_far_behind_a_node_is() {
    let (node, logs) = holding(2);
    let writer = found(2, &mut Seeded::new(1)).keys[0].verifying_key().to_bytes();
    let nonce = Nonce([1; 8]);
    let at = |log: u32, held: u64| Have {
        log,
        hold: Hold::At { held, head: 0 },
    };
    // Of the one log it holds ten more; the other is not known here; a third it does not want more of.
    let known = nonce.short(Meaning::Log, &logs.first().unwrap().0);
    let unwanted = Have {
        log: known.wrapping_add(2),
        hold: Hold::Enough,
    };
    let pull = Request::Pull {
        nonce,
        wants: vec![Want {
            node: nonce.short(Meaning::Node, &writer),
            haves: vec![at(known, 11), at(known.wrapping_add(1), 5), unwanted],
        }],
    };
    assert_eq!(serve(&node.replica, &pull).unwrap().news.entries, 15);
}
