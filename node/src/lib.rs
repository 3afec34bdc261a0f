//! What one gemeente does with the protocol: all input and output of a node.
//!
//! | room | what it holds |
//! |---|---|
//! | [`http`] | the API on loopback: what people and programs ask of this node |

pub mod http;
