//! The clock and the queue: one event after the other, in an order that only the seed decides.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::Message;
use protocol::entropy::{Entropy, Seeded};
use protocol::id::{DocumentId, Gemeente, HeaderHash, LogId, NodeKey};
use protocol::record::Kind;
use protocol::sync::{Input, Output};

use super::founding::{Founding, found};
use super::node::{Node, Up};
use super::report::{Line, Report};
use super::wire::{Harm, Pair, Wires, pair, travel};
use super::{Plan, law};

/// How long a healed federation may take to become equal.
const PATIENCE_MS: u64 = 30 * 60 * 1000;
/// Most events in one run: a federation that needs more is chattering.
const EVENTS_MAX: u64 = 2_000_000;

/// Something that happens at its time.
#[derive(Debug)]
pub(super) enum Event {
    /// An input for a node.
    Give {
        to: usize,
        /// The start of the node it is meant for.
        start: u64,
        input: Input,
    },
    /// An input that comes over a link.
    Carry {
        link: Pair,
        epoch: u64,
        to: usize,
        input: Input,
    },
    /// A node flushes its store.
    Flush { node: usize, start: u64 },
    /// A person does something.
    Act,
    /// The nodes fall apart in two sides.
    Part,
    /// The sides come together.
    Heal,
    /// A node ends in the middle of things.
    Crash,
    /// Somebody takes a document back.
    Withdraw,
    /// A node starts.
    Start { node: usize },
}

/// An entry whose writer was told that it is safe.
#[derive(Debug, Clone, Copy)]
pub(super) struct Acknowledged {
    pub log: LogId,
    pub seq: u64,
    pub header: HeaderHash,
}

/// A document that somebody founded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub document: DocumentId,
    pub kind: Kind,
    pub owner: Gemeente,
}

/// A federation under way.
pub struct World {
    pub(super) plan: Plan,
    pub(super) founding: Founding,
    pub(super) nodes: Vec<Node>,
    pub(super) wires: Wires,
    pub(super) rng: Seeded,
    pub(super) now_ms: u64,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) written: Vec<Written>,
    pub(super) withdrawn: BTreeSet<DocumentId>,
    /// Which node has passed on which hint.
    gossiped: BTreeSet<(usize, Vec<u8>)>,
    /// Nothing breaks any more.
    calm: bool,
    queue: BTreeMap<(u64, u64), Event>,
    scheduled: u64,
    lines: Option<Vec<Line>>,
    report: Report,
}

