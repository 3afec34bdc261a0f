//! The keys of a gemeente on real nodes: a server that is gone, and everything that is refused.

use std::fs;
use std::path::{Path, PathBuf};

use tests::harness::{Api, Command, Federation, Node, records, wait};

const THREE: [(&str, &str); 3] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
];

#[track_caller]
fn done(node: &Node, words: &[&str], files: &[&Path]) -> String {
    node.command(words).arguments(files).run().succeeded()
}

#[track_caller]
fn refused(node: &Node, words: &[&str], files: &[&Path], code: i32, said: &str) {
    let complaint = node.command(words).arguments(files).run().failed(code);
    assert!(complaint.contains(said), "{words:?}: {complaint}");
}

/// Asks to be certified, and gives the fingerprint to be read out.
#[track_caller]
fn requested(node: &Node, file: &Path) -> String {
    let told = done(node, &["keys", "request", "--out"], &[file]);
    let said = told.lines().next().unwrap_or_default();
    let (_, print) = said.split_once(": ").expect("it says its fingerprint");
    print.to_owned()
}

/// The node key, as `status` says it.
#[track_caller]
fn node_key(node: &Node) -> String {
    let api = node.api();
    let stand = api
        .stand(records::week())
        .expect("a node that runs says how it is doing");
    stand.node.to_string()
}

#[test]
fn a_gemeente_whose_only_server_is_gone_comes_back_with_the_help_of_a_neighbour() {
    let mut federation = Federation::start(&THREE);
    let api = federation.nodes[0].api();
    let shared = api
        .share(&[records::signal("een", 1)])
        .expect("a node that runs answers");
    assert!(shared[0].record.is_some());
    federation.agree_on(1);
    let old = node_key(&federation.nodes[0]);
    let card = federation.nodes[0].home().with_extension("kaart");
    let root = federation.scratch.join("root.key");
    // What was kept in the safe is all that is left.
    fs::copy(federation.nodes[0].home().join("keys/root.key"), &root).expect("the root key is there");
    federation.nodes[0].kill();
    fs::remove_dir_all(federation.nodes[0].home()).expect("the server burns down");

    let [invitation, charter, request, news] =
        ["uitnodiging", "handvest.nu", "verzoek", "nieuws"].map(|name| federation.scratch.join(name));
    let neighbour = &federation.nodes[1];
    done(neighbour, &["charter", "invite", "--out"], &[&invitation]);
    done(neighbour, &["charter", "export", "--out"], &[&charter]);
    let new = Node::new(federation.scratch.join("nieuw"));
    done(&new, &["init", "--practice", "--second-of"], &[&card, new.home()]);
    assert!(!new.home().join("keys/root.key").exists());
    new.join(&invitation).succeeded();
    done(&new, &["charter", "import"], &[&charter]);
    let print = requested(&new, &request);
    let told = done(
        &new,
        &["keys", "certify", "--fingerprint", &print, "--root-key"],
        &[&root, &request],
    );
    assert!(told.contains("spreekt nu voor GM9901"), "{told}");
    done(&new, &["charter", "export", "--out"], &[&news]);
    done(neighbour, &["charter", "import"], &[&news]);
    federation.nodes[0] = new;
    federation.nodes[0].start();
    federation.agree_on(1);
    let told = done(
        &federation.nodes[0],
        &["keys", "revoke", &old, "--now", "--yes", "--root-key"],
        &[&root],
    );
    assert!(told.contains("er blijven 2 entries in 1 log tellen"), "{told}");
    let api = federation.nodes[0].api();
    api.share(&[records::signal("twee", 2)])
        .expect("a node that runs answers");
    federation.agree_on(2);
    federation.agree_on_snapshot(records::week());
    // No edition says where a second node is: it says so itself.
    let address = federation.nodes[0].ready().addresses[0].clone();
    let known = federation.nodes[2].run(["charter", "show", "--json"]).succeeded();
    assert!(known.contains(&address), "{address} is not in {known}");
}

