//! The clock and the queue: one event after the other, in an order that only the plan decides.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::Message;
use protocol::entropy::Seeded;
use protocol::id::{DocumentId, HeaderHash, LogId, NodeKey, StatementId};
use protocol::record::Kind;
use protocol::sync::{FRAME_BYTES_MAX, Input, Output};

use super::charter::Politics;
use super::founding::Founding;
use super::hostile::Mischief;
use super::law::{Broken, Law};
use super::node::{Node, Up};
use super::plan::{Plan, Step};
use super::report::{Line, Report};
use super::sabotage::Sabotage;
use super::wire::{Pair, Wires, pair, travel};

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
        from: usize,
        to: usize,
        input: Input,
    },
    /// A node flushes its store.
    Flush { node: usize, start: u64 },
    /// A step of the plan.
    Step(Step),
    /// A node starts.
    Start { node: usize },
}

/// An entry whose writer was told that it is safe.
#[derive(Debug, Clone)]
pub(super) struct Acknowledged {
    /// The node that wrote it.
    pub node: usize,
    pub log: LogId,
    pub seq: u64,
    pub header: HeaderHash,
    /// Who held it when its writer lost it.
    pub keepers: Option<BTreeSet<usize>>,
}

/// A document that somebody founded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub document: DocumentId,
    pub kind: Kind,
    /// The gemeente that founded it.
    pub of: usize,
}

/// A document that somebody took back.
#[derive(Debug, Clone, Copy)]
pub(super) struct TakenBack {
    /// The node that stated it.
    pub node: usize,
    pub document: DocumentId,
    /// Whether no disk that held it alone was lost.
    pub sure: bool,
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
    pub(super) withdrawals: BTreeMap<StatementId, TakenBack>,
    /// Names of nodes of which two copies drew the same random bytes.
    pub(super) doubled: BTreeSet<NodeKey>,
    pub(super) politics: Politics,
    pub(super) mischief: Mischief,
    pub(super) sabotage: Option<Sabotage>,
    /// Nothing breaks any more, and nobody writes.
    pub(super) calm: bool,
    pub(super) report: Report,
    /// Which node has passed on which hint.
    gossiped: BTreeSet<(usize, Vec<u8>)>,
    queue: BTreeMap<(u64, u64), Event>,
    scheduled: u64,
    lines: Option<Vec<Line>>,
}

