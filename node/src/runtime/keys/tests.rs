//! A second node, the end of a node key and another root key, on the files of nodes that do not run.

mod ends;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use protocol::charter::{Body, NodeProof};

use super::super::charter::RootFiles;
use super::super::world::{Founded, account, core, gemeente, import, root, write};
use super::super::{
    Asked, Config, FoundingError, Home, Init, Roots, armor, card, export, init_with, invite, join, log_heights,
    propose_edition,
};
use super::*;
use crate::scratch::Scratch;

fn config(home: &Home) -> Config {
    let mut config = Config::read(home).unwrap();
    config.listen = vec!["/ip4/127.0.0.1/tcp/4010".to_owned()];
    config
}

/// One more node of a gemeente, made of its card and invited by it.
fn second(world: &Founded, at: usize) -> Home {
    let first = &world.homes[at];
    let home = Home::new(world.dir().join(format!("tweede-{at}")));
    let config = config(first);
    let card = card(first, &root()).unwrap();
    init_with(&home, Init { config }, &Roots::Elsewhere(card)).unwrap();
    join(&home, &invite(first).unwrap().0, &account()).unwrap();
    home
}

fn node(home: &Home) -> NodeKey {
    revoke::this_node(home).unwrap()
}

/// What the home of a node holds now.
fn roster(home: &Home) -> Roster {
    Held::read(&export(home).unwrap()).unwrap().roster
}

fn heights(home: &Home, at: u16) -> protocol::api::HandvestLogs {
    log_heights(home, gemeente(at)).unwrap()
}

#[test]
fn a_second_node_has_no_root_key_and_speaks_once_it_is_certified() {
    let world = Founded::new("keys-second", 2);
    let first = &world.homes[0];
    let home = second(&world, 0);
    for name in ["root", "next-root"] {
        assert!(!home.key(name).exists());
    }
    let request = request(&home).unwrap();
    let certified = certify(first, &export(first).unwrap(), &request, &root()).unwrap();
    assert_eq!(
        (certified.node, certified.gemeente, certified.spoke),
        (node(&home), gemeente(0), false)
    );
    assert_eq!(import(first, &certified.text).unwrap().new, 1);
    assert!(roster(first).may_connect(node(&home)));
    import(&home, &export(first).unwrap()).unwrap();
    let (mut running, _batches) = core(&home);
    write(&mut running, 0, 2);
    drop(running);
    let again = certify(first, &export(first).unwrap(), &request, &root()).unwrap();
    assert!(again.spoke);
    let ring = key_ring(&export(first).unwrap(), gemeente(0)).unwrap();
    let found = ring.nodes.iter().find(|key| key.node == node(&home)).unwrap();
    assert!(found.gecertificeerd && !found.in_editie && found.spreekt);
}

#[test]
fn a_request_that_is_not_for_this_member_is_refused() {
    let world = Founded::new("keys-request", 2);
    let first = &world.homes[0];
    assert!(matches!(request(first), Err(KeysError::NoCard { .. })));
    let home = second(&world, 1);
    let other = request(&home).unwrap();
    let charter = export(first).unwrap();
    assert!(matches!(
        certify(first, &charter, &other, &root()),
        Err(KeysError::OtherRequest)
    ));
    let damaged = other.replace('1', "2");
    assert!(matches!(
        certify(first, &charter, &damaged, &root()),
        Err(KeysError::Armor(_))
    ));
    fs::remove_file(home.invitation()).unwrap();
    assert!(matches!(request(&home), Err(KeysError::NoInvitation { .. })));
    // The key of another member's file does not sign for this one.
    let strange = RootFiles {
        root: Some(world.homes[1].key("root")),
        next: None,
    };
    let own = request_of(first);
    let refused = certify(first, &charter, &own, &strange);
    assert!(matches!(refused, Err(KeysError::OtherRoot { .. })), "{refused:?}");
}

