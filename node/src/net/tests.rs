//! Real nodes on loopback, each with its own sockets; every wait has a bound.

use std::time::Duration;

use super::*;

mod copied;
mod eclipse;
mod exchange;
mod gossip;
mod membership;
mod robust;

/// Longer than anything here takes on a busy machine; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

const TCP: &str = "/ip4/127.0.0.1/tcp/0";
const QUIC: &str = "/ip4/127.0.0.1/udp/0/quic-v1";

/// A node under test, and what it said so far that nobody asked for.
struct Node {
    key: NodeKey,
    address: String,
    net: Net,
}

fn secret(number: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new([number; 32])
}

fn key(number: u8) -> NodeKey {
    let keys = identity::key_pair(&secret(number)).unwrap();
    identity::node_key(&keys.public().to_peer_id()).unwrap()
}

fn config(number: u8, listen: &[&str]) -> Config {
    let limits = Limits {
        retry_min: Duration::from_millis(10),
        ..Limits::default()
    };
    let listen = listen.iter().map(|text| (*text).to_owned()).collect();
    Config {
        secret: secret(number),
        listen,
        agent: AGENT.to_owned(),
        gossip: false,
        peers: Book::new(),
        limits,
    }
}

/// Starts a node and waits until it listens, if it is to.
async fn start_node(config: Config) -> Node {
    let number = config.secret[0];
    let listens = !config.listen.is_empty();
    let mut node = Node {
        key: key(number),
        address: String::new(),
        net: start(config).unwrap(),
    };
    if listens {
        let Event::Listening { address } = node.until(|event| matches!(event, Event::Listening { .. })).await else {
            unreachable!("the predicate says so")
        };
        node.address = address;
    }
    node
}

impl Node {
    /// Waits for an event and skips those before it.
    async fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        let mut skipped = Vec::new();
        let search = async {
            loop {
                let event = self.net.events.next().await.expect("net is running");
                if wanted(&event) {
                    return event;
                }
                skipped.push(event);
            }
        };
        let found = tokio::time::timeout(PATIENCE, search).await;
        found.unwrap_or_else(|_| panic!("it did not come; came: {skipped:?}"))
    }

    async fn send(&self, command: Command) {
        self.net.commands.send(command).await.unwrap();
    }

    async fn set_peers(&self, peers: &[(NodeKey, &str)]) {
        self.send(Command::SetPeers(book(peers))).await;
    }

    async fn ask(&self, peer: NodeKey, id: u64, bytes: Vec<u8>) {
        self.send(Command::Request {
            peer,
            id,
            bytes,
            begins: true,
        })
        .await;
    }

    async fn connected(&mut self, peer: NodeKey) {
        self.until(|event| *event == Event::Connected { peer }).await;
    }

    async fn disconnected(&mut self, peer: NodeKey) {
        self.until(|event| *event == Event::Disconnected { peer }).await;
    }

    /// The next request of a peer: its id and payload.
    async fn request(&mut self) -> (u64, Vec<u8>) {
        match self.until(|event| matches!(event, Event::Request { .. })).await {
            Event::Request { id, bytes, .. } => (id, bytes),
            other => panic!("{other:?}"),
        }
    }

    /// The outcome of our request: the answer, or why there is none.
    async fn outcome(&mut self, wanted: u64) -> Result<Vec<u8>, Failure> {
        let of_request =
            |event: &Event| matches!(event, Event::Response { id, .. } | Event::Failed { id, .. } if *id == wanted);
        match self.until(of_request).await {
            Event::Response { bytes, .. } => Ok(bytes),
            Event::Failed { why, .. } => Err(why),
            other => panic!("{other:?}"),
        }
    }

    async fn status(&self) -> Status {
        self.net.commands.status().await.unwrap()
    }

    /// Waits until the status is like this.
    async fn until_status(&self, wanted: impl Fn(&Status) -> bool) -> Status {
        let search = async {
            loop {
                let status = self.status().await;
                if wanted(&status) {
                    return status;
                }
                tokio::task::yield_now().await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, search).await;
        found.unwrap_or_else(|_| panic!("it did not come to that"))
    }
}

/// A dial book; no address for an empty text.
fn book(peers: &[(NodeKey, &str)]) -> Book {
    let addresses = |text: &str| {
        if text.is_empty() {
            Vec::new()
        } else {
            vec![text.to_owned()]
        }
    };
    let place = |text: &str| Place {
        of: None,
        addresses: addresses(text),
    };
    peers.iter().map(|(peer, text)| (*peer, place(text))).collect()
}

/// Two connected nodes: the second dialed the first.
async fn pair(mut first: Config, mut second: Config) -> (Node, Node) {
    let keys = [&first, &second].map(|config| key(config.secret[0]));
    first.peers = book(&[(keys[1], "")]);
    let mut first = start_node(first).await;
    second.peers = book(&[(keys[0], &first.address)]);
    let mut second = start_node(second).await;
    first.connected(keys[1]).await;
    second.connected(keys[0]).await;
    (first, second)
}

/// One question and its answer, to show that a link works.
async fn works(asker: &mut Node, answerer: &mut Node) {
    asker.ask(answerer.key, 777, b"are you there".to_vec()).await;
    let (id, bytes) = answerer.request().await;
    assert_eq!(bytes, b"are you there");
    answerer
        .send(Command::Respond {
            peer: asker.key,
            id,
            bytes: b"yes".to_vec(),
        })
        .await;
    assert_eq!(asker.outcome(777).await.unwrap(), b"yes");
}
