//! Two machines with one key: a node, and a copy of it that somebody else runs.

use super::*;

/// Time before somebody whose connection went asks again.
const AGAIN: Duration = Duration::from_millis(50);

/// Asks under this id over the connection that is its turn, or over the same one once more.
async fn asked(node: &Node, peer: NodeKey, id: u64, begins: bool) {
    let bytes = vec![0; 8];
    node.send(Command::Request {
        peer,
        id,
        bytes,
        begins,
    })
    .await;
}

/// Answers what comes with a name, until it is told to stop.
async fn answers(node: &mut Node, name: &'static [u8]) {
    while let Some(event) = node.net.events.next().await {
        if let Event::Request { peer, id, .. } = event {
            let bytes = name.to_vec();
            node.send(Command::Respond { peer, id, bytes }).await;
        }
    }
}

#[tokio::test]
async fn a_conversation_is_with_one_of_two_machines_and_the_next_with_the_other() {
    let mut node = Config {
        peers: book(&[(key(2), "")]),
        ..config(1, &[TCP])
    };
    node.limits.request_timeout = PATIENCE;
    let mut node = start_node(node).await;
    let dials = || Config {
        peers: book(&[(node.key, &node.address)]),
        ..config(2, &[])
    };
    let (mut thief, mut owner) = (start_node(dials()).await, start_node(dials()).await);
    thief.connected(node.key).await;
    owner.connected(node.key).await;
    node.connected(key(2)).await;
    works(&mut owner, &mut node).await;
    let conversations = async {
        let mut with = Vec::new();
        for conversation in 0..6_u64 {
            let mut told = Vec::new();
            for request in 0..3 {
                let id = conversation * 10 + request;
                asked(&node, key(2), id, request == 0).await;
                told.push(node.outcome(id).await.unwrap());
            }
            told.dedup();
            assert_eq!(told.len(), 1, "one conversation, two machines: {told:?}");
            with.extend(told);
        }
        with
    };
    let with = tokio::select! {
        with = conversations => with,
        () = answers(&mut thief, b"thief") => unreachable!("it runs until it is dropped"),
        () = answers(&mut owner, b"owner") => unreachable!("it runs until it is dropped"),
    };
    let owners = with.iter().filter(|name| *name == b"owner").count();
    assert_eq!(owners, 3, "{with:?}");
}

#[tokio::test]
async fn however_many_copies_were_there_first_the_owner_is_let_in() {
    let mut node = start_node(Config {
        peers: book(&[(key(2), "")]),
        ..config(1, &[TCP])
    })
    .await;
    let dials = || Config {
        peers: book(&[(node.key, &node.address)]),
        ..config(2, &[])
    };
    let mut thieves = Vec::new();
    for _ in 0..2 * limits::CONNECTIONS_PER_PEER_MAX {
        let mut thief = start_node(dials()).await;
        thief.connected(node.key).await;
        thieves.push(thief);
    }
    let mut owner = start_node(dials()).await;
    let asked_of = node.key;
    owner.connected(asked_of).await;
    // A copy that made room dials again, and may be the one that stays; then so does the owner.
    let asking = async {
        for id in 0.. {
            owner.ask(asked_of, id, b"are you there".to_vec()).await;
            if let Ok(bytes) = owner.outcome(id).await {
                return bytes;
            }
            tokio::time::sleep(AGAIN).await;
        }
        Vec::new()
    };
    let answer = tokio::select! {
        answer = tokio::time::timeout(PATIENCE, asking) => answer,
        () = answers(&mut node, b"yes") => unreachable!("it runs until it is dropped"),
    };
    assert_eq!(answer.expect("the owner is let in"), b"yes");
}