/// A request of the node itself for the member it belongs to.
fn request_of(home: &Home) -> String {
    let held = Held::read(&export(home).unwrap()).unwrap();
    let gemeente = Config::read(home).unwrap().gemeente;
    let (federation, root) = (held.set.federation(), held.member(gemeente).unwrap().root);
    let key = super::super::founding::signing_key(home, "node").unwrap();
    armor::write_request(&protocol::charter::NodeRequest::sign(federation, root, gemeente, &key).encode())
}

#[test]
fn a_node_key_that_ended_or_speaks_for_another_is_never_certified() {
    let world = Founded::new("keys-taken", 2);
    let first = &world.homes[0];
    let revoked = revoke(
        first,
        &export(first).unwrap(),
        &heights(first, 0),
        node(first),
        &Said::default(),
        &root(),
    )
    .unwrap();
    import(first, &revoked.text).unwrap();
    let charter = export(first).unwrap();
    let refused = certify(first, &charter, &request_of(first), &root());
    assert!(matches!(refused, Err(KeysError::Taken { .. })), "{refused:?}");
    // The node of a neighbour that asks to speak for this gemeente too.
    let held = Held::read(&charter).unwrap();
    let (federation, member) = (held.set.federation(), held.member(gemeente(0)).unwrap().root);
    let neighbour = super::super::founding::signing_key(&world.homes[1], "node").unwrap();
    let asked = protocol::charter::NodeRequest::sign(federation, member, gemeente(0), &neighbour);
    let refused = certify(first, &charter, &armor::write_request(&asked.encode()), &root());
    assert!(matches!(refused, Err(KeysError::Taken { .. })), "{refused:?}");
}

#[test]
fn a_root_key_that_signed_as_many_as_it_can_certifies_no_more() {
    let world = Founded::new("keys-many", 1);
    let first = &world.homes[0];
    let held = Held::read(&export(first).unwrap()).unwrap();
    let (federation, member) = (held.set.federation(), held.member(gemeente(0)).unwrap().root);
    let ask = |seed: u8| {
        let key = SigningKey::from_bytes(&[seed; 32]);
        armor::write_request(&protocol::charter::NodeRequest::sign(federation, member, gemeente(0), &key).encode())
    };
    for seed in 100..140 {
        match certify(first, &export(first).unwrap(), &ask(seed), &root()) {
            Ok(certified) if seed < 132 => {
                import(first, &certified.text).unwrap();
            }
            Err(KeysError::Refused(SetError::Superseded)) if seed >= 132 => {}
            other => panic!("{seed}: {other:?}"),
        }
    }
    let ring = key_ring(&export(first).unwrap(), gemeente(0)).unwrap();
    let speaking = ring.nodes.iter().filter(|key| key.gecertificeerd && key.spreekt);
    assert_eq!(speaking.count(), 32, "one more would have silenced another");
}

#[test]
fn who_left_changes_no_root_key() {
    let world = Founded::new("keys-left", 3);
    let first = &world.homes[0];
    let held = Held::read(&export(first).unwrap()).unwrap();
    let leave = Body::Leave(protocol::charter::Departure {
        gemeente: gemeente(0),
        endings: Vec::new(),
    });
    let (statement, _) = held.sign(leave, &root().root(first).unwrap()).unwrap();
    import(first, &armor::write_charter([&statement])).unwrap();
    let refused = rotated(first, &BTreeMap::new());
    assert!(matches!(refused, Err(KeysError::Left { .. })), "{refused:?}");
}

#[test]
fn a_key_is_found_by_a_begin_that_only_it_has() {
    let world = Founded::new("keys-find", 2);
    let first = &world.homes[0];
    let ring = key_ring(&export(first).unwrap(), gemeente(0)).unwrap();
    let whole = node(first).to_string();
    assert_eq!(ring.find(&whole[..8]).unwrap(), node(first));
    for wrong in ["", "zz", &node(&world.homes[1]).to_string()] {
        assert!(matches!(ring.find(wrong), Err(KeysError::NoSuchKey { .. })), "{wrong}");
    }
    assert!(matches!(
        key_ring(&export(first).unwrap(), gemeente(7)),
        Err(KeysError::NotMember { .. })
    ));
    let proposed = super::super::propose(first, &[card(&world.homes[1], &root()).unwrap()], &root()).unwrap();
    assert!(matches!(key_ring(&proposed, gemeente(0)), Err(KeysError::NotFounded)));
}

