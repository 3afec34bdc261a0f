//! What a person typed and nobody let go is nowhere but in the vault: not in logs, errors, audit log, view or store of the
//! node, and not in anything that another node gets or could ask for.
//!
//! The same search finds a word that did leave, so a search that finds nothing says something.

use std::fs;
use std::path::Path;

use node::secret::Secret;
use protocol::sync::{Frame, Meaning, Nonce, Request, Want};
use serde_json::{Value, json};
use tests::harness::{Federation, Node, Peer, Scratch, records, wait};

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];
const NONCE: Nonce = Nonce([5; 8]);

/// A word that leaves with the text around the masks.
const CONTROL: &str = "woonurgentiecommissie";
/// In a text that is approved: the gate masks it.
const MASKED: &str = "Quirlomaxx";
/// In fields that stay.
const LOCAL: &str = "Zwabberdinkx";
/// In a draft that nobody approves.
const NEVER: &str = "Plimfrookx";
/// In a text that the gate blocks.
const BLOCKED: &str = "Vrimpelstokx";
/// In what is no record at all.
const BAD: &str = "Knurfelgatx";
/// A name that is known of the case, which no rule of the gate would find.
const KNOWN: &str = "Loket Morgenrood";
/// A local id, which may be the number of a case.
const CASE: &str = "zaak-Trompelvinx";

const SECRETS: [&str; 7] = [MASKED, LOCAL, NEVER, BLOCKED, BAD, CASE, KNOWN];

fn signal(id: &str, text: &str) -> Value {
    let mut signal = records::signal(id, 1);
    signal["tekst"] = text.into();
    signal["team"] = format!("team {LOCAL}").into();
    signal["casus"] = format!("het verhaal van {LOCAL}").into();
    signal
}

/// Whether the bytes hold the word, in any letter case.
fn holds(bytes: &[u8], word: &str) -> bool {
    let bytes = bytes.to_ascii_lowercase();
    let word = word.to_ascii_lowercase();
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// The files below a folder that hold the word.
fn files(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of a test can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            found.extend(files(&path, word));
        } else if holds(&fs::read(&path).unwrap_or_default(), word) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Everything that can go wrong with what somebody types, and what goes well.
fn use_the_gate(node: &Node, scratch: &Scratch) {
    let good = json!([
        signal(CASE, &format!("Mevrouw {MASKED} wacht op de {CONTROL} van {KNOWN}.")),
        signal("nooit", &format!("Mevrouw {NEVER} wacht nog.")),
        signal("blok", &format!("Mevrouw {BLOCKED} \u{7} wacht.")),
    ]);
    let share = |path: &Path| node.command(["share"]).arguments([path]).run();
    let known = scratch.write("bekend.txt", format!("{KNOWN}\n"));
    let good = scratch.write("goed.json", good.to_string());
    let taken = node.command(["share", "--known"]).arguments([&known, &good]).run();
    assert_eq!(taken.code, Some(1), "one of them is blocked: {taken:?}");
    for (name, text) in [
        ("half.json", format!("[{{\"soort\":\"signaal\",\"tekst\":\"{BAD}")),
        ("soort.json", format!("[{{\"soort\":\"{BAD}\",\"tekst\":7}}]")),
        (
            "veld.json",
            json!([{"soort": "signaal", (BAD): BAD, "laag": BAD, "tekst": BAD}]).to_string(),
        ),
        ("rij.csv", format!("soort;laag;tekst\nsignaal;{BAD};{BAD};{BAD}\n")),
    ] {
        let ran = share(&scratch.write(name, text));
        assert_ne!(ran.code, Some(0), "{name}: {ran:?}");
    }
    node.run(["review", "--all"]).succeeded();
    node.run(["approve", CASE]).succeeded();
    for wrong in [
        ["approve", "blok"],
        ["approve", BAD],
        ["review", BAD],
        ["show", BAD],
        ["withdraw", BAD],
    ] {
        assert_ne!(node.run(wrong).code, Some(0), "{wrong:?}");
    }
    for fine in [["list", "--json"], ["status", "--json"]] {
        node.run(fine).succeeded();
    }
}

/// All bytes that a node answers to a member that asks for everything.
fn everything_asked(peer: &mut Peer, of: protocol::id::NodeKey) -> Vec<u8> {
    let statements = Request::Statements {
        nonce: NONCE,
        held: Vec::new(),
    };
    let pull = Request::Pull {
        nonce: NONCE,
        wants: vec![Want {
            node: NONCE.short(Meaning::Node, &of.0),
            haves: Vec::new(),
        }],
    };
    let mut all = Vec::new();
    for request in [statements, pull] {
        let bytes = Frame::from(request).encode();
        all.extend(wait::until("an answer", || peer.ask_bytes(bytes.clone())));
    }
    all
}

#[test]
fn what_nobody_let_go_is_nowhere() {
    let mut federation = Federation::start(&TWO);
    use_the_gate(&federation.nodes[0], &federation.scratch);
    let list = federation.agree_on(1);
    assert!(list.contains(CONTROL) && list.contains("[naam 1]"), "{list}");

    // Another node asks for all it may have, and everything it is answered is searched as it comes out of the encrypted link.
    federation.nodes[1].stop();
    let secret = Secret::load(&federation.nodes[1].home().join("keys/node.key")).expect("a node has a key");
    let first = &federation.nodes[0];
    let me = first.stand().node;
    let mut peer = Peer::dial(*secret.bytes(), me, first.ready().addresses.clone());
    let answered = everything_asked(&mut peer, me);
    drop(peer);

    let printed = first.printed();
    assert!(holds(printed.as_bytes(), "ready"), "the node prints what it does");
    assert!(holds(&answered, CONTROL), "a peer is answered what did leave");
    for node in &federation.nodes {
        assert!(
            !files(node.home(), CONTROL).is_empty(),
            "what was shared stands in the view"
        );
    }
    for secret in SECRETS {
        assert!(!holds(printed.as_bytes(), secret), "{secret} is in the log of the node");
        assert!(!holds(&answered, secret), "{secret} is in what a peer is answered");
        assert!(!holds(list.as_bytes(), secret), "{secret} is in the list");
    }
    federation.nodes[0].stop();
    for (secret, node) in SECRETS
        .iter()
        .flat_map(|secret| federation.nodes.iter().map(move |node| (secret, node)))
    {
        assert_eq!(files(node.home(), secret), [""; 0], "{secret} is on the disk");
    }
}

#[test]
fn the_search_finds_what_is_there() {
    let federation = Federation::found(&TWO[..1]);
    let path = federation.nodes[0].home().join("audit");
    fs::create_dir_all(&path).expect("a node directory can be written");
    fs::write(
        path.join("proef"),
        format!("account {} deed iets", MASKED.to_uppercase()),
    )
    .expect("so can a folder in it");
    assert_eq!(files(federation.nodes[0].home(), MASKED).len(), 1);
}
