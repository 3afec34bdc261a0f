//! What a person sees of what a node answers.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use protocol::api;

use super::canned::{Answer, Canned, TOKEN};
use super::{Ran, golden, run};
use crate::output::World;

const RECORDS: &str = concat!(
    r#"{"eigenaar":"GM9901","id":"0123456789abcdefghjkmnpqrstvwxyz","soort":"signaal","staat":"gemeld","#,
    r#""tekst":"Een inwoner \u001b[31mzonder\u202e adres\nkrijgt geen uitkering, en het adres wacht op de uitkering.","#,
    r#""thema":["wonen","bestaanszekerheid"],"week":"2025-W06"}"#,
    "\n",
    r#"{"eigenaar":"GM9902","id":"zz23456789abcdefghjkmnpqrstvwxyz","soort":"knelpunt","staat":"incident","#,
    r#""thema":{"GM9901":["wonen"],"GM9902":["schulden"]},"titel":{"GM9901":"Kringetje","GM9902":"Rondje"},"week":"2025-W11"}"#,
    "\n",
);

const LOCAL: &str = concat!(
    r#"{"eigenaar":"GM9901","id":"s-1","record":"0123456789abcdefghjkmnpqrstvwxyz","soort":"signaal","staat":"gekoppeld","#,
    r#""team":"wijkteam Noord","tekst":"Zonder adres geen uitkering.","thema":["wonen"],"voortgang":"gedeeld","week":"2025-W06"}"#,
    "\n",
);

fn answer(to: &'static str, status: u16, media: &'static str, body: &str) -> Answer {
    let body = body.to_owned();
    Answer {
        to,
        status,
        media,
        body,
        missing: 0,
    }
}

