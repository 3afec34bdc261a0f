//! The frame reader against honest, lying and cut-off streams.

use futures::io::Cursor;

use super::*;

fn frame(length: u32, body: &[u8]) -> Vec<u8> {
    [&length.to_be_bytes(), body].concat()
}

async fn read_all(bytes: Vec<u8>, bytes_max: usize, budget: &Budget) -> io::Result<Parcel> {
    read(&mut Cursor::new(bytes), bytes_max, budget.share()).await
}

#[tokio::test]
async fn what_is_written_is_read_at_every_size_around_a_step() {
    let budget = Budget::new(1 << 20);
    for length in [
        0,
        1,
        FIRST_STEP_BYTES - 1,
        FIRST_STEP_BYTES,
        FIRST_STEP_BYTES + 1,
        5 * FIRST_STEP_BYTES + 7,
    ] {
        let body: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let mut wire = Vec::new();
        write(&mut wire, length, &body).await.unwrap();
        assert_eq!(wire.len(), length + 4);
        let parcel = read_all(wire, length, &budget).await.unwrap();
        assert_eq!(parcel.bytes, body);
        assert_eq!(budget.used_bytes(), length);
        drop(parcel);
        assert_eq!(budget.used_bytes(), 0);
    }
}

#[tokio::test]
async fn a_length_above_the_limit_is_refused_before_reading() {
    let budget = Budget::new(1 << 20);
    for length in [1001, u32::MAX] {
        let mut wire = Cursor::new(frame(length, &[7; 2000]));
        let refused = read(&mut wire, 1000, budget.share()).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
        assert_eq!(wire.position(), 4, "only the length was read");
    }
}

#[tokio::test]
async fn a_lying_length_takes_no_more_than_one_step_ahead() {
    // The budget is one step: a reader that took the announced length at once would fail on the budget.
    let budget = Budget::new(FIRST_STEP_BYTES);
    let cut_off = read_all(frame(1 << 20, &[7; 100]), 1 << 20, &budget).await.unwrap_err();
    assert_eq!(cut_off.kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(budget.used_bytes(), 0);
}

#[tokio::test]
async fn a_used_up_budget_refuses_and_gives_back() {
    let budget = Budget::new(FIRST_STEP_BYTES + 1);
    let body = vec![7; 2 * FIRST_STEP_BYTES];
    let refused = read_all(frame(2 * FIRST_STEP_BYTES as u32, &body), 1 << 20, &budget)
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::OutOfMemory);
    assert_eq!(budget.used_bytes(), 0);
}

#[tokio::test]
async fn a_cut_off_frame_is_an_error_at_every_length() {
    let budget = Budget::new(1 << 20);
    let whole = frame(50, &[9; 50]);
    for cut in 0..whole.len() {
        let error = read_all(whole[..cut].to_vec(), 50, &budget).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "cut at {cut}");
    }
}

#[tokio::test]
async fn a_payload_above_the_limit_is_never_written() {
    let mut wire = Vec::new();
    let refused = write(&mut wire, 10, &[0; 11]).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    assert!(wire.is_empty());
}
