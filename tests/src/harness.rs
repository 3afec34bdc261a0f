//! Real processes for tests: builds nothing, starts the executable that cargo built, and leaves nothing behind.
//!
//! - [`wait`]: the only place where a test waits; always for a condition, always with a deadline.
//! - [`scratch`]: a directory that goes when the test is over.
//! - [`executable`]: where the executable stands, and that it is not older than its sources.
//! - [`command`]: one run of a program to its end: what it was given, what it printed, how it ended.
//! - [`process`]: a program that keeps running until it is told to stop, or is killed.
//! - [`node`]: a node as a real process, started, asked, killed and started again.
//! - [`federation`]: gemeenten that founded a federation together, with the commands that people use.
//! - [`disk`]: a small disk that fills up.
//! - [`network`]: a network of its own for every node, in which lines can be cut.
//! - [`line`]: a slow line between two nodes, which breaks as often as it is told to.
//! - [`postgres`]: a PostgreSQL server for the mirror.
//! - [`api`]: what a test asks a running node without a process per question.
//! - [`peer`]: a peer of our own making, that says what a test wants it to say.
//! - [`records`]: made-up records for tests that need many.
//!
//! **Invariant:** whatever is started here is dead when its value is dropped, also when the test panics. **Invariant:** no port
//! is chosen here: nodes take a free one and say which.

pub mod api;
pub mod command;
pub mod disk;
pub mod executable;
pub mod federation;
pub mod line;
pub mod network;
pub mod node;
pub mod peer;
pub mod postgres;
pub mod process;
pub mod records;
pub mod scratch;
pub mod wait;

pub use api::Api;
pub use command::{Command, Ran};
pub use disk::Disk;
pub use federation::{Federation, Site};
pub use line::Line;
pub use network::Network;
pub use node::Node;
pub use peer::Peer;
pub use postgres::Postgres;
pub use process::Process;
pub use scratch::Scratch;
