//! What each decoder reads when nothing is wrong: made by the writers themselves, from a seed.

use cli::simulate::author::{self, Subject};
use ed25519_dalek::SigningKey;
use protocol::charter::{
    Body, Card, Confirmed, Cut, Departure, Edition, Ending, Endorsement, Invitation, Member, NodeAddress, NodeProof,
    Place, Receipt, Role, Rotation, Statement, Suspension, Withdrawal, next_root,
};
use protocol::entropy::{Entropy as _, Seeded};
use protocol::id::{Digest, FederationId, Gemeente, HeaderHash, Incarnation, NodeKey, RootKey};
use protocol::log::{Earlier, Entry, ForkProof, Opening, Payload, Replica, Write};
use protocol::record::Kind;
use protocol::store::Memory;
use protocol::sync::{Frame, Have, Hint, Hold, Nonce, Request, Response, Sent, SentHeader, Want};
use protocol::wire::Reader;

use crate::harness::records;

/// Bytes of a statement before its body: version, type, federation, author.
const BEFORE_BODY: usize = 1 + 2 + 32 + 32;
const SIGNATURE_BYTES: usize = 64;

/// Samples for the decoder with this name; at least one.
///
/// # Panics
/// When there is no such decoder.
#[must_use]
pub fn of(decoder: &str) -> Vec<Vec<u8>> {
    let world = World::new();
    match decoder {
        "request" => requests(&world)
            .into_iter()
            .map(|body| Frame::from(body).encode())
            .collect(),
        "response" => responses(&world)
            .into_iter()
            .map(|body| Frame::from(body).encode())
            .collect(),
        "hint" => vec![
            Frame::from(Hint {
                digest: Digest([4; 32]),
            })
            .encode(),
        ],
        "statement" => statements(&world),
        "card" => vec![Card::sign(&world.member, &world.root)],
        "invitation" => vec![invitation(&world)],
        "header" => world.log.iter().map(|entry| entry.signed.header().encode()).collect(),
        "opening" => vec![Opening::default().encode(), Opening::new(vec![earlier()]).encode()],
        "fork" => vec![fork(&world).encode()],
        "change" => world.log[1..].iter().filter_map(payload).collect(),
        "intake" => intakes(),
        other => panic!("{other} is no decoder"),
    }
}

/// One gemeente by itself, and what its node wrote in two runs of one log: the same at first.
struct World {
    root: SigningKey,
    node: SigningKey,
    member: Member,
    federation: FederationId,
    log: Vec<Entry>,
    other: Vec<Entry>,
}

impl World {
    fn new() -> Self {
        let mut rng = Seeded::new(8);
        let (root, node) = (
            SigningKey::from_bytes(&rng.bytes()),
            SigningKey::from_bytes(&rng.bytes()),
        );
        let member = Member {
            gemeente: gemeente(),
            name: "Zuiderwaard".to_owned(),
            root: RootKey(root.verifying_key().to_bytes()),
            next_root: next_root(RootKey([9; 32])),
            role: Role::Voting,
            nodes: vec![NodeKey(node.verifying_key().to_bytes())],
            mailbox: "leerkring@example.org".to_owned(),
            addresses: vec!["/dns4/node.example.org/tcp/4001".to_owned()],
        };
        let edition = Edition::founding([1; 16], vec![member.clone()]);
        let federation = edition.federation();
        let vote = endorsement(&edition);
        let statements = [Body::Edition(edition), vote].map(|body| Statement::sign(federation, body, &root));
        let write = |texts: [u64; 2]| {
            let mut replica = Replica::open(Memory::default()).expect("an empty store opens");
            replica.join(federation).expect("it belongs to nothing yet");
            replica
                .add_statements(statements.to_vec())
                .expect("memory does not fail");
            let mut rng = Seeded::new(3);
            let mut log = vec![replica.open_log(&node, &mut rng).expect("the node is a member's")];
            for text in texts {
                let record = &record(text);
                let written = replica.write(&node, &mut rng, Write::Found { record });
                log.extend(written.expect("a record of its own gemeente can be written"));
            }
            log
        };
        Self {
            log: write([1, 2]),
            other: write([1, 7]),
            root,
            node,
            member,
            federation,
        }
    }
}

fn gemeente() -> Gemeente {
    Gemeente::new(9901).expect("a code of four digits")
}

fn record(seed: u64) -> protocol::gate::Shareable {
    let subject = Subject {
        kind: Kind::Signaal,
        owner: gemeente(),
        contributes_to: None,
    };
    let fields = author::fields(Kind::Signaal, &mut Seeded::new(seed));
    author::share(&subject, fields, 0).expect("the gate lets this pass when a person approves it")
}

fn endorsement(edition: &Edition) -> Body {
    Body::Endorse(Endorsement {
        edition: edition.hash(),
        number: edition.number,
        ballot: 0,
    })
}

