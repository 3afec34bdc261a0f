//! The one task that owns the swarm: it routes, the rooms beside it decide.
//!
//! **Invariant:** it waits for the network, for commands and for time, and never for the driver.

use std::collections::BTreeMap;

use futures::StreamExt;
use libp2p::core::{ConnectedPoint, Multiaddr};
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, DialError, SwarmEvent};
use libp2p::{PeerId, Swarm, allow_block_list, gossipsub, identify, ping};
use protocol::api::Verbindfout;
use protocol::id::NodeKey;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::behaviour::{Behaviour, BehaviourEvent};
use super::codec::Codec;
use super::dialer::{Dialer, Listed};
use super::event::{Book, Command, Delivery, Event, Failure, Order};
use super::exchange::Exchange;
use super::hint::Waiting;
use super::identity::{node_key, peer_id};
use super::knocks::Knocks;
use super::limits::{CLOSE_TIMEOUT, Limits, PEERS_MAX};
use super::links::Links;
use super::lookup::Lookups;
use super::outbox::Outbox;
use super::status::{Dropped, Status};
use super::{address, hint, unreached};

/// Everything net knows.
pub(crate) struct Engine {
    swarm: Swarm<Behaviour>,
    orders: mpsc::Receiver<Order>,
    outbox: Outbox,
    dialer: Dialer,
    exchange: Exchange,
    links: Links,
    knocks: Knocks,
    /// Hints of others that have not gone on yet.
    hints: Waiting,
    /// Names of dialed peers being looked up; as many as there are dials at most.
    resolving: JoinSet<(NodeKey, Vec<Multiaddr>)>,
    lookups: Lookups,
    /// Shares its budgets with the codec of every connection.
    codec: Codec,
    dropped: Dropped,
    /// When the dialer has something to do, unless it changes before.
    wake: Option<Instant>,
}

impl Engine {
    pub(crate) fn new(
        swarm: Swarm<Behaviour>,
        codec: Codec,
        me: NodeKey,
        seed: u64,
        limits: &Limits,
        channels: (mpsc::Receiver<Order>, mpsc::Sender<Delivery>),
    ) -> Self {
        let (orders, driver) = channels;
        Self {
            swarm,
            orders,
            outbox: Outbox::new(driver),
            dialer: Dialer::new(me, limits, seed),
            exchange: Exchange::new(limits),
            links: Links::default(),
            knocks: Knocks::default(),
            hints: Waiting::default(),
            resolving: JoinSet::new(),
            lookups: Lookups::of_system(),
            codec,
            dropped: Dropped::default(),
            wake: None,
        }
    }

