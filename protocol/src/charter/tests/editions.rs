//! Editions follow on each other by the votes of the members, and what a node key wrote before it ended stays.

use super::world::{World, founder, key, node_key, vote};
use crate::charter::*;
use crate::id::{HeaderHash, LogId, NodeKey, RootKey};

pub(super) const LOG: LogId = LogId([1; 32]);
pub(super) const OTHER_LOG: LogId = LogId([2; 32]);

/// The end of a node key, with what its one log held.
pub(super) fn ending(node: NodeKey, seq: u64) -> Ending {
    let (log, head) = (LOG, HeaderHash([9; 32]));
    let cuts = vec![Cut { log, seq, head }];
    Ending { node, cuts }
}

fn without(world: &mut World, at: usize, seq: u64) -> Edition {
    let (code, node) = (world.code(at), world.node(at));
    world.draft(|edition| {
        edition.members.retain(|member| member.gemeente != code);
        edition.endings = vec![ending(node, seq)];
    })
}

fn vote_of(roster: &Roster) -> Vote {
    roster.course().unwrap().vote.clone()
}

#[test]
fn more_than_two_thirds_decide_for_an_edition() {
    for (count, needed) in [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 3),
        (5, 4),
        (6, 5),
        (7, 5),
        (9, 7),
        (342, 229),
    ] {
        assert_eq!(quorum(count), needed, "{count}");
    }
    for count in 1..=5_u16 {
        let mut world = World::new(count.into(), count);
        let newcomer = founder(9950, &mut world.rng);
        let edition = world.draft(|edition| edition.members.push(newcomer.member.clone()));
        world.say(0, Body::Edition(edition.clone()));
        let needed = quorum(count.into());
        world.endorse(&edition, 0..needed - 1);
        let before = world.roster();
        assert_eq!(before.standing(), &Standing::Active { edition: 0 }, "{count}");
        assert!(!before.may_connect(node_key(&newcomer.node)));
        world.endorse(&edition, [needed - 1]);
        let after = world.roster();
        assert_eq!(after.standing(), &Standing::Active { edition: 1 }, "{count}");
        assert_eq!(
            after.gemeente_of(node_key(&newcomer.node)),
            Some(newcomer.member.gemeente)
        );
        assert_eq!(vote_of(&after), Vote::Quiet);
    }
}

#[test]
fn the_votes_of_others_do_not_count() {
    let mut world = World::new(1, 4);
    let reader = world.code(3);
    let quiet = world.draft(|edition| {
        let member = edition.members.iter_mut().find(|member| member.gemeente == reader);
        member.unwrap().role = Role::Reading;
    });
    world.decide(quiet, 0..4);
    let newcomer = founder(9950, &mut world.rng);
    let edition = world.draft(|edition| edition.members.push(newcomer.member.clone()));
    world.say(0, Body::Edition(edition.clone()));
    world.endorse(&edition, [0, 1, 3]);
    // A reading member, a node, somebody who only belongs if it passes, a vote with another number, one in a later ballot.
    let wrong = Endorsement {
        number: 1,
        ..vote(&edition, 0)
    };
    for (body, by) in [
        (vote(&edition, 0), &world.members[2].node),
        (vote(&edition, 0), &newcomer.root),
        (wrong, &world.members[2].root),
        (vote(&edition, 1), &world.members[2].root),
    ] {
        world
            .said
            .push(Statement::sign(world.federation, Body::Endorse(body), by));
    }
    let roster = world.roster();
    assert_eq!(
        (roster.standing(), vote_of(&roster)),
        (&Standing::Active { edition: 1 }, Vote::Open)
    );
    assert_eq!(roster.course().unwrap().silent, [world.code(2)]);
    world.endorse(&edition, [2]);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 2 });
}

#[test]
fn an_edition_follows_on_the_one_it_names_and_on_no_other() {
    let mut world = World::new(2, 3);
    let first = world.draft(|_| {});
    let mut skipped = world.draft(|_| {});
    skipped.number = 2;
    let mut elsewhere = world.draft(|_| {});
    elsewhere.previous = [7; 32];
    for wrong in [skipped, elsewhere] {
        world.say(0, Body::Edition(wrong.clone()));
        world.endorse(&wrong, 0..3);
        assert_eq!(world.roster().standing(), &Standing::Active { edition: 0 });
    }
    let mut second = world.draft(|_| {});
    (second.number, second.previous) = (2, first.hash());
    world.say(0, Body::Edition(second.clone()));
    world.endorse(&second, 0..3);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 0 });
    world.decide(first, 0..3);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 2 });
}

