//! What must be refused is refused, counted and visible in `status`, and the node goes on working.

use ed25519_dalek::SigningKey;
use node::secret::Secret;
use protocol::charter::Statement;
use protocol::document;
use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{DocumentId, FederationId, Gemeente, HeaderHash, Incarnation, LogId, NodeKey};
use protocol::log::{
    Class, Entry, Header, OPENING_KIND, Opening, Payload, Replica, SALT_BYTES, SignedHeader, commit, document_id,
    log_id,
};
use protocol::record::{Intake, Kind, read_json};
use protocol::store::Memory;
use protocol::sync::{Meaning, Nonce, Request, Response, Run, Want};
use tests::harness::{Federation, Peer, records, wait};

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];
const NONCE: Nonce = Nonce([7; 8]);
const SIGNAAL: u16 = Kind::Signaal as u16;

/// A record as a gemeente would share it.
fn shareable(owner: Gemeente, number: usize) -> Shareable {
    let intake = Intake {
        gemeente: owner,
        week: records::week(),
        kind: None,
    };
    let input = read_json(&records::signal("s", number), &intake).expect("a signal of this test");
    let screened = screen(Draft::new(input, Known::default()), &Policy::default());
    let reader = Account::new("lezer").expect("an account");
    let approval = Approval::after_reading(reader, &screened);
    screened
        .approve(approval)
        .expect("the gate lets it pass")
        .release(&|_| None)
        .0
}

/// Writes entries of one log, each signed as its node would, whatever they say.
struct Forger<'a> {
    federation: FederationId,
    key: &'a SigningKey,
    incarnation: Incarnation,
    seq: u64,
    previous: HeaderHash,
}

impl<'a> Forger<'a> {
    fn new(federation: FederationId, key: &'a SigningKey, incarnation: u8) -> Self {
        Forger {
            federation,
            key,
            incarnation: Incarnation([incarnation; 16]),
            seq: 0,
            previous: HeaderHash([0; 32]),
        }
    }

    fn node(&self) -> NodeKey {
        NodeKey(self.key.verifying_key().to_bytes())
    }

    fn log(&self) -> LogId {
        log_id(self.federation, self.node(), self.incarnation)
    }

    fn opening(&mut self) -> Entry {
        let payload = Opening::new(Vec::new()).encode();
        self.write(Class::Statement, DocumentId([0; 32]), OPENING_KIND, payload)
    }

    fn change(&mut self, document: DocumentId, payload: Vec<u8>) -> Entry {
        self.write(Class::Change, document, SIGNAAL, payload)
    }

    fn write(&mut self, class: Class, document: DocumentId, kind: u16, bytes: Vec<u8>) -> Entry {
        let salt = [3; SALT_BYTES];
        let header = Header {
            federation: self.federation,
            node: self.node(),
            incarnation: self.incarnation,
            seq: self.seq,
            previous: self.previous,
            class,
            document,
            kind,
            payload_len: u32::try_from(bytes.len()).expect("a small payload"),
            commitment: commit(&salt, &bytes),
            extension: Vec::new(),
        };
        let signed = SignedHeader::sign(header, self.key);
        self.seq += 1;
        self.previous = signed.hash();
        let payload = Payload::Held { salt, bytes };
        Entry { signed, payload }
    }
}

/// What the peer knows of the federation, asked from the honest node as any member would.
fn learn(peer: &mut Peer, honest: NodeKey, federation: FederationId) -> Replica<Memory> {
    let mut replica = Replica::open(Memory::default()).expect("an empty store opens");
    replica.join(federation).expect("a new replica joins");
    let answer = wait::until("statements", || {
        peer.ask(Request::Statements {
            nonce: NONCE,
            held: Vec::new(),
        })
    });
    let Response::Statements { statements, .. } = answer else {
        panic!("{answer:?} are no statements")
    };
    let read = statements
        .iter()
        .map(|bytes| Statement::read(bytes).expect("an honest node sends statements"));
    replica.add_statements(read.collect()).expect("memory does not fail");
    let want = Want {
        node: NONCE.short(Meaning::Node, &honest.0),
        haves: Vec::new(),
    };
    let answer = peer.ask(Request::Pull {
        nonce: NONCE,
        wants: vec![want],
    });
    let Some(Response::Entries { runs, .. }) = answer else {
        panic!("{answer:?} are no entries")
    };
    for run in runs {
        let entries: Vec<Entry> = run
            .into_iter()
            .map(|sent| sent.read().expect("an honest entry"))
            .collect();
        let log = entries[0].signed.header().log();
        replica.ingest(log, entries).expect("memory does not fail");
    }
    replica
}

fn run(entries: &[Entry]) -> Run {
    entries.iter().cloned().map(Into::into).collect()
}

