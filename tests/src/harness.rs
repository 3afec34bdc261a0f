//! Real processes for tests: builds nothing, starts the executable that cargo built, and leaves nothing behind.
//!
//! - [`wait`]: the only place where a test waits; always for a condition, always with a deadline.
//! - [`scratch`]: a directory that goes when the test is over.
//! - [`executable`]: where the executable stands, and that it is not older than its sources.
//! - [`command`]: one run of a program to its end: what it was given, what it printed, how it ended.
//! - [`process`]: a program that keeps running until it is told to stop, or is killed.
//!
//! **Invariant:** whatever is started here is dead when its value is dropped, also when the test panics. **Invariant:** no port
//! is chosen here: nodes take a free one and say which.

pub mod command;
pub mod executable;
pub mod process;
pub mod scratch;
pub mod wait;

pub use command::{Command, Ran};
pub use process::Process;
pub use scratch::Scratch;
