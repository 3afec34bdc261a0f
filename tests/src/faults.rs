//! A disk that fails: the files of a node, written by a script of operations, while the system refuses one call after the other.
//!
//! - [`script`]: what a node does to its files, told as it is acknowledged.
//! - [`strace`]: one system call of a program fails, as a disk makes it.

pub mod script;
pub mod strace;
