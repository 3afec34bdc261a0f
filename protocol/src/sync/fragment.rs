//! Keyed fragments: a few bytes that stand for a hash within one conversation.
//!
//! The asker draws a nonce per comparison. Two different things share a fragment of 4 bytes once in 2^32 and
//! nobody can prepare such a pair, because the nonce is new each time: a collision hides a difference for one
//! conversation and cannot hide it for two.

use crate::entropy::Entropy;
use crate::id;

/// What keys the fragments of one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 8]);

/// What a fragment stands for, so that two meanings never share one. The number is part of the fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Meaning {
    /// A node key.
    Node = 0,
    /// What is held of a node key.
    NodeDigest = 1,
    /// A log id.
    Log = 2,
    /// The hash of a log's head.
    Head = 3,
    /// A statement id.
    Statement = 4,
}

impl Nonce {
    /// Draws a nonce.
    pub fn draw(rng: &mut dyn Entropy) -> Self {
        let mut bytes = [0; 8];
        rng.fill(&mut bytes);
        Self(bytes)
    }

    /// Four bytes that stand for `bytes`.
    #[must_use]
    pub fn short(&self, meaning: Meaning, bytes: &[u8]) -> u32 {
        (self.long(meaning, bytes) >> 32) as u32
    }

    /// Eight bytes that stand for `bytes`.
    #[must_use]
    pub fn long(&self, meaning: Meaning, bytes: &[u8]) -> u64 {
        let hash = id::hash("sync fragment", &[&self.0, &[meaning as u8], bytes]);
        let mut fragment = [0; 8];
        fragment.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(fragment)
    }
}
