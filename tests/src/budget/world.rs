//! A federation and its logs, from a seed: every record through the gate, every entry signed.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Endorsement, Member, Role, Statement};
use protocol::entropy::{Entropy, Seeded};
use protocol::gate::Shareable;
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};
use protocol::log::{Entry, Payload, Replica, Write};
use protocol::record::{Kind, Value};
use protocol::store::Memory;

use cli::simulate::author::{self, Subject};

/// Different records that one gemeente writes; each is a document of its own however often it is written.
const DIFFERENT: u64 = 8;

/// Who belongs, with their keys.
pub(super) struct World {
    /// The federation.
    pub(super) federation: FederationId,
    /// What founds it.
    pub(super) statements: Vec<Statement>,
    /// Per gemeente the key of its node.
    pub(super) keys: Vec<SigningKey>,
}

impl World {
    /// A federation of this many gemeenten with one node each.
    pub(super) fn found(gemeenten: usize, rng: &mut Seeded) -> Self {
        let mut draw = || SigningKey::from_bytes(&rng.bytes());
        let roots: Vec<SigningKey> = (0..gemeenten).map(|_| draw()).collect();
        let keys: Vec<SigningKey> = (0..gemeenten).map(|_| draw()).collect();
        let members = roots.iter().zip(&keys).enumerate();
        let edition = Edition::founding(
            [1; 16],
            members.map(|(at, (root, node))| member(at, root, node)).collect(),
        );
        let federation = edition.federation();
        let vote = Endorsement {
            edition: edition.hash(),
            number: 0,
            ballot: 0,
        };
        let votes = roots
            .iter()
            .map(|root| Statement::sign(federation, Body::Endorse(vote.clone()), root));
        let mut statements: Vec<Statement> = votes.collect();
        statements.push(Statement::sign(federation, Body::Edition(edition), &roots[0]));
        Self {
            federation,
            statements,
            keys,
        }
    }

    /// A replica that knows who belongs and holds nothing else.
    pub(super) fn replica(&self) -> Replica<Memory> {
        empty_replica(self.federation, &self.statements)
    }

    /// Per gemeente a log with its opening and this many records; as many threads as there are cores write them.
    pub(super) fn logs(&self, records: impl Fn(usize) -> usize + Sync) -> Vec<Vec<Entry>> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let write = |at: usize| write_log(self.replica(), &self.keys[at], gemeente(at), records(at));
        let share = self.keys.len().div_ceil(threads);
        std::thread::scope(|scope| {
            let parts = (0..self.keys.len()).step_by(share).map(|first| {
                let of = first..(first + share).min(self.keys.len());
                scope.spawn(move || of.map(write).collect::<Vec<_>>())
            });
            let parts: Vec<_> = parts.collect();
            let logs = parts
                .into_iter()
                .flat_map(|part| part.join().expect("writing a log does not panic"));
            logs.collect()
        })
    }
}

/// A replica in memory that knows who belongs.
pub(super) fn empty_replica(federation: FederationId, statements: &[Statement]) -> Replica<Memory> {
    let mut replica = Replica::open(Memory::default()).expect("an empty store opens");
    replica.join(federation).expect("it belongs to nothing yet");
    replica
        .add_statements(statements.to_vec())
        .expect("memory does not fail");
    replica
}

/// A log of one node: its opening and this many documents of one change each.
pub(super) fn write_log(mut replica: Replica<Memory>, key: &SigningKey, owner: Gemeente, records: usize) -> Vec<Entry> {
    let mut rng = Seeded::new(u64::from(owner.number()));
    let different: Vec<Shareable> = (0..DIFFERENT).map(|_| record(owner, &mut rng)).collect();
    let mut entries = vec![replica.open_log(key, &mut rng).expect("the node is a member's")];
    for record in different.iter().cycle().take(records) {
        let written = replica.write(key, &mut rng, Write::Found { record });
        entries.extend(written.expect("a record of its own gemeente can be written"));
    }
    entries
}

/// A signaal as people write them: a few codes and two sentences.
fn record(owner: Gemeente, rng: &mut Seeded) -> Shareable {
    let mut fields = author::fields(Kind::Signaal, rng);
    let text = format!(
        "Wie verhuist vraagt dezelfde regeling opnieuw aan, omdat het besluit niet meegaat. Dat kost {} weken en \
         brengt mensen twee keer aan hetzelfde loket, terwijl alles al bekend is bij het eerste team.",
        2 + rng.below(20)
    );
    fields.insert("tekst".to_owned(), Value::Text(text));
    fields.insert(
        "thema".to_owned(),
        Value::Codes(BTreeSet::from(["wonen".to_owned(), "toegang".to_owned()])),
    );
    let subject = Subject {
        kind: Kind::Signaal,
        owner,
        contributes_to: None,
    };
    author::share(&subject, fields, 0).expect("the gate lets this text pass when a person approves it")
}

/// The payload of an entry; nothing of an opening, which is no change.
pub(super) fn change(entry: &Entry) -> Option<&[u8]> {
    match &entry.payload {
        Payload::Held { bytes, .. } if entry.signed.header().seq > 0 => Some(bytes),
        _ => None,
    }
}

fn gemeente(at: usize) -> Gemeente {
    let number = u16::try_from(at + 1).expect("there are fewer gemeenten than that");
    Gemeente::new(number).expect("a code of four digits")
}

fn member(at: usize, root: &SigningKey, node: &SigningKey) -> Member {
    Member {
        gemeente: gemeente(at),
        name: format!("Gemeente {}", at + 1),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: [0; 32],
        role: Role::Voting,
        nodes: vec![NodeKey(node.verifying_key().to_bytes())],
        mailbox: "leerkring@example.org".to_owned(),
        addresses: Vec::new(),
    }
}
