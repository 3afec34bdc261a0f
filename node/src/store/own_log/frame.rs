//! Frames of an own-log file, and the difference between an end that a crash left and damage.
//!
//! The length has a check of its own: without it a flipped bit in a length would look like a frame that the crash
//! cut short, and everything behind it would be thrown away in silence. Every check covers the log and the number
//! of the frame, so that frames cannot change places or files.

use protocol::id::LogId;

/// Bytes before a body.
const HEAD_BYTES: usize = 16;
/// The last byte of a frame: not zero, which is what a file system leaves where it did not write.
const END: u8 = 0xA5;
/// What disks write at once.
const SECTOR_BYTES: usize = 512;
/// Most bytes of a body: a payload at its limit, its header and its seal fit easily.
pub(super) const BODY_BYTES_MAX: usize = 128 * 1024;

/// What stands at a place in the file.
pub(super) enum Found<'a> {
    /// A frame: its body, and the offset of the next frame.
    Frame(&'a [u8], usize),
    /// The end of the file.
    End,
    /// An end that a crash left.
    Torn,
    /// Anything else.
    Damaged(&'static str),
}

pub(super) fn write(log: LogId, number: u64, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("an entry is far below 4 GiB");
    let mut out = Vec::with_capacity(HEAD_BYTES + body.len() + 1);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&check(log, number, b"length", &length.to_be_bytes())[..4]);
    out.extend_from_slice(&check(log, number, b"body", body)[..8]);
    out.extend_from_slice(body);
    out.push(END);
    out
}

pub(super) fn read(log: LogId, number: u64, file: &[u8], offset: usize) -> Found<'_> {
    let rest = &file[offset..];
    if rest.is_empty() {
        return Found::End;
    }
    if rest.iter().all(|byte| *byte == 0) || rest.len() < HEAD_BYTES {
        return Found::Torn;
    }
    let (head, after) = rest.split_at(HEAD_BYTES);
    if head[4..8] != check(log, number, b"length", &head[..4])[..4] {
        // The first sector of the frame can be missing while later ones are there.
        return torn_or(
            has_hole(file, offset, file.len()),
            "the length of a frame does not match its check",
        );
    }
    let length = head[..4].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    if length > BODY_BYTES_MAX {
        return Found::Damaged("a frame is longer than any entry");
    }
    let Some((body, after)) = after.split_at_checked(length) else {
        return Found::Torn;
    };
    let Some(end) = after.first() else {
        return Found::Torn;
    };
    if *end == END && head[8..16] == check(log, number, b"body", body)[..8] {
        return Found::Frame(body, offset + HEAD_BYTES + length + 1);
    }
    let (frame_end, last) = (offset + HEAD_BYTES + length + 1, after.len() == 1);
    let hole = *end == 0 || has_hole(file, offset, frame_end);
    torn_or(
        hole && (last || file[frame_end..].iter().all(|byte| *byte == 0)),
        "a frame does not match its check",
    )
}

fn torn_or(torn: bool, damage: &'static str) -> Found<'static> {
    if torn { Found::Torn } else { Found::Damaged(damage) }
}

/// Whether a whole sector between two offsets is zeros, which no frame that was written has.
fn has_hole(file: &[u8], from: usize, to: usize) -> bool {
    let first = from.next_multiple_of(SECTOR_BYTES).min(to);
    let mut sectors = file[first..to].chunks_exact(SECTOR_BYTES);
    let start = &file[from..first];
    let starts_empty = start.len() >= HEAD_BYTES && start.iter().all(|byte| *byte == 0);
    starts_empty || sectors.any(|sector| sector.iter().all(|byte| *byte == 0))
}

fn check(log: LogId, number: u64, what: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"leerkring/1/own log ").update(what);
    hasher.update(&log.0).update(&number.to_be_bytes()).update(bytes);
    *hasher.finalize().as_bytes()
}
