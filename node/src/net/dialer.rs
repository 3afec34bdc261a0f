//! Whom to dial, and when.
//!
//! Pure: the moment is an argument and jitter comes from a seed, so that a test needs no clock. The engine asks
//! [`Dialer::due`], does the dialing, and says what came of it.
//!
//! A node dials the first [`Limits::outbound_max`] peers of its own fixed order (`pick`), whether or not they
//! dial it too. A peer that keeps failing stays in turn at a long back-off, and the next in order is dialed as
//! well, so that a node is never alone because its first choices are down.
//!
//! **Invariant:** between two dials to a peer lies at least half the back-off, unless its addresses changed;
//! at most [`PENDING_OUTBOUND_MAX`] dials are under way, and at most twice `outbound_max` dialed links stand.

use std::collections::BTreeMap;
use std::time::Duration;

use libp2p::Multiaddr;
use protocol::api::Verbindfout;
use protocol::id::{Gemeente, NodeKey};
use tokio::time::Instant;

use super::limits::{FAILURES_UNTIL_SUBSTITUTE, Limits, PENDING_OUTBOUND_MAX, SETTLED};
use super::status::DialStatus;

mod pick;

/// Where a peer is, as far as dialing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not connected; to be dialed from this moment.
    Waiting { until: Instant },
    /// A dial is under way; `again` when the addresses changed meanwhile.
    Dialing { again: bool },
    /// Connected, by whom does not matter for dialing.
    Connected { since: Instant, dialed: bool },
}

#[derive(Debug)]
struct Target {
    of: Option<Gemeente>,
    addresses: Vec<Multiaddr>,
    state: State,
    failures: u32,
    error: Option<Verbindfout>,
    /// Whether the last connection was closed at once.
    turned_away: bool,
}

/// What the member list says of one peer.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) of: Option<Gemeente>,
    pub(crate) addresses: Vec<Multiaddr>,
    /// What is wrong with one of its addresses.
    pub(crate) wrong: Option<Verbindfout>,
}

/// The dial book.
#[derive(Debug)]
pub(crate) struct Dialer {
    me: NodeKey,
    outbound_max: usize,
    retry_min: Duration,
    retry_max: Duration,
    seed: u64,
    book: BTreeMap<NodeKey, Target>,
    order: Vec<NodeKey>,
    changed: bool,
}

impl Dialer {
    pub(crate) fn new(me: NodeKey, limits: &Limits, seed: u64) -> Self {
        Self {
            me,
            outbound_max: limits.outbound_max,
            retry_min: limits.retry_min,
            retry_max: limits.retry_max,
            seed,
            book: BTreeMap::new(),
            order: Vec::new(),
            changed: false,
        }
    }

    /// Whether anything happened since this was last asked, so that [`Self::due`] may have an answer.
    pub(crate) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Time has come: ask again.
    pub(crate) fn touch(&mut self) {
        self.changed = true;
    }

    /// Replaces the book. Peers that stay keep their state; new addresses are dialed at once.
    pub(crate) fn set(&mut self, now: Instant, listed: BTreeMap<NodeKey, Listed>) {
        self.changed = true;
        self.book.retain(|peer, _| listed.contains_key(peer));
        for (peer, Listed { of, addresses, wrong }) in listed {
            if let Some(target) = self.book.get_mut(&peer) {
                target.of = of;
            }
            match self.book.get_mut(&peer) {
                Some(target) if target.addresses == addresses => {}
                Some(target) => target.moved(now, addresses, wrong),
                None => {
                    let state = State::Waiting { until: now };
                    self.book.insert(
                        peer,
                        Target {
                            of,
                            addresses,
                            state,
                            failures: 0,
                            error: wrong,
                            turned_away: false,
                        },
                    );
                }
            }
        }
        let reachable: BTreeMap<NodeKey, Option<Gemeente>> = self
            .book
            .iter()
            .filter(|(_, target)| !target.addresses.is_empty())
            .map(|(peer, target)| (*peer, target.of))
            .collect();
        self.order = pick::order(self.me, &reachable);
    }

