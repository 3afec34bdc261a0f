//! Versions side by side: a peer that is older and one that is newer than the two real nodes it meets. Everybody stays
//! healthy, what is not understood is kept and passed on, and `status` says who runs what.

use ed25519_dalek::SigningKey;
use node::secret::Secret;
use protocol::api::{Geteld, HandvestStand, StatementLine, Werk};
use protocol::charter::{Body, NodeAddress, Statement};
use protocol::id::{Digest, FederationId, NodeKey, StatementId};
use protocol::sync::{Body as _, Frame, Nonce, Request, Response};
use protocol::wire::{Fields, Reader, Writer};
use tests::harness::{Federation, Node, Peer, records, wait};

const THREE: [(&str, &str); 3] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
];
const NEWER: &str = "leerkring/99.1.0";
const OLDER: &str = "leerkring/0.0.1";
/// Types of requests and statements that nobody knows yet.
const REQUEST_KIND: u8 = 0x2a;
const STATEMENT_KIND: u16 = 777;

/// Two nodes that run, and the key of a third member, in whose place a peer of ours speaks.
fn beside() -> (Federation, SigningKey) {
    let mut federation = Federation::found(&THREE);
    for node in &mut federation.nodes[..2] {
        node.start();
    }
    let secret = Secret::load(&federation.nodes[2].home().join("keys/node.key")).expect("a node has a key");
    let key = SigningKey::from_bytes(secret.bytes());
    (federation, key)
}

/// The peer, at the first node.
fn peer(federation: &Federation, key: &SigningKey, agent: &str) -> Peer {
    let first = &federation.nodes[0];
    let addresses = first.ready().addresses.clone();
    Peer::dial_as(agent, key.to_bytes(), first.stand().node, addresses)
}

/// What `status` says of the software of a peer.
fn version_of(node: &Node, peer: NodeKey) -> Option<String> {
    let peers = node.stand().peers;
    peers.into_iter().find(|line| line.node == peer)?.versie
}

/// Everything goes on, and nobody was taken for a bad one.
#[track_caller]
fn healthy(federation: &mut Federation, records: usize) {
    federation.nodes[0].share_signal(records - 1);
    federation.nodes[1].share_signal(records);
    federation.agree_on(records);
    federation.agree_on_snapshot(records::week());
    for node in &federation.nodes[..2] {
        let serve = node
            .stand()
            .workers
            .into_iter()
            .find(|worker| worker.naam == Werk::Serve);
        let refused = serve.expect("there is such a worker").geteld[0];
        assert_eq!((refused.wat, refused.aantal), (Geteld::Geweigerd, 0));
    }
}

/// The same frame as a later version would write it: with a field more.
fn with_more<B: protocol::sync::Body>(body: B) -> Vec<u8> {
    let mut frame = Frame::from(body);
    frame.extension.set(9, *b"later");
    frame.encode()
}

/// The same frame in another version.
fn in_version<B: protocol::sync::Body>(version: u8, body: B) -> Vec<u8> {
    let mut bytes = Frame::from(body).encode();
    bytes[0] = version;
    bytes
}

fn compare() -> Request {
    Request::Compare {
        digest: Digest([1; 32]),
        statements: Digest([2; 32]),
        nonce: Nonce([3; 8]),
        listed: false,
    }
}

fn answered(bytes: &[u8]) -> Response {
    Frame::decode(bytes)
        .expect("a node answers in the version it speaks")
        .body
}

/// A statement of a type that nobody knows, and one of a known type with a field more.
fn newer_statements(federation: FederationId, key: &SigningKey) -> [Statement; 2] {
    let unknown = Body::Unknown {
        number: STATEMENT_KIND,
        bytes: b"what a later version says".to_vec(),
    };
    let address = Body::Address(NodeAddress {
        node: NodeKey(key.verifying_key().to_bytes()),
        counter: 3,
        addresses: vec!["/ip4/192.0.2.7/tcp/4001".to_owned()],
    });
    let number = address.number();
    let signed = Statement::sign(federation, address, key);
    // Version, type, federation and author come before the body.
    let mut bytes = Reader::new(&signed.bytes()[1 + 2 + 32 + 32..]);
    let body = bytes.bytes("body", 1024).expect("a statement holds its body");
    let mut fields = Fields::read(&mut Reader::new(body), 64, 1024).expect("an address is made of fields");
    fields.set(60, *b"later");
    let mut out = Writer::new();
    fields.write(&mut out);
    let extended = Body::Unknown {
        number,
        bytes: out.finish(),
    };
    [unknown, extended].map(|body| Statement::sign(federation, body, key))
}

