//! Snapshots and exports of real nodes: the same bytes wherever they are made, and every change in them found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::harness::{Disk, Federation, Node, Scratch, records, wait};
use tests::scope;

const THREE: [(&str, &str); 3] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
];
const FORMS: [&[&str]; 4] = [
    &["--format", "csv"],
    &["--format", "csv", "--excel-nl"],
    &["--format", "jsonl"],
    &["--format", "parquet"],
];

#[track_caller]
fn share(node: &Node, record: &Value) -> String {
    let approvals = node
        .api()
        .share(std::slice::from_ref(record))
        .expect("a node that runs answers");
    let shared = approvals.first().and_then(|approval| approval.record);
    shared
        .unwrap_or_else(|| panic!("{record} was not shared: {approvals:?}"))
        .to_string()
}

/// The files of an export that is made here.
#[track_caller]
fn export(node: &Node, dir: &Path, form: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let dir_text = dir.to_str().expect("a path is text");
    let words: Vec<&str> = ["export", dir_text].iter().chain(form).copied().collect();
    node.run(words).succeeded();
    read(dir)
}

fn read(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).expect("an export is a folder").flatten();
    let files = entries.map(|entry| {
        let content = fs::read(entry.path()).expect("a file can be read");
        (entry.file_name().to_string_lossy().into_owned(), content)
    });
    files.collect()
}

/// The snapshot as a node tells it.
#[track_caller]
fn snapshot(node: &Node) -> Value {
    let printed = node.run(["snapshot", "--json"]).succeeded();
    serde_json::from_str(&printed).expect("a snapshot is JSON")
}

#[track_caller]
fn agree(federation: &Federation) -> Value {
    let running = || federation.nodes.iter().filter(|node| node.is_running());
    wait::until("equal snapshots", || {
        let mut told: Vec<Value> = running().map(snapshot).collect();
        told.dedup();
        (told.len() == 1).then(|| told.remove(0))
    })
}

/// Nodes of which only the first listens, so that the others never meet.
fn around_one() -> Federation {
    let mut federation = Federation::found(&THREE);
    for node in &federation.nodes[1..] {
        let config = fs::read_to_string(node.home().join("leerkring.toml")).expect("a node has a configuration");
        let listen = config.lines().find(|line| line.starts_with("listen = "));
        node.configure(listen.expect("it listens"), "listen = []");
    }
    for node in &mut federation.nodes {
        node.start();
    }
    federation
}

#[test]
fn nodes_that_never_met_export_the_same_bytes_without_what_was_taken_back() {
    let federation = around_one();
    let [_, second, third] = &federation.nodes[..] else {
        panic!("three were founded")
    };
    let mut formula = records::signal("s-formule", 1);
    formula["tekst"] = json!("=1+1;\"twee\" 😀 עברית");
    share(second, &formula);
    let taken = share(second, &records::signal("s-weg", 2));
    share(third, &records::knelpunt("k-1", None, "wonen"));
    federation.agree_on(3);
    second.run(["withdraw", &taken, "--yes"]).succeeded();
    federation.agree_on(2);
    let scratch = Scratch::new("export");
    // A receipt may come in between, and with it another snapshot.
    let mut tries = 0..;
    let (one, other) = wait::until("exports of one snapshot", || {
        let (told, at) = (agree(&federation), tries.next()?);
        let made = |node: &Node, name: &str| -> Vec<BTreeMap<String, Vec<u8>>> {
            let forms = FORMS.iter().enumerate();
            forms
                .map(|(form, words)| export(node, &scratch.join(format!("{name}-{at}-{form}")), words))
                .collect()
        };
        let both = (made(second, "een"), made(third, "ander"));
        (agree(&federation) == told).then_some(both)
    });
    for ((one, other), form) in one.iter().zip(&other).zip(FORMS) {
        let different: Vec<_> = one.keys().filter(|name| one.get(*name) != other.get(*name)).collect();
        assert!(
            different.is_empty() && one.len() == other.len(),
            "{form:?}: {different:?}"
        );
        let withdrawn = String::from_utf8_lossy(&one["ingetrokken.csv"]).into_owned();
        assert!(withdrawn.contains(&taken), "{withdrawn}");
        let holds = |name: &&String| String::from_utf8_lossy(&one[*name]).contains(&taken);
        let holding: Vec<_> = one.keys().filter(holds).collect();
        assert_eq!(holding, ["ingetrokken.csv"]);
    }
    let texts = String::from_utf8_lossy(&one[0]["teksten.csv"]).into_owned();
    // The gate masks what Dutch does not know.
    assert!(texts.contains("\"'=1+1;\"\"twee\"\" 😀 [naam 1]\""), "{texts}");
}

