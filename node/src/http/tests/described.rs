//! The description of the API says what the router routes and what the answers look like, no more and no less.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::routes::{OPENAPI, table};
use super::room::{Room, problem as problem_at};

pub(super) fn description() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

#[test]
fn every_route_is_described_and_every_description_is_routed() {
    let description = description();
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        // A path that names its own server stands beside /v1.
        let root = if methods["servers"].is_array() { "" } else { "/v1" };
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "servers") {
            described.insert((method.clone(), format!("{root}{path}")));
        }
    }
    let routed = table()
        .routes
        .into_iter()
        .map(|(method, path, _)| (method.to_owned(), path.to_owned()));
    assert_eq!(routed.collect::<BTreeSet<_>>(), described);
}

#[test]
fn every_description_says_which_token_it_takes() {
    let description = description();
    for (method, path, needs) in table().routes {
        let paths = &description["paths"];
        let methods = path.strip_prefix("/v1").map_or(&paths[path], |path| &paths[path]);
        let operation = &methods[method];
        let needs: Vec<_> = needs
            .iter()
            .map(|scope| serde_json::json!({ "token": [scope.name()] }))
            .collect();
        assert_eq!(
            operation["security"],
            Value::Array(needs.clone()),
            "{method} {path}: security"
        );
        for status in ["401", "403"] {
            let said = operation["responses"][status].is_object();
            assert_eq!(said, !needs.is_empty(), "{method} {path}: {status}");
        }
    }
}

#[test]
fn the_description_is_of_this_version() {
    assert_eq!(description()["info"]["version"], protocol::api::VERSION);
}

#[test]
fn every_form_that_is_described_is_used() {
    let description = description();
    let kinds = &description["components"]["schemas"];
    let mut named = kinds.as_object().unwrap().keys();
    assert!(named.all(|name| OPENAPI.contains(&format!("schemas/{name}\""))));
}

/// Checks a value against a schema as far as the description goes: names, required names and types.
pub(super) fn check(value: &Value, schema: &Value, all: &Value, place: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return check(value, &all["components"]["schemas"][name], all, place);
    }
    if let Some(either) = schema["anyOf"].as_array() {
        let fits = |schema: &&Value| std::panic::catch_unwind(|| check(value, schema, all, place)).is_ok();
        assert!(either.iter().any(|schema| fits(&schema)), "{place}: fits nothing");
        return;
    }
    check_type(value, schema, place);
    if let Some(listed) = schema["enum"].as_array() {
        assert!(
            listed.contains(value),
            "{place} is {value}, described as one of {listed:?}"
        );
    }
    if let (Some(object), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, value) in object {
            match known.get(name) {
                Some(schema) => check(value, schema, all, &format!("{place}.{name}")),
                None => assert!(
                    schema["additionalProperties"] == true,
                    "{place}.{name} is not described"
                ),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(name.as_str().unwrap()), "{place}.{name} is missing");
        }
    }
    for value in value.as_array().into_iter().flatten() {
        check(value, &schema["items"], all, place);
    }
}

fn check_type(value: &Value, schema: &Value, place: &str) {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let said = &schema["type"];
    let fits = said == found
        || said
            .as_array()
            .is_some_and(|types| types.iter().any(|said| said == found));
    assert!(fits, "{place} is {found}, described as {said}");
}

#[test]
fn answers_look_as_described() {
    let room = Room::open();
    let all = description();
    let approval = format!(
        "{{\"concepten\":[{{\"id\":\"s-1\",\"inhoud\":\"{}\"}}]}}",
        "04".repeat(32)
    );
    for (method, path, body) in [
        ("GET", "/concepten", ""),
        ("POST", "/concepten", "{}"),
        ("POST", "/goedkeuringen", &approval),
        ("GET", "/zoeken?q=briefadres", ""),
        ("GET", "/intrekkingen", ""),
        ("GET", "/verweesde-records", ""),
        ("POST", "/verweesde-records/heruitgave", r#"{"id":"s-1"}"#),
        ("GET", "/stand", ""),
        ("GET", "/gezondheid", ""),
        ("GET", "/handvest", ""),
        ("GET", "/handvest/logs?gemeente=GM9901", ""),
        ("POST", "/handvest", "{}"),
        ("GET", "/uitnodiging", ""),
        ("POST", "/uitnodiging", "{}"),
    ] {
        let answer = room.send(
            method,
            &format!("/v1{path}"),
            &[("Content-Type", "application/json")],
            body.as_bytes(),
        );
        let path = path.split('?').next().unwrap();
        let operation = &all["paths"][path][method.to_lowercase()];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(answer.status, 200, "{path}");
        check(&serde_json::from_str(&answer.body).unwrap(), schema, &all, path);
    }
    let detail = room.get("/v1/concepten/s-1");
    let schema = &all["components"]["schemas"]["ConceptDetail"];
    check(&serde_json::from_str(&detail.body).unwrap(), schema, &all, "concept");
    let detail = room.get("/v1/intrekkingen/x");
    let schema = &all["components"]["schemas"]["IntrekkingDetail"];
    check(&serde_json::from_str(&detail.body).unwrap(), schema, &all, "intrekking");
    let withdrawn = room.post("/v1/records/x/intrekking", "application/json", b"{}");
    let schema = &all["components"]["schemas"]["Ingetrokken"];
    check(
        &serde_json::from_str(&withdrawn.body).unwrap(),
        schema,
        &all,
        "ingetrokken",
    );
    let text = room.get("/v1/handvest/verklaringen");
    assert_eq!((text.status, text.body.as_str()), (200, "leerkring-handvest-1\n00\n"));
    for (method, path, status) in [
        ("GET", "/v1/handvest/logs", 400),
        ("GET", "/v1/handvest/logs?gemeente=Groningen", 400),
        ("GET", "/v1/intrekkingen/zzz", 404),
        ("POST", "/v1/records/niet-van-ons/intrekking", 409),
    ] {
        assert_eq!(problem_at(&room.send(method, path, &[], b"")).status, status, "{path}");
    }
    let problem = room.post("/v1/concepten", "application/json", b"kapot");
    let schema = &all["components"]["schemas"]["Problem"];
    check(&serde_json::from_str(&problem.body).unwrap(), schema, &all, "problem");
}

#[test]
fn what_is_thrown_away_is_told_as_described() {
    let room = Room::open();
    let all = description();
    let discarded = room.post("/v1/concepten/s-1/verwijdering", "application/json", b"{}");
    let schema = &all["components"]["schemas"]["Verwijderd"];
    check(
        &serde_json::from_str(&discarded.body).unwrap(),
        schema,
        &all,
        "verwijderd",
    );
}

#[test]
fn what_does_not_work_is_told_as_described() {
    let room = Room::open();
    let all = description();
    for (broken, status, name) in [(false, 200, "Health"), (true, 503, "Storing")] {
        room.fake.broken.store(broken, std::sync::atomic::Ordering::SeqCst);
        let answer = room.send("GET", "/health", &[("Authorization", "")], b"");
        assert_eq!(answer.status, status);
        let schema = &all["components"]["schemas"][name];
        check(&serde_json::from_str(&answer.body).unwrap(), schema, &all, "health");
        if broken {
            assert!(problem_at(&answer).detail.contains("store"), "{}", answer.body);
        }
    }
}
