//! A federation in a test: keys, statements, replicas, and entries made by hand.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use crate::charter::{Body, Edition, Endorsement, Member, NodeProof, Role, Statement};
use crate::document;
use crate::entropy::{Entropy, Seeded};
use crate::gate::Shareable;
use crate::id::{DocumentId, FederationId, Gemeente, HeaderHash, Incarnation, LogId, NodeKey, RootKey};
use crate::log::{Class, Entry, Header, OPENING_KIND, Opening, Payload, Replica, SignedHeader, Write};
use crate::log::{commit, document_id, log_id};
use crate::record::{Kind, Value};
use crate::store::Memory;

/// A federation and every key in it.
pub(in crate::log) struct World {
    pub(in crate::log) rng: Seeded,
    pub(in crate::log) federation: FederationId,
    pub(in crate::log) statements: Vec<Statement>,
    roots: Vec<SigningKey>,
    nodes: Vec<SigningKey>,
}

pub(in crate::log) fn gemeente(at: usize) -> Gemeente {
    Gemeente::new(9901 + at as u16).unwrap()
}

pub(in crate::log) fn node_of(key: &SigningKey) -> NodeKey {
    NodeKey(key.verifying_key().to_bytes())
}

pub(in crate::log) fn record(owner: Gemeente, text: &str) -> Shareable {
    let fields = BTreeMap::from([("tekst".to_owned(), Value::Text(text.to_owned()))]);
    Shareable::for_test(Kind::Signaal, owner, "2026-W07".parse().unwrap(), fields)
}

impl World {
    /// A founded federation of so many gemeenten with one node each; the last is a reading member.
    pub(in crate::log) fn new(seed: u64, gemeenten: usize) -> Self {
        let mut rng = Seeded::new(seed);
        let roots: Vec<_> = (0..=gemeenten).map(|_| SigningKey::from_bytes(&rng.bytes())).collect();
        let nodes: Vec<_> = (0..=gemeenten).map(|_| SigningKey::from_bytes(&rng.bytes())).collect();
        let member = |at: usize| Member {
            gemeente: gemeente(at),
            name: format!("Gemeente {at}"),
            root: RootKey(roots[at].verifying_key().to_bytes()),
            next_root: [0; 32],
            role: if at == gemeenten { Role::Reading } else { Role::Voting },
            nodes: vec![node_of(&nodes[at])],
            mailbox: "leerkring@example.org".to_owned(),
            addresses: Vec::new(),
        };
        let edition = Edition::founding(rng.bytes(), (0..=gemeenten).map(member).collect());
        let (federation, vote) = (edition.federation(), edition.hash());
        let vote = Endorsement {
            edition: vote,
            number: 0,
            ballot: 0,
        };
        let mut statements = vec![Statement::sign(federation, Body::Edition(edition), &roots[0])];
        for root in &roots {
            statements.push(Statement::sign(federation, Body::Endorse(vote.clone()), root));
        }
        Self {
            rng,
            federation,
            statements,
            roots,
            nodes,
        }
    }

    pub(in crate::log) fn key(&self, at: usize) -> SigningKey {
        self.nodes[at].clone()
    }

    /// One more node of a gemeente, and the statement that says so.
    pub(in crate::log) fn further_node(&mut self, at: usize) -> (SigningKey, Statement) {
        let key = SigningKey::from_bytes(&self.rng.bytes());
        let statement = self.claim(at, &key);
        (key, statement)
    }

    /// A statement by which a gemeente takes a node for its own.
    pub(in crate::log) fn claim(&self, at: usize, key: &SigningKey) -> Statement {
        let root = RootKey(self.roots[at].verifying_key().to_bytes());
        let proof = NodeProof::sign(self.federation, root, gemeente(at), key);
        self.by_root(at, Body::NodeKey(proof))
    }

    /// A statement signed by the root key of a gemeente.
    pub(in crate::log) fn by_root(&self, at: usize, body: Body) -> Statement {
        Statement::sign(self.federation, body, &self.roots[at])
    }

    /// An empty replica that knows who belongs.
    pub(in crate::log) fn replica(&self) -> Replica<Memory> {
        let mut replica = Replica::open(Memory::default()).unwrap();
        replica.join(self.federation).unwrap();
        replica.add_statements(self.statements.clone()).unwrap();
        replica
    }

