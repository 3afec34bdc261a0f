//! The set is the same in any order, and the roster believes nobody who may not speak.

use super::*;
use crate::entropy::Seeded;
use crate::id::{HeaderHash, LogId, NodeKey};
use world::{address, founder, founding, key, node_key, roster};

mod ballots;
mod editions;
mod inviting;
mod keys;
mod leaving;
mod merging;
mod proving;
mod suspending;
mod whole;
pub(in crate::charter) mod world;

#[test]
fn a_federation_is_founded_when_every_founder_signed() {
    let (founders, federation, statements) = founding(1);
    let node = node_key(&founders[1].node);
    let before = roster(federation, &statements[..3]);
    assert_eq!(
        before.standing(),
        &Standing::Proposed {
            missing: vec![founders[2].member.gemeente]
        }
    );
    assert!(before.may_connect(node) && before.gemeente_of(node).is_none());
    let after = roster(federation, &statements);
    assert_eq!(after.standing(), &Standing::Active { edition: 0 });
    assert_eq!(after.gemeente_of(node), Some(founders[1].member.gemeente));
    assert_eq!(roster(federation, &[]).standing(), &Standing::Absent);
}

#[test]
fn the_set_is_the_same_in_any_order() {
    let (founders, federation, mut statements) = founding(2);
    let mut rng = Seeded::new(3);
    let extra = key(&mut rng);
    let proof = NodeProof::sign(federation, founders[0].member.root, founders[0].member.gemeente, &extra);
    statements.push(Statement::sign(federation, Body::NodeKey(proof), &founders[0].root));
    for counter in 0..3 {
        let body = address(node_key(&extra), counter, &format!("/ip4/127.0.0.1/tcp/{counter}"));
        statements.push(Statement::sign(federation, body, &extra));
    }
    let mut whole = Set::new(federation);
    whole.extend(statements.clone());
    for _ in 0..200 {
        rng.shuffle(&mut statements);
        let mut set = Set::new(federation);
        for batch in statements.chunks(1 + rng.below(4) as usize) {
            set.extend(batch.to_vec());
        }
        // What was refused for want of its author comes again with the next exchange.
        set.extend(statements.clone());
        assert_eq!((&set, set.digest()), (&whole, whole.digest()));
    }
    let newest = Roster::of(&whole).addresses()[&node_key(&extra)].clone();
    assert_eq!(newest, ["/ip4/127.0.0.1/tcp/2"]);
}

#[test]
fn nobody_speaks_for_another() {
    let (founders, federation, statements) = founding(4);
    let mut rng = Seeded::new(5);
    let stranger = key(&mut rng);
    let mut set = Set::new(federation);
    set.extend(statements);
    let digest = set.digest();
    let taken = Statement::sign(
        federation,
        address(node_key(&stranger), 1, "/ip4/127.0.0.1/tcp/1"),
        &stranger,
    );
    assert!(matches!(set.extend(vec![taken]).1[..], [(_, SetError::Author)]));
    assert_eq!(set.digest(), digest);
    // A member certifies a node of which it does not hold the key.
    let mut proof = NodeProof::sign(
        federation,
        founders[0].member.root,
        founders[0].member.gemeente,
        &stranger,
    );
    proof.node = node_key(&founders[1].node);
    let theft = Statement::sign(federation, Body::NodeKey(proof), &founders[0].root);
    // A member moves another member's node.
    let moved = address(node_key(&founders[1].node), 9, "/ip4/127.0.0.1/tcp/9");
    let moved = Statement::sign(federation, moved, &founders[0].root);
    // A member ends another member's node.
    let ending = Body::NodeKeyEnd(Ending {
        node: node_key(&founders[1].node),
        cuts: Vec::new(),
    });
    let ending = Statement::sign(federation, ending, &founders[0].root);
    let before = Roster::of(&set);
    set.extend(vec![theft, moved, ending]);
    assert_eq!(Roster::of(&set), before);
}

#[test]
fn statements_of_another_federation_stay_out() {
    let (_, federation, _) = founding(6);
    let (_, _, others) = founding(7);
    let mut set = Set::new(federation);
    let (added, refused) = set.extend(others);
    assert_eq!(added, 0);
    assert!(refused.iter().all(|(_, why)| *why == SetError::Federation));
}

