//! What a person sees of kringen.

use super::canned::{Answer, Canned, TOKEN};
use super::{golden, run};

const LISTED: &str = concat!(
    r#"{"doel":"Samen leren","id":"9abcdef0123456789abcdef012345678","leden":["GM9901","GM9903"],"naam":"Wonen\u001b[31m","staat":"actief"}"#,
    "\n",
    r#"{"doel":"Samen","id":"8abcdef0123456789abcdef012345678","leden":[],"naam":"Schulden","staat":"gesloten"}"#,
    "\n"
);
const BEGUN: &str = concat!(
    r#"{"id":"k-1","leden":["GM9901"],"naam":"Jeugd en wonen","record":"5abcdef0123456789abcdef012345678","staat":"actief","voortgang":"wacht"}"#,
    "\n",
    r#"{"id":"k-2","leden":["GM9901"],"naam":"Wonen","record":"9abcdef0123456789abcdef012345678","staat":"actief","voortgang":"gedeeld"}"#,
    "\n"
);
const SAID: &str = r#"{"id":"c-1","kring":"9abc","naam":"Wonen","lid":true,"week":"2026-W02","voortgang":"wacht"}"#;
const ACCOUNT: &str = r#"{"kring":"9abc","naam":"Wonen & *zorg*","doel":"Samen <leren>","kwartaal":"2026-Q1","peilweek":"2026-W13",
    "snapshot":"0707070707070707070707070707070707070707070707070707070707070707","leden":["GM9901","GM9903"],
    "toegetreden":["GM9903"],"vertrokken":[],"volledig":false,"regels":[
    {"deel":"gedaan","kop":"Wat wij deden","week":"2026-W12","gemeente":"GM9901","wat":"afspraak nagekomen","soort":"sessie",
     "id":"7abcdef0123456789abcdef012345678","afspraak":2,"titel":"Bellen","staat":"afgerond"},
    {"deel":"geleerd","kop":"Wat wij leerden","week":"2026-W13","gemeente":"GM9903","wat":"uitkomst van een experiment",
     "soort":"experiment","id":"6abcdef0123456789abcdef012345678","titel":"<b>Bellen</b> in plaats van schrijven","staat":"gerapporteerd",
     "uitkomst":"mislukt"}]}"#;
const EMPTY: &str = r#"{"kring":"9abc","naam":"Wonen","doel":"Samen leren","kwartaal":"2026-Q2","peilweek":"2026-W26",
    "snapshot":"0707070707070707070707070707070707070707070707070707070707070707","leden":[],"toegetreden":[],"vertrokken":[],
    "volledig":true,"regels":[]}"#;

fn node() -> Canned {
    let answer = |to, media, body: &str| Answer {
        to,
        status: 200,
        media,
        body: body.to_owned(),
        missing: 0,
    };
    let json = "application/json";
    Canned::start(vec![
        answer("GET /v1/records?soort=kring&peilweek=2026-W01", "application/jsonl", ""),
        answer("GET /v1/records?soort=kring", "application/jsonl", LISTED),
        answer(
            "GET /v1/lokale-records?soort=kring&peilweek=2026-W01",
            "application/jsonl",
            "",
        ),
        answer("GET /v1/lokale-records?soort=kring", "application/jsonl", BEGUN),
        answer("POST /v1/lidmaatschappen", json, SAID),
        answer("GET /v1/verantwoording?kring=9abc&kwartaal=2026-Q1", json, ACCOUNT),
        answer("GET /v1/verantwoording?kring=9abc&kwartaal=2026-Q2", json, EMPTY),
    ])
}

#[test]
fn kringen_are_shown_as_agreed() {
    let canned = node();
    let mut all = String::new();
    for line in [
        "kring",
        "kring list --lang en",
        "kring list --peilweek 2026-W01",
        "kring join 9abc --week 2026-W02",
        "kring leave 9abc --lang en",
        "kring join",
        "kring join 9abc --week gisteren",
        "kring account 9abc --kwartaal 2026-Q1",
        "kring account 9abc --kwartaal 2026-Q1 --format md",
        "kring account 9abc --kwartaal 2026-Q1 --format html --lang en",
        "kring account 9abc --kwartaal 2026-Q2",
        "kring account 9abc --kwartaal 2026-Q2 --format md --lang en",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let given = [("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
        let ran = run(&words, "", &given);
        all += &format!("$ leerkring {line}\n{}{}[{}]\n\n", ran.output, ran.errors, ran.code);
    }
    golden::check("kring.txt", &all);
    let posted = canned
        .asked()
        .into_iter()
        .filter(|asked| asked.line.starts_with("POST"));
    let posted: Vec<String> = posted.map(|asked| asked.body).collect();
    assert_eq!(
        posted,
        [
            r#"{"kring":"9abc","lid":true,"week":"2026-W02"}"#,
            r#"{"kring":"9abc","lid":false}"#
        ]
    );
}
