//! Inviting, and taking an invitation in, on the files of nodes that do not run.

use std::fs;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Endorsement, Member, Role, Statement, next_root};
use protocol::id::RootKey;
use protocol::log::ReplicaError;

use super::super::armor;
use super::super::opening::open_replica;
use super::super::world::{Founded, account, core, gemeente, home, import, write};
use super::*;

/// A node of a gemeente that belongs nowhere yet.
fn newcomer(world: &Founded, at: u16) -> Home {
    home(world.dir().join(format!("nieuw-{at}")), at)
}

fn key(home: &Home, name: &str) -> SigningKey {
    founding::signing_key(home, name).unwrap()
}

fn node(home: &Home) -> NodeKey {
    NodeKey(key(home, "node").verifying_key().to_bytes())
}

/// The statements by which everybody in a federation lets a newcomer in, as text; another nonce makes another edition.
fn let_in(world: &Founded, newcomer: &Home, at: u16, nonce: u8) -> String {
    let charter = armor::read_charter(&world.charter).unwrap();
    let founding: &Edition = charter.iter().find_map(Statement::founding).unwrap();
    let mut next = founding.successor([nonce; 16]);
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
    let told = join(&joiner, &text, &account()).unwrap();
    let noted = fs::read_dir(joiner.audit()).unwrap().next().unwrap().unwrap();
    let noted = fs::read_to_string(noted.path()).unwrap();
    assert!(
        noted.contains("toegetreden") && noted.contains(&told.federatie.to_string()),
        "{noted}"
    );
    assert_eq!((told.oordeel, told.toegelaten), (Oordeel::Onbekend, false));
    let named: Vec<NodeKey> = told.nodes.iter().map(|one| one.node).collect();

    let (mut replica, ..) = open_replica(&joiner).unwrap();
    let me = node(&joiner);
    let kept = kept(&joiner, &mut replica, me).unwrap().unwrap();
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

    import(&joiner, &let_in(&world, &joiner, 7, 9)).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(introduced(&replica), 0);
    let told = super::told(&kept, replica.roster(), me);
    assert_eq!((told.oordeel, told.toegelaten), (Oordeel::Beslist, true));
}

#[test]
fn who_was_let_in_gives_its_invitation_up_and_takes_no_other() {
    let world = Founded::new("join-let-in", 2);
    let joiner = newcomer(&world, 7);
    let (text, _) = invite(&world.homes[0]).unwrap();
    join(&joiner, &text, &account()).unwrap();
    import(&joiner, &world.charter).unwrap();
    let me = node(&joiner);
    let waits = |home: &Home| kept(home, &mut open_replica(home).unwrap().0, me).unwrap().is_some();
    assert!(
        waits(&joiner) && joiner.invitation().exists(),
        "the charter alone lets nobody in"
    );
    // The same federation, by another invitation: its places are those that count now.
    let (other, _) = invite(&world.homes[1]).unwrap();
    join(&joiner, &other, &account()).unwrap();
    assert_eq!(fs::read_to_string(joiner.invitation()).unwrap(), other);

    import(&joiner, &let_in(&world, &joiner, 7, 9)).unwrap();
    assert!(!waits(&joiner) && !joiner.invitation().exists());
    let refused = join(&joiner, &text, &account());
    assert!(
        matches!(refused, Err(JoinError::Core(CoreError::LetIn { .. }))),
        "{refused:?}"
    );
    assert!(!joiner.invitation().exists() && !joiner.coming_invitation().exists());
}

