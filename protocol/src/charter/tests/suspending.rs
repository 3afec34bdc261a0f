//! Members put each other on hold.

use super::editions::{LOG, OTHER_LOG, ending};
use super::world::{World, key, node_key, vote};
use crate::charter::*;
use crate::entropy::Seeded;
use crate::id::NodeKey;

fn suspend(world: &mut World, by: usize, subject: usize, seq: u64) {
    let edition = world.editions[world.editions.len() - 1].hash();
    let body = Body::Suspend(Suspension {
        gemeente: world.code(subject),
        edition,
        endings: vec![ending(world.node(subject), seq)],
    });
    world.say(by, body);
}

fn on_hold(roster: &Roster) -> Vec<u16> {
    let held = roster.suspensions().iter().filter(|hold| hold.in_force);
    held.map(|hold| hold.gemeente.number()).collect()
}

#[test]
fn more_than_a_third_and_at_least_two_suspend_a_member() {
    for (count, needed) in [(1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (6, 3), (9, 4), (342, 115)] {
        assert_eq!(suspenders(count), needed, "{count}");
    }
    for count in 3..=7_u16 {
        let mut world = World::new(count.into(), count);
        let (subject, node) = (count as usize - 1, world.node(count as usize - 1));
        let needed = suspenders(count.into());
        for by in 0..needed {
            let roster = world.roster();
            assert!(
                roster.may_connect(node) && on_hold(&roster).is_empty(),
                "{by} of {count}"
            );
            suspend(&mut world, by, subject, 10 + by as u64);
        }
        let roster = world.roster();
        assert_eq!(on_hold(&roster), [world.code(subject).number()]);
        assert!(!roster.may_connect(node) && roster.gemeente_of(node).is_some());
        assert_eq!(
            (roster.cut(node, LOG), roster.cut(node, OTHER_LOG)),
            (Some(10), Some(0))
        );
    }
}

#[test]
fn neither_the_subject_nor_a_second_key_nor_a_reader_counts() {
    let mut world = World::new(20, 5);
    let reader = world.draft(|edition| edition.members[4].role = Role::Reading);
    world.decide(reader, 0..5);
    suspend(&mut world, 0, 3, 5);
    suspend(&mut world, 3, 3, 5);
    suspend(&mut world, 4, 3, 5);
    suspend(&mut world, 0, 3, 4);
    let again = world.said[world.said.len() - 1].body().clone();
    let by_next = Statement::sign(world.federation, again.clone(), &world.members[0].next);
    let by_node = Statement::sign(world.federation, again, &world.members[1].node);
    world.said.extend([by_next, by_node]);
    let roster = world.roster();
    assert!(on_hold(&roster).is_empty() && roster.may_connect(world.node(3)));
    let hold = &roster.suspensions()[0];
    assert_eq!((hold.by.len(), hold.needed), (1, 2));
}

#[test]
fn it_lapses_with_the_edition_unless_the_next_carries_it() {
    for carried in [false, true] {
        let mut world = World::new(21, 4);
        let (code, node) = (world.code(3), world.node(3));
        suspend(&mut world, 0, 3, 10);
        suspend(&mut world, 1, 3, 12);
        let next = world.draft(|edition| {
            let held = Suspended {
                gemeente: code,
                endings: vec![ending(node, 10)],
            };
            edition.suspended.extend(carried.then_some(held));
        });
        world.decide(next, 0..3);
        let roster = world.roster();
        assert_eq!(roster.may_connect(node), !carried);
        assert_eq!(roster.cut(node, LOG), carried.then_some(10));
        assert_eq!(roster.suspensions().iter().any(|hold| hold.carried), carried);
        let after = world.draft(|_| {});
        world.decide(after, 0..3);
        assert!(world.roster().may_connect(node));
    }
}

#[test]
fn two_members_that_suspend_each_other_are_both_on_hold() {
    // Of two, neither can: it takes two, and never the subject.
    let mut world = World::new(22, 2);
    suspend(&mut world, 0, 1, 3);
    suspend(&mut world, 1, 0, 3);
    assert!(on_hold(&world.roster()).is_empty());
    // Of four, each with one other: both are, whoever was first, and the others decide.
    let mut world = World::new(23, 4);
    for (by, subject) in [(0, 1), (2, 1), (1, 0), (3, 0)] {
        suspend(&mut world, by, subject, 3);
    }
    let roster = world.roster();
    assert_eq!(on_hold(&roster), [world.code(0).number(), world.code(1).number()]);
    assert!(!roster.may_connect(world.node(0)) && !roster.may_connect(world.node(1)));
    // Who is on hold still votes.
    let next = world.draft(|_| {});
    world.decide(next, [0, 1, 2]);
    let roster = world.roster();
    assert_eq!(roster.standing(), &Standing::Active { edition: 1 });
    assert!((0..4).all(|at| roster.may_connect(world.node(at))));
}

#[test]
fn a_node_certified_meanwhile_is_on_hold_too() {
    let mut world = World::new(24, 4);
    suspend(&mut world, 0, 3, 3);
    suspend(&mut world, 1, 3, 3);
    let late = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, world.members[3].member.root, world.code(3), &late);
    world.say(3, Body::NodeKey(proof));
    let roster = world.roster();
    let late: NodeKey = node_key(&late);
    assert_eq!((roster.may_connect(late), roster.cut(late, LOG)), (false, Some(0)));
}

#[test]
fn what_is_in_force_cannot_be_crowded_out() {
    for seed in 0..6 {
        let mut world = World::new(seed, 6);
        for by in 0..3 {
            suspend(&mut world, by, 5, 3);
        }
        let mut set = Set::new(world.federation);
        set.extend(world.said.clone());
        // One of them asks for everything it can think of.
        let mut rng = Seeded::new(seed);
        for round in 0..300_u64 {
            let body = Body::Suspend(Suspension {
                gemeente: world.code(1 + (round % 5) as usize),
                edition: world.federation.0,
                endings: vec![ending(world.node(rng.below(6) as usize), rng.next())],
            });
            set.extend(vec![world.by(0, body)]);
        }
        assert!(
            on_hold(&Roster::of(&set)).contains(&world.code(5).number()),
            "seed {seed}"
        );
        assert!(set.len() < 7 + 3 + 6, "seed {seed}: {}", set.len());
    }
}

#[test]
fn suspensions_and_editions_that_carry_them_are_read_back() {
    let mut world = World::new(25, 4);
    suspend(&mut world, 0, 3, 3);
    let (code, node) = (world.code(3), world.node(3));
    let held = |number: usize| {
        vec![
            Suspended {
                gemeente: code,
                endings: vec![ending(node, 3)]
            };
            number
        ]
    };
    let edition = world.draft(|edition| edition.suspended = held(1));
    let hash = edition.hash();
    world.say(0, Body::Edition(edition.clone()));
    for statement in &world.said {
        assert_eq!(&Statement::read(statement.bytes()).unwrap(), statement);
    }
    let wrong = |change: &dyn Fn(&mut Edition)| {
        let mut edition = edition.clone();
        change(&mut edition);
        assert_ne!(edition.hash(), hash);
        edition.check().is_err()
    };
    assert!(wrong(&|edition| edition.suspended = held(2)));
    assert!(wrong(&|edition| drop(edition.members.pop())));
    assert!(!wrong(&|edition| edition.suspended = held(0)));
    assert_eq!(vote(&edition, 0).number, 1);
}
