//! Reading every own log of a directory back, at the start of a node.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use protocol::id::LogId;
use protocol::log::Entry;

use super::frame::{self, Found};
use super::{OwnLogError, read_body};
use crate::store::DocumentKeys;

/// What the own logs of a directory hold.
#[derive(Debug, Default)]
pub struct OwnEntries {
    /// The entries of each log, in the order they were written; logs in order of id.
    pub logs: Vec<(LogId, Vec<Entry>)>,
    /// Ends that a crash left and that were cut off: nothing in them was ever acknowledged.
    pub torn: Vec<Torn>,
}

/// An end of a file that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// The file.
    pub path: PathBuf,
    /// Where it ends now.
    pub offset: u64,
    /// Bytes that were cut off.
    pub bytes: u64,
}

/// Reads every own log in a directory. The payload of a forgotten document comes back erased.
///
/// # Errors
/// [`OwnLogError::Io`], [`OwnLogError::Damaged`], [`OwnLogError::Keys`].
pub fn read_own_logs(dir: &Path, keys: &DocumentKeys) -> Result<OwnEntries, OwnLogError> {
    let mut found = OwnEntries::default();
    for (log, path) in files(dir)? {
        let entries = read_file(&path, log, keys, &mut found.torn)?;
        found.logs.push((log, entries));
    }
    Ok(found)
}

/// The files named after a log, in order of it; a directory that is not there yet has none.
fn files(dir: &Path) -> Result<Vec<(LogId, PathBuf)>, OwnLogError> {
    let failed = |source| OwnLogError::Io {
        path: dir.to_path_buf(),
        source,
    };
    let mut files = Vec::new();
    let found = match fs::read_dir(dir) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(failed(error)),
    };
    for file in found {
        let path = file.map_err(failed)?.path();
        let log = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_suffix(".log"));
        if let Some(log) = log.and_then(|log| log.parse().ok()) {
            files.push((log, path));
        }
    }
    files.sort();
    Ok(files)
}

fn read_file(path: &Path, log: LogId, keys: &DocumentKeys, torn: &mut Vec<Torn>) -> Result<Vec<Entry>, OwnLogError> {
    let failed = |source| OwnLogError::Io {
        path: path.to_path_buf(),
        source,
    };
    let damaged = |offset: usize, detail: String| OwnLogError::Damaged {
        path: path.to_path_buf(),
        offset: offset as u64,
        detail,
    };
    let bytes = fs::read(path).map_err(failed)?;
    let mut entries = Vec::new();
    let mut offset = 0;
    loop {
        match frame::read(log, entries.len() as u64, &bytes, offset) {
            Found::Frame(body, next) => {
                let entry = read_body(log, body, keys);
                entries.push(entry.map_err(|error| damaged(offset, error.to_string()))?);
                offset = next;
            }
            Found::End => return Ok(entries),
            Found::Damaged(detail) => return Err(damaged(offset, detail.to_owned())),
            Found::Torn => {
                cut(path, offset as u64).map_err(failed)?;
                torn.push(Torn {
                    path: path.to_path_buf(),
                    offset: offset as u64,
                    bytes: (bytes.len() - offset) as u64,
                });
                return Ok(entries);
            }
        }
    }
}

fn cut(path: &Path, length: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(length)?;
    file.sync_all()
}
