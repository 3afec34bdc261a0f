//! Answers: a pure function of what the replica holds and what was asked.
//!
//! Serving keeps no state, so a peer costs nothing but the answer and any answer can be asked again. What the asker
//! says it holds also tells what *we* lack: that is returned beside the answer as [`News`], so that the other
//! direction starts without comparing once more.

use std::collections::{BTreeMap, BTreeSet};

use super::chunk::Chunk;
use super::fragment::{Meaning, Nonce};
use super::limits::{FORKS_MAX, NODES_MAX, STATEMENTS_MAX};
use super::request::{Have, Hold, Request, Want};
use super::response::{Response, SentHeader};
use crate::charter::Statement;
use crate::id::{LogId, NodeKey};
use crate::log::{LogState, Replica, ReplicaError};
use crate::store::Store;

/// What a request shows that the asker has and we have not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// It holds statements unknown here.
    pub statements: bool,
    /// It holds entries of these node keys that we lack.
    pub nodes: BTreeSet<NodeKey>,
}

impl News {
    /// Whether there is nothing to get.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.statements && self.nodes.is_empty()
    }
}

/// The answer to a request, and what the request told.
///
/// # Errors
/// [`ReplicaError`] when the store cannot be read.
pub fn serve<S: Store>(replica: &Replica<S>, request: &Request) -> Result<(Response, News), ReplicaError> {
    match request {
        Request::Compare { .. } => Ok((compare(replica, request), News::default())),
        Request::Statements { nonce, held } => Ok(statements(replica, *nonce, held)),
        Request::Pull { nonce, wants } => Pull::new(replica, *nonce).answer(wants),
        Request::Header { log, seq } => {
            let header = replica.header(*log, *seq)?.map(|signed| SentHeader {
                bytes: signed.bytes().to_vec(),
                signature: *signed.signature(),
            });
            Ok((Response::Header(header), News::default()))
        }
    }
}

fn compare<S: Store>(replica: &Replica<S>, request: &Request) -> Response {
    let Request::Compare {
        digest,
        statements,
        nonce,
        listed,
    } = request
    else {
        return Response::Equal;
    };
    if *digest == replica.digest() {
        return Response::Equal;
    }
    match (*statements == replica.statements().digest(), listed) {
        (true, _) => Response::Parts(parts(replica, *nonce)),
        (false, false) => Response::StatementsDiffer,
        (false, true) => Response::Listed(listing(replica, *nonce).into_iter().collect()),
    }
}

/// What is held of each node key, in order of node key.
pub(super) fn parts<S: Store>(replica: &Replica<S>, nonce: Nonce) -> Vec<u32> {
    let nodes = replica.roster().nodes().take(NODES_MAX);
    nodes.map(|(node, _)| part(replica, nonce, node)).collect()
}

/// What is held of one node key.
pub(super) fn part<S: Store>(replica: &Replica<S>, nonce: Nonce, node: NodeKey) -> u32 {
    nonce.short(Meaning::NodeDigest, &replica.node_digest(node))
}

fn listing<S: Store>(replica: &Replica<S>, nonce: Nonce) -> BTreeSet<(u32, u32)> {
    let nodes = replica.roster().nodes().take(NODES_MAX);
    nodes
        .map(|(node, _)| (nonce.short(Meaning::Node, &node.0), part(replica, nonce, node)))
        .collect()
}

/// Statements whose fragment the asker does not name; those that vouch for others first.
fn statements<S: Store>(replica: &Replica<S>, nonce: Nonce, held: &[u64]) -> (Response, News) {
    let ours: BTreeMap<u64, &Statement> = replica
        .statements()
        .iter()
        .map(|statement| (nonce.long(Meaning::Statement, &statement.id().0), statement))
        .collect();
    let mut lacking: Vec<&Statement> = ours
        .iter()
        .filter(|(fragment, _)| held.binary_search(fragment).is_err())
        .map(|(_, statement)| *statement)
        .collect();
    lacking.sort_by_key(|statement| (statement.body().number(), statement.id()));
    let mut left = super::limits::CHUNK_BYTES_MAX;
    let sent: Vec<Vec<u8>> = lacking
        .iter()
        .take(STATEMENTS_MAX)
        .map_while(|statement| {
            left = left.checked_sub(statement.bytes().len() + 4)?;
            Some(statement.bytes().to_vec())
        })
        .collect();
    let news = News {
        statements: held.iter().any(|fragment| !ours.contains_key(fragment)),
        nodes: BTreeSet::new(),
    };
    let more = sent.len() < lacking.len();
    (Response::Statements { more, statements: sent }, news)
}

/// One answer to a pull while it is put together.
struct Pull<'a, S: Store> {
    replica: &'a Replica<S>,
    nonce: Nonce,
    chunk: Chunk,
    forks: Vec<u32>,
    news: News,
}

impl<'a, S: Store> Pull<'a, S> {
    fn new(replica: &'a Replica<S>, nonce: Nonce) -> Self {
        Self {
            replica,
            nonce,
            chunk: Chunk::new(),
            forks: Vec::new(),
            news: News::default(),
        }
    }

    fn answer(mut self, wants: &[Want]) -> Result<(Response, News), ReplicaError> {
        let nodes: BTreeMap<u32, NodeKey> = self
            .replica
            .roster()
            .nodes()
            .map(|(node, _)| (self.nonce.short(Meaning::Node, &node.0), node))
            .collect();
        for want in wants {
            if let Some(node) = nodes.get(&want.node) {
                self.node(*node, &want.haves)?;
            }
        }
        let (more, runs) = self.chunk.finish();
        let forks = self.forks;
        Ok((Response::Entries { more, runs, forks }, self.news))
    }

    fn node(&mut self, node: NodeKey, haves: &[Have]) -> Result<(), ReplicaError> {
        let mut unmatched: BTreeMap<u32, Hold> = haves.iter().map(|have| (have.log, have.hold)).collect();
        for (log, state) in self.replica.logs_of(node) {
            let fragment = self.nonce.short(Meaning::Log, &log.0);
            match unmatched.remove(&fragment) {
                None => self.chunk.fill(self.replica, log, 0, state.held)?,
                Some(Hold::Enough) => {}
                Some(Hold::At { held, .. }) if held > state.held => {
                    if state.refused.is_none() {
                        self.news.nodes.insert(node);
                    }
                }
                Some(Hold::At { held, head }) => self.known(log, state, fragment, (held, head))?,
            }
        }
        if !unmatched.is_empty() {
            self.news.nodes.insert(node);
        }
        Ok(())
    }

    /// A log that the asker holds no further than we do.
    fn known(&mut self, log: LogId, state: &LogState, fragment: u32, asker: (u64, u32)) -> Result<(), ReplicaError> {
        let (held, head) = asker;
        let ours = if held == state.held {
            Some(state.head)
        } else {
            self.replica
                .header(log, held.saturating_sub(1))?
                .map(|signed| signed.hash())
        };
        match ours {
            Some(hash) if self.nonce.short(Meaning::Head, &hash.0) == head => {
                self.chunk.fill(self.replica, log, held, state.held)
            }
            _ => {
                if self.forks.len() < FORKS_MAX {
                    self.forks.push(fragment);
                }
                Ok(())
            }
        }
    }
}