fn files(home: &Home) -> (PathBuf, PathBuf) {
    (home.key("root"), home.key("next-root"))
}

/// Changes the root key as the command does.
fn rotated(home: &Home, choices: &BTreeMap<NodeKey, Choice>) -> Result<(Rotating, Finished), KeysError> {
    let at = Config::read(home).unwrap().gemeente;
    let logs = log_heights(home, at).unwrap();
    let rotating = rotate(home, &export(home).unwrap(), &logs, choices, &Said::default(), &root())?;
    if let Some(text) = &rotating.text {
        import(home, text).unwrap();
    }
    let finished = finish_rotation(home, &export(home).unwrap(), &root())?;
    Ok((rotating, finished))
}

#[test]
fn the_next_root_key_takes_the_place_of_the_first_and_no_key_is_lost() {
    let world = Founded::new("keys-rotate", 2);
    let first = &world.homes[0];
    let (at_root, at_next) = files(first);
    let [old, next] = [&at_root, &at_next].map(|path| fs::read(path).unwrap());
    let (rotating, finished) = rotated(first, &BTreeMap::new()).unwrap();
    assert_eq!(rotating.fates, BTreeMap::from([(node(first), Choice::Keep)]));
    assert_eq!(fs::read(&at_root).unwrap(), next);
    assert_eq!(fs::read(finished.aside.as_ref().unwrap()).unwrap(), old);
    let fresh = fs::read(&at_next).unwrap();
    assert!(fresh != next && fresh != old);
    let after = roster(first);
    assert_eq!(after.member(gemeente(0)).unwrap().root, rotating.root);
    assert!(after.may_connect(node(first)));
    // The new key signs, and once is once until an edition lists it; the one it replaced makes no card any more.
    card(first, &root()).unwrap();
    let replaced = RootFiles {
        root: finished.aside.clone(),
        next: None,
    };
    let with_old = card(first, &replaced);
    assert!(matches!(with_old, Err(FoundingError::Replaced { .. })), "{with_old:?}");
    let asked = Asked {
        renew: vec![card(first, &root()).unwrap()],
        ..Asked::default()
    };
    let signed = |keys: &RootFiles| {
        let key = keys.root(first).unwrap();
        propose_edition(&export(first).unwrap(), &[], &asked, &key).unwrap()
    };
    assert!(signed(&replaced).replaced, "it still votes, and is told apart");
    assert!(!signed(&root()).replaced);
    let revoked = revoke(
        first,
        &export(first).unwrap(),
        &heights(first, 0),
        node(first),
        &Said::default(),
        &root(),
    );
    assert!(revoked.is_ok());
    let again = rotated(first, &BTreeMap::new());
    assert!(
        matches!(again, Err(KeysError::Unrenewed { edition: 0, .. })),
        "{again:?}"
    );
    assert_eq!(fs::read(&at_next).unwrap(), fresh);
}

