//! Statements that are false, too many, or in the name of others.

use ed25519_dalek::SigningKey;
use protocol::charter::{
    Body, Departure, Edition, Ending, Endorsement, NodeAddress, NodeProof, Rotation, Statement, Suspension, Withdrawal,
};
use protocol::entropy::{Entropy, Seeded};
use protocol::id::{Gemeente, NodeKey, RootKey};

use super::super::founding::certificate;
use super::super::plan::Malice;
use super::super::world::World;

/// Statements of one flood.
const FLOOD: u64 = 40;
/// The type of a later version.
const LATER: u16 = 99;

impl World {
    /// A certificate for a key that a hostile member made up.
    pub(super) fn certificate_of(&self, node: usize, key: &SigningKey) -> Statement {
        let of = self.nodes[node].of;
        let root = self.founding.keys.root(of, 0);
        certificate(self.founding.federation, self.founding.gemeenten[of], &root, key)
    }

    /// What a hostile member states.
    pub(super) fn lies(&mut self, node: usize, malice: Malice, rng: &mut Seeded) -> Vec<Statement> {
        let of = self.nodes[node].of;
        let root = self.founding.keys.root(of, 0);
        let key = self.nodes[node].key.clone();
        let federation = self.founding.federation;
        let sign = |body, by: &SigningKey| Statement::sign(federation, body, by);
        match malice {
            Malice::FloodStatements => {
                let mut said = Vec::new();
                for counter in 0..FLOOD {
                    let bytes = vec![counter as u8; 1 + rng.below(200) as usize];
                    let later = Body::Unknown { number: LATER, bytes };
                    said.push(sign(later, if counter % 2 == 0 { &root } else { &key }));
                }
                let address = Body::Address(NodeAddress {
                    node: self.nodes[node].name,
                    counter: u64::MAX,
                    addresses: Vec::new(),
                });
                said.push(sign(address, &key));
                said
            }
            Malice::Certify => self.certificates(node, &root, rng),
            Malice::DoubleVote => self.double_votes(node, &root, rng),
            Malice::Withdraw => self
                .withdrawals_of(node, rng)
                .into_iter()
                .map(|body| sign(body, &key))
                .collect(),
            _ => self
                .usurped(node, rng)
                .into_iter()
                .map(|body| sign(body, &root))
                .collect(),
        }
    }

    fn certificates(&mut self, node: usize, root: &SigningKey, rng: &mut Seeded) -> Vec<Statement> {
        let of = self.nodes[node].of;
        let mut said = Vec::new();
        for _ in 0..FLOOD {
            self.mischief.made_up += 1;
            let key = self.founding.keys.made_up(of, self.mischief.made_up);
            said.push(self.certificate_of(node, &key));
        }
        // The key of another, with a proof that its node never gave, for either gemeente.
        for other in &self.nodes {
            for gemeente in [of, other.of] {
                let body = Body::NodeKey(NodeProof {
                    gemeente: self.founding.gemeenten[gemeente],
                    node: other.name,
                    proof: rng.bytes(),
                });
                said.push(Statement::sign(self.founding.federation, body, root));
            }
        }
        said
    }

    /// Two editions for one number, each without somebody, and votes for both in two ballots.
    fn double_votes(&self, node: usize, root: &SigningKey, rng: &mut Seeded) -> Vec<Statement> {
        let Some(now) = self.in_force(node) else {
            return Vec::new();
        };
        let mut said = Vec::new();
        let sign = |body| Statement::sign(self.founding.federation, body, root);
        for _ in 0..2 {
            let mut next = now.successor(rng.bytes());
            let gone = rng.below(next.members.len() as u64) as usize;
            if next.members.len() > 1 {
                next.members.remove(gone);
            }
            for ballot in 0..2 {
                said.push(sign(Body::Endorse(Endorsement {
                    edition: next.hash(),
                    number: next.number,
                    ballot,
                })));
            }
            if next.check().is_ok() {
                said.push(sign(Body::Edition(next)));
            }
        }
        said
    }

    fn in_force(&self, node: usize) -> Option<Edition> {
        let replica = &self.nodes[node].up.as_ref()?.replica;
        let hash = replica.roster().course()?.edition;
        let held = replica
            .statements()
            .iter()
            .find(|held| held.edition_hash() == Some(hash))?;
        match held.body() {
            Body::Edition(edition) => Some(edition.clone()),
            _ => None,
        }
    }

    /// Documents of others taken back, the own ones under one number, and one that never was.
    fn withdrawals_of(&self, node: usize, rng: &mut Seeded) -> Vec<Body> {
        let Some(up) = &self.nodes[node].up else {
            return Vec::new();
        };
        let of = |written: &super::super::world::Written| up.replica.withdrawal(written.document).ok().flatten();
        let mut all: Vec<Withdrawal> = self.written.iter().filter_map(of).collect();
        all.truncate(FLOOD as usize);
        for withdrawal in &mut all {
            withdrawal.number = rng.below(3);
        }
        if let Some(last) = all.last().cloned() {
            all.push(Withdrawal {
                owner: self.founding.gemeenten[self.nodes[node].of],
                ..last
            });
        }
        all.into_iter().map(Body::Withdraw).collect()
    }

    /// What only another member may say.
    fn usurped(&self, node: usize, rng: &mut Seeded) -> Vec<Body> {
        let mut said = Vec::new();
        let others: Vec<(Gemeente, usize, NodeKey)> = self
            .nodes
            .iter()
            .filter(|other| !other.hostile)
            .map(|other| (self.founding.gemeenten[other.of], other.of, other.name))
            .collect();
        for (gemeente, of, name) in others {
            let ended = Ending {
                node: name,
                cuts: Vec::new(),
            };
            said.push(Body::NodeKeyEnd(ended.clone()));
            said.push(Body::Leave(Departure {
                gemeente,
                endings: vec![ended.clone()],
            }));
            said.push(Body::Rotate(Rotation {
                gemeente,
                old: RootKey(self.founding.keys.root(of, 0).verifying_key().to_bytes()),
                nodes: Vec::new(),
                endings: vec![ended.clone()],
            }));
            let edition = self.in_force(node).map_or([0; 32], |edition| edition.hash());
            said.push(Body::Suspend(Suspension {
                gemeente,
                edition,
                endings: vec![ended],
            }));
            said.push(Body::Address(NodeAddress {
                node: name,
                counter: rng.next(),
                addresses: vec!["/ip4/10.6.6.6/tcp/666".to_owned()],
            }));
        }
        said
    }
}
