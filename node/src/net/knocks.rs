//! Unknown dialers, remembered for a person to look at.
//!
//! A key costs an attacker nothing, so the list is short, and when it is full the dialer that was seen longest
//! ago makes place: a real node keeps dialing and comes back.
//!
//! **Invariant:** at most [`KNOCKS_MAX`] knocks, each dialer once.

use protocol::id::NodeKey;
use tokio::time::Instant;

use super::limits::KNOCKS_MAX;
use super::status::Knock;

/// A dialer that is not allowed.
#[derive(Debug)]
struct Seen {
    peer: NodeKey,
    address: String,
    times: u64,
    last: Instant,
}

/// The list, the dialer seen last at the end.
#[derive(Debug, Default)]
pub(crate) struct Knocks {
    seen: Vec<Seen>,
    forgotten: u64,
}

impl Knocks {
    /// Notes a knock; `true` when the dialer was not on the list.
    pub(crate) fn note(&mut self, now: Instant, peer: NodeKey, address: &str) -> bool {
        let before = self
            .seen
            .iter()
            .position(|knock| knock.peer == peer)
            .map(|at| self.seen.remove(at));
        let times = before.as_ref().map_or(1, |knock| knock.times.saturating_add(1));
        if self.seen.len() == KNOCKS_MAX {
            self.seen.remove(0);
            self.forgotten += 1;
        }
        self.seen.push(Seen {
            peer,
            address: address.to_owned(),
            times,
            last: now,
        });
        before.is_none()
    }

    /// Forgets the dialers that are allowed by now.
    pub(crate) fn retain(&mut self, unknown: impl Fn(NodeKey) -> bool) {
        self.seen.retain(|knock| unknown(knock.peer));
    }

    pub(crate) fn list(&self, now: Instant) -> Vec<Knock> {
        let knock = |seen: &Seen| Knock {
            peer: seen.peer,
            address: seen.address.clone(),
            times: seen.times,
            ago_ms: u64::try_from(now.saturating_duration_since(seen.last).as_millis()).unwrap_or(u64::MAX),
        };
        self.seen.iter().map(knock).collect()
    }

    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn node(number: usize) -> NodeKey {
        NodeKey([u8::try_from(number).unwrap(); 32])
    }

    #[test]
    fn a_dialer_is_listed_once_and_counted() {
        let mut knocks = Knocks::default();
        let now = Instant::now();
        assert!(knocks.note(now, node(1), "a"));
        assert!(knocks.note(now, node(2), "b"));
        let later = now + Duration::from_secs(5);
        assert!(!knocks.note(later, node(1), "c"));
        let list = knocks.list(later);
        assert_eq!(
            list.iter().map(|knock| knock.peer).collect::<Vec<_>>(),
            [node(2), node(1)]
        );
        assert_eq!((list[1].times, list[1].address.as_str()), (2, "c"));
        assert_eq!((list[0].ago_ms, list[1].ago_ms), (5_000, 0), "since each was last seen");
        knocks.retain(|peer| peer != node(1));
        assert_eq!(knocks.list(now).len(), 1);
    }

    #[test]
    fn the_list_stays_short_and_keeps_whoever_came_back() {
        let mut knocks = Knocks::default();
        let now = Instant::now();
        for number in 0..KNOCKS_MAX {
            knocks.note(now, node(number), "a");
        }
        knocks.note(now, node(0), "back");
        assert!(knocks.note(now, node(200), "new"));
        assert_eq!(knocks.list(now).len(), KNOCKS_MAX);
        assert_eq!(knocks.forgotten(), 1);
        assert!(
            knocks.list(now).iter().any(|knock| knock.peer == node(0)),
            "seen again, so kept"
        );
        assert!(
            knocks.list(now).iter().all(|knock| knock.peer != node(1)),
            "seen longest ago"
        );
    }
}
