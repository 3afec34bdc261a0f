//! Answers: a pure function of what the replica holds and what was asked.
//!
//! Serving keeps no state, so a peer costs nothing but the answer and any answer can be asked again. What the asker
//! says it holds also tells what *we* lack: that is returned beside the answer as [`News`], so that the other
//! direction starts without comparing once more.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Work;
use super::chunk::Chunk;
use super::fragment::{Meaning, Nonce};
use super::limits::{FORKS_MAX, HAVES_MAX, HELD_MAX, NODES_MAX, STATEMENTS_MAX};
use super::request::{Have, Hold, Request, Want};
use super::response::{Response, SentHeader};
use crate::charter::Statement;
use crate::id::{LogId, NodeKey};
use crate::log::{LogState, Replica, ReplicaError};
use crate::store::Store;

/// What a request shows that the asker has and we have not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct News {
    /// It holds statements unknown here.
    pub(super) statements: bool,
    /// It holds entries of these node keys that we lack.
    pub(super) nodes: BTreeSet<NodeKey>,
    /// How many, all together.
    pub(super) entries: u64,
}

impl News {
    /// Whether there is nothing to get.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        !self.statements && self.nodes.is_empty()
    }
}

/// The answer to a request, what the request told, and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Served {
    pub(super) response: Response,
    pub(super) news: News,
    pub(super) work: Work,
}

/// Answers a request.
///
/// # Errors
/// [`ReplicaError`] when the store cannot be read.
pub(super) fn serve<S: Store>(replica: &Replica<S>, request: &Request) -> Result<Served, ReplicaError> {
    match request {
        Request::Compare { .. } => Ok(compare(replica, request)),
        Request::Statements { nonce, held } => Ok(statements(replica, *nonce, held)),
        Request::Pull { nonce, wants } => Pull::new(replica, *nonce).answer(wants),
        Request::Header { log, seq } => {
            let header = replica.header(*log, *seq)?.map(|signed| SentHeader {
                bytes: signed.bytes().to_vec(),
                signature: *signed.signature(),
            });
            Ok(Served {
                response: Response::Header(header),
                news: News::default(),
                work: Work { names: 0, rows: 1 },
            })
        }
    }
}

fn compare<S: Store>(replica: &Replica<S>, request: &Request) -> Served {
    let response = compared(replica, request);
    let names = match &response {
        Response::Parts(parts) => parts.len(),
        Response::Listed(listed) => 2 * listed.len(),
        _ => 0,
    };
    Served {
        response,
        news: News::default(),
        work: Work { names, rows: 0 },
    }
}

fn compared<S: Store>(replica: &Replica<S>, request: &Request) -> Response {
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
fn statements<S: Store>(replica: &Replica<S>, nonce: Nonce, held: &[u64]) -> Served {
    let reach = held.last().filter(|_| held.len() == HELD_MAX).copied();
    let reach = reach.unwrap_or(u64::MAX);
    let ours: BTreeMap<u64, &Statement> = replica
        .statements()
        .iter()
        .map(|statement| (nonce.long(Meaning::Statement, &statement.id().0), statement))
        .collect();
    let mut lacking: Vec<&Statement> = ours
        .range(..=reach)
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
        entries: 0,
    };
    let more = sent.len() < lacking.len();
    Served {
        response: Response::Statements { more, statements: sent },
        news,
        work: Work {
            names: ours.len() + held.len(),
            rows: 0,
        },
    }
}

/// One answer to a pull while it is put together.
struct Pull<'a, S: Store> {
    replica: &'a Replica<S>,
    nonce: Nonce,
    chunk: Chunk,
    forks: Vec<u32>,
    news: News,
    work: Work,
}

impl<'a, S: Store> Pull<'a, S> {
    fn new(replica: &'a Replica<S>, nonce: Nonce) -> Self {
        Self {
            replica,
            nonce,
            chunk: Chunk::new(),
            forks: Vec::new(),
            news: News::default(),
            work: Work::default(),
        }
    }

    fn answer(mut self, wants: &[Want]) -> Result<Served, ReplicaError> {
        let nodes: BTreeMap<u32, NodeKey> = self
            .replica
            .roster()
            .nodes()
            .map(|(node, _)| (self.nonce.short(Meaning::Node, &node.0), node))
            .collect();
        let named: usize = wants.iter().map(|want| want.haves.len()).sum();
        self.work.names += nodes.len() + named;
        for (at, want) in wants.iter().enumerate() {
            let is_cut = named == HAVES_MAX && at + 1 == wants.len();
            let reach = match want.haves.last() {
                _ if !is_cut => u32::MAX,
                Some(last) => last.log,
                None => break,
            };
            if let Some(node) = nodes.get(&want.node) {
                self.node(*node, &want.haves, reach)?;
            }
        }
        let (more, runs) = self.chunk.finish();
        let forks = self.forks;
        Ok(Served {
            response: Response::Entries { more, runs, forks },
            news: self.news,
            work: self.work,
        })
    }

    /// The logs of a node key with a fragment up to `reach`.
    fn node(&mut self, node: NodeKey, haves: &[Have], reach: u32) -> Result<(), ReplicaError> {
        let mut unmatched: BTreeMap<u32, Hold> = haves.iter().map(|have| (have.log, have.hold)).collect();
        for (log, state) in self.replica.logs_of(node) {
            self.work.names += 1;
            let fragment = self.nonce.short(Meaning::Log, &log.0);
            let fork = self.replica.roster().fork(log);
            let held_in_common = state.common(fork).0;
            match unmatched.remove(&fragment) {
                Some(Hold::At { held, .. }) if held_in_common < state.held && held >= held_in_common => {}
                None if fragment > reach => {}
                None => self.fill(log, 0, state)?,
                Some(Hold::Enough) => {}
                Some(Hold::At { held, .. }) if held > state.held => {
                    if state.refused.is_none() {
                        self.news.nodes.insert(node);
                        self.news.entries = self.news.entries.saturating_add(held - state.held);
                    }
                }
                Some(Hold::At { held, head }) => self.known(log, state, fragment, (held, head))?,
            }
        }
        let lacking = unmatched.values().map(|hold| match hold {
            Hold::At { held, .. } => *held,
            Hold::Enough => 0,
        });
        self.news.entries = lacking.fold(self.news.entries, u64::saturating_add);
        if !unmatched.is_empty() {
            self.news.nodes.insert(node);
        }
        Ok(())
    }

    fn fill(&mut self, log: LogId, from: u64, state: &LogState) -> Result<(), ReplicaError> {
        self.work.rows += usize::from(!self.chunk.has_more());
        self.chunk.fill(self.replica, log, from, state.held)
    }

    /// A log that the asker holds no further than we do. Nothing is read for what this answer has no room for.
    fn known(&mut self, log: LogId, state: &LogState, fragment: u32, asker: (u64, u32)) -> Result<(), ReplicaError> {
        if self.chunk.has_more() || self.forks.len() == FORKS_MAX {
            return Ok(());
        }
        let (held, head) = asker;
        let ours = if held == state.held {
            Some(state.head)
        } else {
            self.work.rows += 1;
            self.replica
                .header(log, held.saturating_sub(1))?
                .map(|signed| signed.hash())
        };
        match ours {
            Some(hash) if self.nonce.short(Meaning::Head, &hash.0) == head => self.fill(log, held, state),
            _ => {
                self.forks.push(fragment);
                Ok(())
            }
        }
    }
}
