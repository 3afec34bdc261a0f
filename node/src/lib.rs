//! What one gemeente does with the protocol: all input and output of a node.
//!
//! | room | what it holds |
//! |---|---|
//! | [`runtime`] | the running node: the only room that knows every other |
//! | [`driver`] | feeds what happens to the protocol and performs what it asks for |
//! | [`http`] | the API on loopback: what people and programs ask of this node |
//! | [`net`] | opaque bytes between node keys: the only room that knows libp2p |
//! | [`store`] | what a node keeps of its federation: sled, keys of documents, the own log |
//! | [`vault`] | the local records of this gemeente, encrypted, and their intake |
//! | [`view`] | what the documents say, in SQLite: derived, deletable |
//! | [`fault`] | an error as a code for whoever asks |
//! | [`full`] | whether a full disk is behind an error |
//! | `trouble` | what fails again and again, told now and then |
//! | [`memory`] | how much memory the allocator holds back |
//! | [`secret`] | a secret key in a file, and what it seals |
//! | [`stop`] | a word that ends work under way |

pub mod dataset;
pub mod driver;
pub mod fault;
pub mod full;
pub mod http;
pub mod memory;
#[cfg(test)]
mod mutant;
pub mod net;
pub mod runtime;
#[cfg(test)]
mod scratch;
pub mod secret;
pub mod stop;
pub mod store;
mod trouble;
pub mod vault;
pub mod view;
