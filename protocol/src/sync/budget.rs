//! What a peer may cost: a token bucket for serving, and back-off with jitter for asking.

use crate::entropy::Entropy;

/// Thousandths of a token: what everything is counted in.
const TOKEN: i64 = 1000;
/// Bytes served that cost one token.
const BYTES_PER_TOKEN: usize = 4 * 1024;
/// Names that are looked up in memory for one token.
const NAMES_PER_TOKEN: usize = 64;

/// What an answer takes besides its bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Names of logs, node keys and statements that were hashed or looked up.
    pub(super) names: usize,
    /// Rows that were read from the store.
    pub(super) rows: usize,
}

/// Tokens that refill with time; serving takes them. What an answer takes is known when it is there, so a peer can owe
/// for one answer, and waits until that is paid.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    burst: i64,
    per_second: u64,
    level: i64,
    since_ms: u64,
}

impl Bucket {
    pub(super) fn full(burst: u64, per_second: u64, now_ms: u64) -> Self {
        let burst = as_level(burst).saturating_mul(TOKEN);
        Self {
            burst,
            per_second: per_second.max(1),
            level: burst,
            since_ms: now_ms,
        }
    }

    /// Whether there is a token for one more request; if not, after how many milliseconds there is.
    pub(super) fn admit(&mut self, now_ms: u64) -> Result<(), u64> {
        let passed = now_ms.saturating_sub(self.since_ms);
        self.since_ms = self.since_ms.max(now_ms);
        let refill = as_level(passed.saturating_mul(self.per_second));
        self.level = self.level.saturating_add(refill).min(self.burst);
        if self.level >= TOKEN {
            Ok(())
        } else {
            Err(TOKEN.abs_diff(self.level).div_ceil(self.per_second).max(1))
        }
    }

    /// Takes what an answer of so many bytes, and this work, costs.
    pub(super) fn charge(&mut self, bytes: usize, work: Work) {
        let tokens = 1 + bytes / BYTES_PER_TOKEN + work.names / NAMES_PER_TOKEN + work.rows;
        let cost = as_level(tokens as u64).saturating_mul(TOKEN);
        self.level = self.level.saturating_sub(cost);
    }
}

fn as_level(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
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
