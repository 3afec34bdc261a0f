//! Requests and answers, over a connection that the asker chooses.
//!
//! One key may be at two machines: its owner's, and that of somebody who copied the node. libp2p spreads the requests to a peer over
//! its connections by turns, so that of every conversation one half would go to the one and one half to the other, and what only
//! the owner has would never be fetched. So every connection of a peer has a behaviour of its own here, a lane, and a request
//! names its connection.
//!
//! **Invariant:** no lane has two connections of one peer.

use std::collections::BTreeMap;
use std::task::{Context, Poll};

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::request_response::{self, InboundRequestId, OutboundRequestId, ResponseChannel};
use libp2p::swarm::{
    ConnectionClosed, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};

use super::codec::{Codec, Parcel};
use super::limits::CONNECTIONS_PER_PEER_MAX;

/// One more than stand for long: a new connection comes before an old one goes.
pub(crate) const LANES: u32 = CONNECTIONS_PER_PEER_MAX + 1;

/// What libp2p does with the connections of one lane.
pub(crate) type Lane = request_response::Behaviour<Codec>;

/// A request of ours.
pub(crate) type Asked = (usize, OutboundRequestId);

/// A request of a peer.
pub(crate) type Waiting = (usize, InboundRequestId);

/// What happened in one lane.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(crate) lane: usize,
    pub(crate) event: request_response::Event<Parcel, Parcel>,
}

/// Why a connection gets no lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{LANES} connections of one peer stand already")]
pub(crate) struct Full;

/// All lanes.
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
    placed: BTreeMap<ConnectionId, (PeerId, usize)>,
}

impl Lanes {
    pub(crate) fn new(lane: impl Fn() -> Lane) -> Self {
        Self {
            lanes: (0..LANES).map(|_| lane()).collect(),
            placed: BTreeMap::new(),
        }
    }

    /// Sends a request over this connection; nothing when it does not stand any more.
    pub(crate) fn ask(&mut self, connection: ConnectionId, request: Parcel) -> Option<Asked> {
        let (peer, lane) = *self.placed.get(&connection)?;
        // A lane without the peer would dial it.
        let behaviour = self.lanes.get_mut(lane).filter(|lane| lane.is_connected(&peer))?;
        Some((lane, behaviour.send_request(&peer, request)))
    }

    /// Sends an answer over the connection that the request came over; gives it back when that is gone.
    pub(crate) fn respond(&mut self, channel: ResponseChannel<Parcel>, response: Parcel) -> Result<(), Parcel> {
        match self.lanes.first_mut() {
            Some(any) => any.send_response(channel, response),
            None => Err(response),
        }
    }

    fn free(&self, peer: PeerId) -> Result<usize, ConnectionDenied> {
        let taken = |lane: &usize| self.placed.values().any(|placed| *placed == (peer, *lane));
        let free = (0..self.lanes.len()).find(|lane| !taken(lane));
        free.ok_or_else(|| ConnectionDenied::new(Full))
    }

    fn of(&mut self, connection: ConnectionId) -> Option<&mut Lane> {
        let (_, lane) = self.placed.get(&connection)?;
        self.lanes.get_mut(*lane)
    }
}

impl NetworkBehaviour for Lanes {
    type ConnectionHandler = <Lane as NetworkBehaviour>::ConnectionHandler;
    type ToSwarm = Happened;

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let lane = self.free(peer)?;
        let handler = self.lanes[lane].handle_established_inbound_connection(id, peer, local, remote)?;
        self.placed.insert(id, (peer, lane));
        Ok(handler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        role: Endpoint,
        port: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let lane = self.free(peer)?;
        let handler = self.lanes[lane].handle_established_outbound_connection(id, peer, address, role, port)?;
        self.placed.insert(id, (peer, lane));
        Ok(handler)
    }

    /// What concerns no connection concerns no lane either: addresses come from the dialer.
    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionClosed(closed) => {
                let id = closed.connection_id;
                if let Some(lane) = self.of(id) {
                    // What remains is in other lanes: the swarm counts the connections of all.
                    lane.on_swarm_event(FromSwarm::ConnectionClosed(ConnectionClosed {
                        remaining_established: 0,
                        ..closed
                    }));
                }
                self.placed.remove(&id);
            }
            FromSwarm::AddressChange(change) => {
                if let Some(lane) = self.of(change.connection_id) {
                    lane.on_swarm_event(event);
                }
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, peer: PeerId, id: ConnectionId, event: THandlerOutEvent<Self>) {
        if let Some(lane) = self.of(id) {
            lane.on_connection_handler_event(peer, id, event);
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        for (lane, behaviour) in self.lanes.iter_mut().enumerate() {
            if let Poll::Ready(event) = behaviour.poll(context) {
                return Poll::Ready(event.map_out(|event| Happened { lane, event }));
            }
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use libp2p::core::ConnectedPoint;
    use libp2p::identity::Keypair;
    use libp2p::request_response::{Config, Event, OutboundFailure, ProtocolSupport};

    use super::*;
    use crate::net::codec::PROTOCOL;
    use crate::net::limits::Limits;

    /// The requests that ended with their connection.
    fn cut(lanes: &mut Lanes) -> Vec<Asked> {
        let mut cut = Vec::new();
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(happened) = lanes.poll(&mut context) {
            if let ToSwarm::GenerateEvent(Happened {
                lane,
                event:
                    Event::OutboundFailure {
                        request_id,
                        error: OutboundFailure::ConnectionClosed,
                        ..
                    },
            }) = happened
            {
                cut.push((lane, request_id));
            }
        }
        cut
    }

    #[test]
    fn of_two_connections_of_a_peer_each_ends_alone() {
        let codec = Codec::new(&Limits::default());
        let lane = || Lane::with_codec(codec.clone(), [(PROTOCOL, ProtocolSupport::Full)], Config::default());
        let mut lanes = Lanes::new(lane);
        let peer = Keypair::generate_ed25519().public().to_peer_id();
        let address: Multiaddr = "/ip4/127.0.0.1/tcp/4001".parse().unwrap();
        let ids = [1, 2].map(ConnectionId::new_unchecked);
        for id in ids {
            lanes
                .handle_established_inbound_connection(id, peer, &address, &address)
                .unwrap();
        }
        let asked = ids.map(|id| lanes.ask(id, Parcel::own(vec![1])).unwrap());
        assert_eq!(cut(&mut lanes), []);
        let endpoint = ConnectedPoint::Listener {
            local_addr: address.clone(),
            send_back_addr: address,
        };
        for (at, remaining_established) in [(0, 1), (1, 0)] {
            // The swarm counts what remains in all lanes, and a build with debug assertions compares it with one.
            lanes.on_swarm_event(FromSwarm::ConnectionClosed(ConnectionClosed {
                peer_id: peer,
                connection_id: ids[at],
                endpoint: &endpoint,
                cause: None,
                remaining_established,
            }));
            assert_eq!(cut(&mut lanes), [asked[at]]);
            assert!(lanes.ask(ids[at], Parcel::own(vec![1])).is_none());
        }
    }
}
