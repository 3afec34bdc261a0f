//! The keys of a query that the description names are the keys that are read, route by route.

use std::collections::BTreeMap;

use protocol::api;
use serde_json::Value;

use super::super::routes::table;
use super::described::description;
use super::room::Room;

/// A value that each key takes.
fn given(key: &str) -> &'static str {
    match key {
        "pagina" | "aantal" | "afspraak" => "1",
        "peilweek" | "vanaf" | "tot" | "sinds" => "2026-W07",
        "kwartaal" => "2026-Q1",
        "eigenaar" | "gemeente" => "GM9901",
        "soort" => "signaal",
        "thema" => "wonen",
        "regeling" => "wmo-2015",
        "laag" => "uitvoering",
        "terug" | "netwerk" | "proef" | "audit" => "true",
        "q" | "team" | "kring" => "k-1",
        "vorm" => "csv",
        other => panic!("{other} is a new key: give it a value here"),
    }
}

/// The keys of a query that an operation is described with, and whether each must be there.
fn keys(operation: &Value, all: &Value) -> BTreeMap<String, bool> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let resolved = parameters.map(|parameter| match parameter["$ref"].as_str() {
        Some(named) => &all["components"]["parameters"][named.rsplit('/').next().unwrap()],
        None => parameter,
    });
    let in_query = resolved.filter(|parameter| parameter["in"] == "query");
    let named = in_query.map(|parameter| {
        (
            parameter["name"].as_str().unwrap().to_owned(),
            parameter["required"] == true,
        )
    });
    named.collect()
}

#[test]
fn every_key_that_is_described_is_read_and_no_other() {
    let room = Room::open();
    let all = description();
    let mut operations = Vec::new();
    for (method, path, _) in table().routes {
        let paths = &all["paths"];
        let methods = path.strip_prefix("/v1").map_or(&paths[path], |path| &paths[path]);
        operations.push((method, path, keys(&methods[method], &all)));
    }
    let known: BTreeMap<String, bool> = operations.iter().flat_map(|(.., keys)| keys.clone()).collect();
    for (method, path, keys) in operations.iter().filter(|(.., keys)| !keys.is_empty()) {
        let ask = |also: &[&String]| {
            let must = keys
                .iter()
                .filter(|(key, must)| **must && !also.contains(key))
                .map(|(key, _)| key);
            let pairs = must
                .chain(also.iter().copied())
                .map(|key| format!("{key}={}", given(key)));
            let query = pairs.collect::<Vec<_>>().join("&");
            let path = path.replace("{id}", if *path == api::path::RECORD { "uniek" } else { "s-1" });
            let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
            room.send(&method.to_uppercase(), &format!("{path}?{query}"), &headers, b"{}")
                .status
        };
        for key in keys.keys() {
            assert_eq!(ask(&[key]), 200, "{method} {path} does not take {key}");
            assert_eq!(ask(&[key, key]), 400, "{method} {path} takes {key} twice");
        }
        for key in known.keys().filter(|key| !keys.contains_key(*key)) {
            assert_eq!(ask(&[key]), 400, "{method} {path} takes {key}, which is not described");
        }
        let missing = keys.values().any(|must| *must);
        if missing {
            let path = path.replace("{id}", if *path == api::path::RECORD { "uniek" } else { "s-1" });
            assert_eq!(
                room.send(&method.to_uppercase(), &path, &[], b"{}").status,
                400,
                "{path} asks for nothing"
            );
        }
    }
}

#[test]
fn a_truth_is_true_or_false() {
    let room = Room::open();
    for value in ["null", "1", "TRUE", ""] {
        let asked = format!("/v1/reservekopie?audit={value}");
        assert_eq!(room.get(&asked).status, 400, "{asked}");
    }
}
