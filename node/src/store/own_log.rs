//! What this node wrote itself, a second time: one plain append-only file per incarnation.
//!
//! An entry is acknowledged to whoever asked for it only after [`OwnLog::sync`]. Should sled ever lose it, it is
//! read from here at the next start. The payload of a change is sealed with the key of its document, as in sled, so
//! that forgetting the document erases it here too and leaves the header, which the chain needs.
//!
//! ```text
//! length (u32) | check of the length (u32) | check of the body (8) | body | 0xA5
//! body: header length (u16) | header | signature (64) | 0 erased, 1 plain, 2 sealed | salt and payload
//! ```
//!
//! **Invariant:** a log is never appended to after a restart; its file is made by [`OwnLog::create`] only.
//! **Invariant:** only an end that a crash can leave is cut off; any other damage is an error.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use protocol::id::LogId;
use protocol::log::{Class, Entry, Payload, SALT_BYTES, SignedHeader};
use protocol::store::StoreError;

use super::error::is_full;
use super::keys::DocumentKeys;
use crate::secret::sync_dir;

mod frame;
mod read;

pub use read::{
    OwnEnd, OwnEntries, OwnFile, Torn, cut_own_log, own_log_ids, read_own_logs, survey_own_log, survey_own_logs,
};

const ERASED: u8 = 0;
const PLAIN: u8 = 1;
const SEALED: u8 = 2;

/// Why an own log could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum OwnLogError {
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not what was written.
    #[error("{} is damaged at byte {offset}: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        offset: u64,
        /// What is wrong there.
        detail: String,
    },
    /// The document of an entry has no key: it was never committed to the store, or forgotten since.
    #[error("the document of entry {seq} has no key")]
    NoKey {
        /// Position of the entry.
        seq: u64,
    },
    /// A write failed before; nothing more can be said to be durable until the next start.
    #[error("an earlier write to {} failed", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
    },
    /// The keys of documents could not be read.
    #[error("the keys of the own log: {0}")]
    Keys(#[from] StoreError),
}

/// The file of the running incarnation.
#[derive(Debug)]
pub struct OwnLog {
    path: PathBuf,
    file: File,
    log: LogId,
    frames: u64,
    keys: DocumentKeys,
    /// Why a write failed.
    broken: Option<io::ErrorKind>,
}

