//! Inviting, and taking an invitation in, on the files of nodes that do not run.

use std::fs;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Endorsement, Member, Role, Statement, next_root};
use protocol::id::RootKey;
use protocol::log::ReplicaError;

use super::super::world::{Founded, core, gemeente};
use super::super::{Init, Keep, Release, armor, import, init};
use super::*;

/// A node of a gemeente that belongs nowhere yet.
fn newcomer(world: &Founded, at: u16) -> Home {
    let home = Home::new(world.dir().join(format!("nieuw-{at}")));
    let config = Config {
        gemeente: gemeente(at),
        name: format!("Gemeente {at}"),
        mailbox: String::new(),
        listen: vec!["/ip4/127.0.0.1/tcp/4009".to_owned()],
        announce: Vec::new(),
        api: "127.0.0.1:0".to_owned(),
        proxy: None,
        member_mib: crate::runtime::MEMBER_MIB,
        gossip: true,
        release: Release::AtOnce,
        audit: Keep::default(),
    };
    init(&home, Init { config }).unwrap();
    home
}

fn key(home: &Home, name: &str) -> SigningKey {
    founding::signing_key(home, name).unwrap()
}

fn node(home: &Home) -> NodeKey {
    NodeKey(key(home, "node").verifying_key().to_bytes())
}

/// The statements by which everybody in a federation lets a newcomer in, as text.
fn let_in(world: &Founded, newcomer: &Home, at: u16) -> String {
    let charter = armor::read_charter(&world.charter).unwrap();
    let founding: &Edition = charter.iter().find_map(Statement::founding).unwrap();
    let mut next = founding.successor([9; 16]);
    next.members.push(Member {
        gemeente: gemeente(at),
        name: format!("Gemeente {at}"),
        root: RootKey(key(newcomer, "root").verifying_key().to_bytes()),
        next_root: next_root(RootKey(key(newcomer, "next-root").verifying_key().to_bytes())),
        role: Role::Voting,
        nodes: vec![node(newcomer)],
        mailbox: String::new(),
        addresses: Vec::new(),
    });
    next.check().unwrap();
    let (federation, vote) = (founding.federation(), next.hash());
    let mut said = vec![Statement::sign(
        federation,
        Body::Edition(next),
        &key(&world.homes[0], "root"),
    )];
    said.extend(world.homes.iter().map(|home| {
        let vote = Endorsement {
            edition: vote,
            number: 1,
            ballot: 0,
        };
        Statement::sign(federation, Body::Endorse(vote), &key(home, "root"))
    }));
    armor::write_charter(&said)
}

#[test]
fn an_invitation_names_this_node_first_and_then_others_of_other_gemeenten() {
    let world = Founded::new("invite", 5);
    let (text, told) = invite(&world.homes[2]).unwrap();
    assert_eq!(told.nodes.len(), 3);
    assert_eq!(
        (told.nodes[0].gemeente, told.nodes[0].node),
        (gemeente(2), node(&world.homes[2]))
    );
    let mut gemeenten: Vec<_> = told.nodes.iter().map(|one| one.gemeente).collect();
    gemeenten.sort_unstable();
    gemeenten.dedup();
    assert_eq!(gemeenten.len(), 3);
    assert!(told.nodes.iter().all(|one| !one.adressen.is_empty()));
    assert_eq!(
        (told.editie, told.oordeel, told.toegelaten),
        (0, Oordeel::Beslist, true)
    );
    let read = invitation(&text).unwrap().unwrap();
    assert_eq!((read.vingerafdruk, read.nodes), (told.vingerafdruk, told.nodes));
    assert_eq!(invitation(&world.charter).unwrap(), None);
}

#[test]
fn who_belongs_to_nothing_invites_nobody() {
    let world = Founded::new("invite-nobody", 1);
    assert!(matches!(invite(&newcomer(&world, 7)), Err(JoinError::Closed)));
}

