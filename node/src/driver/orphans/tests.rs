//! What counts for nobody is told apart by why, and can be withdrawn.

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Cut as Limit, Ending, Statement, Suspension};

use super::*;
use crate::runtime::world::{Founded, core, gemeente, write};
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
