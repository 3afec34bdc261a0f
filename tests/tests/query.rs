//! Questions in SQL to a real node: what is too much ends with the process that answers it, and nobody else notices.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

use protocol::api::{ProblemKind, Stand, Werk, WerkStatus};
use serde_json::Value;
use tests::harness::{Federation, Node, Scratch, wait};

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];
/// A question without end.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
/// How soon nobody may work on a question any more that nobody waits for.
const SOON: Duration = Duration::from_secs(1);

fn place() -> Federation {
    Federation::start(&ONE)
}

/// The answer of a question as `--json` prints it.
#[track_caller]
fn ask(node: &Node, sql: &str) -> Value {
    let printed = node.run(["query", sql, "--json"]).succeeded();
    serde_json::from_str(&printed).expect("an answer is JSON")
}

/// Questions that are being answered.
fn running(stand: &Stand) -> u64 {
    let line = stand.workers.iter().find(|line| line.naam == Werk::Zoekvragen);
    let line = line.expect("answering questions is shown");
    assert_eq!(line.status == WerkStatus::Rust, line.wachtrij == 0);
    line.wachtrij
}

/// The processes that a process started.
fn children(pid: u32) -> Vec<u32> {
    let read = fs::read_dir(format!("/proc/{pid}/task")).expect("the process runs");
    let threads = read.flatten().map(|thread| thread.path().join("children"));
    let listed = threads.filter_map(|path| fs::read_to_string(path).ok());
    listed
        .flat_map(|line| {
            line.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect()
}

/// What a process has, or had at most, in KiB.
fn memory(pid: u32, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(what))
        .expect("it has memory");
    let number = line.trim_matches(|letter: char| !letter.is_ascii_digit());
    number.parse().expect("it is a number")
}

#[test]
fn what_needs_too_much_memory_or_time_ends_and_the_node_notices_nothing() {
    let mut federation = place();
    let node = &mut federation.nodes[0];
    // On a machine with much else to do, memory is to run out long before time does.
    node.stop();
    node.configure("sql_seconds = 10", "sql_seconds = 60");
    node.start();
    let pid = node.ready().pid;
    let before = memory(pid, "VmHWM:");
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    for rest in [
        "SELECT i, hex(zeroblob(400000)) AS b FROM n ORDER BY b, i",
        "SELECT count(*) FROM (SELECT DISTINCT i || hex(zeroblob(400000)) FROM n)",
        "SELECT i % 1000, max(hex(zeroblob(400000)) || i) FROM n GROUP BY 1",
    ] {
        let told = node.run(["query", &format!("{numbers} {rest}")]).failed(3);
        assert!(told.contains("meer dan 128 MiB geheugen nodig"), "{rest}: {told}");
    }
    for (sql, expected) in [
        (
            "SELECT printf('%.*c', 1000000000, 'x')",
            "een waarde in de vraag is groter dan 1000000 bytes",
        ),
        (
            "WITH RECURSIVE s(t) AS (SELECT 'x' UNION SELECT t || t FROM s) SELECT max(t) FROM s",
            "groter dan 1000000",
        ),
    ] {
        let told = node.run(["query", sql]).failed(3);
        assert!(told.contains(expected), "{sql}: {told}");
    }
    let grown = memory(pid, "VmHWM:").saturating_sub(before);
    assert!(grown < 64 * 1024, "the node grew by {grown} KiB");
    node.stop();
    node.configure("sql_seconds = 60", "sql_seconds = 2");
    node.start();
    let told = node.run(["query", ENDLESS]).failed(4);
    assert!(told.contains("langer dan 2,0 s"), "{told}");
    assert_eq!(ask(node, "SELECT 1")["rijen"], serde_json::json!([[1]]));
}

#[test]
fn of_two_hundred_who_ask_at_once_each_is_answered_or_told_to_come_back() {
    const MANY: usize = 200;
    let federation = place();
    let node = &federation.nodes[0];
    let before = memory(node.ready().pid, "VmHWM:");
    let slow =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n";
    let ask_slowly = || node.api().ask(slow);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let asking: Vec<_> = (0..MANY).map(|_| scope.spawn(ask_slowly)).collect();
        asking
            .into_iter()
            .map(|one| one.join().expect("nobody panics"))
            .collect()
    });
    let (mut answered, mut busy) = (0, 0);
    for outcome in outcomes {
        match outcome {
            Ok(answer) => {
                assert_eq!(answer["rijen"], serde_json::json!([[300_000]]));
                answered += 1;
            }
            Err(error) => {
                assert_eq!(error.problem, Some(ProblemKind::Bezet), "{error:?}");
                busy += 1;
            }
        }
    }
    assert!(
        answered >= 3 && busy > 0,
        "{answered} answered, {busy} told to come back"
    );
    let grown = memory(node.ready().pid, "VmHWM:").saturating_sub(before);
    assert!(grown < 64 * 1024, "the node grew by {grown} KiB");
    assert_eq!(ask(node, "SELECT 3")["rijen"], serde_json::json!([[3]]));
}

