//! Entries that break a rule: each kind in a log of its own, signed with a valid key.

use ed25519_dalek::SigningKey;
use protocol::document;
use protocol::entropy::{Entropy, Seeded};
use protocol::id::{DocumentId, FederationId, HeaderHash, Incarnation, LogId, NodeKey};
use protocol::log::{Class, Entry, Header, OPENING_KIND, Opening, Payload, SignedHeader, commit, document_id, log_id};
use protocol::record::Kind;

use super::super::author::{self, Subject};
use super::super::plan::Malice;
use super::super::world::World;

/// Kinds of broken rules.
const KINDS: u64 = 16;
/// Entries and logs of a flood.
const FLOOD: usize = 80;

/// A log in the making, whatever is in it.
struct Forger<'a> {
    key: &'a SigningKey,
    federation: FederationId,
    node: NodeKey,
    incarnation: Incarnation,
    entries: Vec<Entry>,
}

/// What one entry says.
struct Said {
    class: Class,
    document: DocumentId,
    kind: u16,
    payload: Vec<u8>,
}

impl<'a> Forger<'a> {
    fn new(key: &'a SigningKey, federation: FederationId, rng: &mut Seeded) -> Self {
        Self {
            key,
            federation,
            node: NodeKey(key.verifying_key().to_bytes()),
            incarnation: Incarnation(rng.bytes()),
            entries: Vec::new(),
        }
    }

    fn log(&self) -> LogId {
        log_id(self.federation, self.node, self.incarnation)
    }

    fn next(&self) -> u64 {
        self.entries.len() as u64
    }

    fn open(&mut self, rng: &mut Seeded) {
        let said = Said {
            class: Class::Statement,
            document: DocumentId([0; 32]),
            kind: OPENING_KIND,
            payload: Opening::new(Vec::new()).encode(),
        };
        self.add(said, rng, |_| {});
    }

    /// Signs one entry more, with a header that `twist` may change.
    fn add(&mut self, said: Said, rng: &mut Seeded, twist: impl FnOnce(&mut Header)) {
        let salt = rng.bytes();
        let previous = self
            .entries
            .last()
            .map_or(HeaderHash([0; 32]), |last| last.signed.hash());
        let mut header = Header {
            federation: self.federation,
            node: self.node,
            incarnation: self.incarnation,
            seq: self.next(),
            previous,
            class: said.class,
            document: said.document,
            kind: said.kind,
            payload_len: said.payload.len() as u32,
            commitment: commit(&salt, &said.payload),
            extension: Vec::new(),
        };
        twist(&mut header);
        self.entries.push(Entry {
            signed: SignedHeader::sign(header, self.key),
            payload: Payload::Held {
                salt,
                bytes: said.payload,
            },
        });
    }
}

impl World {
    /// Runs of entries as a hostile member writes them.
    pub(super) fn forgeries(&self, node: usize, key: &SigningKey, malice: Malice, rng: &mut Seeded) -> Vec<Vec<Entry>> {
        let (runs, long) = match malice {
            Malice::FloodEntries => (FLOOD / 8, FLOOD),
            Malice::Backdate => (2, 3),
            _ => (6, 3),
        };
        let mut all = Vec::new();
        for run in 0..runs {
            let mut forger = Forger::new(key, self.founding.federation, rng);
            forger.open(rng);
            let lawful = if run == 0 { long } else { 1 + rng.below(3) as usize };
            for _ in 0..lawful {
                self.found_one(node, &mut forger, rng);
            }
            if malice == Malice::Entries {
                self.break_rule(node, &mut forger, rng);
                self.found_one(node, &mut forger, rng);
            }
            all.push(forger.entries);
        }
        all
    }

    /// A document as it should be founded.
    fn founding_of(&self, node: usize, log: LogId, seq: u64, rng: &mut Seeded) -> Option<Said> {
        let owner = self.founding.gemeenten[self.nodes[node].of];
        let kind = Kind::Signaal;
        let subject = Subject {
            kind,
            owner,
            contributes_to: None,
        };
        let record = author::share(&subject, author::fields(kind, rng), 0).ok()?;
        let document = document_id(log, seq, kind as u16, owner);
        let payload = document::found(document::actor(log, document), &record).ok()?;
        Some(Said {
            class: Class::Change,
            document,
            kind: kind as u16,
            payload,
        })
    }

