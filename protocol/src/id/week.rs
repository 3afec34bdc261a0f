//! ISO weeks and quarters: the only dates a shared record knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ParseIdError;

/// An ISO 8601 week, `2025-W06`. Years 2000 to 2199.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    year: u16,
    week: u8,
}

/// A calendar quarter, `2025-Q2`. Years 2000 to 2199.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: u16,
    quarter: u8,
}

impl Week {
    /// The ISO week of a year.
    ///
    /// # Errors
    /// [`ParseIdError::Range`] for a year outside 2000 to 2199 or a week the year does not have.
    pub fn new(year: u16, week: u8) -> Result<Self, ParseIdError> {
        let known = (2000..2200).contains(&year) && (1..=weeks_in(year)).contains(&week);
        if known {
            Ok(Self { year, week })
        } else {
            Err(ParseIdError::Range {
                text: format!("{year}-W{week:02}"),
            })
        }
    }

    /// The week that holds this instant, counted in seconds since 1970-01-01 UTC; clamped to 2000-2199.
    #[must_use]
    pub fn at(unix_seconds: u64) -> Self {
        let days = i64::try_from(unix_seconds / 86_400).unwrap_or(i64::MAX / 2);
        // Day 0 was a Thursday; a week runs from Monday, three days earlier.
        Self::from_index((days + 3).div_euclid(7))
    }

    /// ISO year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Week of the ISO year, 1 to 53.
    #[must_use]
    pub fn week(self) -> u8 {
        self.week
    }

    /// Weeks since the week of 1970-01-01 (a Thursday): the distance of two weeks is the difference.
    #[must_use]
    pub fn index(self) -> i64 {
        first_thursday(self.year).div_euclid(7) + i64::from(self.week) - 1
    }

    /// This week and `weeks` more, clamped to 2000-2199.
    #[must_use]
    pub fn plus(self, weeks: i64) -> Self {
        Self::from_index(self.index().saturating_add(weeks))
    }

    /// The calendar quarter that holds the Thursday of this week.
    #[must_use]
    pub fn quarter(self) -> Quarter {
        let day_of_year = first_thursday(self.year) + i64::from(self.week - 1) * 7 - jan_first(self.year);
        let ends = if is_leap(self.year) {
            [91, 182, 274]
        } else {
            [90, 181, 273]
        };
        let quarter = ends.iter().filter(|end| day_of_year >= **end).count();
        Quarter {
            year: self.year,
            quarter: u8::try_from(quarter).unwrap_or(3) + 1,
        }
    }

    /// The first week of the quarter that holds this week.
    #[must_use]
    pub fn quarter_start(self) -> Self {
        let before =
            |week: &Self| Some(week.plus(-1)).filter(|before| before < week && before.quarter() == self.quarter());
        std::iter::successors(Some(self), before).last().unwrap_or(self)
    }

    fn from_index(index: i64) -> Self {
        let index = index.clamp(
            Self { year: 2000, week: 1 }.index(),
            Self { year: 2199, week: 52 }.index(),
        );
        let guess = u16::try_from(1970 + index * 7 / 366).unwrap_or(2000).clamp(2000, 2199);
        let year = (guess..=2199)
            .take_while(|year| first_thursday(*year).div_euclid(7) <= index)
            .last();
        let year = year.unwrap_or(2000);
        let week = index - first_thursday(year).div_euclid(7) + 1;
        Self {
            year,
            week: u8::try_from(week).unwrap_or(1),
        }
    }
}

impl Quarter {
    /// A quarter of a year, 1 to 4.
    ///
    /// # Errors
    /// [`ParseIdError::Range`] for a year outside 2000 to 2199 or a quarter outside 1 to 4.
    pub fn new(year: u16, quarter: u8) -> Result<Self, ParseIdError> {
        let known = (2000..2200).contains(&year) && (1..=4).contains(&quarter);
        if known {
            Ok(Self { year, quarter })
        } else {
            Err(ParseIdError::Range {
                text: format!("{year}-Q{quarter}"),
            })
        }
    }

    /// Quarters since the first of year 0: the distance of two quarters is the difference.
    #[must_use]
    pub fn index(self) -> i64 {
        i64::from(self.year) * 4 + i64::from(self.quarter) - 1
    }

    /// The last week that belongs to it, the 53rd of a year included.
    #[must_use]
    pub fn last_week(self) -> Week {
        let well_within = Week {
            year: self.year,
            week: self.quarter * 13 - 2,
        };
        let next = |week: &Week| Some(week.plus(1)).filter(|next| next > week && next.quarter() == self);
        std::iter::successors(Some(well_within), next)
            .last()
            .unwrap_or(well_within)
    }
}

/// Days from 1970-01-01 to 1 January of `year`.
fn jan_first(year: u16) -> i64 {
    let before = i64::from(year) - 1;
    before * 365 + before / 4 - before / 100 + before / 400 - 719_162
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The Thursday of ISO week 1 is the first Thursday of the year; this is that Thursday, in days since the
/// epoch (itself a Thursday), so that dividing by seven gives a week index.
fn first_thursday(year: u16) -> i64 {
    let jan_first = jan_first(year);
    jan_first + (7 - jan_first.rem_euclid(7)) % 7
}

fn weeks_in(year: u16) -> u8 {
    u8::try_from((first_thursday(year + 1) - first_thursday(year)) / 7).unwrap_or(52)
}

fn split(text: &str, mark: char, digits: usize) -> Result<(u16, u8), ParseIdError> {
    let expected = 6 + digits;
    let found = text.chars().take(64).count();
    if found != expected {
        return Err(ParseIdError::Length { expected, found });
    }
    let wrong = text.chars().enumerate().find(|(at, c)| match at {
        4 => *c != '-',
        5 => *c != mark,
        _ => !c.is_ascii_digit(),
    });
    if let Some((at, found)) = wrong {
        return Err(ParseIdError::Character { found, at });
    }
    let range = |_| ParseIdError::Range { text: text.to_owned() };
    Ok((text[..4].parse().map_err(range)?, text[6..].parse().map_err(range)?))
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-W{:02}", self.year, self.week)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.quarter)
    }
}

impl FromStr for Week {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (year, week) = split(text, 'W', 2)?;
        Self::new(year, week)
    }
}

impl FromStr for Quarter {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (year, quarter) = split(text, 'Q', 1)?;
        Self::new(year, quarter)
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(Week);
as_text!(Quarter);
