//! What one gemeente does with the protocol: all input and output of a node.
//!
//! | room | what it holds |
//! |---|---|
//! | [`http`] | the API on loopback: what people and programs ask of this node |
//! | [`net`] | opaque bytes between node keys: the only room that knows libp2p |
//! | [`store`] | what a node keeps of its federation: sled, keys of documents, the own log |
//! | [`vault`] | the local records of this gemeente, encrypted, and their intake |
//! | [`secret`] | a secret key in a file, and what it seals |

pub mod http;
pub mod net;
#[cfg(test)]
mod scratch;
pub mod secret;
pub mod store;
pub mod vault;
