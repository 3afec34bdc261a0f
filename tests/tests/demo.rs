//! The demo does what it says, ends well, and leaves nothing behind.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tests::harness::{Command, Scratch, wait};

/// A whole demo on a machine that is busy with other tests.
const DEMO: Duration = Duration::from_secs(150);

fn demo(place: &Scratch, arguments: &[&str]) -> Command {
    let command = Command::leerkring(place.path(), ["demo", "--json"]).arguments(arguments);
    command.env("TMPDIR", place.path()).deadline(DEMO)
}

fn events(printed: &str) -> Vec<Value> {
    let lines = printed.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("every line is JSON")
}

fn nodes(done: &Value) -> &Vec<Value> {
    done["nodes"].as_array().expect("the last event names the nodes")
}

fn is_empty(place: &Path) -> bool {
    fs::read_dir(place)
        .expect("a scratch directory can be read")
        .next()
        .is_none()
}

/// Runs a demo to its end and checks what it says then.
#[track_caller]
fn ends_equal(arguments: &[&str], gemeenten: usize, records_min: u64) {
    let place = Scratch::new("demo");
    let printed = demo(&place, arguments).run().succeeded();
    let events = events(&printed);
    let done = events.last().expect("it told something");
    assert_eq!(
        (&done["event"], &done["converged"]),
        (&"done".into(), &true.into()),
        "{done}"
    );
    assert_eq!(nodes(done).len(), gemeenten);
    for node in nodes(done) {
        assert_eq!(node["snapshot"], nodes(done)[0]["snapshot"]);
        assert!(node["records"].as_u64() >= Some(records_min), "{node}");
    }
    assert!(is_empty(place.path()), "the temporary directory is gone");
}

#[test]
fn once_ends_equal_and_leaves_nothing() {
    ends_equal(&["--once"], 5, 10);
}

#[test]
fn the_loop_that_is_told_is_what_the_nodes_went_through() {
    let place = Scratch::new("demo");
    let printed = demo(&place, &["--once"]).run().succeeded();
    let told: Vec<Value> = events(&printed)
        .into_iter()
        .filter(|one| one["event"] == "loop")
        .collect();
    let steps: Vec<&Value> = told.iter().map(|one| &one["step"]).collect();
    let numbers: Vec<Value> = (0..=12).map(Value::from).collect();
    assert_eq!(
        steps,
        numbers.iter().collect::<Vec<_>>(),
        "every step happened, in order"
    );
    for (step, fact, is) in [
        (2, "seen", Value::from(true)),
        (3, "state", "structureel_vermoed".into()),
        (3, "teams", "2".into()),
        (3, "agenda", true.into()),
        (6, "state", "structureel_bevestigd".into()),
        (7, "state", "betwist".into()),
        (8, "outcome", "mislukt".into()),
        (8, "frozen_same", true.into()),
        (9, "state", "opgelost".into()),
        (12, "state", "heropend".into()),
    ] {
        assert_eq!(told[step][fact], is, "step {step}: {}", told[step]);
    }
    let (found, tip) = (&told[5]["found"], &told[11]["tip"]);
    assert!(found.is_string() && tip.is_string(), "{found} {tip}");
}

#[test]
fn made_up_records_of_as_many_gemeenten_as_asked_for() {
    ends_equal(&["--gemeenten", "6", "--records", "60", "--once"], 6, 60);
}

#[test]
fn a_directory_that_was_asked_for_is_kept() {
    let place = Scratch::new("demo");
    let kept = place.join("bewaard");
    let kept_text = kept.to_str().expect("a scratch path is text");
    let arguments = ["--gemeenten", "2", "--records", "2", "--once", "--dir", kept_text];
    demo(&place, &arguments).run().succeeded();
    assert!(!is_empty(&kept));
}

#[test]
fn ctrl_c_stops_every_node_and_removes_the_temporary_directory() {
    let (place, output) = (Scratch::new("demo"), Scratch::new("demo-output"));
    let mut process = demo(&place, &["--gemeenten", "3", "--records", "6"]).start_in(&output);
    let read = || fs::read_to_string(output.join("stdout")).unwrap_or_default();
    let done = wait::within(DEMO, "the table of the demo", || {
        let printed = read();
        printed
            .contains("\"done\"")
            .then_some(())
            .filter(|()| printed.ends_with('\n'))
    });
    assert_eq!(done, Ok(()), "it printed:\n{}", read());
    let events = events(&read());
    let pids: Vec<String> = nodes(events.last().expect("it told something"))
        .iter()
        .map(|node| format!("/proc/{}", node["pid"]))
        .collect();
    assert!(pids.iter().all(|pid| Path::new(pid).exists()), "the nodes keep running");
    process.interrupt();
    let ended = wait::until("the end of the demo", || process.ended());
    assert_eq!(ended.code(), Some(0));
    assert!(
        !pids.iter().any(|pid| Path::new(pid).exists()),
        "a node outlived the demo"
    );
    assert!(is_empty(place.path()), "the temporary directory is gone");
}

#[test]
fn ctrl_c_halfway_leaves_no_nodes() {
    let (place, output) = (Scratch::new("demo"), Scratch::new("demo-output"));
    let mut process = demo(&place, &[]).start_in(&output);
    let read = || fs::read_to_string(output.join("stdout")).unwrap_or_default();
    wait::until("the first record of the demo", || {
        read().contains("\"shared\"").then_some(())
    });
    process.interrupt();
    wait::until("the end of the demo", || process.ended());
    wait::until("the end of its nodes", || {
        running_in(place.path()).is_empty().then_some(())
    });
    assert!(is_empty(place.path()), "the temporary directory is gone");
}

/// Processes whose command line names something below a directory.
fn running_in(place: &Path) -> Vec<String> {
    let place = place.to_string_lossy().into_owned();
    let processes = fs::read_dir("/proc").expect("the tests run on Linux").flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(&place)).collect()
}