    /// The peers whose turn it is; they count as being dialed from here on.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<(NodeKey, Vec<Multiaddr>)> {
        let mut room = self.room();
        let mut due = Vec::new();
        for peer in self.turn() {
            let target = self
                .book
                .get_mut(&peer)
                .expect("the order holds peers of the book only");
            let State::Waiting { until } = target.state else {
                continue;
            };
            if until > now || room == 0 {
                continue;
            }
            room -= 1;
            target.state = State::Dialing { again: false };
            due.push((peer, target.addresses.clone()));
        }
        due
    }

    /// When [`Self::due`] has something next, unless something happens before.
    pub(crate) fn next(&self) -> Option<Instant> {
        if self.room() == 0 {
            return None;
        }
        let waiting = |peer: &NodeKey| match self.book[peer].state {
            State::Waiting { until } => Some(until),
            State::Dialing { .. } | State::Connected { .. } => None,
        };
        self.turn().iter().filter_map(waiting).min()
    }

    /// A dial came to nothing. Says nothing about a connection that stands already.
    pub(crate) fn failed(&mut self, now: Instant, peer: NodeKey, error: Verbindfout) {
        let (seed, min, max) = (self.seed, self.retry_min, self.retry_max);
        let Some(target) = self.book.get_mut(&peer) else { return };
        let State::Dialing { again } = target.state else { return };
        self.changed = true;
        target.failures = target.failures.saturating_add(1);
        (target.error, target.turned_away) = (Some(error), false);
        let wait = if again {
            Duration::ZERO
        } else {
            back_off(seed, peer, target.failures, min, max)
        };
        target.state = State::Waiting { until: now + wait };
    }

    /// A connection with a peer stands; one beside it changes nothing.
    pub(crate) fn connected(&mut self, now: Instant, peer: NodeKey, dialed: bool) {
        let Some(target) = self.book.get_mut(&peer) else { return };
        if !matches!(target.state, State::Connected { .. }) {
            self.changed = true;
            target.state = State::Connected { since: now, dialed };
        }
    }

    /// The last connection with a peer is gone. One that was `used` was no refusal, however short it was: lines break.
    pub(crate) fn disconnected(&mut self, now: Instant, peer: NodeKey, used: bool) {
        let (seed, min, max) = (self.seed, self.retry_min, self.retry_max);
        let Some(target) = self.book.get_mut(&peer) else { return };
        let State::Connected { since, dialed } = target.state else {
            return;
        };
        self.changed = true;
        if used || now.duration_since(since) >= SETTLED {
            (target.failures, target.error, target.turned_away) = (0, None, false);
        } else if dialed {
            (target.failures, target.turned_away) = (target.failures.saturating_add(1), true);
            target.error = Some(Verbindfout::WijstAf);
        }
        let wait = back_off(seed, peer, target.failures, min, max);
        target.state = State::Waiting { until: now + wait };
    }

    /// The peers that have an address and no connection.
    pub(crate) fn status(&self) -> Vec<DialStatus> {
        let unconnected = |target: &Target| !matches!(target.state, State::Connected { .. });
        let wanted = self.book.iter().filter(|(_, target)| unconnected(target));
        wanted.map(|(peer, target)| target.status(*peer)).collect()
    }

    pub(crate) fn knows(&self, peer: NodeKey) -> bool {
        self.book.contains_key(&peer)
    }

    /// The beginning of the order that is to be connected: until `outbound_max` of it do not keep failing.
    fn turn(&self) -> Vec<NodeKey> {
        let mut healthy = 0;
        let mut turn = Vec::new();
        for peer in &self.order {
            if healthy == self.outbound_max {
                break;
            }
            healthy += usize::from(self.book[peer].failures < FAILURES_UNTIL_SUBSTITUTE);
            turn.push(*peer);
        }
        turn
    }

    /// How many more dials may start now.
    fn room(&self) -> usize {
        let dialing = self
            .book
            .values()
            .filter(|target| matches!(target.state, State::Dialing { .. }))
            .count();
        let dialed = |target: &&Target| matches!(target.state, State::Connected { dialed: true, .. });
        let links = dialing + self.book.values().filter(dialed).count();
        PENDING_OUTBOUND_MAX
            .saturating_sub(dialing)
            .min((2 * self.outbound_max).saturating_sub(links))
    }
}

impl Target {
    fn moved(&mut self, now: Instant, addresses: Vec<Multiaddr>, wrong: Option<Verbindfout>) {
        (self.addresses, self.error, self.turned_away) = (addresses, wrong, false);
        match &mut self.state {
            State::Waiting { until } => {
                *until = now;
                self.failures = 0;
            }
            State::Dialing { again } => *again = true,
            State::Connected { .. } => {}
        }
    }

    fn status(&self, peer: NodeKey) -> DialStatus {
        let addresses = self
            .addresses
            .iter()
            .map(|address| super::address::shorten(&address.to_string()))
            .collect();
        DialStatus {
            peer,
            addresses,
            failures: self.failures,
            error: self.error,
            turned_away: self.turned_away,
        }
    }
}

/// The wait after so many failures: doubling, bounded, and spread over its upper half so that nodes that lost
/// the same peer at the same moment do not come back at the same moment.
fn back_off(seed: u64, peer: NodeKey, failures: u32, min: Duration, max: Duration) -> Duration {
    let doubled = min.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    let whole = doubled.min(max);
    let parts = [&seed.to_be_bytes()[..], peer.as_bytes(), &failures.to_be_bytes()];
    let spread = u32::from(protocol::id::hash("net/jitter", &parts)[0]);
    whole / 2 + (whole / 2) * spread / 255
}

#[cfg(test)]
mod tests;
