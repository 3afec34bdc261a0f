//! A member replaces its root key, or leaves.

use ed25519_dalek::SigningKey;

use super::editions::{LOG, OTHER_LOG, ending};
use super::world::{World, founder, key, node_key, vote};
use crate::charter::*;
use crate::id::{HeaderHash, LogId, NodeKey, RootKey};

fn root(key: &SigningKey) -> RootKey {
    RootKey(key.verifying_key().to_bytes())
}

/// The first member certifies one more node with the key that it has.
fn certify(world: &mut World) -> NodeKey {
    let node = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, world.members[0].member.root, world.code(0), &node);
    world.say(0, Body::NodeKey(proof));
    node_key(&node)
}

/// The first member replaces its root key by the one it had committed itself to.
fn rotate(world: &mut World, nodes: Vec<NodeKey>, endings: Vec<Ending>) {
    let member = &world.members[0];
    let rotation = Rotation {
        gemeente: member.member.gemeente,
        old: member.member.root,
        nodes,
        endings,
    };
    let statement = Statement::sign(world.federation, Body::Rotate(rotation), &member.next);
    world.said.push(statement);
}

#[test]
fn a_thief_cannot_crowd_out_what_was_carried_over() {
    let mut world = World::new(7, 3);
    let kept = certify(&mut world);
    rotate(&mut world, vec![kept], Vec::new());
    assert!(world.roster().may_connect(kept));
    // As many as push every honest certificate out of what one key may have.
    for _ in 0..400 {
        certify(&mut world);
    }
    let roster = world.roster();
    assert!(roster.may_connect(kept) && roster.gemeente_of(kept).is_some());
    // The old key cannot carry its own nodes over to itself.
    let stolen = certify(&mut world);
    let rotation = Rotation {
        gemeente: world.code(0),
        old: world.members[0].member.root,
        nodes: vec![stolen],
        endings: Vec::new(),
    };
    world.say(0, Body::Rotate(rotation));
    let roster = world.roster();
    assert!(roster.may_connect(kept) && roster.gemeente_of(stolen).is_none());
}

#[test]
fn a_stolen_root_key_is_replaced_and_leaves_nothing_behind() {
    let mut world = World::new(1, 3);
    let (kept, retired, listed) = (certify(&mut world), certify(&mut world), world.node(0));
    let body = Body::NodeKeyEnd(ending(retired, 6));
    world.say(0, body);
    // The thief lets a node of its own in and ends what it can.
    let stolen = certify(&mut world);
    for node in [kept, listed] {
        world.say(0, Body::NodeKeyEnd(ending(node, 0)));
    }
    let roster = world.roster();
    assert!(roster.may_connect(stolen) && !roster.may_connect(kept) && !roster.may_connect(listed));
    let mut nodes = vec![kept, retired];
    nodes.sort();
    rotate(&mut world, nodes, vec![ending(retired, 6)]);
    let roster = world.roster();
    assert!(roster.may_connect(kept) && roster.may_connect(listed));
    assert_eq!((roster.cut(kept, LOG), roster.cut(listed, LOG)), (None, None));
    assert_eq!((roster.gemeente_of(stolen), roster.may_connect(stolen)), (None, false));
    assert_eq!(
        (roster.cut(retired, LOG), roster.may_connect(retired)),
        (Some(6), false)
    );
    assert_eq!(roster.members()[0].root, root(&world.members[0].next));
    // From now on the new key speaks, and the old one only votes.
    let late = certify(&mut world);
    let more = key(&mut world.rng);
    let proof = NodeProof::sign(world.federation, root(&world.members[0].next), world.code(0), &more);
    let certificate = Statement::sign(world.federation, Body::NodeKey(proof), &world.members[0].next);
    world.said.push(certificate);
    let roster = world.roster();
    assert!(roster.may_connect(node_key(&more)) && roster.gemeente_of(late).is_none());
}

#[test]
fn only_the_key_that_a_member_committed_to_takes_its_place() {
    let mut world = World::new(2, 3);
    let before = world.roster();
    let stranger = key(&mut world.rng);
    let other = &world.members[1];
    let rotation = |gemeente, old| {
        Body::Rotate(Rotation {
            gemeente,
            old,
            nodes: Vec::new(),
            endings: Vec::new(),
        })
    };
    let (mine, its) = (&world.members[0].member, &other.member);
    let wrong = [
        (rotation(mine.gemeente, mine.root), &stranger),
        (rotation(mine.gemeente, mine.root), &other.next),
        (rotation(mine.gemeente, mine.root), &world.members[0].node),
        (rotation(its.gemeente, its.root), &world.members[0].next),
        (rotation(mine.gemeente, its.root), &world.members[0].next),
    ];
    let wrong = wrong.map(|(body, by)| Statement::sign(world.federation, body, by));
    world.said.extend(wrong);
    assert_eq!(world.roster().members(), before.members());
}

