//! One conversation in which we ask: compare, statements, then what is missing of each node key that differs.
//!
//! ```text
//! Comparing -- Equal ---------------------------------> End
//!     |  \---- StatementsDiffer -> Fetching --\
//!     |                                       v
//!     |<------------------------- compare again, by node key if need be
//!     \------- Parts, Listed ----> Pulling -- chunk by chunk --> Finding -- where histories part --> End
//! ```
//!
//! Every chunk is ingested when it comes, so a conversation that breaks off has lost nothing.
//!
//! **Invariant:** a conversation ends. It compares at most [`COMPARES_MAX`] times, and asks for more statements or
//! entries only when the answer before held something new, or (at most [`PATIENCE`] times) showed a log to leave out.

use std::collections::{BTreeMap, BTreeSet};

use super::arrival::{Arrival, Offence, Took};
use super::finding::{Finding, Found};
use super::fragment::{Meaning, Nonce};
use super::limits::{HAVES_MAX, HELD_MAX, NODES_MAX};
use super::request::{Have, Hold, Request, Want};
use super::response::{Response, SentHeader};
use super::serve::{part, parts};
use crate::entropy::Entropy;
use crate::id::{Digest, LogId, NodeKey};
use crate::log::{LogState, Replica, ReplicaError};
use crate::store::Store;

/// Most comparisons in one conversation.
const COMPARES_MAX: u32 = 4;
/// Most node keys asked for at once, so that several conversations share the work of a cold join.
const WANTS_AT_ONCE: usize = 128;
/// Most logs with two histories that one conversation looks into.
const FINDINGS_MAX: usize = 8;
/// Most answers in one conversation that bring nothing but refusals.
const PATIENCE: u32 = 64;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Comparing,
    Fetching,
    Pulling,
    Finding,
}

/// How a conversation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Both sides held the same.
    Equal,
    /// Nothing more is offered.
    Exhausted,
    /// What remains is being pulled from others at this moment.
    Claimed,
    /// What remains is of gemeenten that brought very much lately.
    Rationed {
        /// After how long the first of them may bring more.
        retry_ms: u64,
    },
    /// The peer asks for a pause.
    Busy {
        /// For how long.
        retry_ms: u64,
    },
    /// The peer does not know what we asked: it is older.
    NotUnderstood,
    /// The peer did what no correct node does.
    Offended(Offence),
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Step {
    /// Ask this.
    Ask(Request),
    /// Stop.
    End(End),
}

/// What a step may use.
pub(super) struct Around<'a, S: Store> {
    pub replica: &'a mut Replica<S>,
    pub rng: &'a mut dyn Entropy,
    /// Node keys that other conversations are pulling.
    pub claimed: &'a BTreeSet<NodeKey>,
    /// Takes what comes in.
    pub arrival: Arrival<'a>,
}

impl<S: Store> Around<'_, S> {
    /// After how many milliseconds a node may bring more, when its gemeente brought very much lately.
    fn wait_ms(&mut self, node: NodeKey) -> Option<u64> {
        let Arrival { rations, now_ms, .. } = &mut self.arrival;
        rations.wait_ms(self.replica.roster(), node, *now_ms)
    }
}

/// A conversation in which we ask.
#[derive(Debug)]
pub(super) struct Session {
    nonce: Nonce,
    stage: Stage,
    compares: u32,
    listed: bool,
    statements: Digest,
    todo: BTreeSet<NodeKey>,
    asked: BTreeSet<NodeKey>,
    patience: u32,
    gained: bool,
    equal: bool,
    /// Whether the peer has told all statements that we lack.
    stated: bool,
    /// Logs of which the peer holds another history, to be looked into when nothing is left to pull.
    forked: BTreeSet<LogId>,
    finding: Option<Finding>,
    /// After how many milliseconds the first of what is left out may be brought, once only such is left.
    wait_ms: Option<u64>,
}

