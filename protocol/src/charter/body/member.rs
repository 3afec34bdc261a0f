//! What a member says about itself: a new root key, and that it leaves.

use super::super::StatementError;
use super::super::member::{exact, read_nodes, write_nodes};
use super::{Ending, read_endings, read_gemeente, write_endings};
use crate::id::{Gemeente, NodeKey, RootKey};
use crate::wire::Fields;

/// Most node keys that a change of root key can carry over.
const NODES_MAX: usize = 512;

/// The author takes the place of a root key. What the old key certified and ended no longer counts, but for what the
/// new one carries over here: whoever stole the old key leaves nothing behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Of which gemeente.
    pub gemeente: Gemeente,
    /// The key that is replaced.
    pub old: RootKey,
    /// Node keys that the old key certified and that go on speaking, also those that ended; in order.
    pub nodes: Vec<NodeKey>,
    /// Node keys that end, or ended, and where.
    pub endings: Vec<Ending>,
}

/// A member leaves: all its node keys end. Those that are not listed end at 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Which gemeente.
    pub gemeente: Gemeente,
    /// Where its node keys end, in order.
    pub endings: Vec<Ending>,
}

impl Rotation {
    pub(super) fn fields(&self, fields: &mut Fields) {
        fields
            .set(1, self.gemeente.number().to_be_bytes())
            .set(2, self.old.0)
            .set(3, write_nodes(&self.nodes))
            .set(4, write_endings(&self.endings));
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "change of root key";
        let nodes = read_nodes(&fields.require(what, 3)?, NODES_MAX)?;
        if !nodes.windows(2).all(|pair| pair[0] < pair[1]) {
            return Err(StatementError::Content("node keys are not in order, each once"));
        }
        Ok(Self {
            gemeente: read_gemeente(what, &fields.require(what, 1)?)?,
            old: RootKey(exact(what, &fields.require(what, 2)?)?),
            nodes,
            endings: read_endings(&fields.require(what, 4)?)?,
        })
    }
}

impl Departure {
    pub(super) fn fields(&self, fields: &mut Fields) {
        fields
            .set(1, self.gemeente.number().to_be_bytes())
            .set(2, write_endings(&self.endings));
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "leave";
        Ok(Self {
            gemeente: read_gemeente(what, &fields.require(what, 1)?)?,
            endings: read_endings(&fields.require(what, 2)?)?,
        })
    }
}
