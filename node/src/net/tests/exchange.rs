//! Requests and answers: sizes, limits, time, and who is told what.

use super::*;

fn body(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

/// Asks and answers with payloads of this size, both ways.
async fn both_ways(one: &mut Node, two: &mut Node, length: usize) {
    for turn in 0..2 {
        let (asker, answerer) = if turn == 0 {
            (&mut *one, &mut *two)
        } else {
            (&mut *two, &mut *one)
        };
        asker.ask(answerer.key, length as u64, body(length)).await;
        let (id, bytes) = answerer.request().await;
        assert!(bytes == body(length), "the request arrives as it was, {length} bytes");
        answerer
            .send(Command::Respond {
                peer: asker.key,
                id,
                bytes,
            })
            .await;
        assert!(
            asker.outcome(length as u64).await.unwrap() == body(length),
            "and so does the answer"
        );
    }
}

async fn exchanges_over(listen: &str) {
    let (mut one, mut two) = pair(config(1, &[listen]), config(2, &[])).await;
    let limits = Limits::default();
    let sizes = [0, 1, 1 << 20, limits.request_bytes_max];
    for length in sizes {
        both_ways(&mut one, &mut two, length).await;
    }
    let status = one.status().await;
    let total = 2 * sizes.iter().sum::<usize>() as u64;
    assert_eq!((status.peers[0].bytes_in, status.peers[0].bytes_out), (total, total));
    assert_eq!((status.peers[0].dialed, status.peers[0].connects), (false, 1));
    assert_eq!(status.held_bytes, 0, "all was taken out of the channel");
    let agent = concat!("leerkring/", env!("CARGO_PKG_VERSION"));
    one.until_status(|status| status.peers[0].agent == agent).await;
}

#[tokio::test]
async fn payloads_of_every_size_cross_tcp() {
    exchanges_over(TCP).await;
}

#[tokio::test]
async fn payloads_of_every_size_cross_quic() {
    exchanges_over(QUIC).await;
}

/// The first node keeps limits of 1,000 bytes, the second, more generous with itself, of 2,000.
async fn uneven() -> (Node, Node) {
    let limits = |bytes| Limits {
        request_bytes_max: bytes,
        response_bytes_max: bytes,
        ..Limits::default()
    };
    let strict = Config {
        limits: limits(1000),
        ..config(1, &[TCP])
    };
    let loose = Config {
        limits: limits(2000),
        ..config(2, &[])
    };
    pair(strict, loose).await
}

/// After a refusal the same connection still works, both ways.
async fn unharmed(strict: &mut Node, loose: &mut Node) {
    works(loose, strict).await;
    works(strict, loose).await;
    assert_eq!(
        strict.status().await.peers[0].connects,
        1,
        "the first connection still stands"
    );
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused_on_both_sides() {
    let (mut strict, mut loose) = uneven().await;
    strict.ask(loose.key, 1, body(1001)).await;
    let refused = Failure::TooLarge {
        bytes: 1001,
        bytes_max: 1000,
    };
    assert_eq!(strict.outcome(1).await, Err(refused), "the asker's own net");
    loose.ask(strict.key, 2, body(1001)).await;
    let refused = loose.outcome(2).await.unwrap_err();
    assert!(
        matches!(refused, Failure::Unanswered | Failure::Stream(_)),
        "the answerer's net: {refused:?}"
    );
    loose.ask(strict.key, 3, body(1000)).await;
    let (id, bytes) = strict.request().await;
    assert_eq!(
        bytes.len(),
        1000,
        "the first request the driver sees is the allowed one"
    );
    strict
        .send(Command::Respond {
            peer: loose.key,
            id,
            bytes: body(1000),
        })
        .await;
    assert_eq!(loose.outcome(3).await.unwrap().len(), 1000);
    unharmed(&mut strict, &mut loose).await;
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_refused_on_both_sides() {
    let (mut strict, mut loose) = uneven().await;
    loose.ask(strict.key, 1, body(1)).await;
    let (id, _) = strict.request().await;
    strict
        .send(Command::Respond {
            peer: loose.key,
            id,
            bytes: body(1001),
        })
        .await;
    assert_eq!(
        loose.outcome(1).await,
        Err(Failure::Unanswered),
        "the answerer's own net"
    );
    assert_eq!(strict.status().await.dropped.responses, 1);
    strict.ask(loose.key, 2, body(1)).await;
    let (id, _) = loose.request().await;
    loose
        .send(Command::Respond {
            peer: strict.key,
            id,
            bytes: body(1001),
        })
        .await;
    assert_eq!(strict.outcome(2).await, Err(Failure::AnswerTooLarge), "the asker's net");
    unharmed(&mut strict, &mut loose).await;
}

#[tokio::test]
async fn a_peer_that_never_answers_is_given_up() {
    let mut hasty = config(2, &[]);
    hasty.limits.request_timeout = Duration::from_millis(50);
    let (mut silent, mut hasty) = pair(config(1, &[TCP]), hasty).await;
    hasty.ask(silent.key, 1, body(10)).await;
    let (id, _) = silent.request().await;
    assert_eq!(hasty.outcome(1).await, Err(Failure::Timeout));
    silent
        .send(Command::Respond {
            peer: hasty.key,
            id,
            bytes: body(10),
        })
        .await;
    works(&mut silent, &mut hasty).await;
}

#[tokio::test]
async fn one_peer_cannot_take_all_slots() {
    let mut greedy = config(2, &[]);
    greedy.limits.request_timeout = Duration::from_millis(50);
    let (mut one, mut greedy) = pair(config(1, &[TCP]), greedy).await;
    let slots = limits::ASKED_PER_PEER_MAX as u64;
    for id in 0..=slots {
        greedy.ask(one.key, id, body(10)).await;
    }
    assert_eq!(
        greedy.outcome(slots).await,
        Err(Failure::Busy),
        "the asker's own net holds back"
    );
    for id in 0..slots {
        one.request().await;
        assert_eq!(greedy.outcome(id).await, Err(Failure::Timeout));
    }
    greedy.ask(one.key, 99, body(10)).await;
    assert_eq!(
        greedy.outcome(99).await,
        Err(Failure::Unanswered),
        "its requests still hold their slots here"
    );
    assert_eq!(one.status().await.dropped.requests, 1);
    works(&mut one, &mut greedy).await;
}

#[tokio::test]
async fn an_answer_to_nobody_or_twice_is_counted() {
    let (mut one, mut two) = pair(config(1, &[TCP]), config(2, &[])).await;
    one.send(Command::Respond {
        peer: two.key,
        id: 5,
        bytes: body(1),
    })
    .await;
    assert_eq!(one.status().await.dropped.responses, 1);
    two.ask(one.key, 1, body(1)).await;
    let (id, _) = one.request().await;
    one.send(Command::Respond {
        peer: key(9),
        id,
        bytes: body(1),
    })
    .await;
    assert_eq!(one.status().await.dropped.responses, 2, "the id is another peer's");
    one.send(Command::Respond {
        peer: two.key,
        id,
        bytes: body(3),
    })
    .await;
    one.send(Command::Respond {
        peer: two.key,
        id,
        bytes: body(4),
    })
    .await;
    assert_eq!(two.outcome(1).await.unwrap(), body(3));
    assert_eq!(one.status().await.dropped.responses, 3);
}

#[tokio::test]
async fn a_request_to_somebody_who_is_not_there_fails_at_once() {
    let mut one = start_node(config(1, &[])).await;
    one.ask(key(2), 1, body(1)).await;
    assert_eq!(one.outcome(1).await, Err(Failure::NotConnected));
}

#[tokio::test]
async fn a_request_fails_when_its_peer_goes() {
    let (mut one, mut two) = pair(config(1, &[TCP]), config(2, &[])).await;
    one.ask(two.key, 1, body(1)).await;
    two.request().await;
    drop(two);
    let why = one.outcome(1).await.unwrap_err();
    assert!(
        matches!(why, Failure::Disconnected | Failure::Unanswered | Failure::Stream(_)),
        "{why:?}"
    );
}
