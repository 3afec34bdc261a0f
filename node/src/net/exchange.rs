//! Requests under way, ours and those of others.
//!
//! A slot is taken when a request starts and freed when its outcome is known: for one of ours the answer or the
//! failure, for one of a peer's the moment the answer has left (or cannot leave any more). Slots therefore bound
//! the payloads to be sent as well.
//!
//! **Invariant:** every request of ours that was accepted or refused gets exactly one outcome.

use std::collections::BTreeMap;
use std::io;

use libp2p::request_response::{self, Message, OutboundFailure, ResponseChannel};
use libp2p::swarm::ConnectionId;
use protocol::id::NodeKey;

use super::codec::Parcel;
use super::event::{Delivery, Event, Failure};
use super::identity::node_key;
use super::lanes::{self, Happened, Lanes};
use super::limits::{ASKED_MAX, ASKED_PER_PEER_MAX, Limits, WAITING_MAX, WAITING_PER_PEER_MAX};

#[derive(Debug)]
struct Asked {
    peer: NodeKey,
    id: u64,
}

#[derive(Debug)]
struct Waiting {
    peer: NodeKey,
    key: lanes::Waiting,
    /// Taken when the answer is given; the slot stays until it has left.
    channel: Option<ResponseChannel<Parcel>>,
}

/// Why an answer was not given to a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unsent;

/// All slots.
#[derive(Debug)]
pub(crate) struct Exchange {
    request_bytes_max: usize,
    response_bytes_max: usize,
    asked: BTreeMap<lanes::Asked, Asked>,
    waiting: BTreeMap<u64, Waiting>,
    next_id: u64,
    dropped: u64,
}

impl Exchange {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            request_bytes_max: limits.request_bytes_max,
            response_bytes_max: limits.response_bytes_max,
            asked: BTreeMap::new(),
            waiting: BTreeMap::new(),
            next_id: 0,
            dropped: 0,
        }
    }

    /// Requests of peers that found no slot.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Starts a request of ours to a peer, over this connection.
    pub(crate) fn ask(
        &mut self,
        sync: &mut Lanes,
        to: (NodeKey, ConnectionId),
        id: u64,
        bytes: Vec<u8>,
    ) -> Result<(), Failure> {
        let (peer, connection) = to;
        let of_peer = self.asked.values().filter(|asked| asked.peer == peer).count();
        if bytes.len() > self.request_bytes_max {
            return Err(Failure::TooLarge {
                bytes: bytes.len(),
                bytes_max: self.request_bytes_max,
            });
        }
        if self.asked.len() >= ASKED_MAX || of_peer >= ASKED_PER_PEER_MAX {
            return Err(Failure::Busy);
        }
        let key = sync.ask(connection, Parcel::own(bytes)).ok_or(Failure::NotConnected)?;
        self.asked.insert(key, Asked { peer, id });
        Ok(())
    }

    /// Answers a request of a peer. An answer that is too large closes the stream without one, which the peer
    /// sees as a failure at once.
    pub(crate) fn respond(&mut self, sync: &mut Lanes, peer: NodeKey, id: u64, bytes: Vec<u8>) -> Result<(), Unsent> {
        let waiting = self
            .waiting
            .get_mut(&id)
            .filter(|waiting| waiting.peer == peer)
            .ok_or(Unsent)?;
        let channel = waiting.channel.take().ok_or(Unsent)?;
        if bytes.len() > self.response_bytes_max {
            return Err(Unsent);
        }
        sync.respond(channel, Parcel::own(bytes)).map_err(|_| Unsent)
    }

    /// What an event means to the driver; `takes_requests` is whether it can take another request.
    pub(crate) fn on_event(&mut self, happened: Happened, takes_requests: bool) -> Option<Delivery> {
        use request_response::Event as Seen;
        let Happened { lane, event } = happened;
        match event {
            Seen::Message {
                peer,
                message:
                    Message::Request {
                        request_id,
                        request,
                        channel,
                    },
                ..
            } => self.on_request(node_key(&peer)?, (lane, request_id), request, channel, takes_requests),
            Seen::Message {
                message: Message::Response { request_id, response },
                ..
            } => {
                let Asked { peer, id } = self.asked.remove(&(lane, request_id))?;
                let event = Event::Response {
                    peer,
                    id,
                    bytes: response.bytes,
                };
                Some(Delivery {
                    event,
                    share: response.share,
                })
            }
            Seen::OutboundFailure { request_id, error, .. } => {
                let Asked { peer, id } = self.asked.remove(&(lane, request_id))?;
                let event = Event::Failed {
                    peer,
                    id,
                    why: failure(error),
                };
                Some(Delivery { event, share: None })
            }
            Seen::InboundFailure { request_id, .. } | Seen::ResponseSent { request_id, .. } => {
                self.waiting.retain(|_, waiting| waiting.key != (lane, request_id));
                None
            }
        }
    }

    fn on_request(
        &mut self,
        peer: NodeKey,
        key: lanes::Waiting,
        request: Parcel,
        channel: ResponseChannel<Parcel>,
        takes_requests: bool,
    ) -> Option<Delivery> {
        let of_peer = self.waiting.values().filter(|waiting| waiting.peer == peer).count();
        if !takes_requests || self.waiting.len() >= WAITING_MAX || of_peer >= WAITING_PER_PEER_MAX {
            self.dropped += 1;
            return None;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.waiting.insert(
            id,
            Waiting {
                peer,
                key,
                channel: Some(channel),
            },
        );
        let event = Event::Request {
            peer,
            id,
            bytes: request.bytes,
        };
        Some(Delivery {
            event,
            share: request.share,
        })
    }
}

fn failure(error: OutboundFailure) -> Failure {
    match error {
        OutboundFailure::DialFailure => Failure::NotConnected,
        OutboundFailure::Timeout => Failure::Timeout,
        OutboundFailure::ConnectionClosed => Failure::Disconnected,
        OutboundFailure::UnsupportedProtocols => Failure::Unsupported,
        OutboundFailure::Io(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof => Failure::Unanswered,
            io::ErrorKind::InvalidData => Failure::AnswerTooLarge,
            io::ErrorKind::OutOfMemory => Failure::Busy,
            kind => Failure::Stream(kind),
        },
    }
}
