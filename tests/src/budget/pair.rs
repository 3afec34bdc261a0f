//! Two sync machines and a wire between them that counts.

use std::collections::VecDeque;

use protocol::entropy::Seeded;
use protocol::id::NodeKey;
use protocol::log::Replica;
use protocol::store::Memory;
use protocol::sync::{Config, Input, Machine, Output};

/// Inputs at one instant before it counts as a loop.
const STEPS_MAX: usize = 1_000_000;

/// What crossed the wire, in both directions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traffic {
    /// Bytes of requests, answers and hints.
    pub(super) bytes: u64,
    /// Requests, each with its answer.
    pub(super) rounds: u64,
}

struct Side {
    name: NodeKey,
    replica: Replica<Memory>,
    machine: Machine,
    rng: Seeded,
    wake_ms: Option<u64>,
}

/// Two nodes that are connected.
pub(super) struct Pair {
    sides: [Side; 2],
    now_ms: u64,
    queue: VecDeque<(usize, Input)>,
    traffic: Traffic,
}

impl Pair {
    /// Two replicas under the names of their nodes, not yet connected.
    pub(super) fn new(one: (NodeKey, Replica<Memory>), other: (NodeKey, Replica<Memory>)) -> Self {
        let side = |(name, replica): (NodeKey, Replica<Memory>), seed| Side {
            machine: Machine::new(name, Config::default()),
            name,
            replica,
            rng: Seeded::new(seed),
            wake_ms: None,
        };
        Self {
            sides: [side(one, 1), side(other, 2)],
            now_ms: 1_000_000,
            queue: VecDeque::new(),
            traffic: Traffic::default(),
        }
    }

    /// Connects them and lets them talk until they are silent at this instant.
    pub(super) fn connect(&mut self) -> Traffic {
        for at in 0..2 {
            let peer = self.sides[1 - at].name;
            self.queue.push_back((at, Input::Connected(peer)));
        }
        self.settle();
        std::mem::take(&mut self.traffic)
    }

    /// The first side has something new: what crosses the wire in the time that follows.
    pub(super) fn news(&mut self, ms: u64) -> Traffic {
        self.queue.push_back((0, Input::Written));
        self.pass(ms);
        std::mem::take(&mut self.traffic)
    }

    /// The replica of the first side.
    pub(super) fn first(&mut self) -> &mut Replica<Memory> {
        &mut self.sides[0].replica
    }

    /// Whether both hold the same.
    pub(super) fn is_equal(&self) -> bool {
        self.sides[0].replica.digest() == self.sides[1].replica.digest()
    }

    fn pass(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        self.settle();
        loop {
            let next = self.sides.iter().filter_map(|side| side.wake_ms).min();
            let Some(next) = next.filter(|next| *next <= until) else {
                break;
            };
            self.now_ms = self.now_ms.max(next);
            for (at, side) in self.sides.iter_mut().enumerate() {
                if side.wake_ms.take_if(|wake| *wake <= next).is_some() {
                    self.queue.push_back((at, Input::Tick));
                }
            }
            self.settle();
        }
        self.now_ms = until;
    }

    fn settle(&mut self) {
        for _ in 0..STEPS_MAX {
            let Some((at, input)) = self.queue.pop_front() else {
                return;
            };
            let side = &mut self.sides[at];
            let outputs = side
                .machine
                .handle(self.now_ms, &mut side.rng, &mut side.replica, input);
            for output in outputs {
                self.perform(at, output);
            }
        }
        panic!("two nodes do not stop talking");
    }

    fn perform(&mut self, at: usize, output: Output) {
        let (peer, other) = (self.sides[at].name, 1 - at);
        let input = match output {
            Output::Request { id, bytes, .. } => {
                self.traffic.rounds += 1;
                self.carry(&bytes);
                Input::Request { peer, id, bytes }
            }
            Output::Respond { id, bytes, .. } => {
                self.carry(&bytes);
                Input::Response { peer, id, bytes }
            }
            Output::Hint { bytes } => {
                self.carry(&bytes);
                Input::Hint { peer, bytes }
            }
            Output::WakeAt { ms } => {
                self.sides[at].wake_ms = Some(ms);
                return;
            }
            Output::Applied { .. } => return,
            Output::Misbehaved { why, .. } => panic!("a correct node was taken for a bad one: {why:?}"),
            Output::Forked(_) => panic!("nobody forks"),
            Output::ReplicaFailed(error) => panic!("memory does not fail: {error}"),
        };
        self.queue.push_back((other, input));
    }

    fn carry(&mut self, bytes: &[u8]) {
        self.traffic.bytes += bytes.len() as u64;
    }
}
