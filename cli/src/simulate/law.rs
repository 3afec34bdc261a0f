//! What must hold, and what is said when it does not.

use serde::{Deserialize, Serialize};

/// A law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Law {
    /// Nodes that can talk become equal.
    Converge,
    /// Equal nodes answer the same.
    Agree,
    /// What was acknowledged is held.
    Keep,
    /// What counts is what may count, and somebody wrote it.
    Authorised,
    /// What was withdrawn is gone.
    Erase,
    /// Another order says the same.
    Order,
    /// Equal nodes are quiet.
    Quiet,
    /// Nobody who is honest is accused.
    Innocent,
    /// Frames and sets stay within their bounds.
    Bounded,
    /// Nothing fails that has no reason to.
    Work,
}

impl Law {
    /// Its name in Dutch and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Converge => ("wie elkaar bereikt wordt gelijk", "who can talk becomes equal"),
            Self::Agree => ("wie gelijk is zegt hetzelfde", "who is equal says the same"),
            Self::Keep => ("wat bevestigd is blijft", "what was acknowledged stays"),
            Self::Authorised => ("alleen wat mag telt", "only what may count counts"),
            Self::Erase => ("wat ingetrokken is blijft weg", "what was withdrawn stays gone"),
            Self::Order => ("een andere volgorde zegt hetzelfde", "another order says the same"),
            Self::Quiet => ("wie gelijk is zwijgt", "who is equal is quiet"),
            Self::Innocent => ("wie eerlijk is wordt niet beschuldigd", "who is honest is not accused"),
            Self::Bounded => ("alles blijft binnen zijn grens", "everything stays within its bound"),
            Self::Work => ("niets faalt zonder reden", "nothing fails without a reason"),
        }
    }

    /// This law is broken.
    pub(super) fn broken<T>(self, what: impl Into<String>) -> Result<T, Broken> {
        Err(Broken {
            law: self,
            what: what.into(),
        })
    }
}

/// A law that was broken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which law.
    pub law: Law,
    /// Where, and how.
    pub what: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.law.name().1, self.what)
    }
}

impl From<protocol::log::ReplicaError> for Broken {
    fn from(error: protocol::log::ReplicaError) -> Self {
        Self {
            law: Law::Work,
            what: error.to_string(),
        }
    }
}
