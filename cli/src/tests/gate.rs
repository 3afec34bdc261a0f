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
fn a_wrong_line_is_blocked_and_named_and_the_others_go_on() {
    let good = "{\"id\": 1, \"text\": \"bel 06-12345678\"}\n";
    for (wrong, id, said) in [
        ("{\"id\": 9}", json!(9), "het veld text ontbreekt"),
        ("geen json", Value::Null, "dit is geen JSON"),
        ("{\"text\": \"x\"}", Value::Null, "het veld id ontbreekt"),
        (
            "{\"id\": \"a\", \"text\": 7}",
            json!("a"),
            "een waarde van een andere soort",
        ),
        ("{\"id\": 1, \"text\": \"half", Value::Null, "dit is geen JSON"),
    ] {
        let ran = run(&["gate", "-", "--jsonl"], &format!("{good}{wrong}\n{good}"), &[]);
        let answers: Vec<Value> = ran
            .output
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!((ran.code, answers.len()), (3, 3), "{wrong}");
        assert_eq!((&answers[0], &answers[0]["verdict"]), (&answers[2], &json!("review")));
        assert_eq!(
            (&answers[1]["verdict"], &answers[1]["id"]),
            (&json!("block"), &id),
            "{wrong}"
        );
        assert_eq!(
            (&answers[1]["masked"], &answers[1]["spans"]),
            (&json!(""), &json!([])),
            "{wrong}"
        );
        assert!(answers[1]["reason"].as_str().unwrap().contains(said), "{}", answers[1]);
        assert!(
            ran.errors.contains("regel 2") && ran.errors.contains(said) && ran.errors.contains("wat te doen"),
            "{}",
            ran.errors
        );
    }
}

#[test]
fn a_line_without_an_end_is_blocked_and_the_next_is_read() {
    let folder = Folder::new("gate-long-line");
    let file = folder.path("regels.jsonl");
    let long = "x".repeat(17 * 1024 * 1024);
    std::fs::write(
        &file,
        format!("{long}\n{{\"id\": 2, \"text\": \"Het loket wacht.\"}}\n"),
    )
    .unwrap();
    let ran = run(&["gate", &file, "--jsonl"], "", &[]);
    let answers: Vec<Value> = ran
        .output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((ran.code, answers.len()), (3, 2), "{}", ran.errors);
    assert_eq!(
        (&answers[0]["verdict"], &answers[1]["id"]),
        (&json!("block"), &json!(2))
    );
    assert_eq!(answers[1]["verdict"], json!("pass"));
}

#[test]
fn a_million_lines_and_one_are_all_answered() {
    let line = "{\"id\":1,\"text\":\"Wacht\"}\n";
    let ran = run(&["gate", "-", "--jsonl"], &line.repeat(1_000_001), &[]);
    assert_eq!((ran.code, ran.output.lines().count()), (0, 1_000_001), "{}", ran.errors);
}

#[test]
fn odd_texts_are_masked_like_plain_ones() {
    for (text, expected) in [
        (
            "<p>Mevrouw <b>Haverkotte</b> belt 06-12345678.<br></p> <a href=\"mailto:jan@voorbeeld.nl\">mail</a>",
            "<p>Mevrouw <b>[naam 1]</b> belt [telefoon].<br></p> <a [onbekend]=\"mailto:[e-mail]\">mail</a>",
        ),
        (
            "# Verslag\n\n- **Mevrouw** _Haverkotte_ [site](https://x.nl)\n| BSN | 123456782 |\n`06-12345678`\n",
            "# Verslag\n\n- **Mevrouw** _[naam 1]_ [site]([webadres])\n| BSN | [bsn] |\n`[telefoon]`\n",
        ),
        (
            "Het loket \u{1f600} belt mevrouw Haverkotte op 06-12345678 \u{1f642}.",
            "Het loket \u{1f600} belt mevrouw [naam 1] op [telefoon] \u{1f642}.",
        ),
        (
            "Het loket belde \u{202e}\u{5d0}\u{5d1}\u{5d2}\u{202c} en mevrouw \u{200f}Haverkotte.",
            "Het loket belde [onbekend] en mevrouw [naam 1].",
        ),
        ("BSN 123\u{200b}456\u{200d}782 van het loket", "BSN [bsn] van het loket"),
        (
            "Het nummer is 1\u{2060}2\u{200b}3\u{feff}456782.",
            "Het nummer is [bsn].",
        ),
        (
            "Bel \u{ff10}\u{ff16}\u{ff0d}\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}\u{ff17}\u{ff18}.",
            "Bel [telefoon].",
        ),
        ("bel nul zes een twee drie vier vijf zes zeven acht", "bel [telefoon]"),
    ] {
        let ran = run(&["gate", "-", "--json"], text, &[]);
        succeeded(&ran);
        let answer: Value = serde_json::from_str(&ran.output).unwrap();
        assert_eq!(
            (answer["masked"].as_str(), answer["verdict"].as_str()),
            (Some(expected), Some("review")),
            "{text}"
        );
        let places: Vec<char> = text.chars().collect();
        for span in answer["spans"].as_array().unwrap() {
            let (start, end) = (span["start"].as_u64().unwrap(), span["end"].as_u64().unwrap());
            assert!(start < end && end as usize <= places.len(), "{span} in {text}");
        }
    }
}

#[test]
fn nothing_at_all_passes_and_what_no_person_could_read_does_not() {
    for empty in ["", " \n\n"] {
        let ran = run(&["gate", "-", "--json"], empty, &[]);
        succeeded(&ran);
        let answer: Value = serde_json::from_str(&ran.output).unwrap();
        assert_eq!(
            (answer["verdict"].as_str(), &answer["spans"]),
            (Some("pass"), &json!([]))
        );
        assert_eq!(run(&["gate", "-", "--jsonl"], empty, &[]).output, "");
    }
    let english = "The municipality has decided that the application will be rejected because the documents that were requested \
                   have not been received in time by the department.";
    let ran = run(
        &["gate", "-", "--json"],
        &format!("{english} Nobody could explain why this happened."),
        &[],
    );
    let answer: Value = serde_json::from_str(&ran.output).unwrap();
    assert_eq!((ran.code, answer["verdict"].as_str()), (1, Some("block")));
    assert!(answer["reason"].as_str().unwrap().contains("Nederlands"), "{answer}");
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
    assert_eq!((binary.code, binary.output.as_str()), (3, ""));
    assert!(binary.errors.contains("byte 1"), "{}", binary.errors);
    let told: Value = serde_json::from_str(&run(&["gate", &file, "--json"], "", &[]).output).unwrap();
    assert_eq!(told["verdict"], json!("block"));
    assert!(told["reason"].as_str().unwrap().contains("byte 1"), "{told}");
    assert_eq!(gate(b"a\0b").code, 1);
    let sentence = "Een gewone zin. ";
    let whole = sentence.repeat(1_500_000 / sentence.len());
    assert_eq!(gate(whole.as_bytes()).code, 0);
    let long = gate("€".repeat(1_500_001).as_bytes());
    assert_eq!(long.code, 1, "{}", long.errors);
    assert!(long.output.contains("1500000"), "{}", long.output);
    assert_eq!(run(&["gate", &folder.path("nergens")], "", &[]).code, 3);
}
