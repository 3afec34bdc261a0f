//! What must hold for all rooms together.
//!
//! - [`budget`]: time, bytes and memory, as one table.
//! - [`casework`]: notes of nobody, with labels on what they hold.
//! - [`decoders`]: everything that reads bytes from outside.
//! - [`described`]: the API as its own description says it.
//! - [`faults`]: a disk that fails at every call.
//! - [`harness`]: real processes of the executable, for tests that need them.
//! - [`house`]: the rules of CONTRIBUTING.md, checked on the real tree.
//! - [`samples`]: what each decoder reads when nothing is wrong.
//! - [`scope`]: how a test that can run longer knows whether it should, and says what it left out.
//! - [`story`]: Markdown that a person reads as a manual and a test plays as a script.

pub mod budget;
pub mod casework;
pub mod decoders;
pub mod described;
pub mod faults;
pub mod harness;
pub mod house;
pub mod samples;
pub mod scope;
pub mod story;
