//! What one gemeente does with the protocol: all input and output of a node.
//!
//! | room | what it holds |
//! |---|---|
//! | [`http`] | the API on loopback: what people and programs ask of this node |
//! | [`store`] | what a node keeps of its federation: sled, keys of documents, the own log |
//! | [`secret`] | a secret key in a file, and what it seals |

pub mod http;
#[cfg(test)]
mod scratch;
pub mod secret;
pub mod store;
