//! Coming into a federation that exists, with real nodes.

use std::fs;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use protocol::api::{KnockedWhy, Oordeel};
use protocol::charter::{Body, Edition, Endorsement, Invitation, Member, Place, Role, Statement, next_root};
use protocol::id::{Gemeente, NodeKey, RootKey};
use tests::harness::{Federation, Node, records, wait};

const FIVE: [(&str, &str); 5] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
    ("GM9904", "Westmeer"),
    ("GM9905", "Noorddijk"),
];

/// An invitation of this node, in a file.
#[track_caller]
fn invitation(node: &Node) -> PathBuf {
    let path = node.home().with_extension("uitnodiging");
    node.command(["charter", "invite", "--out"])
        .arguments([&path])
        .run()
        .succeeded();
    path
}

fn key(node: &Node, name: &str) -> SigningKey {
    let bytes = fs::read(node.home().join("keys").join(format!("{name}.key"))).expect("a node has its keys");
    SigningKey::from_bytes(&bytes.try_into().expect("a key has 32 bytes"))
}

fn node_key(node: &Node) -> NodeKey {
    NodeKey(key(node, "node").verifying_key().to_bytes())
}

/// Every statement in a file of statements.
fn statements(text: &str) -> Vec<Statement> {
    let digit = |digits: &str| u8::from_str_radix(digits, 16).expect("hexadecimal");
    let bytes = |line: &str| -> Vec<u8> { (0..line.len()).step_by(2).map(|at| digit(&line[at..at + 2])).collect() };
    let lines = text.lines().skip(1);
    lines
        .map(|line| Statement::read(&bytes(line)).expect("a statement"))
        .collect()
}

fn text(statements: &[Statement]) -> String {
    let line =
        |statement: &Statement| -> String { statement.bytes().iter().map(|byte| format!("{byte:02x}")).collect() };
    let lines: Vec<String> = statements.iter().map(line).collect();
    format!("leerkring-handvest-1\n{}\n", lines.join("\n"))
}

/// The edition by which a newcomer is a member, decided for by everybody.
fn let_in(federation: &Federation, newcomer: &Node, code: &str) -> String {
    let charter = fs::read_to_string(federation.scratch.join("handvest")).expect("the charter is in a file");
    let charter = statements(&charter);
    let founding: &Edition = charter
        .iter()
        .find_map(Statement::founding)
        .expect("a founding edition");
    let mut next = founding.successor([9; 16]);
    let public = |name| RootKey(key(newcomer, name).verifying_key().to_bytes());
    next.members.push(Member {
        gemeente: code.parse::<Gemeente>().expect("a code"),
        name: code.to_owned(),
        root: public("root"),
        next_root: next_root(public("next-root")),
        role: Role::Voting,
        nodes: vec![node_key(newcomer)],
        mailbox: String::new(),
        addresses: newcomer.ready().addresses.clone(),
    });
    let vote = Endorsement {
        edition: next.hash(),
        number: 1,
        ballot: 0,
    };
    let (first, id) = (&federation.nodes[0], founding.federation());
    let mut said = vec![Statement::sign(id, Body::Edition(next), &key(first, "root"))];
    let members = federation.nodes.iter().filter(|node| node.home() != newcomer.home());
    said.extend(members.map(|node| Statement::sign(id, Body::Endorse(vote.clone()), &key(node, "root"))));
    text(&said)
}

/// One of the five shows this key as one that knocked and belongs to nobody, and says what to do.
#[track_caller]
fn knocked_as_a_stranger(federation: &Federation, key: NodeKey) {
    let knocked_at = federation.nodes[..5].iter().find_map(|node| {
        let knock = node
            .stand()
            .aangeklopt
            .into_iter()
            .find(|knock| knock.node == Some(key))?;
        assert_eq!((knock.reden, knock.gemeente), (KnockedWhy::Onbekend, None));
        Some(node)
    });
    let pending = knocked_at.expect("it knocked somewhere").run(["pending"]).succeeded();
    assert!(
        pending.contains(&key.to_string()) && pending.contains("propose --add"),
        "{pending}"
    );
}

