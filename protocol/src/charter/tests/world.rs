//! Founders, their keys, and the statements that found a federation.

use ed25519_dalek::SigningKey;

use crate::charter::*;
use crate::entropy::{Entropy, Seeded};
use crate::id::{FederationId, Gemeente, NodeKey, RootKey};

/// One founder with its keys.
pub(in crate::charter) struct Founder {
    pub(in crate::charter) root: SigningKey,
    pub(in crate::charter) node: SigningKey,
    pub(in crate::charter) member: Member,
}

pub(in crate::charter) fn key(rng: &mut Seeded) -> SigningKey {
    SigningKey::from_bytes(&rng.bytes())
}

pub(in crate::charter) fn node_key(key: &SigningKey) -> NodeKey {
    NodeKey(key.verifying_key().to_bytes())
}

pub(in crate::charter) fn founder(number: u16, rng: &mut Seeded) -> Founder {
    let (root, node) = (key(rng), key(rng));
    let member = Member {
        gemeente: Gemeente::new(number).unwrap(),
        name: format!("Gemeente {number}"),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: rng.bytes(),
        role: Role::Voting,
        nodes: vec![node_key(&node)],
        mailbox: "leerkring@example.org".to_owned(),
        addresses: vec!["/ip4/127.0.0.1/tcp/4001".to_owned()],
    };
    Founder { root, node, member }
}

/// Three founders, the federation, and the statements that found it.
pub(in crate::charter) fn founding(seed: u64) -> (Vec<Founder>, FederationId, Vec<Statement>) {
    let mut rng = Seeded::new(seed);
    let founders: Vec<Founder> = (9901..=9903).map(|number| founder(number, &mut rng)).collect();
    let members = founders.iter().map(|founder| founder.member.clone()).collect();
    let edition = Edition {
        number: 0,
        previous: [0; 32],
        nonce: rng.bytes(),
        members,
    };
    let federation = edition.federation();
    let vote = Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    };
    let mut statements = vec![Statement::sign(federation, Body::Edition(edition), &founders[0].root)];
    for founder in &founders {
        statements.push(Statement::sign(federation, Body::Endorse(vote.clone()), &founder.root));
    }
    (founders, federation, statements)
}

pub(in crate::charter) fn roster(federation: FederationId, statements: &[Statement]) -> Roster {
    let mut set = Set::new(federation);
    set.extend(statements.to_vec());
    Roster::of(&set)
}

pub(in crate::charter) fn address(node: NodeKey, counter: u64, text: &str) -> Body {
    Body::Address(NodeAddress {
        node,
        counter,
        addresses: vec![text.to_owned()],
    })
}