    /// Runs until it is told to stop, or until nobody holds the way in or the way out any more.
    pub(crate) async fn run(mut self) {
        loop {
            self.dial_due();
            tokio::select! {
                order = self.orders.recv() => match order {
                    None | Some(Order::Command(Command::Shutdown)) => break,
                    Some(Order::Command(command)) => self.perform(command),
                    Some(Order::Status(tell)) => drop(tell.send(self.status())),
                },
                alive = self.outbox.deliver() => if !alive { break },
                event = self.swarm.select_next_some(), if self.outbox.takes_events() => self.on_event(event),
                Some(resolved) = self.resolving.join_next() => self.on_resolved(resolved.ok()),
                () = sleep_until(self.wake) => self.dialer.touch(),
            }
        }
        self.close().await;
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::SetPeers(peers) => self.set_peers(&peers),
            Command::Request {
                peer,
                id,
                bytes,
                begins,
            } => self.ask(peer, id, bytes, begins),
            Command::Respond { peer, id, bytes } => self.respond(peer, id, bytes),
            Command::Hint { bytes } => self.hint(bytes),
            Command::PassOn { id } => {
                if let Some(hints) = self.swarm.behaviour_mut().hints.as_mut() {
                    self.hints.pass_on(hints, id);
                }
            }
            Command::Shutdown => {}
        }
    }

    pub(crate) fn set_peers(&mut self, peers: &Book) {
        let mut allowed = BTreeMap::new();
        let mut listed = BTreeMap::new();
        for (peer, place) in peers.iter().take(PEERS_MAX) {
            let Some(id) = peer_id(*peer) else { continue };
            let (addresses, wrong) = address::dialable_all(&place.addresses, id);
            allowed.insert(id, *peer);
            listed.insert(
                *peer,
                Listed {
                    of: place.of,
                    addresses,
                    wrong: wrong.map(|error| {
                        tracing::info!(%peer, %error, "an address of a member cannot be dialed");
                        Verbindfout::AdresOnbruikbaar
                    }),
                },
            );
        }
        self.dropped.peers += (peers.len() - allowed.len()) as u64;
        let list = &mut self.swarm.behaviour_mut().allowed;
        let gone: Vec<PeerId> = list
            .allowed_peers()
            .iter()
            .filter(|id| !allowed.contains_key(id))
            .copied()
            .collect();
        for id in gone {
            list.disallow_peer(id);
        }
        for id in allowed.keys() {
            list.allow_peer(*id);
        }
        self.dialer.set(Instant::now(), listed);
        self.links.retain(|peer| self.dialer.knows(peer));
        self.knocks.retain(|peer| !self.dialer.knows(peer));
    }

    fn ask(&mut self, peer: NodeKey, id: u64, bytes: Vec<u8>, begins: bool) {
        let length = bytes.len();
        let way = self.links.way(peer, begins).ok_or(Failure::NotConnected);
        let asked = way.and_then(|way| {
            self.exchange
                .ask(&mut self.swarm.behaviour_mut().sync, (peer, way), id, bytes)
        });
        match asked {
            Ok(()) => self.links.sent(peer, length),
            Err(why) => self.outbox.put(Event::Failed { peer, id, why }),
        }
    }

    fn respond(&mut self, peer: NodeKey, id: u64, bytes: Vec<u8>) {
        let length = bytes.len();
        match self
            .exchange
            .respond(&mut self.swarm.behaviour_mut().sync, peer, id, bytes)
        {
            Ok(()) => self.links.sent(peer, length),
            Err(_) => self.dropped.responses += 1,
        }
    }

    fn hint(&mut self, bytes: Vec<u8>) {
        let hints = self.swarm.behaviour_mut().hints.as_mut();
        let sent = hints.is_some_and(|hints| hint::publish(hints, bytes));
        self.dropped.hints += u64::from(!sent);
    }

    /// Dials whoever is due, when time has come or the dial book changed, and not at every event.
    fn dial_due(&mut self) {
        if !self.dialer.take_changed() {
            return;
        }
        for (peer, addresses) in self.dialer.due(Instant::now()) {
            if addresses.iter().any(address::has_name) {
                let lookups = self.lookups.clone();
                self.resolving
                    .spawn(async move { (peer, lookups.resolve(addresses).await) });
            } else {
                self.dial(peer, addresses);
            }
        }
        self.wake = self.dialer.next();
    }

    fn on_resolved(&mut self, resolved: Option<(NodeKey, Vec<Multiaddr>)>) {
        let Some((peer, addresses)) = resolved else { return };
        if addresses.is_empty() {
            self.dialer.failed(Instant::now(), peer, Verbindfout::NaamOnbekend);
        } else {
            self.dial(peer, addresses);
        }
    }

    /// Dials from a fresh port: sharing the listener's would make two links between two nodes look alike.
    fn dial(&mut self, peer: NodeKey, addresses: Vec<Multiaddr>) {
        let Some(id) = peer_id(peer) else { return };
        let options = DialOpts::peer_id(id)
            .condition(PeerCondition::Always)
            .addresses(addresses);
        if let Err(error) = self.swarm.dial(options.allocate_new_port().build()) {
            self.on_unreached(peer, &error);
        }
    }

    fn on_unreached(&mut self, peer: NodeKey, error: &DialError) {
        let why = unreached::of_dial(error);
        unreached::log(peer, why, error);
        self.dialer.failed(Instant::now(), peer, why);
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            SwarmEvent::NewListenAddr { address, .. } => {
                self.outbox.put(Event::Listening {
                    address: address.to_string(),
                });
            }
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                ..
            } => {
                self.on_opened(&peer_id, connection_id, &endpoint);
            }
            SwarmEvent::ConnectionClosed {
                peer_id, connection_id, ..
            } => self.on_closed(&peer_id, connection_id),
            SwarmEvent::OutgoingConnectionError { peer_id, error, .. } => {
                if let Some(peer) = peer_id.as_ref().and_then(node_key) {
                    self.on_unreached(peer, &error);
                }
            }
            SwarmEvent::IncomingConnectionError {
                send_back_addr,
                error,
                peer_id,
                ..
            } => {
                self.dropped.handshakes += 1;
                self.on_refused(peer_id.as_ref(), &send_back_addr, &error);
            }
            _ => {}
        }
    }

    fn on_opened(&mut self, id: &PeerId, connection: ConnectionId, endpoint: &ConnectedPoint) {
        let Some(peer) = node_key(id) else { return };
        let address = endpoint.get_remote_address();
        let dialed = endpoint.is_dialer();
        self.dialer.connected(Instant::now(), peer, dialed);
        if self.links.opened(peer, connection, address, dialed) {
            if let Some(hints) = self.swarm.behaviour_mut().hints.as_mut() {
                hint::met(hints, id);
            }
            self.outbox.put(Event::Connected { peer });
        }
        if let Some(connection) = self.links.crowded(peer) {
            self.swarm.close_connection(connection);
        }
    }

    fn on_closed(&mut self, id: &PeerId, connection: ConnectionId) {
        let Some(peer) = node_key(id) else { return };
        if let Some(used) = self.links.closed(peer, connection) {
            self.dialer.disconnected(Instant::now(), peer, used);
            self.links.retain(|peer| self.dialer.knows(peer));
            if let Some(hints) = self.swarm.behaviour_mut().hints.as_mut() {
                hint::left(hints, id);
            }
            self.outbox.put(Event::Disconnected { peer });
        }
    }

    /// Only a refusal by the allow-list is a knock; anything else is a failed or an unwelcome handshake.
    fn on_refused(&mut self, id: Option<&PeerId>, from: &Multiaddr, error: &libp2p::swarm::ListenError) {
        let libp2p::swarm::ListenError::Denied { cause } = error else {
            return;
        };
        let stranger = cause.downcast_ref::<allow_block_list::NotAllowed>().is_some();
        let Some(peer) = id.and_then(node_key).filter(|_| stranger) else {
            return;
        };
        let address = address::shorten(&from.to_string());
        if self.knocks.note(Instant::now(), peer, &address) {
            self.outbox.put(Event::Knocked { peer, address });
        }
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Sync(event) => {
                let delivery = self.exchange.on_event(event, self.outbox.takes_requests());
                if let Some(delivery) = delivery {
                    self.count(&delivery.event);
                    self.outbox.put_delivery(delivery);
                }
            }
            BehaviourEvent::Hints(gossipsub::Event::Message {
                propagation_source,
                message_id,
                message,
            }) => {
                self.on_hint(propagation_source, message_id, message);
            }
            BehaviourEvent::Ping(ping::Event {
                connection,
                result: Err(failure),
                ..
            }) => {
                self.on_silence(connection, &failure);
            }
            BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. }) => {
                if let Some(peer) = node_key(&peer_id) {
                    self.links.identified(peer, &info.agent_version);
                }
            }
            _ => {}
        }
    }

    /// A connection that died without a word. A version without ping answers `Unsupported`, which is a word.
    fn on_silence(&mut self, connection: ConnectionId, failure: &ping::Failure) {
        if !matches!(failure, ping::Failure::Unsupported) {
            self.swarm.close_connection(connection);
        }
    }

    fn count(&mut self, event: &Event) {
        if let Event::Request { peer, bytes, .. } | Event::Response { peer, bytes, .. } = event {
            self.links.received(*peer, bytes.len());
        }
    }

    fn on_hint(&mut self, from: PeerId, message_id: gossipsub::MessageId, message: gossipsub::Message) {
        let behaviour = self.swarm.behaviour_mut();
        let allowed = behaviour.allowed.allowed_peers();
        let author = hint::author(&message, |author| allowed.contains(author));
        match (node_key(&from), author.as_ref().and_then(node_key)) {
            (Some(peer), Some(author)) if self.outbox.takes_requests() => {
                let id = self.hints.add(message_id, from);
                let bytes = message.data;
                self.outbox.put(Event::Hint {
                    id,
                    peer,
                    author,
                    bytes,
                });
            }
            (_, author) => {
                self.dropped.hints += 1;
                // A driver that does not keep up keeps nobody behind this node from hearing.
                let verdict = match author {
                    Some(_) => gossipsub::MessageAcceptance::Accept,
                    None => gossipsub::MessageAcceptance::Ignore,
                };
                if let Some(hints) = behaviour.hints.as_mut() {
                    hints.report_message_validation_result(&message_id, &from, verdict);
                }
            }
        }
    }

    fn status(&self) -> Status {
        let (requests, notices, knocks) = (self.exchange.dropped(), self.outbox.lost(), self.knocks.forgotten());
        Status {
            listening: self.swarm.listeners().map(ToString::to_string).collect(),
            peers: self.links.status(),
            dials: self.dialer.status(),
            knocked: self.knocks.list(Instant::now()),
            dropped: Dropped {
                requests,
                notices,
                knocks,
                ..self.dropped
            },
            held_bytes: self.codec.held_bytes(),
        }
    }

    /// Says goodbye to everybody and lets go of the sockets.
    async fn close(mut self) {
        let peers: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            // An error says that the peer is gone already, which is what is wanted.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let goodbye = async {
            while self.swarm.connected_peers().next().is_some() {
                self.swarm.select_next_some().await;
            }
        };
        drop(tokio::time::timeout(CLOSE_TIMEOUT, goodbye).await);
    }
}

/// Sleeps until the moment, or for ever.
async fn sleep_until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
