//! Exports over a real socket: how many at once, what is told of one that fails, and what becomes of one that nobody waits for.

use std::io::Write;

use super::room::{Room, problem};

/// A question for an export, as it goes over a connection.
fn written(form: &str) -> String {
    format!("GET /v1/uitvoer?vorm={form} HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer dit-is-het-token\r\n\r\n")
}

#[test]
fn an_export_is_an_archive_with_a_name() {
    let room = Room::open();
    let answer = room.get("/v1/uitvoer?vorm=csv");
    assert_eq!((answer.status, answer.body.as_str(), answer.whole), (200, "PK", true));
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"leerkring.zip\""
    );
    for query in ["", "?vorm=xml", "?vorm=csv&vorm=csv", "?vorm=csv&meer=1"] {
        assert_eq!(
            problem(&room.get(&format!("/v1/uitvoer{query}"))).status,
            400,
            "{query}"
        );
    }
}

#[test]
fn what_changed_is_lines_and_a_mark_of_another_view_is_gone() {
    let room = Room::open();
    let answer = room.get("/v1/wijzigingen");
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.whole),
        (200, "[\"alles\"]\n", true)
    );
    assert_eq!(answer.header("content-type"), "application/jsonl");
    assert_eq!(room.get("/v1/wijzigingen?sinds=v").body, "[1000]\n");
    assert_eq!(room.get("/v1/wijzigingen?sinds=v&aantal=7").body, "[7]\n");
    let gone = problem(&room.get("/v1/wijzigingen?sinds=w"));
    assert_eq!(
        (gone.status, gone.kind.as_str()),
        (410, "urn:leerkring:probleem:vervallen")
    );
    for query in ["?aantal=0", "?aantal=10001", "?sinds=v&sinds=w", "?meer=1"] {
        assert_eq!(
            problem(&room.get(&format!("/v1/wijzigingen{query}"))).status,
            400,
            "{query}"
        );
    }
}

#[test]
fn a_full_disk_is_told_before_anything_is_sent() {
    let room = Room::open();
    let told = problem(&room.get("/v1/uitvoer?vorm=jsonl"));
    assert!(told.detail.contains("schijf"), "{}", told.detail);
}

#[test]
fn an_export_ends_with_who_asked_and_gives_its_place_back() {
    let room = Room::open();
    let mut gone = Vec::new();
    for _ in 0..2 {
        let mut stream = room.connect();
        stream.write_all(written("parquet").as_bytes()).unwrap();
        gone.push(stream);
    }
    room.fake.wait_until_exporting(2);
    let refused = problem(&room.get("/v1/uitvoer?vorm=csv"));
    assert_eq!(refused.status, 503);
    drop(gone);
    assert!(room.fake.are_left(2));
    assert_eq!(room.get("/v1/uitvoer?vorm=csv").status, 200);
}