impl World {
    /// The federation of a plan, before anything happened.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let mut rng = Seeded::new(plan.seed);
        let founding = Founding::of(&plan);
        let nodes = (0..plan.nodes.len()).map(|place| {
            let own = (Seeded::new(rng.next()), Seeded::new(rng.next()));
            let mut node = Node::new(place, plan.nodes[place], founding.keys.node(place), own);
            node.hostile = plan.is_hostile(place);
            node.known = (!plan.later.contains(&place)).then(|| founding.known[place].clone());
            node
        });
        Self {
            nodes: nodes.collect(),
            wires: Wires::new(&plan),
            politics: Politics::new(&plan),
            mischief: Mischief::default(),
            founding,
            rng,
            now_ms: 1_000,
            acknowledged: Vec::new(),
            written: Vec::new(),
            withdrawals: BTreeMap::new(),
            doubled: BTreeSet::new(),
            sabotage: None,
            gossiped: BTreeSet::new(),
            calm: false,
            queue: BTreeMap::new(),
            scheduled: 0,
            lines: None,
            report: Report::default(),
            plan,
        }
    }

    /// Breaks a rule of the world.
    #[must_use]
    pub fn sabotaged(mut self, sabotage: Sabotage) -> Self {
        self.sabotage = Some(sabotage);
        for node in self.nodes.iter_mut().filter(|node| !node.hostile) {
            node.sabotage = Some(sabotage);
            node.disk = super::disk::Disk::new(Some(sabotage));
        }
        self
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
    pub fn run(&mut self) -> Result<Report, Broken> {
        for node in 0..self.nodes.len() {
            let wait = self.rng.below(2000);
            self.schedule(wait, Event::Start { node });
        }
        for step in self.plan.steps.clone() {
            self.schedule(step.at_ms, Event::Step(step));
        }
        let busy_until = self.now_ms + self.plan.busy_ms;
        while let Some((at, event)) = self.next(busy_until) {
            self.handle(at, event)?;
        }
        self.now_ms = busy_until;
        self.finish()?;
        self.report.virtual_ms = self.now_ms;
        Ok(self.report.clone())
    }

    /// Puts an event in the queue.
    pub(super) fn schedule(&mut self, wait_ms: u64, event: Event) {
        self.scheduled += 1;
        self.queue.insert((self.now_ms + wait_ms, self.scheduled), event);
    }

    /// The next event up to a moment.
    pub(super) fn next(&mut self, until_ms: u64) -> Option<(u64, Event)> {
        let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= until_ms)?;
        let ((at, _), event) = entry.remove_entry();
        Some((at, event))
    }

    /// Lets an event happen.
    pub(super) fn handle(&mut self, at_ms: u64, event: Event) -> Result<(), Broken> {
        self.now_ms = at_ms;
        self.report.events += 1;
        if self.report.events > EVENTS_MAX {
            return Law::Quiet.broken(format!("{EVENTS_MAX} events and no end"));
        }
        match event {
            Event::Give { to, start, input } if self.nodes[to].starts == start => self.give(to, input),
            Event::Carry {
                link,
                epoch,
                from,
                to,
                input,
            } if self.wires.is_current(link, epoch) => {
                self.pass_on(to, &input);
                self.arrive(from, to, input)
            }
            Event::Give { .. } | Event::Carry { .. } => Ok(()),
            Event::Flush { node, start } => self.flush(node, start),
            Event::Step(_) if self.calm => Ok(()),
            Event::Step(step) => self.take(step),
            Event::Start { node } => self.start(node),
        }
    }

    /// Gives a node an input and does what it says.
    pub(super) fn give(&mut self, to: usize, input: Input) -> Result<(), Broken> {
        self.fold(to, &input);
        let now_ms = self.now_ms;
        let node = &mut self.nodes[to];
        let Some(up) = &mut node.up else {
            return Ok(());
        };
        let own_ms = now_ms + up.ahead_ms;
        if input == Input::Tick && up.wake_ms.is_some_and(|wake| wake > own_ms) {
            return Ok(());
        }
        let outputs = up.machine.handle(own_ms, &mut node.rng, &mut up.replica, input);
        for output in outputs {
            self.perform(to, output)?;
        }
        self.look_at_disk(to)
    }

    fn perform(&mut self, node: usize, output: Output) -> Result<(), Broken> {
        let me = self.nodes[node].name;
        match output {
            Output::Request { peer, id, bytes } => {
                if let Some(to) = self.reach(node, peer) {
                    self.report.asked(self.calm, self.nodes[node].hostile);
                    let frame = |bytes| Input::Request { peer: me, id, bytes };
                    self.send((node, to), bytes, frame, Some((node, id)))?;
                }
            }
            Output::Respond { peer, id, bytes } => {
                if let Some(to) = self.reach(node, peer) {
                    let frame = |bytes| Input::Response { peer: me, id, bytes };
                    self.send((node, to), bytes, frame, Some((to, id)))?;
                }
            }
            Output::Hint { bytes } if self.plan.gossip => self.gossip(node, &bytes)?,
            Output::Hint { .. } => {}
            Output::Applied {
                entries, statements, ..
            } => {
                self.report.applied += 1;
                self.tell(|| took_in(node, entries, statements));
                if statements > 0 {
                    self.state_double_votes(node)?;
                    // Under them something may be acknowledged: they must not be lost before it.
                    let start = self.nodes[node].starts;
                    return self.flush(node, start);
                }
                self.flush_soon(node);
            }
            Output::Misbehaved { peer, why } => self.accused(node, peer, &why.to_string())?,
            Output::ReplicaFailed(error) => self.failed(node, &error)?,
            Output::Forked(proof) => self.state_fork(node, *proof)?,
            Output::WakeAt { ms } => self.wake(node, ms),
        }
        Ok(())
    }

    /// Nobody who is honest may be accused, unless wires change what it said.
    fn accused(&mut self, by: usize, peer: NodeKey, why: &str) -> Result<(), Broken> {
        let honest = |node: &Node| node.name == peer && !node.hostile;
        if self.plan.wires.broken == 0 && !self.nodes[by].hostile && self.nodes.iter().any(honest) {
            return Law::Innocent.broken(format!("node {by} accuses a correct node: {why}"));
        }
        self.report.offences += 1;
        Ok(())
    }

    /// A hint goes on to everybody, once, before the node has done anything with it: as gossip does.
    fn pass_on(&mut self, node: usize, input: &Input) {
        let Input::Hint { bytes, .. } = input else {
            return;
        };
        if self.gossiped.insert((node, bytes.clone())) {
            // A hint is never too long.
            let _ = self.gossip(node, bytes);
        }
    }

    /// Gossip checks what it passes on, so a hint may be lost or double but is never damaged.
    fn gossip(&mut self, node: usize, bytes: &[u8]) -> Result<(), Broken> {
        let peer = self.nodes[node].name;
        self.gossiped.insert((node, bytes.to_vec()));
        for to in self.wires.linked(node) {
            self.send((node, to), bytes.to_vec(), |bytes| Input::Hint { peer, bytes }, None)?;
        }
        Ok(())
    }

    fn wake(&mut self, node: usize, ms: u64) {
        let start = self.nodes[node].starts;
        let Some(up) = &mut self.nodes[node].up else {
            return;
        };
        up.wake_ms = Some(ms);
        let wait = ms.saturating_sub(self.now_ms + up.ahead_ms);
        let input = Input::Tick;
        self.schedule(wait, Event::Give { to: node, start, input });
    }

    /// Sends a frame over a link; `asker` may hear that it was lost.
    pub(super) fn send(
        &mut self,
        (from, to): (usize, usize),
        bytes: Vec<u8>,
        frame: impl Fn(Vec<u8>) -> Input,
        asker: Option<(usize, u64)>,
    ) -> Result<(), Broken> {
        if bytes.len() > FRAME_BYTES_MAX && !self.nodes[from].hostile {
            return Law::Bounded.broken(format!("node {from} sends {} bytes", bytes.len()));
        }
        let answers = asker.filter(|(asker, _)| *asker == to).map(|(_, id)| id);
        let bytes = match asker {
            Some(_) => self.spoiled((from, to), bytes, answers),
            None => bytes,
        };
        let link = pair(from, to);
        let epoch = self.wires.epoch(link);
        let harm = self.plan.wires;
        let copies = match epoch {
            Some(_) if self.calm => travel(&harm.calm(), &bytes, &mut self.rng),
            Some(_) if asker.is_none() => travel(&harm.whole(), &bytes, &mut self.rng),
            Some(_) => travel(&harm, &bytes, &mut self.rng),
            None => Vec::new(),
        };
        if let (true, Some((asker, id))) = (copies.is_empty(), asker) {
            self.lose(asker, if asker == from { to } else { from }, id);
        }
        for (wait, bytes) in copies {
            self.report.frames += 1;
            self.report.bytes += bytes.len() as u64;
            let (epoch, input) = (epoch.unwrap_or_default(), frame(bytes));
            self.schedule(
                wait,
                Event::Carry {
                    link,
                    epoch,
                    from,
                    to,
                    input,
                },
            );
        }
        Ok(())
    }

    /// Half of the time whoever asked hears that there will be no answer.
    fn lose(&mut self, asker: usize, of: usize, id: u64) {
        if self.rng.chance(1, 2) {
            let (peer, to) = (self.nodes[of].name, asker);
            let start = self.nodes[asker].starts;
            let input = Input::Failed { peer, id };
            let wait = 1 + self.rng.below(self.plan.wires.latency_ms * 2);
            self.schedule(wait, Event::Give { to, start, input });
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

    /// Makes what a node holds survive a crash.
    pub(super) fn flush(&mut self, node: usize, start: u64) -> Result<(), Broken> {
        let current = self.nodes[node].starts == start;
        if let Some(up) = self.nodes[node].up.as_mut().filter(|_| current) {
            up.flushing = false;
            match up.replica.flush() {
                Ok(()) => self.nodes[node].flushed(),
                Err(error) => {
                    self.failed(node, &error)?;
                    self.flush_soon(node);
                }
            }
        }
        self.look_at_disk(node)
    }

    /// The node of this name that a node is linked with, or could be.
    fn reach(&self, from: usize, name: NodeKey) -> Option<usize> {
        let named = |node: &usize| self.nodes[*node].name == name;
        let linked = self.wires.linked(from).into_iter().find(named);
        linked.or_else(|| (0..self.nodes.len()).find(named))
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
