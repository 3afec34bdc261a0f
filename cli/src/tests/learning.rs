//! What a person sees of what is learned here.

use super::canned::{Answer, Canned, TOKEN};
use super::{golden, run};

const AGENDA: &str = r#"{"kwartaal":"2026-Q1","peilweek":"2026-W13","punten":[
    {"nr":1,"reden":"keert_terug","kop":"Knelpunten die terugkeren","uitleg":"keerde terug in 2026-W05","id":"k-1","soort":"knelpunt",
     "titel":"Twee *loketten* <b>wachten</b>\nop elkaar"},
    {"nr":2,"reden":"afspraak","kop":"Afspraken die klaar moeten zijn","uitleg":"beloofd voor 2026-Q1","id":"q0","soort":"sessie",
     "titel":"Bellen","afspraak":2}]}"#;
const LINKED: &str = r#"{"concepten":[{"id":"s-1","voortgang":"wacht","gedeeld":true},{"id":"s-2","voortgang":"wacht","gedeeld":false}],
    "knelpunten":[{"id":"k-1","titel":"Twee loketten","staat":"structureel_vermoed","teams":"2"}]}"#;
const PROPOSED: &str = r#"{"signalen":3,"ongekoppeld":1,"voorstellen":[{"signaal":"s-3","titel":"Zonder adres","lijkt_op":[
    {"id":"k-1","soort":"knelpunt","titel":"Twee loketten","thema":["wonen"],"regeling":[],"woorden":["adress"]}]}]}"#;
const STATE: &str = r#"{"id":"q1","soort":"afspraak","afspraak":1,"titel":"Bellen","staat":"open","concepten":[],"overgangen":[
    {"staat":"afgerond","vraagt":[],"mag":["leidt_tot","afgerond"]},{"staat":"verworpen","vraagt":["verworpen_reden"],"mag":[]},
    {"staat":"weg","vraagt":[],"mag":[],"volgt":"als het zo is"}]}"#;
const ENDED: &str =
    r#"{"id":"s-1","soort":"signaal","titel":"Zonder adres","staat":"opgelost","concepten":[],"overgangen":[]}"#;
const WENT: &str = r#"{"id":"q1","soort":"afspraak","afspraak":1,"titel":"Bellen","staat":"afgerond","overgangen":[],
    "concepten":[{"id":"q1","voortgang":"wacht","gedeeld":true}]}"#;
const OPEN: &str = r#"{"peilweek":"2026-W30","totaal":2,"knelpunten":[{"id":"k-1","gemeente":"GM9901","titel":"Twee loketten",
    "staat":"heropend","gemeld":"2026-W01","sinds":"2026-W20","weken":10,"keren":1,"opgelost":"2026-W15"}]}"#;
const ASKED: &str = r#"{"peilweek":"2026-W30","totaal":1,"vragen":[{"id":"b-1","soort":"bericht","vorm":"tegenspraak","gemeente":"GM9902",
    "week":"2026-W20","weken":10,"titel":"Dat mag niet","over":"d-1"}]}"#;
const TAKEN: &str = r#"{"concepten":[{"id":"b-2","verdict":"review","findings":[],
    "inhoud":"0000000000000000000000000000000000000000000000000000000000000000"}]}"#;
const CLOSED: &str = r#"{"id":"q1","kwartaal":"2026-Q1","week":"2026-W13","afspraken":1,
    "knelpunten":[{"id":"k-1","titel":"Twee loketten","staat":"structureel_bevestigd","teams":null}]}"#;
const BACK: &str = r#"{"signalen":[{"id":"s-1","team":"Noord","week":"2026-W01","titel":"Zonder adres","staat":"geduid","knelpunt":"k-1",
    "gebeurd":[{"week":"2026-W09","soort":"duiding","id":"9abc","gemeente":"GM9902","titel":"Het mag","staat":"vastgesteld"},
    {"week":"2026-W13","soort":"afspraak","id":"q1","afspraak":1,"gemeente":"GM9901","titel":"Bellen","staat":"afgerond","beloofd":"2026-Q2",
    "leidde_tot":"les-01"}]}]}"#;

const POST: &str = r#"{"postbus":"leerkring@kromhoek.example","peilweek":"2026-W13","totaal":2,"open":1,"meekijken":1,"berichten":[
    {"week":"2026-W12","vorm":"meekijken","gemeente":"GM9902","id":"9abc","over":"k-1","soort":"knelpunt","titel":"Twee *loketten*",
     "tekst":"Kijk mee,\nalstublieft","staat":"open"},
    {"week":"2026-W11","vorm":"herkenning","gemeente":"GM9903","id":"8abc","over":"k-1","soort":"knelpunt","titel":"Twee loketten",
     "tekst":"Bij ons ook.","staat":"geplaatst"}]}"#;

