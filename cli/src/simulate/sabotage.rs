//! Ways to break the simulated world itself, so that a test can see that the laws notice.

use serde::{Deserialize, Serialize};

/// A rule of the world that is broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sabotage {
    /// The disk says that it wrote, and did not.
    NeverFlush,
    /// The disk loses the end of a batch.
    TornBatches,
    /// The disk keeps what should be erased.
    KeepPayloads,
    /// A node does not read its own log back at the start.
    IgnoreOwnLog,
    /// A node that starts draws the incarnation of the start before again.
    SameIncarnation,
    /// A node that finds a fork keeps it for itself.
    KeepForks,
    /// A node that starts goes on with the times that its machine noted before.
    TrustClock,
    /// Nodes hand on what hostile ones send without looking at it.
    HandOn,
    /// Half of the nodes take no edition but the first.
    OldEditions,
    /// Nodes let entries count that were cut.
    CountCut,
    /// A copy of a node may be left with links to nodes only that it does not know yet, or that do not know it.
    Strand,
    /// A node whose disk fails while people on two sides write goes on as if nothing happened.
    Overlook,
}
