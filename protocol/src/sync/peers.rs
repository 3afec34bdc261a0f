//! The peers we are connected to: when each is asked next, and what each may still cost.
//!
//! **Invariant:** a peer that gave nothing new is asked less and less often, never in a loop, down to once per
//! anti-entropy interval, and for what it hints at about once in five seconds; one that fails or offends waits longer still.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::{Bucket, back_off, below, jitter};
use super::config::Config;
use super::pull::{End, Session};
use super::serve::News;
use crate::entropy::Entropy;
use crate::id::{Digest, NodeKey};

/// Most peers at once; what is beyond is ignored.
const PEERS_MAX: usize = 4096;
/// How much asking a hint is worth. A peer that holds what we hold has not got it yet either, and will; one that
/// holds something else and gave nothing is not worth much more.
const HINT_WORTH: u32 = 6;

/// How often a hint shortens the rest of a peer that brought nothing: once in so many milliseconds, and so often at once after a while.
const HURRY_MS: u64 = 5_000;
const HURRIES_MAX: u64 = 8;

/// Peers that are asked at once for what a disk lost.
const COMPARED_MAX: usize = 3;

/// The two that met.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub me: NodeKey,
    pub peer: NodeKey,
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Pending {
    pub session: Session,
    pub id: u64,
    pub deadline_ms: u64,
}

/// One connected peer.
#[derive(Debug)]
pub(super) struct Peer {
    pub pending: Option<Pending>,
    pub bucket: Bucket,
    /// When to ask it next.
    due_ms: u64,
    /// Not before this time, unless it hints at something else.
    rest_until_ms: u64,
    /// Not before this time, whatever it hints.
    deaf_until_ms: u64,
    /// From when a hint shortens its rest: every time it does moves this on.
    hurried_ms: u64,
    /// What it, or somebody through it, hinted at, and how much more asking that is worth.
    hinted: Option<(Digest, u32)>,
    /// What its own requests told.
    news: News,
    /// Conversations in a row that failed.
    failures: u32,
    /// Conversations in a row that brought nothing.
    fruitless: u32,
    /// When it last asked or answered.
    heard_ms: Option<u64>,
    /// Whether it and we were equal when last compared, and it told of nothing new since.
    equal: bool,
    /// Entries it holds and we lack, as far as it told.
    behind: Option<u64>,
    /// Whether it told all statements that we lacked, in a conversation in which we asked.
    stated: bool,
    /// Whether it told all that we lacked, statements first, in conversations in which we asked.
    told: bool,
}

/// What is known of a connected peer, for the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When it last asked or answered, in the machine's time.
    pub heard_ms: Option<u64>,
    /// Whether it and we were equal when last compared, and it told of nothing new since.
    pub equal: bool,
    /// Entries it holds and we lack: as many as it said when it last asked, or none after it had nothing more to offer.
    pub behind: Option<u64>,
    /// Whether conversations in which we asked came to their end since it connected: then it told all statements and entries
    /// that it had. What its own requests tell does not say that, nor does one that asked for entries only.
    pub told: bool,
}

/// All connected peers.
#[derive(Debug, Default)]
pub(super) struct Peers {
    peers: BTreeMap<NodeKey, Peer>,
}

impl Peers {
    /// A peer connected. The first few are asked at once, the others spread over the interval. Of two that meet one
    /// asks first; what it asks tells the other whether it has anything to ask.
    pub(super) fn connect(&mut self, pair: Pair, config: &Config, now_ms: u64, rng: &mut dyn Entropy) {
        let Pair { me, peer } = pair;
        if self.peers.len() >= PEERS_MAX || self.peers.contains_key(&peer) {
            return;
        }
        let few = self.peers.len() < config.exchanges_per_interval;
        let wait = match (few, me < peer) {
            (true, true) => 0,
            (true, false) => jitter(config.yield_ms, rng),
            (false, _) => below(self.interval_ms(config), rng),
        };
        let fresh = Peer {
            pending: None,
            bucket: Bucket::full(config.serve_burst, config.serve_per_second, now_ms),
            due_ms: now_ms.saturating_add(wait),
            rest_until_ms: now_ms,
            deaf_until_ms: now_ms,
            hurried_ms: now_ms,
            hinted: None,
            news: News::default(),
            failures: 0,
            fruitless: 0,
            heard_ms: None,
            equal: false,
            behind: None,
            stated: false,
            told: false,
        };
        self.peers.insert(peer, fresh);
    }

    /// A peer is gone, and its conversation with it.
    pub(super) fn disconnect(&mut self, peer: NodeKey) {
        self.peers.remove(&peer);
    }

    /// A connected peer.
    pub(super) fn get(&mut self, peer: NodeKey) -> Option<&mut Peer> {
        self.peers.get_mut(&peer)
    }

