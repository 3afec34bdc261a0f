//! `leerkring gate` as people and programs see it. Every name and number here is made up.

use serde_json::{Value, json};

use super::papers::{Folder, succeeded};
use super::{golden, run};

const NOTE: &str = "Bel 06-12345678.\nBSN 123456782, ook voor \u{1b}[31mrood?";
const LINES: &str = concat!(
    r#"{"id": "a", "text": "é, bel 06-12345678", "bron": "x"}"#,
    "\n\n",
    r#"{"id": 7, "text": "Het loket vraagt een bewijs."}"#,
    "\n",
    r#"{"id": null, "text": "a\u0007b"}"#,
    "\n",
);

fn gold(text: &str, start: usize, end: usize, what: &str) -> String {
    let spans = json!([{"start": start, "end": end, "type": what}]);
    format!("{}\n", json!({"id": what, "text": text, "spans": spans}))
}

#[test]
fn answers_are_as_agreed() {
    let note = NOTE.replace('\u{1b}', "");
    let labelled = [
        gold("Bel 06-12345678 aub", 4, 15, "PHONE"),
        // A code word that no gate can know: a leak, and in a text that passes.
        gold("Het was de rode deur", 11, 15, "CODE"),
        "{\"id\": 3, \"text\": \"Het loket vraagt een bewijs.\", \"spans\": []}\n".to_owned(),
    ];
    let labelled = labelled.concat();
    let mut all = String::new();
    for (words, input) in [
        (&["gate", "-"][..], note.as_str()),
        (&["gate", "-", "--lang", "en"], &note),
        (&["gate", "-", "--json"], &note),
        (&["gate", "-"], "Het loket vraagt een bewijs."),
        (&["gate", "-"], NOTE),
        (&["gate", "-", "--jsonl"], LINES),
        (&["gate", "--evaluate", "-"], &labelled),
        (&["gate", "--evaluate", "-", "--lang", "en"], &labelled),
        (&["gate", "--evaluate", "-", "--json"], &labelled),
    ] {
        let ran = run(words, input, &[]);
        all += &format!(
            "$ leerkring {}   ({})\n{}{}\n",
            words.join(" "),
            ran.code,
            ran.output,
            ran.errors
        );
    }
    golden::check("gate.txt", &all);
}

#[test]
fn places_count_characters_of_the_text_as_given() {
    let ran = run(&["gate", "-", "--jsonl"], LINES, &[]);
    let first: Value = serde_json::from_str(ran.output.lines().next().unwrap()).unwrap();
    let expected =
        json!([{"start": 7, "end": 18, "type": "telefoon", "rule": first["spans"][0]["rule"], "action": "mask"}]);
    assert_eq!(first["spans"], expected);
    assert_eq!(first["masked"], "é, bel [telefoon]");
}

#[test]
fn a_wrong_line_is_named_and_what_came_before_is_answered() {
    let good = "{\"id\": 1, \"text\": \"bel 06-12345678\"}\n";
    for (wrong, said) in [
        ("{\"id\": 1}", "het veld text ontbreekt"),
        ("geen json", "regel 2"),
        ("{\"text\": \"x\"}", "het veld id ontbreekt"),
        ("{\"id\": 1, \"text\": 7}", "een waarde van een andere soort"),
    ] {
        let ran = run(&["gate", "-", "--jsonl"], &format!("{good}{wrong}\n"), &[]);
        assert_eq!((ran.code, ran.output.lines().count()), (3, 1), "{wrong}");
        assert!(
            ran.errors.contains("regel 2") && ran.errors.contains(said) && ran.errors.contains("wat te doen"),
            "{}",
            ran.errors
        );
    }
}

#[test]
fn a_label_that_lies_beside_its_text_is_refused() {
    for label in [
        json!({"start": 0, "end": 99, "type": "X"}),
        json!({"start": 2, "end": 2, "type": "X"}),
        json!({"start": 0, "end": 3, "type": "X", "text": "Bel"}),
    ] {
        let line = json!({"id": "z", "text": "Het loket", "spans": [label]}).to_string();
        let ran = run(&["gate", "--evaluate", "-"], &line, &[]);
        assert_eq!(ran.code, 3, "{line}");
        assert!(
            ran.errors.contains("regel 1") && ran.errors.contains("span 1"),
            "{}",
            ran.errors
        );
    }
}

#[test]
fn what_is_known_of_the_case_is_looked_for() {
    let folder = Folder::new("gate-known");
    let (text, known) = (folder.path("tekst"), folder.path("bekend"));
    std::fs::write(&text, "ZOMERHOF 3 belde").unwrap();
    std::fs::write(&known, "\n zomerhof 3 \n").unwrap();
    let ran = run(&["gate", &text, "--known", &known, "--json"], "", &[]);
    succeeded(&ran);
    let answer: Value = serde_json::from_str(&ran.output).unwrap();
    assert_eq!(
        (&answer["masked"], &answer["verdict"]),
        (&json!("[bekend] belde"), &json!("review"))
    );
    std::fs::write(&known, "x\n").unwrap();
    assert_eq!(run(&["gate", &text, "--known", &known], "", &[]).code, 3);
}

#[test]
fn case_numbers_as_the_gemeente_writes_them_are_looked_for() {
    let text = "Zie K123 en q/1/23.";
    let masked = |words: &[&str]| {
        let ran = run(&[&["gate", "-", "--json"], words].concat(), text, &[]);
        succeeded(&ran);
        let answer: Value = serde_json::from_str(&ran.output).unwrap();
        answer["masked"].as_str().unwrap().to_owned()
    };
    assert_eq!(masked(&[]), text);
    let both = ["--case-number", "K###", "--case-number", "Q/#/##"];
    assert_eq!(masked(&both), "Zie [zaaknummer] en [zaaknummer].");
    let ran = run(&["gate", "-", "--case-number", "K*"], text, &[]);
    assert_eq!((ran.code, ran.output.as_str()), (2, ""));
    assert!(
        ran.errors.contains("--case-number") && ran.errors.contains("4 tot 32"),
        "{}",
        ran.errors
    );
}

#[test]
fn what_is_no_text_or_too_long_never_passes() {
    let folder = Folder::new("gate-bounds");
    let file = folder.path("bestand");
    let gate = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        run(&["gate", &file], "", &[])
    };
    let binary = gate(&[b'a', 0xff, 0x00]);
    assert_eq!(binary.code, 3);
    assert!(binary.errors.contains("byte 1"), "{}", binary.errors);
    assert_eq!(gate(b"a\0b").code, 1);
    let sentence = "Een gewone zin. ";
    let whole = sentence.repeat(1_000_000 / sentence.len());
    assert_eq!(gate(whole.as_bytes()).code, 0);
    let long = gate("€".repeat(1_500_000).as_bytes());
    assert_eq!(long.code, 1, "{}", long.errors);
    assert!(long.output.contains("1000000"), "{}", long.output);
    assert_eq!(run(&["gate", &folder.path("nergens")], "", &[]).code, 3);
}
