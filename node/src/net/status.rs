//! How the network is doing, for `leerkring status`.
//!
//! A snapshot the engine makes when it is asked; between two questions it costs nothing.

use protocol::api::Verbindfout;
use protocol::id::NodeKey;
use serde::Serialize;

/// Everything at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Where we accept connections.
    pub listening: Vec<String>,
    /// Peers with at least one connection, in order of key.
    pub peers: Vec<PeerStatus>,
    /// Peers we would dial and are not connected to, in order of key.
    pub dials: Vec<DialStatus>,
    /// Dialers that are not allowed, the latest last.
    pub knocked: Vec<Knock>,
    /// What was dropped since the start.
    pub dropped: Dropped,
    /// Bytes received that the driver has not taken yet.
    pub held_bytes: usize,
}

/// A connected peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeerStatus {
    /// Who.
    pub peer: NodeKey,
    /// Where, of its oldest connection.
    pub address: String,
    /// Whether we dialed it.
    pub dialed: bool,
    /// Its software, as it says.
    pub agent: String,
    /// For how long.
    pub connected_ms: u64,
    /// How often it became connected since the start.
    pub connects: u64,
    /// Payload received from it since the start.
    pub bytes_in: u64,
    /// Payload sent to it since the start.
    pub bytes_out: u64,
}

/// A peer that has an address and no connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DialStatus {
    /// Who.
    pub peer: NodeKey,
    /// Its addresses that can be dialed.
    pub addresses: Vec<String>,
    /// Failures since it last worked.
    pub failures: u32,
    /// What went wrong last.
    pub error: Option<Verbindfout>,
    /// Whether it closed our last connection at once: it does not know us, or it is full.
    pub turned_away: bool,
}

/// A dialer that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Knock {
    /// The key it proved to have.
    pub peer: NodeKey,
    /// Where it came from last.
    pub address: String,
    /// How often.
    pub times: u64,
    /// How long ago the last time was.
    pub ago_ms: u64,
}

/// What was dropped since the start, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// Requests of peers that found no slot or a slow driver.
    pub requests: u64,
    /// Answers that came too late, for an unknown id, or too large.
    pub responses: u64,
    /// Hints not sent (gossip off, no peers, too large) and hints received that do not count.
    pub hints: u64,
    /// Refusals of commands that a driver that does not read will never see.
    pub notices: u64,
    /// Handshakes that failed or were refused, strangers among them.
    pub handshakes: u64,
    /// Knocks forgotten because there were too many.
    pub knocks: u64,
    /// Entries of the dial book that were left out: not a key, or beyond the limit.
    pub peers: u64,
}