/// Statements that the node holds and does not understand.
fn not_understood(node: &Node) -> Vec<StatementId> {
    let told = node.run(["charter", "show", "--json"]).succeeded();
    let charter: HandvestStand = serde_json::from_str(&told).expect("a charter is JSON");
    let unknown = |line: &StatementLine| line.soort == "unknown" && !line.telt;
    charter
        .statements
        .iter()
        .filter(|line| unknown(line))
        .map(|line| line.id)
        .collect()
}

#[test]
fn beside_a_newer_version_all_stay_healthy_and_its_statements_travel() {
    let (mut federation, key) = beside();
    let me = NodeKey(key.verifying_key().to_bytes());
    let first = federation.nodes[0].stand();
    let statements = newer_statements(first.federatie.expect("it is founded"), &key);
    let mut expected: Vec<StatementId> = statements.iter().map(Statement::id).collect();
    expected.sort_unstable();
    let mut sent: Vec<Vec<u8>> = statements.iter().map(|statement| statement.bytes().to_vec()).collect();
    // The whole statement in a later form: it cannot even be checked.
    let mut later = sent[0].clone();
    later[0] = 2;
    sent.push(later);

    let mut peer = peer(&federation, &key, NEWER);
    let mut given = false;
    wait::until("statements that travel", || {
        peer.answer_bytes(|bytes| match Frame::<Request>::decode(bytes).expect("a request").body {
            Request::Compare { .. } if given => with_more(Response::Equal),
            Request::Compare { .. } => with_more(Response::StatementsDiffer),
            Request::Statements { .. } => {
                given = true;
                with_more(Response::Statements {
                    more: false,
                    statements: sent.clone(),
                })
            }
            Request::Pull { .. } => with_more(Response::Entries {
                more: false,
                runs: Vec::new(),
                forks: Vec::new(),
            }),
            Request::Header { .. } => with_more(Response::Header(None)),
        });
        (not_understood(&federation.nodes[1]) == expected).then_some(())
    });
    assert_eq!(not_understood(&federation.nodes[0]), expected);
    assert_eq!(version_of(&federation.nodes[0], me).as_deref(), Some(NEWER));
    let status = federation.nodes[0].run(["status"]).succeeded();
    assert!(status.contains(NEWER), "{status}");

    let ours = peer
        .ask_bytes(with_more(compare()))
        .expect("a field more is no reason not to answer");
    assert_eq!(answered(&ours), Response::StatementsDiffer);
    let mut unknown = with_more(compare());
    unknown[1] = REQUEST_KIND;
    let kind = compare().kind();
    for (asked, version, kind) in [(unknown, 1, REQUEST_KIND), (in_version(2, compare()), 2, kind)] {
        let told = peer.ask_bytes(asked).expect("what is not known is answered too");
        assert_eq!(answered(&told), Response::Unknown { version, kind });
    }
    healthy(&mut federation, 2);
}

#[test]
fn beside_an_older_version_all_stay_healthy() {
    let (mut federation, key) = beside();
    let me = NodeKey(key.verifying_key().to_bytes());
    let mut peer = peer(&federation, &key, OLDER);
    let mut asked = 0;
    // It says that it does not know what it is asked, and once it says even that in its own version.
    wait::until("questions to the older one", || {
        peer.answer_bytes(|bytes| {
            asked += 1;
            let (version, kind) = (bytes[0], bytes[1]);
            in_version(u8::from(asked > 1), Response::Unknown { version, kind })
        });
        (asked > 0).then_some(())
    });
    let told = peer
        .ask_bytes(in_version(0, compare()))
        .expect("an older question is answered");
    let kind = compare().kind();
    assert_eq!(answered(&told), Response::Unknown { version: 0, kind });
    assert_eq!(version_of(&federation.nodes[0], me).as_deref(), Some(OLDER));
    healthy(&mut federation, 2);
}
