//! What a person sees of tips: which there are, and beside what was typed.

use super::canned::{Answer, Canned, TOKEN};
use super::{golden, run};

const LISTED: &str = r#"{"alle_uit":false,"totaal":3,"tips":[
    {"id":"3fa91c02de","kring":"9abc","naam":"Wonen","toon":"Vraag of een briefadres kan\u001b[31m","als":"thema=wonen","aan":true},
    {"id":"77fa91c02d","kring":"9abc","naam":"Wonen","toon":"Draag warm over","als":"overdracht=ja","aan":false},
    {"id":"88fa91c02d","kring":"9abc","naam":"Wonen","toon":"Nooit","als":"thema=wonne","aan":true,"fout":"thema heeft geen waarde \"wonne\""}]}"#;
const OFF: &str = r#"{"alle_uit":true,"totaal":0,"tips":[]}"#;
const TAKEN: &str = r#"{"concepten":[{"id":"c-1","verdict":"pass","findings":[],"inhoud":"0404040404040404040404040404040404040404040404040404040404040404",
    "tips":[{"id":"3fa91c02de","kring":"9abc","naam":"Wonen","toon":"Vraag of een briefadres kan"},
    {"id":"77fa91c02d","kring":"9abc","naam":"Zorg","toon":"Draag warm over"}]}]}"#;

fn node() -> Canned {
    let answer = |to, body: &str| Answer {
        to,
        status: 200,
        media: "application/json",
        body: body.to_owned(),
        missing: 0,
    };
    Canned::start(vec![
        answer("GET /v1/tips", LISTED),
        answer("POST /v1/tipschakelingen", OFF),
        answer("POST /v1/concepten", TAKEN),
    ])
}

#[test]
fn tips_are_shown_as_agreed() {
    let canned = node();
    let mut all = String::new();
    for line in [
        "tips",
        "tips list --lang en",
        "tips off 3fa9",
        "tips off --all --lang en",
        "tips on --all",
        "tips off",
        "tips off 3fa9 --all",
        "share - --format json",
        "share - --format json --lang en",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let given = [("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
        let ran = run(&words, "{}", &given);
        all += &format!("$ leerkring {line}\n{}{}[{}]\n\n", ran.output, ran.errors, ran.code);
    }
    golden::check("tips.txt", &all);
    let posted = canned.asked().into_iter();
    let posted = posted.filter(|asked| asked.line.starts_with("POST /v1/tips"));
    let posted: Vec<String> = posted.map(|asked| asked.body).collect();
    assert_eq!(
        posted,
        [r#"{"tip":"3fa9","aan":false}"#, r#"{"aan":false}"#, r#"{"aan":true}"#]
    );
}