impl Session {
    /// A conversation that starts by comparing, or at once with node keys of which the peer has more, if one of them may
    /// bring it now.
    pub(super) fn start<S: Store>(mut known: BTreeSet<NodeKey>, around: &mut Around<'_, S>) -> (Self, Step) {
        if known.iter().all(|node| around.wait_ms(*node).is_some()) {
            known.clear();
        }
        let mut session = Self {
            nonce: Nonce::draw(around.rng),
            stage: Stage::Comparing,
            compares: 0,
            listed: false,
            statements: around.replica.statements().digest(),
            todo: known,
            asked: BTreeSet::new(),
            patience: PATIENCE,
            gained: false,
            equal: false,
            stated: false,
            forked: BTreeSet::new(),
            finding: None,
            wait_ms: None,
        };
        let step = if session.todo.is_empty() {
            session.compare(around)
        } else {
            session.pull(around)
        };
        (session, step)
    }

    /// Node keys this conversation is pulling at the moment.
    pub(super) fn asked(&self) -> &BTreeSet<NodeKey> {
        &self.asked
    }

    /// Whether it brought anything.
    pub(super) fn gained(&self) -> bool {
        self.gained
    }

    /// Whether the peer told all its statements in it.
    pub(super) fn has_stated(&self) -> bool {
        self.stated
    }

    /// What follows from an answer.
    pub(super) fn advance<S: Store>(
        &mut self,
        response: Response,
        around: &mut Around<'_, S>,
    ) -> Result<Step, ReplicaError> {
        match (self.stage, response) {
            (_, Response::Busy { retry_ms }) => Ok(Step::End(End::Busy { retry_ms })),
            (_, Response::Unknown { .. }) => Ok(Step::End(End::NotUnderstood)),
            (Stage::Comparing, Response::Equal) => Ok(self.equal(around)),
            (Stage::Comparing, Response::StatementsDiffer) => Ok(self.fetch(around)),
            (Stage::Comparing, Response::Parts(theirs)) => Ok(self.parts(&theirs, around)),
            (Stage::Comparing, Response::Listed(theirs)) => Ok(self.listing(theirs, around)),
            (Stage::Fetching, Response::Statements { more, statements }) => {
                let new = around.arrival.statements(around.replica, &statements)?;
                self.gained |= new > 0;
                Ok(self.fetched(more && new > 0, around))
            }
            (Stage::Pulling, Response::Entries { more, runs, forks }) => {
                around.arrival.forks(&forks);
                self.forked(&forks, around.replica);
                let took = around.arrival.entries(around.replica, runs, &self.asked)?;
                self.gained |= took.new > 0;
                let again = self.goes_on(took) && more;
                Ok(self.pulled(again, around))
            }
            (Stage::Finding, Response::Header(sent)) => self.found(sent, around),
            _ => Ok(Step::End(End::Offended(Offence::NotAsked))),
        }
    }

    /// Remembers the logs of which the peer says that our head is not in its chain.
    fn forked<S: Store>(&mut self, fragments: &[u32], replica: &Replica<S>) {
        let logs = self.asked.iter().flat_map(|node| replica.logs_of(*node));
        let forked = logs.filter(|(log, state)| {
            let fragment = self.nonce.short(Meaning::Log, &log.0);
            state.held > 0 && replica.roster().fork(*log).is_none() && fragments.contains(&fragment)
        });
        self.forked.extend(forked.map(|(log, _)| log).take(FINDINGS_MAX));
    }

    /// Looks into the next log with two histories; the conversation ends when there is none.
    fn find<S: Store>(&mut self, around: &Around<'_, S>) -> Step {
        while let Some(log) = self.forked.pop_first() {
            let held = around.replica.log(log).map_or(0, |state| state.held);
            if let Some(last) = held.checked_sub(1) {
                let finding = self.finding.insert(Finding::new(log, last));
                self.stage = Stage::Finding;
                return Step::Ask(finding.request());
            }
        }
        let equal = self.equal && !self.gained;
        Step::End(match self.wait_ms {
            Some(retry_ms) => End::Rationed { retry_ms },
            None if equal => End::Equal,
            None => End::Exhausted,
        })
    }

    fn found<S: Store>(&mut self, sent: Option<SentHeader>, around: &mut Around<'_, S>) -> Result<Step, ReplicaError> {
        let Some(mut finding) = self.finding.take() else {
            return Ok(Step::End(End::Offended(Offence::NotAsked)));
        };
        match finding.answer(sent, around.replica)? {
            Found::Ask => {
                let request = finding.request();
                self.finding = Some(finding);
                return Ok(Step::Ask(request));
            }
            Found::Proof(proof) => around.arrival.applied.forks.push(*proof),
            Found::Nothing => {}
        }
        Ok(self.find(around))
    }

