//! A backup of real nodes: made while they work, and a node made of it that says nothing it should not.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use tests::harness::{Command, Federation, Node, records, wait};

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];

fn backup(node: &Node, name: &str) -> PathBuf {
    let out = node.home().with_file_name(name);
    node.command(["backup", "--out"]).arguments([&out]).run().succeeded();
    out
}

/// Makes the first node anew of a backup, in a directory of its own.
fn restored(federation: &mut Federation, backup: &Path, name: &str) {
    let into = federation.scratch.join(name);
    let old = &federation.nodes[0];
    let restore = old.command(["restore"]).arguments([backup]);
    restore.arguments(["--into"]).arguments([&into]).run().succeeded();
    federation.nodes[0] = Node::new(into);
}

#[test]
fn a_backup_made_while_the_node_writes_gives_back_all_that_was_acknowledged_before_it() {
    let mut federation = Federation::start(&TWO[..1]);
    let before: Vec<String> = (0..20).map(|number| federation.nodes[0].share_signal(number)).collect();
    let path = thread::scope(|scope| {
        let node = &federation.nodes[0];
        let (begun, told) = std::sync::mpsc::sync_channel(0);
        let writer = scope.spawn(move || {
            // Until it has begun, there is nothing to write beside.
            begun.send(()).expect("the test waits for it");
            (20..60).map(|number| node.share_signal(number)).collect::<Vec<_>>()
        });
        told.recv().expect("the writer begins");
        let path = backup(node, "while.reservekopie");
        writer.join().expect("the writer ends");
        path
    });
    federation.nodes[0].kill();
    restored(&mut federation, &path, "new");
    let node = &mut federation.nodes[0];
    node.start();
    let list = wait::within(
        wait::DEADLINE,
        "a node that hears nobody because there is nobody",
        || node.api().list(records::week()).ok(),
    );
    let list = list.expect("it lists").concat();
    for record in before {
        assert!(list.contains(&record), "{record} was acknowledged before the backup");
    }
    node.stop();
    node.run(["verify".as_ref(), node.home().as_os_str()]).succeeded();
}

#[test]
fn a_restored_node_shows_nothing_before_it_heard_what_was_withdrawn() {
    let mut federation = Federation::start(&TWO);
    let (kept, gone) = (federation.nodes[0].share_signal(1), federation.nodes[0].share_signal(2));
    federation.agree_on(2);
    let path = backup(&federation.nodes[0], "before.reservekopie");
    let then = federation.scratch.join("toen");
    let exported = federation.nodes[0].command(["export"]).arguments([&then]);
    exported.arguments(["--format", "csv"]).run().succeeded();
    let again = |node: &Node, name: &str| {
        let into = then.with_file_name(name);
        let export = node.command(["export"]).arguments([&into]);
        let run = export
            .arguments(["--format", "csv", "--as-of"])
            .arguments([&then])
            .run();
        (run, into)
    };
    federation.nodes[0].run(["withdraw", &gone]).succeeded();
    let later = federation.nodes[0].share_signal(3);
    wait::until("the withdrawal to arrive", || {
        let list = federation.nodes[1].api().list(records::week()).ok()?.concat();
        (!list.contains(&gone) && list.contains(&later)).then_some(())
    });
    federation.nodes[0].kill();
    fs::remove_dir_all(federation.nodes[0].home()).expect("our own directory");
    federation.nodes[1].stop();
    restored(&mut federation, &path, "new");
    federation.nodes[0].start();
    for question in [["list", "--json"], ["show", &gone]] {
        let said = federation.nodes[0].run(question).failed(6);
        assert!(said.contains("reservekopie"), "{said}");
    }
    let (refused, into) = again(&federation.nodes[0], "te-vroeg");
    let said = refused.failed(6);
    assert!(said.contains("reservekopie") && !into.exists(), "{said}");
    federation.nodes[1].start();
    let list = federation.agree_on_heard(2);
    assert!(
        list.contains(&kept) && list.contains(&later) && !list.contains(&gone),
        "{list}"
    );
    // Its own copy of what was withdrawn is not shown as shared either, from the first moment on.
    federation.nodes[0].run(["show", &gone]).failed(3);
    let (exported, into) = again(&federation.nodes[0], "gehoord");
    exported.succeeded();
    let since = fs::read_to_string(into.join("ingetrokken-sindsdien.csv")).expect("something was withdrawn since");
    assert!(since.contains(&gone) && !since.contains(&kept), "{since}");
    // It stays so after a restart.
    federation.nodes[1].stop();
    federation.nodes[0].stop();
    federation.nodes[0].start();
    federation.nodes[0].run(["list"]).succeeded();
}

