//! The HTTP API `/v1` of a node, on loopback.
//!
//! It reads questions, asks the [`Backend`] and writes the answers of [`protocol::api`] down; every failure
//! becomes problem+json. **Invariant:** no content of a record or of the vault ever reaches the log, and
//! nothing but the health of the node and the description of the API is answered without a token that is for it.

mod answer;
mod asked;
mod backend;
mod door;
mod exports;
mod failure;
mod kringen;
mod learning;
mod lines;
mod listener;
mod questions;
mod routes;
mod server;
mod token;
mod tokens;
mod turns;

pub use backend::{Backend, Deed};
pub use door::Door;
pub use exports::Exports;
pub use failure::{Failure, Thing};
pub use kringen::Kringen;
pub use learning::Learning;
pub use questions::Questions;
pub use server::{HttpError, Limits, Place, QUESTIONS_MAX, Server};
pub use token::{Token, TokenError};

#[cfg(test)]
mod tests;
