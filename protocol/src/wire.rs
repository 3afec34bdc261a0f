//! Bounded, deterministic, versioned bytes.
//!
//! Everything two nodes say to each other, and every statement, is written with [`Writer`] and read with
//! [`Reader`]: fixed-width big-endian integers, unsigned LEB128 lengths in their shortest form, and *tagged fields*
//! in strictly ascending order of tag, of which unknown ones are kept. Same value, same bytes; one value, one
//! encoding; nothing is read past its limit.

mod fields;
mod reader;
mod writer;

pub use fields::{Fields, Tag};
pub use reader::{ReadError, Reader};
pub use writer::Writer;

#[cfg(test)]
mod tests;