#[test]
fn every_change_in_an_export_is_found_without_a_node() {
    let federation = Federation::start(&THREE[..1]);
    let node = &federation.nodes[0];
    share(node, &records::signal("s-1", 1));
    federation.agree_on(1);
    let scratch = Scratch::new("export-verify");
    for (at, form) in FORMS.iter().enumerate() {
        let dir = scratch.join(format!("uitvoer-{at}"));
        let files = export(node, &dir, form);
        let verify = || node.run(["verify", dir.to_str().expect("a path is text")]);
        assert!(verify().succeeded().contains("Alles klopt"));
        for (name, content) in &files {
            let path = dir.join(name);
            let mut changed = content.clone();
            let middle = changed.len() / 2;
            match changed.get_mut(middle) {
                Some(byte) => *byte ^= 1,
                // A table without rows.
                None => changed.push(b'a'),
            }
            fs::write(&path, &changed).expect("a file can be changed");
            let told = verify();
            assert_eq!(told.code, Some(1), "{name}: {}", told.stdout);
            assert!(
                told.stdout.contains("is niet wat is uitgevoerd"),
                "{name}: {}",
                told.stdout
            );
            fs::remove_file(&path).expect("a file can be removed");
            let told = verify();
            assert_eq!(told.code, Some(1), "{name}");
            assert!(told.stdout.contains(name.as_str()), "{name}: {}", told.stdout);
            fs::write(&path, content).expect("a file can be put back");
        }
        fs::write(dir.join("extra.csv"), "a").expect("a file can be added");
        assert!(verify().stdout.contains("extra.csv hoort er niet bij"));
        fs::remove_file(dir.join("extra.csv")).expect("a file can be removed");
        verify().succeeded();
    }
}

/// Writes a file of an export anew, and its hash into the list: what somebody does who wants to be believed.
fn forge(dir: &Path, name: &str, content: &str) {
    fs::write(dir.join(name), content).expect("a file can be changed");
    let sums = dir.join("SHA256SUMS");
    let listed = fs::read_to_string(&sums).expect("an export has a list of hashes");
    let hash: String = Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let lines = listed.lines().map(|line| match line.split_once("  ") {
        Some((_, named)) if named == name => format!("{hash}  {name}\n"),
        _ => format!("{line}\n"),
    });
    fs::write(&sums, lines.collect::<String>()).expect("a file can be changed");
}

#[test]
fn what_is_forged_with_its_hash_does_not_give_the_snapshot() {
    let federation = Federation::start(&THREE[..1]);
    let node = &federation.nodes[0];
    share(node, &records::signal("s-1", 1));
    federation.agree_on(1);
    let scratch = Scratch::new("export-forged");
    let dir = scratch.join("uitvoer");
    export(node, &dir, FORMS[0]);
    let read = |name: &str| fs::read_to_string(dir.join(name)).expect("an export has this file");
    let (heights, statements, package) = (read("hoogten.json"), read("handvest.txt"), read("datapackage.json"));
    let told: Value = serde_json::from_str(&heights).expect("heights are JSON");
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = told.clone();
        change(&mut changed);
        changed.to_string()
    };
    let signature = told["hoogten"][0]["handtekening"].as_str().expect("a head is signed");
    let other = format!(
        "{}{}",
        if signature.starts_with('0') { "1" } else { "0" },
        &signature[1..]
    );
    let fewer: String = statements
        .lines()
        .take(statements.lines().count() - 1)
        .map(|line| format!("{line}\n"))
        .collect();
    let zeros = "0".repeat(64);
    let none = package.replace("\"resources\"", "\"weg\"");
    let cases = [
        (
            "hoogten.json",
            with(&|told| told["hoogten"][0]["hoogte"] = json!(7)),
            "de kop van logboek",
        ),
        (
            "hoogten.json",
            with(&|told| told["hoogten"][0]["handtekening"] = json!(other)),
            "de kop van logboek",
        ),
        (
            "hoogten.json",
            with(&|told| told["hoogten"][0]["gemeente"] = json!("GM9902")),
            "spreekt node",
        ),
        ("hoogten.json", with(&|told| told["hoogten"] = json!([])), "geven stand"),
        (
            "hoogten.json",
            with(&|told| told["snapshot"] = json!(zeros)),
            "geven snapshot",
        ),
        (
            "hoogten.json",
            with(&|told| told["peilweek"] = json!("2020-W01")),
            "geven snapshot",
        ),
        ("handvest.txt", fewer, "is niet de verzameling"),
        ("datapackage.json", none, "beschrijft records.csv niet"),
    ];
    for (name, content, expected) in cases {
        let before = (read(name), read("SHA256SUMS"));
        forge(&dir, name, &content);
        let told = node.run(["verify", dir.to_str().expect("a path is text")]);
        assert_eq!(told.code, Some(1), "{expected}");
        assert!(told.stdout.contains(expected), "{expected}: {}", told.stdout);
        fs::write(dir.join(name), before.0).expect("a file can be put back");
        fs::write(dir.join("SHA256SUMS"), before.1).expect("a file can be put back");
    }
    node.run(["verify", dir.to_str().expect("a path is text")]).succeeded();
}

