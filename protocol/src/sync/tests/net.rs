//! A few nodes joined by perfect wires, to count every byte and every frame.

use std::collections::VecDeque;

use ed25519_dalek::SigningKey;

use super::super::{Config, Input, Machine, Offence, Output};
use crate::charter::{Body, Edition, Endorsement, Member, Role, Statement};
use crate::entropy::{Entropy, Seeded};
use crate::gate::Shareable;
use crate::id::{DocumentId, FederationId, Gemeente, NodeKey, RootKey, Week};
use crate::log::{Replica, Write};
use crate::record::{Kind, Value};
use crate::store::Memory;

/// A federation that its founders signed.
pub(super) struct Founded {
    pub federation: FederationId,
    pub roots: Vec<SigningKey>,
    pub keys: Vec<SigningKey>,
    pub statements: Vec<Statement>,
}

/// Founds a federation of `count` gemeenten with one node each.
pub(super) fn found(count: u16, rng: &mut Seeded) -> Founded {
    let draw = |rng: &mut Seeded| SigningKey::from_bytes(&rng.bytes());
    let pairs: Vec<(SigningKey, SigningKey)> = (0..count).map(|_| (draw(rng), draw(rng))).collect();
    let members = pairs.iter().zip(1..).map(|((root, node), number)| Member {
        gemeente: Gemeente::new(number).unwrap(),
        name: format!("Gemeente {number}"),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: [&root.verifying_key().to_bytes()[..16], &[7; 16]]
            .concat()
            .try_into()
            .unwrap(),
        role: Role::Voting,
        nodes: vec![NodeKey(node.verifying_key().to_bytes())],
        mailbox: "leerkring@example.org".to_owned(),
        addresses: vec![],
    });
    let edition = Edition::founding([1; 16], members.collect());
    let federation = edition.federation();
    let vote = Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    };
    let mut statements = vec![Statement::sign(federation, Body::Edition(edition), &pairs[0].0)];
    statements.extend(
        pairs
            .iter()
            .map(|(root, _)| Statement::sign(federation, Body::Endorse(vote.clone()), root)),
    );
    Founded {
        federation,
        roots: pairs.iter().map(|(root, _)| root.clone()).collect(),
        keys: pairs.into_iter().map(|(_, node)| node).collect(),
        statements,
    }
}

/// One node.
pub(super) struct Node {
    pub key: SigningKey,
    pub name: NodeKey,
    pub gemeente: Gemeente,
    pub replica: Replica<Memory>,
    pub machine: Machine,
    pub rng: Seeded,
}

impl Node {
    /// The `at`-th founder's node, with these statements.
    pub(super) fn new(founded: &Founded, at: usize, statements: &[Statement]) -> Self {
        let key = founded.keys[at].clone();
        let name = NodeKey(key.verifying_key().to_bytes());
        let mut replica = Replica::open(Memory::default()).unwrap();
        replica.join(founded.federation).unwrap();
        replica.add_statements(statements.to_vec()).unwrap();
        Self {
            key,
            name,
            gemeente: Gemeente::new(at as u16 + 1).unwrap(),
            replica,
            machine: Machine::new(name, Config::default()),
            rng: Seeded::new(at as u64 + 1000),
        }
    }

    /// A record that this node's gemeente may write.
    pub(super) fn record(&self, text: &str) -> Shareable {
        let fields = [("tekst".to_owned(), Value::Text(text.to_owned()))]
            .into_iter()
            .collect();
        Shareable::for_test(Kind::Signaal, self.gemeente, Week::new(2026, 11).unwrap(), fields)
    }

    /// Writes a new document; opens the log when need be.
    pub(super) fn write(&mut self, text: &str) -> DocumentId {
        if self.replica.own_log().is_none() {
            self.replica.open_log(&self.key, &mut self.rng).unwrap();
        }
        let record = &self.record(text);
        let entry = self
            .replica
            .write(&self.key, &mut self.rng, Write::Found { record })
            .unwrap();
        entry.unwrap().signed.header().document
    }
}

/// What happens to a frame on its way: from, to, the bytes.
pub(super) type Wire = Box<dyn FnMut(usize, usize, &mut Vec<u8>)>;

