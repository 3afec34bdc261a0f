//! A log with two histories is cut for everybody; what its owner loses by that is shared anew on command, and only then.

use ed25519_dalek::SigningKey;
use node::runtime::{Home, open_replica};
use node::secret::Secret;
use protocol::id::{DocumentId, LogId};
use protocol::log::{Class, Entry, Header, Payload, SignedHeader, commit};
use serde_json::Value;
use tests::harness::{Federation, Node, records, wait};

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];
/// A kind of statement that no version knows: kept, passed on, and of no effect.
const KIND: u16 = 999;

/// Puts into the store of `at`, which does not run, what a copy of the memory of `of` went on to write into its last log.
fn write_a_second_history(of: &Node, at: &Node) -> LogId {
    let key = Secret::load(&Home::new(of.home()).key("node")).expect("a node has its key");
    let key = SigningKey::from_bytes(key.bytes());
    let (mut replica, ..) = open_replica(&Home::new(at.home())).expect("a node that stopped opens");
    let (log, state) = replica
        .logs()
        .next()
        .map(|(log, state)| (log, state.clone()))
        .expect("a log arrived");
    let (salt, bytes) = ([7; 16], b"geschreven door een kopie".to_vec());
    let header = Header {
        federation: replica.federation().expect("it is founded"),
        node: state.node,
        incarnation: state.incarnation,
        seq: state.held,
        previous: state.head,
        class: Class::Statement,
        document: DocumentId([0; 32]),
        kind: KIND,
        payload_len: u32::try_from(bytes.len()).expect("it is short"),
        commitment: commit(&salt, &bytes),
        extension: Vec::new(),
    };
    let signed = SignedHeader::sign(header, &key);
    let entry = Entry {
        signed,
        payload: Payload::Held { salt, bytes },
    };
    let taken = replica.ingest(log, vec![entry]).expect("the store takes it");
    assert_eq!((taken.accepted, taken.refused), (1, None));
    replica.flush().expect("the store keeps it");
    log
}

fn orphans(node: &Node) -> Vec<Value> {
    let said = node.run(["orphans", "--json"]).succeeded();
    let said: Value = serde_json::from_str(&said).expect("one line of JSON");
    said["verweesd"].as_array().expect("a list").clone()
}

#[test]
fn what_a_fork_cut_off_is_shown_and_shared_anew_in_a_new_log() {
    let mut federation = Federation::start(&TWO);
    let first = federation.nodes[0].share_signal(1);
    federation.agree_on(1);
    federation.nodes[1].stop();
    // The same position of the log is written twice: by the node, and by a copy of it.
    federation.nodes[0].share_signal(2);
    let third = federation.nodes[0].share_signal(3);
    federation.nodes[0].run(["withdraw", "s-3"]).succeeded();
    write_a_second_history(&federation.nodes[0], &federation.nodes[1]);
    federation.nodes[1].start();
    wait::until("the fork to be proven and the log cut", || {
        (orphans(&federation.nodes[0]).len() == 2).then_some(())
    });
    assert!(federation.agree_on(1).contains(&first));
    let found = orphans(&federation.nodes[0]);
    let of = |id: &str| found.iter().find(|line| line["id"] == id).cloned();
    let second = of("s-2").expect("it is known by its local id");
    assert_eq!(
        (&second["waarom"], &second["lot"]),
        (&"gesplitst".into(), &"verweesd".into())
    );
    assert_eq!(second["record"]["tekst"], records::text_of(2));
    assert!(found.iter().any(|line| line["lot"] == "ingetrokken"), "{found:?}");

    // A restart begins a new log, and shares nothing anew by itself.
    federation.nodes[0].stop();
    federation.nodes[0].start();
    assert_eq!(federation.agree_on(1).lines().count(), 1);
    assert_eq!(orphans(&federation.nodes[0]).len(), 2);

    let refused = federation.nodes[0].run(["orphans", "--reissue", &third]).failed(6);
    assert!(refused.contains("ingetrokken"), "{refused}");
    federation.nodes[0]
        .run(["orphans", "--reissue", "bestaat-niet"])
        .failed(3);
    let said = federation.nodes[0].run(["orphans", "--reissue"]).succeeded();
    assert!(said.contains("s-2  opnieuw gedeeld"), "{said}");
    let list = federation.agree_on(2);
    assert!(
        list.contains(&records::text_of(2)) && !list.contains(&records::text_of(3)),
        "{list}"
    );
    federation.agree_on_snapshot(records::week());

    // Once is enough.
    let said = federation.nodes[0].run(["orphans", "--reissue"]).succeeded();
    assert!(said.contains("niets opnieuw te delen"), "{said}");
    let second = orphans(&federation.nodes[0])
        .into_iter()
        .find(|line| line["id"] == "s-2");
    assert_eq!(second.expect("it is still held")["lot"], "opnieuw");
    federation.agree_on(2);
}
