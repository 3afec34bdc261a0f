//! Founders, their keys, and the statements that found a federation.

use ed25519_dalek::SigningKey;

use crate::charter::*;
use crate::entropy::{Entropy, Seeded};
use crate::id::{FederationId, Gemeente, NodeKey, RootKey};

/// One founder with its keys.
pub(in crate::charter) struct Founder {
    pub(in crate::charter) root: SigningKey,
    /// The root key it committed itself to.
    pub(in crate::charter) next: SigningKey,
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
    let (root, next, node) = (key(rng), key(rng), key(rng));
    let member = Member {
        gemeente: Gemeente::new(number).unwrap(),
        name: format!("Gemeente {number}"),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: next_root(RootKey(next.verifying_key().to_bytes())),
        role: Role::Voting,
        nodes: vec![node_key(&node)],
        mailbox: "leerkring@example.org".to_owned(),
        addresses: vec!["/ip4/127.0.0.1/tcp/4001".to_owned()],
    };
    Founder {
        root,
        next,
        node,
        member,
    }
}

/// Three founders, the federation, and the statements that found it.
pub(in crate::charter) fn founding(seed: u64) -> (Vec<Founder>, FederationId, Vec<Statement>) {
    let mut rng = Seeded::new(seed);
    let founders: Vec<Founder> = (9901..=9903).map(|number| founder(number, &mut rng)).collect();
    let members = founders.iter().map(|founder| founder.member.clone()).collect();
    let edition = Edition::founding(rng.bytes(), members);
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

/// A federation that goes on: members with their keys, the editions so far and everything that was said.
pub(in crate::charter) struct World {
    pub(in crate::charter) members: Vec<Founder>,
    pub(in crate::charter) federation: FederationId,
    /// The editions that were decided for, the founding first.
    pub(in crate::charter) editions: Vec<Edition>,
    pub(in crate::charter) said: Vec<Statement>,
    pub(in crate::charter) rng: Seeded,
}

impl World {
    /// A federation of so many voting members, each with one node.
    pub(in crate::charter) fn new(seed: u64, count: u16) -> Self {
        let mut rng = Seeded::new(seed);
        let members: Vec<Founder> = (9901..9901 + count).map(|number| founder(number, &mut rng)).collect();
        let listed = members.iter().map(|founder| founder.member.clone()).collect();
        let edition = Edition::founding(rng.bytes(), listed);
        let mut world = Self {
            members,
            federation: edition.federation(),
            editions: vec![edition.clone()],
            said: Vec::new(),
            rng,
        };
        world.say(0, Body::Edition(edition.clone()));
        world.endorse(&edition, 0..count as usize);
        world
    }

    /// What a member says with its root key.
    pub(in crate::charter) fn by(&self, at: usize, body: Body) -> Statement {
        Statement::sign(self.federation, body, &self.members[at].root)
    }

    pub(in crate::charter) fn say(&mut self, at: usize, body: Body) {
        let statement = self.by(at, body);
        self.said.push(statement);
    }

    /// A successor of the last edition, with what this changes; nobody voted for it yet.
    pub(in crate::charter) fn draft(&mut self, change: impl FnOnce(&mut Edition)) -> Edition {
        let nonce = self.rng.bytes();
        let mut edition = self.editions[self.editions.len() - 1].successor(nonce);
        change(&mut edition);
        edition.check().unwrap();
        edition
    }

    /// A vote in ballot 0.
    pub(in crate::charter) fn vote(&self, at: usize, edition: &Edition) -> Statement {
        self.by(at, Body::Endorse(vote(edition, 0)))
    }

    pub(in crate::charter) fn endorse(&mut self, edition: &Edition, by: impl IntoIterator<Item = usize>) {
        for at in by {
            let vote = self.vote(at, edition);
            self.said.push(vote);
        }
    }

    /// The first member proposes this and these vote for it; from then on the world builds on it.
    pub(in crate::charter) fn decide(&mut self, edition: Edition, by: impl IntoIterator<Item = usize>) {
        self.say(0, Body::Edition(edition.clone()));
        self.endorse(&edition, by);
        self.editions.push(edition);
    }

    pub(in crate::charter) fn code(&self, at: usize) -> Gemeente {
        self.members[at].member.gemeente
    }

    pub(in crate::charter) fn node(&self, at: usize) -> NodeKey {
        node_key(&self.members[at].node)
    }

    /// The set of everything that was said, and that it is the same in another order.
    pub(in crate::charter) fn set(&mut self) -> Set {
        let mut set = Set::new(self.federation);
        set.extend(self.said.clone());
        let mut said = self.said.clone();
        self.rng.shuffle(&mut said);
        let mut other = Set::new(self.federation);
        for _ in 0..4 {
            said.iter().for_each(|statement| {
                other.extend(vec![statement.clone()]);
            });
        }
        assert_eq!(set.digest(), other.digest());
        set
    }

    pub(in crate::charter) fn roster(&mut self) -> Roster {
        Roster::of(&self.set())
    }
}

pub(in crate::charter) fn vote(edition: &Edition, ballot: u32) -> Endorsement {
    Endorsement {
        edition: edition.hash(),
        number: edition.number,
        ballot,
    }
}
