//! Everything that can be said, by everybody, in every order: the same set and the same roster.

use ed25519_dalek::SigningKey;

use super::editions::ending;
use super::proving::fork;
use super::world::{World, address, founder, key, node_key, vote};
use crate::charter::*;
use crate::entropy::Seeded;
use crate::id::RootKey;

/// A few years of a federation of which some are hostile: editions that pass, stall or double, keys that come, end and
/// are replaced, and whatever else may be said about whomever.
fn years(seed: u64) -> World {
    let mut world = World::new(seed, 4 + (seed % 3) as u16);
    for _ in 0..2 {
        let newcomer = founder(9950 + world.editions.len() as u16, &mut world.rng);
        let rival = world.draft(|_| {});
        let next = world.draft(|edition| edition.members.push(newcomer.member.clone()));
        let count = world.members.len();
        let voters: Vec<usize> = (0..count).filter(|_| world.rng.chance(4, 5)).collect();
        let double = world.rng.below(count as u64 + 2) as usize;
        for edition in [&rival, &next] {
            world.say(0, Body::Edition(edition.clone()));
        }
        world.endorse(&next, voters);
        world.endorse(&rival, 0..double.min(count));
        let again = world.rng.below(2) as u32;
        for at in 0..count {
            world.say(at, Body::Endorse(vote(&next, again)));
        }
        world.editions.push(next);
        world.members.push(newcomer);
        (0..world.members.len()).for_each(|at| says(&mut world, at));
        for edition in world.editions.clone() {
            let (gemeente, edition) = (world.code(1), edition.hash());
            for at in (0..count).filter(|at| (seed + *at as u64).is_multiple_of(2)) {
                let endings = vec![ending(world.node(1), at as u64)];
                world.say(
                    at,
                    Body::Suspend(Suspension {
                        gemeente,
                        edition,
                        endings,
                    }),
                );
            }
        }
    }
    world
}

/// What one member says: about its own nodes and about others'.
fn says(world: &mut World, at: usize) {
    let other = world.rng.below(world.members.len() as u64) as usize;
    let (gemeente, old) = (world.code(at), world.members[at].member.root);
    let (seq, subject) = (world.rng.below(50), world.code(other));
    let minted: Vec<SigningKey> = (0..1 + world.rng.below(6)).map(|_| key(&mut world.rng)).collect();
    let mut nodes: Vec<_> = minted.iter().map(node_key).collect();
    nodes.sort();
    let endings = vec![ending(nodes[0], seq)];
    for node in &minted {
        let proof = NodeProof::sign(world.federation, RootKey(old.0), gemeente, node);
        world.say(at, Body::NodeKey(proof));
        let counter = world.rng.below(2);
        let body = address(node_key(node), counter, "/ip4/127.0.0.1/tcp/1");
        world.said.push(Statement::sign(world.federation, body, node));
    }
    let edition = world.editions[world.rng.below(world.editions.len() as u64) as usize].hash();
    let (_, proof) = fork(world.federation, &world.members[other].node, (seq % 3) as u8, seq);
    let rivals = [world.draft(|_| {}), world.draft(|_| {})];
    let double = DoubleVote::of(&world.vote(other, &rivals[0]), &world.vote(other, &rivals[1])).unwrap();
    let bodies = [
        Body::NodeKeyEnd(ending(nodes[0], seq)),
        Body::NodeKeyEnd(ending(world.node(other), seq)),
        Body::Rotate(Rotation {
            gemeente,
            old,
            nodes,
            endings: endings.clone(),
        }),
        Body::Leave(Departure { gemeente, endings }),
        Body::Suspend(Suspension {
            gemeente: subject,
            edition,
            endings: vec![ending(world.node(other), seq)],
        }),
        Body::Suspend(Suspension {
            gemeente: subject,
            edition,
            endings: Vec::new(),
        }),
        Body::Fork(proof),
        Body::DoubleVote(double),
        Body::Edition(rivals[0].clone()),
    ];
    for body in bodies {
        let by = [&world.members[at].root, &world.members[at].next, &minted[0]][world.rng.below(3) as usize].clone();
        if world.rng.chance(1, 2) {
            world.said.push(Statement::sign(world.federation, body, &by));
        }
    }
}

