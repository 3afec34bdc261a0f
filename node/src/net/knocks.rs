//! Unknown dialers, remembered for a person to look at.
//!
//! A key costs an attacker nothing, so the list is short, and when it is full the dialer that was seen longest
//! ago makes place: a real node keeps dialing and comes back.
//!
//! **Invariant:** at most [`KNOCKS_MAX`] knocks, each dialer once.

use protocol::id::NodeKey;

use super::limits::KNOCKS_MAX;
use super::status::Knock;

/// The list, the dialer seen last at the end.
#[derive(Debug, Default)]
pub(crate) struct Knocks {
    seen: Vec<Knock>,
    forgotten: u64,
}

impl Knocks {
    /// Notes a knock; `true` when the dialer was not on the list.
    pub(crate) fn note(&mut self, peer: NodeKey, address: &str) -> bool {
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
        self.seen.push(Knock {
            peer,
            address: address.to_owned(),
            times,
        });
        before.is_none()
    }

    /// Forgets the dialers that are allowed by now.
    pub(crate) fn retain(&mut self, unknown: impl Fn(NodeKey) -> bool) {
        self.seen.retain(|knock| unknown(knock.peer));
    }

    pub(crate) fn list(&self) -> Vec<Knock> {
        self.seen.clone()
    }

    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: usize) -> NodeKey {
        NodeKey([u8::try_from(number).unwrap(); 32])
    }

    #[test]
    fn a_dialer_is_listed_once_and_counted() {
        let mut knocks = Knocks::default();
        assert!(knocks.note(node(1), "a"));
        assert!(knocks.note(node(2), "b"));
        assert!(!knocks.note(node(1), "c"));
        let list = knocks.list();
        assert_eq!(
            list.iter().map(|knock| knock.peer).collect::<Vec<_>>(),
            [node(2), node(1)]
        );
        assert_eq!((list[1].times, list[1].address.as_str()), (2, "c"));
        knocks.retain(|peer| peer != node(1));
        assert_eq!(knocks.list().len(), 1);
    }

    #[test]
    fn the_list_stays_short_and_keeps_whoever_came_back() {
        let mut knocks = Knocks::default();
        for number in 0..KNOCKS_MAX {
            knocks.note(node(number), "a");
        }
        knocks.note(node(0), "back");
        assert!(knocks.note(node(200), "new"));
        assert_eq!(knocks.list().len(), KNOCKS_MAX);
        assert_eq!(knocks.forgotten(), 1);
        assert!(
            knocks.list().iter().any(|knock| knock.peer == node(0)),
            "seen again, so kept"
        );
        assert!(
            knocks.list().iter().all(|knock| knock.peer != node(1)),
            "seen longest ago"
        );
    }
}