    fn found_one(&self, node: usize, forger: &mut Forger<'_>, rng: &mut Seeded) {
        if let Some(said) = self.founding_of(node, forger.log(), forger.next(), rng) {
            forger.add(said, rng, |_| {});
        }
    }

    /// A change of a document of somebody, built on what is there.
    fn change_of(&self, node: usize, log: LogId, own: bool, rng: &mut Seeded) -> Option<Said> {
        let up = self.nodes[node].up.as_ref()?;
        let of = self.nodes[node].of;
        let known: Vec<_> = self.written.iter().filter(|it| (it.of == of) == own).collect();
        let chosen = known.get(rng.below(known.len() as u64) as usize)?;
        let changes = up
            .replica
            .changes(chosen.document)
            .ok()
            .filter(|changes| !changes.is_empty())?;
        let contents = document::read(&changes).ok()?;
        let fields = author::change(chosen.kind, contents.fields, None, rng);
        let subject = Subject {
            kind: chosen.kind,
            owner: self.founding.gemeenten[chosen.of],
            contributes_to: contents.contributes_to,
        };
        let record = author::share(&subject, fields, 0).ok()?;
        let actor = document::actor(log, chosen.document);
        let payload = document::edit(actor, &changes, &record).ok()??;
        Some(Said {
            class: Class::Change,
            document: chosen.document,
            kind: chosen.kind as u16,
            payload,
        })
    }

    /// One entry that breaks a rule, drawn.
    fn break_rule(&self, node: usize, forger: &mut Forger<'_>, rng: &mut Seeded) {
        let (log, seq) = (forger.log(), forger.next());
        let Some(sound) = self.founding_of(node, log, seq, rng) else {
            return;
        };
        let other: [u8; 32] = rng.bytes();
        match rng.below(KINDS) {
            0 => {
                let document = self.written.first().map_or(DocumentId(other), |it| it.document);
                forger.add(Said { document, ..sound }, rng, |_| {});
            }
            1 | 2 => {
                if let Some(said) = self.change_of(node, log, false, rng) {
                    forger.add(said, rng, |_| {});
                }
            }
            3 => {
                if let Some(said) = self.change_of(node, log, true, rng) {
                    forger.add(
                        Said {
                            kind: said.kind + 1,
                            ..said
                        },
                        rng,
                        |_| {},
                    );
                }
            }
            4 => {
                let payload = other.repeat(1 + rng.below(9) as usize);
                forger.add(Said { payload, ..sound }, rng, |_| {});
            }
            5 => forger.add(sound, rng, |header| header.commitment.0 = other),
            6 => forger.add(sound, rng, |header| header.previous = HeaderHash(other)),
            7 => forger.add(sound, rng, |header| header.seq += 1),
            8 => forger.add(sound, rng, |header| header.federation = FederationId(other)),
            9 => {
                let class = Class::Statement;
                forger.add(Said { class, ..sound }, rng, |_| {});
            }
            10 => forger.add(sound, rng, |header| header.payload_len += 1),
            11 => forger.open(rng),
            12 => forger.add(sound, rng, |header| header.extension = vec![7; 64]),
            13 => {
                // In the name of a correct node, with a signature that is not its own.
                let name = self
                    .nodes
                    .iter()
                    .find(|node| !node.hostile)
                    .map_or(forger.node, |node| node.name);
                forger.add(sound, rng, |header| header.node = name);
            }
            14 => {
                // A change that depends on one that nobody has.
                let mut payload = sound.payload.clone();
                if let Some(said) = self.change_of(node, log, true, rng) {
                    payload = said.payload;
                }
                forger.add(Said { payload, ..sound }, rng, |_| {});
            }
            _ => {
                let document = DocumentId([0; 32]);
                forger.add(Said { document, ..sound }, rng, |_| {});
            }
        }
    }
}
