//! What the node tells, line by line, and a row as COPY takes it.
//!
//! **Invariant:** one line is held at a time.

use std::fmt::Write;
use std::io::{self, BufRead, BufReader, Read};

use protocol::api::{Message, Wijzigingsregel};
use serde_json::Value;

use crate::command_error::CommandError;
use crate::exit::Exit;

/// Longest line: the names of the records of a batch, or a row.
const LINE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A line.
#[derive(Debug)]
pub(super) enum Line {
    /// What follows.
    Says(Wijzigingsregel),
    /// The values of a row.
    Row(Vec<Value>),
}

/// The lines.
pub(super) struct Feed<R> {
    reader: BufReader<R>,
    bytes: Vec<u8>,
    /// A line that was looked at and is still to come.
    ahead: Option<Line>,
    /// How much was read.
    pub(super) read: u64,
}

impl<R: Read> Feed<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader: BufReader::new(reader),
            bytes: Vec::new(),
            ahead: None,
            read: 0,
        }
    }

    /// The next line. There is always one until the end was told.
    pub(super) fn line(&mut self) -> Result<Line, CommandError> {
        if let Some(line) = self.ahead.take() {
            return Ok(line);
        }
        self.bytes.clear();
        let read = (&mut self.reader)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut self.bytes);
        self.read += read.map_err(broke_off)? as u64;
        if self.bytes.pop() != Some(b'\n') {
            return Err(broke_off(io::ErrorKind::UnexpectedEof.into()));
        }
        let parsed = match self.bytes.first() {
            Some(b'[') => serde_json::from_slice(&self.bytes).map(Line::Row),
            _ => serde_json::from_slice(&self.bytes).map(Line::Says),
        };
        parsed.map_err(|error| strange(&error.to_string()))
    }

    /// The next line, which is still to come.
    pub(super) fn peek(&mut self) -> Result<&Line, CommandError> {
        let line = self.line()?;
        Ok(self.ahead.insert(line))
    }

    /// The next row; nothing when something else follows.
    pub(super) fn row(&mut self) -> Result<Option<Vec<Value>>, CommandError> {
        match self.line()? {
            Line::Row(values) => Ok(Some(values)),
            other => {
                self.ahead = Some(other);
                Ok(None)
            }
        }
    }
}

/// Writes a row as the text form of COPY has it. PostgreSQL takes no NUL in a text: it becomes U+FFFD, as where something could
/// not be read.
pub(super) fn copied(values: &[Value], out: &mut String) {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        match value {
            Value::Null => out.push_str("\\N"),
            Value::Bool(flag) => out.push(if *flag { 't' } else { 'f' }),
            Value::String(text) => escaped(text, out),
            other => {
                // Writing to a text does not fail.
                let _ = write!(out, "{other}");
            }
        }
    }
    out.push('\n');
}

fn escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\0' => out.push(char::REPLACEMENT_CHARACTER),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
}

/// The node says something that does not fit.
pub(super) fn strange(what: &str) -> CommandError {
    CommandError::new(
        Exit::Internal,
        Message::with(
            format!("de node vertelt de spiegel iets onverwachts: {what}"),
            format!("the node tells the mirror something unexpected: {what}"),
        ),
    )
    .hinting(Message::new(
        "is de node van een andere versie? vergelijk leerkring --version met leerkring status",
        "is the node of another version? compare leerkring --version with leerkring status",
    ))
}

fn broke_off(error: io::Error) -> CommandError {
    CommandError::new(
        Exit::Unreachable,
        Message::new(
            "wat de node vertelt brak halverwege af",
            "what the node tells broke off halfway",
        ),
    )
    .hinting(Message::new(
        "probeer het opnieuw; het logboek van de node zegt waarom",
        "try again; the log of the node says why",
    ))
    .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_as_copy_reads_it() {
        let row = serde_json::json!([
            null,
            true,
            false,
            -3,
            4.25,
            "a\tb\\N\r\n",
            "",
            "\u{0}nul 😀 עברית \u{202e}om"
        ]);
        let mut out = String::new();
        copied(row.as_array().unwrap(), &mut out);
        assert_eq!(
            out,
            "\\N\tt\tf\t-3\t4.25\ta\\tb\\\\N\\r\\n\t\t\u{fffd}nul 😀 עברית \u{202e}om\n"
        );
    }

    #[test]
    fn lines_without_an_end_and_of_another_kind_are_refused() {
        let end = r#"{"einde":{"merk":"m","snapshot":null,"klaar":true}}"#;
        let text = format!("[1]\n{end}\n[2");
        let mut feed = Feed::new(text.as_bytes());
        assert_eq!(feed.row().unwrap(), Some(vec![Value::from(1)]));
        assert_eq!(feed.row().unwrap(), None);
        assert!(matches!(feed.line(), Ok(Line::Says(Wijzigingsregel::Einde(_)))));
        assert_eq!(feed.line().unwrap_err().exit, Exit::Unreachable);
        assert_eq!(
            Feed::new(&b"{\"iets\":1}\n"[..]).line().unwrap_err().exit,
            Exit::Internal
        );
    }
}
