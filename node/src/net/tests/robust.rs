//! Garbage, crowds, slow drivers, taken ports and shutdown.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use super::*;

fn port(address: &str) -> u16 {
    address
        .rsplit('/')
        .next()
        .and_then(|text| text.parse().ok())
        .expect("a TCP address ends in its port")
}

/// A few kilobytes that are the same for the same seed.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let block = |number: usize| protocol::id::hash("test/noise", &[&seed.to_be_bytes(), &number.to_be_bytes()]);
    (0..length.div_ceil(32)).flat_map(block).take(length).collect()
}

#[tokio::test]
async fn garbage_at_the_listener_harms_nobody() {
    let (mut one, mut two) = pair(config(1, &[TCP]), config(2, &[])).await;
    let mut open = Vec::new();
    for seed in 0..40_u64 {
        let mut socket = TcpStream::connect(("127.0.0.1", port(&one.address))).unwrap();
        let mut bytes = noise(seed, (seed as usize * 97) % 5000);
        if seed % 2 == 0 {
            // Past the first negotiation, so that the handshake itself is fed.
            bytes.splice(0..0, b"\x13/multistream/1.0.0\n\x07/noise\n".iter().copied());
        }
        // The node may hang up before all is written.
        let _ = socket.write_all(&bytes);
        if seed % 3 == 0 {
            open.push(socket);
        }
    }
    works(&mut one, &mut two).await;
    let mut third = start_node(Config {
        peers: book(&[(one.key, &one.address)]),
        ..config(3, &[])
    })
    .await;
    one.set_peers(&[(two.key, ""), (third.key, "")]).await;
    third.until(|event| *event == Event::Connected { peer: key(1) }).await;
    one.connected(third.key).await;
    works(&mut third, &mut one).await;
    assert!(
        one.status().await.knocked.iter().all(|knock| knock.peer == third.key),
        "garbage proves no key"
    );
}

#[tokio::test]
async fn a_full_node_takes_nobody_and_is_not_dialed_in_a_loop() {
    let keys = [1, 2, 3].map(key);
    let mut small = Config {
        peers: book(&[(keys[1], ""), (keys[2], "")]),
        ..config(1, &[TCP])
    };
    small.limits.inbound_max = 1;
    let mut small = start_node(small).await;
    let dialer = |number| Config {
        peers: book(&[(keys[0], &small.address)]),
        ..config(number, &[])
    };
    let (first, second) = (dialer(2), dialer(3));
    let mut first = start_node(first).await;
    first.connected(keys[0]).await;
    small.connected(keys[1]).await;
    let mut second = start_node(second).await;
    let mut failures = 0;
    while failures < 3 {
        second.disconnected(keys[0]).await;
        let dials = second.status().await.dials;
        failures = dials.first().map_or(failures, |dial| dial.failures);
    }
    works(&mut first, &mut small).await;
    drop(first);
    small.connected(keys[2]).await;
}

#[tokio::test]
async fn a_driver_that_never_reads_locks_nothing() {
    let node = start_node(config(1, &[])).await;
    let many = (limits::NOTICES_MAX + limits::EVENTS_MAX + 100) as u64;
    let flood = async {
        for id in 0..many {
            node.ask(key(2), id, vec![0; 100]).await;
        }
        node.status().await
    };
    let status = tokio::time::timeout(PATIENCE, flood)
        .await
        .expect("commands are always taken");
    assert!(status.dropped.notices >= 99, "{} lost", status.dropped.notices);
    let Node {
        net: Net { commands, mut events },
        ..
    } = node;
    commands.send(Command::Shutdown).await.unwrap();
    let mut told = 0;
    while let Some(event) = tokio::time::timeout(PATIENCE, events.next()).await.unwrap() {
        assert!(
            matches!(event, Event::Failed { id, .. } if id == told),
            "in order, from the first"
        );
        told += 1;
    }
    assert!(told >= 1);
}

#[tokio::test]
async fn a_driver_that_is_gone_stops_the_network() {
    let (one, mut two) = pair(config(1, &[TCP]), config(2, &[])).await;
    let Node {
        key,
        net: Net { commands, events },
        ..
    } = one;
    drop(events);
    two.disconnected(key).await;
    drop(commands);
}

#[tokio::test]
async fn a_taken_port_is_a_clear_error() {
    for listen in [TCP, QUIC] {
        let node = start_node(config(1, &[listen])).await;
        let refused = start(config(2, &[&node.address])).unwrap_err();
        assert!(
            matches!(&refused, NetError::AddressInUse { address } if *address == node.address),
            "{refused:?}"
        );
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("/ip4/127.0.0.1/tcp/{}", taken.local_addr().unwrap().port());
    assert!(matches!(
        start(config(2, &[&address])),
        Err(NetError::AddressInUse { .. })
    ));
}

#[tokio::test]
async fn a_bad_address_is_a_clear_error() {
    for bad in [
        "",
        "localhost:4001",
        "/ip4/127.0.0.1",
        "/ip4/127.0.0.1/tcp/70000",
        "/dns4/localhost/tcp/0",
    ] {
        let refused = start(config(1, &[bad])).unwrap_err();
        assert!(
            matches!(&refused, NetError::Address { text } if text == bad),
            "{refused:?}"
        );
    }
    let elsewhere = start(config(1, &["/ip4/192.0.2.1/tcp/0"])).unwrap_err();
    assert!(
        matches!(elsewhere, NetError::Listen { .. }),
        "an address of no machine: {elsewhere:?}"
    );
}

#[tokio::test]
async fn shutdown_takes_less_than_a_second() {
    for listen in [TCP, QUIC] {
        let (mut one, mut two) = pair(config(1, &[listen]), config(2, &[])).await;
        let begun = Instant::now();
        one.send(Command::Shutdown).await;
        while one.net.events.next().await.is_some() {}
        assert_eq!(one.net.commands.status().await, Err(Closed));
        // A QUIC socket goes when its own task has seen that nobody holds it any more.
        while address::listenable(&one.address).is_err() && begun.elapsed() < Duration::from_secs(1) {
            tokio::task::yield_now().await;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{:?}, and the port is not free",
            begun.elapsed()
        );
        two.disconnected(one.key).await;
    }
}
