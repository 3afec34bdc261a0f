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

/// Through whom a hint came, who wrote it, and what it says.
fn said(event: Event) -> (NodeKey, NodeKey, Vec<u8>) {
    match event {
        Event::Hint {
            peer, author, bytes, ..
        } => (peer, author, bytes),
        other => panic!("{other:?}"),
    }
}

/// Lets every hint go on, for as long as it is polled.
async fn passes_on(by: &mut Node) {
    loop {
        if let Event::Hint { id, .. } = by.until(|event| matches!(event, Event::Hint { .. })).await {
            by.send(Command::PassOn { id }).await;
        }
    }
}

#[tokio::test]
async fn a_neighbour_hears_a_hint() {
    for listen in [TCP, QUIC] {
        let (mut one, mut two) = pair(talkative(1, &[listen]), talkative(2, &[])).await;
        for bytes in [vec![1; HINT_BYTES_MAX], vec![2]] {
            let heard = hint_until_heard(&one, &mut two, &bytes).await;
            assert_eq!(said(heard), (one.key, one.key, bytes));
        }
        let heard = hint_until_heard(&two, &mut one, b"back").await;
        assert_eq!(said(heard), (two.key, two.key, b"back".to_vec()));
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
async fn a_hint_goes_on_when_it_is_told_to() {
    let (first, mut middle, mut last) = row(true).await;
    let heard = tokio::select! {
        heard = hint_until_heard(&first, &mut last, b"news") => heard,
        () = passes_on(&mut middle) => unreachable!("it does not end"),
    };
    assert_eq!(said(heard), (middle.key, first.key, b"news".to_vec()));
}

#[tokio::test]
async fn every_neighbour_hears_a_hint_that_goes_on() {
    // More than a mesh of gossipsub has room for.
    let numbers: Vec<u8> = (2..18).collect();
    let keys: Vec<NodeKey> = numbers.iter().copied().map(key).collect();
    let known: Vec<(NodeKey, &str)> = keys.iter().map(|key| (*key, "")).collect();
    let mut middle = start_node(Config {
        peers: book(&known),
        ..talkative(1, &[TCP])
    })
    .await;
    let mut around = Vec::new();
    for number in &numbers {
        let mut peers = known.clone();
        peers.push((middle.key, middle.address.as_str()));
        let mut node = start_node(Config {
            peers: book(&peers),
            ..talkative(*number, &[])
        })
        .await;
        node.connected(middle.key).await;
        around.push(node);
    }
    let first = around.remove(0);
    let heard = async {
        for other in &mut around {
            assert_eq!(said(hint_until_heard(&first, other, b"news").await).1, first.key);
        }
    };
    tokio::select! {
        () = heard => {}
        () = passes_on(&mut middle) => unreachable!("it does not end"),
    }
}

#[tokio::test]
async fn a_hint_that_is_held_back_does_not_go_on() {
    let (first, mut middle, mut last) = row(true).await;
    hint_until_heard(&first, &mut middle, b"news").await;
    let heard = async {
        loop {
            middle.send(Command::Hint { bytes: b"own".to_vec() }).await;
            let next = last.net.events.next();
            if let Ok(Some(event @ Event::Hint { .. })) = tokio::time::timeout(Duration::from_millis(100), next).await {
                return event;
            }
        }
    };
    let heard = tokio::time::timeout(PATIENCE, heard).await.expect("a hint is heard");
    assert_eq!(said(heard), (middle.key, middle.key, b"own".to_vec()));
}

#[tokio::test]
async fn a_hint_of_a_stranger_does_not_count() {
    let (first, mut middle, mut last) = row(false).await;
    let passed_on = async {
        while last.status().await.dropped.hints == 0 {
            if let Event::Hint { id, .. } = hint_until_heard(&first, &mut middle, b"news").await {
                middle.send(Command::PassOn { id }).await;
            }
        }
    };
    tokio::time::timeout(PATIENCE, passed_on)
        .await
        .expect("the middle passes it on, the last drops it");
    let heard = hint_until_heard(&middle, &mut last, b"own").await;
    assert_eq!(said(heard), (middle.key, middle.key, b"own".to_vec()));
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