#[test]
fn an_invitation_with_an_edition_that_counts_nowhere_lets_nobody_in() {
    let world = Founded::new("join-nowhere", 3);
    let joiner = newcomer(&world, 7);
    let me = node(&joiner);
    let honest = armor::read_invitation(&invite(&world.homes[0]).unwrap().0).unwrap();
    let lie = Invitation {
        edition: [7; 32],
        ..honest.clone()
    };
    let introduced = |replica: &Replica<Sled>, invitation: &Invitation| {
        let peers = driver::peers(replica.roster(), me, Some(invitation)).len();
        (driver::invited(replica.roster(), me, Some(invitation)).count(), peers)
    };
    join(&joiner, &invite(&world.homes[0]).unwrap().0, &account()).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(introduced(&replica, &lie), (3, 3), "nothing is known yet");
    drop(replica);
    import(&joiner, &world.charter).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(introduced(&replica, &honest).0, 3);
    assert_eq!(introduced(&replica, &lie), (0, 3), "those that the roster lists");
    drop(replica);

    let other = newcomer(&world, 8);
    let rivals = [1, 2].map(|nonce| let_in(&world, &other, 8, nonce));
    let editions = rivals.each_ref().map(|text| {
        let statements = armor::read_charter(text).unwrap();
        let edition = statements.iter().find_map(|one| match one.body() {
            Body::Edition(edition) => Some(edition.hash()),
            _ => None,
        });
        edition.unwrap()
    });
    let of_one = Invitation {
        number: 1,
        edition: editions[0],
        ..honest.clone()
    };
    import(&joiner, &rivals[0]).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(introduced(&replica, &of_one).0, 3);
    assert_eq!(introduced(&replica, &honest).0, 3, "an edition that was followed up");
    drop(replica);
    import(&joiner, &rivals[1]).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(super::told(&of_one, replica.roster(), me).oordeel, Oordeel::Dubbel);
    assert_eq!(introduced(&replica, &of_one).0, 0);
    assert_eq!(introduced(&replica, &honest).0, 3);
}

#[test]
fn whoever_took_the_wrong_invitation_takes_another_and_keeps_what_is_its_own() {
    let (wrong, right) = (Founded::new("join-wrong", 2), Founded::new("join-right", 2));
    let joiner = newcomer(&wrong, 7);
    join(&joiner, &invite(&wrong.homes[0]).unwrap().0, &account()).unwrap();
    import(&joiner, &wrong.charter).unwrap();
    let (mut writer, _) = core(&wrong.homes[0]);
    write(&mut writer, 0, 2);
    let (mut replica, ..) = open_replica(&joiner).unwrap();
    for (log, _) in writer.replica().logs() {
        let entries = writer.replica().entries(log, 0, usize::MAX).unwrap();
        assert_eq!(replica.ingest(log, entries).unwrap().refused, None);
    }
    assert_eq!(replica.marks_waiting().unwrap(), 2);
    replica.flush().unwrap();
    drop(replica);
    let own = [joiner.vault(), joiner.own(), joiner.roots(), joiner.key("node")];
    let before = own.each_ref().map(|path| bytes_in(path));

    let (text, told) = invite(&right.homes[0]).unwrap();
    join(&joiner, &text, &account()).unwrap();
    let (replica, ..) = open_replica(&joiner).unwrap();
    assert_eq!(replica.federation(), Some(told.federatie));
    assert_eq!((replica.logs().count(), replica.statements().len()), (0, 0));
    assert!(replica.marks_waiting().unwrap() >= 2, "the view is told");
    drop(replica);
    assert_eq!(own.each_ref().map(|path| bytes_in(path)), before);
    assert_eq!(fs::read_to_string(joiner.invitation()).unwrap(), text);
    import(&joiner, &right.charter).unwrap();

    // The same in a node that runs.
    let (mut core, _) = core(&joiner);
    let back = invite(&wrong.homes[1]).unwrap().0;
    let invitation = armor::read_invitation(&back).unwrap();
    core.join(invitation.clone(), || stage(&joiner, &back)).unwrap();
    settle(&joiner).unwrap();
    assert_eq!(core.replica().federation(), Some(invitation.federation));
    assert_eq!(core.invitation(), Some(&invitation));
    assert!(!core.replica().roster().is_active());
}

/// Everything in a file or directory, by name.
fn bytes_in(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    match path.is_dir() {
        true => {
            let mut names: Vec<_> = fs::read_dir(path).unwrap().map(|one| one.unwrap().path()).collect();
            names.sort();
            names.iter().flat_map(|one| bytes_in(one)).collect()
        }
        false => fs::read(path)
            .into_iter()
            .map(|bytes| (path.to_owned(), bytes))
            .collect(),
    }
}

#[test]
fn an_invitation_into_another_federation_changes_nothing() {
    let (world, other) = (Founded::new("join-here", 2), Founded::new("join-there", 2));
    let (text, _) = invite(&other.homes[0]).unwrap();
    let home = &world.homes[0];
    let refused = join(home, &text, &account());
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
    let refused = core.join(stranger, || stage(home, &text));
    assert!(matches!(refused, Err(JoinError::Core(_))) && core.invitation().is_none());
    assert!(!home.invitation().exists() && !home.coming_invitation().exists());
}