impl OwnLog {
    /// Makes the file of a new log in a directory, which is made too.
    ///
    /// # Errors
    /// [`OwnLogError::Io`], also when the log already has a file.
    pub fn create(dir: &Path, log: LogId, keys: DocumentKeys) -> Result<Self, OwnLogError> {
        let path = dir.join(format!("{log}.log"));
        let made = fs::create_dir_all(dir).and_then(|()| {
            let file = OpenOptions::new()
                .append(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            let synced = sync_dir(dir).and_then(|()| sync_dir(dir.parent().unwrap_or(Path::new("."))));
            // Else this log could never have a file any more. What is wrong with the disk is told by the sync.
            synced.inspect_err(|_| drop(fs::remove_file(&path)))?;
            Ok(file)
        });
        let file = made.map_err(|source| OwnLogError::Io {
            path: path.clone(),
            source,
        })?;
        Ok(Self {
            path,
            file,
            log,
            frames: 0,
            keys,
            broken: None,
        })
    }

    /// Adds an entry that is already committed to the store. It is durable after [`OwnLog::sync`].
    ///
    /// # Errors
    /// Any [`OwnLogError`].
    pub fn append(&mut self, entry: &Entry) -> Result<(), OwnLogError> {
        self.usable()?;
        let body = self.body(entry)?;
        let frame = frame::write(self.log, self.frames, &body);
        let written = self.file.write_all(&frame);
        self.done(written)?;
        self.frames += 1;
        Ok(())
    }

    /// Returns when everything appended survives a crash: one sync for however many appends.
    ///
    /// # Errors
    /// [`OwnLogError::Io`], [`OwnLogError::Broken`].
    pub fn sync(&mut self) -> Result<(), OwnLogError> {
        self.usable()?;
        let synced = self.file.sync_data();
        self.done(synced)
    }

    fn usable(&self) -> Result<(), OwnLogError> {
        let path = || self.path.clone();
        match self.broken {
            None => Ok(()),
            // Whoever asks next is told as well what to do about it.
            Some(kind) if is_full(&kind.into()) => Err(OwnLogError::Io {
                path: path(),
                source: kind.into(),
            }),
            Some(_) => Err(OwnLogError::Broken { path: path() }),
        }
    }

    /// After a failed write the end of the file is unknown, and after a failed sync the system may have dropped what
    /// it could not write: neither may be tried again as if nothing had happened.
    fn done(&mut self, result: io::Result<()>) -> Result<(), OwnLogError> {
        self.broken = self.broken.or(result.as_ref().err().map(io::Error::kind));
        result.map_err(|source| OwnLogError::Io {
            path: self.path.clone(),
            source,
        })
    }

    fn body(&self, entry: &Entry) -> Result<Vec<u8>, OwnLogError> {
        let signed = &entry.signed;
        let header_bytes = u16::try_from(signed.bytes().len()).expect("a header has at most 256 bytes");
        let mut body = header_bytes.to_be_bytes().to_vec();
        body.extend_from_slice(signed.bytes());
        body.extend_from_slice(signed.signature());
        let Payload::Held { salt, bytes } = &entry.payload else {
            body.push(ERASED);
            return Ok(body);
        };
        let salted = [&salt[..], bytes].concat();
        if signed.header().class == Class::Statement {
            body.push(PLAIN);
            body.extend_from_slice(&salted);
            return Ok(body);
        }
        let seq = signed.header().seq;
        let sealed = self
            .keys
            .seal(signed.header().document, &place(self.log, seq), &salted)?;
        body.push(SEALED);
        body.extend_from_slice(&sealed.ok_or(OwnLogError::NoKey { seq })?);
        Ok(body)
    }
}

/// What the payload of an entry is bound to, besides its document.
fn place(log: LogId, seq: u64) -> Vec<u8> {
    [&b"own log"[..], &log.0, &seq.to_be_bytes()].concat()
}

/// The entry in a body; the reason why it is none otherwise.
fn read_body(log: LogId, body: &[u8], keys: &DocumentKeys) -> Result<Entry, BodyError> {
    let (length, rest) = body.split_first_chunk::<2>().ok_or(BodyError::Short)?;
    let (header, rest) = rest
        .split_at_checked(usize::from(u16::from_be_bytes(*length)))
        .ok_or(BodyError::Short)?;
    let (signature, rest) = rest.split_first_chunk::<64>().ok_or(BodyError::Short)?;
    let (how, rest) = rest.split_first().ok_or(BodyError::Short)?;
    let signed = SignedHeader::read(header, *signature).map_err(|error| BodyError::Header(error.to_string()))?;
    let salted = match *how {
        ERASED if rest.is_empty() => None,
        PLAIN if signed.header().class == Class::Statement => Some(rest.to_vec()),
        SEALED if signed.header().class == Class::Change => {
            let (document, seq) = (signed.header().document, signed.header().seq);
            keys.open(document, &place(log, seq), rest)?
        }
        other => return Err(BodyError::How(other)),
    };
    let payload = match salted {
        None => Payload::Erased,
        Some(salted) => {
            let (salt, bytes) = salted.split_first_chunk::<SALT_BYTES>().ok_or(BodyError::Short)?;
            Payload::Held {
                salt: *salt,
                bytes: bytes.to_vec(),
            }
        }
    };
    Ok(Entry { signed, payload })
}

/// Why a body with the right check is no entry all the same.
#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("the entry is too short")]
    Short,
    #[error("its header is {0}")]
    Header(String),
    #[error("{0} is no way to keep this payload")]
    How(u8),
    #[error("its payload does not open: {0}")]
    Payload(#[from] StoreError),
}

#[cfg(test)]
mod tests;
