//! How two replicas become equal: digest, heights and ranges.
//!
//! Pull-based anti-entropy is the truth; a hint says only that somebody has something new. Two equal replicas find
//! out in one round trip of a hundred bytes. Otherwise statements come first, then, of the node keys that differ,
//! the entries behind the asker's heights. State and traffic scale with writers, not with records.
//!
//! | file | what it holds |
//! |---|---|
//! | `limits` | every bound in one place |
//! | `frame`, `request`, `response`, `run`, `fragment` | what is said, byte for byte |
//! | `serve`, `chunk` | answers: a pure function of replica and request |
//! | `pull`, `arrival` | one conversation in which we ask; what comes in |
//! | `peers`, `budget`, `ration`, `hints`, `config` | whom to ask when, and what a peer and a gemeente may cost |
//! | `machine`, `port` | routes; what goes in and comes out |
//!
//! **Invariant:** the federation converges with every hint lost.
//! **Invariant:** nothing a peer sends makes the machine ask in a loop.

mod arrival;
mod budget;
mod chunk;
mod config;
mod finding;
mod fragment;
mod frame;
mod hints;
mod limits;
mod machine;
mod peers;
mod port;
mod pull;
mod ration;
mod request;
mod response;
mod run;
mod serve;

pub use arrival::{Counters, Offence};
pub use config::Config;
pub use fragment::{Meaning, Nonce};
pub use frame::{Body, Frame, FrameError, VERSION};
pub use limits::{CHUNK_BYTES_MAX, FRAME_BYTES_MAX};
pub use machine::Machine;
pub use peers::Seen;
pub use port::{Input, Output};
pub use request::{Have, Hold, Request, Want};
pub use response::{Hint, Response, SentHeader};
pub use run::{Run, Sent};

#[cfg(test)]
mod tests;
