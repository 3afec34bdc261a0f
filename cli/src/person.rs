//! Whoever sits at the terminal, and what they answer.
//!
//! **Invariant:** where nobody sits nothing is asked, and nothing is taken for a yes: what a person has to say is then given
//! with the command.

use std::io::Read;

use protocol::api::Message;

use crate::output::{Output, Stop, WriteError};

/// Longest answer that is read.
const ANSWER_BYTES_MAX: usize = 256;

/// Standard input, and whether somebody types there and reads what is asked.
pub struct Person<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    sits: bool,
}

impl<'a> Person<'a> {
    /// Somebody, or nobody.
    pub fn new(input: &'a mut dyn Read, sits: bool) -> Self {
        Self { input, sits }
    }

    /// The answer to a question, without the spaces around it; nothing when nobody can answer.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more, or reading or writing fails.
    pub fn ask(&mut self, question: &Message, output: &mut Output<'_>) -> Result<Option<String>, Stop> {
        if !self.sits || output.json {
            return Ok(None);
        }
        let lang = output.lang;
        output.bytes(question.text(lang).as_bytes())?;
        output.bytes(b" ")?;
        output.flush()?;
        let (mut answer, mut byte) = (Vec::new(), [0]);
        while self.input.read(&mut byte).map_err(WriteError::from)? > 0 && byte[0] != b'\n' {
            // The rest of a line that is too long is read, and is no answer to the next question.
            if answer.len() < ANSWER_BYTES_MAX {
                answer.push(byte[0]);
            }
        }
        Ok(Some(String::from_utf8_lossy(&answer).trim().to_owned()))
    }

    /// Whether the answer to a question is yes; nothing when nobody can answer.
    ///
    /// # Errors
    /// As [`Person::ask`].
    pub fn agrees(&mut self, question: &Message, output: &mut Output<'_>) -> Result<Option<bool>, Stop> {
        Ok(self.ask(question, output)?.map(|answer| is_yes(&answer)))
    }
}

/// Whether an answer is a plain no, or none, in either language.
#[must_use]
pub fn is_no(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "" | "n" | "nee" | "no")
}

/// Whether an answer is a plain yes, in either language.
#[must_use]
pub fn is_yes(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "ja" | "yes")
}
