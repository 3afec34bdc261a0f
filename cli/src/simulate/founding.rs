//! Keys, members and the statements that found a federation.

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Endorsement, Member, NodeProof, Role, Statement, next_root};
use protocol::entropy::{Entropy, Seeded};
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};

use super::Plan;

/// Every key there can be; each follows from the seed and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    seed: u64,
}

impl Keys {
    fn draw(self, what: u64, of: usize, generation: usize) -> SigningKey {
        let place = (what << 32) | ((of as u64) << 8) | generation as u64;
        SigningKey::from_bytes(&Seeded::new(self.seed ^ (place << 16) ^ 0x6b65_7973).bytes())
    }

    /// The key of a node.
    pub(super) fn node(self, node: usize) -> SigningKey {
        self.draw(1, node, 0)
    }

    /// A root key of a gemeente: the first, or one that replaces it.
    pub(super) fn root(self, gemeente: usize, generation: usize) -> SigningKey {
        self.draw(2, gemeente, generation)
    }

    /// A key that a hostile member makes up.
    pub(super) fn made_up(self, by: usize, number: usize) -> SigningKey {
        self.draw(3, by, number)
    }
}

/// A founded federation, and who knows what of it at first.
pub(super) struct Founding {
    /// The federation.
    pub(super) federation: FederationId,
    /// Per gemeente its code.
    pub(super) gemeenten: Vec<Gemeente>,
    /// Every key.
    pub(super) keys: Keys,
    /// Per node the statements it starts with.
    pub(super) known: Vec<Vec<Statement>>,
}

impl Founding {
    /// Founds the federation of a plan: the first node of a gemeente stands in the edition, its others are certified.
    pub(super) fn of(plan: &Plan) -> Self {
        let keys = Keys { seed: plan.seed };
        let gemeenten: Vec<Gemeente> = (0..plan.gemeenten())
            .map(|at| Gemeente::new(9901 + at as u16).expect("a code of four digits"))
            .collect();
        let first = |of: usize| plan.nodes.iter().position(|other| *other == of);
        let members = (0..plan.founders).filter_map(|of| Some(member(keys, gemeenten[of], of, &[first(of)?])));
        let nonce = Seeded::new(plan.seed ^ 0x6e6f_6e63).bytes();
        let edition = Edition::founding(nonce, members.collect());
        let federation = edition.federation();
        let vote = Endorsement {
            edition: edition.hash(),
            number: 0,
            ballot: 0,
        };
        let text = Statement::sign(federation, Body::Edition(edition), &keys.root(0, 0));
        let votes = (0..plan.founders).map(|of| {
            let signed = Statement::sign(federation, Body::Endorse(vote.clone()), &keys.root(of, 0));
            (of, signed)
        });
        let own = (0..plan.nodes.len()).filter(|node| first(plan.nodes[*node]) != Some(*node));
        let own = own.filter(|node| !plan.later.contains(node));
        let certificates = own.map(|node| {
            let of = plan.nodes[node];
            let signed = certificate(federation, gemeenten[of], &keys.root(of, 0), &keys.node(node));
            (of, signed)
        });
        let all: Vec<(usize, Statement)> = votes.chain(certificates).collect();
        // Who was certified later knows everything; of the others one node of a gemeente knows what that one signed.
        let known = (0..plan.nodes.len()).map(|node| {
            let hub = first(plan.nodes[node]) == Some(node);
            let mine = all
                .iter()
                .filter(|(of, _)| !plan.scattered || !hub || *of == plan.nodes[node]);
            std::iter::once(text.clone())
                .chain(mine.map(|(_, statement)| statement.clone()))
                .collect()
        });
        Self {
            known: known.collect(),
            federation,
            gemeenten,
            keys,
        }
    }

    /// Whether a node is told the key of another one before its first start: the founding edition lists it, or a
    /// certificate that it is told. One that comes later is told all there is then, and whoever it is told by knows it.
    pub(super) fn names(&self, plan: &Plan, one: usize, other: usize) -> bool {
        let name = NodeKey(self.keys.node(other).verifying_key().to_bytes());
        let listed = |body: &Body| match body {
            Body::Edition(edition) => edition.members.iter().any(|member| member.nodes.contains(&name)),
            Body::NodeKey(proof) => proof.node == name,
            _ => false,
        };
        let later = |node: usize| plan.later.contains(&node);
        later(one) || later(other) || self.known[one].iter().any(|statement| listed(statement.body()))
    }
}

/// A root key certifies a node, which agrees.
pub(super) fn certificate(
    federation: FederationId,
    gemeente: Gemeente,
    root: &SigningKey,
    node: &SigningKey,
) -> Statement {
    let name = RootKey(root.verifying_key().to_bytes());
    let proof = NodeProof::sign(federation, name, gemeente, node);
    Statement::sign(federation, Body::NodeKey(proof), root)
}

/// A member with its first root key, committed to its second.
pub(super) fn member(keys: Keys, gemeente: Gemeente, of: usize, nodes: &[usize]) -> Member {
    let name = |node: &usize| NodeKey(keys.node(*node).verifying_key().to_bytes());
    Member {
        gemeente,
        name: format!("Gemeente {gemeente}"),
        root: RootKey(keys.root(of, 0).verifying_key().to_bytes()),
        next_root: next_root(RootKey(keys.root(of, 1).verifying_key().to_bytes())),
        role: Role::Voting,
        nodes: nodes.iter().map(name).collect(),
        mailbox: "leerkring@example.org".to_owned(),
        addresses: Vec::new(),
    }
}
