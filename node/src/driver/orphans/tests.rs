//! What counts for nobody is told apart by why, and can be withdrawn.

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Cut as Limit, Ending, Statement, Suspension};
use protocol::log::{ForkProof, SignedHeader};

use super::*;
use crate::driver::CoreError;
use crate::runtime::world::{self, Founded, core, edit, gemeente, write};
use crate::secret::Secret;

/// A statement by the root key of the gemeente with this number.
fn by_root(founded: &Founded, at: usize, core: &Core, body: Body) -> Statement {
    let root = Secret::load(&founded.homes[at].key("root")).unwrap();
    let federation = core.replica().roster().federation();
    Statement::sign(federation, body, &SigningKey::from_bytes(root.bytes()))
}

/// Where the one log of the first node stops, behind so many entries.
fn ending(core: &Core, seq: u64) -> Ending {
    let (log, _) = core.replica().logs().next().unwrap();
    let head = core.replica().header(log, seq - 1).unwrap().unwrap().hash();
    let cuts = vec![Limit { log, seq, head }];
    Ending { node: core.me(), cuts }
}

#[test]
fn what_counts_for_nobody_is_withdrawn_like_what_does() {
    let founded = Founded::new("orphan-withdrawn", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    let documents = write(&mut core, 0, 2);
    let ended = Body::NodeKeyEnd(ending(&core, 2));
    let ended = by_root(&founded, 0, &core, ended);
    core.import(vec![ended]).unwrap();
    assert_eq!(
        core.replica().document(documents[1]).unwrap(),
        None,
        "it counts for nobody"
    );
    let found: Vec<_> = core.orphans(gemeente(0)).unwrap();
    assert_eq!(
        (found.len(), found[0].document, found[0].cut),
        (1, documents[1], Cut::Ended)
    );
    let prefix = &documents[1].to_string()[..16];
    assert_eq!(
        core.orphaned_documents(prefix).unwrap().into_iter().collect::<Vec<_>>(),
        documents[1..]
    );

    assert_eq!(core.withdraw(&documents[1..]).unwrap(), documents[1..]);
    assert!(core.replica().roster().erasures().withdrawn(documents[1]).is_some());
    assert!(core.withdraw(&documents[1..]).unwrap().is_empty(), "once is enough");
    let unknown = DocumentId([7; 32]);
    assert!(core.withdraw(&[unknown]).unwrap().is_empty());
    assert!(core.replica().roster().erasures().withdrawn(unknown).is_none());
}

#[test]
fn what_a_suspension_holds_back_is_not_lost() {
    let founded = Founded::new("orphan-on-hold", 3);
    let (mut core, _batches) = core(&founded.homes[0]);
    let documents = write(&mut core, 0, 2);
    let edition = core.replica().roster().course().unwrap().edition;
    let asked = [1, 2].map(|by| {
        let suspension = Suspension {
            gemeente: gemeente(0),
            edition,
            endings: vec![ending(&core, 2)],
        };
        by_root(&founded, by, &core, Body::Suspend(suspension))
    });
    core.import(asked.to_vec()).unwrap();
    let found = core.orphans(gemeente(0)).unwrap();
    assert_eq!(
        (found.len(), found[0].document, found[0].cut),
        (1, documents[1], Cut::OnHold)
    );
}

/// The key of the node of the first gemeente.
fn node_key(founded: &Founded) -> SigningKey {
    SigningKey::from_bytes(Secret::load(&founded.homes[0].key("node")).unwrap().bytes())
}

/// The node, and the log that it wrote before this run, in which it wrote two documents.
fn after_a_restart(founded: &Founded) -> (Core, LogId, Vec<DocumentId>) {
    let (mut core, _batches) = world::core(&founded.homes[0]);
    let documents = write(&mut core, 0, 2);
    let log = core.replica().own_log().unwrap();
    core.finish().unwrap();
    let (core, _batches) = world::core(&founded.homes[0]);
    (core, log, documents)
}

#[test]
fn what_builds_on_what_is_cut_off_is_listed_too() {
    let founded = Founded::new("orphan-builds", 2);
    let (mut core, first, documents) = after_a_restart(&founded);
    edit(&mut core, 0, documents[1], "Er ontbrak nog een bewijs.");
    let second = core.replica().own_log().unwrap();
    let cut = |log: LogId, seq: u64| {
        let head = core.replica().header(log, seq - 1).unwrap().unwrap().hash();
        Limit { log, seq, head }
    };
    // The first log goes on counting up to before the document that the second log changes, and the second one whole.
    let mut cuts = vec![cut(first, 2), cut(second, 2)];
    cuts.sort_by_key(|cut| cut.log);
    let ending = Ending { node: core.me(), cuts };
    let ended = by_root(&founded, 0, &core, Body::NodeKeyEnd(ending));
    core.import(vec![ended]).unwrap();
    let found = core.orphans(gemeente(0)).unwrap();
    let mut found: Vec<_> = found.iter().map(|one| (one.log, one.document, one.cut)).collect();
    found.sort_by_key(|(log, ..)| *log != first);
    let expected = [(first, documents[1], Cut::Ended), (second, documents[1], Cut::Builds)];
    assert_eq!(found, expected);
}

#[test]
fn what_may_still_arrive_is_no_orphan() {
    let founded = Founded::new("orphan-waits", 2);
    let (mut writer, first, documents) = after_a_restart(&founded);
    edit(&mut writer, 0, documents[1], "Er ontbrak nog een bewijs.");
    let second = writer.replica().own_log().unwrap();
    let (mut reader, _batches) = core(&founded.homes[1]);
    let entries = |log, count| writer.replica().entries(log, 0, usize::MAX).unwrap()[..count].to_vec();
    reader.parts.replica.ingest(second, entries(second, 2)).unwrap();
    assert!(reader.replica().log(second).unwrap().waiting.is_some());
    assert!(reader.orphans_of_all().unwrap().is_empty());
    reader.parts.replica.ingest(first, entries(first, 3)).unwrap();
    assert_eq!(reader.replica().log(second).unwrap().effective, 2);
}

#[test]
fn a_node_whose_log_is_cut_goes_on_in_another_as_long_as_its_key_speaks() {
    let founded = Founded::new("orphan-goes-on", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    write(&mut core, 0, 2);
    let first = core.replica().own_log().unwrap();
    let held = core.replica().header(first, 2).unwrap().unwrap();
    let mut header = held.header().clone();
    header.commitment = protocol::log::commit(&[7; 16], b"a copy of this node wrote this");
    let other = SignedHeader::sign(header, &node_key(&founded));
    core.state_fork(ForkProof::of(&[held], &[other]).unwrap());
    assert_eq!(core.orphans(gemeente(0)).unwrap().len(), 1);
    let documents = write(&mut core, 0, 1);
    let second = core.replica().own_log().unwrap();
    assert_ne!(first, second);
    assert!(core.replica().document(documents[0]).unwrap().is_some());
    core.finish().unwrap();

    let (mut core, _batches) = world::core(&founded.homes[0]);
    assert!(core.restored().refused.is_empty());
    assert!(core.replica().document(documents[0]).unwrap().is_some(), "it is kept");
    write(&mut core, 0, 1);
    let ended = Ending {
        node: core.me(),
        cuts: Vec::new(),
    };
    let ended = by_root(&founded, 0, &core, Body::NodeKeyEnd(ended));
    core.import(vec![ended]).unwrap();
    let refused = core.would_found(1, 0);
    let cut = matches!(refused, Err(CoreError::Replica(ReplicaError::Cut { .. })));
    assert!(cut, "{refused:?}");
}