#[test]
fn an_ended_key_keeps_its_past_up_to_the_lowest_cut() {
    let (founders, federation, mut statements) = founding(8);
    let node = node_key(&founders[0].node);
    let (listed, unlisted) = (LogId([1; 32]), LogId([2; 32]));
    for seq in [7, 5] {
        let cuts = vec![Cut {
            log: listed,
            seq,
            head: HeaderHash([0; 32]),
        }];
        statements.push(Statement::sign(
            federation,
            Body::NodeKeyEnd(Ending { node, cuts }),
            &founders[0].root,
        ));
    }
    let roster = roster(federation, &statements);
    assert_eq!(
        (roster.cut(node, listed), roster.cut(node, unlisted)),
        (Some(5), Some(0))
    );
    assert!(!roster.may_connect(node) && roster.gemeente_of(node).is_some());
    assert_eq!(roster.cut(node_key(&founders[1].node), listed), None);
}

#[test]
fn one_author_cannot_fill_the_set() {
    let (founders, federation, mut statements) = founding(9);
    let flood = |node: u16| {
        let mut name = [0; 32];
        name[..2].copy_from_slice(&node.to_be_bytes());
        let (node, cuts) = (NodeKey(name), Vec::new());
        Statement::sign(federation, Body::NodeKeyEnd(Ending { node, cuts }), &founders[0].root)
    };
    let floods: Vec<Statement> = (0..400).map(flood).collect();
    statements.extend(floods.iter().cloned());
    let mut forward = Set::new(federation);
    forward.extend(statements.clone());
    statements.reverse();
    let mut backward = Set::new(federation);
    backward.extend(statements);
    assert_eq!(forward.len(), 4 + 256);
    assert_eq!(forward, backward);
}

#[test]
fn a_type_of_a_later_version_is_kept_and_passed_on() {
    let (founders, federation, mut statements) = founding(10);
    let later = Body::Unknown {
        number: 4711,
        bytes: b"from the future".to_vec(),
    };
    let later = Statement::sign(federation, later, &founders[0].root);
    let read = Statement::read(later.bytes()).unwrap();
    assert_eq!(read, later);
    let before = roster(federation, &statements);
    statements.push(read);
    let mut set = Set::new(federation);
    set.extend(statements);
    assert!(set.get(later.id()).is_some());
    assert_eq!(Roster::of(&set), before);
}

#[test]
fn statements_and_cards_are_read_back_and_tampering_shows() {
    let (founders, federation, statements) = founding(11);
    let card = Card::sign(&founders[0].member, &founders[0].root);
    assert_eq!(Card::read(&card).unwrap().member, founders[0].member);
    let forged = Card::sign(&founders[0].member, &founders[1].root);
    assert_eq!(Card::read(&forged), Err(StatementError::Signature));
    for statement in &statements {
        assert_eq!(&Statement::read(statement.bytes()).unwrap(), statement);
        assert_eq!(statement.federation(), federation);
    }
}

#[test]
fn no_mutation_of_a_statement_or_card_is_accepted() {
    let (founders, _, statements) = founding(12);
    let mut rng = Seeded::new(13);
    let card = Card::sign(&founders[0].member, &founders[0].root);
    for round in 0..100_000 {
        let original = if round % 5 == 4 {
            &card[..]
        } else {
            statements[round % 4].bytes()
        };
        let mut bytes = original.to_vec();
        mutate(&mut bytes, &mut rng);
        if bytes != original {
            assert!(Statement::read(&bytes).is_err() && Card::read(&bytes).is_err());
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, rng: &mut Seeded) {
    let at = rng.below(bytes.len() as u64) as usize;
    match rng.below(4) {
        0 => bytes[at] ^= 1 << rng.below(8),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, rng.next() as u8),
        _ => bytes[at] = rng.next() as u8,
    }
}

#[test]
fn an_edition_over_its_limits_is_refused() {
    let mut rng = Seeded::new(14);
    let root = key(&mut rng);
    for (count, fits) in [(512, true), (513, false)] {
        let members = (0..count).map(|number| founder(number, &mut rng).member).collect();
        let edition = Edition::founding([0; 16], members);
        let statement = Statement::sign(edition.federation(), Body::Edition(edition), &root);
        assert_eq!(Statement::read(statement.bytes()).is_ok(), fits, "{count} members");
    }
}

#[test]
fn an_edition_that_contradicts_itself_is_refused() {
    let (founders, _, _) = founding(15);
    let members = |change: fn(&mut Vec<Member>)| {
        let mut members: Vec<Member> = founders.iter().map(|founder| founder.member.clone()).collect();
        change(&mut members);
        Edition::founding([0; 16], members).check()
    };
    assert!(members(|_| {}).is_ok());
    assert!(members(Vec::clear).is_err());
    assert!(members(|list| list.reverse()).is_err());
    assert!(members(|list| list[1].root = list[0].root).is_err());
    assert!(members(|list| list[1].nodes = list[0].nodes.clone()).is_err());
    assert!(members(|list| list.iter_mut().for_each(|member| member.role = Role::Reading)).is_err());
}
