//! What a node holds of the charter, from its store; and what a root key signs, in `signing`.

mod signing;

use protocol::charter::{Body, Ending, Statement};

use super::super::opening::open_replica;
use super::super::world::{Founded, core, gemeente, root, write};
use super::super::{FoundingError, RunError, armor, card, import};
use super::*;
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
    let elsewhere = RootFiles {
        root: Some(file),
        next: None,
    };
    assert_eq!(card(home, &elsewhere).unwrap(), before);
}

#[test]
fn a_charter_that_lists_a_node_nowhere_is_not_for_it() {
    let founded = Founded::new("charter-stranger", 2);
    let strange = Founded::new("charter-other", 1);
    let refused = import(&strange.homes[0], &founded.charter);
    assert!(matches!(refused, Err(RunError::NotListed)), "{refused:?}");
}
