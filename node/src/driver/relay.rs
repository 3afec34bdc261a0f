//! When a hint goes on to the next node: once this one holds what it is about.
//!
//! A hint is faster than its news. If it ran ahead, every node behind this one would ask for what is not here yet, hear
//! that nothing is new, rest, and ask again: a second and more at each step. Held back until the news is here, the
//! question that it brings is answered at once. A node that cannot get the news lets the hint go after a moment, because
//! others may know a better way to it.

use std::collections::VecDeque;

use protocol::id::NodeKey;
use protocol::sync::Machine;

use super::Core;
use crate::net;

/// How long a hint is held back, in milliseconds: well below the three seconds after which gossip forgets it.
const HELD_MS: u64 = 500;
/// Hints held back at once; beyond it the oldest goes on.
const HELD_MAX: usize = 64;

/// A hint that waits.
#[derive(Debug)]
struct Held {
    id: u64,
    peer: NodeKey,
    until_ms: u64,
}

/// The hints that wait, oldest first.
#[derive(Debug, Default)]
pub(super) struct Relay {
    held: VecDeque<Held>,
}

impl Relay {
    fn hold(&mut self, id: u64, peer: NodeKey, now_ms: u64) -> Option<u64> {
        let until_ms = now_ms.saturating_add(HELD_MS);
        self.held.push_back(Held { id, peer, until_ms });
        let oldest = (self.held.len() > HELD_MAX).then(|| self.held.pop_front())?;
        oldest.map(|held| held.id)
    }

    /// Takes those that need not wait any longer.
    fn take(&mut self, awaits: impl Fn(NodeKey) -> bool, now_ms: u64) -> Vec<u64> {
        let mut ready = Vec::new();
        self.held.retain(|held| {
            let stays = held.until_ms > now_ms && awaits(held.peer);
            if !stays {
                ready.push(held.id);
            }
            stays
        });
        ready
    }

    /// When the next of them has waited long enough.
    pub(super) fn due_ms(&self) -> u64 {
        self.held.front().map_or(u64::MAX, |held| held.until_ms)
    }
}

impl Core {
    /// Keeps a hint that came through `peer` from going on, until [`Core::pass_on`] lets it.
    pub(super) fn hold_back(&mut self, id: u64, peer: NodeKey) {
        let now_ms = self.now_ms();
        if let Some(id) = self.relay.hold(id, peer, now_ms) {
            self.command(net::Command::PassOn { id });
        }
    }

    /// Lets the hints go on whose news is here, or that waited long enough.
    pub(super) fn pass_on(&mut self) {
        let now_ms = self.now_ms();
        let machine: &Machine = &self.machine;
        for id in self.relay.take(|peer| machine.awaits(peer), now_ms) {
            self.command(net::Command::PassOn { id });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: NodeKey = NodeKey([1; 32]);
    const OTHER: NodeKey = NodeKey([2; 32]);

    #[test]
    fn a_hint_goes_on_when_its_news_is_here() {
        let mut relay = Relay::default();
        assert_eq!((relay.hold(1, PEER, 0), relay.hold(2, OTHER, 10)), (None, None));
        assert_eq!(relay.take(|_| true, 10), [0; 0]);
        assert_eq!(relay.take(|peer| peer == OTHER, 20), [1]);
        assert_eq!(relay.due_ms(), 10 + HELD_MS);
    }

    #[test]
    fn a_hint_without_news_goes_on_after_a_moment() {
        let mut relay = Relay::default();
        relay.hold(1, PEER, 0);
        assert_eq!(relay.take(|_| true, HELD_MS - 1), [0; 0]);
        assert_eq!(relay.take(|_| true, HELD_MS), [1]);
        assert_eq!(relay.due_ms(), u64::MAX);
    }

    #[test]
    fn a_flood_of_hints_pushes_the_oldest_on() {
        let mut relay = Relay::default();
        let pushed: Vec<u64> = (0..HELD_MAX as u64 + 2)
            .filter_map(|id| relay.hold(id, PEER, 0))
            .collect();
        assert_eq!((pushed, relay.held.len()), (vec![0, 1], HELD_MAX));
    }
}
