//! The API over a real socket, with a backend that answers from memory.

mod described;
mod exports;
mod fake;
mod learning;
mod queries;
mod questions;
mod room;
mod tokens;
mod types;
mod versions;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use fake::{Fake, record_text};
use room::{BROKEN_OFF, Room, problem};

use super::*;

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn nothing_is_answered_without_the_token() {
    let room = Room::open();
    for path in ["/v1/stand", "/v1/records", "/v1/nergens", "/v1/concepten/x"] {
        let answer = room.send("GET", path, &[("Authorization", "Bearer fout")], b"");
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (401, "Bearer"),
            "{path}"
        );
        assert!(problem(&answer).hint.is_some());
    }
    for path in ["/v1/gezondheid", "/health", "/v1/openapi.json"] {
        assert_eq!(
            room.send("GET", path, &[("Authorization", "")], b"").status,
            200,
            "{path}"
        );
    }
}

#[test]
fn who_did_what_is_noted_under_the_account_that_was_named() {
    let room = Room::open();
    let json = ("Content-Type", "application/json");
    let named = ("Leerkring-Account", "j.de.vries");
    room.send("POST", "/v1/concepten", &[json, named], b"{}");
    room.send("GET", "/v1/concepten/s-1", &[named], b"");
    room.send("POST", "/v1/records/x/intrekking", &[json], b"");
    room.send("POST", "/v1/concepten", &[json, named], b"kapot");
    let noted = room.fake.noted();
    assert_eq!(noted.len(), 3, "what was refused is nobody's deed: {noted:?}");
    assert!(noted[0].starts_with("j.de.vries opgenomen "), "{noted:?}");
    assert_eq!(noted[1], "j.de.vries bekeken s-1");
    assert!(noted[2].starts_with("api ingetrokken "), "{noted:?}");
    let joined = room.send("POST", "/v1/uitnodiging", &[json, named], b"{}");
    let federation = serde_json::from_str::<serde_json::Value>(&joined.body).unwrap()["federatie"].clone();
    let line = format!("j.de.vries toegetreden {}", federation.as_str().unwrap());
    assert_eq!(room.fake.noted().last(), Some(&line));
    let wrong = room.send(
        "GET",
        "/v1/concepten/s-1",
        &[("Leerkring-Account", "jan de vries")],
        b"",
    );
    assert_eq!(problem(&wrong).status, 400);
}