#[test]
fn a_stolen_root_key_needs_not_be_there_and_takes_what_it_signed_along() {
    let world = Founded::new("keys-stolen", 2);
    let first = &world.homes[0];
    let second = second(&world, 0);
    let sound = certify(first, &export(first).unwrap(), &request(&second).unwrap(), &root()).unwrap();
    import(first, &sound.text).unwrap();
    // The thief certifies a node of its own, and ends ours.
    let held = Held::read(&export(first).unwrap()).unwrap();
    let (stolen, thief) = (root().root(first).unwrap(), SigningKey::from_bytes(&[77; 32]));
    let member = held.member(gemeente(0)).unwrap().root;
    let proof = NodeProof::sign(held.set.federation(), member, gemeente(0), &thief);
    let of_thief = proof.node;
    let (certificate, _) = held.sign(Body::NodeKey(proof), &stolen).unwrap();
    let ending = protocol::charter::Ending {
        node: node(first),
        cuts: Vec::new(),
    };
    let (end, _) = held.sign(Body::NodeKeyEnd(ending), &stolen).unwrap();
    import(first, &armor::write_charter([&certificate, &end])).unwrap();
    fs::remove_file(first.key("root")).unwrap();
    assert!(roster(first).may_connect(of_thief) && !roster(first).may_connect(node(first)));

    let open = rotated(first, &BTreeMap::new());
    let mut all = [
        (node(first), Some(Ended::ByMember)),
        (node(&second), None),
        (of_thief, None),
    ];
    all.sort_unstable_by_key(|(node, _)| *node);
    assert!(
        matches!(&open, Err(KeysError::Open { nodes }) if nodes == &all),
        "{open:?}"
    );
    // An end holds until somebody says in so many words that it was the thief's.
    let mut choices = BTreeMap::from([
        (node(first), Choice::Keep),
        (node(&second), Choice::Keep),
        (of_thief, Choice::Drop),
    ]);
    let kept = rotated(first, &choices);
    assert!(
        matches!(&kept, Err(KeysError::HasEnded { node: ended }) if *ended == node(first)),
        "{kept:?}"
    );
    choices.insert(node(first), Choice::Revive);
    let (_, finished) = rotated(first, &choices).unwrap();
    assert_eq!(finished.aside, None);
    let after = roster(first);
    assert!(after.may_connect(node(first)) && after.may_connect(node(&second)));
    assert_eq!(after.gemeente_of(of_thief), None);
}

#[test]
fn a_rotation_cut_short_at_any_moment_is_finished_by_the_same_command() {
    let world = Founded::new("keys-short", 2);
    let first = &world.homes[0];
    let (at_root, at_next) = files(first);
    let next = fs::read(&at_next).unwrap();
    let old = fs::read(&at_root).unwrap();
    let none = BTreeMap::new();
    let logs = heights(first, 0);
    let prepared = rotate(first, &export(first).unwrap(), &logs, &none, &Said::default(), &root()).unwrap();
    let early = finish_rotation(first, &export(first).unwrap(), &root());
    assert!(
        matches!(early, Err(KeysError::NotCommitted { .. })),
        "nothing is stated yet"
    );
    let fresh = fs::read(beside(&at_next)).unwrap();
    let again = rotate(first, &export(first).unwrap(), &logs, &none, &Said::default(), &root()).unwrap();
    assert_eq!(
        (again.text, fs::read(beside(&at_next)).unwrap()),
        (prepared.text.clone(), fresh.clone())
    );
    import(first, &prepared.text.unwrap()).unwrap();
    let charter = export(first).unwrap();
    let aside = first.keys().join("root.key.oud-weg");
    let steps: [&dyn Fn(); 3] = [&|| {}, &|| fs::rename(&at_root, &aside).unwrap(), &|| {
        fs::copy(&at_next, &at_root).unwrap();
    }];
    for cut in 0..=steps.len() {
        fs::write(&at_next, &next).unwrap();
        fs::write(&at_root, &old).unwrap();
        fs::write(beside(&at_next), &fresh).unwrap();
        for file in [&at_next, &at_root, &beside(&at_next)] {
            fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
        }
        steps[..cut].iter().for_each(|step| step());
        let stated = rotate(first, &charter, &logs, &none, &Said::default(), &root()).unwrap();
        assert_eq!(stated.text, None, "{cut}: it is stated already");
        finish_rotation(first, &charter, &root()).unwrap();
        assert_eq!(
            (fs::read(&at_root).unwrap(), fs::read(&at_next).unwrap()),
            (next.clone(), fresh.clone()),
            "{cut}"
        );
        assert!(!beside(&at_next).exists());
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".nieuw");
    name.into()
}

