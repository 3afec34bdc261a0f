//! Who is connected, over which connections, and how much went over them.
//!
//! Two nodes may dial each other at the same moment and have two connections; to the driver a peer is connected
//! from its first to its last. Connections of one peer may also come from two machines, when somebody copied a node with its key:
//! so conversations take the connections by turns, and no machine takes all the room.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Bound::{Excluded, Unbounded};

use libp2p::Multiaddr;
use libp2p::swarm::ConnectionId;
use protocol::id::NodeKey;
use tokio::time::Instant;

use super::address::shorten;
use super::doorway::machine;
use super::limits::CONNECTIONS_PER_PEER_MAX;
use super::status::PeerStatus;

#[derive(Debug)]
struct Connection {
    address: String,
    machine: Option<IpAddr>,
    dialed: bool,
    since: Instant,
    /// What had come from the peer before.
    bytes_before: u64,
}

#[derive(Debug, Default)]
struct Link {
    connections: BTreeMap<ConnectionId, Connection>,
    /// The connection of the conversation under way, or of the last one.
    way: Option<ConnectionId>,
    agent: String,
    connects: u64,
    bytes_in: u64,
    bytes_out: u64,
}

/// All peers that were connected since the start and are still allowed.
#[derive(Debug, Default)]
pub(crate) struct Links(BTreeMap<NodeKey, Link>);

impl Links {
    /// A connection stands; `true` when it is the peer's first.
    pub(crate) fn opened(&mut self, peer: NodeKey, id: ConnectionId, address: &Multiaddr, dialed: bool) -> bool {
        let link = self.0.entry(peer).or_default();
        let first = link.connections.is_empty();
        let connection = Connection {
            address: shorten(&address.to_string()),
            machine: machine(address),
            dialed,
            since: Instant::now(),
            bytes_before: link.bytes_in,
        };
        link.connections.insert(id, connection);
        link.connects += u64::from(first);
        first
    }

    /// A connection is gone. When it was the peer's last: whether anything came from the peer since it opened.
    pub(crate) fn closed(&mut self, peer: NodeKey, id: ConnectionId) -> Option<bool> {
        let link = self.0.get_mut(&peer)?;
        let connection = link.connections.remove(&id)?;
        let used = link.bytes_in > connection.bytes_before;
        link.connections.is_empty().then_some(used)
    }

    /// The connection for the next request to a peer: a conversation that begins takes the next one, and keeps it.
    pub(crate) fn way(&mut self, peer: NodeKey, begins: bool) -> Option<ConnectionId> {
        let link = self.0.get_mut(&peer)?;
        let stands = |id: &ConnectionId| link.connections.contains_key(id);
        let way = match link.way.filter(|id| !begins && stands(id)) {
            Some(way) => way,
            None => link.next()?,
        };
        link.way = Some(way);
        Some(way)
    }

    /// The connection that makes room, when a peer has too many.
    pub(crate) fn crowded(&self, peer: NodeKey) -> Option<ConnectionId> {
        let link = self.0.get(&peer)?;
        let many = link.connections.len() > CONNECTIONS_PER_PEER_MAX as usize;
        many.then(|| link.spare()).flatten()
    }

    /// Forgets peers that are gone and no longer allowed.
    pub(crate) fn retain(&mut self, allowed: impl Fn(NodeKey) -> bool) {
        self.0
            .retain(|peer, link| !link.connections.is_empty() || allowed(*peer));
    }

    pub(crate) fn received(&mut self, peer: NodeKey, bytes: usize) {
        if let Some(link) = self.0.get_mut(&peer) {
            link.bytes_in += bytes as u64;
        }
    }

    pub(crate) fn sent(&mut self, peer: NodeKey, bytes: usize) {
        if let Some(link) = self.0.get_mut(&peer) {
            link.bytes_out += bytes as u64;
        }
    }

    pub(crate) fn identified(&mut self, peer: NodeKey, agent: &str) {
        if let Some(link) = self.0.get_mut(&peer) {
            link.agent = shorten(agent);
        }
    }

    pub(crate) fn status(&self) -> Vec<PeerStatus> {
        self.0.iter().filter_map(|(peer, link)| link.status(*peer)).collect()
    }
}

impl Link {
    /// The connection after the one of the last conversation, in order.
    fn next(&self) -> Option<ConnectionId> {
        let after = self
            .connections
            .range((self.way.map_or(Unbounded, Excluded), Unbounded));
        let mut all = after.chain(&self.connections);
        all.next().map(|(id, _)| *id)
    }

