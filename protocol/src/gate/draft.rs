//! A local record that asks to leave, and what the gemeente knows of the case behind it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CasePatterns, Coarse, Headcount};
use crate::record::{Finding, Input, Problem};

/// The most known identities of one case.
const KNOWN_MAX: usize = 100;
const KNOWN_CHARS_MIN: usize = 2;
const KNOWN_CHARS_MAX: usize = 200;

/// What is known of the case: names, addresses, numbers. Given with the draft, and used to look; it never leaves with it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known(Vec<String>);

/// Why identities cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KnownError {
    /// Too many of them.
    #[error("at most {KNOWN_MAX} known identities, found {found}")]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// One is so short that it would mask half the text, or longer than any name.
    #[error("a known identity has {KNOWN_CHARS_MIN} to {KNOWN_CHARS_MAX} characters, found {found}")]
    Length {
        /// How many characters it has.
        found: usize,
    },
}

impl Known {
    /// Identities to look for, as the case file spells them.
    ///
    /// # Errors
    /// [`KnownError`] when there are too many, or one is too short or too long.
    pub fn new(identities: Vec<String>) -> Result<Self, KnownError> {
        if identities.len() > KNOWN_MAX {
            return Err(KnownError::TooMany {
                found: identities.len(),
            });
        }
        let lengths = identities.iter().map(|identity| identity.trim().chars().count());
        match lengths
            .into_iter()
            .find(|found| !(KNOWN_CHARS_MIN..=KNOWN_CHARS_MAX).contains(found))
        {
            Some(found) => Err(KnownError::Length { found }),
            None => Ok(Self(identities)),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The identities, for whoever hands them on to where the draft is screened.
    #[must_use]
    pub fn into_identities(self) -> Vec<String> {
        self.0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl KnownError {
    /// The same, as what is wrong with a field of input.
    #[must_use]
    pub fn finding(self, path: String) -> Finding {
        let problem = match self {
            Self::TooMany { found } => Problem::Items {
                found,
                min: 0,
                max: KNOWN_MAX,
            },
            Self::Length { found } if found > KNOWN_CHARS_MAX => Problem::TooLong {
                found,
                max: KNOWN_CHARS_MAX,
            },
            Self::Length { found } => Problem::TooShort {
                found,
                min: KNOWN_CHARS_MIN,
            },
        };
        Finding { path, problem }
    }
}

/// What a gemeente lets its gate do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The most characters of one text; a longer one is blocked, not cut.
    pub text_chars_max: usize,
    /// How many people work in each laag. A gemeente that does not say withholds nothing.
    pub headcount: Option<Headcount>,
    /// What the case numbers of this gemeente look like.
    pub case_numbers: CasePatterns,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            text_chars_max: 100_000,
            headcount: None,
            case_numbers: CasePatterns::default(),
        }
    }
}

/// A local record on its way out. It has no way to a log: only [`super::screen`] takes it further.
#[derive(Clone)]
pub struct Draft {
    pub(super) input: Input,
    pub(super) known: Known,
    pub(super) coarse: Coarse,
    pub(super) refrozen: bool,
}

impl Draft {
    /// A draft of a record from the vault.
    #[must_use]
    pub fn new(input: Input, known: Known) -> Self {
        Self {
            input,
            known,
            coarse: Coarse::AsTyped,
            refrozen: false,
        }
    }

    /// The same, to leave so much less exact.
    #[must_use]
    pub fn coarser(mut self, coarse: Coarse) -> Self {
        self.coarse = coarse;
        self
    }

    /// The same; `otherwise` says of an experiment whether it was frozen with other words before, which the others will see.
    #[must_use]
    pub fn refrozen(mut self, otherwise: bool) -> Self {
        self.refrozen = otherwise;
        self
    }
}

// Drafts hold what must never reach a log line or a panic message.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known({} identities)", self.0.len())
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({})", self.input.kind.name())
    }
}
