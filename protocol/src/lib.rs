//! What two nodes must agree on, byte for byte.
//!
//! `protocol` is synchronous and sans-IO: `(state, input, now, rng, store) -> outputs`. Everything a
//! federation promises (convergence, the gate, membership) lives here, so that it can be simulated and a
//! failing run replayed from its seed. Formats and laws are written down in `SPEC.md` beside this crate.
//!
//! | room | what it holds |
//! |---|---|
//! | [`id`] | the names of things: hashes, keys, gemeente codes, weeks |
//! | [`wire`] | bounded, deterministic, versioned bytes |
//! | [`log`] | signed headers, chains, the effective set: ground truth |
//! | [`charter`] | statements, editions and the roster: who belongs |
//! | [`sync`] | digest, heights and ranges: how two replicas become equal |
//! | [`document`] | record to automerge and back; the change validator |
//! | [`record`] | what the documents mean: kinds, word list, merge, states |
//! | [`gemeenten`] | the gemeenten of the country by CBS code |
//! | [`gate`] | Draft to Shareable: the only door out of a gemeente |
//! | [`store`] | the storage port, the in-memory engine, the contract every engine keeps |
//! | [`export`] | what an export proves by itself, and its rows as CSV |
//! | [`api`] | what a node and the command line say to each other |
//!
//! **Invariant:** no clock, no randomness, no file, no socket, no thread and no unordered map in here.

pub mod api;
pub mod charter;
pub mod document;
pub mod entropy;
pub mod export;
pub mod gate;
pub mod gemeenten;
pub mod id;
pub mod log;
pub mod record;
pub mod store;
pub mod sync;
pub mod wire;
