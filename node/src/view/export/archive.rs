//! The files of an export in one ZIP archive, each hashed while it is written, and the list of those hashes at its end.
//!
//! It is written from begin to end and never read or changed on the way, so that it can be sent while it grows. What breaks
//! off has no list.

use std::io::{self, BufWriter, Write};

use protocol::export::{SUMS, hexadecimal};
use sha2::{Digest as _, Sha256};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::ExportError;

/// Bytes that are gathered before they are packed.
const GATHERED_BYTES: usize = 64 * 1024;
/// How hard is packed: level 1 is four times as fast as 6, and a tenth larger.
const PACKED: i64 = 1;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) path: String,
    pub(super) bytes: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

/// The archive so far.
pub(super) struct Archive<'a> {
    zip: ZipWriter<StreamWriter<&'a mut (dyn Write + Send)>>,
    files: Vec<Written>,
}

impl<'a> Archive<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self {
            zip: ZipWriter::new_stream(out),
            files: Vec::new(),
        }
    }

    /// The files so far.
    pub(super) fn files(&self) -> &[Written] {
        &self.files
    }

    /// Adds a file: what `write` writes. Gives what that gives.
    pub(super) fn file<T>(
        &mut self,
        path: &str,
        is_packed: bool,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        let method = match is_packed {
            true => CompressionMethod::Deflated,
            false => CompressionMethod::Stored,
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(is_packed.then_some(PACKED))
            // The first day that the format knows: when it was made is nowhere in an export.
            .last_modified_time(DateTime::default())
            .unix_permissions(0o600)
            .large_file(true);
        self.zip.start_file(path, options)?;
        let hashed = Hashed {
            out: &mut self.zip,
            hash: Sha256::new(),
            bytes: 0,
        };
        let mut out = BufWriter::with_capacity(GATHERED_BYTES, hashed);
        let gave = write(&mut out)?;
        let hashed = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let (bytes, hash) = (hashed.bytes, hashed.hash.finalize());
        self.files.push(Written {
            path: path.to_owned(),
            bytes,
            sha256: hexadecimal(&hash),
        });
        Ok(gave)
    }

    /// Adds a file that is text.
    pub(super) fn text(&mut self, path: &str, text: &str) -> Result<(), ExportError> {
        self.file(path, true, |out| Ok(out.write_all(text.as_bytes())?))
    }

    /// Adds the hashes and ends.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        let mut lines: Vec<String> = Vec::new();
        for file in &self.files {
            lines.push(format!("{}  {}\n", file.sha256, file.path));
        }
        self.text(SUMS, &lines.concat())?;
        self.zip.finish()?.into_inner().flush()?;
        Ok(())
    }
}

/// Hashes and counts what goes through it.
struct Hashed<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
