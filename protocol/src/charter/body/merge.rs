//! Gemeenten that become one.

use super::super::StatementError;
use super::super::member::exact;
use super::read_gemeente;
use crate::id::Gemeente;
use crate::wire::{Reader, Writer};

/// Most mergers one edition can name.
const MERGES_MAX: usize = 512;

/// A gemeente goes on as another one, which may change and take back the documents of the first. What is there keeps
/// its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// The gemeente that is no more.
    pub from: Gemeente,
    /// The one it became part of.
    pub to: Gemeente,
    /// When, for whoever reads it: what counts follows from the edition.
    pub date: Day,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// A day that exists.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Mergers: a count, then per merger both codes, year, month and day.
pub(in super::super) fn write_merges(merges: &[Merge]) -> Vec<u8> {
    let mut out = Writer::new();
    out.number(merges.len() as u64);
    for Merge { from, to, date } in merges {
        out.u16(from.number()).u16(to.number());
        out.u16(date.year).u8(date.month).u8(date.day);
    }
    out.finish()
}

pub(in super::super) fn read_merges(bytes: &[u8]) -> Result<Vec<Merge>, StatementError> {
    let what = "merger";
    let mut input = Reader::new(bytes);
    let count = input.count("number of mergers", MERGES_MAX)?;
    let merges = (0..count).map(|_| {
        let from = read_gemeente(what, input.take(what, 2)?)?;
        let to = read_gemeente(what, input.take(what, 2)?)?;
        let year = u16::from_be_bytes(exact(what, input.take(what, 2)?)?);
        let date = Day::new(year, input.u8(what)?, input.u8(what)?);
        let date = date.ok_or(StatementError::Content("no such day"))?;
        Ok(Merge { from, to, date })
    });
    let merges = merges.collect::<Result<Vec<_>, StatementError>>()?;
    input.end()?;
    Ok(merges)
}