#[test]
fn a_restored_node_signs_no_vote_before_it_heard_what_its_gemeente_voted() {
    let mut federation = Federation::start(&TWO);
    let path = backup(&federation.nodes[0], "voor.reservekopie");
    let root = federation.scratch.join("root.key");
    fs::copy(federation.nodes[0].home().join("keys/root.key"), &root).expect("a node has a root key");
    federation.nodes[0]
        .run(["charter", "propose", "--remove", "GM9902"])
        .succeeded();
    wait::until("the vote to arrive", || {
        let shown = federation.nodes[1].run(["charter", "show"]).stdout;
        shown.contains("getekend door GM9901").then_some(())
    });
    federation.nodes[0].kill();
    fs::remove_dir_all(federation.nodes[0].home()).expect("our own directory");
    federation.nodes[1].stop();
    restored(&mut federation, &path, "new");
    let other = |node: &Node| {
        let propose = node.command(["charter", "propose", "--remove", "GM9901", "--root-key"]);
        propose.arguments([&root]).run().failed(6)
    };
    let refused = other(&federation.nodes[0]);
    assert!(refused.contains("er is niets getekend"), "{refused}");
    federation.nodes[0].start();
    let refused = other(&federation.nodes[0]);
    assert!(refused.contains("nog niet: GM9902"), "{refused}");
    federation.nodes[1].start();
    wait::until("the others", || {
        (federation.nodes[0].run(["list"]).code == Some(0)).then_some(())
    });
    let refused = other(&federation.nodes[0]);
    assert!(refused.contains("al een ander voorstel"), "{refused}");
    let shown = federation.nodes[1].run(["charter", "show"]).stdout;
    assert!(!shown.contains("dubbele stem"), "{shown}");
}

/// The folder of a node as a snapshot of its machine has it: nothing in it says that it was put back.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a scratch directory can be written");
    let may = fs::metadata(from)
        .expect("the folder of a node that stopped")
        .permissions();
    fs::set_permissions(to, may).expect("our own directory");
    for found in fs::read_dir(from).expect("the folder of a node that stopped") {
        let found = found.expect("the folder of a node that stopped");
        let place = to.join(found.file_name());
        match found.file_type().expect("a file that is there").is_dir() {
            true => copied(&found.path(), &place),
            false => fs::copy(found.path(), place).map(drop).expect("a file can be copied"),
        }
    }
}

