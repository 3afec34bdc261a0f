//! What a person sees of a register that is tried and taken in, and of tokens.

use super::canned::{Answer, Canned, TOKEN};
use super::{Ran, golden, run};

const ROWS: &str = "week;tekst;thema\n2026-W05;Een aanvraag wacht.;wonen\n2026-W05;123456782 belde;wonen\nhalf\n2026-W06;Nog een;wonnen\n";
const TOKENS: &str = r#"{"totaal":2,"tokens":[{"naam":"dashboard","scopes":["lezen"]},{"naam":"j.de.vries","scopes":["schrijven","nakijken"]}]}"#;

fn canned() -> Canned {
    let json = |to: &'static str, body: &str| Answer {
        to,
        status: 200,
        media: "application/json",
        body: body.to_owned(),
        missing: 0,
    };
    let intake = include_str!("canned/intake.json");
    let made = format!(
        r#"{{"naam":"dashboard","scopes":["lezen"],"token":"{}"}}"#,
        "0a".repeat(32)
    );
    let gone = r#"{"type":"urn:leerkring:probleem:niet-bevoegd","title":"Niet bevoegd","status":403,"detail":"dit token is hier niet voor; nodig is beheren"}"#;
    Canned::start(vec![
        json("POST /v1/concepten", intake),
        json("POST /v1/concepten?proef=true", intake),
        json("POST /v1/tokens", &made),
        json("GET /v1/tokens?aantal=1000", TOKENS),
        json(
            "POST /v1/tokens/dashboard/intrekking",
            r#"{"naam":"dashboard","scopes":["lezen"]}"#,
        ),
        Answer {
            to: "POST /v1/tokens/een%20ander/intrekking",
            status: 403,
            media: "application/problem+json",
            body: gone.to_owned(),
            missing: 0,
        },
    ])
}

fn ask(canned: &Canned, words: &[&str]) -> Ran {
    run(
        words,
        ROWS,
        &[("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)],
    )
}

#[test]
fn a_register_and_tokens_are_shown_as_agreed() {
    let canned = canned();
    let mut all = String::new();
    for line in [
        "share - --format csv",
        "share - --format csv --dry-run",
        "share - --format csv --dry-run --lang en",
        "share - --format csv --dry-run --json",
        "token new --name dashboard --scope lezen",
        "token new --name dashboard --scope lezen --json",
        "token new --name dashboard --scope lezen --lang en",
        "token new --name dashboard --scope alles",
        "token new --scope lezen",
        "token list",
        "token list --json",
        "token revoke dashboard",
        "token revoke dashboard --lang en",
        "share - --format json --mapping x.toml",
        "share - --format csv --mapping x.toml",
        "share - --format csv --sheet Blad1",
        "share - --format xlsx",
        "share x.txt",
    ] {
        let ran = ask(&canned, &line.split(' ').collect::<Vec<_>>());
        all += &format!("$ leerkring {line}\n{}{}[{}]\n\n", ran.output, ran.errors, ran.code);
    }
    golden::check("intake.txt", &all);
}

#[test]
fn a_token_that_is_not_for_it_ends_with_no_permission() {
    let ran = ask(&canned(), &["token", "revoke", "een ander"]);
    assert_eq!(ran.code, 5);
    assert!(ran.errors.contains("nodig is beheren"), "{}", ran.errors);
}

#[test]
fn a_row_that_is_not_whole_is_not_sent_and_told_with_its_line() {
    let canned = canned();
    let ran = ask(&canned, &["share", "-", "--format", "csv"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.output.contains("regel 4: deze regel heeft 1 cellen, de kop 3"),
        "{}",
        ran.output
    );
    assert!(!canned.asked()[0].body.contains("half"), "{}", canned.asked()[0].body);
}
