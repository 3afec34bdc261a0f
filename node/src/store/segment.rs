//! One file of document keys.
//!
//! ```text
//! "LKKEYS\0\1" | number (u64)          the head of the file
//! document id | sealed key | check     a frame, 112 bytes, at most 4,096 of them
//! ```
//!
//! A frame is sealed with the storage key of the node and bound to its place and document, so that a disk without
//! that key shows no document key, and a frame that was torn, moved or changed does not open. The check lets every
//! frame be looked at when a store opens, without opening its seal. Frames have one size: the place of a key follows
//! from its slot. A destroyed frame is zeros.
//!
//! **Invariant:** a segment in which a key is destroyed is written anew and the old bytes are overwritten before the
//! old file goes; after that the key is in no file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use protocol::id::DocumentId;

use super::layout::Slot;
use crate::secret::{SEAL_BYTES, SECRET_BYTES, Secret, sync_dir};

/// Most keys in one segment: what one erasure has to rewrite.
pub(super) const KEYS_MAX: u64 = 4096;
/// Bytes of a frame.
pub(super) const FRAME_BYTES: usize = 32 + SECRET_BYTES + SEAL_BYTES + CHECK_BYTES;
const CHECK_BYTES: usize = 8;
/// Bytes of the head.
pub(super) const HEAD_BYTES: usize = 16;
const MAGIC: &[u8; 8] = b"LKKEYS\0\x01";

/// The segment that a slot is in.
pub(super) fn number_of(slot: Slot) -> u64 {
    slot / KEYS_MAX
}

/// The file of a segment.
pub(super) fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:06}.seg"))
}

/// The byte at which the frame of a slot starts in its file.
pub(super) fn offset(slot: Slot) -> u64 {
    HEAD_BYTES as u64 + (slot % KEYS_MAX) * FRAME_BYTES as u64
}

/// What stands in a segment, in order of slot, and whether its head is right; nothing when there is no such file.
pub(super) fn survey(dir: &Path, number: u64) -> io::Result<Option<Vec<Look>>> {
    let bytes = match fs::read(path(dir, number)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A crash can leave a new segment without its head, but then also without a key.
    let Some((head_found, frames)) = bytes.split_first_chunk::<HEAD_BYTES>() else {
        return Ok(Some(Vec::new()));
    };
    if *head_found != head(number) {
        let detail = format!("{} does not start as a file of keys", path(dir, number).display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
    }
    let frames = frames.chunks_exact(FRAME_BYTES).zip(number * KEYS_MAX..);
    Ok(Some(frames.map(|(frame, slot)| look(slot, frame)).collect()))
}

/// Gives every segment the head that its name says, where a disk made another of it: the frames are what counts, and each says itself
/// whether it is right. One of another version, none of whose frames is of this one, is left alone.
pub(super) fn mend(dir: &Path) -> io::Result<()> {
    for number in 0.. {
        let bytes = match fs::read(path(dir, number)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let Some((found, frames)) = bytes.split_first_chunk::<HEAD_BYTES>() else {
            continue;
        };
        let version = MAGIC.len() - 1;
        let may_be_newer = found[..version] == MAGIC[..version] && found[version] != MAGIC[version];
        let mut frames = frames.chunks_exact(FRAME_BYTES).zip(number * KEYS_MAX..);
        let is_ours = frames.any(|(frame, slot)| matches!(look(slot, frame), Look::Of(_)));
        if *found != head(number) && (is_ours || !may_be_newer) {
            let file = open_to_write(dir, number)?;
            file.write_all_at(&head(number), 0)?;
            file.sync_all()?;
        }
    }
    Ok(())
}

/// Makes an empty segment, durably; one that an earlier crash left without a frame is made again.
pub(super) fn create(dir: &Path, number: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let path = path(dir, number);
    let file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all_at(&head(number), 0)?;
    file.sync_all()?;
    sync_dir(dir)?;
    Ok(file)
}

/// Opens a segment to add to it.
pub(super) fn open_to_write(dir: &Path, number: u64) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path(dir, number))
}

fn head(number: u64) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(MAGIC);
    head[8..].copy_from_slice(&number.to_be_bytes());
    head
}

/// What a frame is, as far as can be said without opening its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The key of this document.
    Of(DocumentId),
    /// A key that was destroyed.
    Destroyed,
    /// Not what was written there.
    Damaged,
}

/// The frame of a key.
pub(super) fn frame(storage: &Secret, slot: Slot, document: DocumentId, key: &Secret) -> Vec<u8> {
    let mut out = document.0.to_vec();
    out.extend_from_slice(&storage.seal(&place(slot, document), key.bytes()));
    let check = check(slot, &out);
    out.extend_from_slice(&check);
    out
}

/// Looks at a frame.
pub(super) fn look(slot: Slot, frame: &[u8]) -> Look {
    let Some((inside, found)) = frame.split_last_chunk::<CHECK_BYTES>() else {
        return Look::Damaged;
    };
    match inside.first_chunk::<32>() {
        Some(document) if *found == check(slot, inside) => Look::Of(DocumentId(*document)),
        _ if frame.iter().all(|byte| *byte == 0) => Look::Destroyed,
        _ => Look::Damaged,
    }
}

/// The key in a frame; nothing when it does not open for this slot and document.
pub(super) fn open_frame(storage: &Secret, slot: Slot, document: DocumentId, frame: &[u8]) -> Option<Secret> {
    if look(slot, frame) != Look::Of(document) {
        return None;
    }
    let sealed = &frame[32..FRAME_BYTES - CHECK_BYTES];
    let key = zeroize::Zeroizing::new(storage.open(&place(slot, document), sealed)?);
    Some(Secret::new(key.as_slice().try_into().ok()?))
}

fn check(slot: Slot, inside: &[u8]) -> [u8; CHECK_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&slot.to_be_bytes()).update(inside);
    let mut out = [0; CHECK_BYTES];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..CHECK_BYTES]);
    out
}

fn place(slot: Slot, document: DocumentId) -> Vec<u8> {
    [&b"document key"[..], &slot.to_be_bytes(), &document.0].concat()
}

/// Destroys frames: the segment is written anew without them, then its old bytes are overwritten.
pub(super) fn destroy(dir: &Path, number: u64, slots: &[Slot]) -> io::Result<()> {
    let path = path(dir, number);
    let old = open_to_write(dir, number)?;
    let mut bytes = fs::read(&path)?;
    for slot in slots {
        let start = offset(*slot) as usize;
        let end = bytes.len().min(start + FRAME_BYTES);
        if start < end {
            bytes[start..end].fill(0);
        }
    }
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut new = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    new.write_all(&bytes)?;
    new.sync_all()?;
    fs::rename(&beside, &path)?;
    sync_dir(dir)?;
    overwrite(&old)
}

/// Zeros over all of a file that has no name any more.
fn overwrite(file: &File) -> io::Result<()> {
    let bytes = file.metadata()?.len();
    let zeros = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
    file.write_all_at(&zeros, 0)?;
    file.sync_all()
}

/// Removes what a crash left of a rewriting: an unfinished new file, which may hold keys that are to go.
pub(super) fn sweep(dir: &Path) -> io::Result<()> {
    for found in fs::read_dir(dir)? {
        let path = found?.path();
        if path.extension().is_some_and(|extension| extension == "new") {
            overwrite(&OpenOptions::new().write(true).open(&path)?)?;
            fs::remove_file(&path)?;
        }
    }
    sync_dir(dir)
}