#[test]
fn an_edition_takes_a_new_root_key_over_with_what_it_carried() {
    let mut world = World::new(3, 3);
    let (kept, retired) = (certify(&mut world), certify(&mut world));
    let mut nodes = vec![kept, retired];
    nodes.sort();
    rotate(&mut world, nodes, vec![ending(retired, 6)]);
    let (new, next) = (root(&world.members[0].next), key(&mut world.rng));
    let edition = world.draft(|edition| {
        edition.members[0].root = new;
        edition.members[0].next_root = next_root(root(&next));
    });
    // The new key votes for it.
    let by_new = Statement::sign(
        world.federation,
        Body::Endorse(vote(&edition, 0)),
        &world.members[0].next,
    );
    world.said.push(by_new);
    world.decide(edition, 1..3);
    let roster = world.roster();
    assert_eq!(roster.standing(), &Standing::Active { edition: 1 });
    assert!(roster.may_connect(kept) && roster.may_connect(world.node(0)));
    assert_eq!((roster.cut(retired, LOG), roster.cut(kept, LOG)), (Some(6), None));
}

#[test]
fn two_keys_of_a_member_are_one_vote() {
    let mut world = World::new(4, 4);
    let edition = world.draft(|_| {});
    world.say(0, Body::Edition(edition.clone()));
    world.endorse(&edition, 0..2);
    let again = Statement::sign(
        world.federation,
        Body::Endorse(vote(&edition, 0)),
        &world.members[0].next,
    );
    world.said.push(again);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 0 });
}

#[test]
fn a_lost_root_key_in_a_federation_of_three_is_replaced_by_the_next() {
    let mut world = World::new(5, 3);
    rotate(&mut world, Vec::new(), Vec::new());
    let newcomer = founder(9950, &mut world.rng);
    let edition = world.draft(|edition| edition.members.push(newcomer.member.clone()));
    world.decide(edition.clone(), 1..3);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 0 });
    let by_next = Statement::sign(
        world.federation,
        Body::Endorse(vote(&edition, 0)),
        &world.members[0].next,
    );
    world.said.push(by_next);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 1 });
}

#[test]
fn when_both_root_keys_are_lost_three_go_on_writing_and_change_nothing() {
    let mut world = World::new(6, 3);
    let newcomer = founder(9950, &mut world.rng);
    let edition = world.draft(|edition| edition.members.push(newcomer.member.clone()));
    world.decide(edition, 1..3);
    let roster = world.roster();
    assert_eq!(roster.standing(), &Standing::Active { edition: 0 });
    assert_eq!(roster.course().unwrap().silent, [world.code(0)]);
    assert!((0..3).all(|at| roster.may_connect(world.node(at)) && roster.cut(world.node(at), LOG).is_none()));
}

fn leave(world: &mut World, at: usize, endings: Vec<Ending>) {
    let gemeente = world.code(at);
    world.say(at, Body::Leave(Departure { gemeente, endings }));
}

#[test]
fn a_member_leaves_and_what_it_wrote_stays() {
    let mut world = World::new(7, 3);
    let (node, more) = (world.node(0), certify(&mut world));
    let (ended, code) = (certify(&mut world), world.code(0));
    world.say(0, Body::NodeKeyEnd(ending(ended, 2)));
    leave(&mut world, 0, vec![ending(node, 7)]);
    let roster = world.roster();
    assert_eq!((roster.cut(node, LOG), roster.cut(node, OTHER_LOG)), (Some(7), Some(0)));
    assert_eq!((roster.cut(more, LOG), roster.cut(ended, LOG)), (Some(0), Some(2)));
    assert!(!roster.may_connect(node) && !roster.may_connect(more) && roster.may_share(node));
    assert_eq!(roster.left().collect::<Vec<_>>(), [code]);
    // What it certifies afterwards never speaks.
    let late = certify(&mut world);
    let roster = world.roster();
    assert_eq!((roster.may_connect(late), roster.cut(late, LOG)), (false, Some(0)));
}

#[test]
fn nobody_sends_another_away() {
    let mut world = World::new(8, 3);
    let before = world.roster();
    let gemeente = world.code(1);
    let body = Body::Leave(Departure {
        gemeente,
        endings: Vec::new(),
    });
    world.say(0, body.clone());
    let by_node = Statement::sign(world.federation, body, &world.members[1].node);
    world.said.push(by_node);
    assert_eq!(world.roster(), before);
}

#[test]
fn who_leaves_votes_first_for_the_edition_without_it() {
    for count in 2..=3_u16 {
        let mut world = World::new(9, count);
        let (code, node) = (world.code(0), world.node(0));
        let edition = world.draft(|edition| {
            edition.members.remove(0);
            edition.endings = vec![ending(node, 7)];
        });
        world.say(0, Body::Edition(edition.clone()));
        world.endorse(&edition, [0]);
        leave(&mut world, 0, vec![ending(node, 7)]);
        assert_eq!(world.roster().left().collect::<Vec<_>>(), [code]);
        world.endorse(&edition, 1..count as usize);
        let roster = world.roster();
        assert_eq!(roster.standing(), &Standing::Active { edition: 1 });
        assert_eq!((roster.cut(node, LOG), roster.left().count()), (Some(7), 0));
    }
}