#[test]
fn a_question_ends_with_whoever_asked_it() {
    let federation = place();
    let node = &federation.nodes[0];
    let scratch = Scratch::new("query");
    let mut asking = node.command(["query", ENDLESS]).start_in(&scratch);
    wait::until("the question to be answered", || {
        (running(&node.stand()) == 1).then_some(())
    });
    let answering = children(node.ready().pid);
    assert_eq!(answering.len(), 1, "{answering:?}");
    // While it runs others are answered.
    assert_eq!(ask(node, "SELECT 2")["rijen"], serde_json::json!([[2]]));
    asking.interrupt();
    wait::until("the command to end", || asking.ended());
    let ended = wait::within(SOON, "the question to end", || {
        (running(&node.stand()) == 0).then_some(())
    });
    assert_eq!(ended, Ok(()));
    let gone = wait::within(SOON, "its process to end", || {
        (!children(node.ready().pid).contains(&answering[0])).then_some(())
    });
    assert_eq!(gone, Ok(()));
    assert!(node.run(["status"]).succeeded().contains("zoekvragen"));
}

#[test]
fn no_process_outlives_a_node_that_was_killed() {
    let mut federation = place();
    let scratch = Scratch::new("query");
    let node = &mut federation.nodes[0];
    ask(node, "SELECT 1");
    let _asking = node.command(["query", ENDLESS]).start_in(&scratch);
    wait::until("the question to be answered", || {
        (running(&node.stand()) == 1).then_some(())
    });
    let answering = children(node.ready().pid);
    assert!(!answering.is_empty());
    node.kill();
    // Whoever takes over a process without a parent may leave its name until it looks.
    let ended = |pid: &u32| fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "));
    wait::until("every process to end", || answering.iter().all(ended).then_some(()));
}

#[test]
fn nothing_but_what_is_shared_is_read() {
    let federation = place();
    let node = &federation.nodes[0];
    for sql in [
        "ATTACH '/etc/passwd' AS x",
        "PRAGMA writable_schema = 1",
        "PRAGMA hard_heap_limit = 0",
        "SELECT load_extension('/tmp/x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT * FROM csv_read('/etc/passwd')",
        "SELECT fts3_tokenizer('simple', x'00')",
        "SELECT sql FROM sqlite_schema",
        "SELECT waarde FROM meta",
        "SELECT inhoud FROM documenten",
        "VACUUM INTO '/tmp/leerkring-x'",
        "DELETE FROM records",
        "CREATE TABLE x (y)",
        "SELECT date('now')",
        "SELECT random()",
    ] {
        let told = node.run(["query", sql]).failed(3);
        assert!(!told.contains("root:"), "{sql}: {told}");
    }
    assert!(!std::path::Path::new("/tmp/leerkring-x").exists());
}

#[test]
fn what_is_shared_can_be_asked_and_again_once_the_tables_are_made_anew() {
    let mut federation = place();
    let node = &mut federation.nodes[0];
    let record = node.share_signal(1);
    let counted = "SELECT count(*), min(id) FROM signalen";
    let expected = serde_json::json!([[1, record]]);
    let before = ask(node, counted);
    assert_eq!(before["rijen"], expected);
    let tables = node.run(["tables"]).succeeded();
    assert!(
        tables.contains("signalen") && tables.contains("woordenlijst"),
        "{tables}"
    );
    let columns = node.run(["tables", "signalen", "--lang", "en"]).succeeded();
    assert!(columns.contains("MEANING") && columns.contains("key: id"), "{columns}");
    node.stop();
    for file in ["view.sqlite", "view.whole"] {
        // A node that stopped well has them; any other has none to take away.
        let _ = fs::remove_file(node.home().join(file));
    }
    node.start();
    // Right, or busy: never half an answer.
    let again = wait::until("the tables to be there", || {
        let ran = node.run(["query", counted, "--json"]);
        match ran.code {
            Some(0) => serde_json::from_str::<Value>(&ran.stdout).ok(),
            other => {
                assert_eq!(other, Some(4), "{}", ran.stderr);
                None
            }
        }
    });
    assert_eq!((&again["rijen"], &again["snapshot"]), (&expected, &before["snapshot"]));
}

