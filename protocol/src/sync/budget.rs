//! What a peer may cost: a token bucket for serving, and back-off with jitter for asking.

use crate::entropy::Entropy;

/// Bytes served that cost one token.
const BYTES_PER_TOKEN: usize = 4 * 1024;

/// Tokens that refill with time; serving takes them.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    burst: u64,
    per_second: u64,
    /// Thousandths of a token.
    level: u64,
    since_ms: u64,
}

impl Bucket {
    pub(super) fn full(burst: u64, per_second: u64, now_ms: u64) -> Self {
        Self {
            burst,
            per_second: per_second.max(1),
            level: burst.saturating_mul(1000),
            since_ms: now_ms,
        }
    }

    /// Whether there is a token for one more request; if not, after how many milliseconds there is.
    pub(super) fn admit(&mut self, now_ms: u64) -> Result<(), u64> {
        let passed = now_ms.saturating_sub(self.since_ms);
        self.since_ms = self.since_ms.max(now_ms);
        let refill = passed.saturating_mul(self.per_second);
        self.level = self.level.saturating_add(refill).min(self.burst.saturating_mul(1000));
        if self.level >= 1000 {
            Ok(())
        } else {
            Err((1000 - self.level).div_ceil(self.per_second).max(1))
        }
    }

    /// Takes what an answer of so many bytes costs.
    pub(super) fn charge(&mut self, bytes: usize) {
        let tokens = 1 + (bytes / BYTES_PER_TOKEN) as u64;
        self.level = self.level.saturating_sub(tokens.saturating_mul(1000));
    }
}

/// A wait that doubles with every failure up to a bound, between half and one and a half times as long.
pub(super) fn back_off(failures: u32, first_ms: u64, max_ms: u64, rng: &mut dyn Entropy) -> u64 {
    let doubled = first_ms.saturating_mul(1 << failures.min(20));
    jitter(doubled.min(max_ms), rng)
}

/// Between half and one and a half times `ms`, so that peers do not march in step.
pub(super) fn jitter(ms: u64, rng: &mut dyn Entropy) -> u64 {
    ms / 2 + below(ms.saturating_add(1), rng)
}

/// A number below `bound`.
pub(super) fn below(bound: u64, rng: &mut dyn Entropy) -> u64 {
    let mut bytes = [0; 8];
    rng.fill(&mut bytes);
    ((u128::from(u64::from_be_bytes(bytes)) * u128::from(bound)) >> 64) as u64
}