#[test]
fn when_the_last_member_leaves_the_federation_ends_and_can_still_be_read() {
    for count in 1..=3_u16 {
        let mut world = World::new(10, count);
        for at in 0..count as usize {
            assert!(!world.roster().is_dissolved());
            let node = world.node(at);
            leave(&mut world, at, vec![ending(node, 7)]);
        }
        let roster = world.roster();
        assert!(roster.is_active() && roster.is_dissolved());
        for at in 0..count as usize {
            assert_eq!(
                (roster.gemeente_of(world.node(at)), roster.cut(world.node(at), LOG)),
                (Some(world.code(at)), Some(7))
            );
            assert!(!roster.may_connect(world.node(at)));
        }
    }
}

#[test]
fn changes_of_root_key_and_departures_are_read_back() {
    let world = World::new(11, 3);
    let mut nodes = vec![world.node(0), world.node(1)];
    nodes.sort();
    let endings: Vec<Ending> = nodes.iter().map(|node| ending(*node, 3)).collect();
    let (gemeente, old) = (world.code(0), world.members[0].member.root);
    let backwards = Vec::from_iter(endings.iter().rev().cloned());
    for (body, sound) in [
        (
            Body::Rotate(Rotation {
                gemeente,
                old,
                nodes: nodes.clone(),
                endings: endings.clone(),
            }),
            true,
        ),
        (
            Body::Leave(Departure {
                gemeente,
                endings: endings.clone(),
            }),
            true,
        ),
        (
            Body::Rotate(Rotation {
                gemeente,
                old,
                nodes: vec![nodes[0]; 2],
                endings,
            }),
            false,
        ),
        (
            Body::Leave(Departure {
                gemeente,
                endings: backwards,
            }),
            false,
        ),
    ] {
        let statement = world.by(0, body);
        let read = Statement::read(statement.bytes());
        assert_eq!(read.is_ok_and(|read| read == statement), sound);
    }
}

#[test]
fn what_a_member_withdrew_stays_so_whatever_becomes_of_it() {
    let mut world = World::new(12, 4);
    let owner = world.code(0);
    let document = |log: u8| Withdrawal {
        number: 1,
        log: LogId([log; 32]),
        seq: 1,
        kind: 1,
        owner,
    };
    let node = certify(&mut world);
    let by_node = Statement::sign(world.federation, Body::Withdraw(document(1)), &world.members[0].node);
    world.said.push(by_node);
    world.say(0, Body::Withdraw(document(2)));
    // The others together withdraw a third; later they are too few of the members to do it again.
    for at in 1..4 {
        world.say(at, Body::Withdraw(document(3)));
    }
    let all = |world: &mut World| {
        let roster = world.roster();
        (1..=3).all(|log| roster.erasures().withdrawn(document(log).document()).is_some())
    };
    assert!(all(&mut world));
    rotate(&mut world, vec![node], vec![ending(node, 2)]);
    assert!(all(&mut world));
    let newcomers = [9950, 9951].map(|number| founder(number, &mut world.rng).member);
    let code = world.code(0);
    let edition = world.draft(|edition| {
        edition.members.retain(|member| member.gemeente != code);
        edition.members.extend(newcomers);
    });
    world.decide(edition, 1..4);
    assert_eq!(world.roster().standing(), &Standing::Active { edition: 1 });
    assert!(all(&mut world));
}

#[test]
fn why_and_where_a_node_ended_is_told() {
    let mut world = World::new(11, 4);
    let (certified, listed) = (certify(&mut world), world.node(0));
    assert_eq!(
        (world.roster().ended(listed), world.roster().ending(listed)),
        (None, None)
    );
    // Two ends of one key: the lowest of each log, and nothing of a log that one of them leaves out.
    for cuts in [vec![(LOG, 9), (OTHER_LOG, 2)], vec![(LOG, 6)]] {
        let cut = |(log, seq)| Cut {
            log,
            seq,
            head: HeaderHash([1; 32]),
        };
        let cuts = cuts.into_iter().map(cut).collect();
        world.say(0, Body::NodeKeyEnd(Ending { node: certified, cuts }));
    }
    let body = Body::Leave(Departure {
        gemeente: world.code(0),
        endings: vec![ending(listed, 4)],
    });
    world.say(0, body);
    let roster = world.roster();
    assert_eq!(
        (roster.ended(certified), roster.ended(listed)),
        (Some(Ended::ByMember), Some(Ended::Left))
    );
    let told = roster.ending(certified).unwrap();
    assert_eq!(
        told.cuts.iter().map(|cut| (cut.log, cut.seq)).collect::<Vec<_>>(),
        [(LOG, 6)]
    );
    let edition = world.draft(|edition| {
        edition.members.remove(1);
        edition.endings.push(ending(listed, 3));
        edition.members[0].nodes.clear();
    });
    world.decide(edition, 0..3);
    let (roster, removed) = (world.roster(), world.node(1));
    assert_eq!(roster.ended(listed), Some(Ended::ByEdition));
    assert_eq!(
        (roster.ended(removed), roster.ending(removed).unwrap().cuts),
        (Some(Ended::ByEdition), vec![])
    );
}
