//! What goes into the machine and what comes out: the only things it shares with whoever drives it.

use std::collections::BTreeSet;

use super::arrival::Offence;
use crate::id::{LogId, NodeKey};
use crate::log::{ForkProof, ReplicaError};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A peer can be asked.
    Connected(NodeKey),
    /// It no longer can.
    Disconnected(NodeKey),
    /// A peer asks.
    Request {
        /// Who.
        peer: NodeKey,
        /// The number under which to answer.
        id: u64,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// A peer answers.
    Response {
        /// Who.
        peer: NodeKey,
        /// The number of our request.
        id: u64,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// A request of ours will not be answered.
    Failed {
        /// Whom it was sent to.
        peer: NodeKey,
        /// Its number.
        id: u64,
    },
    /// A hint came, from a peer or through it.
    Hint {
        /// The peer it came from.
        peer: NodeKey,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// We wrote entries or statements of our own.
    Written,
    /// The replica found that it lost something.
    Damaged,
    /// Time passed.
    Tick,
}

/// What to do.
#[derive(Debug)]
pub enum Output {
    /// Ask a peer.
    Request {
        /// Whom.
        peer: NodeKey,
        /// The number under which the answer or the failure is to be reported.
        id: u64,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// Answer a peer.
    Respond {
        /// Whom.
        peer: NodeKey,
        /// The number of its request.
        id: u64,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// Tell everybody.
    Hint {
        /// The frame; equal frames say the same and need not be passed on twice.
        bytes: Vec<u8>,
    },
    /// The replica took something in: flush it, refresh the view.
    Applied {
        /// Logs that grew.
        logs: BTreeSet<LogId>,
        /// Entries that were new, or were lost here.
        entries: u64,
        /// Statements that were new.
        statements: u64,
    },
    /// A node wrote two histories into one log, and here is the proof: state it, so that everybody cuts that log.
    Forked(Box<ForkProof>),
    /// A peer did what no correct node does.
    Misbehaved {
        /// Who.
        peer: NodeKey,
        /// What.
        why: Offence,
    },
    /// The replica could not read or write its store.
    ReplicaFailed(ReplicaError),
    /// Call with [`Input::Tick`] at this time; replaces the time given before.
    WakeAt {
        /// The time.
        ms: u64,
    },
}
