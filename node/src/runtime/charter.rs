//! The charter of a federation that runs: what a node holds of it, and what a root key signs.
//!
//! Signing needs no store and no network: what is held comes in as text and numbers, from a node that runs or from the
//! store of one that does not, and statements go out. So the root key can be where no node is.
//!
//! **Invariant:** nothing here decides what counts; that is the roster's, which is asked for it before anything is signed.

mod changes;
mod edition;
mod error;
mod held;
mod place;
mod root;
mod sign;
#[cfg(test)]
mod tests;
mod told;
mod vote;

pub use edition::Asked;
pub use error::SignError;
pub(super) use held::{bytes_of, logs_of, text_of};
pub use held::{charter_stand, export, log_heights};
pub(super) use place::{place_of, why_not};
pub use root::{RootError, RootFiles, root_key};
pub use sign::{Signed, Voted, draft, endorse_edition, leave, propose_edition, speaks_for, suspend, withdraw};
pub(super) use told::stand_of;
