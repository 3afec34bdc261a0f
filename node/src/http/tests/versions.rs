//! Pages that name each other, and versions by which nobody overwrites what somebody else changed.

use super::room::{Room, problem};

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn a_page_names_the_pages_around_it() {
    let room = Room::open();
    let link = |path: &str| room.get(path).header("link").to_owned();
    let middle = link("/v1/records?aantal=400&pagina=2&eigenaar=GM9901");
    for (page, rel) in [(2, "self"), (1, "first"), (1, "prev"), (3, "next"), (3, "last")] {
        let wanted = format!("</v1/records?eigenaar=GM9901&pagina={page}&aantal=400>; rel=\"{rel}\"");
        assert!(middle.contains(&wanted), "{middle}");
    }
    let first = link("/v1/records");
    assert!(
        !first.contains("\"prev\"") && first.contains("pagina=2&aantal=100>; rel=\"next\""),
        "{first}"
    );
    let last = link("/v1/records?pagina=10");
    assert!(last.contains("\"prev\"") && !last.contains("\"next\""), "{last}");
    let beyond = link("/v1/records?pagina=99");
    assert!(
        beyond.contains("pagina=10&aantal=100>; rel=\"prev\"") && !beyond.contains("\"next\""),
        "{beyond}"
    );
    let empty = link("/v1/tokens");
    assert!(
        empty.contains("pagina=1&aantal=100>; rel=\"last\"") && !empty.contains("\"next\""),
        "{empty}"
    );
    for path in ["/v1/concepten", "/v1/intrekkingen"] {
        assert!(link(path).contains("rel=\"self\""), "{path}");
    }
}

#[test]
fn who_has_this_version_already_is_not_sent_it_again() {
    let room = Room::open();
    for path in ["/v1/records/uniek", "/v1/concepten/s-1"] {
        let first = room.get(path);
        let tag = first.header("etag").to_owned();
        assert!(tag.len() > 30 && tag.starts_with('"'), "{path} {tag}");
        let again = room.send("GET", path, &[("If-None-Match", &tag)], b"");
        assert_eq!(
            (again.status, again.body.as_str(), again.header("etag")),
            (304, "", tag.as_str())
        );
        let other = room.send("GET", path, &[("If-None-Match", "\"x\"")], b"");
        assert_eq!((other.status, &other.body), (200, &first.body));
    }
}

#[test]
fn a_concept_is_typed_anew_only_as_it_was_shown() {
    let room = Room::open();
    let put = |headers: &[(&str, &str)]| room.send("PUT", "/v1/concepten/s-1", headers, b"{}");
    assert_eq!(problem(&put(&[JSON])).status, 428);
    assert_eq!(problem(&put(&[JSON, ("If-Match", "\"x\"")])).status, 412);
    let tag = room.get("/v1/concepten/s-1").header("etag").to_owned();
    for fits in [tag.as_str(), "*", &format!("\"x\", {tag}")] {
        let typed = put(&[JSON, ("If-Match", fits)]);
        assert_eq!(typed.status, 200, "{}", typed.body);
        assert!(!typed.header("etag").is_empty());
    }
    assert_eq!(problem(&put(&[("If-Match", "*")])).status, 415);
}

#[test]
fn who_wrote_something_is_answered_once_it_can_be_read() {
    let room = Room::open();
    let waited = || room.fake.waited.load(std::sync::atomic::Ordering::SeqCst);
    room.get("/v1/records");
    room.post("/v1/zoekvragen", JSON.1, br#"{"sql":"SELECT 1"}"#);
    room.post("/v1/concepten", JSON.1, b"kapot");
    assert_eq!(waited(), 0, "nothing was written");
    let written = room.post("/v1/records/x/intrekking", JSON.1, b"{}");
    assert_eq!((written.status, waited()), (200, 1));
}
