//! Hints: when to tell everybody that something is new, and which of theirs say anything.
//!
//! A hint is a digest and nothing else. It is sent at most once per interval, and not at all when others already said
//! the same, so that one write does not make every node shout. A hint we heard is worth a conversation only if it is
//! neither what we hold nor what we held before.

use std::collections::VecDeque;

use crate::id::Digest;

/// How many digests are remembered on either side.
const REMEMBERED: usize = 64;

/// What was said and heard.
#[derive(Debug, Clone, Default)]
pub(super) struct Hints {
    ours: VecDeque<Digest>,
    heard: VecDeque<Digest>,
    due_ms: Option<u64>,
    sent_ms: Option<u64>,
}

impl Hints {
    /// Notes what we hold now; if it changed, a hint becomes due.
    pub(super) fn hold(&mut self, digest: Digest, now_ms: u64, interval_ms: u64) {
        if self.ours.back() == Some(&digest) {
            return;
        }
        remember(&mut self.ours, digest);
        let earliest = self.sent_ms.map_or(now_ms, |sent| sent.saturating_add(interval_ms));
        self.due_ms.get_or_insert(earliest.max(now_ms));
    }

    /// Notes what somebody holds; whether it can be something new for us.
    pub(super) fn hear(&mut self, digest: Digest) -> bool {
        remember(&mut self.heard, digest);
        !self.held(digest)
    }

    /// Whether we hold or held this.
    pub(super) fn held(&self, digest: Digest) -> bool {
        self.ours.contains(&digest)
    }

    /// What we hold, if it is time to say so and nobody else said it.
    pub(super) fn take(&mut self, now_ms: u64) -> Option<Digest> {
        self.due_ms.filter(|due| *due <= now_ms)?;
        self.due_ms = None;
        let digest = *self.ours.back()?;
        if self.heard.contains(&digest) {
            return None;
        }
        self.sent_ms = Some(now_ms);
        Some(digest)
    }

    /// When the next hint is due.
    pub(super) fn due_ms(&self) -> Option<u64> {
        self.due_ms
    }
}

fn remember(digests: &mut VecDeque<Digest>, digest: Digest) {
    if digests.contains(&digest) {
        digests.retain(|known| *known != digest);
    }
    if digests.len() == REMEMBERED {
        digests.pop_front();
    }
    digests.push_back(digest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u8) -> Digest {
        Digest([n; 32])
    }

    #[test]
    fn hints_are_spaced_and_say_the_newest() {
        let mut hints = Hints::default();
        hints.hold(digest(1), 1000, 100);
        assert_eq!(hints.take(1000), Some(digest(1)));
        hints.hold(digest(2), 1010, 100);
        hints.hold(digest(3), 1020, 100);
        assert_eq!((hints.due_ms(), hints.take(1099)), (Some(1100), None));
        assert_eq!(hints.take(1100), Some(digest(3)));
        assert_eq!((hints.due_ms(), hints.take(5000)), (None, None));
    }

    #[test]
    fn what_others_said_is_not_said_again() {
        let mut hints = Hints::default();
        hints.hold(digest(1), 0, 100);
        assert!(hints.hear(digest(2)));
        hints.hold(digest(2), 0, 100);
        assert_eq!(hints.take(100), None);
    }

    #[test]
    fn what_we_held_before_is_no_news_and_memory_is_bounded() {
        let mut hints = Hints::default();
        for n in 0..=255 {
            hints.hold(digest(n), 0, 100);
        }
        assert!(!hints.hear(digest(255)) && !hints.hear(digest(192)) && hints.hear(digest(191)));
        assert_eq!((hints.ours.len(), hints.heard.len()), (REMEMBERED, 3));
    }
}