#[test]
fn what_a_removed_member_wrote_before_stays_and_nothing_after() {
    let mut world = World::new(3, 4);
    let node = world.node(3);
    let edition = without(&mut world, 3, 12);
    world.decide(edition, 0..3);
    let roster = world.roster();
    assert_eq!(roster.gemeente_of(node), Some(world.code(3)));
    assert!(roster.may_share(node) && !roster.may_connect(node));
    assert_eq!(
        (roster.cut(node, LOG), roster.cut(node, OTHER_LOG)),
        (Some(12), Some(0))
    );
    assert_eq!(roster.cut(world.node(0), LOG), None);
    assert_eq!(roster.members().len(), 3);
}

#[test]
fn a_removed_member_cannot_backdate() {
    let mut world = World::new(4, 4);
    let edition = without(&mut world, 3, 12);
    world.decide(edition, 0..3);
    let before = world.roster();
    // It certifies one more node, moves the end of its log, ends a key of its own at 0 and votes on.
    let late = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, world.members[3].member.root, world.code(3), &late);
    world.say(3, Body::NodeKey(proof));
    for seq in [0, 90] {
        let body = Body::NodeKeyEnd(ending(world.node(3), seq));
        world.say(3, body);
    }
    let rival = world.draft(|_| {});
    world.say(3, Body::Edition(rival.clone()));
    world.endorse(&rival, [0, 3]);
    let after = world.roster();
    let late = node_key(&late);
    assert_eq!((after.cut(late, LOG), after.may_connect(late)), (Some(0), false));
    assert_eq!(after.cut(world.node(3), LOG), Some(12));
    assert_eq!(after.members(), before.members());
    assert_eq!(after.course().unwrap().proposals[0].endorsed, [world.code(0)].into());
}

#[test]
fn an_edition_that_drops_a_node_that_is_writing_says_how_far_it_counts() {
    let mut world = World::new(5, 3);
    let (old, new) = (world.node(0), key(&mut world.rng));
    let edition = world.draft(|edition| {
        edition.members[0].nodes = vec![node_key(&new)];
        edition.endings = vec![ending(old, 5)];
    });
    world.decide(edition, 0..3);
    let roster = world.roster();
    assert_eq!((roster.cut(old, LOG), roster.cut(old, OTHER_LOG)), (Some(5), Some(0)));
    assert!(!roster.may_connect(old) && roster.may_connect(node_key(&new)));
    // An ended key does not come back, not even by an edition.
    let again = world.draft(|edition| {
        edition.endings = Vec::new();
        edition.members[0].nodes.push(old);
    });
    world.decide(again, 0..3);
    let roster = world.roster();
    assert_eq!((roster.cut(old, LOG), roster.may_connect(old)), (Some(5), false));
    assert_eq!(roster.standing(), &Standing::Active { edition: 2 });
}

#[test]
fn a_certified_node_stays_without_being_listed() {
    let mut world = World::new(6, 3);
    let more = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, world.members[0].member.root, world.code(0), &more);
    world.say(0, Body::NodeKey(proof));
    let edition = world.draft(|_| {});
    world.decide(edition, 0..3);
    let roster = world.roster();
    assert!(roster.may_connect(node_key(&more)) && roster.cut(node_key(&more), LOG).is_none());
}

#[test]
fn a_node_key_never_changes_sides() {
    let mut world = World::new(7, 3);
    let moved = world.node(2);
    let edition = world.draft(|edition| {
        edition.members.pop();
        edition.members[0].nodes.push(moved);
    });
    world.decide(edition, 0..3);
    let roster = world.roster();
    assert_eq!(roster.gemeente_of(moved), Some(world.code(2)));
    assert!(!roster.may_connect(moved));
}

#[test]
fn a_member_that_stops_voting_keeps_what_it_shared() {
    let mut world = World::new(8, 4);
    let (node, reading) = (world.node(3), key(&mut world.rng));
    let edition = world.draft(|edition| {
        edition.members[3].role = Role::Reading;
        edition.members[3].nodes = vec![node_key(&reading)];
        edition.endings = vec![ending(node, 8)];
    });
    world.decide(edition, 0..3);
    let roster = world.roster();
    assert_eq!((roster.may_share(node), roster.cut(node, LOG)), (true, Some(8)));
    let reading = node_key(&reading);
    assert!(roster.may_connect(reading) && !roster.may_share(reading));
}

