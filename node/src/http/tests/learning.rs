//! What is answered about local records.

use super::room::{Room, problem};

#[test]
fn local_records_come_as_a_page_or_as_lines() {
    let room = Room::open();
    let page = super::json(&room.get("/v1/lokale-records?aantal=1").body);
    assert_eq!(
        (&page["totaal"], page["records"].as_array().unwrap().len()),
        (&2.into(), 1)
    );
    let lines = room.send("GET", "/v1/lokale-records", &[("Accept", "application/jsonl")], b"");
    assert_eq!(lines.body.lines().count(), 2);
    assert_eq!(room.get("/v1/lokale-records/s-1").status, 200);
    assert_eq!(problem(&room.get("/v1/lokale-records/s-9")).status, 404);
    assert_eq!(problem(&room.get("/v1/lokale-records?zin=1")).status, 400);
}
