//! Who may be connected, and the farewell to those who may no longer be.
//!
//! A node whose key ends would never hear of it if everybody hung up at the very statement that says so: it would go on
//! writing what nobody takes. So whoever was allowed stays connected for a moment, in which the sync machine tells it
//! statements and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::NodeKey;

use super::Core;
use super::inviting::{invited, peers};
use crate::net;

/// How long a node that ended may stay connected, in milliseconds: long enough to compare once more.
const FAREWELL_MS: u64 = 30_000;

/// Who was allowed, and until when those who no longer are stay.
#[derive(Debug, Default)]
pub(super) struct Farewells {
    allowed: BTreeSet<NodeKey>,
    until_ms: BTreeMap<NodeKey, u64>,
}

impl Farewells {
    /// Notes who is allowed now, and says who else stays for a while.
    fn follow(&mut self, allowed: BTreeSet<NodeKey>, now_ms: u64) -> impl Iterator<Item = NodeKey> {
        self.until_ms
            .retain(|node, until_ms| *until_ms > now_ms && !allowed.contains(node));
        for node in self.allowed.difference(&allowed) {
            self.until_ms.insert(*node, now_ms.saturating_add(FAREWELL_MS));
        }
        self.allowed = allowed;
        self.until_ms.keys().copied()
    }

    /// When the next of them goes.
    pub(super) fn due_ms(&self) -> u64 {
        self.until_ms.values().copied().min().unwrap_or(u64::MAX)
    }
}

impl Core {
    /// Tells the network and the sync who may be connected now.
    pub(super) fn set_peers(&mut self) {
        let now_ms = self.now_ms();
        let (roster, invitation) = (self.parts.replica.roster(), self.parts.invitation.as_ref());
        let introduced = invited(roster, self.me, invitation).map(|place| place.node).collect();
        let mut peers = peers(roster, self.me, invitation);
        // Nobody dials those that only hear a farewell.
        let leaving = self.farewells.follow(peers.keys().copied().collect(), now_ms);
        peers.extend(leaving.map(|node| (node, net::Place::default())));
        self.machine.introduce(introduced);
        self.command(net::Command::SetPeers(peers));
    }

    pub(super) fn farewell_if_due(&mut self) {
        if self.now_ms() >= self.farewells.due_ms() {
            self.set_peers();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> BTreeSet<NodeKey> {
        bytes.iter().map(|byte| NodeKey([*byte; 32])).collect()
    }

    #[test]
    fn who_ends_stays_for_a_moment_and_who_comes_back_stays() {
        let mut farewells = Farewells::default();
        let mut follow = |allowed: &[u8], now_ms| farewells.follow(keys(allowed), now_ms).collect::<BTreeSet<_>>();
        assert_eq!(follow(&[1, 2, 3], 0), keys(&[]));
        assert_eq!(follow(&[1], 10), keys(&[2, 3]));
        assert_eq!(follow(&[1, 3], 20), keys(&[2]));
        assert_eq!(follow(&[1, 3], 10 + FAREWELL_MS - 1), keys(&[2]));
        assert_eq!(follow(&[1, 3], 10 + FAREWELL_MS), keys(&[]));
        assert_eq!(farewells.due_ms(), u64::MAX);
    }
}
