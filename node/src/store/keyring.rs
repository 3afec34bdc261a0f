//! The keys of documents over all their segments: found by document, added at the end, destroyed by rewriting.
//!
//! A key is on disk, durably, before anything sealed with it can be ([`Keyring::append`] returns after the sync). So
//! the segments alone say which document has which key: what a crash leaves there without a payload is harmless (the
//! own log may have an entry sealed with it), and a torn end is nothing that anything durable could refer to.
//!
//! **Invariant:** memory is bounded: at most [`CACHE_KEYS`] keys, wiped when they leave, and 20 bytes for each
//! document to find its slot by.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use protocol::id::DocumentId;

use super::layout::Slot;
use super::segment::{self, FRAME_BYTES, KEYS_MAX, Look};
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

/// Enough of a document id that two documents never share it: its first 16 bytes, themselves a hash.
type Short = [u8; 16];

fn short(document: DocumentId) -> Short {
    let mut out = [0; 16];
    out.copy_from_slice(&document.0[..16]);
    out
}

/// The keys of documents.
#[derive(Debug)]
pub(super) struct Keyring {
    dir: PathBuf,
    storage: Secret,
    next: Slot,
    slots: BTreeMap<Short, u32>,
    damaged: Vec<Slot>,
    tail: Option<(u64, File)>,
    readers: BTreeMap<u64, File>,
    cache: BTreeMap<DocumentId, Held>,
}

impl Keyring {
    /// Opens the segments of a directory, which must reach at least to the slot `known`.
    pub(super) fn open(dir: PathBuf, storage: Secret, known: Slot) -> io::Result<Self> {
        fs::create_dir_all(&dir)?;
        if let Some(parent) = dir.parent() {
            sync_dir(parent)?;
        }
        segment::sweep(&dir)?;
        let mut ring = Self {
            dir,
            storage,
            next: 0,
            slots: BTreeMap::new(),
            damaged: Vec::new(),
            tail: None,
            readers: BTreeMap::new(),
            cache: BTreeMap::new(),
        };
        ring.survey(known)?;
        if ring.next < known {
            let detail = format!("{known} keys were given out, the files hold {}", ring.next);
            return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
        }
        Ok(ring)
    }

    /// Finds out which document has its key where. Of two keys of one document the later counts.
    fn survey(&mut self, known: Slot) -> io::Result<()> {
        let mut found = Vec::new();
        for number in 0.. {
            let Some(looks) = segment::survey(&self.dir, number)? else {
                break;
            };
            for (look, slot) in looks.into_iter().zip(number * KEYS_MAX..) {
                match look {
                    Look::Of(document) => found.push((short(document), number_in_map(slot)?)),
                    Look::Destroyed => {}
                    Look::Damaged => {
                        self.damaged.push(slot);
                        continue;
                    }
                }
                // What is behind the last frame that can be read is an end that a crash tore: it is written over.
                self.next = slot + 1;
            }
        }
        self.next = self.next.max(
            self.damaged
                .iter()
                .filter(|slot| **slot < known)
                .map(|slot| slot + 1)
                .max()
                .unwrap_or(0),
        );
        self.damaged.retain(|slot| *slot < self.next);
        // Sorted, the map is built at once, and of two slots of one document the last stays.
        found.sort_unstable();
        self.slots = found.into_iter().collect();
        Ok(())
    }

    /// The first slot that is free.
    pub(super) fn next(&self) -> Slot {
        self.next
    }

    /// Where the key of a document stands.
    pub(super) fn slot(&self, document: DocumentId) -> Option<Slot> {
        self.slots.get(&short(document)).map(|slot| Slot::from(*slot))
    }

    /// Frames that do not even say whose key they hold: a document without a key may have lost it there.
    pub(super) fn damaged(&self) -> &[Slot] {
        &self.damaged
    }

    /// Drops what memory knows of documents whose keys are to go.
    pub(super) fn forget(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        for document in documents {
            self.slots.remove(&short(document));
            self.cache.remove(&document);
        }
    }

    /// The same for slots that an interrupted forgetting left.
    pub(super) fn forget_slots(&mut self, slots: &[Slot]) {
        self.slots.retain(|_, slot| !slots.contains(&Slot::from(*slot)));
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
        for ((document, _), slot) in keys.iter().zip(self.next..) {
            self.slots.insert(short(*document), number_in_map(slot)?);
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
        if slot.is_multiple_of(KEYS_MAX) {
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
        Ok(segment::open_frame(&self.storage, slot, document, &frame))
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
        let gone: BTreeSet<Slot> = slots.iter().copied().collect();
        self.cache.retain(|_, held| !gone.contains(&held.slot));
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
}

/// Slots fit in 32 bits up to 4 billion documents.
fn number_in_map(slot: Slot) -> io::Result<u32> {
    u32::try_from(slot).map_err(|_| io::Error::other("more than 4 billion document keys"))
}