/// Type and body of one statement of each kind.
fn statements(world: &World) -> Vec<Vec<u8>> {
    let ending = Ending {
        node: world.member.nodes[0],
        cuts: vec![Cut {
            log: world.log[0].signed.header().log(),
            seq: 2,
            head: world.log[1].signed.hash(),
        }],
    };
    let (gemeente, endings) = (gemeente(), vec![ending.clone()]);
    let edition = Edition::founding([1; 16], vec![world.member.clone()]);
    let mut next = edition.successor([2; 16]);
    next.endings.push(Ending {
        node: NodeKey([7; 32]),
        cuts: Vec::new(),
    });
    let bodies = [
        endorsement(&edition),
        Body::Edition(edition),
        Body::Edition(next),
        Body::NodeKey(NodeProof::sign(
            world.federation,
            world.member.root,
            gemeente,
            &world.node,
        )),
        Body::Address(NodeAddress {
            node: world.member.nodes[0],
            counter: 3,
            addresses: world.member.addresses.clone(),
        }),
        Body::NodeKeyEnd(ending),
        Body::Rotate(Rotation {
            gemeente,
            old: world.member.root,
            nodes: world.member.nodes.clone(),
            endings: endings.clone(),
        }),
        Body::Leave(Departure {
            gemeente,
            endings: endings.clone(),
        }),
        Body::Suspend(Suspension {
            gemeente,
            edition: [5; 32],
            endings,
        }),
        Body::Withdraw(Withdrawal {
            number: 1,
            log: world.log[1].signed.header().log(),
            seq: 1,
            kind: 1,
            owner: gemeente,
        }),
        Body::Receipt(Receipt {
            counter: 1,
            confirmed: vec![Confirmed {
                owner: gemeente,
                upto: 4,
                digest: [6; 32],
            }],
        }),
        Body::Fork(fork(world)),
    ];
    let signed = bodies
        .into_iter()
        .map(|body| Statement::sign(world.federation, body, &world.root));
    signed.map(|statement| type_and_body(statement.bytes())).collect()
}

fn type_and_body(bytes: &[u8]) -> Vec<u8> {
    let mut input = Reader::new(&bytes[BEFORE_BODY..bytes.len() - SIGNATURE_BYTES]);
    let body = input.bytes("body", usize::MAX).expect("a statement holds a body");
    [&bytes[1..3], body].concat()
}

fn invitation(world: &World) -> Vec<u8> {
    let invitation = Invitation {
        federation: world.federation,
        number: 0,
        edition: world.federation.0,
        places: vec![Place {
            gemeente: gemeente(),
            node: world.member.nodes[0],
            addresses: world.member.addresses.clone(),
        }],
    };
    invitation.sign(&world.node)
}

fn earlier() -> Earlier {
    Earlier {
        incarnation: Incarnation([3; 16]),
        held: 12,
        head: HeaderHash([4; 32]),
    }
}

fn fork(world: &World) -> ForkProof {
    let headers = |log: &[Entry]| log[2..].iter().map(|entry| entry.signed.clone()).collect::<Vec<_>>();
    ForkProof::of(&headers(&world.log), &headers(&world.other)).expect("the two part at their last entry")
}

fn payload(entry: &Entry) -> Option<Vec<u8>> {
    match &entry.payload {
        Payload::Held { bytes, .. } => Some(bytes.clone()),
        Payload::Erased => None,
    }
}

fn requests(world: &World) -> [Request; 4] {
    let nonce = Nonce([1; 8]);
    let log = world.log[0].signed.header().log();
    let haves = vec![
        Have {
            log: 1,
            hold: Hold::Enough,
        },
        Have {
            log: 9,
            hold: Hold::At { held: 3, head: 77 },
        },
    ];
    [
        Request::Compare {
            digest: Digest([1; 32]),
            statements: Digest([2; 32]),
            nonce,
            listed: true,
        },
        Request::Statements {
            nonce,
            held: vec![1, 5, 900],
        },
        Request::Pull {
            nonce,
            wants: vec![Want { node: 4, haves }],
        },
        Request::Header { log, seq: 1 },
    ]
}

fn responses(world: &World) -> [Response; 9] {
    let sent = |entry: &Entry| Sent {
        header: entry.signed.bytes().to_vec(),
        signature: *entry.signed.signature(),
        payload: entry.payload.clone(),
    };
    let statement = Statement::sign(world.federation, Body::Fork(fork(world)), &world.node);
    [
        Response::Equal,
        Response::StatementsDiffer,
        Response::Parts(vec![1, 2, 3]),
        Response::Listed(vec![(1, 2), (3, 4)]),
        Response::Statements {
            more: true,
            statements: vec![statement.bytes().to_vec()],
        },
        Response::Entries {
            more: false,
            runs: vec![world.log.iter().map(sent).collect()],
            forks: vec![8],
        },
        Response::Header(Some(SentHeader {
            bytes: world.log[1].signed.bytes().to_vec(),
            signature: *world.log[1].signed.signature(),
        })),
        Response::Busy { retry_ms: 500 },
        Response::Unknown { version: 2, kind: 9 },
    ]
}

fn intakes() -> Vec<Vec<u8>> {
    let signal = records::signal("s-1", 7);
    let knelpunt = records::knelpunt("k-1", None, "wonen");
    let texts = [signal, knelpunt].map(|record| record.to_string().into_bytes());
    let note = "Bel mw. De Vries op 06 1234 5678, BSN 123456782, Dorpsstraat 12, 1234 AB; IBAN NL91ABNA0417164300.";
    texts.into_iter().chain([note.as_bytes().to_vec()]).collect()
}