#[test]
fn what_lay_in_the_vault_of_the_old_node_goes_on_at_the_new_one() {
    let mut federation = Federation::start(&THREE[..1]);
    let old = &federation.nodes[0];
    let api = old.api();
    api.share(&[records::signal("gedeeld", 1)])
        .expect("a node that runs answers");
    let waiting = api.take_in(&[records::signal("wacht", 2)]);
    assert_eq!(waiting.expect("a node that runs answers").len(), 1);
    let [invitation, request] = ["uitnodiging", "verzoek"].map(|name| federation.scratch.join(name));
    let card = old.home().with_extension("kaart");
    done(old, &["charter", "invite", "--out"], &[&invitation]);
    let mut new = Node::new(federation.scratch.join("nieuw"));
    done(&new, &["init", "--practice", "--second-of"], &[&card, new.home()]);
    new.join(&invitation).succeeded();
    let print = requested(&new, &request);
    refused(old, &["keys", "certify"], &[&request], 2, "--fingerprint");
    done(old, &["keys", "certify", "--fingerprint", &print], &[&request]);
    new.start();
    federation.nodes.push(new);
    federation.agree_on(1);
    for node in &mut federation.nodes {
        node.stop();
    }
    let [old, new] = [0, 1].map(|at| federation.nodes[at].home().to_path_buf());
    for file in ["keys/vault.key", "vault"] {
        let copied = Command::new("/bin/cp", &old).arguments(["-r", "--remove-destination"]);
        let target = new.join(file);
        let target = target.parent().expect("it is in the directory");
        copied
            .arguments([&old.join(file)])
            .arguments([target])
            .run()
            .succeeded();
    }
    federation.nodes[1].start();
    let api = Api::of(&new).expect("a node that runs says where it answers");
    let shown = api.shown(&["wacht".to_owned()]).expect("a node that runs answers");
    assert_eq!(shown.len(), 1, "what waited for a person waits here");
    let approved = api.approve(&shown).expect("a node that runs answers");
    assert!(approved[0].record.is_some(), "{approved:?}");
    federation.agree_on(2);
    // What the old node shared can be changed and withdrawn here.
    done(&federation.nodes[1], &["withdraw", "gedeeld"], &[]);
    federation.agree_on(1);
}

#[test]
fn what_cannot_be_done_with_a_key_is_refused_with_its_reason() {
    let federation = Federation::start(&THREE[..2]);
    let (node, other) = (&federation.nodes[0], &federation.nodes[1]);
    let at = |home: &Node, name: &str| -> PathBuf { home.home().join("keys").join(name) };
    let handvest = federation.scratch.join("handvest");
    let strange = at(other, "root.key");
    let key = node_key(node);
    refused(node, &["keys", "certify"], &[&handvest], 3, "dit is een handvest");
    refused(node, &["keys", "request"], &[], 6, "niet als tweede node gemaakt");
    refused(node, &["keys", "revoke", "zz"], &[], 3, "geen nodesleutel van GM9901");
    refused(
        node,
        &["keys", "revoke", &node_key(other)],
        &[],
        3,
        "geen nodesleutel van GM9901",
    );
    refused(
        node,
        &["keys", "revoke", &key, "--root-key"],
        &[&strange],
        3,
        "spreekt niet voor deze gemeente",
    );
    let nowhere = federation.scratch.join("nergens.key");
    refused(
        node,
        &["keys", "revoke", &key, "--root-key"],
        &[&nowhere],
        3,
        "nergens.key",
    );
    refused(
        node,
        &["keys", "rotate", "--next-root-key"],
        &[&strange],
        3,
        "niet de volgende wortelsleutel",
    );
    refused(
        node,
        &["keys", "rotate", "--keep", &key, "--drop", &key],
        &[],
        2,
        "meer dan één ding",
    );
    let unsaid = ["keys", "revoke", &key, "--now"];
    refused(node, &unsaid, &[], 2, "--yes");
    let status = node.run(["keys", "show"]).succeeded();
    assert!(!status.contains("beëindigd"), "{status}");
    done(node, &["keys", "revoke", &key, "--now", "--yes"], &[]);
    refused(node, &["keys", "revoke", &key], &[], 6, "was al beëindigd");
    let status = node.run(["keys", "show"]).succeeded();
    assert!(status.contains("beëindigd door deze gemeente"), "{status}");
    let json: serde_json::Value =
        serde_json::from_str(&node.run(["keys", "show", "--json"]).succeeded()).expect("one value");
    assert_eq!(
        (
            json["nodes"][0]["spreekt"].as_bool(),
            json["nodes"][0]["reden"].as_str()
        ),
        (Some(false), Some("lid"))
    );
}

