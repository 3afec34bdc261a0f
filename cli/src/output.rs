//! Where a command writes, and the only place that touches the terminal.
//!
//! **Invariant:** text of others never steers the terminal: what is shown to a person passes through [`plain`].

use std::io::{self, IsTerminal, Read, Write};

use protocol::api::{Lang, Message};

use crate::command_error::CommandError;
use crate::exit::Exit;

/// The world around a command: what it reads, writes and finds in its environment.
pub struct World<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
    /// A variable of the environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether a person looks at the output.
    pub terminal: bool,
    /// Characters on a line of the terminal, where it says so.
    pub width: Option<usize>,
    /// Whether a person looks at the errors, and so at how far a long command is.
    pub watched: bool,
    /// Whether a person types the input.
    pub typed: bool,
}

/// Runs with the real terminal and environment.
pub fn with_real_world<T>(run: impl FnOnce(&mut World<'_>) -> T) -> T {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    run(&mut World {
        // Not locked: a node watches its standard input from a thread of its own.
        input: &mut io::stdin(),
        output: &mut io::BufWriter::new(io::stdout()),
        errors: &mut io::stderr(),
        variable: &variable,
        terminal: io::stdout().is_terminal(),
        width: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        watched: io::stderr().is_terminal(),
        typed: io::stdin().is_terminal(),
    })
}

/// Where a command writes its answer, and in which form.
pub struct Output<'a> {
    writer: &'a mut dyn Write,
    beside: Option<&'a mut dyn Write>,
    /// The language of messages.
    pub lang: Lang,
    /// Whether a program reads the answer.
    pub json: bool,
    /// Characters on a line, where a person looks on.
    pub width: Option<usize>,
    colour: bool,
}

/// Why writing stopped.
#[derive(Debug)]
pub enum WriteError {
    /// Nobody reads any more; that is no failure.
    Closed,
    /// The answer could not be written.
    Io(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

impl<'a> Output<'a> {
    /// An output in this form.
    pub fn new(writer: &'a mut dyn Write, lang: Lang, json: bool, colour: bool) -> Self {
        Self {
            writer,
            beside: None,
            lang,
            json,
            width: None,
            colour,
        }
    }

    /// The same with so many characters on a line.
    #[must_use]
    pub fn within(self, width: Option<usize>) -> Self {
        Self { width, ..self }
    }

    /// The same with a place for what is said beside the answer.
    #[must_use]
    pub fn with_beside(self, beside: &'a mut dyn Write) -> Self {
        let beside = Some(beside);
        Self { beside, ..self }
    }

    /// Says something to whoever looks on where the answer itself is a file: on standard error, so that it does not get into
    /// the file. A program is told nothing here.
    pub fn say_beside(&mut self, message: &Message) {
        if let Some(beside) = self.beside.as_mut().filter(|_| !self.json) {
            // The answer is what counts; when this cannot be written nobody looks on.
            let _ = writeln!(beside, "{}", message.text(self.lang));
        }
    }

    /// Whether a person looks on, so that a line may be written over. Who wants no markup wants no such line either.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.colour
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.writer
            .write_all(bytes)
            .map_err(|error| WriteError::from(error).into())
    }

    /// Writes one line.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn line(&mut self, line: &str) -> Result<(), Stop> {
        self.bytes(line.as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes one line in the language of the reader.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn say(&mut self, message: &Message) -> Result<(), Stop> {
        let lang = self.lang;
        self.line(message.text(lang))
    }

    /// Writes a heading.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn heading(&mut self, message: &Message) -> Result<(), Stop> {
        let text = bold(message.text(self.lang), self.colour);
        self.line(&text)
    }

    /// Hands over what was written so far.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn flush(&mut self) -> Result<(), Stop> {
        self.writer.flush().map_err(|error| WriteError::from(error).into())
    }
}

/// Why a command stops before its end.
#[derive(Debug)]
pub enum Stop {
    /// It failed.
    Failed(Box<CommandError>),
    /// Nobody reads its answer any more.
    Closed,
}

impl From<CommandError> for Stop {
    fn from(error: CommandError) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Closed => Self::Closed,
            WriteError::Io(source) => CommandError::new(
                Exit::Internal,
                Message::with(
                    format!("het antwoord kon niet worden geschreven: {source}"),
                    format!("the answer could not be written: {source}"),
                ),
            )
            .hinting(Message::new("is de schijf vol?", "is the disk full?"))
            .caused_by(source)
            .into(),
        }
    }
}

/// Text as it may be shown: on one line, and without characters that steer a terminal or turn the reading
/// direction around.
#[must_use]
pub fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}

/// Text that stands out, when the terminal can show it.
#[must_use]
pub fn bold(text: &str, colour: bool) -> String {
    if colour {
        format!("\u{1b}[1m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