#[test]
fn a_vote_that_comes_to_nothing_is_told_and_mended_by_all() {
    let mut world = World::new(9, 4);
    let rivals = [world.draft(|_| {}), world.draft(|_| {})];
    for (at, rival) in rivals.iter().enumerate() {
        world.say(at, Body::Edition(rival.clone()));
        world.endorse(rival, [at]);
    }
    assert_eq!(vote_of(&world.roster()), Vote::Open);
    world.endorse(&rivals[0], [2]);
    assert_eq!(vote_of(&world.roster()), Vote::Open);
    world.endorse(&rivals[1], [3]);
    let stalled = world.roster();
    assert_eq!(vote_of(&stalled), Vote::Stalled);
    let endorsed = stalled
        .course()
        .unwrap()
        .proposals
        .iter()
        .map(|proposal| proposal.endorsed.len());
    assert_eq!(
        (endorsed.collect::<Vec<_>>(), stalled.course().unwrap().quorum),
        (vec![2, 2], 3)
    );
    for at in 0..4 {
        assert_eq!(world.roster().standing(), &Standing::Active { edition: 0 });
        world.say(at, Body::Endorse(vote(&rivals[1], 1)));
    }
    let roster = world.roster();
    assert_eq!(roster.standing(), &Standing::Active { edition: 1 });
    assert_eq!(roster.course().unwrap().edition, rivals[1].hash());
}

#[test]
fn two_successors_freeze_the_membership_to_those_in_both() {
    let mut world = World::new(10, 4);
    let newcomers = [9950, 9951].map(|number| founder(number, &mut world.rng));
    let mut rivals = vec![without(&mut world, 3, 12)];
    for newcomer in &newcomers {
        rivals.push(world.draft(|edition| edition.members.push(newcomer.member.clone())));
    }
    let both = founder(9952, &mut world.rng);
    for rival in &mut rivals {
        rival.members.push(both.member.clone());
        rival.members.sort_by_key(|member| member.gemeente);
    }
    for rival in &rivals[..2] {
        world.say(0, Body::Edition(rival.clone()));
        world.endorse(rival, 0..3);
    }
    let roster = world.roster();
    let expected: Vec<_> = [0, 1, 2]
        .iter()
        .map(|at| world.code(*at))
        .chain([both.member.gemeente])
        .collect();
    let active: Vec<_> = roster.members().iter().map(|member| member.gemeente).collect();
    assert_eq!(active, expected);
    assert!(matches!(vote_of(&roster), Vote::Doubled { editions } if editions.len() == 2));
    assert_eq!(roster.standing(), &Standing::Active { edition: 0 });
    assert_eq!(
        (roster.may_connect(world.node(3)), roster.cut(world.node(3), LOG)),
        (false, Some(12))
    );
    assert!(roster.may_connect(node_key(&both.node)) && !roster.may_connect(node_key(&newcomers[0].node)));
    // Nothing builds on a doubled edition until all members agree on one.
    world.editions.push(rivals[1].clone());
    let further = world.draft(|_| {});
    world.say(0, Body::Edition(further.clone()));
    world.endorse(&further, 0..4);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 0 });
    for at in 0..4 {
        world.say(at, Body::Endorse(vote(&rivals[1], 1)));
    }
    let mended = world.roster();
    assert_eq!(mended.standing(), &Standing::Active { edition: 1 });
    assert_eq!(vote_of(&mended), Vote::Open);
    assert!(mended.may_connect(world.node(3)) && mended.may_connect(node_key(&newcomers[0].node)));
}

#[test]
fn an_old_majority_that_mints_a_second_successor_only_freezes() {
    let mut world = World::new(11, 4);
    let newcomers: Vec<_> = (9950..9954).map(|number| founder(number, &mut world.rng)).collect();
    let members = newcomers.iter().map(|founder| founder.member.clone());
    let grown = world.draft(|edition| edition.members.extend(members));
    let late = world.draft(|edition| edition.members[0].name = "Alleen wij".to_owned());
    world.decide(grown, 0..4);
    let next = world.draft(|edition| edition.members[0].name = "Gemeente".to_owned());
    world.decide(next, 0..4);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 1 });
    world.say(0, Body::Edition(late.clone()));
    world.endorse(&late, 0..3);
    let roster = world.roster();
    assert!(matches!(vote_of(&roster), Vote::Doubled { .. }));
    let active: Vec<_> = roster.members().iter().map(|member| member.gemeente).collect();
    assert_eq!(active, (0..4).map(|at| world.code(at)).collect::<Vec<_>>());
    assert!(
        world
            .members
            .iter()
            .all(|member| roster.may_connect(node_key(&member.node)))
    );
}

