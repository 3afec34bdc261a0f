//! Reading own logs back: at the start of a node, which cuts off what a crash left, and to look at them only.

use std::collections::BTreeSet;
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

/// One own-log file as it stands.
#[derive(Debug)]
pub struct OwnFile {
    /// The log.
    pub log: LogId,
    /// The file.
    pub path: PathBuf,
    /// Its entries, as far as they can be read.
    pub entries: Vec<Entry>,
    /// What stands behind them.
    pub end: OwnEnd,
}

/// What stands behind the last entry of an own log that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnEnd {
    /// The end of the file.
    Whole,
    /// An end that a crash left: nothing in it was ever acknowledged.
    Torn {
        /// Where it begins.
        offset: u64,
        /// Its length.
        bytes: u64,
    },
    /// Anything else.
    Damaged {
        /// Where it begins.
        offset: u64,
        /// What is wrong there.
        detail: String,
    },
}

/// Reads every own log in a directory and cuts off what a crash left. The payload of a forgotten document comes back
/// erased.
///
/// # Errors
/// [`OwnLogError::Io`], [`OwnLogError::Damaged`], [`OwnLogError::Keys`].
pub fn read_own_logs(dir: &Path, keys: &DocumentKeys) -> Result<OwnEntries, OwnLogError> {
    let mut found = OwnEntries::default();
    for OwnFile {
        log,
        path,
        entries,
        end,
    } in survey_own_logs(dir, keys)?
    {
        match end {
            OwnEnd::Whole => {}
            OwnEnd::Damaged { offset, detail } => return Err(OwnLogError::Damaged { path, offset, detail }),
            OwnEnd::Torn { offset, bytes } => {
                cut_own_log(&path, offset).map_err(|source| OwnLogError::Io {
                    path: path.clone(),
                    source,
                })?;
                found.torn.push(Torn { path, offset, bytes });
            }
        }
        found.logs.push((log, entries));
    }
    Ok(found)
}

/// Reads every own log in a directory and changes nothing.
///
/// # Errors
/// [`OwnLogError::Io`].
pub fn survey_own_logs(dir: &Path, keys: &DocumentKeys) -> Result<Vec<OwnFile>, OwnLogError> {
    let files = files(dir)?.into_iter();
    files.map(|(log, path)| survey(log, path, keys)).collect()
}

/// Reads one own log of a directory and changes nothing; a log without a file has no entries.
///
/// # Errors
/// [`OwnLogError::Io`].
pub fn survey_own_log(dir: &Path, log: LogId, keys: &DocumentKeys) -> Result<Vec<Entry>, OwnLogError> {
    let path = dir.join(format!("{log}.log"));
    if !path.exists() {
        return Ok(Vec::new());
    }
    Ok(survey(log, path, keys)?.entries)
}

/// The logs that this node wrote itself and keeps the files of.
///
/// # Errors
/// [`OwnLogError::Io`].
pub fn own_log_ids(dir: &Path) -> Result<BTreeSet<LogId>, OwnLogError> {
    Ok(files(dir)?.into_iter().map(|(log, _)| log).collect())
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

fn survey(log: LogId, path: PathBuf, keys: &DocumentKeys) -> Result<OwnFile, OwnLogError> {
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(source) => return Err(OwnLogError::Io { path, source }),
    };
    let mut entries = Vec::new();
    let mut offset = 0;
    let damaged = |offset: usize, detail: String| OwnEnd::Damaged {
        offset: offset as u64,
        detail,
    };
    let end = loop {
        match frame::read(log, entries.len() as u64, &bytes, offset) {
            Found::Frame(body, next) => match read_body(log, body, keys) {
                Ok(entry) => {
                    entries.push(entry);
                    offset = next;
                }
                Err(error) => break damaged(offset, error.to_string()),
            },
            Found::End => break OwnEnd::Whole,
            Found::Damaged(detail) => break damaged(offset, detail.to_owned()),
            Found::Torn => {
                break OwnEnd::Torn {
                    offset: offset as u64,
                    bytes: (bytes.len() - offset) as u64,
                };
            }
        }
    };
    Ok(OwnFile {
        log,
        path,
        entries,
        end,
    })
}

/// Cuts an own log off.
///
/// # Errors
/// What the system says.
pub fn cut_own_log(path: &Path, length: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(length)?;
    file.sync_all()
}
