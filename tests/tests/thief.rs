//! Whoever copied a node, its key among it, and runs the copy beside it.
//!
//! The two have one name on the network. What the owner says must reach the others all the same: above all that the key
//! ended.

use std::path::Path;

use tests::harness::{Command, Federation, Node, records, wait};

const THREE: [(&str, &str); 3] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
];

/// A copy of a node that does not run, made to listen elsewhere.
fn copied(node: &Node, to: &Path) -> Node {
    let parent = to.parent().expect("it is in a scratch directory");
    Command::new("/bin/cp", parent)
        .arguments(["-a"])
        .arguments([node.home(), to])
        .run()
        .succeeded();
    let copy = Node::new(to);
    let configured = std::fs::read_to_string(to.join("leerkring.toml")).expect("a node has a configuration");
    let (_, port) = configured.split_once("/tcp/").expect("it listens on TCP");
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    copy.configure(&format!("/tcp/{port}\""), "/tcp/0\"");
    copy
}

/// The peers that a node is connected to.
fn connected(node: &Node) -> usize {
    let peers = node.stand().peers;
    peers.iter().filter(|peer| peer.verbonden).count()
}

#[test]
fn the_end_of_a_key_reaches_everybody_although_a_thief_with_a_copy_was_there_first() {
    let mut federation = Federation::start(&THREE);
    federation.nodes[0].share_signal(1);
    federation.agree_on(1);
    federation.nodes[0].stop();
    let mut thief = copied(&federation.nodes[0], &federation.scratch.join("dief"));
    thief.start();
    wait::until("the thief to be everywhere", || (connected(&thief) == 2).then_some(()));
    federation.nodes[0].start();
    wait::until("the owner to be everywhere", || {
        (connected(&federation.nodes[0]) == 2).then_some(())
    });
    thief.share_signal(2);
    federation.agree_on(2);

    let key = federation.nodes[0].stand().node.to_string();
    federation.nodes[0]
        .run(["keys", "revoke", &key, "--yes", "--only-own"])
        .succeeded();
    for node in &federation.nodes[1..] {
        wait::until("everybody to know that the key ended", || {
            let shown = node.run(["charter", "show", "--json"]).succeeded();
            let speaks = shown.contains(&key) && node.stand().peers.iter().any(|peer| peer.node.to_string() == key);
            (!speaks).then_some(())
        });
    }
    federation.nodes[0].kill();
    federation.agree_on(1);
    assert!(!federation.agree_on(1).contains(&records::text_of(2)));
}