#[test]
fn what_stands_there_is_not_touched_and_nothing_half_is_left() {
    let mut federation = Federation::start(&THREE[..1]);
    let scratch = Scratch::new("export-place");
    let (dir, part) = (scratch.join("uitvoer"), scratch.join("uitvoer.part"));
    let words = ["export", dir.to_str().expect("a path is text"), "--format", "csv"];
    fs::create_dir(&dir).expect("a folder can be made");
    fs::write(dir.join("van-mij"), "x").expect("a file can be made");
    let node = &federation.nodes[0];
    let told = node.run(words).failed(6);
    assert!(told.contains("bestaat al"), "{told}");
    assert_eq!(read(&dir).len(), 1);
    fs::remove_file(dir.join("van-mij")).expect("a file can be removed");
    fs::create_dir(&part).expect("a folder can be made");
    fs::write(part.join("datapackage.json"), "x").expect("a file can be made");
    let told = node.run(words).failed(6);
    assert!(told.contains("uitvoer.part staat in de weg"), "{told}");
    fs::remove_dir_all(&part).expect("a folder can be removed");
    // What an export left whose process was ended makes way.
    fs::create_dir(&part).expect("a folder can be made");
    fs::write(part.join(".leerkring-uitvoer"), "").expect("a file can be made");
    node.run(words).succeeded();
    assert!(!part.exists() && read(&dir).len() > 30);
    let told = node.run(["export", "x", "--format", "jsonl", "--excel-nl"]).failed(2);
    assert!(told.contains("--excel-nl gaat niet samen met --format jsonl"), "{told}");
    federation.nodes[0].stop();
    let other = scratch.join("ander");
    let words = ["export", other.to_str().expect("a path is text"), "--format", "csv"];
    federation.nodes[0].run(words).failed(4);
    assert!(!other.exists() && !scratch.join("ander.part").exists());
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    let Some(disk) = Disk::of(1) else {
        return scope::left_out("an export to a full disk: no file system can be mounted here");
    };
    let federation = Federation::start(&THREE[..1]);
    fs::write(disk.path().join("vol"), vec![0; 960 * 1024]).expect("there is room for this");
    let dir = disk.path().join("uitvoer");
    let words = ["export", dir.to_str().expect("a path is text"), "--format", "csv"];
    let told = federation.nodes[0].run(words).failed(6);
    assert!(told.contains("de schijf is vol"), "{told}");
    assert_eq!(fs::read_dir(disk.path()).expect("the disk is there").count(), 1);
    disk.grow_to(8);
    federation.nodes[0].run(words).succeeded();
}

/// Exports an earlier state again, and gives what was said with the files.
#[track_caller]
fn export_again(node: &Node, dir: &Path, of: &Path, form: &[&str]) -> (String, BTreeMap<String, Vec<u8>>) {
    let [dir_text, of] = [dir, of].map(|path| path.to_str().expect("a path is text"));
    let words: Vec<&str> = ["export", dir_text, "--as-of", of]
        .iter()
        .chain(form)
        .copied()
        .collect();
    (node.run(words).succeeded(), read(dir))
}

