//! `leerkring simulate` as people and programs see it.

use super::run;

#[test]
fn the_same_seed_is_told_in_the_same_bytes() {
    let words = ["simulate", "--seed", "7", "--nodes", "4", "--weeks", "2"];
    let (one, other) = (run(&words, "", &[]), run(&words, "", &[]));
    assert_eq!((one.code, &one.output), (0, &other.output));
    assert!(
        one.output.contains("Elke wet hield stand.") && one.output.contains("alles heelt"),
        "{}",
        one.output
    );
    let english = run(&[&words[..], &["--lang", "en"]].concat(), "", &[]);
    assert!(english.output.contains("Every law held."), "{}", english.output);
    assert_eq!(one.output.lines().count(), english.output.lines().count());
}

#[test]
fn programs_get_a_line_of_json_per_thing_that_happens() {
    let ran = run(&["simulate", "--seed", "7", "--weeks", "1", "--json"], "", &[]);
    let lines: Vec<serde_json::Value> = ran
        .output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (last, told) = lines.split_last().unwrap();
    assert!(told.len() > 3 && told.iter().all(|line| line["event"] == "told" && line["ms"].is_u64()));
    assert_eq!(
        (last["event"].as_str(), &last["failed"]),
        (Some("done"), &serde_json::Value::Null)
    );
}

#[test]
fn many_are_counted_by_class() {
    let ran = run(&["simulate", "--count", "40", "--from", "3"], "", &[]);
    assert_eq!(ran.code, 0, "{}", ran.output);
    assert!(
        ran.output.contains("40 federaties, 0 met een gebroken wet"),
        "{}",
        ran.output
    );
    assert!(ran.output.contains("vijandige leden"), "{}", ran.output);
}

#[test]
fn a_plan_is_played_and_one_that_makes_no_sense_is_refused() {
    let dir = std::env::temp_dir().join(format!("leerkring-plan-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("plan.json");
    let mut plan = serde_json::to_value(crate::simulate::Plan::of(5, crate::simulate::Wish::default())).unwrap();
    std::fs::write(&file, plan.to_string()).unwrap();
    let played = run(&["simulate", "--plan", file.to_str().unwrap()], "", &[]);
    let drawn = run(&["simulate", "--seed", "5"], "", &[]);
    assert_eq!((played.code, &played.output), (0, &drawn.output));
    plan["links"] = serde_json::json!([[0, 99]]);
    std::fs::write(&file, plan.to_string()).unwrap();
    let refused = run(&["simulate", "--plan", file.to_str().unwrap()], "", &[]);
    assert_eq!(refused.code, 3, "{}", refused.errors);
    assert!(
        refused.errors.contains("nodes of gemeenten die er niet zijn"),
        "{}",
        refused.errors
    );
    std::fs::write(&file, "{").unwrap();
    assert_eq!(run(&["simulate", "--plan", file.to_str().unwrap()], "", &[]).code, 3);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    for words in [
        &["simulate"][..],
        &["simulate", "--seed", "1", "--count", "2"],
        &["simulate", "--seed", "1", "--nodes", "1"],
        &["simulate", "--plan", "x", "--seed", "1"],
    ] {
        assert_eq!(run(words, "", &[]).code, 2, "{words:?}");
    }
}

#[test]
fn a_plan_that_was_kept_is_played_with_its_fault_and_without() {
    let plans = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/tests/simulation/plans.jsonl");
    let kept = std::fs::read_to_string(plans).unwrap();
    let shown = run(&["simulate", "--plan", plans, "--json"], "", &[]);
    let failed = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["failed"].is_string();
    assert_eq!(shown.code, 1, "{}", shown.errors);
    let failures = shown.output.lines().filter(|line| failed(line)).count();
    assert_eq!(failures, kept.lines().count());
    let mended = run(&["simulate", "--plan", plans, "--mended", "--json"], "", &[]);
    assert_eq!(mended.code, 0, "{}", mended.errors);
}
