//! Questions in SQL over a real socket: whose turn it is, and what becomes of one that nobody waits for.

use std::io::{Read, Write};

use super::room::{Room, problem};

const JSON: &str = "application/json";
const WAITS: &[u8] = br#"{"sql":"wacht"}"#;

/// The head and body of a question, as they go over a connection.
fn written(sql: &str, account: &str) -> String {
    let body = format!("{{\"sql\":\"{sql}\"}}");
    let length = body.len();
    format!(
        "POST /v1/zoekvragen HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer dit-is-het-token\r\n\
         Leerkring-Account: {account}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn an_answer_has_its_rows_as_they_were_made() {
    let room = Room::open();
    let answer = room.post("/v1/zoekvragen", JSON, br#"{"sql":"SELECT 1"}"#);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .body
            .ends_with(r#""afgekapt":true,"rijen":[["wonen",2],[null,1]]}"#),
        "{}",
        answer.body
    );
    let wrong = problem(&room.post("/v1/zoekvragen", JSON, br#"{"sql":"fout"}"#));
    assert_eq!((wrong.status, wrong.regelnummer, wrong.kolom), (400, Some(2), Some(3)));
    assert_eq!(wrong.pad.as_deref(), Some("sql"));
    for body in [&b"{}"[..], b"SELECT 1", b"{\"sql\":1}"] {
        assert_eq!(problem(&room.post("/v1/zoekvragen", JSON, body)).status, 400);
    }
    assert_eq!(
        problem(&room.post("/v1/zoekvragen", "text/plain", b"SELECT 1")).status,
        415
    );
    assert_eq!(problem(&room.get("/v1/tabellen/niets")).status, 404);
}

#[test]
fn who_breaks_off_is_not_answered_any_more() {
    let room = Room::open();
    let mut gone = room.connect();
    gone.write_all(written("wacht", "een").as_bytes()).unwrap();
    room.fake.wait_until_asked();
    drop(gone);
    assert!(room.fake.are_left(1));
    assert_eq!(room.post("/v1/zoekvragen", JSON, br#"{"sql":"SELECT 1"}"#).status, 200);
}

#[test]
fn who_asks_two_hundred_times_keeps_nobody_else_waiting() {
    let room = Room::open();
    let mut many: Vec<_> = (0..200).map(|_| room.connect()).collect();
    for stream in &mut many {
        stream.write_all(written("wacht", "veel").as_bytes()).unwrap();
    }
    room.fake.wait_until_asked();
    // Two are answered and sixteen wait; the others are told so at once.
    let mut refused = 0;
    for stream in &mut many {
        stream.set_nonblocking(false).unwrap();
        let mut head = [0; 12];
        stream
            .set_read_timeout(Some(std::time::Duration::from_millis(if refused < 182 {
                200
            } else {
                1
            })))
            .unwrap();
        if stream.read_exact(&mut head).is_ok() {
            assert_eq!(&head, b"HTTP/1.1 503");
            refused += 1;
        }
    }
    assert_eq!(refused, 182);
    let other = room.send(
        "POST",
        "/v1/zoekvragen",
        &[("Content-Type", JSON), ("Leerkring-Account", "weinig")],
        br#"{"sql":"SELECT 1"}"#,
    );
    assert_eq!(other.status, 200);
    // Whoever asks something else does not stand in that queue.
    assert_eq!(room.get("/v1/stand").status, 200);
    let busy = room.send(
        "POST",
        "/v1/zoekvragen",
        &[("Content-Type", JSON), ("Leerkring-Account", "veel")],
        WAITS,
    );
    assert_eq!((problem(&busy).status, busy.header("retry-after")), (503, "2"));
    drop(many);
    assert!(room.fake.are_left(2));
}

#[test]
fn who_stops_reading_holds_up_nobody() {
    let room = Room::open();
    let mut slow: Vec<_> = (0..8).map(|_| room.connect()).collect();
    for (at, stream) in slow.iter_mut().enumerate() {
        stream
            .write_all(written("lang", &format!("een-{at}")).as_bytes())
            .unwrap();
        // The answer is there, and nobody reads it further than this.
        stream.read_exact(&mut [0; 12]).unwrap();
    }
    assert_eq!(room.post("/v1/zoekvragen", JSON, br#"{"sql":"SELECT 1"}"#).status, 200);
    let whole = room.post("/v1/zoekvragen", JSON, br#"{"sql":"lang"}"#);
    assert!(whole.whole && whole.body.len() > 8 << 20);
}
