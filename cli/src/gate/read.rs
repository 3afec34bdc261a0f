//! Texts and lines in, with bounds, and an error that says where.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use protocol::api::Message;
use protocol::gate::Known;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::json;

/// A character has at most four bytes; one more, so that a text that is too long is seen to be so.
const TEXT_BYTES_MAX: u64 = 4 * super::TEXT_CHARS_MAX as u64 + 4;
/// JSON may write a character in six bytes, or twelve; the rest is the id and the labels.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// One text. What is longer than the gate reads is cut here, one character too late: the gate blocks it.
pub(super) fn text(file: &Path, input: &mut dyn Read) -> Result<String, CommandError> {
    let mut bytes = Vec::new();
    let failed = |error| CommandError::of_file(file, error);
    let (mut reader, _) = open(file, input)?;
    let mut bounded = (&mut reader).take(TEXT_BYTES_MAX);
    bounded.read_to_end(&mut bytes).map_err(failed)?;
    let cut = bytes.len() as u64 == TEXT_BYTES_MAX;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        // The cut may go through a character.
        Err(error) if cut && error.utf8_error().error_len().is_none() => {
            let whole = error.utf8_error().valid_up_to();
            Ok(String::from_utf8_lossy(&error.as_bytes()[..whole]).into_owned())
        }
        Err(error) => Err(no_text(file, error.utf8_error().valid_up_to())),
    }
}

/// The file is no text from this byte on.
pub(crate) fn no_text(file: &Path, at: usize) -> CommandError {
    let shown = file.display();
    let message = Message::with(
        format!("{shown} is geen tekst in UTF-8 (byte {at})"),
        format!("{shown} is no text in UTF-8 (byte {at})"),
    );
    CommandError::new(Exit::Input, message).hinting(Message::new(
        "bewaar het als gewone tekst (UTF-8); een Word- of PDF-bestand leest de poort niet",
        "save it as plain text (UTF-8); the gate reads no Word or PDF file",
    ))
}

/// Identities of the case, one per line.
pub(crate) fn known(file: &Path) -> Result<Known, CommandError> {
    let text = text(file, &mut io::empty())?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Known::new(lines.map(str::to_owned).collect()).map_err(|error| {
        let shown = file.display();
        let message = Message::with(
            format!("{shown}: hooguit 100 gegevens, een per regel, elk van 2 tot 200 tekens"),
            format!("{shown}: {error}"),
        );
        CommandError::new(Exit::Input, message).caused_by(error)
    })
}

fn open<'a>(file: &Path, input: &'a mut dyn Read) -> Result<(Box<dyn Read + 'a>, Option<u64>), CommandError> {
    if file == Path::new("-") {
        return Ok((Box::new(input), None));
    }
    let failed = |error| CommandError::of_file(file, error);
    let opened = File::open(file).map_err(failed)?;
    let total = opened.metadata().map_err(failed)?.len();
    Ok((Box::new(opened), Some(total)))
}

/// The lines of a file, one at a time.
pub(super) struct Lines<'a> {
    file: &'a Path,
    reader: BufReader<Box<dyn Read + 'a>>,
    /// How many bytes the file has.
    pub(super) total: Option<u64>,
    /// How many of them are read.
    pub(super) bytes: u64,
    /// How many lines are read.
    pub(super) number: u64,
    /// The last of them, as far as it was read.
    line: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn open(file: &'a Path, input: &'a mut dyn Read) -> Result<Self, CommandError> {
        let (reader, total) = open(file, input)?;
        Ok(Self {
            file,
            reader: BufReader::new(reader),
            total,
            bytes: 0,
            number: 0,
            line: Vec::new(),
        })
    }

    /// The next line that holds something, read as JSON, for whoever goes on with no other when it is wrong.
    pub(super) fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, CommandError> {
        let line = self.next_or_wrong()?;
        line.transpose().map_err(|why| self.wrong(&why))
    }

    /// The next line that holds something, read as JSON, or what is wrong with it.
    pub(super) fn next_or_wrong<T: DeserializeOwned>(&mut self) -> Result<Option<Result<T, Message>>, CommandError> {
        loop {
            self.line.clear();
            let mut bounded = (&mut self.reader).take(LINE_BYTES_MAX + 1);
            let read = bounded.read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| CommandError::of_file(self.file, error))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.bytes += read as u64;
            if self.line.len() as u64 > LINE_BYTES_MAX {
                self.skip().map_err(|error| CommandError::of_file(self.file, error))?;
                return Ok(Some(Err(Message::with(
                    format!("langer dan {LINE_BYTES_MAX} bytes"),
                    format!("longer than {LINE_BYTES_MAX} bytes"),
                ))));
            }
            if self.line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(Some(self.parsed()));
            }
        }
    }

    /// Reads on to the end of a line that is not kept.
    fn skip(&mut self) -> io::Result<()> {
        while self.line.last() != Some(&b'\n') {
            self.line.clear();
            let read = (&mut self.reader)
                .take(LINE_BYTES_MAX)
                .read_until(b'\n', &mut self.line)?;
            self.bytes += read as u64;
            if read == 0 {
                break;
            }
        }
        self.line.clear();
        Ok(())
    }

    fn parsed<T: DeserializeOwned>(&self) -> Result<T, Message> {
        let text = std::str::from_utf8(&self.line);
        let text = text.map_err(|_| Message::new("geen tekst in UTF-8", "no text in UTF-8"))?;
        serde_json::from_str(text).map_err(|error| json::fault(&error))
    }

    /// What the last line says of itself, when it is JSON at least.
    pub(super) fn id(&self) -> Value {
        let line: Option<Value> = serde_json::from_slice(&self.line).ok();
        line.and_then(|line| line.get("id").cloned()).unwrap_or_default()
    }

    /// What is wrong with the line that was read last.
    pub(super) fn wrong(&self, why: &Message) -> CommandError {
        let (shown, number) = (self.file.display(), self.number);
        let message = Message::with(
            format!("{shown}, regel {number}: {}", why.nl),
            format!("{shown}, line {number}: {}", why.en),
        );
        CommandError::new(Exit::Input, message).hinting(Message::new(
            "elke regel is een JSON-object met id en text",
            "every line is a JSON object with id and text",
        ))
    }
}