#[test]
fn who_was_invited_keeps_to_the_invitation_until_the_roster_lists_it() {
    let world = Founded::new("join", 4);
    let joiner = newcomer(&world, 7);
    let (text, _) = invite(&world.homes[0]).unwrap();
    let told = join(&joiner, &text).unwrap();
    assert_eq!((told.oordeel, told.toegelaten), (Oordeel::Onbekend, false));
    let named: Vec<NodeKey> = told.nodes.iter().map(|one| one.node).collect();

    let (mut replica, ..) = open_replica(&joiner).unwrap();
    let kept = kept(&joiner, &mut replica).unwrap().unwrap();
    let me = node(&joiner);
    let book = driver::peers(replica.roster(), me, Some(&kept));
    assert_eq!(
        book.keys().copied().collect::<std::collections::BTreeSet<_>>(),
        named.into_iter().collect()
    );
    assert!(book.values().all(|place| !place.addresses.is_empty()));
    drop(replica);

    import(&joiner, &world.charter).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    let introduced = |replica: &Replica<Sled>| driver::invited(replica.roster(), me, Some(&kept)).count();
    assert_eq!(
        introduced(&replica),
        3,
        "the federation is known, and this node is not of it"
    );
    assert_eq!(driver::peers(replica.roster(), me, Some(&kept)).len(), 4);
    drop(replica);

    import(&joiner, &let_in(&world, &joiner, 7)).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(introduced(&replica), 0);
    let told = super::told(&kept, replica.roster(), me);
    assert_eq!((told.oordeel, told.toegelaten), (Oordeel::Beslist, true));
}

#[test]
fn an_invitation_into_another_federation_changes_nothing() {
    let (world, other) = (Founded::new("join-here", 2), Founded::new("join-there", 2));
    let (text, _) = invite(&other.homes[0]).unwrap();
    let home = &world.homes[0];
    let refused = join(home, &text);
    assert!(
        matches!(
            &refused,
            Err(JoinError::Core(CoreError::Replica(
                ReplicaError::OtherFederation { .. }
            )))
        ),
        "{refused:?}"
    );
    assert!(!home.invitation().exists());
    let (mut core, _) = core(home);
    let stranger = armor::read_invitation(&text).unwrap();
    let refused = core.join(stranger, || keep(home, &text));
    assert!(matches!(refused, Err(JoinError::Core(_))) && core.invitation().is_none());
    assert!(!home.invitation().exists());
}

#[test]
fn a_join_that_a_crash_cut_short_is_finished_at_the_next_start() {
    let world = Founded::new("join-crash", 2);
    let joiner = newcomer(&world, 7);
    let (text, told) = invite(&world.homes[0]).unwrap();
    keep(&joiner, &text).unwrap();
    let (mut replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(replica.federation(), None);
    assert!(kept(&joiner, &mut replica).unwrap().is_some());
    assert_eq!(replica.federation(), Some(told.federatie));
}

#[test]
fn an_invitation_that_is_damaged_is_refused_and_one_that_was_kept_stops_no_node() {
    let world = Founded::new("join-damaged", 2);
    let joiner = newcomer(&world, 7);
    let (text, _) = invite(&world.homes[0]).unwrap();
    let changed = text.replacen("0", "1", 1);
    for wrong in [
        changed.as_str(),
        &world.charter,
        "leerkring-uitnodiging-1\n",
        "leerkring-uitnodiging-1\nxy\n",
        "",
    ] {
        assert!(matches!(join(&joiner, wrong), Err(JoinError::Armor(_))), "{wrong}");
    }
    assert!(!joiner.invitation().exists());
    join(&joiner, &text).unwrap();
    for damaged in [changed.into_bytes(), vec![0xff; 40], vec![b'a'; 70_000]] {
        fs::write(joiner.invitation(), damaged).unwrap();
        let (mut replica, ..) = open_replica(&joiner).unwrap();
        assert_eq!(kept(&joiner, &mut replica).unwrap(), None);
    }
}