#[test]
fn a_sixth_node_joins_a_federation_of_five_and_ends_with_the_same_snapshot() {
    let mut federation = Federation::start(&FIVE);
    federation.nodes[0].share_signal(1);
    federation.agree_on(1);
    let path = invitation(&federation.nodes[2]);
    let joiner = federation.init("GM9906", "Berkenrode");
    let read = federation.nodes[0]
        .command(["charter", "show"])
        .arguments([&path])
        .run()
        .succeeded();
    let told = federation.nodes[joiner].join(&path).succeeded();
    // What was written down at the inviting node stands in what the newcomer was shown.
    let fingerprint = read.lines().find(|line| line.contains("vingerafdruk"));
    let fingerprint = fingerprint.unwrap_or_else(|| panic!("{read}"));
    assert!(told.contains(fingerprint) && read.contains("GM9903"), "{told}");

    federation.nodes[joiner].start();
    wait::until("a member that does not know the newcomer yet", || {
        let stand = federation.nodes[joiner].stand();
        let invited = stand.uitnodiging.expect("it was invited");
        assert_eq!(
            (invited.oordeel, invited.toegelaten, stand.federatie),
            (Oordeel::Onbekend, false, None)
        );
        stand.peers.iter().any(|peer| peer.wijst_af).then_some(())
    });
    let status = federation.nodes[joiner].run(["status"]).succeeded();
    assert!(status.contains("nog niet toegelaten door GM99"), "{status}");
    knocked_as_a_stranger(&federation, node_key(&federation.nodes[joiner]));

    let edition = let_in(&federation, &federation.nodes[joiner], "GM9906");
    let file = federation.scratch.write("editie", edition.as_bytes());
    federation.nodes[4]
        .command(["charter", "import"])
        .arguments([&file])
        .run()
        .succeeded();
    wait::until("the newcomer among the members", || {
        let stand = federation.nodes[joiner].stand();
        let invited = stand.uitnodiging.expect("it was invited");
        (invited.toegelaten && invited.oordeel == Oordeel::Beslist && stand.editie == Some(1)).then_some(())
    });
    federation.nodes[joiner].share_signal(2);
    federation.agree_on(2);
    federation.agree_on_snapshot(records::week());
    let status = federation.nodes[joiner].run(["status"]).succeeded();
    assert!(
        status.contains("editie 0 van de uitnodiging is door deze federatie besloten, een eerdere en nog geldig"),
        "{status}"
    );
}

#[test]
fn an_invitation_into_another_federation_is_refused_by_a_node_that_runs_and_by_one_that_does_not() {
    let mut here = Federation::start(&FIVE[..1]);
    let there = Federation::start(&FIVE[1..2]);
    let path = invitation(&there.nodes[0]);
    let before = here.nodes[0].stand().digest;
    for runs in [true, false] {
        let refused = here.nodes[0].join(&path).failed(6);
        assert!(refused.contains("hoort al bij federatie"), "{runs}: {refused}");
        if runs {
            here.nodes[0].stop();
        }
    }
    assert!(!here.nodes[0].home().join("uitnodiging").exists());
    here.nodes[0].start();
    let after = here.nodes[0].stand();
    assert!(after.digest == before && after.uitnodiging.is_none());
}

#[test]
fn an_invitation_that_nobody_answers_or_that_was_changed_does_no_harm() {
    let mut federation = Federation::start(&FIVE[..2]);
    let path = invitation(&federation.nodes[0]);
    for node in &mut federation.nodes {
        node.stop();
    }
    let joiner = federation.init("GM9906", "Berkenrode");
    let node = &mut federation.nodes[joiner];
    let damaged = fs::read_to_string(&path).expect("an invitation").replace("00", "01");
    let damaged = federation.scratch.write("beschadigd", damaged.as_bytes());
    node.start();
    for file in [damaged, federation.scratch.join("handvest")] {
        let refused = node.command(["join", "--fingerprint", "0000"]).arguments([&file]);
        refused.run().failed(3);
    }
    node.command(["join"]).arguments([&path]).run().failed(2);
    assert!(node.stand().uitnodiging.is_none());
    node.join(&path).succeeded();
    wait::until("a dial that came to nothing", || {
        let stand = node.stand();
        assert_eq!(stand.peers.len(), 2, "both that the invitation names");
        let tried = |peer: &&protocol::api::PeerLine| peer.laatste_fout.is_some() && !peer.wijst_af;
        stand.peers.iter().find(tried).map(drop)
    });
    assert_eq!(node.stop().code(), Some(0));
}

