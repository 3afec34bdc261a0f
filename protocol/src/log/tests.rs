//! Laws of the log, each on replicas over the in-memory engine.

mod arrival;
mod border;
mod erasure;
mod faults;
mod leaving;
mod limits;
mod membership;
mod order;
mod past;
mod roster;
pub(in crate::log) mod world;
