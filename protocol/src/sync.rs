//! How two replicas become equal: digest, heights and ranges.
//!
//! Pull-based anti-entropy is the truth; a hint says only that somebody has something new. State and traffic scale
//! with writers, not with records.
//!
//! | file | what it holds |
//! |---|---|
//! | `limits` | every bound in one place |
//! | `frame`, `request`, `response`, `run`, `fragment` | what is said, byte for byte |

mod fragment;
mod frame;
mod limits;
mod request;
mod response;
mod run;

pub use fragment::{Meaning, Nonce};
pub use frame::{Body, Frame, FrameError, VERSION};
pub use limits::{CHUNK_BYTES_MAX, FRAME_BYTES_MAX};
pub use request::{Have, Hold, Request, Want};
pub use response::{Hint, Response, SentHeader};
pub use run::{Run, Sent};

#[cfg(test)]
mod tests;
