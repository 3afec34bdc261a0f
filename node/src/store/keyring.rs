//! The keys of documents over all their segments: found by slot, added at the end, destroyed by rewriting.
//!
//! A key is on disk, durably, before anything sealed with it can be ([`Keyring::append`] returns after the sync).
//! What a crash leaves behind the last slot that sled knows of is therefore either whole frames, which are adopted
//! (the own log may hold entries sealed with them), or a torn end, which nothing can refer to and which is cut.
//!
//! **Invariant:** memory is bounded: at most [`CACHE_KEYS`] keys, wiped when they leave.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use protocol::id::DocumentId;

use super::layout::Slot;
use super::segment::{self, FRAME_BYTES, KEYS_MAX};
use crate::secret::{Secret, sync_dir};

/// Most keys kept in memory.
const CACHE_KEYS: usize = 16_384;
/// Most segments kept open for reading.
const READERS: usize = 32;

/// A key and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) slot: Slot,
    pub(super) key: Secret,
}

/// The keys of documents.
#[derive(Debug)]
pub(super) struct Keyring {
    dir: PathBuf,
    storage: Secret,
    next: Slot,
    tail: Option<(u64, File)>,
    readers: BTreeMap<u64, File>,
    cache: BTreeMap<DocumentId, Held>,
}

impl Keyring {
    /// Opens the segments of a directory. `known` is the first slot that sled does not know to be taken; what stands
    /// behind it comes back to be made known.
    pub(super) fn open(dir: PathBuf, storage: Secret, known: Slot) -> io::Result<(Self, Vec<(Slot, DocumentId)>)> {
        fs::create_dir_all(&dir)?;
        if let Some(parent) = dir.parent() {
            sync_dir(parent)?;
        }
        segment::sweep(&dir)?;
        let mut ring = Self {
            dir,
            storage,
            next: known,
            tail: None,
            readers: BTreeMap::new(),
            cache: BTreeMap::new(),
        };
        ring.check_length()?;
        let adopted = ring.behind(known)?;
        ring.next = adopted.last().map_or(known, |(slot, _)| slot + 1);
        Ok((ring, adopted))
    }

    /// The first slot that is free.
    pub(super) fn next(&self) -> Slot {
        self.next
    }

    /// The last segment must reach as far as sled says keys were given out.
    fn check_length(&self) -> io::Result<()> {
        if self.next == 0 {
            return Ok(());
        }
        let last = self.next - 1;
        let path = segment::path(&self.dir, segment::number_of(last));
        let found = fs::metadata(&path)?.len();
        if found < segment::offset(last) + FRAME_BYTES as u64 {
            let detail = format!("{} ends at byte {found}, before the key of slot {last}", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
        }
        Ok(())
    }

    fn behind(&self, known: Slot) -> io::Result<Vec<(Slot, DocumentId)>> {
        let mut found = Vec::new();
        let mut number = segment::number_of(known);
        loop {
            let bytes = match fs::read(segment::path(&self.dir, number)) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
                Err(error) => return Err(error),
            };
            let first = known.max(number * KEYS_MAX);
            let from = bytes.len().min(segment::offset(first) as usize);
            for (frame, slot) in bytes[from..].chunks_exact(FRAME_BYTES).zip(first..) {
                if let Some((document, _)) = segment::open_frame(&self.storage, slot, frame) {
                    found.push((slot, document));
                }
            }
            number += 1;
        }
    }

    /// Adds keys at the end; they survive a crash when this returns.
    pub(super) fn append(&mut self, keys: &[(DocumentId, Secret)]) -> io::Result<()> {
        let mut slot = self.next;
        let mut rest = keys;
        while !rest.is_empty() {
            let room = usize::try_from(KEYS_MAX - slot % KEYS_MAX).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at(rest.len().min(room));
            self.append_to_segment(slot, now)?;
            slot += now.len() as u64;
            rest = later;
        }
        self.next = slot;
        Ok(())
    }

    fn append_to_segment(&mut self, first: Slot, keys: &[(DocumentId, Secret)]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(keys.len() * FRAME_BYTES);
        for ((document, key), slot) in keys.iter().zip(first..) {
            bytes.extend_from_slice(&segment::frame(&self.storage, slot, *document, key));
        }
        let (number, file) = match self.tail.take() {
            Some(tail) if tail.0 == segment::number_of(first) => tail,
            _ => self.open_tail(first)?,
        };
        file.write_all_at(&bytes, segment::offset(first))?;
        file.sync_data()?;
        // Only a tail that took everything is used again: after a failure it is opened, and cut, anew.
        self.tail = Some((number, file));
        Ok(())
    }

    /// The segment of the first free slot, without what a crash or a failed write left behind that slot.
    fn open_tail(&self, slot: Slot) -> io::Result<(u64, File)> {
        let number = segment::number_of(slot);
        if slot % KEYS_MAX == 0 {
            return Ok((number, segment::create(&self.dir, number)?));
        }
        let file = segment::open_to_write(&self.dir, number)?;
        file.set_len(segment::offset(slot))?;
        Ok((number, file))
    }

    /// The key in a slot; nothing when its frame does not open for this document.
    pub(super) fn read(&mut self, slot: Slot, document: DocumentId) -> io::Result<Option<Secret>> {
        let number = segment::number_of(slot);
        let mut frame = [0; FRAME_BYTES];
        match self.reader(number)?.read_exact_at(&mut frame, segment::offset(slot)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let opened = segment::open_frame(&self.storage, slot, &frame);
        Ok(opened.filter(|(of, _)| *of == document).map(|(_, key)| key))
    }

    fn reader(&mut self, number: u64) -> io::Result<&File> {
        if self.readers.len() >= READERS && !self.readers.contains_key(&number) {
            self.readers.clear();
        }
        match self.readers.entry(number) {
            std::collections::btree_map::Entry::Occupied(held) => Ok(held.into_mut()),
            std::collections::btree_map::Entry::Vacant(free) => {
                Ok(free.insert(File::open(segment::path(&self.dir, number))?))
            }
        }
    }

    /// Destroys keys: afterwards they are in no file and not in memory.
    pub(super) fn destroy(&mut self, slots: &[Slot]) -> io::Result<()> {
        let mut by_segment: BTreeMap<u64, Vec<Slot>> = BTreeMap::new();
        for slot in slots {
            by_segment.entry(segment::number_of(*slot)).or_default().push(*slot);
        }
        self.cache.retain(|_, held| !slots.contains(&held.slot));
        for (number, slots) in by_segment {
            self.readers.remove(&number);
            self.tail = self.tail.take().filter(|(of, _)| *of != number);
            segment::destroy(&self.dir, number, &slots)?;
        }
        Ok(())
    }

    /// A key in memory.
    pub(super) fn cached(&self, document: DocumentId) -> Option<Held> {
        self.cache.get(&document).cloned()
    }

    /// Keeps a key in memory.
    pub(super) fn remember(&mut self, document: DocumentId, held: Held) {
        if self.cache.len() >= CACHE_KEYS {
            self.cache.clear();
        }
        self.cache.insert(document, held);
    }

    /// Drops a key from memory.
    pub(super) fn drop_cached(&mut self, document: DocumentId) {
        self.cache.remove(&document);
    }
}
