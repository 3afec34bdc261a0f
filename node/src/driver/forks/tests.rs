//! Who holds two votes that contradict each other proves it.

use ed25519_dalek::SigningKey;
use protocol::charter::{Edition, Endorsement, Statement};

use super::*;
use crate::runtime::world::{Founded, core};
use crate::secret::Secret;

/// The proofs of double votes that a node holds.
fn proofs(core: &Core) -> usize {
    let statements = core.replica().statements().iter();
    statements
        .filter(|held| matches!(held.body(), Body::DoubleVote(_)))
        .count()
}

fn founding(core: &Core) -> Edition {
    let mut statements = core.replica().statements().iter();
    statements.find_map(Statement::founding).unwrap().clone()
}

#[test]
fn a_node_that_holds_two_votes_of_one_key_in_one_ballot_states_the_proof_once() {
    let founded = Founded::new("double-vote", 4);
    let (mut core, _batches) = core(&founded.homes[0]);
    let root = SigningKey::from_bytes(Secret::load(&founded.homes[2].key("root")).unwrap().bytes());
    let founding = founding(&core);
    let vote = |nonce: u8| {
        let next = founding.successor([nonce; 16]);
        let vote = Endorsement {
            edition: next.hash(),
            number: next.number,
            ballot: 0,
        };
        Statement::sign(founding.federation(), Body::Endorse(vote), &root)
    };
    core.import(vec![vote(1)]).unwrap();
    assert_eq!(proofs(&core), 0, "one vote proves nothing");
    core.import(vec![vote(2)]).unwrap();
    assert_eq!(proofs(&core), 1);
    core.import(vec![vote(3)]).unwrap();
    assert_eq!(proofs(&core), 1, "it is proven already");
    let said = core.replica().roster().double_votes().collect::<Vec<_>>();
    assert_eq!(said, [(1, crate::runtime::world::gemeente(2))]);
}
