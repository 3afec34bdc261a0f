//! Hints: heard by neighbours and by theirs, written by members only, and gone without harm.

use super::*;

fn talkative(number: u8, listen: &[&str]) -> Config {
    Config {
        gossip: true,
        ..config(number, listen)
    }
}

/// Hints until it is heard: gossip has no moment from which it is certain to work.
async fn hint_until_heard(from: &Node, by: &mut Node, bytes: &[u8]) -> Event {
    let heard = async {
        loop {
            from.send(Command::Hint { bytes: bytes.to_vec() }).await;
            let wanted = |event: &Event| matches!(event, Event::Hint { bytes: heard, .. } if heard == bytes);
            let next = async {
                loop {
                    let event = by.net.events.next().await.expect("net is running");
                    if wanted(&event) {
                        return event;
                    }
                }
            };
            if let Ok(event) = tokio::time::timeout(Duration::from_millis(100), next).await {
                return event;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("the hint is heard")
}

#[tokio::test]
async fn a_neighbour_hears_a_hint() {
    for listen in [TCP, QUIC] {
        let (mut one, mut two) = pair(talkative(1, &[listen]), talkative(2, &[])).await;
        for bytes in [vec![1; HINT_BYTES_MAX], vec![2]] {
            let heard = hint_until_heard(&one, &mut two, &bytes).await;
            assert_eq!(
                heard,
                Event::Hint {
                    peer: one.key,
                    author: one.key,
                    bytes
                }
            );
        }
        let heard = hint_until_heard(&two, &mut one, b"back").await;
        assert_eq!(
            heard,
            Event::Hint {
                peer: two.key,
                author: two.key,
                bytes: b"back".to_vec()
            }
        );
        let before = one.status().await.dropped.hints;
        one.send(Command::Hint {
            bytes: vec![3; HINT_BYTES_MAX + 1],
        })
        .await;
        assert_eq!(one.status().await.dropped.hints, before + 1, "too large to send");
    }
}

/// Three in a row: the first and the last are connected to the middle only.
async fn row(last_allows_first: bool) -> (Node, Node, Node) {
    let keys = [1, 2, 3].map(key);
    let middle = Config {
        peers: book(&[(keys[0], ""), (keys[2], "")]),
        ..talkative(2, &[TCP])
    };
    let mut middle = start_node(middle).await;
    let to_middle = (keys[1], middle.address.as_str());
    let mut first = start_node(Config {
        peers: book(&[to_middle, (keys[2], "")]),
        ..talkative(1, &[])
    })
    .await;
    let last = if last_allows_first {
        book(&[to_middle, (keys[0], "")])
    } else {
        book(&[to_middle])
    };
    let mut last = start_node(Config {
        peers: last,
        ..talkative(3, &[])
    })
    .await;
    first.connected(keys[1]).await;
    last.connected(keys[1]).await;
    middle.until(|event| matches!(event, Event::Connected { .. })).await;
    (first, middle, last)
}

#[tokio::test]
async fn a_hint_is_passed_on() {
    let (first, middle, mut last) = row(true).await;
    let heard = hint_until_heard(&first, &mut last, b"news").await;
    assert_eq!(
        heard,
        Event::Hint {
            peer: middle.key,
            author: first.key,
            bytes: b"news".to_vec()
        }
    );
}

#[tokio::test]
async fn a_hint_of_a_stranger_does_not_count() {
    let (first, mut middle, mut last) = row(false).await;
    let passed_on = async {
        while last.status().await.dropped.hints == 0 {
            hint_until_heard(&first, &mut middle, b"news").await;
        }
    };
    tokio::time::timeout(PATIENCE, passed_on)
        .await
        .expect("the middle passes it on, the last drops it");
    let heard = hint_until_heard(&middle, &mut last, b"own").await;
    assert_eq!(
        heard,
        Event::Hint {
            peer: middle.key,
            author: middle.key,
            bytes: b"own".to_vec()
        }
    );
}

#[tokio::test]
async fn without_gossip_nothing_is_heard_and_all_else_works() {
    let (mut quiet, mut talkative) = pair(config(1, &[TCP]), talkative(2, &[])).await;
    quiet
        .send(Command::Hint {
            bytes: b"news".to_vec(),
        })
        .await;
    talkative
        .send(Command::Hint {
            bytes: b"news".to_vec(),
        })
        .await;
    works(&mut quiet, &mut talkative).await;
    works(&mut talkative, &mut quiet).await;
    assert_eq!(quiet.status().await.dropped.hints, 1);
    assert_eq!(talkative.status().await.dropped.hints, 1, "nobody to hear it");
}
