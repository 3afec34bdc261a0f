//! Keys, members and the statements that found a federation.

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Endorsement, Member, NodeProof, Role, Statement};
use protocol::entropy::{Entropy, Seeded};
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};

use super::Plan;

/// A founded federation, and who knows what of it at first.
pub(super) struct Founding {
    /// The federation.
    pub(super) federation: FederationId,
    /// Per gemeente its code.
    pub(super) gemeenten: Vec<Gemeente>,
    /// Per node its key.
    pub(super) keys: Vec<SigningKey>,
    /// Per node the statements it starts with.
    pub(super) known: Vec<Vec<Statement>>,
}

/// Founds the federation of a plan: the first node of a gemeente stands in the edition, its others are certified later.
pub(super) fn found(plan: &Plan, rng: &mut Seeded) -> Founding {
    let draw = |rng: &mut Seeded| SigningKey::from_bytes(&rng.bytes());
    let roots: Vec<SigningKey> = (0..plan.gemeenten).map(|_| draw(rng)).collect();
    let keys: Vec<SigningKey> = plan.nodes.iter().map(|_| draw(rng)).collect();
    let gemeenten: Vec<Gemeente> = (0..plan.gemeenten)
        .map(|at| Gemeente::new(9901 + at as u16).expect("a code of four digits"))
        .collect();
    let members = (0..plan.gemeenten).map(|at| member(gemeenten[at], &roots[at], &keys[at]));
    let edition = Edition::founding(rng.bytes(), members.collect());
    let federation = edition.federation();
    let vote = Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    };
    let first = Statement::sign(federation, Body::Edition(edition), &roots[0]);
    let votes = roots
        .iter()
        .map(|root| Statement::sign(federation, Body::Endorse(vote.clone()), root));
    let certificates = (plan.gemeenten..plan.nodes.len()).map(|node| {
        let of = plan.nodes[node];
        let root = RootKey(roots[of].verifying_key().to_bytes());
        let proof = NodeProof::sign(federation, root, gemeenten[of], &keys[node]);
        Statement::sign(federation, Body::NodeKey(proof), &roots[of])
    });
    let own: Vec<Statement> = votes.chain(certificates).collect();
    // Statement n concerns node n: the founders' votes come first, as their nodes do.
    let known = (0..keys.len()).map(|node| {
        let all = !plan.scattered || node >= plan.gemeenten;
        // A certificate is also known where it was signed, or nobody would let the new node in.
        let mine = own.iter().enumerate().filter(|(of, _)| all || plan.nodes[*of] == node);
        std::iter::once(first.clone())
            .chain(mine.map(|(_, statement)| statement.clone()))
            .collect()
    });
    Founding {
        known: known.collect(),
        federation,
        gemeenten,
        keys,
    }
}

fn member(gemeente: Gemeente, root: &SigningKey, node: &SigningKey) -> Member {
    Member {
        gemeente,
        name: format!("Gemeente {gemeente}"),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: [0; 32],
        role: Role::Voting,
        nodes: vec![NodeKey(node.verifying_key().to_bytes())],
        mailbox: "leerkring@example.org".to_owned(),
        addresses: Vec::new(),
    }
}