    /// A replica that has opened its log.
    pub(in crate::log) fn writer(&mut self, at: usize) -> (Replica<Memory>, LogId) {
        let mut replica = self.replica();
        let key = self.key(at);
        replica.open_log(&key, &mut self.rng).unwrap();
        let log = replica.own_log().unwrap();
        (replica, log)
    }

    /// Founds a document with this text.
    pub(in crate::log) fn found(&mut self, at: usize, replica: &mut Replica<Memory>, text: &str) -> DocumentId {
        let (key, record) = (self.key(at), record(gemeente(at), text));
        let write = Write::Found { record: &record };
        let entry = replica.write(&key, &mut self.rng, write).unwrap().unwrap();
        entry.signed.header().document
    }

    /// Gives a document this text.
    pub(in crate::log) fn edit(&mut self, at: usize, replica: &mut Replica<Memory>, document: DocumentId, text: &str) {
        let (key, record) = (self.key(at), record(gemeente(at), text));
        let write = Write::Edit {
            document,
            record: &record,
        };
        replica.write(&key, &mut self.rng, write).unwrap().unwrap();
    }

    /// A log made by hand, so that it can break rules.
    pub(in crate::log) fn hand(&mut self, at: usize) -> Hand {
        let key = self.key(at);
        Hand::new(self.federation, key, &mut self.rng)
    }
}

/// Everything held of a log.
pub(in crate::log) fn all(replica: &Replica<Memory>, log: LogId) -> Vec<Entry> {
    replica.entries(log, 0, usize::MAX).unwrap()
}

/// Writes a log without asking any rule.
#[derive(Clone)]
pub(in crate::log) struct Hand {
    pub(in crate::log) key: SigningKey,
    pub(in crate::log) log: LogId,
    pub(in crate::log) entries: Vec<Entry>,
    pub(in crate::log) next: Header,
}

impl Hand {
    pub(in crate::log) fn new(federation: FederationId, key: SigningKey, rng: &mut Seeded) -> Self {
        let incarnation = Incarnation(rng.bytes());
        let log = log_id(federation, node_of(&key), incarnation);
        let next = Header {
            federation,
            node: node_of(&key),
            incarnation,
            seq: 0,
            previous: HeaderHash([0; 32]),
            class: Class::Statement,
            document: DocumentId([0; 32]),
            kind: OPENING_KIND,
            payload_len: 0,
            commitment: commit(&[0; 16], &[]),
            extension: Vec::new(),
        };
        let mut hand = Self {
            key,
            log,
            entries: Vec::new(),
            next,
        };
        hand.push(Opening::default().encode());
        (hand.next.class, hand.next.kind) = (Class::Change, Kind::Signaal as u16);
        hand
    }

    /// The entry that [`Hand::next`] and this payload make, before anything is done with it.
    pub(in crate::log) fn entry(&self, payload: Vec<u8>) -> Entry {
        let salt = [self.next.seq as u8; 16];
        let mut header = self.next.clone();
        (header.payload_len, header.commitment) = (payload.len() as u32, commit(&salt, &payload));
        Entry {
            signed: SignedHeader::sign(header, &self.key),
            payload: Payload::Held { salt, bytes: payload },
        }
    }

    /// Adds an entry with this payload.
    pub(in crate::log) fn push(&mut self, payload: Vec<u8>) -> &Entry {
        let entry = self.entry(payload);
        self.next.seq += 1;
        self.next.previous = entry.signed.hash();
        self.entries.push(entry);
        self.entries.last().unwrap()
    }

    /// Founds a document; the id is the one it should have.
    pub(in crate::log) fn found(&mut self, owner: Gemeente, text: &str) -> DocumentId {
        let document = document_id(self.log, self.next.seq, self.next.kind, owner);
        self.next.document = document;
        let payload = document::found(document::actor(self.log, document), &record(owner, text)).unwrap();
        self.push(payload);
        document
    }

    /// Edits a document whose changes are these.
    pub(in crate::log) fn edit(&mut self, owner: Gemeente, document: DocumentId, changes: &[Vec<u8>], text: &str) {
        self.next.document = document;
        let actor = document::actor(self.log, document);
        let payload = document::edit(actor, changes, &record(owner, text)).unwrap().unwrap();
        self.push(payload);
    }
}
