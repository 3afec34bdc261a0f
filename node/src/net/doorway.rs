//! The door: how many connections of one address may be at their handshake.
//!
//! Whoever opens sockets and says nothing holds a place for as long as a handshake may take. All places together are
//! bounded elsewhere; without a bound for each address, one machine could hold them all, and nobody else would come in.
//!
//! **Invariant:** at most [`PENDING_PER_ADDRESS_MAX`] of one address at a time. What comes from this very machine is not counted:
//! whoever is on it has easier ways to hurt the node, and a centre runs many nodes on one.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::task::{Context, Poll};

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::behaviour::ListenFailure;
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
    dummy,
};
use libp2p::{Multiaddr, PeerId};

use super::limits::PENDING_PER_ADDRESS_MAX;

/// Why somebody is not let into the doorway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{PENDING_PER_ADDRESS_MAX} handshakes of {from} are under way already")]
pub(crate) struct Crowded {
    from: IpAddr,
}

/// Who stands in the door.
#[derive(Debug, Default)]
pub(crate) struct Doorway {
    pending: BTreeMap<ConnectionId, IpAddr>,
}

impl Doorway {
    fn enter(&mut self, id: ConnectionId, from: &Multiaddr) -> Result<(), Crowded> {
        let Some(from) = machine(from) else { return Ok(()) };
        let standing = self.pending.values().filter(|other| **other == from).count();
        if standing >= PENDING_PER_ADDRESS_MAX {
            return Err(Crowded { from });
        }
        self.pending.insert(id, from);
        Ok(())
    }

    fn leave(&mut self, id: ConnectionId) {
        self.pending.remove(&id);
    }
}

/// The machine at an address; of IPv6 the network, since one machine has as many addresses in it as it wants. Nothing for
/// this machine itself.
pub(super) fn machine(address: &Multiaddr) -> Option<IpAddr> {
    let ip = match address.iter().next()? {
        Protocol::Ip4(ip) => IpAddr::V4(ip),
        Protocol::Ip6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => IpAddr::V4(ip),
            None if ip.is_loopback() => IpAddr::V6(ip),
            None => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        },
        _ => return None,
    };
    (!ip.is_loopback()).then_some(ip)
}

impl NetworkBehaviour for Doorway {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: &Multiaddr,
        from: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.enter(id, from).map_err(ConnectionDenied::new)
    }

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.leave(id);
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) = event {
            self.leave(connection_id);
        }
    }

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(doorway: &mut Doorway, id: usize, from: &str) -> bool {
        let from = format!("{from}/tcp/{}", 1000 + id).parse().unwrap();
        doorway.enter(ConnectionId::new_unchecked(id), &from).is_ok()
    }

    #[test]
    fn one_machine_never_fills_the_door() {
        let mut doorway = Doorway::default();
        for id in 0..PENDING_PER_ADDRESS_MAX {
            assert!(enter(&mut doorway, id, "/ip4/192.0.2.1"));
        }
        assert!(!enter(&mut doorway, 100, "/ip4/192.0.2.1"));
        assert!(!enter(&mut doorway, 101, "/ip6/::ffff:192.0.2.1"), "the same machine");
        assert!(enter(&mut doorway, 102, "/ip4/192.0.2.2"));
        doorway.leave(ConnectionId::new_unchecked(3));
        assert!(enter(&mut doorway, 103, "/ip4/192.0.2.1"), "one of them has left");
        for id in 0..PENDING_PER_ADDRESS_MAX {
            assert!(enter(&mut doorway, 200 + id, &format!("/ip6/2001:db8::{id}")));
        }
        assert!(!enter(&mut doorway, 300, "/ip6/2001:db8::ffff"), "the same network");
    }

    #[test]
    fn nobody_on_this_machine_is_counted() {
        let mut doorway = Doorway::default();
        for id in 0..3 * PENDING_PER_ADDRESS_MAX {
            assert!(enter(&mut doorway, id, ["/ip4/127.0.0.1", "/ip6/::1"][id % 2]));
        }
        assert!(doorway.pending.is_empty());
    }
}