impl World {
    /// The federation of a plan, before anything happened.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let mut rng = Seeded::new(plan.seed);
        let founding = found(&plan, &mut rng);
        let nodes = founding.keys.iter().zip(&plan.nodes).map(|(key, of)| {
            let own = Seeded::new(u64::from_be_bytes(rng.bytes()));
            Node::new(key.clone(), founding.gemeenten[*of], own)
        });
        Self {
            nodes: nodes.collect(),
            wires: Wires::new(&plan),
            founding,
            rng,
            now_ms: 1_000,
            acknowledged: Vec::new(),
            written: Vec::new(),
            withdrawn: BTreeSet::new(),
            gossiped: BTreeSet::new(),
            calm: false,
            queue: BTreeMap::new(),
            scheduled: 0,
            lines: None,
            report: Report::default(),
            plan,
        }
    }

    /// Keeps what happens, for a person to read.
    #[must_use]
    pub fn telling(mut self) -> Self {
        self.lines = Some(Vec::new());
        self
    }

    /// What happened, a line each.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        self.lines.as_deref().unwrap_or_default()
    }

    /// Runs it to the end and checks the laws.
    ///
    /// # Errors
    /// The law that was broken.
    pub fn run(&mut self) -> Result<Report, String> {
        self.script();
        let busy_until = self.now_ms + self.plan.busy_ms;
        while let Some((at, event)) = self.next(busy_until) {
            self.step(at, event)?;
        }
        self.now_ms = busy_until;
        self.tell(|| {
            Message::new(
                "alles heelt, niemand schrijft meer",
                "everything heals, nobody writes any more",
            )
        });
        self.calm = true;
        self.settle()?;
        if self.plan.away.is_some() {
            self.tell(|| Message::new("de node die weg was komt terug", "the node that was away comes back"));
            self.wires.come_back();
            self.settle()?;
        }
        let shown = law::check(self)?;
        self.report.entries = shown.entries;
        self.report.records = shown.records;
        self.report.withdrawn = self.withdrawn.len() as u64;
        self.report.virtual_ms = self.now_ms;
        Ok(self.report.clone())
    }

    /// What is known of the run from the start: who starts when, what people and fate do.
    fn script(&mut self) {
        for node in 0..self.nodes.len() {
            let wait = self.rng.below(2000);
            self.schedule(wait, Event::Start { node });
        }
        let busy = self.plan.busy_ms;
        for _ in 0..self.plan.acts {
            let wait = 2000 + self.rng.below(busy);
            self.schedule(wait, Event::Act);
        }
        for _ in 0..self.plan.partitions {
            let wait = 2000 + self.rng.below(busy);
            let lasts = self.rng.below(busy / 2);
            self.schedule(wait, Event::Part);
            self.schedule(wait + lasts, Event::Heal);
        }
        for _ in 0..self.plan.crashes {
            let wait = 2000 + self.rng.below(busy);
            self.schedule(wait, Event::Crash);
        }
        for _ in 0..self.plan.withdrawals {
            let wait = 2000 + self.rng.below(busy);
            self.schedule(wait, Event::Withdraw);
        }
    }

    /// Puts an event in the queue.
    pub(super) fn schedule(&mut self, wait_ms: u64, event: Event) {
        self.scheduled += 1;
        self.queue.insert((self.now_ms + wait_ms, self.scheduled), event);
    }

    fn next(&mut self, until_ms: u64) -> Option<(u64, Event)> {
        let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= until_ms)?;
        let ((at, _), event) = entry.remove_entry();
        Some((at, event))
    }

    fn step(&mut self, at_ms: u64, event: Event) -> Result<(), String> {
        self.now_ms = at_ms;
        self.report.events += 1;
        if self.report.events > EVENTS_MAX {
            return Err(format!("{EVENTS_MAX} events and no end"));
        }
        match event {
            Event::Give { to, start, input } if self.nodes[to].starts == start => self.give(to, input),
            Event::Carry { link, epoch, to, input } if self.wires.is_current(link, epoch) => {
                self.pass_on(to, &input);
                self.give(to, input)
            }
            Event::Give { .. } | Event::Carry { .. } => Ok(()),
            Event::Flush { node, start } => self.flush(node, start),
            Event::Act => self.act(),
            Event::Part => self.part(),
            Event::Heal => {
                self.tell(|| Message::new("de kanten komen samen", "the sides come together"));
                self.wires.heal();
                self.relink();
                Ok(())
            }
            Event::Crash => self.crash(),
            Event::Withdraw => self.withdraw(),
            Event::Start { node } => self.start(node),
        }
    }

    /// Heals everything and waits until all who can talk are equal.
    fn settle(&mut self) -> Result<(), String> {
        self.wires.heal();
        for node in 0..self.nodes.len() {
            self.start(node)?;
        }
        self.relink();
        let patience = self.now_ms + PATIENCE_MS;
        while !law::are_equal(self) {
            let Some((at, event)) = self.next(patience) else {
                return Err(law::difference(self));
            };
            match event {
                Event::Act | Event::Part | Event::Crash | Event::Withdraw => {}
                event => self.step(at, event)?,
            }
        }
        Ok(())
    }

    /// Starts a node that is down.
    fn start(&mut self, node: usize) -> Result<(), String> {
        if self.nodes[node].up.is_some() {
            return Ok(());
        }
        let (federation, config) = (self.founding.federation, self.plan.config.clone());
        self.nodes[node].start(federation, &self.founding.known[node], &config)?;
        self.tell(|| Message::with(format!("node {node} start"), format!("node {node} starts")));
        self.relink();
        self.give(node, Input::Tick)
    }

    /// Brings links up or down as nodes and sides say, and tells both ends.
    pub(super) fn relink(&mut self) {
        let alive: Vec<bool> = self.nodes.iter().map(|node| node.up.is_some()).collect();
        for change in self.wires.refresh(&alive) {
            let (one, other) = change.pair;
            for (to, peer) in [(one, other), (other, one)] {
                let peer = self.nodes[peer].name;
                let input = if change.up {
                    Input::Connected(peer)
                } else {
                    Input::Disconnected(peer)
                };
                let wait = self.rng.below(50);
                let (link, epoch) = (change.pair, change.epoch);
                self.schedule(wait, Event::Carry { link, epoch, to, input });
            }
        }
    }

    /// Gives a node an input and does what it says.
    pub(super) fn give(&mut self, to: usize, input: Input) -> Result<(), String> {
        self.fold(to, &input);
        let now_ms = self.now_ms;
        let node = &mut self.nodes[to];
        let Some(up) = &mut node.up else {
            return Ok(());
        };
        if input == Input::Tick && up.wake_ms.is_some_and(|wake| wake > now_ms) {
            return Ok(());
        }
        let outputs = up.machine.handle(now_ms, &mut node.rng, &mut up.replica, input);
        for output in outputs {
            self.perform(to, output)?;
        }
        Ok(())
    }

    fn perform(&mut self, node: usize, output: Output) -> Result<(), String> {
        let me = self.nodes[node].name;
        match output {
            Output::Request { peer, id, bytes } => {
                let frame = |bytes| Input::Request { peer: me, id, bytes };
                self.send(node, peer, &bytes, frame, Some((node, id)));
            }
            Output::Respond { peer, id, bytes } => {
                let frame = |bytes| Input::Response { peer: me, id, bytes };
                let asker = self.index(peer);
                self.send(node, peer, &bytes, frame, Some((asker, id)));
            }
            Output::Hint { bytes } if self.plan.gossip => self.gossip(node, &bytes),
            Output::Hint { .. } => {}
            Output::Applied {
                entries, statements, ..
            } => {
                self.tell(|| took_in(node, entries, statements));
                if statements > 0 {
                    // Under them something may be acknowledged: they must not be lost before it.
                    let start = self.nodes[node].starts;
                    return self.flush(node, start);
                }
                self.flush_soon(node);
            }
            Output::Misbehaved { why, .. } if self.plan.broken == 0 => {
                return Err(format!("node {node} accuses a correct node: {why}"));
            }
            Output::Misbehaved { .. } => self.report.offences += 1,
            Output::ReplicaFailed(error) => return Err(format!("node {node}: {error}")),
            Output::Forked(_) => return Err(format!("node {node} finds a fork where nobody forks")),
            Output::WakeAt { ms } => self.wake(node, ms),
        }
        Ok(())
    }

    /// A hint goes on to everybody, once, before the node has done anything with it: as gossip does.
    fn pass_on(&mut self, node: usize, input: &Input) {
        let Input::Hint { bytes, .. } = input else {
            return;
        };
        if self.gossiped.insert((node, bytes.clone())) {
            self.gossip(node, bytes);
        }
    }

    /// Gossip checks what it passes on, so a hint may be lost or double but is never damaged.
    fn gossip(&mut self, node: usize, bytes: &[u8]) {
        let peer = self.nodes[node].name;
        self.gossiped.insert((node, bytes.to_vec()));
        for to in self.wires.linked(node) {
            let name = self.nodes[to].name;
            self.send(node, name, bytes, |bytes| Input::Hint { peer, bytes }, None);
        }
    }

    fn wake(&mut self, node: usize, ms: u64) {
        let start = self.nodes[node].starts;
        if let Some(up) = &mut self.nodes[node].up {
            up.wake_ms = Some(ms);
        }
        let input = Input::Tick;
        self.schedule(ms.saturating_sub(self.now_ms), Event::Give { to: node, start, input });
    }

    /// Sends a frame over a link; `asker` may hear that it was lost.
    fn send(
        &mut self,
        from: usize,
        peer: NodeKey,
        bytes: &[u8],
        frame: impl Fn(Vec<u8>) -> Input,
        asker: Option<(usize, u64)>,
    ) {
        let to = self.index(peer);
        let link = pair(from, to);
        let epoch = self.wires.epoch(link);
        let copies = match epoch {
            Some(_) if self.calm => travel(&Harm::none(&self.plan), bytes, &mut self.rng),
            Some(_) if asker.is_none() => travel(&Harm::of_gossip(&self.plan), bytes, &mut self.rng),
            Some(_) => travel(&Harm::of_frames(&self.plan), bytes, &mut self.rng),
            None => Vec::new(),
        };
        if let (true, Some((asker, id))) = (copies.is_empty(), asker) {
            self.lose(asker, if asker == from { to } else { from }, id);
        }
        for (wait, bytes) in copies {
            self.report.frames += 1;
            self.report.bytes += bytes.len() as u64;
            let (epoch, input) = (epoch.unwrap_or_default(), frame(bytes));
            self.schedule(wait, Event::Carry { link, epoch, to, input });
        }
    }

    /// Half of the time whoever asked hears that there will be no answer.
    fn lose(&mut self, asker: usize, of: usize, id: u64) {
        if self.rng.chance(1, 2) {
            let peer = self.nodes[of].name;
            let start = self.nodes[asker].starts;
            let input = Input::Failed { peer, id };
            let wait = 1 + self.rng.below(self.plan.latency_ms * 2);
            self.schedule(
                wait,
                Event::Give {
                    to: asker,
                    start,
                    input,
                },
            );
        }
    }

    /// Schedules a flush, unless one is.
    pub(super) fn flush_soon(&mut self, node: usize) {
        let start = self.nodes[node].starts;
        let wait = 50 + self.rng.below(1000);
        if let Some(up) = self.nodes[node].up.as_mut().filter(|up| !up.flushing) {
            up.flushing = true;
            self.schedule(wait, Event::Flush { node, start });
        }
    }

    fn flush(&mut self, node: usize, start: u64) -> Result<(), String> {
        let current = self.nodes[node].starts == start;
        if let Some(up) = self.nodes[node].up.as_mut().filter(|_| current) {
            up.flushing = false;
            up.replica.flush().map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn index(&self, name: NodeKey) -> usize {
        let found = self.nodes.iter().position(|node| node.name == name);
        found.expect("only nodes of this federation are named")
    }

    /// The running nodes with their numbers.
    pub(super) fn running(&self) -> impl Iterator<Item = (usize, &Up)> {
        let numbered = self.nodes.iter().enumerate();
        numbered.filter_map(|(at, node)| Some((at, node.up.as_deref()?)))
    }

    /// Keeps a line of what happened.
    pub(super) fn tell(&mut self, line: impl FnOnce() -> Message) {
        if let Some(lines) = &mut self.lines {
            let (ms, text) = (self.now_ms, line());
            lines.push(Line { ms, text });
        }
    }

    /// Folds an input into the fingerprint (FNV-1a).
    fn fold(&mut self, to: usize, input: &Input) {
        let bytes: &[u8] = match input {
            Input::Request { bytes, .. } | Input::Response { bytes, .. } | Input::Hint { bytes, .. } => bytes,
            _ => &[],
        };
        let place = [self.now_ms.to_be_bytes(), (to as u64).to_be_bytes()];
        for byte in place.as_flattened().iter().chain(bytes) {
            self.report.fingerprint = (self.report.fingerprint ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn took_in(node: usize, entries: u64, statements: u64) -> Message {
    Message::with(
        format!("node {node} neemt {entries} entries en {statements} verklaringen op"),
        format!("node {node} takes in {entries} entries, {statements} statements"),
    )
}