fn answers() -> Vec<Answer> {
    let json = |to, body: &str| answer(to, 200, "application/json", body);
    let problem = |to, status, body: &str| answer(to, status, "application/problem+json", body);
    vec![
        answer("GET /v1/records", 200, "application/jsonl", RECORDS),
        answer("GET /v1/records?thema=leeg", 200, "application/jsonl", ""),
        Answer {
            missing: 10,
            ..answer("GET /v1/records?thema=kapot", 200, "application/jsonl", RECORDS)
        },
        json("GET /v1/records/0123", RECORDS.lines().next().unwrap()),
        problem("GET /v1/records/a%2Fb", 404, include_str!("canned/not_found.json")),
        problem("GET /v1/records/0", 400, include_str!("canned/ambiguous.json")),
        problem(
            "GET /v1/lokale-records/a%2Fb",
            404,
            include_str!("canned/not_found.json"),
        ),
        problem("GET /v1/lokale-records/0", 404, include_str!("canned/not_found.json")),
        problem("GET /v1/records/s-1", 404, include_str!("canned/not_found.json")),
        json("GET /v1/lokale-records/s-1", LOCAL),
        answer("GET /v1/lokale-records", 200, "application/jsonl", LOCAL),
        json("GET /v1/zoeken?q=adres&aantal=20", include_str!("canned/gevonden.json")),
        json(
            "GET /v1/zoeken?q=geen%20adres&thema=wonen&vanaf=2025-W01&aantal=5",
            include_str!("canned/gevonden.json"),
        ),
        json("POST /v1/concepten", include_str!("canned/intake.json")),
        json(
            "GET /v1/concepten?pagina=1&aantal=1000",
            include_str!("canned/concepten.json"),
        ),
        json("GET /v1/concepten/s-1", include_str!("canned/concept_waiting.json")),
        json("GET /v1/concepten/s-2", include_str!("canned/concept.json")),
        json("POST /v1/goedkeuringen", include_str!("canned/goedkeuringen.json")),
        json("GET /v1/stand", include_str!("canned/stand.json")),
        json("GET /v1/stand?peilweek=2026-W07", "{\"gemeente\":7}"),
        json("GET /v1/handvest", include_str!("canned/handvest.json")),
        json("POST /v1/handvest", r#"{"gelezen":3,"nieuw":1,"federatie":null}"#),
    ]
}

fn ask(canned: &Canned, line: &str, input: &str) -> Ran {
    ask_as(None, canned, line, input)
}

/// The same by a user who keeps what was shown in this folder.
fn ask_as(user: Option<&Folder>, canned: &Canned, line: &str, input: &str) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    let state = user.map(|folder| folder.0.to_str().unwrap());
    let mut variables = vec![("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
    variables.extend(state.map(|state| ("XDG_STATE_HOME", state)));
    run(&words, input, &variables)
}

#[test]
fn answers_are_shown_as_agreed() {
    let canned = Canned::start(answers());
    let user = Folder::new("user");
    let mut all = String::new();
    for line in [
        "list",
        "list --lang en",
        "list --thema leeg",
        "list --json",
        "list --thema kapot",
        "list --local",
        "show s-1",
        "show 0123",
        "show 0123 --json",
        "show a/b",
        "show 0",
        "search adres",
        "search adres --lang en",
        "search adres --json",
        "search geen adres --thema wonen --since-week 2025-W01 --max 5",
        "search adres --max 0",
        "share -",
        "share - --json",
        "approve s-1",
        "approve --all --lang en",
        "review",
        "review --lang en",
        "review s-2",
        "approve s-1 s-2",
        "approve --all --json",
        "status",
        "status --lang en",
        "status --peilweek 2026-W07 --json",
        "pending",
        "pending --lang en",
        "pending --json",
        "charter show",
        "charter show --lang en",
        "charter card",
    ] {
        let ran = ask_as(Some(&user), &canned, line, "{}");
        let code = ran.code;
        all += &format!("$ leerkring {line}\n{}{}[{code}]\n\n", ran.output, ran.errors);
    }
    golden::check("answers.txt", &all);
}

#[test]
fn more_than_a_node_takes_at_a_time_is_approved_in_parts() {
    let waiting = include_str!("canned/concept_waiting.json");
    let one: serde_json::Value = serde_json::from_str(waiting).unwrap();
    let pages = api::APPROVALS_MAX / api::PAGE_MAX as usize;
    let page = |number: usize| {
        let count = if number > pages { 1 } else { api::PAGE_MAX as usize };
        let body = serde_json::json!({ "totaal": api::APPROVALS_MAX + 1, "concepten": vec![&one; count] }).to_string();
        let to = format!("GET /v1/concepten?pagina={number}&aantal={}", api::PAGE_MAX);
        answer(Box::leak(to.into_boxed_str()), 200, "application/json", &body)
    };
    let mut all: Vec<Answer> = (1..=pages + 1).map(page).collect();
    all.extend(answers());
    let (canned, user) = (Canned::start(all), Folder::new("many"));
    assert_eq!(ask_as(Some(&user), &canned, "review s-1", "").code, 0);
    ask_as(Some(&user), &canned, "approve --all --json", "");
    let asked = canned.asked();
    let parts = asked.iter().filter(|question| question.line.starts_with("POST"));
    let parts: Vec<usize> = parts.map(|question| question.body.matches("\"id\"").count()).collect();
    assert_eq!(parts, [api::APPROVALS_MAX, 1]);
}

#[test]
fn somebody_at_a_terminal_sees_what_is_taken_back_and_says_so() {
    let record = RECORDS.lines().next().unwrap();
    let canned = Canned::start(vec![
        answer(
            "GET /v1/concepten/0123",
            404,
            "application/problem+json",
            include_str!("canned/not_found.json"),
        ),
        answer("GET /v1/records/0123", 200, "application/json", record),
        answer(
            "POST /v1/records/0123/intrekking",
            200,
            "application/json",
            r#"{"documenten":[]}"#,
        ),
    ]);
    let environment = [
        ("LEERKRING_NODE", canned.url.as_str()),
        ("LEERKRING_TOKEN", TOKEN),
        ("NO_COLOR", "1"),
    ];
    let withdraw = |words: &[&str], typed: &str| super::run_at(true, words, typed, &environment);
    let posted = || {
        canned
            .asked()
            .iter()
            .filter(|asked| asked.line.starts_with("POST"))
            .count()
    };
    for no in ["", "\n", "nee\n", "0123\n"] {
        let ran = withdraw(&["withdraw", "0123"], no);
        assert_eq!((ran.code, posted()), (1, 0), "{}", ran.errors);
        assert!(
            ran.output.contains("een inwoner") || ran.output.contains("Een inwoner"),
            "{}",
            ran.output
        );
    }
    assert_eq!((withdraw(&["withdraw", "0123"], "ja\n").code, posted()), (0, 1));
    assert_eq!((withdraw(&["withdraw", "0123", "--yes"], "").code, posted()), (0, 2));
    assert_eq!(
        (ask(&canned, "withdraw 0123", "").code, posted()),
        (0, 3),
        "where nobody sits nothing is asked"
    );
}

#[test]
fn a_token_of_an_earlier_start_is_said_with_where_the_new_one_is() {
    let body = r#"{"type":"urn:leerkring:probleem:toegang","title":"Geen toegang","status":401,"detail":"het token klopt niet","hint":"stuur de inhoud van api.token mee"}"#;
    let canned = Canned::start(vec![answer("GET /v1/records", 401, "application/problem+json", body)]);
    let ran = ask(&canned, "list", "");
    assert_eq!(ran.code, 5, "{}", ran.errors);
    assert!(ran.errors.contains("--token-file MAP/api.token"), "{}", ran.errors);
}

#[test]
fn what_is_known_of_the_case_goes_beside_the_file() {
    let (canned, folder) = (Canned::start(answers()), Folder::new("share-known"));
    let known = folder.0.join("dossier").to_str().unwrap().to_owned();
    std::fs::write(&known, "Sanne Zomer\n\nZomerhof 3\n").unwrap();
    ask(&canned, &format!("share - --format json --known {known}"), "[]");
    let body: serde_json::Value = serde_json::from_str(&canned.asked()[0].body).unwrap();
    let expected = serde_json::json!({"bestand": "[]", "vorm": "json", "bekenden": ["Sanne Zomer", "Zomerhof 3"]});
    assert_eq!(body, expected);
    std::fs::write(&known, "x\n").unwrap();
    assert_eq!(ask(&canned, &format!("share - --known {known}"), "{}").code, 3);
    assert_eq!(canned.asked().len(), 1, "nothing is sent without the list");
}

#[test]
fn the_node_hears_token_language_and_media_type() {
    let canned = Canned::start(answers());
    let rows = "week,tekst\n2026-W05,een\n05-02-2026,\"twee; half\"\n,=drie\n";
    assert_eq!(ask(&canned, "share - --format csv --lang en", rows).code, 3);
    let asked = canned.asked();
    assert_eq!(asked[0].header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(asked[0].header("accept-language"), "en");
    assert_eq!(asked[0].header("content-type"), "text/csv");
    // Whoever wrote the table, the node hears it in one form.
    assert_eq!(
        asked[0].body,
        "week;tekst\n2026-W05;een\n2026-W06;\"twee; half\"\n;=drie\n"
    );
    let user = Folder::new("hears");
    assert_eq!(ask_as(Some(&user), &canned, "review s-1", "").code, 0);
    assert_eq!(ask_as(Some(&user), &canned, "approve --all", "").code, 1);
    let approved = canned.asked().pop().unwrap();
    let shown = "1a".repeat(32);
    assert_eq!(
        approved.body,
        format!(r#"{{"concepten":[{{"id":"s-1","inhoud":"{shown}"}}]}}"#),
        "what is blocked is not asked for, and what was shown is named"
    );
}

#[test]
fn only_what_was_shown_to_this_user_is_approved() {
    let canned = Canned::start(answers());
    let (user, other) = (Folder::new("looks"), Folder::new("looks-not"));
    let approve = |user: &Folder| ask_as(Some(user), &canned, "approve s-1", "").code;
    assert_eq!(ask_as(Some(&user), &canned, "review s-1", "").code, 0);
    assert_eq!((approve(&user), approve(&other)), (1, 6));
    assert_eq!(ask_as(Some(&other), &canned, "review", "").code, 0);
    assert_eq!(approve(&other), 6, "a title is not the record");
    let changed = include_str!("canned/concept_waiting.json").replace("1a", "3c");
    let changed = Canned::start(vec![answer("GET /v1/concepten/s-1", 200, "application/json", &changed)]);
    let ran = ask_as(Some(&user), &changed, "approve s-1", "");
    assert_eq!(ran.code, 6, "{}", ran.errors);
    assert!(ran.errors.contains("leerkring review s-1"), "{}", ran.errors);
    assert_eq!(changed.asked().len(), 1, "nothing is approved");
}

#[test]
fn without_a_place_to_remember_nothing_is_approved() {
    let canned = Canned::start(answers());
    for line in ["review s-1", "approve s-1"] {
        let ran = ask(&canned, line, "");
        assert_eq!(ran.code, 2, "{}", ran.errors);
        assert!(ran.errors.contains("XDG_STATE_HOME"), "{}", ran.errors);
    }
    let file = Folder::new("a-file");
    file.write("leerkring", "in the way");
    assert_eq!(ask_as(Some(&file), &canned, "review s-1", "").code, 3);
}

#[test]
fn nothing_of_others_steers_the_terminal() {
    let canned = Canned::start(answers());
    for line in ["list", "show 0123"] {
        let ran = ask(&canned, line, "");
        let steers = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        assert_eq!(ran.output.chars().find(steers), None, "{line}");
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("leerkring-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    /// `node.json` as a node has it that runs for as long as what this returns lives.
    fn runs(&self, text: &str) -> std::fs::File {
        self.write("node.json", text);
        let file = std::fs::File::open(self.0.join("node.json")).unwrap();
        file.lock().unwrap();
        file
    }

    fn list(&self) -> Ran {
        run(&["list", "--node", self.0.to_str().unwrap()], "", &[])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_folder_says_where_its_node_answers() {
    let canned = Canned::start(answers());
    let folder = Folder::new("answers");
    let runs = folder.runs(&format!(r#"{{"api":"{}/","pid":1,"nieuw":2}}"#, canned.url));
    folder.write("api.token", &format!("{TOKEN}\n"));
    assert_eq!(folder.list().code, 0);
    assert_eq!(canned.asked()[0].header("authorization"), format!("Bearer {TOKEN}"));
    drop(runs);
    assert_eq!(folder.list().code, 4, "it was killed, and another has its port");
    assert_eq!(canned.asked().len(), 1, "the other does not see the token");
}

#[test]
fn a_node_that_does_not_run_is_one_clear_message() {
    let folder = Folder::new("absent");
    let absent = folder.list();
    assert_eq!(absent.code, 4);
    assert!(absent.errors.contains("node draait niet"), "{}", absent.errors);
    assert!(
        absent.errors.contains("start met leerkring node --dir"),
        "{}",
        absent.errors
    );
    // A node that was killed leaves its file behind.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let runs = folder.runs(&format!(r#"{{"api":"http://127.0.0.1:{port}"}}"#));
    folder.write("api.token", TOKEN);
    assert_eq!((folder.list().code, folder.list().errors), (4, absent.errors.clone()));
    drop(runs);
    assert_eq!((folder.list().code, folder.list().errors), (4, absent.errors));
}

#[test]
fn files_of_a_node_that_cannot_be_read_are_named() {
    let folder = Folder::new("broken");
    let runs = folder.runs("{");
    let broken = folder.list();
    assert_eq!(broken.code, 3);
    assert!(
        broken.errors.contains("node.json is niet te lezen"),
        "{}",
        broken.errors
    );
    drop(runs);
    let runs = folder.runs(r#"{"api":"http://192.0.2.1:80"}"#);
    assert_eq!(folder.list().code, 2, "the token stays on this machine");
    drop(runs);
    let _runs = folder.runs(r#"{"api":"http://127.0.0.1:1"}"#);
    let without = folder.list();
    assert!(without.errors.contains("api.token bestaat niet"), "{}", without.errors);
}

#[test]
fn a_url_needs_its_token_and_stays_on_this_machine() {
    let at = |url: &str, token: &str| run(&["list"], "", &[("LEERKRING_NODE", url), (token, "x")]);
    assert_eq!(at("http://127.0.0.1:1", "NONE").code, 5);
    for away in [
        "https://127.0.0.1:1",
        "http://example.org",
        "http://127.0.0.1.example.org",
        "http://[2001:db8::1]:1",
        "http://127.0.0.1:80@example.org/",
        "http://127.0.0.1@example.org",
        "http://[::1]@example.org",
        "http://[::1].example.org",
        "http://127.0.0.1:80:80",
    ] {
        assert_eq!(at(away, "LEERKRING_TOKEN").code, 2, "{away}");
    }
    assert_eq!(at("http://[::1]:1", "LEERKRING_TOKEN").code, 4);
}

#[test]
fn a_token_is_not_in_what_a_developer_prints() {
    let node = crate::address::Node::Url {
        url: "http://127.0.0.1:1".to_owned(),
        token: TOKEN.to_owned(),
    };
    assert!(!format!("{node:?}").contains(TOKEN), "{node:?}");
}

/// Takes some bytes and then hangs up, as `head` does.
struct HungUp(usize);

impl Write for HungUp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_hangs_up_is_no_failure() {
    let canned = Canned::start(answers());
    let mut errors = Vec::new();
    let variable = |name: &str| match name {
        "LEERKRING_NODE" => Some(canned.url.clone()),
        "LEERKRING_TOKEN" => Some(TOKEN.to_owned()),
        _ => None,
    };
    let mut world = World {
        input: &mut io::empty(),
        output: &mut HungUp(10),
        errors: &mut errors,
        variable: &variable,
        terminal: false,
        width: None,
        watched: false,
        typed: false,
    };
    let exit = crate::run(&["leerkring", "list", "--json"].map(OsString::from), &mut world);
    assert_eq!(exit.code(), 0);
    assert_eq!(errors, b"");
}

#[test]
fn a_program_reads_failures_as_json() {
    let ran = run(&["list", "--json", "--node", "/nergens"], "", &[]);
    let failure: serde_json::Value = serde_json::from_str(&ran.errors).unwrap();
    assert_eq!((failure["exit"].as_u64(), ran.code), (Some(4), 4));
    assert_eq!(ran.output, "");
}