#[test]
fn every_answer_names_the_version_and_is_not_kept() {
    let room = Room::open();
    for path in ["/v1/stand", "/v1/gezondheid", "/v1/nergens"] {
        let answer = room.get(path);
        assert_eq!(answer.header("api-version"), protocol::api::VERSION, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

#[test]
fn what_is_not_there_is_a_problem_in_the_language_asked() {
    let room = Room::open();
    let dutch = problem(&room.get("/v1/nergens"));
    assert_eq!((dutch.status, dutch.title.as_str()), (404, "Niet gevonden"));
    let english = room.send("GET", "/v1/records/zzz", &[("Accept-Language", "en-GB")], b"");
    assert_eq!(problem(&english).title, "Not found");
    assert!(problem(&english).detail.contains("\"zzz\""));
    let many = problem(&room.get("/v1/records/0"));
    assert_eq!((many.status, many.toegestaan.len()), (400, 2));
}

#[test]
fn a_slash_at_the_end_is_another_path_which_is_not_there() {
    let room = Room::open();
    for path in ["/v1/stand/", "/v1/records/", "/v1/records/uniek/", "/health/"] {
        let answer = room.get(path);
        assert_eq!((answer.status, answer.header("location")), (404, ""), "{path}");
        assert!(problem(&answer).hint.unwrap().contains("schuine streep"), "{path}");
    }
}

#[test]
fn a_method_that_does_not_fit_is_told_which_does() {
    let room = Room::open();
    let answer = room.send("DELETE", "/v1/concepten", &[], b"");
    assert_eq!(problem(&answer).status, 405);
    let allowed: Vec<&str> = answer.header("allow").split(',').collect();
    assert!(allowed.contains(&"GET") && allowed.contains(&"POST"), "{allowed:?}");
}

#[test]
fn records_come_in_their_own_bytes() {
    let room = Room::open();
    let page = room.get("/v1/records?aantal=2&pagina=2");
    assert_eq!(page.header("content-type"), "application/json");
    assert!(
        page.body
            .ends_with(&format!(",\"records\":[{},{}]}}", record_text(2), record_text(3)))
    );
    assert_eq!(json(&page.body)["totaal"], Fake::RECORDS);
    assert_eq!(room.get("/v1/records/uniek").body, record_text(0));
    assert!(room.get("/v1/records?soort=les").body.ends_with("\"records\":[]}"));
}

#[test]
fn a_list_in_lines_is_whole() {
    let room = Room::open();
    let all = room.send("GET", "/v1/records", &[("Accept", "application/jsonl")], b"");
    assert_eq!(all.header("content-type"), "application/jsonl");
    let expected: String = (0..Fake::RECORDS).map(|n| record_text(n) + "\n").collect();
    assert_eq!(all.body, expected);
    let part = room.send("GET", "/v1/records?aantal=1", &[("Accept", "application/jsonl")], b"");
    assert_eq!(part.body, record_text(0) + "\n");
    let none = room.send("GET", "/v1/records?soort=les", &[("Accept", "application/jsonl")], b"");
    assert_eq!((none.status, none.body.as_str()), (200, ""));
}

#[test]
fn a_list_that_breaks_off_never_looks_whole() {
    let room = Room::open();
    let lines = [("Accept", "application/jsonl")];
    let before = room.send("GET", "/v1/records?thema=kapot", &lines, b"");
    assert_eq!(problem(&before).status, 500);
    assert!(!before.body.contains("sled"), "the asker sees no internals");
    for halfway in ["kapot-halverwege", "paniek-halverwege"] {
        let answer = room.send("GET", &format!("/v1/records?thema={halfway}"), &lines, b"");
        // The head leaves with the first bytes, so it may be lost with them.
        assert!(!answer.whole && [200, BROKEN_OFF].contains(&answer.status), "{halfway}");
    }
}

#[test]
fn a_backend_that_panics_fails_that_question_only() {
    let room = Room::open();
    let answer = room.send("GET", "/v1/records?thema=paniek", &[], b"");
    assert_eq!(problem(&answer).status, 500);
    assert_eq!(room.get("/v1/stand").status, 200);
}

#[test]
fn a_query_that_nobody_understands_is_refused() {
    let room = Room::open();
    let unknown = problem(&room.get("/v1/records?theme=wonen"));
    assert!(unknown.detail.contains("soort, thema"), "{unknown:?}");
    assert_eq!(room.get("/v1/records?aantal=1001").status, 400);
    assert_eq!(room.get("/v1/stand?peilweek=2025-W53").status, 400);
    assert_eq!(room.get(&format!("/v1/records?thema={}", "x".repeat(1018))).status, 400);
    assert_eq!(room.get(&format!("/v1/records/{}", "x".repeat(1024))).status, 400);
    assert_eq!(room.get("/v1/records/%FF").status, 400);
}

#[test]
fn intake_reads_three_formats_and_no_other() {
    let room = Room::open();
    for (media, body) in [
        ("application/json", "{}"),
        ("application/jsonl", "{}\n"),
        ("text/csv; header=present", "a"),
    ] {
        let answer = room.post("/v1/concepten", media, body.as_bytes());
        assert_eq!(answer.status, 200, "{media}");
        assert_eq!(json(&answer.body)["concepten"][0]["verdict"], "review");
    }
    let wrong = room.post("/v1/concepten", "application/xml", b"<a/>");
    assert_eq!(problem(&wrong).status, 415);
    assert!(problem(&wrong).hint.unwrap().contains("text/csv"));
    let fault = problem(&room.post("/v1/concepten", "application/json", b"kapot"));
    assert_eq!((fault.status, fault.regelnummer, fault.kolom), (400, Some(3), Some(7)));
}

#[test]
fn a_body_ends_at_its_limit() {
    let limits = Limits {
        body_bytes_max: 100,
        charter_bytes_max: 200,
        ..Limits::default()
    };
    let room = Room::with(limits);
    // A charter may be longer than anything else that is handed in.
    for (bytes, status) in [(101, 200), (200, 200), (201, 413)] {
        let told = room.post("/v1/handvest", "application/octet-stream", &vec![b'a'; bytes]);
        assert_eq!(told.status, status, "{bytes}");
    }
    assert_eq!(room.post("/v1/concepten", "text/csv", &[b'a'; 100]).status, 200);
    assert_eq!(
        problem(&room.post("/v1/concepten", "text/csv", &[b'a'; 101])).status,
        413
    );
    let chunked = [("Content-Type", "text/csv"), ("Transfer-Encoding", "chunked")];
    let body = format!("65\r\n{}\r\n0\r\n\r\n", "a".repeat(101));
    assert_eq!(
        problem(&room.send("POST", "/v1/concepten", &chunked, body.as_bytes())).status,
        413
    );
}

#[test]
fn approvals_go_one_by_one_or_together() {
    let room = Room::open();
    let shown = "04".repeat(32);
    let one = format!("{{\"inhoud\":\"{shown}\"}}");
    let approve = |id: &str, body: &str| {
        let path = format!("/v1/concepten/{id}/goedkeuring");
        room.post(&path, "application/json", body.as_bytes())
    };
    assert_eq!(approve("s-1", "{}").status, 400, "what was shown must be named");
    assert_eq!(approve("s-1", &one.replace('4', "5")).status, 409);
    let approved = json(&approve("s-1", &one).body);
    assert_eq!(
        (approved["id"].as_str(), approved["staat"].as_str()),
        (Some("s-1"), Some("gedeeld"))
    );
    let both = ["s-1", "s-2"].map(|id| serde_json::json!({ "id": id, "inhoud": shown }));
    let both = serde_json::json!({ "concepten": both }).to_string();
    let both = room.post("/v1/goedkeuringen", "application/json", both.as_bytes());
    assert_eq!(json(&both.body)["goedkeuringen"][1]["id"], "s-2");
    let refused = problem(&approve("geblokkeerd", &one));
    assert_eq!(
        (refused.status, refused.kind.as_str()),
        (422, "urn:leerkring:probleem:geweigerd")
    );
    let wrong = problem(&room.post("/v1/goedkeuringen", "application/json", b"{\"concepten\":\n3}"));
    assert_eq!((wrong.status, wrong.regelnummer), (400, Some(2)));
    let many = vec![serde_json::json!({ "id": "x", "inhoud": shown }); protocol::api::APPROVALS_MAX + 1];
    let many = serde_json::json!({ "concepten": many }).to_string();
    assert_eq!(
        room.post("/v1/goedkeuringen", "application/json", many.as_bytes())
            .status,
        400
    );
}

#[test]
fn charter_files_are_handed_on_as_they_are() {
    let room = Room::open();
    let answer = room.post("/v1/handvest", "application/octet-stream", &[0, 255, 7]);
    assert_eq!(json(&answer.body)["gelezen"], 3);
    assert_eq!(room.post("/v1/handvest", "text/csv", b"a").status, 415);
}

#[test]
fn too_many_questions_at_once_are_told_to_come_back() {
    let limits = Limits {
        questions: 1,
        wait: Duration::from_millis(1),
        ..Limits::default()
    };
    let room = Room::with(limits);
    let slow = room.start("GET", "/v1/records/wacht");
    room.fake.wait_until_asked();
    let busy = room.get("/v1/stand");
    assert_eq!((problem(&busy).status, busy.header("retry-after")), (503, "2"));
    room.fake.let_go();
    assert_eq!(slow.finish().status, 200);
}

#[test]
fn an_answer_that_takes_too_long_is_given_up() {
    let limits = Limits {
        answer: Duration::from_millis(1),
        ..Limits::default()
    };
    let room = Room::with(limits);
    let slow = room.start("GET", "/v1/records/wacht");
    assert_eq!(slow.finish().status, 504);
    room.fake.let_go();
}

#[test]
fn a_silent_connection_loses_its_place() {
    let limits = Limits {
        connections: 1,
        idle: Duration::from_millis(20),
        ..Limits::default()
    };
    let room = Room::with(limits);
    let silent = room.connect();
    assert_eq!(room.get("/v1/stand").status, 200);
    drop(silent);
}

#[test]
fn a_question_under_way_is_finished_when_the_server_stops() {
    let room = Room::open();
    let slow = room.start("GET", "/v1/records/wacht");
    room.fake.wait_until_asked();
    room.stop();
    room.fake.let_go();
    assert_eq!(slow.finish().status, 200);
    room.closed();
}

#[tokio::test]
async fn the_network_is_refused_without_a_proxy() {
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let place = |proxy: Option<&str>| Place {
        address,
        proxy: proxy.map(str::to_owned),
    };
    let alone = Server::bind(&place(None), Limits::default()).await;
    assert!(matches!(alone, Err(HttpError::NotLoopback { .. })));
    let behind = Server::bind(&place(Some("192.0.2.7")), Limits::default()).await;
    assert!(behind.is_ok());
    let nobody = Server::bind(&place(Some("proxy met spaties")), Limits::default()).await;
    assert!(matches!(nobody, Err(HttpError::Proxy { .. })));
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = taken.local_addr().unwrap();
    let place = Place { address, proxy: None };
    let refused = Server::bind(&place, Limits::default()).await;
    assert!(matches!(refused, Err(HttpError::InUse { address: named }) if named == address));
}

#[test]
fn internal_failures_keep_their_source_to_themselves() {
    let failure = Failure::internal("sled: /geheim/pad");
    assert!(std::error::Error::source(&failure).is_some());
    let problem = failure.problem(protocol::api::Lang::Nl);
    assert!(!serde_json::to_string(&problem).unwrap().contains("geheim"));
}
