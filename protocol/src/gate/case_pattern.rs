//! What the case numbers of a gemeente look like: `Z/##/######`. Written by whoever sets up the node, so small enough to be
//! read at a glance, and safe whatever is written.

use super::text::Plain;

/// The most characters of a pattern, and the fewest that tell a number from a word.
const CHARS_MAX: usize = 32;
const CHARS_MIN: usize = 4;
/// Fewer digits would mask half of what is written.
const DIGITS_MIN: usize = 3;
/// `*` stands for at most so many digits.
const MORE_MAX: usize = 12;
/// The most patterns of one gemeente.
const PATTERNS_MAX: usize = 4;

/// One pattern: `#` is a digit, `@` a letter, `*` any digits more; all else is itself, in any letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CasePattern {
    signs: [u8; CHARS_MAX],
    length: usize,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CasePatternError {
    /// Too short to tell anything, or too long.
    #[error("a case number has {CHARS_MIN} to {CHARS_MAX} characters, found {found}")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// It would find words and amounts.
    #[error("a case number has at least {DIGITS_MIN} digits (#), found {found}")]
    Digits {
        /// How many there are.
        found: usize,
    },
    /// Something that no number has.
    #[error("a case number holds letters, digits, # @ * and - / . _ and single spaces, not {found:?}")]
    Character {
        /// What was found.
        found: char,
    },
    /// More patterns than one gemeente has.
    #[error("at most {PATTERNS_MAX} case numbers")]
    TooMany,
}

impl CasePattern {
    /// The pattern that is written like this.
    ///
    /// # Errors
    /// [`CasePatternError`] when it is too short or long, finds too much, or holds another character.
    pub fn new(written: &str) -> Result<Self, CasePatternError> {
        let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '#' | '@' | '*' | '-' | '/' | '.' | '_' | ' ');
        if let Some(found) = written.chars().find(|c| !known(c)) {
            return Err(CasePatternError::Character { found });
        }
        let length = written.len();
        if !(CHARS_MIN..=CHARS_MAX).contains(&length) {
            return Err(CasePatternError::Length { found: length });
        }
        let digits = written.chars().filter(|c| *c == '#' || c.is_ascii_digit()).count();
        if digits < DIGITS_MIN {
            return Err(CasePatternError::Digits { found: digits });
        }
        let mut signs = [0; CHARS_MAX];
        signs[..length].copy_from_slice(written.to_ascii_lowercase().as_bytes());
        Ok(Self { signs, length })
    }

    /// Where the number that begins here ends.
    pub(super) fn end(&self, text: &Plain, start: usize) -> Option<usize> {
        let mut at = start;
        for sign in &self.signs[..self.length] {
            if *sign == b'*' {
                let more = text.low()[at..].iter().take(MORE_MAX);
                at += more.take_while(|c| c.is_ascii_digit()).count();
                continue;
            }
            let here = *text.low().get(at)?;
            let fits = match sign {
                b'#' => here.is_ascii_digit(),
                b'@' => here.is_alphabetic(),
                sign => here == char::from(*sign),
            };
            if !fits {
                return None;
            }
            at += 1;
        }
        text.ends(at).then_some(at)
    }
}

/// The patterns of one gemeente.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CasePatterns([Option<CasePattern>; PATTERNS_MAX]);

impl CasePatterns {
    /// The patterns that are written like this.
    ///
    /// # Errors
    /// [`CasePatternError`] of the first that cannot be used, or when there are too many.
    pub fn new<'a>(written: impl IntoIterator<Item = &'a str>) -> Result<Self, CasePatternError> {
        let mut patterns = Self::default();
        for (nth, written) in written.into_iter().enumerate() {
            let place = patterns.0.get_mut(nth).ok_or(CasePatternError::TooMany)?;
            *place = Some(CasePattern::new(written)?);
        }
        Ok(patterns)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &CasePattern> {
        self.0.iter().flatten()
    }
}
