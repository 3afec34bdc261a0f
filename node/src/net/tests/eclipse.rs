//! A clique that wants to be all that a node hears.

use protocol::id::Gemeente;

use super::*;

/// Nodes of the clique: of one gemeente, all of which dial the node and can be dialed.
const CLIQUE: u8 = 10;
/// Connections that the node takes, fewer than the clique has, and dials, fewer still.
const INBOUND: u32 = 6;
const OUTBOUND: usize = 4;

fn of(gemeente: &str, address: &str) -> Place {
    Place {
        of: Some(gemeente.parse::<Gemeente>().unwrap()),
        addresses: vec![address.to_owned()],
    }
}

#[tokio::test]
async fn a_clique_that_takes_every_place_does_not_cut_a_node_off() {
    let (victim, honest) = (key(1), key(2));
    let mut clique = Vec::new();
    for number in 10..10 + CLIQUE {
        let mut member = config(number, &[TCP]);
        member.peers = book(&[(victim, "")]);
        clique.push(start_node(member).await);
    }
    let mut far = config(2, &[TCP]);
    far.peers = book(&[(victim, "")]);
    let mut far = start_node(far).await;
    // The node knows the clique only at first, so that every place is taken before anybody else is there.
    let listed = |node: &Node| (node.key, of("GM0666", &node.address));
    let mut peers: Book = clique.iter().map(listed).collect();
    let mut node = config(1, &[TCP]);
    (node.limits.inbound_max, node.limits.outbound_max) = (INBOUND, OUTBOUND);
    node.peers = peers.clone();
    let mut node = start_node(node).await;
    for member in &clique {
        member.set_peers(&[(victim, &node.address)]).await;
    }
    for member in &mut clique {
        member.connected(victim).await;
    }
    peers.insert(honest, of("GM0002", &far.address));
    node.send(Command::SetPeers(peers)).await;
    far.connected(victim).await;
    works(&mut far, &mut node).await;
}
