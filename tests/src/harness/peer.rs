//! A peer of our own making: it speaks the protocol with a key that is handed to it, and says what a test wants it to say.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use node::net::{self, Command, Event, Net};
use protocol::id::NodeKey;
use protocol::sync::{Body, Frame, Request, Response};
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use super::wait;

/// How long one look at the network takes when nothing comes.
const LOOK: Duration = Duration::from_millis(2);

/// A peer of one node.
pub struct Peer {
    runtime: Runtime,
    net: Net,
    node: NodeKey,
    next: u64,
    asked: VecDeque<(u64, Vec<u8>)>,
    answers: BTreeMap<u64, Option<Vec<u8>>>,
}

impl Peer {
    /// Dials a node.
    ///
    /// # Panics
    /// When the network does not start.
    #[must_use]
    pub fn dial(secret: [u8; 32], node: NodeKey, addresses: Vec<String>) -> Self {
        Peer::dial_as(net::AGENT, secret, node, addresses)
    }

    /// The same as software of this name.
    ///
    /// # Panics
    /// When the network does not start.
    #[must_use]
    pub fn dial_as(agent: &str, secret: [u8; 32], node: NodeKey, addresses: Vec<String>) -> Self {
        let runtime = Runtime::new().expect("threads can be started");
        let net = {
            let _inside = runtime.enter();
            net::start(net::Config {
                secret: Zeroizing::new(secret),
                listen: Vec::new(),
                agent: agent.to_owned(),
                gossip: false,
                peers: BTreeMap::from([(node, net::Place { of: None, addresses })]),
                limits: net::Limits::default(),
            })
        };
        Peer {
            runtime,
            net: net.expect("a network that listens nowhere starts"),
            node,
            next: 0,
            asked: VecDeque::new(),
            answers: BTreeMap::new(),
        }
    }

    /// Asks the node; nothing when it gives no answer.
    ///
    /// # Panics
    /// When neither an answer nor a failure comes.
    #[track_caller]
    pub fn ask(&mut self, request: Request) -> Option<Response> {
        read(&self.ask_bytes(Frame::from(request).encode())?)
    }

    /// Asks the node with bytes of any kind; nothing when it gives no answer.
    ///
    /// # Panics
    /// When neither an answer nor a failure comes.
    #[track_caller]
    pub fn ask_bytes(&mut self, bytes: Vec<u8>) -> Option<Vec<u8>> {
        self.next += 1;
        let (peer, id) = (self.node, self.next);
        self.send(Command::Request {
            peer,
            id,
            bytes,
            begins: true,
        });
        wait::until("an answer or a failure", || {
            self.listen();
            self.answers.remove(&id)
        })
    }

    /// Answers what the node asked so far, where that is a request.
    pub fn answer(&mut self, mut with: impl FnMut(&Request) -> Response) {
        self.answer_bytes(|bytes| {
            read(bytes)
                .map(|request| Frame::from(with(&request)).encode())
                .unwrap_or_default()
        });
    }

    /// Answers what the node asked so far with bytes of any kind.
    pub fn answer_bytes(&mut self, mut with: impl FnMut(&[u8]) -> Vec<u8>) {
        self.listen();
        while let Some((id, asked)) = self.asked.pop_front() {
            let (peer, bytes) = (self.node, with(&asked));
            self.send(Command::Respond { peer, id, bytes });
        }
    }

    fn send(&self, command: Command) {
        let sent = self.runtime.block_on(self.net.commands.send(command));
        sent.expect("the network runs as long as the peer");
    }

    /// Takes in what came.
    fn listen(&mut self) {
        let Peer { runtime, net, .. } = self;
        let mut next = || runtime.block_on(async { tokio::time::timeout(LOOK, net.events.next()).await });
        let events: Vec<Event> = std::iter::from_fn(|| next().ok().flatten()).collect();
        for event in events {
            match event {
                Event::Request { id, bytes, .. } => self.asked.push_back((id, bytes)),
                Event::Response { id, bytes, .. } => drop(self.answers.insert(id, Some(bytes))),
                Event::Failed { id, .. } => drop(self.answers.insert(id, None)),
                _ => {}
            }
        }
    }
}

fn read<B: Body>(bytes: &[u8]) -> Option<B> {
    Frame::decode(bytes).ok().map(|frame| frame.body)
}
