//! What `review` showed to this user: the only thing that `approve` approves.
//!
//! The node knows one account, that of its token; who looked at what only the machine of the person knows. So `review`
//! keeps the names of the contents it showed in a file of the user, and `approve` hands the node the name of what is
//! approved. The file holds hashes only: no text, no ids.
//!
//! **Invariant:** only what was printed is remembered, and only after it was printed.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use protocol::api::Message;
use protocol::id::Content;

use crate::command_error::CommandError;
use crate::exit::Exit;

/// Contents that are remembered; the oldest go first.
const REMEMBERED_MAX: usize = 20_000;
/// Longest file that is read: what fits in it, each on its own line.
const FILE_BYTES_MAX: u64 = (REMEMBERED_MAX * (Content::LEN * 2 + 1)) as u64;

/// The file of this user with what was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    path: Option<PathBuf>,
}

impl Shown {
    /// The file of the user with this environment.
    #[must_use]
    pub fn of(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let home = || variable("HOME").map(|home| PathBuf::from(home).join(".local/state"));
        let state = variable("XDG_STATE_HOME").map(PathBuf::from).or_else(home);
        Self {
            path: state.map(|state| state.join("leerkring").join("bekeken")),
        }
    }

    /// Everything that was shown.
    ///
    /// # Errors
    /// [`CommandError`] when the file cannot be read.
    pub fn read(&self) -> Result<BTreeSet<Content>, CommandError> {
        Ok(self.lines()?.into_iter().collect())
    }

    /// Remembers what has just been shown.
    ///
    /// # Errors
    /// [`CommandError`] when the file cannot be written: what was shown cannot be approved then.
    pub fn add(&self, contents: impl IntoIterator<Item = Content>) -> Result<(), CommandError> {
        let mut added = contents.into_iter().peekable();
        if added.peek().is_none() {
            return Ok(());
        }
        let mut lines = self.lines()?;
        let known: BTreeSet<_> = lines.iter().copied().collect();
        lines.extend(added.filter(|content| !known.contains(content)));
        let oldest = lines.len().saturating_sub(REMEMBERED_MAX);
        let text: String = lines[oldest..].iter().map(|content| format!("{content}\n")).collect();
        let path = self.path()?;
        write(path, &text).map_err(|error| {
            CommandError::of_file(path, error).hinting(Message::new(
                "daar staat wat u bekeken hebt; zet XDG_STATE_HOME op een map waarin u mag schrijven",
                "what was shown to you stands there; set XDG_STATE_HOME to a folder in which you may write",
            ))
        })
    }

    /// In the order in which they were shown. A line of another form is of a newer version, or of nobody: it counts for
    /// nothing.
    fn lines(&self) -> Result<Vec<Content>, CommandError> {
        let path = self.path()?;
        let mut text = String::new();
        let read = fs::File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_string(&mut text));
        match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(CommandError::of_file(path, error)),
            Ok(_) => Ok(text.lines().filter_map(|line| line.parse().ok()).collect()),
        }
    }

    fn path(&self) -> Result<&PathBuf, CommandError> {
        self.path.as_ref().ok_or_else(|| {
            CommandError::new(
                Exit::Usage,
                Message::new(
                    "er is geen plaats om te onthouden wat u bekeken hebt",
                    "there is no place to remember what was shown to you",
                ),
            )
            .hinting(Message::new("zet HOME of XDG_STATE_HOME", "set HOME or XDG_STATE_HOME"))
        })
    }
}

/// Puts the file in place as a whole: half of it would be half a memory.
fn write(path: &PathBuf, text: &str) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let begun = path.with_extension(std::process::id().to_string());
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&begun)?;
    file.write_all(text.as_bytes())?;
    fs::rename(begun, path)
}
