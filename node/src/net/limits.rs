//! Every number that bounds the network, in one place, each with its reason.
//!
//! [`Limits`] holds what an installation or a test may change; a constant is what nobody has a reason to change.
//!
//! **Invariant:** what net holds in memory is bounded by this file, whatever peers send and however slow the
//! driver is: received payloads by the two budgets, payloads to send by the slots times the largest payload,
//! notices by [`NOTICES_MAX`].

use std::time::Duration;

/// Commands that may wait for the engine. It never stops reading them, so this only smooths bursts.
pub(crate) const COMMANDS_MAX: usize = 64;

/// Events that may wait for the driver in the channel; the outbox behind it holds the rest.
pub(crate) const EVENTS_MAX: usize = 32;

/// Events in the outbox from which inbound requests are dropped: a peer asks again, so its request is the
/// first thing a slow node can do without.
pub(crate) const OUTBOX_REQUESTS_MAX: usize = 32;

/// Events in the outbox from which the sockets are no longer read: the transport then slows the peers down.
pub(crate) const OUTBOX_EVENTS_MAX: usize = 256;

/// Events in the outbox from which even the refusal of a command is dropped and counted. Only a driver that
/// keeps sending and never reads comes here.
pub(crate) const NOTICES_MAX: usize = 4096;

/// Own requests under way, over all peers: one digest to each of the connected peers and room for ranges.
pub(crate) const ASKED_MAX: usize = 128;

/// Own requests under way to one peer; more would share the same link and only hold memory.
pub(crate) const ASKED_PER_PEER_MAX: usize = 6;

/// Requests of others being answered, over all peers, from arrival until the answer has left.
pub(crate) const WAITING_MAX: usize = 64;

/// Requests of one peer being answered: one member cannot take all slots.
pub(crate) const WAITING_PER_PEER_MAX: usize = 6;

/// Bytes of received requests held at once. Requests are digests and heights, so a few MiB serve many peers.
pub(crate) const REQUESTS_BUDGET_BYTES: usize = 8 << 20;

/// Bytes of received answers held at once: a dozen chunks of 1 MiB on their way to the store.
pub(crate) const RESPONSES_BUDGET_BYTES: usize = 16 << 20;

/// Streams of the sync protocol per connection: both directions of the slots above, with slack for timeouts.
pub(crate) const SYNC_STREAMS_MAX: usize = 16;

/// Streams per connection over all protocols; beyond sync a handful for identify, ping and gossip.
pub(crate) const STREAMS_MAX: usize = 64;

/// Inbound streams that may be negotiating a protocol at once on one connection.
pub(crate) const STREAMS_NEGOTIATING_MAX: usize = 32;

/// QUIC flow control: a stream holds one largest answer, a connection four of them.
pub(crate) const QUIC_STREAM_BYTES: u32 = 5 << 18;
/// See [`QUIC_STREAM_BYTES`].
pub(crate) const QUIC_CONNECTION_BYTES: u32 = 4 * QUIC_STREAM_BYTES;

/// Handshakes of strangers under way at once. A handshake takes about a millisecond, so a federation that
/// starts at once needs few; silent sockets hold a place for ten seconds each, so there are more than that.
pub(crate) const PENDING_INBOUND_MAX: u32 = 64;

/// Of those, how many one address may have: a quarter, so that no three machines hold the door shut.
pub(crate) const PENDING_PER_ADDRESS_MAX: usize = 16;

/// Dials under way at once, so that a federation that is down does not keep a node busy connecting.
pub(crate) const PENDING_OUTBOUND_MAX: usize = 16;

/// Connections per peer: both sides may dial at the same moment, and somebody who copied a node may have its key too. Beyond it
/// an old one makes room for the new one.
pub(crate) const CONNECTIONS_PER_PEER_MAX: u32 = 4;

/// Addresses of one peer that are kept; the rest are ignored.
pub(crate) const ADDRESSES_MAX: usize = 8;

/// Peers in the dial book: twelve times the gemeenten, so that nothing grows by a wrong member list.
pub(crate) const PEERS_MAX: usize = 4096;

/// Unknown dialers that are remembered for a person to look at.
pub(crate) const KNOCKS_MAX: usize = 64;

/// Characters of an error, address or agent text that are kept for the status.
pub(crate) const TEXT_CHARS_MAX: usize = 200;

/// Dials that fail in a row before the next peer in order is dialed as well.
pub(crate) const FAILURES_UNTIL_SUBSTITUTE: u32 = 3;

/// A connection that ends sooner counts as a failed dial: the other side refused us after the handshake
/// (we are not on its list, or it is full), and dialing again at once would be a hot loop.
pub(crate) const SETTLED: Duration = Duration::from_secs(5);

/// Names being looked up at once. Each blocks a thread until the name server answers, which a dead one does not do for
/// half a minute; a live one takes milliseconds, so that a few serve a federation that starts at once.
pub const LOOKUPS_MAX: usize = 4;

/// Answer of the name server; the dial counts as failed after it.
pub(crate) const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Time for open connections to close at shutdown; the sockets go anyway after it.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// Bytes of a hint. It says that there is something new, not what.
pub const HINT_BYTES_MAX: usize = 256;

/// What an installation or a test may change.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Peers to dial. Eight links a node make a federation of 342 a graph of diameter four, at 8 % of the
    /// connections of a full mesh per node.
    pub outbound_max: usize,
    /// Connections from others. With eight dials a node, a node of 342 is dialed by eight on average; 64 leaves
    /// room for a centre that many outbound-only sites name as their peer.
    pub inbound_max: u32,
    /// Bytes of the largest request, sent or received: 1 MiB of ids and heights, and framing.
    pub request_bytes_max: usize,
    /// Bytes of the largest response, sent or received: a chunk of 1 MiB, and headers.
    pub response_bytes_max: usize,
    /// Time for a request to be answered, counted on both sides.
    pub request_timeout: Duration,
    /// Silence after which a connection closes.
    pub idle_timeout: Duration,
    /// First wait after a failed dial; it doubles with each failure.
    pub retry_min: Duration,
    /// Longest wait after a failed dial.
    pub retry_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            outbound_max: 8,
            inbound_max: 64,
            request_bytes_max: (1 << 20) + (64 << 10),
            response_bytes_max: (1 << 20) + (256 << 10),
            request_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(600),
            retry_min: Duration::from_millis(200),
            retry_max: Duration::from_secs(30),
        }
    }
}