#[test]
fn a_folder_put_back_from_a_snapshot_signs_no_vote_before_its_node_heard_another() {
    let mut federation = Federation::start(&TWO);
    let (home, snapshot) = (
        federation.nodes[0].home().to_owned(),
        federation.scratch.join("snapshot"),
    );
    federation.nodes[0].stop();
    copied(&home, &snapshot);
    federation.nodes[0].start();
    federation.nodes[0]
        .run(["charter", "propose", "--remove", "GM9902"])
        .succeeded();
    wait::until("the vote to arrive", || {
        let shown = federation.nodes[1].run(["charter", "show"]).stdout;
        shown.contains("getekend door GM9901").then_some(())
    });
    federation.nodes[0].stop();
    federation.nodes[1].stop();
    fs::remove_dir_all(&home).expect("our own directory");
    fs::rename(&snapshot, &home).expect("our own directory");
    let vote = ["charter", "propose", "--remove", "GM9901"];
    let refused = federation.nodes[0].run(vote).failed(6);
    assert!(
        refused.contains("hoorde sinds haar start nog geen ander lid"),
        "{refused}"
    );
    federation.nodes[0].start();
    for statement in [vote.as_slice(), &["charter", "suspend", "GM9902"]] {
        let refused = federation.nodes[0].run(statement.iter().copied()).failed(6);
        assert!(refused.contains("er is niets getekend"), "{refused}");
    }
    // Who means it may: of two members none can put the other on hold, and that is what is refused then.
    let meant = federation.nodes[0]
        .run(["charter", "suspend", "GM9902", "--now"])
        .failed(6);
    assert!(meant.contains("te weinig andere leden"), "{meant}");
    federation.nodes[1].start();
    let refused = wait::until("the other member to be heard", || {
        let refused = federation.nodes[0].run(vote).failed(6);
        (!refused.contains("nog geen ander lid")).then_some(refused)
    });
    assert!(refused.contains("al een ander voorstel"), "{refused}");
    let shown = federation.nodes[1].run(["charter", "show"]).stdout;
    assert!(!shown.contains("dubbele stem"), "{shown}");
}

#[test]
fn what_was_withdrawn_is_in_no_later_backup() {
    let mut federation = Federation::start(&TWO[..1]);
    let node = &mut federation.nodes[0];
    node.share_signal(1);
    let gone = node.share_signal(2);
    let earlier = backup(node, "earlier.reservekopie");
    node.run(["withdraw", &gone]).succeeded();
    let later = backup(node, "later.reservekopie");
    node.stop();
    for (path, erased) in [(earlier, 0), (later, 1)] {
        let said = node
            .command(["restore", "--check", "--json"])
            .arguments([&path])
            .run()
            .succeeded();
        let said: serde_json::Value = serde_json::from_str(&said).expect("one line of JSON");
        assert_eq!(said["inhoud"]["erased"], erased, "{said}");
        // A backup is sealed: what is in it shows in a node that is made of it.
        let into = path.with_extension("node");
        let restore = node.command(["restore", "--alone"]).arguments([&path]);
        restore.arguments(["--into"]).arguments([&into]).run().succeeded();
        let mut restored = Node::new(&into);
        restored.start();
        let list = restored
            .api()
            .list(records::week())
            .expect("it waits for nobody")
            .concat();
        restored.stop();
        let (kept, gone) = (records::text_of(1), records::text_of(2));
        assert!(
            list.contains(&kept) && is_in(&kept, &into),
            "the search finds what is there"
        );
        let found = list.contains(&gone) || is_in(&gone, &into);
        assert_eq!(found, erased == 0, "{list}");
    }
}

/// Whether a text stands in a file of a folder.
fn is_in(text: &str, folder: &Path) -> bool {
    let folder = folder.display().to_string();
    let grep = Command::new("/bin/grep", Path::new("/")).arguments(["-rqaF", "--", text, &folder]);
    match grep.run().code {
        Some(0) => true,
        Some(1) => false,
        other => panic!("grep ended with {other:?}"),
    }
}

#[test]
fn without_keys_and_for_a_node_that_does_not_run() {
    let mut federation = Federation::start(&TWO[..1]);
    let node = &mut federation.nodes[0];
    let record = node.share_signal(1);
    node.stop();
    let out = node.home().with_file_name("bare.reservekopie");
    let bare = ["backup", "--without-keys", "--out"];
    node.command(bare).arguments([&out]).run().succeeded();
    assert!(
        node.command(bare)
            .arguments([&out])
            .run()
            .failed(6)
            .contains("bestaat al")
    );
    let into = node.home().with_file_name("new");
    let restore = || node.command(["restore", "--into"]).arguments([&into, &out]);
    assert!(restore().run().failed(3).contains("--keys"));
    assert!(!into.exists());
    let keys = node.home().join("keys");
    restore().arguments(["--keys"]).arguments([&keys]).run().succeeded();
    let mut new = Node::new(into);
    new.start();
    assert!(
        new.api()
            .list(records::week())
            .expect("a node that runs lists")
            .concat()
            .contains(&record)
    );
}
