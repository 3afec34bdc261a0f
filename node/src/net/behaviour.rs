//! What runs on every connection.

use std::num::{NonZeroU8, NonZeroUsize};
use std::time::Duration;

use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::identity::Keypair;
use libp2p::request_response::{self, ProtocolSupport};
use libp2p::swarm::NetworkBehaviour;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::{Swarm, SwarmBuilder};
use libp2p::{gossipsub, identify, noise, ping, quic, tcp, tls, yamux};

use super::NetError;
use super::codec::{Codec, PROTOCOL};
use super::doorway::Doorway;
use super::hint;
use super::lanes::{LANES, Lane, Lanes};
use super::limits::{
    Limits, PENDING_INBOUND_MAX, PENDING_OUTBOUND_MAX, QUIC_CONNECTION_BYTES, QUIC_STREAM_BYTES, STREAMS_MAX,
    STREAMS_NEGOTIATING_MAX, SYNC_STREAMS_MAX,
};

/// What a node says it is.
pub const AGENT: &str = concat!("leerkring/", env!("CARGO_PKG_VERSION"));

/// The order of the fields is the order in which a new connection is judged.
///
/// **Invariant:** the first three stay first, so that no other behaviour sees a connection they refuse.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    /// Refuses whoever is not a member, as soon as the handshake has proved a key.
    pub(crate) allowed: allow_block_list::Behaviour<AllowedPeers>,
    /// Bounds the handshakes that one address has under way.
    pub(crate) doorway: Doorway,
    /// Bounds handshakes and connections, members included. After the allow-list: a stranger at a full node is
    /// still seen to knock.
    pub(crate) limits: connection_limits::Behaviour,
    /// Tells versions apart, for the status and for a federation that runs two of them.
    pub(crate) identify: identify::Behaviour,
    /// Finds connections that died without a word.
    pub(crate) ping: ping::Behaviour,
    /// Carries hints; absent when gossip is off.
    pub(crate) hints: Toggle<gossipsub::Behaviour>,
    /// Carries everything that matters.
    pub(crate) sync: Lanes,
}

impl Behaviour {
    fn new(keys: &Keypair, (agent, gossip): (String, bool), limits: &Limits, codec: &Codec) -> Result<Self, NetError> {
        let hints = if gossip { Some(hint::behaviour(keys)?) } else { None };
        Ok(Self {
            allowed: allow_block_list::Behaviour::default(),
            doorway: Doorway::default(),
            limits: connection_limits::Behaviour::new(connection_limits(limits)),
            identify: identify::Behaviour::new(identify_config(keys, agent)),
            ping: ping::Behaviour::new(ping::Config::new()),
            hints: hints.into(),
            sync: Lanes::new(|| sync(limits, codec.clone())),
        })
    }
}

fn connection_limits(limits: &Limits) -> ConnectionLimits {
    let outbound = u32::try_from(2 * limits.outbound_max).unwrap_or(u32::MAX);
    ConnectionLimits::default()
        .with_max_pending_incoming(Some(PENDING_INBOUND_MAX))
        .with_max_pending_outgoing(Some(PENDING_OUTBOUND_MAX as u32))
        .with_max_established_incoming(Some(limits.inbound_max))
        .with_max_established_outgoing(Some(outbound))
        .with_max_established_per_peer(Some(LANES))
}

/// Addresses come from the charter, so none are told or kept here.
fn identify_config(keys: &Keypair, agent: String) -> identify::Config {
    identify::Config::new("/leerkring/1".into(), keys.public())
        .with_agent_version(agent)
        .with_interval(Duration::from_secs(3600))
        .with_cache_size(0)
        .with_hide_listen_addrs(true)
}

fn sync(limits: &Limits, codec: Codec) -> Lane {
    let config = request_response::Config::default()
        .with_request_timeout(limits.request_timeout)
        .with_max_concurrent_streams(SYNC_STREAMS_MAX);
    Lane::with_codec(codec, [(PROTOCOL, ProtocolSupport::Full)], config)
}

fn yamux_config() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(STREAMS_MAX);
    config
}

fn quic_config(mut config: quic::Config) -> quic::Config {
    config.max_concurrent_stream_limit = STREAMS_MAX as u32;
    config.max_stream_data = QUIC_STREAM_BYTES;
    config.max_connection_data = QUIC_CONNECTION_BYTES;
    config
}

/// The swarm, not yet listening. Must be called within a tokio runtime.
///
/// The addresses of a peer are dialed one after the other: the first is the preferred one, and a second handshake
/// beside it would be thrown away. The buffers are small: a small profile has as many of them as a large one.
pub(crate) fn swarm(
    keys: Keypair,
    said: (String, bool),
    limits: &Limits,
    codec: Codec,
) -> Result<Swarm<Behaviour>, NetError> {
    let idle_timeout = limits.idle_timeout;
    let behaviour = Behaviour::new(&keys, said, limits, &codec)?;
    let swarm = SwarmBuilder::with_existing_identity(keys)
        .with_tokio()
        .with_tcp(
            tcp::Config::default().nodelay(true),
            (noise::Config::new, tls::Config::new),
            yamux_config,
        )
        .map_err(|_| NetError::Handshake)?
        .with_quic_config(quic_config)
        .with_behaviour(|_| behaviour)
        .unwrap_or_else(|never| match never {})
        .with_swarm_config(|config| {
            config
                .with_idle_connection_timeout(idle_timeout)
                .with_dial_concurrency_factor(NonZeroU8::MIN)
                .with_max_negotiating_inbound_streams(STREAMS_NEGOTIATING_MAX)
                .with_notify_handler_buffer_size(NonZeroUsize::MIN)
                .with_per_connection_event_buffer_size(4)
        })
        .build();
    Ok(swarm)
}