#[test]
fn an_earlier_state_is_exported_again_in_the_same_bytes_but_for_what_was_withdrawn() {
    let federation = Federation::start(&THREE);
    let [first, second, third] = &federation.nodes[..] else {
        panic!("three were founded")
    };
    let knelpunt = share(first, &records::knelpunt("k-1", None, "wonen"));
    let gone = share(second, &records::signal("s-weg", 1));
    let mut linked = records::signal("s-blijft", 2);
    linked["knelpunt"] = json!(knelpunt);
    share(third, &linked);
    federation.agree_on(3);
    let scratch = Scratch::new("export-again");
    let told = agree(&federation);
    let then: Vec<_> = FORMS
        .iter()
        .enumerate()
        .map(|(at, form)| export(first, &scratch.join(format!("toen-{at}")), form))
        .collect();
    assert_eq!(agree(&federation), told, "something came in between");
    let later: Vec<Value> = (10..40)
        .map(|number| records::signal(&format!("s-{number}"), number))
        .collect();
    second.api().share(&later).expect("a node that runs answers");
    federation.agree_on(33);
    for (at, (form, before)) in FORMS.iter().zip(&then).enumerate() {
        let of = scratch.join(format!("toen-{at}"));
        let (said, now) = export_again(third, &scratch.join(format!("later-{at}")), &of, form);
        assert!(said.contains("byte voor byte dezelfde"), "{said}");
        assert_eq!(&now, before, "{form:?}");
    }
    second.run(["withdraw", &gone, "--yes"]).succeeded();
    federation.agree_on(32);
    for node in [second, third] {
        let name = format!(
            "na-{}",
            node.home().file_name().and_then(|name| name.to_str()).expect("a name")
        );
        let (said, now) = export_again(node, &scratch.join(&name), &scratch.join("toen-0"), FORMS[0]);
        assert!(
            said.contains("na dit snapshot ingetrokken, en niet meer hierin: 1 document ("),
            "{said}"
        );
        let holding: Vec<_> = now
            .iter()
            .filter(|(_, content)| String::from_utf8_lossy(content).contains(&gone))
            .collect();
        assert_eq!(
            holding.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["ingetrokken-sindsdien.csv"]
        );
        assert_eq!(now["snapshot.txt"], then[0]["snapshot.txt"]);
        // Nothing else went: every other row is there as it was.
        for (name, content) in then[0].iter().filter(|(name, _)| name.ends_with(".csv")) {
            let lines = |content: &[u8]| {
                String::from_utf8_lossy(content)
                    .lines()
                    .filter(|line| !line.contains(&gone))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!(lines(&now[name]), lines(content), "{name}");
        }
        let verified = node
            .run(["verify", scratch.join(&name).to_str().expect("a path is text")])
            .succeeded();
        assert!(verified.contains("ingetrokken-sindsdien.csv"), "{verified}");
        assert!(!node.home().join("toen.tmp").exists());
    }
}

#[test]
fn what_no_node_signed_or_the_node_does_not_have_is_not_exported_again() {
    let federation = Federation::start(&THREE[..1]);
    let other = Federation::start(&THREE[1..2]);
    let (node, stranger) = (&federation.nodes[0], &other.nodes[0]);
    share(node, &records::signal("s-1", 1));
    federation.agree_on(1);
    let scratch = Scratch::new("export-not-again");
    let of = scratch.join("toen");
    export(node, &of, FORMS[0]);
    let [again, of_text] =
        [scratch.join("opnieuw"), of.clone()].map(|path| path.to_str().expect("a path is text").to_owned());
    let words = ["export", &again, "--as-of", &of_text, "--format", "csv"];
    let refused = stranger.run(words).failed(6);
    assert!(refused.contains("andere federatie"), "{refused}");
    let heights = fs::read_to_string(of.join("hoogten.json")).expect("it is there");
    fs::write(of.join("hoogten.json"), heights.replace("\"hoogte\":2", "\"hoogte\":1")).expect("it can be written");
    let refused = node.run(words).failed(1);
    assert!(refused.contains("geen uitvoer die klopt"), "{refused}");
    assert!(!Path::new(&again).exists());
}