/// A change of root key by these files, of a gemeente with one node.
fn rotate_alone(home: &Home, keys: &RootFiles) -> Result<Rotating, KeysError> {
    let charter = export(home)?;
    rotate(
        home,
        &charter,
        &heights(home, 0),
        &BTreeMap::new(),
        &Said::default(),
        keys,
    )
}

#[test]
fn a_next_key_that_nobody_was_told_of_changes_nothing() {
    let world = Founded::new("keys-other", 2);
    let first = &world.homes[0];
    let strange = RootFiles {
        root: None,
        next: Some(world.homes[1].key("next-root")),
    };
    let refused = rotate_alone(first, &strange);
    assert!(matches!(refused, Err(KeysError::NotCommitted { .. })), "{refused:?}");
    assert!(!beside(&world.homes[1].key("next-root")).exists());
}

#[test]
fn a_change_that_would_cost_a_key_is_refused_before_anything_is_stated() {
    let world = Founded::new("keys-cost", 2);
    let first = &world.homes[0];
    let (at_root, at_next) = files(first);
    let linked = first.keys().join("link.key");
    std::os::unix::fs::symlink(&at_next, &linked).unwrap();
    let before = |path: &Path| fs::read(path).unwrap();
    let kept = [&at_root, &at_next, &first.key("node")].map(|path| before(path));
    let refused = |root: &Path, next: &Path| {
        let keys = RootFiles {
            root: Some(root.to_path_buf()),
            next: Some(next.to_path_buf()),
        };
        let asked = rotate_alone(first, &keys).unwrap_err();
        assert!(finish_rotation(first, &export(first).unwrap(), &keys).is_err());
        assert_eq!([&at_root, &at_next, &first.key("node")].map(|path| before(path)), kept);
        assert!(!beside(next).exists() && !beside(root).exists());
        asked
    };
    let dotted = first.keys().join("..").join("keys").join("next-root.key");
    for (root, next) in [
        (&at_next, &at_next),
        (&at_root, &at_root),
        (&dotted, &at_next),
        (&linked, &at_next),
        (&beside(&at_next), &at_next),
    ] {
        let why = refused(root, next);
        assert!(matches!(why, KeysError::SameFile { .. }), "{root:?}: {why:?}");
    }
    for other in ["node", "storage", "vault"] {
        let why = refused(&first.key(other), &at_next);
        assert!(matches!(why, KeysError::OtherRoot { .. }), "{other}: {why:?}");
    }
    let gone = first.root().join("stick").join("root.key");
    let why = refused(&gone, &at_next);
    assert!(matches!(why, KeysError::Io { .. }), "{why:?}");
}

#[test]
fn root_keys_are_made_where_they_are_asked_for_and_never_over_another() {
    let (world, away) = (Founded::new("keys-away", 1), Scratch::new("keys-stick"));
    let at = |name: &str| Some(away.path().join(name));
    let home = Home::new(world.dir().join("elders"));
    let make = |roots: RootFiles| {
        let config = config(&world.homes[0]);
        init_with(&home, Init { config }, &Roots::Made(roots))
    };
    let one = RootFiles {
        root: at("root.key"),
        next: at("root.key"),
    };
    assert!(matches!(make(one), Err(FoundingError::SameFile)));
    fs::write(away.path().join("next.key"), "van iemand").unwrap();
    let files = RootFiles {
        root: at("root.key"),
        next: at("next.key"),
    };
    assert!(matches!(make(files.clone()), Err(FoundingError::KeyExists { .. })));
    assert!(!home.root().exists() && !away.path().join("root.key").exists());
    fs::remove_file(away.path().join("next.key")).unwrap();
    make(files.clone()).unwrap();
    assert!(!home.key("root").exists() && !home.key("next-root").exists());
    card(&home, &files).unwrap();
    assert!(card(&home, &root()).is_err());
    let broken = init_with(
        &Home::new(world.dir().join("kapot")),
        Init {
            config: config(&world.homes[0]),
        },
        &Roots::Elsewhere(world.charter.clone()),
    );
    assert!(matches!(broken, Err(FoundingError::Armor(_))));
}
