//! Questions in SQL over the tables that everybody may read, asked by people who are not trusted with the node.
//!
//! | module | what |
//! |---|---|
//! | `allowed` | what a question may touch: SQLite asks about every table, column and function |
//! | `engine` | one question on one read-only connection, bounded in time, rows and bytes |
//! | `fault` | why a question has no answer, as facts; `told` says it to a person |
//! | `near` | the names that a mistyped one resembles |
//! | `frame` | how a question goes to the process that answers it, and comes back |
//! | `reader` | that process |
//! | `desk` | who starts these processes, and ends them |
//!
//! A question is answered in a process of its own. SQLite bounds its memory per process and not per connection, and does not look
//! up while it works on one value: only a process can be given so much memory and no more, and ended whatever it is doing.
//! Nothing but that process notices when a question is too much for it.
//!
//! **Invariant:** what is not named as allowed is refused.
//! **Invariant:** the answer depends on what the view shows and on the question: no clock, no chance, no order of arrival.
//! **Invariant:** nothing of a question or its answer is written to any disk.

mod allowed;
mod desk;
mod engine;
mod fault;
mod frame;
mod near;
mod reader;
mod told;

pub use desk::{Desk, DeskError, Program};
pub use fault::{Fault, Place};
pub use frame::{Answer, Asked, BYTES_MAX, Found, Parameters, ROWS_MAX, SECONDS_MAX, SQL_BYTES_MAX};
pub use reader::{ReaderError, serve};

#[cfg(test)]
mod tests;
