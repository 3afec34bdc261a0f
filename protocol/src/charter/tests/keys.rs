//! A member looks after its node keys, and a new root key carries over what was said to be sound.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use super::world::{World, key, node_key};
use crate::charter::*;
use crate::id::{HeaderHash, LogId, NodeKey, RootKey};

/// A member with a node that the edition lists, one that it certified, one that it certified and ended, and one that
/// whoever stole its root key certified.
fn world() -> (World, [SigningKey; 3]) {
    let mut world = World::new(6, 4);
    let keys = [(); 3].map(|()| key(&mut world.rng));
    let (root, gemeente) = (world.members[1].member.root, world.code(1));
    for key in &keys {
        let proof = NodeProof::sign(world.federation, root, gemeente, key);
        world.say(1, Body::NodeKey(proof));
    }
    let ending = ending(node_key(&keys[1]), 5);
    world.say(1, Body::NodeKeyEnd(ending));
    (world, keys)
}

fn ending(node: NodeKey, seq: u64) -> Ending {
    let cut = Cut {
        log: LogId([1; 32]),
        seq,
        head: HeaderHash([2; 32]),
    };
    Ending { node, cuts: vec![cut] }
}

#[test]
fn every_key_of_a_member_is_told_with_its_ground_and_its_end() {
    let (mut world, keys) = world();
    let (set, roster) = (world.set(), world.roster());
    let own = own_keys(&set, &roster, world.code(1));
    let told = |node: NodeKey| {
        let found = own.iter().find(|key| key.node == node).unwrap();
        (found.listed, found.certified, found.ended, found.is_open())
    };
    assert_eq!(own.len(), 4);
    assert_eq!(told(world.node(1)), (true, false, None, true));
    assert_eq!(told(node_key(&keys[0])), (false, true, None, true));
    assert_eq!(told(node_key(&keys[1])), (false, true, Some(Ended::ByMember), true));
    assert_eq!(own_keys(&set, &roster, world.code(0)).len(), 1);
}

#[test]
fn a_new_root_key_carries_over_what_was_said_to_be_sound_and_nothing_else() {
    let (mut world, keys) = world();
    let before = world.roster();
    let own = own_keys(&world.set(), &before, world.code(1));
    let fates = BTreeMap::from([
        (world.node(1), Fate::Keep),
        (node_key(&keys[0]), Fate::Keep),
        (
            node_key(&keys[1]),
            Fate::End(before.ending(node_key(&keys[1])).unwrap()),
        ),
        (node_key(&keys[2]), Fate::Drop),
    ]);
    let old = world.members[1].member.root;
    let rotation = rotation(&own, world.code(1), old, &fates);
    let next = world.members[1].next.clone();
    world
        .said
        .push(Statement::sign(world.federation, Body::Rotate(rotation), &next));
    let after = world.roster();
    let root = RootKey(next.verifying_key().to_bytes());
    assert_eq!(after.member(world.code(1)).unwrap().root, root);
    assert!(after.may_connect(world.node(1)) && after.may_connect(node_key(&keys[0])));
    assert!(!after.may_connect(node_key(&keys[1])) && after.gemeente_of(node_key(&keys[1])).is_some());
    assert_eq!(after.cut(node_key(&keys[1]), LogId([1; 32])), Some(5));
    assert_eq!(
        after.gemeente_of(node_key(&keys[2])),
        None,
        "the thief's node never spoke"
    );
    // A second look sees what was carried over as the new key's own.
    let own = own_keys(&world.set(), &after, world.code(1));
    assert_eq!(own.iter().filter(|key| key.certified).count(), 2);
}

#[test]
fn a_listed_key_that_is_dropped_ends_before_its_first_entry_and_one_that_an_edition_ended_keeps_its_past() {
    let (mut world, keys) = world();
    let ended = node_key(&keys[0]);
    let next = world.draft(|edition| edition.endings.push(ending(ended, 3)));
    world.decide(next, 0..4);
    let roster = world.roster();
    let own = own_keys(&world.set(), &roster, world.code(1));
    let rotation = rotation(&own, world.code(1), world.members[1].member.root, &BTreeMap::new());
    assert_eq!(rotation.nodes, [ended], "what the edition ended is settled");
    let next = world.members[1].next.clone();
    world
        .said
        .push(Statement::sign(world.federation, Body::Rotate(rotation), &next));
    let after = world.roster();
    assert_eq!(after.cut(ended, LogId([1; 32])), Some(3));
    assert_eq!(after.cut(world.node(1), LogId([1; 32])), Some(0));
    assert_eq!(after.gemeente_of(node_key(&keys[1])), None);
}

#[test]
fn a_request_proves_that_its_node_agrees() {
    let (world, keys) = world();
    let member = &world.members[2].member;
    let request = NodeRequest::sign(world.federation, member.root, member.gemeente, &keys[0]);
    let bytes = request.encode();
    assert_eq!(NodeRequest::read(&bytes), Ok(request));
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1;
        // The gemeente is not under the node's signature: the root key is, and has one gemeente.
        let read = NodeRequest::read(&other);
        assert!(read.is_err() || (65..67).contains(&at), "byte {at}");
        assert!(NodeRequest::read(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(NodeRequest::read(&[&bytes[..], &[0]].concat()).is_err());
}
