//! Whether the file of the view is, to the last bit, what the node left when it stopped.
//!
//! SQLite knows whether its pages hang together and not whether a text in one of them is what was written. So the hash of the
//! file is kept beside it when the node stops well, and what is another file at the next start is made anew. A node that was
//! killed leaves none; then only what SQLite itself looks at is looked at.
//!
//! **Invariant:** the hash is there only while nobody may write the file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What a view of which a row was found damaged has in place of a hash; no file has it.
const DAMAGED: &str = "damaged";

/// What the hash beside a view says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// It is what was left.
    Same,
    /// It is not.
    Other,
    /// Nothing was left to compare it with.
    Unknown,
}

fn mark(view: &Path) -> PathBuf {
    view.with_extension("whole")
}

fn hash(view: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(view)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Keeps the hash of a view that nobody writes any more, unless a row of it was found damaged.
pub(super) fn keep(view: &Path) -> io::Result<()> {
    put(view, &hash(view)?)
}

/// Has the view made anew at the next start.
pub(super) fn condemn(view: &Path) -> io::Result<()> {
    put(view, DAMAGED)
}

fn put(view: &Path, text: &str) -> io::Result<()> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(mark(view));
    match made {
        // What was said first stands: a hash that is kept now would be that of a damaged file.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made?.write_all(text.as_bytes()),
    }
}

/// Compares a view with what was left, once: from here on it may be written.
pub(super) fn take(view: &Path) -> io::Result<Whole> {
    let mark = mark(view);
    let whole = match fs::read_to_string(&mark) {
        Ok(kept) if kept == hash(view).unwrap_or_default() => Whole::Same,
        Ok(_) => Whole::Other,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Whole::Unknown),
        // A flipped bit may have made it no text.
        Err(_) => Whole::Other,
    };
    fs::remove_file(&mark)?;
    Ok(whole)
}