    /// What is known of a connected peer.
    pub(super) fn seen(&self, peer: NodeKey) -> Option<Seen> {
        let Peer {
            heard_ms,
            equal,
            behind,
            told,
            ..
        } = *self.peers.get(&peer)?;
        Some(Seen {
            heard_ms,
            equal,
            behind,
            told,
        })
    }

    /// What a peer hinted at last, as long as asking it for that is worth anything.
    pub(super) fn hinted(&self, peer: NodeKey) -> Option<Digest> {
        self.peers.get(&peer)?.hinted.map(|(digest, _)| digest)
    }

    /// A few peers are compared with as soon as their rest is over, because this disk lost something; if they do not
    /// have it either, it is asked of every other peer in its turn.
    pub(super) fn compare_some(&mut self) {
        for peer in self.peers.values_mut().take(COMPARED_MAX) {
            peer.news.statements = true;
        }
    }

    /// A peer asked or answered.
    pub(super) fn heard(&mut self, peer: NodeKey, now_ms: u64) {
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.heard_ms = Some(now_ms);
        }
    }

    /// A peer told all statements that we lacked.
    pub(super) fn stated(&mut self, peer: NodeKey) {
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.stated = true;
        }
    }

    /// Whether a peer told all statements that we lacked since it connected.
    pub(super) fn has_stated(&self, peer: NodeKey) -> bool {
        self.peers.get(&peer).is_some_and(|peer| peer.stated)
    }

    /// Whether half of the peers, and at least one, told all that we lacked.
    pub(super) fn have_told(&self) -> bool {
        let told = self.peers.values().filter(|peer| peer.told).count();
        told > 0 && 2 * told >= self.peers.len()
    }

    /// Conversations under way.
    pub(super) fn active(&self) -> usize {
        self.peers.values().filter(|peer| peer.pending.is_some()).count()
    }

    /// Node keys that conversations with others than `peer` are pulling.
    pub(super) fn claimed(&self, peer: NodeKey) -> BTreeSet<NodeKey> {
        let others = self.peers.iter().filter(|(of, _)| **of != peer);
        let sessions = others.filter_map(|(_, other)| other.pending.as_ref());
        sessions
            .flat_map(|pending| pending.session.asked().iter().copied())
            .collect()
    }

    /// Peers whose request is overdue.
    pub(super) fn overdue(&self, now_ms: u64) -> Vec<NodeKey> {
        let late = |peer: &Peer| {
            peer.pending
                .as_ref()
                .is_some_and(|pending| pending.deadline_ms <= now_ms)
        };
        self.peers
            .iter()
            .filter(|(_, peer)| late(peer))
            .map(|(key, _)| *key)
            .collect()
    }

    /// The peer that has been due longest.
    pub(super) fn due(&self, now_ms: u64) -> Option<NodeKey> {
        let idle = self.peers.iter().filter(|(_, peer)| peer.pending.is_none());
        let due = idle.filter(|(_, peer)| peer.wake_ms() <= now_ms);
        due.min_by_key(|(_, peer)| peer.wake_ms()).map(|(key, _)| *key)
    }

    /// When something is to be done next: a deadline, or a peer that becomes due while there is room to ask.
    pub(super) fn wake_ms(&self, sessions_max: usize) -> Option<u64> {
        let room = self.active() < sessions_max;
        let times = self.peers.values().filter_map(|peer| match &peer.pending {
            Some(pending) => Some(pending.deadline_ms),
            None => room.then(|| peer.wake_ms()),
        });
        times.min()
    }

    /// With many peers each is asked more rarely, so that an idle federation stays idle.
    fn interval_ms(&self, config: &Config) -> u64 {
        let rounds = self.peers.len().div_ceil(config.exchanges_per_interval.max(1)).max(1);
        config.anti_entropy_ms.saturating_mul(rounds as u64)
    }

    /// A conversation with `peer` ended; sets when the next one is due.
    pub(super) fn ended(&mut self, peer: NodeKey, end: &Ended, config: &Config, now_ms: u64, rng: &mut dyn Entropy) {
        let interval = jitter(self.interval_ms(config), rng);
        let Some(peer) = self.peers.get_mut(&peer) else {
            return;
        };
        peer.pending = None;
        peer.equal = matches!(end.how, Some(End::Equal));
        if matches!(end.how, Some(End::Equal | End::Exhausted)) {
            peer.behind = Some(0);
            peer.told = peer.stated;
        }
        peer.failures = if end.failed() {
            peer.failures.saturating_add(1)
        } else {
            0
        };
        peer.fruitless = if end.gained {
            0
        } else {
            peer.fruitless.saturating_add(1)
        };
        peer.spend_hint(end);
        let rest = match &end.how {
            Some(End::Equal) if peer.hinted.is_none() => {
                peer.fruitless = 0;
                0
            }
            Some(End::Equal) => back_off(
                peer.fruitless.saturating_sub(1),
                config.retry_ms,
                config.anti_entropy_ms,
                rng,
            ),
            Some(End::Exhausted | End::Rationed { .. }) if end.gained => 0,
            Some(End::Exhausted | End::Rationed { .. }) => {
                back_off(peer.fruitless, config.retry_ms, config.anti_entropy_ms, rng)
            }
            Some(End::Claimed) => jitter(config.retry_ms, rng),
            Some(End::Busy { retry_ms }) => retry_ms.saturating_add(jitter(config.retry_ms, rng)),
            Some(End::NotUnderstood | End::Offended(_)) => jitter(config.retry_ms_max, rng),
            None => back_off(peer.failures, config.retry_ms, config.retry_ms_max, rng),
        };
        peer.rest_until_ms = now_ms.saturating_add(rest);
        // What was told may differ for good; what is hinted at later may be something else.
        let deaf = match &end.how {
            Some(End::Equal | End::Exhausted | End::Rationed { .. }) => rest.min(config.retry_ms),
            _ => rest,
        };
        peer.deaf_until_ms = now_ms.saturating_add(deaf);
        // What was cut short is taken up again after the rest; what came to its end waits for the next interval.
        peer.due_ms = match &end.how {
            Some(End::Equal | End::Exhausted) => now_ms.saturating_add(interval.max(rest)),
            Some(End::Rationed { retry_ms }) => {
                now_ms.saturating_add(rest.max(*retry_ms).saturating_add(jitter(config.retry_ms, rng)))
            }
            _ => peer.rest_until_ms,
        };
    }
}

