//! What can be proven counts whoever says it, and nobody can crowd it out.

use ed25519_dalek::SigningKey;

use super::editions::LOG;
use super::world::{World, key, node_key, vote};
use crate::charter::*;
use crate::entropy::Seeded;
use crate::id::{Commitment, DocumentId, FederationId, HeaderHash, Incarnation, LogId};
use crate::log::{Class, ForkProof, Header, SignedHeader, log_id};

/// The proof that a node wrote two histories of one log from a position on.
pub(super) fn fork(federation: FederationId, node: &SigningKey, incarnation: u8, seq: u64) -> (LogId, ForkProof) {
    let header = |mark: u8| {
        let header = Header {
            federation,
            node: node_key(node),
            incarnation: Incarnation([incarnation; 16]),
            seq,
            previous: HeaderHash([4; 32]),
            class: Class::Change,
            document: DocumentId([3; 32]),
            kind: 1,
            payload_len: 9,
            commitment: Commitment([mark; 32]),
            extension: Vec::new(),
        };
        SignedHeader::sign(header, node)
    };
    let log = log_id(federation, node_key(node), Incarnation([incarnation; 16]));
    (log, ForkProof::of(&[header(1)], &[header(2)]).unwrap())
}

#[test]
fn a_forked_log_is_cut_where_it_first_parts_whoever_shows_it() {
    let mut world = World::new(1, 3);
    let node = world.node(0);
    let mut logs = Vec::new();
    for seq in [9, 7, 8] {
        let (log, proof) = fork(world.federation, &world.members[0].node, 1, seq);
        let by = &world.members[1].node;
        world
            .said
            .push(Statement::sign(world.federation, Body::Fork(proof), by));
        logs.push(log);
    }
    let roster = world.roster();
    assert_eq!((roster.cut(node, logs[0]), roster.cut(node, LOG)), (Some(7), None));
    assert!(roster.may_connect(node) && roster.may_share(node));
    assert_eq!(
        roster.forks().map(|fork| (fork.log, fork.seq)).collect::<Vec<_>>(),
        [(logs[0], 7)]
    );
    assert_eq!(world.set().len(), 4 + 1);
    // The lowest of all cuts wins.
    let cuts = vec![Cut {
        log: logs[0],
        seq: 5,
        head: HeaderHash([9; 32]),
    }];
    world.say(0, Body::NodeKeyEnd(Ending { node, cuts }));
    assert_eq!(world.roster().cut(node, logs[0]), Some(5));
}

#[test]
fn what_is_no_fork_of_a_node_that_belongs_changes_nothing() {
    let mut world = World::new(2, 3);
    let (stranger, before) = (key(&mut world.rng), world.set());
    let elsewhere = FederationId([8; 32]);
    let of_stranger = fork(world.federation, &stranger, 1, 4).1;
    let of_another = fork(elsewhere, &world.members[0].node, 1, 4).1;
    let sound = fork(world.federation, &world.members[0].node, 1, 4).1;
    let mut forged = sound.encode();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let forged = ForkProof::decode(&forged).unwrap();
    for (proof, by) in [
        (of_stranger, &world.members[1].root),
        (of_another, &world.members[1].root),
        (forged, &world.members[1].root),
        (sound, &stranger),
    ] {
        world
            .said
            .push(Statement::sign(world.federation, Body::Fork(proof), by));
    }
    assert_eq!(world.set().digest(), before.digest());
}

#[test]
fn a_node_that_forks_log_after_log_counts_for_nothing() {
    let mut world = World::new(3, 3);
    let node = world.node(0);
    let count = 20;
    for log in 0..count {
        assert_eq!(
            world.roster().cut(node, LOG),
            if log < 16 { None } else { Some(0) },
            "{log} forks"
        );
        let (_, proof) = fork(world.federation, &world.members[0].node, log, 3);
        world.say(1, Body::Fork(proof));
    }
    assert_eq!(world.set().len(), 4 + 16);
    assert_eq!(world.roster().cut(world.node(1), LOG), None);
}

#[test]
fn nobody_crowds_a_proof_out() {
    let mut world = World::new(4, 3);
    let (log, proof) = fork(world.federation, &world.members[0].node, 1, 7);
    world.say(1, Body::Fork(proof));
    // The one that forked has its own proofs: of later forks in the same log, and of other nodes of its own.
    for seq in 8..40 {
        let (_, proof) = fork(world.federation, &world.members[0].node, 1, seq);
        world.say(0, Body::Fork(proof));
    }
    let minted: Vec<SigningKey> = (0..4).map(|_| key(&mut world.rng)).collect();
    for node in &minted {
        let proof = NodeProof::sign(world.federation, world.members[0].member.root, world.code(0), node);
        world.say(0, Body::NodeKey(proof));
        for log in 0..20 {
            let (_, proof) = fork(world.federation, node, log, 1);
            world
                .said
                .push(Statement::sign(world.federation, Body::Fork(proof), node));
        }
    }
    assert_eq!(world.roster().cut(world.node(0), log), Some(7));
    assert_eq!(world.set().len(), 4 + 1 + 4 + 4 * 16);
}

