//! The CBS code of a gemeente.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ParseIdError;

/// A gemeente by its CBS code: `GM` and four digits. Whether a gemeente with that code exists is a question
/// of the member list, not of this type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gemeente(u16);

impl Gemeente {
    /// The gemeente with this number, 0 to 9999.
    ///
    /// # Errors
    /// [`ParseIdError::Range`] above 9999.
    pub fn new(number: u16) -> Result<Self, ParseIdError> {
        if number > 9999 {
            return Err(ParseIdError::Range {
                text: number.to_string(),
            });
        }
        Ok(Self(number))
    }

    /// The number of the code.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Gemeente {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GM{:04}", self.0)
    }
}

impl fmt::Debug for Gemeente {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Gemeente {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let found = text.chars().take(64).count();
        if found != 6 {
            return Err(ParseIdError::Length { expected: 6, found });
        }
        let wrong = text.chars().enumerate().find(|(at, c)| match at {
            0 => *c != 'G',
            1 => *c != 'M',
            _ => !c.is_ascii_digit(),
        });
        if let Some((at, found)) = wrong {
            return Err(ParseIdError::Character { found, at });
        }
        let number = text[2..]
            .parse()
            .map_err(|_| ParseIdError::Range { text: text.to_owned() })?;
        Self::new(number)
    }
}

impl Serialize for Gemeente {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Gemeente {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