#[test]
fn an_edition_replaces_a_root_key_when_the_others_agree() {
    let mut world = World::new(12, 4);
    let more = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, world.members[3].member.root, world.code(3), &more);
    world.say(3, Body::NodeKey(proof));
    let fresh = key(&mut world.rng);
    let edition = world.draft(|edition| {
        edition.members[3].root = RootKey(fresh.verifying_key().to_bytes());
        edition.endings = vec![ending(node_key(&more), 4)];
    });
    world.decide(edition, 0..3);
    // The old key ends nothing and certifies nothing any more.
    let stolen = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, world.members[3].member.root, world.code(3), &stolen);
    world.say(3, Body::NodeKey(proof));
    let body = Body::NodeKeyEnd(ending(world.node(3), 0));
    world.say(3, body);
    let roster = world.roster();
    assert!(roster.may_connect(world.node(3)) && !roster.may_connect(node_key(&stolen)));
    assert_eq!(roster.cut(node_key(&stolen), LOG), Some(0));
    assert_eq!(roster.cut(node_key(&more), LOG), Some(4));
}

#[test]
fn an_edition_with_every_field_is_read_back() {
    let mut world = World::new(13, 4);
    let edition = without(&mut world, 3, 12);
    let statement = world.by(0, Body::Edition(edition.clone()));
    let read = Statement::read(statement.bytes()).unwrap();
    assert_eq!(
        (read.body(), read.edition_hash()),
        (&Body::Edition(edition.clone()), Some(edition.hash()))
    );
    let wrong = |change: fn(&mut Edition)| {
        let mut edition = edition.clone();
        change(&mut edition);
        edition.check().is_err()
    };
    assert!(!wrong(|_| {}));
    assert!(wrong(|edition| (edition.number, edition.previous) = (0, [0; 32])));
    assert!(wrong(|edition| edition.endings[0].node = edition.members[0].nodes[0]));
    assert!(wrong(
        |edition| edition.members[1].next_root = edition.members[0].next_root
    ));
    assert!(wrong(
        |edition| edition.members[1].next_root = next_root(edition.members[0].root)
    ));
}

#[test]
fn what_two_successors_say_differently_of_a_member_is_not_active() {
    let mut world = World::new(14, 4);
    let (shared, dropped) = (key(&mut world.rng), key(&mut world.rng));
    let newcomer = founder(9950, &mut world.rng);
    let other_root = key(&mut world.rng);
    let mut rivals = [world.draft(|_| {}), world.draft(|_| {})];
    for (at, rival) in rivals.iter_mut().enumerate() {
        // One more node in both, one in the first only; the second lets another member read only.
        rival.members[0].nodes.push(node_key(&shared));
        if at == 0 {
            rival.members[0].nodes.push(node_key(&dropped));
        } else {
            rival.members[1].role = Role::Reading;
        }
        // Somebody new, with another root key in each; and another root key for a member, in the second.
        let mut member = newcomer.member.clone();
        if at == 1 {
            member.root = RootKey(other_root.verifying_key().to_bytes());
            rival.members[2].root = RootKey(key(&mut world.rng).verifying_key().to_bytes());
        }
        rival.members.push(member);
        world.say(0, Body::Edition(rival.clone()));
        world.endorse(rival, 0..3);
    }
    let roster = world.roster();
    assert!(matches!(vote_of(&roster), Vote::Doubled { .. }));
    let active: Vec<_> = roster.members().iter().map(|member| member.gemeente).collect();
    assert_eq!(active, (0..4).map(|at| world.code(at)).collect::<Vec<_>>());
    assert!(roster.may_connect(node_key(&shared)) && !roster.may_connect(node_key(&dropped)));
    assert!(!roster.may_connect(node_key(&newcomer.node)));
    assert_eq!(roster.members()[1].role, Role::Voting);
    assert_eq!(roster.members()[2].root, world.members[2].member.root);
    for at in 0..4 {
        assert_eq!(
            (roster.may_connect(world.node(at)), roster.cut(world.node(at), LOG)),
            (true, None)
        );
    }
}
