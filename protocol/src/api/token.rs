//! Tokens: who may use the API beside who can read the folder of the node, and for what.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest list of tokens of one node.
pub const TOKENS_MAX: usize = 256;

/// What a token is for. None includes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Read what is shared, and how the node is doing.
    Lezen,
    /// Take records into the vault.
    Schrijven,
    /// Look at concepts and decide what leaves, and what is taken back.
    Nakijken,
    /// Look after the node: tokens, charter, invitations and backups.
    Beheren,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Lezen, Self::Schrijven, Self::Nakijken, Self::Beheren];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lezen => "lezen",
            Self::Schrijven => "schrijven",
            Self::Nakijken => "nakijken",
            Self::Beheren => "beheren",
        }
    }

    /// The scope with this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The body of `POST /v1/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenAsked {
    /// The account it speaks for: 1 to 80 visible characters.
    pub naam: String,
    /// What it is for, at least one.
    pub scopes: Vec<Scope>,
}

/// A token as the node knows it: what opens it is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRegel {
    /// The account it speaks for.
    pub naam: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
}

/// The answer to `POST /v1/tokens`, and the only time that the token itself is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NieuwToken {
    /// The account it speaks for.
    pub naam: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// What to show.
    pub token: String,
}

// The token itself must never reach a log line or a panic message.
impl fmt::Debug for NieuwToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NieuwToken({:?}, {:?})", self.naam, self.scopes)
    }
}

/// The answer to `GET /v1/tokens`, in order of name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenPage {
    /// How many there are on all pages together.
    pub totaal: u64,
    /// This page.
    pub tokens: Vec<TokenRegel>,
}