#[test]
fn an_edition_that_the_federation_never_decided_for_is_told_plainly() {
    let mut federation = Federation::start(&FIVE[..2]);
    let honest = invitation(&federation.nodes[1]);
    let place = Place {
        gemeente: "GM9902".parse().expect("a code"),
        node: node_key(&federation.nodes[1]),
        addresses: federation.nodes[1].ready().addresses.clone(),
    };
    let false_one = Invitation {
        federation: federation.nodes[0].stand().federatie.expect("a federation"),
        number: 0,
        edition: [7; 32],
        places: vec![place],
    };
    let signed = false_one.sign(&key(&federation.nodes[1], "node"));
    let hexadecimal: String = signed.iter().map(|byte| format!("{byte:02x}")).collect();
    let lie = federation
        .scratch
        .write("leugen", format!("leerkring-uitnodiging-1\n{hexadecimal}\n").as_bytes());
    let charter = federation.scratch.join("handvest");
    let joiner = federation.init("GM9906", "Berkenrode");
    let node = &mut federation.nodes[joiner];
    node.start();
    node.join(&lie).succeeded();
    wait::until("the member that the invitation names", || {
        (!node.stand().peers.is_empty()).then_some(())
    });
    node.command(["charter", "import"])
        .arguments([&charter])
        .run()
        .succeeded();
    for command in [["status"].as_slice(), &["charter", "show"]] {
        let said = node.run(command).succeeded();
        assert!(said.contains("nooit besloten"), "{said}");
    }
    // Of the federation that it knows by now it may take an honest one.
    node.join(&honest).succeeded();
    let said = node.run(["status"]).succeeded();
    assert!(
        said.contains("nog niet toegelaten (uitgenodigd bij editie 0)"),
        "{said}"
    );
    let refused = federation.nodes[0].join(&honest).failed(6);
    assert!(refused.contains("hoort al bij federatie"), "{refused}");
}

#[test]
fn whoever_was_invited_into_the_wrong_federation_joins_another_and_is_let_in() {
    let wrong = Federation::start(&FIVE[..1]);
    let mut federation = Federation::start(&FIVE[1..3]);
    let joiner = federation.init("GM9906", "Berkenrode");
    federation.nodes[joiner].start();
    federation.nodes[joiner].join(&invitation(&wrong.nodes[0])).succeeded();
    let charter = wrong.scratch.join("handvest");
    federation.nodes[joiner]
        .command(["charter", "import"])
        .arguments([&charter])
        .run()
        .succeeded();
    let before = federation.nodes[joiner].stand();
    assert_eq!(before.federatie, wrong.nodes[0].stand().federatie);

    federation.nodes[joiner]
        .join(&invitation(&federation.nodes[0]))
        .succeeded();
    let now = federation.nodes[joiner].stand();
    assert_eq!((now.federatie, now.editie, now.records), (None, None, 0));
    let edition = let_in(&federation, &federation.nodes[joiner], "GM9906");
    let file = federation.scratch.write("editie", edition.as_bytes());
    federation.nodes[1]
        .command(["charter", "import"])
        .arguments([&file])
        .run()
        .succeeded();
    federation.nodes[0].share_signal(1);
    federation.agree_on(1);
    // Who belongs has no need of the invitation any more once it starts again.
    federation.nodes[joiner].stop();
    federation.nodes[joiner].start();
    assert!(federation.nodes[joiner].stand().uitnodiging.is_none());
    assert!(!federation.nodes[joiner].home().join("uitnodiging").exists());
    federation.nodes[joiner].share_signal(2);
    federation.agree_on(2);
}