fn node() -> Canned {
    let answer = |to, body: &str| Answer {
        to,
        status: 200,
        media: "application/json",
        body: body.to_owned(),
        missing: 0,
    };
    Canned::start(vec![
        answer("GET /v1/koppelvoorstellen", PROPOSED),
        answer("POST /v1/koppelingen", LINKED),
        answer("POST /v1/ontkoppelingen", LINKED),
        answer("GET /v1/lokale-records/q1/overgangen?afspraak=1", STATE),
        answer("GET /v1/lokale-records/s-1/overgangen", ENDED),
        answer("POST /v1/lokale-records/q1/overgangen", WENT),
        answer("GET /v1/agenda?kwartaal=2026-Q1", AGENDA),
        answer(
            "GET /v1/agenda?kwartaal=2026-Q2",
            r#"{"kwartaal":"2026-Q2","peilweek":"2026-W26","punten":[]}"#,
        ),
        answer("GET /v1/knelpunten?aantal=100", OPEN),
        answer(
            "GET /v1/knelpunten?terug=true&netwerk=true&thema=wonen&aantal=100",
            OPEN,
        ),
        answer("GET /v1/vragen?aantal=100", ASKED),
        answer(
            "GET /v1/vragen?netwerk=true&aantal=100",
            r#"{"peilweek":"2026-W30","totaal":0,"vragen":[]}"#,
        ),
        answer(
            "GET /v1/lokale-records/k-1",
            r#"{"id":"k-1","soort":"knelpunt","fictief":true}"#,
        ),
        answer("POST /v1/concepten", TAKEN),
        answer("POST /v1/sessies", CLOSED),
        answer("GET /v1/postvak", POST),
        answer("GET /v1/terugkoppelingen?team=Noord&sinds=2026-W05", BACK),
        answer("GET /v1/terugkoppelingen", r#"{"signalen":[]}"#),
    ])
}

fn ask(canned: &Canned, words: &[&str]) -> (String, u8) {
    let ran = run(
        words,
        "",
        &[("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)],
    );
    (format!("{}{}", ran.output, ran.errors), ran.code)
}

#[test]
fn what_is_learned_is_shown_as_agreed() {
    let canned = node();
    let mut all = String::new();
    for line in [
        "link",
        "link --lang en",
        "link s-1 s-2 k-1",
        "link s-1 s-2 k-1 --lang en",
        "link s-1",
        "unlink s-1 --json",
        "mark q1/1",
        "mark q1/1 --lang en",
        "mark s-1",
        "mark q1/1 afgerond leidt_tot=les-01 --week 2026-W20",
        "mark q1/een",
        "mark q1/1 verworpen reden",
        "agenda --kwartaal 2026-Q1",
        "agenda --kwartaal 2026-Q1 --format md",
        "agenda --kwartaal 2026-Q1 --format html --lang en",
        "agenda --kwartaal 2026-Q2",
        "agenda --kwartaal 2026-Q2 --format md",
        "agenda --kwartaal lente",
        "sessie q1 --kwartaal 2026-Q1 --present beleid --discussed 1",
        "sessie q1 --kwartaal 2026-Q1 --present beleid --discussed 9",
        "sessie q1 --kwartaal 2026-Q1 --present beleid --afspraak Bellen|beleid|lente",
        "knelpunten",
        "knelpunten --returned --network --thema wonen --lang en",
        "vragen",
        "vragen --network",
        "bericht k-1 vraag Hoe doen jullie dat?",
        "bericht k-1 roep Hoe?",
        "terug",
        "post",
        "post --all --lang en",
        "terug --team Noord --since 2026-W05",
        "terug --team Noord --since 2026-W05 --lang en",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let (text, code) = ask(&canned, &words);
        all += &format!("$ leerkring {line}\n{text}[{code}]\n\n");
    }
    golden::check("learning.txt", &all);
}

#[test]
fn the_node_hears_what_was_linked_and_what_was_talked_about() {
    let canned = node();
    assert_eq!(ask(&canned, &["link", "s-1", "s-2", "k-1"]).1, 0);
    let new = [
        "link",
        "s-1",
        "--new",
        "Twee loketten",
        "--kind",
        "werkproces",
        "--id",
        "k-1",
    ];
    assert_eq!(ask(&canned, &new).1, 0);
    let sessie =
        "sessie q1 --kwartaal 2026-Q1 --present uitvoering,beleid --discussed 2,k-7 --week 2026-W13 --people 5-9";
    let mut words: Vec<&str> = sessie.split(' ').collect();
    words.extend([
        "--afspraak",
        "Bellen | beleid | 2026-Q2",
        "--afspraak",
        "Schrijven|||k-1",
    ]);
    assert_eq!(ask(&canned, &words).1, 0);
    let mark = ["mark", "q1/1", "afgerond", "leidt_tot=les-01", "--week", "2026-W20"];
    assert_eq!(ask(&canned, &mark).1, 0);
    let bericht = ["bericht", "k-1", "tegenspraak", "Dat mag niet", "--id", "b-2"];
    assert_eq!(ask(&canned, &bericht).1, 0);
    let posted: Vec<_> = canned
        .asked()
        .into_iter()
        .filter(|asked| asked.line.starts_with("POST"))
        .collect();
    assert_eq!(posted[0].body, r#"{"signalen":["s-1","s-2"],"knelpunt":"k-1"}"#);
    assert_eq!(
        posted[1].body,
        r#"{"signalen":["s-1"],"nieuw":{"id":"k-1","titel":"Twee loketten","soort_knelpunt":"werkproces"}}"#
    );
    assert_eq!(
        posted[3].body,
        r#"{"staat":"afgerond","afspraak":1,"week":"2026-W20","velden":{"leidt_tot":"les-01"}}"#
    );
    assert_eq!(
        posted[4].body,
        r#"{"fictief":true,"id":"b-2","over":"k-1","soort":"bericht","tekst":"Dat mag niet","vorm":"tegenspraak","week":null}"#
    );
    let afspraken = concat!(
        r#"[{"wat":"Bellen","laag":"beleid","klaar":"2026-Q2"},"#,
        r#"{"wat":"Schrijven","leidt_tot":"k-1"}]"#
    );
    assert_eq!(
        posted[2].body,
        format!(
            r#"{{"id":"q1","kwartaal":"2026-Q1","week":"2026-W13","aanwezig":["uitvoering","beleid"],"aantal_band":"5-9","besproken":["q0","k-7"],"afspraken":{afspraken}}}"#
        )
    );
}