    /// What can best be missed: of the connections that came to us, the oldest from the machine with the most of them. What we
    /// dialed leads to an address of the charter, so it stays as long as there is another.
    fn spare(&self) -> Option<ConnectionId> {
        let of = |machine: Option<IpAddr>| {
            let same = self.connections.values().filter(|other| other.machine == machine);
            same.count()
        };
        let spare = self.connections.iter().min_by_key(|(id, connection)| {
            let fewest = std::cmp::Reverse(of(connection.machine));
            (connection.dialed, fewest, connection.since, **id)
        });
        spare.map(|(id, _)| *id)
    }

    fn status(&self, peer: NodeKey) -> Option<PeerStatus> {
        let oldest = self.connections.values().min_by_key(|connection| connection.since)?;
        Some(PeerStatus {
            peer,
            address: oldest.address.clone(),
            dialed: oldest.dialed,
            agent: self.agent.clone(),
            connected_ms: u64::try_from(oldest.since.elapsed().as_millis()).unwrap_or(u64::MAX),
            connects: self.connects,
            bytes_in: self.bytes_in,
            bytes_out: self.bytes_out,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(machine: u8) -> Multiaddr {
        format!("/ip4/192.0.2.{machine}/tcp/4001").parse().unwrap()
    }

    #[test]
    fn a_peer_is_connected_from_its_first_connection_to_its_last() {
        let peer = NodeKey([1; 32]);
        let [one, two] = [1, 2].map(ConnectionId::new_unchecked);
        let [here, there] = [at(1), at(2)];
        let mut links = Links::default();
        assert!(links.opened(peer, one, &here, true));
        assert!(!links.opened(peer, two, &there, false));
        links.received(peer, 5);
        assert_eq!(links.closed(peer, one), None);
        assert_eq!(links.way(peer, false), Some(two));
        assert_eq!(
            (links.status()[0].address.as_str(), links.status()[0].bytes_in),
            (there.to_string().as_str(), 5)
        );
        assert_eq!(links.closed(peer, two), Some(true), "five bytes came since it opened");
        assert_eq!(links.closed(peer, two), None, "only once");
        assert!(links.way(peer, true).is_none() && links.status().is_empty());
        assert!(links.opened(peer, one, &here, true));
        assert_eq!((links.status()[0].connects, links.status()[0].bytes_in), (2, 5));
        links.retain(|_| false);
        assert_eq!(links.way(peer, true), Some(one), "still open, so still known");
    }

    #[test]
    fn a_conversation_keeps_its_connection_and_the_next_one_takes_the_next() {
        let peer = NodeKey([1; 32]);
        let ids = [1, 2, 3].map(ConnectionId::new_unchecked);
        let mut links = Links::default();
        for id in ids {
            links.opened(peer, id, &at(1), false);
        }
        let mut ways = |begins: bool| links.way(peer, begins).unwrap();
        let turns: Vec<ConnectionId> = (0..4)
            .map(|_| {
                let way = ways(true);
                assert_eq!((ways(false), ways(false)), (way, way));
                way
            })
            .collect();
        assert_eq!(turns, [ids[0], ids[1], ids[2], ids[0]]);
        links.closed(peer, ids[0]);
        assert_eq!(links.way(peer, false), Some(ids[1]), "it went with its connection");
    }

    #[test]
    fn whoever_opens_many_connections_with_one_key_drives_out_no_other_machine() {
        let peer = NodeKey([1; 32]);
        let [owner, dialed] = [1, 2].map(ConnectionId::new_unchecked);
        let mut links = Links::default();
        links.opened(peer, owner, &at(1), false);
        links.opened(peer, dialed, &at(3), true);
        for id in 10..200 {
            let id = ConnectionId::new_unchecked(id);
            links.opened(peer, id, &at(3), false);
            if let Some(spare) = links.crowded(peer) {
                assert!(spare != owner && spare != dialed && spare != id);
                links.closed(peer, spare);
            }
        }
        assert_eq!(links.0[&peer].connections.len(), CONNECTIONS_PER_PEER_MAX as usize);
        // The owner comes anew, and finds room.
        links.opened(peer, ConnectionId::new_unchecked(200), &at(1), false);
        let spare = links.crowded(peer).unwrap();
        assert_eq!(links.0[&peer].connections[&spare].address, at(3).to_string());
    }
}
