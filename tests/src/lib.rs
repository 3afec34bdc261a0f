//! What must hold for all rooms together.
//!
//! - [`house`]: the rules of CONTRIBUTING.md, checked on the real tree.
//! - [`scope`]: how a test that can run longer knows whether it should, and says what it left out.

pub mod house;
pub mod scope;
