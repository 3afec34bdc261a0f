//! What goes into net and what comes out.
//!
//! Payloads are opaque. An id of an own request is the caller's; an id of a peer's request or hint is net's own
//! counter and is used once, in [`Command::Respond`] or [`Command::PassOn`].

use std::collections::BTreeMap;

use protocol::id::{Gemeente, NodeKey};
use tokio::sync::{mpsc, oneshot};

use super::budget::Share;
use super::status::Status;

/// Who may be connected.
pub type Book = BTreeMap<NodeKey, Place>;

/// Where a peer is, and for whom it speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Whose node it is, as far as that is known: links are spread over gemeenten, so that no few of them are all that a node
    /// hears.
    pub of: Option<Gemeente>,
    /// As multiaddr text; none for a peer that only dials.
    pub addresses: Vec<String>,
}

/// What the driver asks of net.
#[derive(Debug)]
pub enum Command {
    /// Replaces the allow-list and the dial book: who may be connected, and where. A peer that is no longer in
    /// it is disconnected; one without addresses may dial us.
    SetPeers(Book),
    /// Sends a request; exactly one [`Event::Response`] or [`Event::Failed`] with the same id follows.
    Request {
        /// To whom.
        peer: NodeKey,
        /// The caller's id.
        id: u64,
        /// The payload.
        bytes: Vec<u8>,
        /// Whether it begins a conversation. What follows goes over the same connection; the next conversation takes the next
        /// one, because at the other end of each may be another machine with the same key.
        begins: bool,
    },
    /// Answers an [`Event::Request`]; an id that has lapsed is counted and ignored.
    Respond {
        /// Who asked.
        peer: NodeKey,
        /// The id in the event.
        id: u64,
        /// The payload.
        bytes: Vec<u8>,
    },
    /// Tells whoever hears it that we have something new.
    Hint {
        /// At most [`super::HINT_BYTES_MAX`].
        bytes: Vec<u8>,
    },
    /// Lets a hint of others go on; until then it waits here, and after three seconds it is forgotten.
    PassOn {
        /// The id in the event.
        id: u64,
    },
    /// Closes everything; [`Events::next`] then returns `None`.
    Shutdown,
}

/// What net tells the driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// We accept connections here.
    Listening {
        /// Multiaddr text.
        address: String,
    },
    /// The first connection with this peer stands.
    Connected {
        /// Who.
        peer: NodeKey,
    },
    /// The last connection with this peer is gone.
    Disconnected {
        /// Who.
        peer: NodeKey,
    },
    /// A peer asks something.
    Request {
        /// Who.
        peer: NodeKey,
        /// To be named in the answer.
        id: u64,
        /// The payload.
        bytes: Vec<u8>,
    },
    /// The answer to our request.
    Response {
        /// Who answers.
        peer: NodeKey,
        /// The id of our request.
        id: u64,
        /// The payload.
        bytes: Vec<u8>,
    },
    /// Our request will not be answered.
    Failed {
        /// Whom we asked.
        peer: NodeKey,
        /// The id of our request.
        id: u64,
        /// Why.
        why: Failure,
    },
    /// Somebody has something new. It goes on with [`Command::PassOn`].
    Hint {
        /// To be named in the command.
        id: u64,
        /// The connected peer that passed it on.
        peer: NodeKey,
        /// The allowed node that wrote it; not always connected to us.
        author: NodeKey,
        /// The payload.
        bytes: Vec<u8>,
    },
    /// Somebody who is not allowed dialed us; told once for as long as the knock is remembered.
    Knocked {
        /// The key it proved to have.
        peer: NodeKey,
        /// Where it came from.
        address: String,
    },
}

/// Why a request of ours has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no connection with this peer.
    #[error("not connected")]
    NotConnected,
    /// Too many requests are under way, or too many bytes are waiting.
    #[error("too much is under way already")]
    Busy,
    /// The payload of the request is larger than is allowed; it was not sent.
    #[error("a request of {bytes} bytes; at most {bytes_max} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The answer is larger than is allowed; it was not read.
    #[error("the answer is larger than is allowed")]
    AnswerTooLarge,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection closed before the answer.
    #[error("the connection closed")]
    Disconnected,
    /// The peer closed the stream without an answer: it is busy, or refused the request.
    #[error("the peer gave no answer")]
    Unanswered,
    /// The peer does not speak this version of the protocol.
    #[error("the peer does not speak this protocol")]
    Unsupported,
    /// The stream failed.
    #[error("the stream failed: {0:?}")]
    Stream(std::io::ErrorKind),
}

/// The engine has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the network has been shut down")]
pub struct Closed;

/// What travels to the engine: a command, or a question about it.
#[derive(Debug)]
pub(crate) enum Order {
    Command(Command),
    Status(oneshot::Sender<Status>),
}

/// What travels to the driver: an event, and the memory it stands for.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) event: Event,
    pub(crate) share: Option<Share>,
}

/// The way in; clones share it.
#[derive(Debug, Clone)]
pub struct Commands(pub(crate) mpsc::Sender<Order>);

impl Commands {
    /// Sends a command. This waits for the engine only, which never waits for the driver.
    pub async fn send(&self, command: Command) -> Result<(), Closed> {
        self.0.send(Order::Command(command)).await.map_err(|_| Closed)
    }

    /// How things are now.
    pub async fn status(&self) -> Result<Status, Closed> {
        let (tell, told) = oneshot::channel();
        self.0.send(Order::Status(tell)).await.map_err(|_| Closed)?;
        told.await.map_err(|_| Closed)
    }
}

/// The way out.
#[derive(Debug)]
pub struct Events(pub(crate) mpsc::Receiver<Delivery>);

impl Events {
    /// The next event; `None` once the engine has stopped. May be dropped and called again.
    pub async fn next(&mut self) -> Option<Event> {
        let Delivery { event, share } = self.0.recv().await?;
        drop(share);
        Some(event)
    }
}
