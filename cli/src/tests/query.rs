//! What an analyst sees.

use super::canned::{Answer, Canned, TOKEN};
use super::{golden, run, typed};

const ANSWER: &str = r#"{"peilweek":"2026-W07","snapshot":"0707070707070707070707070707070707070707070707070707070707070707",
    "kolommen":["thema","aantal","tekst"],"aantal":3,"afgekapt":true,"rijen":[["wonen",12,"=1+1\u001b[31m"],[null,-0.5,"a,\"b\"\nc"],
    ["jeugd",1,""]]}"#;
const QUESTIONS: &str = r#"{"vragen":[{"nr":1,"vraag":"Hoeveel\u001b[31m","sql":"-- Hoeveel.\nSELECT 1\n"},
    {"nr":2,"vraag":"Waar","sql":"SELECT 2\n"}]}"#;
const TABLES: &str = r#"{"tabellen":[{"naam":"records","over":"Een record","kolommen":9},
    {"naam":"signalen","over":"Een signaal\u001b[31m","kolommen":12}]}"#;
const TABLE: &str = r#"{"naam":"signalen","over":"Een signaal","sleutel":["id"],"kolommen":[
    {"naam":"id","soort":"tekst","over":"Het record","verwijst":"records"},
    {"naam":"laag","soort":"tekst","over":"Waar het speelt","codes":"laag"},
    {"naam":"duur","soort":"geheel","over":"Hoe lang het duurde","eenheid":"weken"},
    {"naam":"nieuw","soort":"iets_nieuws","over":"Van een nieuwere node"}]}"#;
const NO_TABLE: &str = r#"{"type":"urn:leerkring:probleem:niet-gevonden","title":"Niet gevonden","status":404,
    "detail":"er is geen tabel \"x\"","hint":"leerkring tables toont de tabellen"}"#;

fn node(post: &'static str, status: u16) -> Canned {
    let answer = |to, status, body: &str| Answer {
        to,
        status,
        media: if status == 200 {
            "application/json"
        } else {
            "application/problem+json"
        },
        body: body.to_owned(),
        missing: 0,
    };
    Canned::start(vec![
        answer("POST /v1/zoekvragen", status, post),
        answer("GET /v1/zoekvragen", 200, QUESTIONS),
        answer("GET /v1/tabellen", 200, TABLES),
        answer("GET /v1/tabellen/signalen", 200, TABLE),
        answer("GET /v1/tabellen/x", 404, NO_TABLE),
    ])
}

#[test]
fn answers_are_shown_as_agreed() {
    let canned = node(ANSWER, 200);
    let mut all = String::new();
    for words in [
        &["query", "SELECT 1"][..],
        &["query", "SELECT 1", "--lang", "en"],
        &["query", "SELECT 1", "--csv"],
        &["query", "-", "--value", "wonen", "--value", "3", "--rows", "3"],
        &["query", "SELECT 1", "--json"],
        &["query"],
        &["query", "SELECT 1", "--rows", "0"],
        &["query", "SELECT 1", "--csv", "--json"],
        &["questions"],
        &["questions", "--lang", "en"],
        &["questions", "--json"],
        &["questions", "1"],
        &["questions", "2", "--json"],
        &["questions", "3"],
        &["questions", "0"],
        &["tables"],
        &["tables", "--lang", "en"],
        &["tables", "signalen"],
        &["tables", "signalen", "--lang", "en"],
        &["tables", "x"],
    ] {
        let given = [("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
        let ran = run(words, "SELECT ?1, ?2", &given);
        let line = words.join(" ");
        all += &format!("$ leerkring {line}\n{}{}[{}]\n\n", ran.output, ran.errors, ran.code);
    }
    // A checkout may turn the ends of lines around.
    golden::check("query.txt", &all.replace('\r', "<CR>"));
    let posted = canned
        .asked()
        .into_iter()
        .filter(|asked| asked.line.starts_with("POST"));
    let posted: Vec<String> = posted.map(|asked| asked.body).collect();
    assert_eq!(posted[0], r#"{"sql":"SELECT 1"}"#);
    assert_eq!(
        posted[3],
        r#"{"sql":"SELECT ?1, ?2","parameters":["wonen",3],"rijen":3}"#
    );
}

#[test]
fn what_is_wrong_with_a_question_is_told_with_its_place() {
    let canned = node(
        r#"{"type":"urn:leerkring:probleem:invoer","title":"De invoer klopt niet","status":400,
        "detail":"er is geen kolom tema","hint":"bedoelt u thema?","pad":"sql","regelnummer":1,"kolom":8,"toegestaan":["thema"]}"#,
        400,
    );
    let given = [("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
    let ran = run(&["query", "SELECT tema"], "", &given);
    golden::check(
        "query_wrong.txt",
        &format!("{}{}[{}]\n", ran.output, ran.errors, ran.code),
    );
    let ran = typed(&["query", "SELECT tema", "--node", "http://127.0.0.1:1"], "");
    assert_eq!(ran.code, 5, "{}", ran.errors);
}