#[test]
fn who_votes_twice_is_told_by_the_votes_or_by_a_proof_of_them() {
    let mut world = World::new(5, 4);
    let rivals = [world.draft(|_| {}), world.draft(|_| {})];
    let votes = rivals.clone().map(|rival| world.vote(2, &rival));
    let proof = DoubleVote::of(&votes[1], &votes[0]).unwrap();
    assert_eq!(Some(&proof), DoubleVote::of(&votes[0], &votes[1]).as_ref());
    let expected = [(1, world.code(2))];
    world.said.push(votes[0].clone());
    assert_eq!(world.roster().double_votes().count(), 0);
    let held = world.said.len();
    world.said.push(votes[1].clone());
    assert_eq!(world.roster().double_votes().collect::<Vec<_>>(), expected);
    world.said.truncate(held);
    let by_node = Statement::sign(
        world.federation,
        Body::DoubleVote(proof.clone()),
        &world.members[0].node,
    );
    world.said.push(by_node);
    assert_eq!(world.roster().double_votes().collect::<Vec<_>>(), expected);
    // One proof of it stays, whoever repeats it.
    for at in 0..4 {
        world.say(at, Body::DoubleVote(proof.clone()));
    }
    assert_eq!(world.set().len(), 5 + 1 + 1);
}

#[test]
fn what_is_no_double_vote_proves_nothing() {
    let mut world = World::new(6, 4);
    let rivals = [world.draft(|_| {}), world.draft(|_| {})];
    let later = world.by(2, Body::Endorse(vote(&rivals[1], 1)));
    let stranger = key(&mut world.rng);
    let strange = rivals
        .clone()
        .map(|rival| Statement::sign(world.federation, Body::Endorse(vote(&rival, 0)), &stranger));
    let [one, other] = rivals.clone().map(|rival| world.vote(2, &rival));
    let again = world.vote(2, &rivals[0]);
    let others = world.vote(1, &rivals[1]);
    let elsewhere = Statement::sign(
        FederationId([8; 32]),
        Body::Endorse(vote(&rivals[1], 0)),
        &world.members[2].root,
    );
    let text = world.by(2, Body::Edition(rivals[1].clone()));
    for wrong in [&later, &again, &others, &elsewhere, &text] {
        assert_eq!(DoubleVote::of(&one, wrong), None);
    }
    let before = world.set().digest();
    let of_stranger = DoubleVote::of(&strange[0], &strange[1]).unwrap();
    world.say(0, Body::DoubleVote(of_stranger));
    assert_eq!(world.set().digest(), before);
    assert!(DoubleVote::of(&one, &other).is_some());
}

#[test]
fn proofs_are_read_back_and_no_mutation_of_one_is_accepted() {
    let mut world = World::new(7, 4);
    let rivals = [world.draft(|_| {}), world.draft(|_| {})];
    let votes = rivals.map(|rival| world.vote(2, &rival));
    let double = Body::DoubleVote(DoubleVote::of(&votes[0], &votes[1]).unwrap());
    let forked = Body::Fork(fork(world.federation, &world.members[0].node, 1, 7).1);
    let mut rng = Seeded::new(8);
    for body in [double, forked] {
        let statement = world.by(0, body);
        let read = Statement::read(statement.bytes()).unwrap();
        assert!(read == statement && read.evidence().is_some());
        for _ in 0..2_000 {
            let mut bytes = statement.bytes().to_vec();
            let at = rng.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << rng.below(8);
            assert!(Statement::read(&bytes).is_err());
        }
        // Signed anew by whoever mutated it, it still proves nothing.
        let number = statement.body().number();
        for _ in 0..500 {
            let mut content = statement.body().encode();
            let at = rng.below(content.len() as u64) as usize;
            content[at] ^= 1 << rng.below(8);
            let signed = Statement::sign(
                world.federation,
                Body::Unknown { number, bytes: content },
                &world.members[0].root,
            );
            if let Ok(read) = Statement::read(signed.bytes()) {
                assert_eq!(read.evidence(), None);
            }
        }
    }
}

#[test]
fn a_proof_stays_whether_or_not_the_key_it_is_about_said_anything_else() {
    let world = World::new(9, 3);
    let next = world.members[0].next.clone();
    let editions = [[1; 16], [2; 16]].map(|nonce| Edition::founding(nonce, Vec::new()));
    let votes = editions.map(|edition| Statement::sign(world.federation, Body::Endorse(vote(&edition, 1)), &next));
    let proof = DoubleVote::of(&votes[0], &votes[1]).unwrap();
    let proof = world.by(1, Body::DoubleVote(proof));
    let held = |said: Vec<Statement>| {
        let mut set = Set::new(world.federation);
        set.extend(said);
        set.get(proof.id()).is_some()
    };
    let alone = [world.said.clone(), vec![proof.clone()]].concat();
    let with_votes = [alone.clone(), votes.to_vec()].concat();
    assert!(held(alone) && held(with_votes));
}

#[test]
fn what_the_votes_show_and_no_proof_does_yet_is_found_once() {
    let mut world = World::new(9, 4);
    let rivals = [world.draft(|_| {}), world.draft(|_| {}), world.draft(|_| {})];
    for rival in &rivals {
        let vote = world.vote(2, rival);
        world.said.push(vote);
    }
    let other = world.vote(1, &rivals[0]);
    world.said.push(other);
    let found = DoubleVote::unproven(&world.set());
    assert_eq!(
        found.len(),
        1,
        "one of a key, number and ballot, and none of who voted once"
    );
    world.say(0, Body::DoubleVote(found[0].clone()));
    assert!(
        world
            .set()
            .iter()
            .any(|held| *held.body() == Body::DoubleVote(found[0].clone()))
    );
    assert!(DoubleVote::unproven(&world.set()).is_empty());
}