/// What no member may send, and a record that is as it should be, twice.
fn forged(replica: &Replica<Memory>, key: &SigningKey, own: Gemeente, theirs: (Gemeente, DocumentId)) -> Vec<Run> {
    let federation = replica.federation().expect("the replica joined");
    let (owner, document) = theirs;
    let mut foreign = Forger::new(FederationId([9; 32]), key, 1);
    let mut copied = Forger::new(federation, key, 2);
    let founding = document::found(document::actor(copied.log(), document), &shareable(own, 21));
    let mut trespassing = Forger::new(federation, key, 3);
    let changes = replica.changes(document).expect("memory does not fail");
    let actor = document::actor(trespassing.log(), document);
    let edit = document::edit(actor, &changes, &shareable(owner, 31)).expect("the document is sound");
    let mut gapped = Forger::new(federation, key, 4);
    let mut honest = Forger::new(federation, key, 5);
    let founded = document_id(honest.log(), 1, SIGNAAL, own);
    let record = document::found(document::actor(honest.log(), founded), &shareable(own, 51));
    let sound = [
        honest.opening(),
        honest.change(founded, record.expect("a record that fits")),
    ];
    gapped.opening();
    vec![
        run(&[foreign.opening()]),
        run(&[
            copied.opening(),
            copied.change(document, founding.expect("a record that fits")),
        ]),
        run(&[
            trespassing.opening(),
            trespassing.change(document, edit.expect("the text differs")),
        ]),
        run(&[gapped.opening()]),
        run(&sound),
        run(&sound),
    ]
}

/// Answers as a peer that has more of every node, once.
fn hostile(runs: &mut Vec<Run>, request: &Request) -> Response {
    match request {
        Request::Compare { .. } if runs.is_empty() => Response::Equal,
        Request::Compare { .. } => Response::Parts(vec![1; TWO.len()]),
        Request::Statements { .. } => Response::Statements {
            more: false,
            statements: Vec::new(),
        },
        Request::Pull { .. } => Response::Entries {
            more: false,
            runs: std::mem::take(runs),
            forks: Vec::new(),
        },
        Request::Header { .. } => Response::Header(None),
    }
}

#[test]
fn what_a_member_may_not_send_is_refused_counted_and_shown() {
    let mut federation = Federation::start(&TWO);
    federation.agree_on_snapshot(records::week());
    federation.nodes[1].stop();
    let secret = Secret::load(&federation.nodes[1].home().join("keys/node.key")).expect("a node has a key");
    let key = SigningKey::from_bytes(secret.bytes());
    let api = federation.nodes[0].api();
    let approvals = api
        .share(&[records::signal("eigen", 1)])
        .expect("a node that runs answers");
    let document = approvals[0].document.expect("it was shared");

    let before = federation.nodes[0].stand();
    let mut peer = Peer::dial(
        *secret.bytes(),
        before.node,
        federation.nodes[0].ready().addresses.clone(),
    );
    let replica = learn(&mut peer, before.node, before.federatie.expect("founded"));
    let own = "GM9902".parse().expect("a code");
    let mut runs = forged(&replica, &key, own, (before.gemeente, document));
    let expected = [
        "copied_document_id",
        "document_of_other_gemeente",
        "gap",
        "other_federation",
        "replay",
    ];
    let mut last = before;
    let shown = wait::within(wait::DEADLINE, "five refusals", || {
        peer.answer(|request| hostile(&mut runs, request));
        last = federation.nodes[0].stand();
        expected
            .iter()
            .all(|why| last.weigeringen.contains_key(*why))
            .then_some(())
    });
    assert_eq!(shown, Ok(()), "{:?}", last.weigeringen);
    let reasons: Vec<&str> = last.geweigerd.iter().map(|refused| refused.reden.as_str()).collect();
    assert!(
        reasons.contains(&"copied_document_id") && reasons.contains(&"document_of_other_gemeente"),
        "{reasons:?}"
    );
    let status = federation.nodes[0].run(["status"]).succeeded();
    for told in [
        "het id van een document van een ander",
        "van een andere federatie",
        "was er al",
    ] {
        assert!(status.contains(told), "{status}");
    }
    drop(peer);

    let more = api.share(&[records::signal("verder", 2)]).expect("the node goes on");
    assert!(more[0].record.is_some());
    federation.nodes[1].start();
    let list = federation.agree_on(3);
    assert!(list.contains(&records::text_of(51)), "what was sound counts");
    assert!(
        !list.contains(&records::text_of(21)) && !list.contains(&records::text_of(31)),
        "{list}"
    );
    federation.agree_on_snapshot(records::week());
}

#[test]
fn a_dialer_that_does_not_belong_gets_nothing_and_is_shown() {
    let federation = Federation::start(&TWO[..1]);
    let node = &federation.nodes[0];
    let stranger = SigningKey::from_bytes(&[42; 32]);
    let mut peer = Peer::dial([42; 32], node.stand().node, node.ready().addresses.clone());
    let me = NodeKey(stranger.verifying_key().to_bytes());
    let request = Request::Statements {
        nonce: NONCE,
        held: Vec::new(),
    };
    let knocked = wait::until("a knock", || {
        assert_eq!(peer.ask(request.clone()), None, "a stranger was answered");
        let stand = node.stand();
        stand.aangeklopt.into_iter().find(|knock| knock.node == Some(me))
    });
    assert!(knocked.keer >= 1);
    assert!(node.stand().peers.is_empty(), "nobody else belongs");
    let status = node.run(["status", "--json"]).succeeded();
    assert!(
        status.contains("aangeklopt") && status.contains(&knocked.peer),
        "{status}"
    );
}