    fn compare<S: Store>(&mut self, around: &mut Around<'_, S>) -> Step {
        if self.compares == COMPARES_MAX {
            return Step::End(End::Exhausted);
        }
        self.compares += 1;
        self.stage = Stage::Comparing;
        self.nonce = Nonce::draw(around.rng);
        self.statements = around.replica.statements().digest();
        Step::Ask(Request::Compare {
            digest: around.replica.digest(),
            statements: self.statements,
            nonce: self.nonce,
            listed: self.listed,
        })
    }

    /// Both hold the same; what this disk lost of it is asked for again.
    fn equal<S: Store>(&mut self, around: &mut Around<'_, S>) -> Step {
        (self.equal, self.stated) = (true, true);
        self.todo = around.replica.damaged_nodes();
        self.pull(around)
    }

    fn fetch<S: Store>(&mut self, around: &mut Around<'_, S>) -> Step {
        self.stage = Stage::Fetching;
        let ids = around.replica.statements().ids();
        let held = ids.map(|id| self.nonce.long(Meaning::Statement, &id.0)).collect();
        Step::Ask(Request::Statements {
            nonce: self.nonce,
            held: first_of(held),
        })
    }

    fn fetched<S: Store>(&mut self, again: bool, around: &mut Around<'_, S>) -> Step {
        if let Some(offence) = around.arrival.offence() {
            return Step::End(End::Offended(offence));
        }
        if again {
            return self.fetch(around);
        }
        // They may lack statements that we hold, or we may be unable to take theirs: entries go on nevertheless.
        (self.listed, self.stated) = (true, true);
        self.compare(around)
    }

    fn parts<S: Store>(&mut self, theirs: &[u32], around: &mut Around<'_, S>) -> Step {
        if self.statements != around.replica.statements().digest() {
            return self.compare(around);
        }
        self.stated = true;
        let ours = parts(around.replica, self.nonce);
        if ours.len() != theirs.len() {
            return Step::End(End::Offended(Offence::WrongParts));
        }
        let nodes = around.replica.roster().nodes().take(NODES_MAX);
        let differ = nodes
            .zip(ours.iter().zip(theirs))
            .filter(|(_, (ours, theirs))| ours != theirs);
        self.todo = differ.map(|((node, _), _)| node).collect();
        self.compared(around)
    }

    fn listing<S: Store>(&mut self, theirs: Vec<(u32, u32)>, around: &mut Around<'_, S>) -> Step {
        let theirs: BTreeMap<u32, u32> = theirs.into_iter().collect();
        let nodes = around.replica.roster().nodes().take(NODES_MAX).map(|(node, _)| node);
        let differ = nodes.filter(|node| {
            let listed = theirs.get(&self.nonce.short(Meaning::Node, &node.0));
            listed.is_some_and(|listed| *listed != part(around.replica, self.nonce, *node))
        });
        self.todo = differ.collect();
        self.compared(around)
    }

    /// A comparison named the node keys that differ; none means that a collision hid them: draw a new nonce.
    fn compared<S: Store>(&mut self, around: &mut Around<'_, S>) -> Step {
        if self.todo.is_empty() {
            self.compare(around)
        } else {
            self.todo.append(&mut around.replica.damaged_nodes());
            self.pull(around)
        }
    }

    fn goes_on(&mut self, took: Took) -> bool {
        if took.new == 0 {
            self.patience = self.patience.saturating_sub(1);
        }
        took.new > 0 || (took.refused > 0 && self.patience > 0)
    }

    fn pulled<S: Store>(&mut self, again: bool, around: &mut Around<'_, S>) -> Step {
        if let Some(offence) = around.arrival.offence() {
            return Step::End(End::Offended(offence));
        }
        if again {
            self.todo.append(&mut self.asked);
        }
        self.asked.clear();
        self.pull(around)
    }

