//! A log with two histories is cut for everybody; what its owner loses by that is shared anew on command, and only then.

use ed25519_dalek::SigningKey;
use node::runtime::{Home, open_replica};
use node::secret::Secret;
use protocol::id::{DocumentId, LogId};
use protocol::log::{Class, Entry, Header, Payload, SignedHeader, commit};
use serde_json::Value;
use tests::harness::{Api, Federation, Node, records, wait};

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

/// A second node of the gemeente of the last one, which runs; as the README says.
fn second_node(federation: &Federation) -> Node {
    let first = federation.nodes.last().expect("it has members");
    let [invitation, request] = ["uitnodiging", "verzoek"].map(|name| federation.scratch.join(name));
    let run = |node: &Node, words: &[&str], files: &[&std::path::Path]| {
        node.command(words).arguments(files).run().succeeded()
    };
    run(first, &["charter", "invite", "--out"], &[&invitation]);
    let mut new = Node::new(federation.scratch.join("tweede"));
    let card = first.home().with_extension("kaart");
    run(&new, &["init", "--practice", "--second-of"], &[&card, new.home()]);
    new.join(&invitation).succeeded();
    let told = run(&new, &["keys", "request", "--out"], &[&request]);
    let (_, print) = told
        .lines()
        .find_map(|line| line.split_once(": "))
        .expect("it says its fingerprint");
    run(first, &["keys", "certify", "--fingerprint", print], &[&request]);
    new.start();
    new
}

/// What one node has of the charter goes to another as a file.
fn bring_charter(federation: &Federation, from: usize, to: usize) {
    let charter = federation.scratch.join("nu.handvest");
    let export = federation.nodes[from].command(["charter", "export", "--out"]);
    export.arguments([&charter]).run().succeeded();
    let import = federation.nodes[to].command(["charter", "import"]);
    import.arguments([&charter]).run().succeeded();
}

/// The first of two members takes the second in; one node of it votes.
fn merge_without_the_third(federation: &Federation) {
    federation.nodes[0].propose_merger("GM9902", "GM9901");
    wait::until("the vote", || {
        (federation.nodes[1].run(["charter", "endorse"]).code == Some(0)).then_some(())
    });
    wait::until("the merger at the successor", || {
        (federation.nodes[0].stand().editie == Some(1)).then_some(())
    });
}

#[test]
fn what_half_of_a_gemeente_wrote_while_it_was_away_from_the_merger_counts_for_nobody_until_it_is_shared_anew() {
    let mut federation = Federation::start(&TWO);
    let second = second_node(&federation);
    federation.nodes.push(second);
    federation.nodes[1].share_signal(1);
    federation.nodes[2].share_signal(2);
    federation.agree_on(2);
    federation.agree_on_snapshot(records::week());
    // One of the two is away when the members decide, and goes on writing.
    federation.nodes[2].stop();
    federation.nodes[2].start_with(&["--offline"]);
    federation.nodes[2].share_signal(3);
    merge_without_the_third(&federation);
    let list = |node: &Node| Api::of(node.home()).and_then(|api| api.list(records::week()));
    let own = list(&federation.nodes[2]).expect("a node that runs lists");
    assert_eq!(own.len(), 3, "it does not know yet");

    // It comes back when the farewell is long over, and is let in nowhere: it is told with a file.
    for node in &mut federation.nodes[..2] {
        node.stop();
        node.start();
    }
    federation.nodes[2].stop();
    federation.nodes[2].start();
    wait::until("a closed door", || {
        let stand = federation.nodes[2].stand();
        stand.peers.iter().any(|peer| peer.wijst_af).then_some(())
    });
    bring_charter(&federation, 0, 2);
    let status = federation.nodes[2].run(["status"]).succeeded();
    assert!(status.contains("is opgegaan in een andere gemeente"), "{status}");
    federation.agree_on(2);

    let found = orphans(&federation.nodes[2]);
    let [lost] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (&lost["id"], &lost["waarom"], &lost["lot"]),
        (&"s-3".into(), &"beeindigd".into(), &"verweesd".into())
    );
    let refused = federation.nodes[2].run(["orphans", "--reissue"]).failed(6);
    assert!(refused.contains("opgegaan in een andere"), "{refused}");
    // The successor shares it anew, under its own code; what counted keeps the code it had.
    let mut record = records::signal("s-3", 3);
    record["tekst"] = lost["record"]["tekst"].clone();
    federation.nodes[0]
        .api()
        .share(&[record])
        .expect("a node that runs answers");
    let at = |at: usize| list(&federation.nodes[at]).expect("a node that runs lists");
    let anew = wait::within(wait::DEADLINE, "the record of the successor", || {
        Some(at(0)).filter(|list| list.len() == 3)
    });
    let anew = anew.expect("it was shared a moment ago").concat();
    assert!(anew.contains(&records::text_of(3)), "{anew}");
    assert_eq!(anew.matches("\"eigenaar\":\"GM9902\"").count(), 2, "{anew}");
    assert_eq!(at(2).len(), 2, "nobody lets it in any more");
}