/// Nodes and wires.
pub(super) struct Net {
    pub nodes: Vec<Node>,
    pub now_ms: u64,
    pub hints: bool,
    pub wire: Option<Wire>,
    /// Bytes of requests and answers.
    pub bytes: usize,
    /// Number of requests.
    pub requests: usize,
    /// Bytes of the payloads that were accepted anywhere, and their number.
    pub offences: Vec<(usize, Offence)>,
    /// Forks that were found.
    pub forks: usize,
    wakes: Vec<Option<u64>>,
    queue: VecDeque<(usize, Input)>,
}

impl Net {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        Self {
            wakes: vec![None; nodes.len()],
            nodes,
            now_ms: 1_000_000,
            hints: false,
            wire: None,
            bytes: 0,
            requests: 0,
            offences: Vec::new(),
            forks: 0,
            queue: VecDeque::new(),
        }
    }

    /// Connects two nodes and lets them talk until they are silent.
    pub(super) fn connect(&mut self, one: usize, other: usize) {
        let names = (self.nodes[one].name, self.nodes[other].name);
        self.give(one, Input::Connected(names.1));
        self.give(other, Input::Connected(names.0));
        self.settle();
    }

    /// Gives a node an input, and whatever follows at this instant.
    pub(super) fn give(&mut self, to: usize, input: Input) {
        self.queue.push_back((to, input));
    }

    /// Handles everything at this instant.
    pub(super) fn settle(&mut self) {
        for step in 0.. {
            assert!(step < 100_000, "the nodes do not stop talking");
            let Some((at, input)) = self.queue.pop_front() else {
                return;
            };
            let node = &mut self.nodes[at];
            let outputs = node
                .machine
                .handle(self.now_ms, &mut node.rng, &mut node.replica, input);
            outputs.into_iter().for_each(|output| self.perform(at, output));
        }
    }

    /// Lets time pass, calling every node when it asked to be called.
    pub(super) fn pass(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        loop {
            self.settle();
            let next = self.wakes.iter().flatten().min().copied();
            let Some(next) = next.filter(|next| *next <= until) else {
                break;
            };
            self.now_ms = self.now_ms.max(next);
            for at in 0..self.nodes.len() {
                if self.wakes[at].is_some_and(|wake| wake <= self.now_ms) {
                    self.wakes[at] = None;
                    self.give(at, Input::Tick);
                }
            }
        }
        self.now_ms = until;
    }

    /// Bytes and requests since this was last asked.
    pub(super) fn spent(&mut self) -> (usize, usize) {
        (std::mem::take(&mut self.bytes), std::mem::take(&mut self.requests))
    }

    fn index(&self, name: NodeKey) -> usize {
        self.nodes.iter().position(|node| node.name == name).unwrap()
    }

    fn carry(&mut self, from: usize, to: usize, mut bytes: Vec<u8>) -> Vec<u8> {
        self.bytes += bytes.len();
        if let Some(wire) = &mut self.wire {
            wire(from, to, &mut bytes);
        }
        bytes
    }

    fn perform(&mut self, at: usize, output: Output) {
        let from = self.nodes[at].name;
        match output {
            Output::Request { peer, id, bytes } => {
                self.requests += 1;
                let to = self.index(peer);
                let bytes = self.carry(at, to, bytes);
                self.give(to, Input::Request { peer: from, id, bytes });
            }
            Output::Respond { peer, id, bytes } => {
                let to = self.index(peer);
                let bytes = self.carry(at, to, bytes);
                self.give(to, Input::Response { peer: from, id, bytes });
            }
            Output::Hint { bytes } if self.hints => {
                for to in (0..self.nodes.len()).filter(|to| *to != at) {
                    self.give(
                        to,
                        Input::Hint {
                            peer: from,
                            bytes: bytes.clone(),
                        },
                    );
                }
            }
            Output::Forked(proof) => {
                let node = &mut self.nodes[at];
                let federation = node.replica.federation().unwrap();
                let statement = Statement::sign(federation, Body::Fork(*proof), &node.key);
                node.replica.add_statements(vec![statement]).unwrap();
                self.forks += 1;
                self.give(at, Input::Written);
            }
            Output::Hint { .. } | Output::Applied { .. } => {}
            Output::Misbehaved { why, .. } => self.offences.push((at, why)),
            Output::ReplicaFailed(error) => panic!("{error}"),
            Output::WakeAt { ms } => self.wakes[at] = Some(ms),
        }
    }
}