#[test]
fn a_root_key_is_replaced_only_where_others_hear_of_it_and_what_lapses_by_it_is_agreed_to() {
    let mut federation = Federation::start(&THREE[..2]);
    let key = node_key(&federation.nodes[0]);
    let files = |node: &Node| {
        ["root.key", "next-root.key"]
            .map(|name| fs::read(node.home().join("keys").join(name)).expect("a node has its keys"))
    };
    let before = files(&federation.nodes[0]);
    // Everything of this node lapses: nobody agreed to that.
    let drop = ["keys", "rotate", "--drop", &key];
    wait::until("a node that another one is connected to", || {
        (federation.nodes[0].run(drop).code == Some(2)).then_some(())
    });
    refused(&federation.nodes[0], &drop, &[], 2, "niemand zei dat dat goed is");
    federation.nodes[0].stop();
    federation.nodes[0].start_with(&["--offline"]);
    refused(
        &federation.nodes[0],
        &["keys", "rotate"],
        &[],
        6,
        "geen andere node hoort deze node",
    );
    assert_eq!(files(&federation.nodes[0]), before, "nothing was touched");
    federation.nodes[0].stop();
    federation.nodes[0].start();
    done(&federation.nodes[0], &["keys", "revoke", &key, "--now", "--yes"], &[]);
    refused(
        &federation.nodes[0],
        &["keys", "rotate", "--keep", &key],
        &[],
        6,
        "beëindigd door deze gemeente",
    );
    refused(
        &federation.nodes[0],
        &["keys", "rotate", "--end", &key],
        &[],
        6,
        "de sleutel van deze node is beëindigd",
    );
    assert_eq!(files(&federation.nodes[0]), before, "nothing was touched");
}

#[test]
fn what_a_new_node_cannot_be_is_refused_before_anything_is_made() {
    let federation = Federation::found(&THREE[..1]);
    let node = &federation.nodes[0];
    let (card, handvest) = (node.home().with_extension("kaart"), federation.scratch.join("handvest"));
    let home = federation.scratch.join("nieuw");
    let there = federation.scratch.write("er-al", "van iemand");
    let init = |words: &[&str], files: &[&Path]| {
        let command = Command::leerkring(federation.scratch.path(), ["init"]).arguments([&home]);
        command.arguments(words).arguments(files).run()
    };
    for (words, files, code, said) in [
        (
            ["--second-of"].as_slice(),
            [handvest.as_path()].as_slice(),
            3,
            "niet de kaart van de gemeente",
        ),
        (
            &["--gemeente", "GM9902", "--second-of"],
            &[&card],
            3,
            "niet de kaart van de gemeente",
        ),
        (&["--second-of"], &[&federation.scratch.join("weg")], 3, "weg"),
        (&[], &[], 2, "gemeente"),
        (
            &["--gemeente", "GM9902", "--naam", "Kromhoek", "--root-key"],
            &[&there],
            6,
            "nooit overschreven",
        ),
        (
            &[
                "--gemeente",
                "GM9902",
                "--naam",
                "Kromhoek",
                "--root-key",
                "a.key",
                "--next-root-key",
                "a.key",
            ],
            &[],
            2,
            "niet in één bestand",
        ),
        (&["--root-key", "a.key", "--second-of"], &[&card], 2, "--second-of"),
    ] {
        let complaint = init(words, files).failed(code);
        assert!(complaint.contains(said), "{words:?}: {complaint}");
        assert!(!home.exists(), "{words:?}");
    }
    assert_eq!(fs::read_to_string(&there).ok().as_deref(), Some("van iemand"));
    let made = init(&["--practice", "--second-of"], &[&card]).succeeded();
    assert!(
        made.contains("GM9901 Zuiderwaard") && made.contains("join UITNODIGING"),
        "{made}"
    );
    // It belongs nowhere yet: it can show no keys, invite nobody and ask nothing.
    let new = Node::new(&home);
    refused(&new, &["keys", "show"], &[], 6, "hoort nog niet bij een federatie");
    refused(&new, &["charter", "invite"], &[], 6, "kan niemand binnenlaten");
    refused(&new, &["keys", "request"], &[], 6, "in welke federatie");
}
