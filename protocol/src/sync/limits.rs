//! The limits of what two nodes say to each other, in one place.
//!
//! **Invariant:** whatever a message of this program holds stays within these, and nothing beyond them is read.

/// Most bytes of entries or statements in one answer.
pub const CHUNK_BYTES_MAX: usize = 1024 * 1024;
/// Most bytes a frame may have: one chunk and its framing. What carries frames refuses longer ones unread.
pub const FRAME_BYTES_MAX: usize = CHUNK_BYTES_MAX + 64 * 1024;
/// Most node keys in one comparison.
pub(super) const NODES_MAX: usize = 16 * 1024;
/// Most node keys asked for in one pull.
pub(super) const WANTS_MAX: usize = 512;
/// Most logs named in one pull.
pub(super) const HAVES_MAX: usize = 64 * 1024;
/// Most statements an asker can say it holds.
pub(super) const HELD_MAX: usize = 128 * 1024;
/// Most statements in one answer.
pub(super) const STATEMENTS_MAX: usize = 8 * 1024;
/// Most runs of entries in one answer.
pub(super) const RUNS_MAX: usize = 4 * 1024;
/// Most entries in one run.
pub(super) const RUN_ENTRIES_MAX: usize = 8 * 1024;
/// Most forks reported in one answer.
pub(super) const FORKS_MAX: usize = 1024;
/// Longest wait an overloaded peer can ask for, in milliseconds.
pub(super) const BUSY_MS_MAX: u64 = 60_000;
/// Most fields that a later version can add to a message.
pub(super) const EXTENSION_FIELDS_MAX: usize = 16;
/// Most bytes of those fields together.
pub(super) const EXTENSION_BYTES_MAX: usize = 4 * 1024;
