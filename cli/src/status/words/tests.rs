//! Every code has words in both languages, and Dutch ones in Dutch.

use protocol::api::Telling;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::tests::assert_dutch;

/// What the API says it can answer.
const OPENAPI: &str = include_str!("../../../../node/src/http/openapi.json");

/// Every value that the description of the API gives for a field.
fn every(schema: &str, field: &str) -> Vec<Value> {
    let api: Value = serde_json::from_str(OPENAPI).unwrap();
    let codes = &api["components"]["schemas"][schema]["properties"][field]["enum"];
    codes.as_array().unwrap_or_else(|| panic!("{schema}.{field}")).clone()
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn assert_told(code: &Value, told: &Message) {
    assert_dutch(&told.nl);
    assert!(
        told.nl == "open" || told.nl != told.en,
        "{code} has the same words twice"
    );
    let unknown = told.en.contains("unknown to this version") || told.en == "other work";
    assert!(!unknown || code == "onbekend", "{code} is described and has no words");
}

#[test]
fn every_code_of_the_api_is_told_in_dutch_and_english() {
    for code in every("WorkerLine", "naam") {
        assert_dutch(&work(read(code)).nl);
    }
    for code in every("WorkerLine", "status") {
        let status: WerkStatus = read(code.clone());
        assert_told(&code, &doing(&WorkerLine::new(Werk::View, status)));
    }
    for code in every("Telling", "wat") {
        let count: Telling = read(json!({"wat": code, "aantal": 3}));
        let line = WorkerLine::new(Werk::View, WerkStatus::Bezig).counting(count.wat, count.aantal);
        assert_told(&code, &doing(&line));
    }
    let facts = json!({"log": "11".repeat(32), "seq": 4, "id": "s-1", "document": "22".repeat(32),
        "wijziging": "33".repeat(32)});
    for (schema, reasons) in [("Fout", ["fork", "kwijt"]), ("WachtOp", ["", ""])] {
        for code in every(schema, "soort") {
            let reason = if code == "niet_vertrokken" {
                reasons[1]
            } else {
                reasons[0]
            };
            let mut value = facts.clone();
            (value["soort"], value["reden"]) = (code.clone(), reason.into());
            let told = match schema {
                "Fout" => fault(&read(value)),
                _ => waits(read(value)),
            };
            assert_told(&code, &told);
        }
    }
    for code in every("PeerLine", "laatste_fout") {
        assert_told(&code, &unreached(read(code.clone())));
    }
    for code in every("Concept", "mislukt") {
        let why: protocol::api::Mislukt = read(code.clone());
        assert_told(&code, &why.message());
    }
}

#[test]
fn every_reason_of_a_refusal_is_told_in_dutch_and_english() {
    for number in 1.. {
        let Some(known) = Reason::from_number(number) else {
            assert!(number > 20);
            break;
        };
        assert_told(&known.name().into(), &reason(known.name()));
    }
    for name in ["kapot", "handshakes", "forgotten_knocks", "something_new"] {
        assert_told(&name.into(), &reason(name));
    }
}