#[test]
fn what_full_text_finds_can_be_joined() {
    let federation = place();
    let node = &federation.nodes[0];
    let said = |id: &str, text: &str| {
        serde_json::json!({"id": id, "soort": "signaal", "fictief": true, "aard": "knelpunt", "thema": ["wonen"],
            "laag": "uitvoering", "tekst": text})
    };
    let texts = [
        ("een", "Zonder briefadres komt er geen uitkering."),
        ("twee", "Het loket wacht op het loket."),
        ("drie", "De briefadressen van het loket zijn op."),
    ];
    let typed: Vec<Value> = texts.iter().map(|(id, text)| said(id, text)).collect();
    let shared = node.api().share(&typed).expect("a node answers");
    let ids: Vec<String> = shared
        .iter()
        .map(|one| one.record.expect("it left").to_string())
        .collect();
    let sql = "SELECT g.id FROM gevonden g JOIN signalen s ON s.id = g.id ORDER BY g.rang";
    let found = |words: &str| -> Vec<String> {
        let printed = node.run(["query", "--search", words, sql, "--json"]).succeeded();
        let answer: Value = serde_json::from_str(&printed).expect("an answer is JSON");
        let rows = answer["rijen"].as_array().expect("it has rows");
        rows.iter()
            .map(|row| row[0].as_str().expect("an id").to_owned())
            .collect()
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(
        sorted(found("briefadres")),
        sorted(vec![ids[0].clone(), ids[2].clone()])
    );
    assert_eq!(found("briefadres loket"), [ids[2].clone()]);
    assert_eq!(found("fietsenstalling"), [""; 0]);
    resembles(node, &ids);
    node.run(["withdraw", &ids[2]]).succeeded();
    assert_eq!(found("briefadres"), [ids[0].clone()]);
    let told = node.run(["query", sql]).failed(3);
    assert!(told.contains("--search"), "{told}");
    node.run(["query", "--search", " ", sql]).failed(3);
}

/// The third signal says what the other two do.
#[track_caller]
fn resembles(node: &Node, ids: &[String]) {
    let printed = node.run(["search", "--like", &ids[2][..12], "--json"]).succeeded();
    let answer: Value = serde_json::from_str(&printed).expect("an answer is JSON");
    let found = answer["treffers"].as_array().expect("it has records");
    let found: BTreeSet<&str> = found.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(found, BTreeSet::from([ids[0].as_str(), ids[1].as_str()]));
    let told = node.run(["search", "--like", &ids[2], "--max", "1"]).succeeded();
    assert!(told.contains("zelfde thema: wonen"), "{told}");
    node.run(["search", "--like", "0000000000"]).failed(3);
    node.run(["search", "--like", &ids[2], "briefadres"]).failed(2);
}

#[test]
fn values_come_through_as_they_are_and_do_nothing_to_a_terminal() {
    let federation = place();
    let node = &federation.nodes[0];
    let sql = "SELECT 'a' || char(0) || '😀' || char(8238) || char(27) || '[31m' AS w, ?1 AS x, '=1+1' AS f";
    let ran = node.run(["query", sql, "--value", "=2", "--json"]).succeeded();
    let answer: Value = serde_json::from_str(&ran).expect("an answer is JSON");
    let expected = serde_json::json!([["a\u{0}😀\u{202e}\u{1b}[31m", "=2", "=1+1"]]);
    assert_eq!(answer["rijen"], expected);
    let shown = node.run(["query", sql, "--value", "=2"]).succeeded();
    let steers = |letter: char| letter != '\n' && (letter.is_control() || letter == '\u{202e}');
    assert!(shown.contains('😀') && !shown.contains(steers), "{shown:?}");
    let csv = node
        .run(["query", "SELECT '=1+1' AS f, 'a,b' AS g", "--csv"])
        .succeeded();
    assert_eq!(csv, "f,g\r\n'=1+1,\"a,b\"\r\n");
    let piped = node.command(["query", "-", "--csv"]).stdin("SELECT 1 AS een\n").run();
    assert_eq!(piped.succeeded(), "een\r\n1\r\n");
}
