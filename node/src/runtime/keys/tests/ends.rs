//! Where the key of a node ends: at its own node, at one that was made of a backup, and during a hold.

use protocol::charter::Suspension;
use protocol::gate::Account;
use protocol::id::LogId;

use super::*;
use crate::runtime::backup::{Ask, Restore, backup, restore};

fn only_own() -> Said {
    Said {
        only_own: true,
        ..Said::default()
    }
}

fn ended(home: &Home, said: &Said) -> Result<Revoked, KeysError> {
    revoke(
        home,
        &export(home).unwrap(),
        &heights(home, 0),
        node(home),
        said,
        &root(),
    )
}

/// How many entries of each log count, and how many lapse.
fn entries(revoked: &Revoked) -> (Vec<u64>, Vec<u64>) {
    let [blijft, vervalt] = [&revoked.parted.blijft, &revoked.parted.vervalt];
    let count = |heights: &[protocol::api::LogHoogte]| heights.iter().map(|height| height.positie).collect();
    (count(blijft), count(vervalt))
}

/// Somebody else writes two records with the key of this node, and this node hears of them.
fn written_elsewhere(world: &Founded, home: &Home) -> LogId {
    let stolen = Home::new(world.dir().join("gestolen"));
    let config = config(home);
    init_with(&stolen, Init { config }, &Roots::Made(RootFiles::default())).unwrap();
    fs::copy(home.key("node"), stolen.key("node")).unwrap();
    fs::copy(world.homes[0].roots(), stolen.roots()).unwrap();
    import(&stolen, &export(home).unwrap()).unwrap();
    let (mut running, _batches) = core(&stolen);
    write(&mut running, 0, 2);
    let log = running.replica().own_log().unwrap();
    let entries = running.replica().entries(log, 0, 1 << 20).unwrap();
    drop(running);
    let (mut replica, ..) = crate::runtime::opening::open_replica(home).unwrap();
    replica.ingest(log, entries).unwrap();
    replica.flush().unwrap();
    log
}

#[test]
fn the_end_of_the_own_key_keeps_what_this_node_wrote_and_asks_about_the_rest() {
    let world = Founded::new("keys-revoke", 2);
    let first = &world.homes[0];
    let (mut running, _batches) = core(first);
    write(&mut running, 0, 3);
    drop(running);
    let log = written_elsewhere(&world, first);
    let unsure = ended(first, &Said::default());
    assert!(
        matches!(&unsure, Err(KeysError::Unsure { logs, .. }) if logs[0].log == log && logs[0].positie == 3),
        "{unsure:?}"
    );
    let choices = BTreeMap::from([(node(first), Choice::End)]);
    let (charter, logs) = (export(first).unwrap(), heights(first, 0));
    let unsure = rotate(first, &charter, &logs, &choices, &Said::default(), &root());
    assert!(matches!(unsure, Err(KeysError::Unsure { .. })), "{unsure:?}");
    let rotating = rotate(first, &charter, &logs, &choices, &only_own(), &root()).unwrap();
    assert_eq!((rotating.ends[0].blijft.len(), rotating.ends[0].vervalt.len()), (1, 1));

    let begin = vec![log.to_string()];
    let with = Said {
        with: begin.clone(),
        ..Said::default()
    };
    assert_eq!(entries(&ended(first, &with).unwrap()).0.len(), 2);
    let without = Said {
        without: begin,
        ..Said::default()
    };
    let wrong = Said {
        with: vec!["geen log".to_owned()],
        ..Said::default()
    };
    assert!(matches!(ended(first, &wrong), Err(KeysError::NoSuchLog { .. })));
    let revoked = ended(first, &without).unwrap();
    assert!(revoked.deze);
    assert_eq!(
        entries(&revoked),
        (vec![4], vec![3]),
        "the opening and three records stay"
    );
    assert_eq!(revoked, ended(first, &only_own()).unwrap());
    import(first, &revoked.text).unwrap();
    let after = roster(first);
    assert!(!after.may_connect(node(first)));
    assert_eq!(after.cut(node(first), log), Some(0));

    let again = ended(first, &Said::default());
    assert!(matches!(again, Err(KeysError::HasEnded { .. })), "{again:?}");
    let nothing = Said {
        from_nothing: true,
        ..Said::default()
    };
    assert_eq!(entries(&ended(first, &nothing).unwrap()), (vec![], vec![4]));
}

#[test]
fn a_node_made_of_a_backup_ends_its_key_and_loses_nothing_of_before() {
    let world = Founded::new("keys-restored", 2);
    let first = &world.homes[0];
    let (mut running, _batches) = core(first);
    write(&mut running, 0, 3);
    running.finish().unwrap();
    let out = world.dir().join("whole.reservekopie");
    let ask = Ask {
        keys: true,
        audit: false,
    };
    let path = backup(first, ask, &out, None).unwrap().path;
    let home = Home::new(world.dir().join("terug"));
    let how = Restore {
        keys: None,
        into: home.root(),
        alone: true,
        by: &Account::new("tester").unwrap(),
    };
    restore(&path, &how).unwrap();
    fs::copy(first.key("root"), home.key("root")).unwrap();
    assert_eq!(entries(&ended(&home, &Said::default()).unwrap()), (vec![4], vec![]));
    // What came back from others since may be its own work too, or that of a thief: that is for a person to say.
    let log = written_elsewhere(&world, &home);
    let unsure = ended(&home, &Said::default());
    assert!(
        matches!(&unsure, Err(KeysError::Unsure { logs, .. }) if logs.len() == 1 && logs[0].log == log),
        "{unsure:?}"
    );
}

#[test]
fn an_end_during_a_hold_keeps_what_the_hold_hides() {
    let world = Founded::new("keys-hold", 4);
    let first = &world.homes[0];
    let (mut running, _batches) = core(first);
    write(&mut running, 0, 3);
    drop(running);
    let held = Held::read(&export(first).unwrap()).unwrap();
    let edition = held.roster.course().unwrap().edition;
    let suspended = world.homes[1..].iter().map(|home| {
        let body = Body::Suspend(Suspension {
            gemeente: gemeente(0),
            edition,
            endings: Vec::new(),
        });
        held.sign(body, &root().root(home).unwrap()).unwrap().0
    });
    import(first, &armor::write_charter(suspended.collect::<Vec<_>>().iter())).unwrap();
    assert_eq!(roster(first).ended(node(first)), Some(Ended::OnHold));
    assert_eq!(entries(&ended(first, &Said::default()).unwrap()), (vec![4], vec![]));
}
