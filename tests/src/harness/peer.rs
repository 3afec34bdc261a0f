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
    asked: VecDeque<(u64, Request)>,
    answers: BTreeMap<u64, Option<Response>>,
}

impl Peer {
    /// Dials a node.
    ///
    /// # Panics
    /// When the network does not start.
    #[must_use]
    pub fn dial(secret: [u8; 32], node: NodeKey, addresses: Vec<String>) -> Self {
        let runtime = Runtime::new().expect("threads can be started");
        let net = {
            let _inside = runtime.enter();
            net::start(net::Config {
                secret: Zeroizing::new(secret),
                listen: Vec::new(),
                gossip: false,
                peers: BTreeMap::from([(node, addresses)]),
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
        self.next += 1;
        let id = self.next;
        self.send(Command::Request {
            peer: self.node,
            id,
            bytes: Frame::from(request).encode(),
        });
        wait::until("an answer or a failure", || {
            self.listen();
            self.answers.remove(&id)
        })
    }

    /// Answers what the node asked so far.
    pub fn answer(&mut self, mut with: impl FnMut(&Request) -> Response) {
        self.listen();
        while let Some((id, request)) = self.asked.pop_front() {
            self.send(Command::Respond {
                peer: self.node,
                id,
                bytes: Frame::from(with(&request)).encode(),
            });
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
                Event::Request { id, bytes, .. } => self.asked.extend(read(&bytes).map(|request| (id, request))),
                Event::Response { id, bytes, .. } => drop(self.answers.insert(id, read(&bytes))),
                Event::Failed { id, .. } => drop(self.answers.insert(id, None)),
                _ => {}
            }
        }
    }
}

fn read<B: Body>(bytes: &[u8]) -> Option<B> {
    Frame::decode(bytes).ok().map(|frame| frame.body)
}
