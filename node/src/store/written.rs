//! How far the store was written when it was last made durable, noted beside sled's files.
//!
//! sled 0.34.7 takes a damaged place of its log for the end of it: it opens without a word, and what came later is gone.
//! So every batch counts one further inside sled, and after each flush this file says how far that was. A store that opens
//! with a smaller count has lost what was acknowledged.
//!
//! ```text
//! note = count (8, big-endian) ‖ the first 8 bytes of its hash          file = two notes, written in turn
//! ```
//!
//! Nobody waits for the disk here: a note that is behind promises less than there is, and never more. One that was cut
//! off or spoiled does not count; the other is one flush older.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use super::error::OpenError;
use super::layout;

/// The file, among those of sled.
const FILE: &str = "written";
/// Where the count stands inside sled.
pub(super) const COUNT: &str = "written";
const NOTE_BYTES: usize = 16;

/// The count of one store.
#[derive(Debug)]
pub(super) struct Written {
    file: File,
    /// Batches that sled has.
    count: u64,
    /// Batches that the file says were made durable.
    noted: u64,
}

impl Written {
    /// Opens the file of a store that holds `count` batches.
    pub(super) fn open(files: &Path, count: u64) -> Result<Self, OpenError> {
        let path = files.join(FILE);
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path);
        let read = opened.and_then(|file| {
            let noted = newest(&file)?;
            // Room for both, so that a note needs none on a disk that has filled up.
            if file.metadata()?.len() < 2 * NOTE_BYTES as u64 {
                file.write_all_at(&[0; 2 * NOTE_BYTES], 0)?;
                write(&file, noted)?;
            }
            Ok(Self { file, count, noted })
        });
        read.map_err(|error| OpenError::io(&path, error))
    }

    /// How many durable batches sled does not have any more.
    pub(super) fn lost(&self) -> u64 {
        self.noted.saturating_sub(self.count)
    }

    /// The count that the next batch takes along, and its place inside sled.
    pub(super) fn next(&self) -> (Vec<u8>, Vec<u8>) {
        let at = layout::own(COUNT);
        let value = layout::hashed(&at, &(self.count + 1).to_be_bytes());
        (at, value)
    }

    /// The next batch is in sled.
    pub(super) fn wrote(&mut self) {
        self.count += 1;
    }

    /// Notes that all of it is durable.
    pub(super) fn note(&mut self) -> io::Result<()> {
        if self.count > self.noted {
            write(&self.file, self.count)?;
            self.noted = self.count;
        }
        Ok(())
    }
}

fn write(file: &File, count: u64) -> io::Result<()> {
    let place = count % 2 * NOTE_BYTES as u64;
    let mut note = count.to_be_bytes().to_vec();
    note.extend_from_slice(&blake3::hash(&count.to_be_bytes()).as_bytes()[..8]);
    file.write_all_at(&note, place)
}

/// The highest count that stands whole in the file, 0 when none does.
fn newest(file: &File) -> io::Result<u64> {
    let mut newest = 0;
    for place in 0..2 {
        let mut note = [0; NOTE_BYTES];
        match file.read_exact_at(&mut note, place * NOTE_BYTES as u64) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => continue,
            read => read?,
        }
        let (count, hash) = note.split_at(8);
        if blake3::hash(count).as_bytes()[..8] == *hash {
            newest = newest.max(u64::from_be_bytes(count.try_into().expect("8 bytes were split off")));
        }
    }
    Ok(newest)
}