#[test]
fn a_join_that_a_crash_cut_short_is_finished_at_the_next_start() {
    let (world, other) = (Founded::new("join-crash", 2), Founded::new("join-crash-other", 2));
    let joiner = newcomer(&world, 7);
    let me = node(&joiner);
    let (first, told) = invite(&world.homes[0]).unwrap();
    let (second, other) = invite(&other.homes[0]).unwrap();
    let starts = |federation, text: &str| {
        let (mut replica, ..) = open_replica(&joiner).unwrap();
        let waits = kept(&joiner, &mut replica, me).unwrap().unwrap();
        assert_eq!((replica.federation(), waits.federation), (Some(federation), federation));
        assert_eq!(fs::read_to_string(joiner.invitation()).unwrap(), text);
        assert!(!joiner.coming_invitation().exists());
    };
    // It was written and nothing else happened.
    stage(&joiner, &first).unwrap();
    assert_eq!(open_replica(&joiner).unwrap().0.federation(), None);
    starts(told.federatie, &first);
    // Another one was written in part only: it was never taken in.
    fs::write(joiner.coming_invitation(), &second[..second.len() / 2]).unwrap();
    starts(told.federatie, &first);
    // It was written whole, and the first federation not yet left.
    stage(&joiner, &second).unwrap();
    starts(other.federatie, &second);
    // The federation was left, and the next one not yet joined.
    stage(&joiner, &first).unwrap();
    open_replica(&joiner).unwrap().0.leave(me).unwrap();
    starts(told.federatie, &first);
    // The store was of the next federation, and the invitation not yet in its place.
    stage(&joiner, &second).unwrap();
    let (mut replica, ..) = open_replica(&joiner).unwrap();
    driver::join(&mut replica, other.federatie, me, || Ok::<(), CoreError>(())).unwrap();
    drop(replica);
    starts(other.federatie, &second);
    // The version before staged it under another name, and gave way to this one before it was in its place.
    let before = joiner.root().join("uitnodiging.new");
    fs::write(&before, &first).unwrap();
    starts(told.federatie, &first);
    assert!(!before.exists());
    fs::write(&before, &second[..second.len() / 2]).unwrap();
    starts(told.federatie, &first);
    assert!(!before.exists());
    // One that came while this node was let in elsewhere is not taken in.
    let member = &world.homes[1];
    stage(member, &second).unwrap();
    let (mut replica, ..) = open_replica(member).unwrap();
    assert_eq!(kept(member, &mut replica, node(member)).unwrap(), None);
    assert_eq!(replica.federation(), Some(told.federatie));
    assert!(!member.invitation().exists() && !member.coming_invitation().exists());
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
        assert!(
            matches!(join(&joiner, wrong, &account()), Err(JoinError::Armor(_))),
            "{wrong}"
        );
    }
    assert!(!joiner.invitation().exists());
    join(&joiner, &text, &account()).unwrap();
    for damaged in [changed.into_bytes(), vec![0xff; 40], vec![b'a'; 70_000]] {
        fs::write(joiner.invitation(), damaged).unwrap();
        let (mut replica, ..) = open_replica(&joiner).unwrap();
        assert_eq!(kept(&joiner, &mut replica, node(&joiner)).unwrap(), None);
    }
}

#[test]
fn a_staged_invitation_that_the_disk_does_not_give_is_kept_for_the_next_start() {
    let world = Founded::new("join-unread", 2);
    let joiner = newcomer(&world, 7);
    let (text, told) = invite(&world.homes[0]).unwrap();
    // Opens, and gives no text.
    let coming = joiner.coming_invitation();
    std::os::unix::fs::symlink(joiner.keys(), &coming).unwrap();
    let starts = || {
        let (mut replica, ..) = open_replica(&joiner).unwrap();
        kept(&joiner, &mut replica, node(&joiner)).unwrap()
    };
    assert_eq!(starts(), None);
    assert!(fs::symlink_metadata(&coming).is_ok(), "it may be read tomorrow");
    fs::remove_file(&coming).unwrap();
    stage(&joiner, &text).unwrap();
    assert_eq!(starts().unwrap().federation, told.federatie);
}
