//! Times and limits that a node may choose for itself: none of them is part of the protocol.

/// Times and limits of one machine. The defaults suit a node of a gemeente.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Every peer is compared with about this often, if there are few.
    pub anti_entropy_ms: u64,
    /// How many peers are compared with in that time, if there are many.
    pub exchanges_per_interval: usize,
    /// How long, of two that connect, the one with the greater key waits for the other to ask first.
    pub yield_ms: u64,
    /// Shortest time between two hints.
    pub hint_ms: u64,
    /// How long an answer may take.
    pub request_ms_max: u64,
    /// Most conversations in which we ask at once.
    pub sessions_max: usize,
    /// First wait after a failure, or after a conversation that brought nothing.
    pub retry_ms: u64,
    /// Longest wait after failures.
    pub retry_ms_max: u64,
    /// How long a log is left alone at the peer whose entries of it were refused.
    pub refused_ms: u64,
    /// Tokens that a peer may use at once; a request costs one, and one more per 4 kB of answer, per 64 names looked up
    /// and per row read.
    pub serve_burst: u64,
    /// Tokens that come back per second.
    pub serve_per_second: u64,
    /// Bytes that the logs of one other gemeente may take here. What an honest one writes in decades fits many times; it
    /// bounds what a hostile one can fill a disk with until the others suspend it.
    pub member_bytes_max: u64,
    /// Tokens for what one other gemeente brings at once, one per 4 kB: more than an honest one writes in a year, so that nobody who
    /// was away waits for it.
    pub member_burst: u64,
    /// Tokens that come back per second, see [`Config::member_burst`]: a small part of what a node can take in, so that one that
    /// floods delays nobody.
    pub member_per_second: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            anti_entropy_ms: 10_000,
            exchanges_per_interval: 8,
            yield_ms: 1000,
            hint_ms: 100,
            request_ms_max: 10_000,
            sessions_max: 4,
            retry_ms: 250,
            retry_ms_max: 60_000,
            refused_ms: 600_000,
            serve_burst: 8192,
            serve_per_second: 8192,
            member_bytes_max: 256 * 1024 * 1024,
            member_burst: 2048,
            member_per_second: 32,
        }
    }
}
