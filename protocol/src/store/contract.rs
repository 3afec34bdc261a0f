//! The contract every engine keeps, as a suite that runs on each of them.
