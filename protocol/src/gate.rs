//! The only door out of a gemeente: `Draft -> Screened -> Approved -> Shareable`.
//!
//! **Invariant:** a [`Shareable`] can be built nowhere else, and only a [`Shareable`] can be written to a log.

mod shareable;

pub use shareable::Shareable;
