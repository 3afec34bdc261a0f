//! Who is connected, over which connections, and how much went over them.
//!
//! Two nodes may dial each other at the same moment and have two connections; to the driver a peer is connected
//! from its first to its last.

use std::collections::BTreeMap;

use libp2p::swarm::ConnectionId;
use protocol::id::NodeKey;
use tokio::time::Instant;

use super::address::shorten;
use super::status::PeerStatus;

#[derive(Debug)]
struct Connection {
    address: String,
    dialed: bool,
    since: Instant,
    /// What had come from the peer before.
    bytes_before: u64,
}

#[derive(Debug, Default)]
struct Link {
    connections: BTreeMap<ConnectionId, Connection>,
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
    pub(crate) fn opened(&mut self, peer: NodeKey, id: ConnectionId, address: &str, dialed: bool) -> bool {
        let link = self.0.entry(peer).or_default();
        let first = link.connections.is_empty();
        let connection = Connection {
            address: shorten(address),
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

    pub(crate) fn is_connected(&self, peer: NodeKey) -> bool {
        self.0.get(&peer).is_some_and(|link| !link.connections.is_empty())
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

    #[test]
    fn a_peer_is_connected_from_its_first_connection_to_its_last() {
        let peer = NodeKey([1; 32]);
        let [one, two] = [1, 2].map(ConnectionId::new_unchecked);
        let mut links = Links::default();
        assert!(links.opened(peer, one, "here", true));
        assert!(!links.opened(peer, two, "there", false));
        links.received(peer, 5);
        assert_eq!(links.closed(peer, one), None);
        assert!(links.is_connected(peer));
        assert_eq!(
            (links.status()[0].address.as_str(), links.status()[0].bytes_in),
            ("there", 5)
        );
        assert_eq!(links.closed(peer, two), Some(true), "five bytes came since it opened");
        assert_eq!(links.closed(peer, two), None, "only once");
        assert!(!links.is_connected(peer) && links.status().is_empty());
        assert!(links.opened(peer, one, "here", true));
        assert_eq!((links.status()[0].connects, links.status()[0].bytes_in), (2, 5));
        links.retain(|_| false);
        assert!(links.is_connected(peer), "still open, so still known");
    }
}
