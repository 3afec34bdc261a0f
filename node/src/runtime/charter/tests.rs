//! What a node holds of the charter, from its store; and what a root key signs, in `signing`.

mod signing;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Ending, Endorsement, Member, Role, Statement, next_root};
use protocol::id::{NodeKey, RootKey};

use super::super::opening::open_replica;
use super::super::world::{Founded, core, gemeente, home as node_in, import, root, write};
use super::super::{FoundingError, Home, RunError, armor, card, own};
use super::*;
use crate::driver::CoreError;
use crate::scratch::Scratch;

#[test]
fn everything_that_is_held_comes_out_and_goes_in() {
    let founded = Founded::new("charter-export", 2);
    let text = export(&founded.homes[0]).unwrap();
    let (held, ..) = open_replica(&founded.homes[1]).unwrap();
    assert_eq!(armor::read_charter(&text).unwrap().len(), held.statements().len());
    drop(held);
    assert_eq!(import(&founded.homes[1], &text).unwrap().new, 0);
}

#[test]
fn logs_stand_where_they_are_held_and_never_behind_a_cut() {
    let founded = Founded::new("charter-logs", 2);
    let home = &founded.homes[0];
    let (mut running, _batches) = core(home);
    write(&mut running, 0, 3);
    drop(running);
    let logs = log_heights(home, gemeente(0)).unwrap();
    let [node] = &logs.nodes[..] else { panic!("{logs:?}") };
    // The opening and three records.
    assert_eq!(node.logs[0].positie, 4);
    assert_eq!(log_heights(home, gemeente(1)).unwrap().nodes[0].logs, []);
    let (mut replica, ..) = open_replica(home).unwrap();
    let head = replica.header(node.logs[0].log, 1).unwrap().unwrap().hash();
    let cut = protocol::charter::Cut {
        log: node.logs[0].log,
        seq: 2,
        head,
    };
    let body = Body::NodeKeyEnd(Ending {
        node: node.node,
        cuts: vec![cut],
    });
    let federation = replica.federation().unwrap();
    let key = root().root(home).unwrap();
    replica
        .add_statements(vec![Statement::sign(federation, body, &key)])
        .unwrap();
    let logs = logs_of(&replica, gemeente(0)).unwrap();
    assert_eq!((logs.nodes[0].logs[0].positie, logs.nodes[0].logs[0].kop), (2, head));
}

#[test]
fn the_root_key_may_be_on_a_file_of_its_own() {
    let (founded, away) = (Founded::new("charter-root", 1), Scratch::new("charter-away"));
    let home = &founded.homes[0];
    let before = card(home, &root()).unwrap();
    let file = away.path().join("root.key");
    std::fs::rename(home.key("root"), &file).unwrap();
    let absent = card(home, &root());
    assert!(matches!(absent, Err(FoundingError::Root(RootError::Absent { path })) if path == home.key("root")));
    let apart = RootFiles {
        root: Some(file.clone()),
        next: Some(away.path().join("next.key")),
    };
    let absent = card(home, &apart);
    assert!(
        matches!(absent, Err(FoundingError::Root(RootError::NextAbsent { .. }))),
        "{absent:?}"
    );
    let elsewhere = RootFiles {
        root: Some(file),
        next: None,
    };
    assert_eq!(card(home, &elsewhere).unwrap(), before);
}

/// A federation of a stranger that lists this node, with the root key that `root` makes of the real one.
fn false_charter(home: &Home, root: impl Fn(RootKey) -> RootKey) -> String {
    let mut ours = armor::read_card(&card(home, &self::root()).unwrap()).unwrap().member;
    ours.role = Role::Reading;
    ours.root = root(ours.root);
    let key = SigningKey::from_bytes(&[66; 32]);
    let public = RootKey(key.verifying_key().to_bytes());
    let theirs = Member {
        gemeente: gemeente(50),
        root: public,
        next_root: next_root(RootKey([7; 32])),
        role: Role::Voting,
        nodes: vec![NodeKey([8; 32])],
        ..ours.clone()
    };
    let edition = Edition::founding([1; 16], vec![ours, theirs]);
    let (federation, vote) = (edition.federation(), edition.hash());
    let vote = Body::Endorse(Endorsement {
        edition: vote,
        number: 0,
        ballot: 0,
    });
    let said = [Body::Edition(edition), vote].map(|body| Statement::sign(federation, body, &key));
    armor::write_charter(&said)
}

#[test]
fn a_federation_that_the_root_key_never_signed_does_not_get_the_node() {
    let world = Founded::new("charter-false", 1);
    let home = node_in(world.dir().join("nieuw"), 9);
    let own = own(&home).unwrap().roots[0].key;
    let stolen = SigningKey::from_bytes(&[67; 32]).verifying_key().to_bytes();
    let (foreign, unsigned) = (false_charter(&home, |_| RootKey(stolen)), false_charter(&home, |_| own));
    // The root key is where it should be: elsewhere.
    std::fs::remove_file(home.key("root")).unwrap();
    let foreign = import(&home, &foreign);
    assert!(
        matches!(foreign, Err(RunError::Core(CoreError::Foreign))),
        "{foreign:?}"
    );
    let unsigned = import(&home, &unsigned);
    assert!(
        matches!(unsigned, Err(RunError::Core(CoreError::Unsigned))),
        "{unsigned:?}"
    );
    let (replica, ..) = open_replica(&home).unwrap();
    assert_eq!(replica.federation(), None);
}

#[test]
fn nothing_leaves_from_a_node_that_the_charter_lists_with_another_root_key() {
    let world = Founded::new("charter-other-root", 2);
    let home = &world.homes[0];
    let (running, _batches) = core(home);
    running.check_own().unwrap();
    drop(running);
    std::fs::write(home.roots(), format!("{0} {0}\n", RootKey([5; 32]))).unwrap();
    let (running, _batches) = core(home);
    assert!(matches!(running.check_own(), Err(CoreError::Foreign)));
}

#[test]
fn a_charter_that_lists_a_node_nowhere_is_not_for_it() {
    let founded = Founded::new("charter-stranger", 2);
    let strange = Founded::new("charter-other", 1);
    let refused = import(&strange.homes[0], &founded.charter);
    assert!(
        matches!(refused, Err(RunError::Core(CoreError::NotListed))),
        "{refused:?}"
    );
}

#[test]
fn who_takes_a_charter_into_a_node_that_does_not_run_is_noted() {
    let founded = Founded::new("charter-noted", 1);
    let noted = std::fs::read_dir(founded.homes[0].audit()).unwrap().flatten();
    let noted: String = noted
        .map(|file| std::fs::read_to_string(file.path()).unwrap())
        .collect();
    assert!(noted.contains("handvest") && noted.contains("j.de.vries"), "{noted}");
    // Not only that something changed, but what.
    assert!(
        noted.contains("\"aantal\":2") && noted.contains("editie 0 ") && noted.contains("stem voor editie 0 "),
        "{noted}"
    );
}
