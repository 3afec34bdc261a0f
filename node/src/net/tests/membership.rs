//! Who may be connected, and how a node finds its peers.

use protocol::api::Verbindfout;

use super::*;

#[tokio::test]
async fn an_unknown_dialer_knocks_and_gets_nothing() {
    for listen in [TCP, QUIC] {
        let mut node = start_node(config(1, &[listen])).await;
        let mut stranger = config(2, &[]);
        stranger.peers = book(&[(node.key, &node.address)]);
        let mut stranger = start_node(stranger).await;
        stranger.connected(node.key).await;
        stranger.ask(node.key, 1, b"let me in".to_vec()).await;
        stranger.outcome(1).await.unwrap_err();
        let mut seen = Vec::new();
        while !matches!(seen.last(), Some(Event::Knocked { .. })) {
            let event = tokio::time::timeout(PATIENCE, node.net.events.next()).await.unwrap();
            seen.push(event.unwrap());
        }
        assert_eq!(seen.len(), 1, "nothing but the knock: {seen:?}");
        let knocked = node.status().await.knocked;
        assert_eq!((knocked.len(), knocked[0].peer), (1, stranger.key));
        assert!(node.status().await.peers.is_empty());

        node.set_peers(&[(stranger.key, "")]).await;
        node.connected(stranger.key).await;
        assert!(node.status().await.knocked.is_empty(), "no stranger any more");
        node.set_peers(&[]).await;
    }
}

#[tokio::test]
async fn a_removed_peer_is_disconnected_and_knocks() {
    let (mut node, mut removed) = pair(config(1, &[TCP]), config(2, &[])).await;
    node.set_peers(&[]).await;
    node.disconnected(removed.key).await;
    removed.disconnected(node.key).await;
    let knock = node.until(|event| matches!(event, Event::Knocked { .. })).await;
    assert!(matches!(knock, Event::Knocked { peer, .. } if peer == removed.key));
    node.ask(removed.key, 1, Vec::new()).await;
    assert_eq!(node.outcome(1).await, Err(Failure::NotConnected));
}

#[tokio::test]
async fn a_new_address_is_dialed_at_once() {
    let moved = start_node(config(1, &[TCP])).await;
    let gone = moved.address.clone();
    let mut patient = config(2, &[]);
    // The back-off alone would take far longer than the patience of this test.
    patient.limits.retry_min = Duration::from_secs(600);
    patient.limits.retry_max = Duration::from_secs(600);
    patient.peers = book(&[(moved.key, &gone)]);
    drop(moved);
    let mut patient = start_node(patient).await;
    let status = patient.until_status(|status| status.dials[0].failures > 0).await;
    assert_eq!(status.dials[0].error, Some(Verbindfout::Geweigerd));
    let mut back = config(1, &[TCP]);
    back.peers = book(&[(patient.key, "")]);
    let back = start_node(back).await;
    patient.set_peers(&[(back.key, &back.address)]).await;
    patient.connected(back.key).await;
    assert!(patient.status().await.dials.is_empty());
}

#[tokio::test]
async fn a_peer_that_comes_back_is_found_again() {
    let (node, mut dialer) = pair(config(1, &[TCP]), config(2, &[])).await;
    let Node { key, address, net } = node;
    drop(net);
    dialer.disconnected(key).await;
    let mut back = config(1, &[&address]);
    back.peers = book(&[(dialer.key, "")]);
    // The other side may see the goodbye before the engine has let go of the port.
    let port_is_free = async {
        while address::listenable(&address).is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, port_is_free)
        .await
        .expect("the engine stops");
    let mut back = start_node(back).await;
    assert_eq!((back.key, &back.address), (key, &address));
    dialer.connected(key).await;
    back.connected(dialer.key).await;
    works(&mut dialer, &mut back).await;
}

#[tokio::test]
async fn two_that_dial_each_other_are_connected_once() {
    let (mut one, mut two) = (start_node(config(1, &[TCP])).await, start_node(config(2, &[TCP])).await);
    one.set_peers(&[(two.key, &two.address)]).await;
    two.set_peers(&[(one.key, &one.address)]).await;
    // One of the two dials may come too early and knock; in the end each sees the other once.
    one.connected(two.key).await;
    two.connected(one.key).await;
    for turn in 0..20 {
        let (asker, answerer) = if turn % 2 == 0 {
            (&mut one, &mut two)
        } else {
            (&mut two, &mut one)
        };
        works(asker, answerer).await;
    }
}

#[tokio::test]
async fn only_the_first_in_order_are_dialed() {
    let mut others = Vec::new();
    for number in 2..7 {
        others.push(
            start_node(Config {
                peers: book(&[(key(1), "")]),
                ..config(number, &[TCP])
            })
            .await,
        );
    }
    let peers: Vec<(NodeKey, &str)> = others.iter().map(|node| (node.key, node.address.as_str())).collect();
    let mut few = Config {
        peers: book(&peers),
        ..config(1, &[])
    };
    few.limits.outbound_max = 2;
    let mut few = start_node(few).await;
    for _ in 0..2 {
        few.until(|event| matches!(event, Event::Connected { .. })).await;
    }
    let status = few.status().await;
    assert_eq!((status.peers.len(), status.dials.len()), (2, 3));
    assert!(
        status.dials.iter().all(|dial| dial.failures == 0),
        "the others were not even tried"
    );
}

#[tokio::test]
async fn when_the_first_choice_is_down_another_is_dialed() {
    let mut up = Vec::new();
    for number in 2..4 {
        up.push(
            start_node(Config {
                peers: book(&[(key(1), "")]),
                ..config(number, &[TCP])
            })
            .await,
        );
    }
    for down in 0..2 {
        // Port 1 of loopback: nobody listens there.
        let address = |at: usize| {
            if at == down {
                "/ip4/127.0.0.1/tcp/1"
            } else {
                up[at].address.as_str()
            }
        };
        let peers = book(&[(up[0].key, address(0)), (up[1].key, address(1))]);
        let mut node = Config {
            peers,
            ..config(1, &[])
        };
        node.limits.outbound_max = 1;
        let mut node = start_node(node).await;
        node.connected(up[1 - down].key).await;
    }
}

#[tokio::test]
async fn a_name_is_looked_up_when_dialing() {
    let mut node = start_node(Config {
        peers: book(&[(key(2), "")]),
        ..config(1, &[TCP])
    })
    .await;
    let named = node.address.replace("/ip4/127.0.0.1/", "/dns4/localhost/");
    let mut dialer = start_node(Config {
        peers: book(&[(node.key, &named)]),
        ..config(2, &[])
    })
    .await;
    dialer.connected(node.key).await;
    works(&mut dialer, &mut node).await;
}

#[tokio::test]
async fn an_address_of_somebody_else_is_no_connection() {
    let other = start_node(Config {
        peers: book(&[(key(2), "")]),
        ..config(1, &[TCP])
    })
    .await;
    let expected = key(3);
    let dialer = start_node(Config {
        peers: book(&[(expected, &other.address)]),
        ..config(2, &[])
    })
    .await;
    let status = dialer.until_status(|status| status.dials[0].failures > 0).await;
    assert!(status.peers.is_empty());
    assert_eq!(status.dials[0].error, Some(Verbindfout::AndereNode));
}
