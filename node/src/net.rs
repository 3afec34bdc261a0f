//! Opaque bytes between node keys: the only room that knows libp2p.
//!
//! Net knows who may be connected and where they are, because it is told ([`Command::SetPeers`]); it knows
//! nothing of what it carries. A request has one answer or one failure; a hint has neither.
//!
//! | room | what it holds |
//! |---|---|
//! | [`limits`] | every number that bounds the network, with its reason |
//! | `engine` | the task that owns the swarm and routes |
//! | `behaviour` | what runs on a connection, and the transports |
//! | `codec`, `budget` | frames of the sync protocol, and the memory they may take |
//! | `exchange`, `lanes` | requests under way, both ways, and over which connection |
//! | `dialer` | whom to dial, and when |
//! | `doorway` | how many strangers of one address may stand in the door |
//! | `links`, `knocks`, `hint` | who is connected, who would like to be, and gossip |
//! | `outbox` | events on their way to the driver |
//!
//! **Back-pressure.** Commands and events both go through bounded channels, which could lock: the driver waits
//! until its command is taken while net waits until its event is taken. So one side never waits, and that is net:
//! - The engine always takes commands. A command leads to at most one event, which the outbox takes.
//! - A slow driver first costs the peers their requests and hints ([`limits`], `OUTBOX_REQUESTS_MAX`): they are
//!   dropped and counted, the stream closes, and the peer asks again later.
//! - Then the sockets are no longer read (`OUTBOX_EVENTS_MAX`), and the transports slow the peers down. Nothing
//!   that must be told (an answer, a connection that came or went) is ever dropped for this.
//! - Only refusals of commands can still come, and only from a driver that sends without ever reading; those
//!   are dropped beyond `NOTICES_MAX`, and counted.
//!
//! **Choice of transport.** TCP before QUIC, and over TCP noise before TLS; all three are accepted. On loopback a
//! CPU second, counted at both ends, carries 620 MB over noise or TLS and 375 MB over QUIC; a connection costs
//! 0.7 ms over noise, 0.9 ms over TLS and 1.6 ms over QUIC, and an end of it with gossip 79, 75 and 127 KiB.
//!
//! **Invariant:** nothing is exchanged with a peer that is not allowed, except the handshake that proves its key.

use std::fmt;

use libp2p::Swarm;
use protocol::id::NodeKey;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use self::behaviour::Behaviour;
use self::codec::Codec;
use self::engine::Engine;
use self::limits::{COMMANDS_MAX, EVENTS_MAX};

mod address;
mod behaviour;
mod budget;
mod codec;
mod dialer;
mod doorway;
mod engine;
mod event;
mod exchange;
mod hint;
mod identity;
mod knocks;
mod lanes;
pub mod limits;
mod links;
mod lookup;
mod outbox;
pub mod status;
mod unreached;

pub use address::is_dialable;
pub use behaviour::AGENT;
pub use event::{Book, Closed, Command, Commands, Event, Events, Failure, Place};
pub use limits::{HINT_BYTES_MAX, LOOKUPS_MAX, Limits};
pub use status::Status;

/// Why the network did not start.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// Another program listens there.
    #[error("{address} is in use by another program")]
    AddressInUse {
        /// The address as configured.
        address: String,
    },
    /// Not an address that can be listened on.
    #[error("{text:?} is not an address to listen on, like /ip4/0.0.0.0/tcp/4001 or /ip4/0.0.0.0/udp/4001/quic-v1")]
    Address {
        /// The text as configured.
        text: String,
    },
    /// The operating system refuses to listen there.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address as configured.
        address: String,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// The secret is no ed25519 key.
    #[error("the secret of this node is not an ed25519 key")]
    Secret,
    /// No random numbers.
    #[error("the operating system gives no random numbers")]
    Entropy,
    /// The keys for the handshakes could not be made.
    #[error("the keys for the handshakes could not be made")]
    Handshake,
    /// Gossip could not be set up.
    #[error("gossip could not be set up")]
    Gossip,
}

/// What net needs to start.
pub struct Config {
    /// The ed25519 secret of the node; its public key is the identity on the network.
    pub secret: Zeroizing<[u8; 32]>,
    /// Where to listen, as multiaddr text; nowhere for a site that only dials out.
    pub listen: Vec<String>,
    /// The software, as peers see it.
    pub agent: String,
    /// Whether hints are sent and heard.
    pub gossip: bool,
    /// Who is allowed from the first moment; the same as a first [`Command::SetPeers`], without a gap in which
    /// a known peer would be refused.
    pub peers: Book,
    /// What may be changed about the limits.
    pub limits: Limits,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("gossip", &self.gossip)
            .finish_non_exhaustive()
    }
}

/// A running network: a way in and a way out. It stops when either is dropped.
#[derive(Debug)]
pub struct Net {
    /// The way in.
    pub commands: Commands,
    /// The way out.
    pub events: Events,
}

/// The name of a node on the network, as people see it in multiaddrs; empty for what is no key.
#[must_use]
pub fn peer_text(node: NodeKey) -> String {
    identity::peer_id(node).map(|peer| peer.to_string()).unwrap_or_default()
}

/// Starts listening and dialing. Must be called within a tokio runtime, which runs all tasks of net.
pub fn start(config: Config) -> Result<Net, NetError> {
    let Config {
        secret,
        listen,
        agent,
        gossip,
        peers,
        limits,
    } = config;
    let keys = identity::key_pair(&secret)?;
    let me = identity::node_key(&keys.public().to_peer_id()).ok_or(NetError::Secret)?;
    let seed = getrandom::u64().map_err(|_| NetError::Entropy)?;
    let codec = Codec::new(&limits);
    let mut swarm = behaviour::swarm(keys, (agent, gossip), &limits, codec.clone())?;
    for text in &listen {
        listen_on(&mut swarm, text)?;
    }
    let (orders, to_engine) = mpsc::channel(COMMANDS_MAX);
    let (to_driver, events) = mpsc::channel(EVENTS_MAX);
    let mut engine = Engine::new(swarm, codec, me, seed, &limits, (to_engine, to_driver));
    engine.set_peers(&peers);
    tokio::spawn(engine.run());
    Ok(Net {
        commands: Commands(orders),
        events: Events(events),
    })
}

fn listen_on(swarm: &mut Swarm<Behaviour>, text: &str) -> Result<(), NetError> {
    let address = address::listenable(text)?;
    let listening = swarm.listen_on(address);
    listening.map(drop).map_err(|error| NetError::Listen {
        address: address::shorten(text),
        source: std::io::Error::other(error),
    })
}

#[cfg(test)]
mod tests;
