//! The charter of a federation that runs: what a node holds of it, and what a root key signs.
//!
//! Signing needs no store and no network: what is held comes in as text and numbers, from a node that runs or from the
//! store of one that does not, and statements go out. So the root key can be where no node is.
//!
//! **Invariant:** nothing here decides what counts; that is the roster's, which is asked for it before anything is signed.

mod held;
mod root;

#[cfg(test)]
mod tests;

pub use held::{export, log_heights};
pub(super) use held::{logs_of, text_of};
pub use root::{RootError, RootFiles};
