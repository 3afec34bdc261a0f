//! Tokens with a name over a real socket: each route takes its scope, and the name is who did it.

use super::super::routes::table;
use super::room::{Room, problem};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A token with this name for these scopes, as a header.
fn made(room: &Room, name: &str, scopes: &[&str]) -> String {
    let body = serde_json::json!({ "naam": name, "scopes": scopes }).to_string();
    let answer = room.post("/v1/tokens", "application/json", body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let made: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    format!("Bearer {}", made["token"].as_str().unwrap())
}

#[test]
fn every_route_takes_a_token_that_is_for_it_and_no_other() {
    let room = Room::open();
    let tokens = ["lezen", "schrijven", "nakijken", "beheren"].map(|scope| (scope, made(&room, scope, &[scope])));
    for (method, path, needs) in table().routes {
        let (method, path) = (method.to_uppercase(), path.replace("{id}", "x"));
        let ask = |token: &str| room.send(&method, &path, &[("Authorization", token), JSON], b"");
        assert_eq!(ask("").status == 401, !needs.is_empty(), "{method} {path}");
        for (scope, token) in &tokens {
            let refused = ask(token);
            let may = needs.is_empty() || needs.iter().any(|need| need.name() == *scope);
            assert_eq!(refused.status == 403, !may, "{method} {path} {scope}");
            if !may {
                let problem = problem(&refused);
                assert!(
                    needs.iter().all(|need| problem.detail.contains(need.name())),
                    "{problem:?}"
                );
            }
        }
    }
}

#[test]
fn a_token_speaks_for_its_name_whatever_the_header_says() {
    let room = Room::open();
    let token = made(&room, "zaaksysteem", &["schrijven", "lezen"]);
    let as_other = ("Leerkring-Account", "j.de.vries");
    let told = room.send(
        "POST",
        "/v1/concepten",
        &[("Authorization", &token), as_other, JSON],
        b"{}",
    );
    assert_eq!(told.status, 200);
    let noted = room.fake.noted();
    assert!(noted[0].starts_with("api token_gemaakt zaaksysteem"), "{noted:?}");
    assert!(noted[1].starts_with("zaaksysteem opgenomen "), "{noted:?}");
}

#[test]
fn a_token_that_is_ended_opens_nothing_from_then_on() {
    let room = Room::open();
    let token = made(&room, "dashboard", &["lezen"]);
    let ask = || room.send("GET", "/v1/stand", &[("Authorization", &token)], b"").status;
    assert_eq!(ask(), 200);
    let listed = room.get("/v1/tokens").body;
    assert!(
        listed.contains("dashboard") && !listed.contains(&token[7..]),
        "{listed}"
    );
    assert_eq!(
        room.post("/v1/tokens/dashboard/intrekking", "application/json", b"{}")
            .status,
        200
    );
    assert_eq!(ask(), 401);
    let again = room.post("/v1/tokens/dashboard/intrekking", "application/json", b"{}");
    assert_eq!(problem(&again).status, 404);
    assert_eq!(
        room.fake.noted().last().map(String::as_str),
        Some("api token_ingetrokken dashboard")
    );
}

#[test]
fn a_token_that_cannot_be_is_told_why_in_the_language_asked() {
    let room = Room::open();
    made(&room, "a", &["lezen"]);
    for (body, status, why) in [
        (r#"{"naam":"a","scopes":["lezen"]}"#, 409, "already"),
        (r#"{"naam":"b c","scopes":["lezen"]}"#, 400, "no name"),
        (r#"{"naam":"b","scopes":[]}"#, 400, "for something"),
        (r#"{"naam":"b","scopes":["alles"]}"#, 400, "JSON"),
    ] {
        let english = [JSON, ("Accept-Language", "en")];
        let told = problem(&room.send("POST", "/v1/tokens", &english, body.as_bytes()));
        assert_eq!(told.status, status, "{body}");
        assert!(told.detail.contains(why), "{told:?}");
    }
}
