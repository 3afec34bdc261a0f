//! Gemeenten become one, and the past keeps its codes.

use super::editions::{LOG, OTHER_LOG, ending};
use super::world::World;
use crate::charter::*;
use crate::entropy::Entropy;
use crate::id::{Gemeente, LogId};

fn merge(world: &World, from: usize, to: usize) -> Merge {
    let date = Day::new(2027, 1, 1).unwrap();
    Merge {
        from: world.code(from),
        to: world.code(to),
        date,
    }
}

/// The next edition, in which one member became part of another.
fn merged(world: &mut World, from: usize, to: usize) -> Edition {
    let (merge, node) = (merge(world, from, to), world.node(from));
    world.draft(|edition| {
        edition.members.retain(|member| member.gemeente != merge.from);
        edition.endings = vec![ending(node, 12)];
        edition.merges = vec![merge];
    })
}

#[test]
fn the_successor_may_change_what_was_and_the_past_keeps_its_code() {
    let mut world = World::new(1, 4);
    let edition = merged(&mut world, 3, 1);
    world.decide(edition, 0..4);
    let roster = world.roster();
    let [zero, heir, two, gone] = [0, 1, 2, 3].map(|at| world.code(at));
    assert!(roster.may_edit(heir, gone) && roster.may_edit(heir, heir) && roster.may_edit(gone, gone));
    assert!(!roster.may_edit(zero, gone) && !roster.may_edit(gone, heir) && !roster.may_edit(two, heir));
    assert_eq!(roster.gemeente_of(world.node(3)), Some(gone));
    assert_eq!(
        roster.merges().map(|merge| (merge.from, merge.to)).collect::<Vec<_>>(),
        [(gone, heir)]
    );
    // The successor becomes part of a third: rights follow, and what it changed meanwhile stays.
    let edition = merged(&mut world, 1, 0);
    world.decide(edition, [0, 1, 2]);
    let roster = world.roster();
    assert!(roster.may_edit(zero, gone) && roster.may_edit(zero, heir) && roster.may_edit(heir, gone));
    assert!(!roster.may_edit(two, gone));
    assert_eq!(roster.kin(gone), [zero, heir, gone].into());
    assert_eq!(roster.kin(two), [two].into());
}

#[test]
fn nodes_that_were_offline_at_a_merger_keep_what_the_edition_names() {
    let mut world = World::new(2, 4);
    let edition = merged(&mut world, 3, 1);
    world.decide(edition, 0..4);
    let roster = world.roster();
    let node = world.node(3);
    assert_eq!(
        (roster.cut(node, LOG), roster.cut(node, OTHER_LOG)),
        (Some(12), Some(0))
    );
    assert!(!roster.may_connect(node) && roster.may_share(node));
}

#[test]
fn the_successor_may_take_back_what_was_of_the_other() {
    let mut world = World::new(3, 4);
    let owner = world.code(3);
    let document = |log: u8| Withdrawal {
        number: 1,
        log: LogId([log; 32]),
        seq: 1,
        kind: 1,
        owner,
    };
    let edition = merged(&mut world, 3, 1);
    for (log, at) in [(1, 1), (2, 0)] {
        let by = &world.members[at].node;
        world
            .said
            .push(Statement::sign(world.federation, Body::Withdraw(document(log)), by));
    }
    let withdrawn = |world: &mut World| {
        let roster = world.roster();
        [1, 2].map(|log| roster.erasures().withdrawn(document(log).document()).is_some())
    };
    assert_eq!(withdrawn(&mut world), [false, false]);
    world.decide(edition, 0..4);
    assert_eq!(withdrawn(&mut world), [true, false]);
}

#[test]
fn an_edition_with_mergers_is_read_back_and_contradicts_nothing() {
    let mut world = World::new(4, 4);
    let edition = merged(&mut world, 3, 1);
    let statement = world.by(0, Body::Edition(edition.clone()));
    assert_eq!(Statement::read(statement.bytes()).unwrap(), statement);
    let stays = merge(&world, 0, 1);
    let unknown = Merge {
        to: Gemeente::new(9990).unwrap(),
        ..edition.merges[0]
    };
    for merges in [vec![stays], vec![unknown], vec![edition.merges[0]; 2]] {
        let wrong = Edition {
            merges,
            ..edition.clone()
        };
        assert!(wrong.check().is_err());
    }
    let founding = Edition::founding(world.rng.bytes(), edition.members.clone());
    let founding = Edition {
        merges: edition.merges.clone(),
        ..founding
    };
    assert!(founding.check().is_err());
}

#[test]
fn a_day_exists_or_is_none() {
    for (year, month, day, exists) in [
        (2027, 1, 1, true),
        (2028, 2, 29, true),
        (2027, 2, 29, false),
        (2100, 2, 29, false),
        (2000, 2, 29, true),
        (2027, 4, 31, false),
        (2027, 12, 31, true),
        (2027, 13, 1, false),
        (2027, 0, 1, false),
        (2027, 1, 0, false),
    ] {
        assert_eq!(Day::new(year, month, day).is_some(), exists, "{year}-{month}-{day}");
    }
    assert_eq!(Day::new(2027, 1, 9).unwrap().to_string(), "2027-01-09");
}

#[test]
fn the_first_merger_of_a_gemeente_counts() {
    let mut world = World::new(5, 4);
    let edition = merged(&mut world, 3, 1);
    world.decide(edition, 0..4);
    let again = merge(&world, 3, 0);
    let edition = world.draft(|edition| (edition.endings, edition.merges) = (Vec::new(), vec![again]));
    world.decide(edition, 0..3);
    let roster = world.roster();
    assert_eq!(roster.standing(), &Standing::Active { edition: 2 });
    let [zero, heir, gone] = [0, 1, 3].map(|at| world.code(at));
    assert!(roster.may_edit(heir, gone) && !roster.may_edit(zero, gone));
}