/// How a conversation ended, seen from the schedule.
pub(super) struct Ended {
    /// The end, or nothing when it failed or timed out.
    pub how: Option<End>,
    /// Whether it brought anything.
    pub gained: bool,
}

impl Ended {
    fn failed(&self) -> bool {
        matches!(self.how, None | Some(End::NotUnderstood | End::Offended(_)))
    }
}

impl Peer {
    /// It hinted at something new: ask it soon.
    pub(super) fn hint(&mut self, digest: Digest, now_ms: u64) {
        if self.hinted.is_none_or(|(hinted, _)| hinted != digest) {
            self.hinted = Some((digest, HINT_WORTH));
            self.hurry(now_ms);
        }
        self.equal = false;
    }

    /// Ends its rest soon, but not time and again: what it hints at may be nothing.
    fn hurry(&mut self, now_ms: u64) {
        if self.deaf_until_ms >= self.rest_until_ms || self.hurried_ms > now_ms {
            return;
        }
        self.rest_until_ms = self.deaf_until_ms;
        let saved_ms = HURRY_MS * HURRIES_MAX;
        self.hurried_ms = self.hurried_ms.max(now_ms.saturating_sub(saved_ms)) + HURRY_MS;
    }

    /// A hint travels faster than what it is about: the peer it came through may have to fetch it first.
    fn spend_hint(&mut self, end: &Ended) {
        let cost = match &end.how {
            Some(End::Equal) => 1,
            Some(End::Exhausted | End::Rationed { .. }) if end.gained => HINT_WORTH,
            Some(End::Exhausted | End::Rationed { .. }) => HINT_WORTH / 2,
            _ => 0,
        };
        self.hinted = self
            .hinted
            .filter(|(_, worth)| *worth > cost)
            .map(|(digest, worth)| (digest, worth - cost));
    }

    /// Its request told of something we lack: ask it as soon as its rest is over.
    pub(super) fn tell(&mut self, news: News) {
        self.equal = false;
        self.behind = Some(news.entries);
        self.news.statements |= news.statements;
        self.news.nodes.extend(news.nodes);
        self.news.entries = news.entries;
    }

    /// It asked for a comparison, and this is what came of it.
    pub(super) fn matched(&mut self, equal: bool) {
        self.equal = equal;
    }

    /// It asked, and turned out to hold nothing that we lack: that was this interval's exchange.
    pub(super) fn had_nothing(&mut self, config: &Config, now_ms: u64, rng: &mut dyn Entropy) {
        self.due_ms = self
            .due_ms
            .max(now_ms.saturating_add(jitter(config.anti_entropy_ms, rng)));
    }

    /// Starts anew: the node keys to pull at once, if they are all that is known to differ.
    pub(super) fn begin(&mut self) -> BTreeSet<NodeKey> {
        let news = std::mem::take(&mut self.news);
        if news.statements { BTreeSet::new() } else { news.nodes }
    }

    /// Drops a hint at what we hold by now.
    pub(super) fn forget_hint(&mut self, is_news: impl Fn(Digest) -> bool) {
        self.hinted = self.hinted.filter(|(digest, _)| is_news(*digest));
    }

    fn wake_ms(&self) -> u64 {
        if self.hinted.is_some() || !self.news.is_empty() {
            self.rest_until_ms
        } else {
            self.due_ms.max(self.rest_until_ms)
        }
    }

    /// Whether it is due by itself, without a hint or news.
    pub(super) fn is_due(&self, now_ms: u64) -> bool {
        self.wake_ms() <= now_ms
    }
}