/// Offers everything in random portions until nothing changes any more.
fn settle(world: &World, rng: &mut Seeded) -> Set {
    let mut said = world.said.clone();
    rng.shuffle(&mut said);
    let mut set = Set::new(world.federation);
    loop {
        let before = set.digest();
        for portion in said.chunks(1 + rng.below(30) as usize) {
            set.extend(portion.to_vec());
        }
        if set.digest() == before {
            return set;
        }
    }
}

#[test]
fn every_order_gives_the_same_set_and_the_same_roster() {
    let (mut passed, mut doubled, mut held, mut left) = (0, 0, 0, 0);
    for seed in 0..40 {
        let world = years(seed);
        let mut whole = Set::new(world.federation);
        whole.extend(world.said.clone());
        let roster = Roster::of(&whole);
        let mut rng = Seeded::new(seed ^ 0xa11);
        for _ in 0..3 {
            let set = settle(&world, &mut rng);
            assert_eq!(set.digest(), whole.digest(), "seed {seed}");
            assert_eq!(Roster::of(&set), roster, "seed {seed}");
        }
        let course = roster.course().unwrap();
        passed += u32::from(course.number > 0);
        doubled += u32::from(matches!(course.vote, Vote::Doubled { .. }));
        held += u32::from(roster.suspensions().iter().any(|hold| hold.in_force));
        left += u32::from(roster.left().count() > 0);
    }
    let met = [passed, doubled, held, left];
    assert!(met.iter().all(|seeds| *seeds > 2), "the seeds meet too little: {met:?}");
}

#[test]
fn nodes_that_exchange_what_they_hold_end_with_the_same_set() {
    for seed in 100..130 {
        let world = years(seed);
        let mut rng = Seeded::new(seed ^ 0x5e7);
        let mut sets = [(); 3].map(|()| Set::new(world.federation));
        for statement in &world.said {
            sets[rng.below(3) as usize].extend(vec![statement.clone()]);
        }
        for _ in 0..12 {
            let (from, to) = (rng.below(3) as usize, rng.below(3) as usize);
            let offered: Vec<Statement> = sets[from].iter().cloned().collect();
            sets[to].extend(offered);
        }
        for (from, to) in [(0, 1), (1, 2), (2, 0), (0, 1)] {
            let offered: Vec<Statement> = sets[from].iter().cloned().collect();
            sets[to].extend(offered);
        }
        let rosters = sets.each_ref().map(Roster::of);
        assert!(rosters[0] == rosters[1] && rosters[1] == rosters[2], "seed {seed}");
        assert!(sets.iter().all(|set| set.digest() == sets[0].digest()), "seed {seed}");
    }
}

/// Contents are changed and signed anew by somebody who may: nothing panics, and what is read is written as it was.
#[test]
fn no_content_is_read_otherwise_than_it_is_written() {
    let world = years(200);
    let mut rng = Seeded::new(201);
    let mut kinds: Vec<&Statement> = Vec::new();
    for statement in &world.said {
        if kinds
            .iter()
            .all(|kind| kind.body().number() != statement.body().number())
        {
            kinds.push(statement);
        }
    }
    assert!(kinds.len() >= 9, "only {} kinds", kinds.len());
    let mut read = 0;
    for statement in kinds {
        let (number, content) = (statement.body().number(), statement.body().encode());
        for _ in 0..1_000 {
            let mut bytes = content.clone();
            for _ in 0..1 + rng.below(3) {
                let at = rng.below(bytes.len() as u64) as usize;
                match rng.below(3) {
                    0 => bytes[at] ^= 1 << rng.below(8),
                    1 => bytes.truncate(at + 1),
                    _ => bytes.insert(at, rng.next() as u8),
                }
            }
            let body = Body::Unknown { number, bytes };
            let signed = Statement::sign(world.federation, body, &world.members[0].root);
            if let Ok(again) = Statement::read(signed.bytes()) {
                assert_eq!(again.body().encode(), signed.body().encode());
                read += 1;
            }
        }
    }
    assert!(read > 100, "only {read} were read");
}
