//! Columns, element by element: run-length, delta and boolean encoding.
//!
//! A run is never expanded: asking for one element costs one step, whatever length the run claims, and nobody asks for
//! more elements than a change may have rows. Columns with empty elements are refused, because the documents of this
//! protocol have none (`SPEC.md`, Document).

use super::ChangeError;
use super::input::Input;

/// Something a run-length column is made of.
pub(super) trait Element<'a>: Copy + PartialEq {
    fn read(input: &mut Input<'a>) -> Result<Self, ChangeError>;
}

impl<'a> Element<'a> for u64 {
    fn read(input: &mut Input<'a>) -> Result<Self, ChangeError> {
        input.unsigned()
    }
}

impl<'a> Element<'a> for i64 {
    fn read(input: &mut Input<'a>) -> Result<Self, ChangeError> {
        input.signed()
    }
}

impl<'a> Element<'a> for &'a str {
    fn read(input: &mut Input<'a>) -> Result<Self, ChangeError> {
        let length = input.unsigned()?;
        std::str::from_utf8(input.take(length)?).map_err(|_| ChangeError::Utf8)
    }
}

/// A run-length column: `n > 0` and one element is that element n times; `-n` and n elements are those elements.
///
/// Only the form that automerge writes is read: neighbours are equal within a run and nowhere else, a run has two
/// elements or more, and what is not in a run is in one piece.
#[derive(Debug, Clone)]
pub(super) struct Runs<'a, T> {
    input: Input<'a>,
    left: u64,
    in_run: bool,
    last: Option<T>,
}

impl<'a, T: Element<'a>> Runs<'a, T> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            input: Input::new(bytes),
            left: 0,
            in_run: true,
            last: None,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.left == 0 && self.input.is_empty()
    }

    /// The next element; a column that has none left is too short for its change.
    pub(super) fn next(&mut self) -> Result<T, ChangeError> {
        if self.left == 0 {
            self.begin()?;
        } else if !self.in_run {
            self.read()?;
        }
        self.left -= 1;
        self.last.ok_or(ChangeError::Rows)
    }

    /// Begins a run or a piece without runs, and reads its first element.
    fn begin(&mut self) -> Result<(), ChangeError> {
        if self.input.is_empty() {
            return Err(ChangeError::Rows);
        }
        let count = self.input.signed()?;
        self.in_run = match count {
            0 => return Err(ChangeError::EmptyElement),
            2.. => true,
            ..0 if self.in_run => false,
            _ => return Err(ChangeError::Run),
        };
        self.left = count.unsigned_abs();
        self.read()
    }

    fn read(&mut self) -> Result<(), ChangeError> {
        let element = T::read(&mut self.input)?;
        if self.last == Some(element) {
            return Err(ChangeError::Run);
        }
        self.last = Some(element);
        Ok(())
    }
}

/// A column of numbers, each written as its distance from the one before.
#[derive(Debug, Clone)]
pub(super) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    value: i64,
}

impl<'a> Deltas<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            runs: Runs::new(bytes),
            value: 0,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.runs.is_done()
    }

    pub(super) fn next(&mut self) -> Result<i64, ChangeError> {
        self.value = self.value.checked_add(self.runs.next()?).ok_or(ChangeError::Number)?;
        Ok(self.value)
    }
}

/// A boolean column counts in turns: so many false, so many true, and so on. This checks that it says false `rows`
/// times and nothing else.
pub(super) fn all_false(bytes: &[u8], rows: u64) -> Result<(), ChangeError> {
    let mut input = Input::new(bytes);
    let count = input.unsigned()?;
    if count == rows && input.is_empty() {
        Ok(())
    } else {
        Err(ChangeError::Insert)
    }
}