    fn pull<S: Store>(&mut self, around: &mut Around<'_, S>) -> Step {
        let damaged = around.replica.damaged_nodes();
        let room = around.arrival.room;
        self.todo
            .retain(|node| damaged.contains(node) || !room.is_full(around.replica, *node));
        if self.todo.is_empty() {
            return self.find(around);
        }
        let free: Vec<NodeKey> = self.todo.difference(around.claimed).copied().collect();
        let wait = |node: &NodeKey| Some((*node, around.wait_ms(*node)?));
        let waits: BTreeMap<NodeKey, u64> = free.iter().filter_map(wait).collect();
        let allowed = free.iter().filter(|node| !waits.contains_key(node));
        self.asked = allowed.take(WANTS_AT_ONCE).copied().collect();
        if self.asked.is_empty() {
            if free.len() < self.todo.len() {
                return Step::End(End::Claimed);
            }
            // A flood hides no fork: that is looked into all the same.
            self.wait_ms = waits.into_values().min();
            return self.find(around);
        }
        self.todo.retain(|node| !self.asked.contains(node));
        self.stage = Stage::Pulling;
        let wants = self.wants(around);
        Step::Ask(Request::Pull {
            nonce: self.nonce,
            wants,
        })
    }

    /// What to ask, as far as one pull can name logs. Node keys that do not fit are asked next; logs that do not fit
    /// have their turn under another nonce.
    fn wants<S: Store>(&mut self, around: &Around<'_, S>) -> Vec<Want> {
        let mut nodes = BTreeMap::new();
        let mut logs = BTreeMap::new();
        for node in &self.asked {
            let fragment = self.nonce.short(Meaning::Node, &node.0);
            nodes.insert(fragment, *node);
            logs.insert(fragment, self.haves(*node, around));
        }
        let wants = named(logs, HAVES_MAX);
        for want in &wants {
            nodes.remove(&want.node);
        }
        for node in nodes.into_values() {
            self.asked.remove(&node);
            self.todo.insert(node);
        }
        wants
    }

    /// Every log of a node key that we hold or do not want, in order of fragment.
    fn haves<S: Store>(&self, node: NodeKey, around: &Around<'_, S>) -> Vec<Have> {
        let logs = around.replica.logs_of(node);
        let held = logs.filter_map(|(log, state)| Some((log, self.hold(log, state, around)?)));
        let refused = around.arrival.refused_of(node).map(|log| (log, Hold::Enough));
        let by_log: BTreeMap<LogId, Hold> = refused.chain(held).collect();
        let by_fragment: BTreeMap<u32, Hold> = by_log
            .into_iter()
            .map(|(log, hold)| (self.nonce.short(Meaning::Log, &log.0), hold))
            .collect();
        by_fragment.into_iter().map(|(log, hold)| Have { log, hold }).collect()
    }

    /// How much of a log is held, up to what is to be fetched again; nothing when that is its first entry.
    fn hold<S: Store>(&self, log: LogId, state: &LogState, around: &Around<'_, S>) -> Option<Hold> {
        let damaged = around.replica.first_damaged(log);
        let lost = damaged.filter(|_| !around.arrival.is_left_alone(log));
        if lost == Some(0) {
            return None;
        }
        let before = lost.and_then(|seq| around.replica.header(log, seq - 1).ok().flatten());
        if let Some((held, signed)) = lost.zip(before) {
            let head = self.nonce.short(Meaning::Head, &signed.hash().0);
            return Some(Hold::At { held, head });
        }
        let fork = around.replica.roster().fork(log);
        let parts = fork.is_some_and(|fork| state.held >= fork.seq);
        if parts || around.arrival.is_refused(log, state) || state.held == 0 {
            return Some(Hold::Enough);
        }
        Some(Hold::At {
            held: state.held,
            head: self.nonce.short(Meaning::Head, &state.head.0),
        })
    }
}

/// As many of these fragments as one request can name, in order; the others have their turn under another nonce.
pub(super) fn first_of(mut held: Vec<u64>) -> Vec<u64> {
    held.sort_unstable();
    held.dedup();
    held.truncate(HELD_MAX);
    held
}

/// The first of these lists that together name at most so many logs; the last is cut short where there are more.
pub(super) fn named(lists: BTreeMap<u32, Vec<Have>>, mut left: usize) -> Vec<Want> {
    let mut wants = Vec::with_capacity(lists.len());
    for (node, mut haves) in lists {
        if left == 0 {
            break;
        }
        haves.truncate(left);
        left -= haves.len();
        wants.push(Want { node, haves });
    }
    wants
}
