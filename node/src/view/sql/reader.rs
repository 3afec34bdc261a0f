//! The process that answers questions: one after the other, for the process that started it and nobody else.
//!
//! **Invariant:** it opens the view for reading and nothing else; it ends when nobody asks for a while, and when the process that
//! started it is gone.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::parent_id;
use std::path::Path;
use std::time::Duration;

use super::allowed::Readable;
use super::engine::{Alone, Engine};
use super::frame::{receive, reply};
use crate::view::ViewError;

/// How long it waits for a question before it ends.
const IDLE: Duration = Duration::from_secs(30);
/// How long an answer may take to be taken; who started it takes it at once.
const TAKEN: Duration = Duration::from_secs(10);
/// What SQLite may have here, in MiB: enough to sort a million narrow rows.
const MEMORY_MIB: u32 = 128;

/// Why it ended.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The view cannot be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// Whoever started it cannot be read.
    #[error("cannot read questions: {0}")]
    Io(#[from] io::Error),
}

/// Answers the questions that come over standard input, which is a socket, about these tables of the view in this file, each
/// with its columns.
///
/// # Errors
/// [`ReaderError`].
pub fn serve<'a>(view: &Path, tables: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>) -> Result<(), ReaderError> {
    let stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_write_timeout(Some(TAKEN))?;
    let alone = Alone {
        parent: parent_id(),
        mib: MEMORY_MIB,
    };
    let engine = Engine::open(view, Readable::new(tables), Some(alone))?;
    loop {
        let asked = match receive(&mut &stream) {
            Ok(asked) => serde_json::from_slice(&asked).map_err(io::Error::from)?,
            Err(error) if is_end(&error) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        reply(&mut &stream, engine.answer(&asked))?;
    }
}

/// Whether nobody asks any more.
fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionReset, TimedOut, UnexpectedEof, WouldBlock};
    matches!(error.kind(), ConnectionReset | TimedOut | UnexpectedEof | WouldBlock)
}
