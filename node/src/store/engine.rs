//! The sled engine behind the storage port.
//!
//! What had to be done around sled 0.34.7, and why:
//! - Its `flush` starts the writing of a file range and waits for it, but asks the disk for no barrier, and the blob
//!   files that it makes of large pages are never synced. [`Store::flush`] syncs both afterwards.
//! - It panics where its files are not what it expects, and after a failed write its memory may hold half of a
//!   batch. Every call is caught; after a failed write this engine refuses everything until it is opened again,
//!   which finds the batch whole or not at all.
//! - It takes a damaged place for the end of its log. What it holds is counted, and the count noted ([`super::written`]).
//! - It can wait for ever for a write that failed. Opening, every batch and whatever makes something durable is done by another
//!   thread and has a deadline ([`super::patience`]).
//! - It can also stand still in a write. `bump_tip` waits, under the lock on its segments, for a truncation that its thread
//!   pool has to do; the 7 threads of the pool can all be waiting for that same lock, to mark what they wrote. The pool then
//!   starts no other: it counts a thread that works as -1 waiting, and an unsigned -7 looks like plenty.
//!   A read writes too where it mends the shape of the tree that an unfinished write left; a read has no deadline.
//! - It frees the memory of old pages only as further calls come in (`collect_garbage`).
//! - It makes a page of 16 values and keeps pages in memory up to `cache_capacity` bytes *as on disk*; in memory that
//!   is about three times as much.
//!
//! **Invariant:** one process per directory; sled's file lock says so.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use protocol::id::DocumentId;
use protocol::store::{Batch, Pair, Space, Store, StoreError};

use super::blocks;
use super::commit::{Applied, Commit};
use super::database::open_db;
use super::error::{self, Damage, OpenError};
use super::keyring::Keyring;
use super::keys::{DocumentKeys, Found, calm, damaged};
use super::layout::{self, FORMAT, Slot};
use super::patience::{ANSWER_WAIT, Hand, OPEN_WAIT, within};
use super::segment;
use super::stage::{NEXT_SLOT, is_forgotten};
use super::written::{self, Written};
use crate::secret::{Secret, sync_dir};

/// The directory of sled's files inside the store.
pub const FILES: &str = "sled";

/// The store of a node.
#[derive(Debug)]
pub struct Sled {
    dir: PathBuf,
    files: PathBuf,
    db: sled::Db,
    file: Arc<File>,
    keys: DocumentKeys,
    written: Written,
    doomed: Vec<Slot>,
    any_forgotten: bool,
    blobs_synced: i64,
    hand: Hand,
    wait: Duration,
    dirty: bool,
    broken: Option<Broken>,
}

/// What made the store unusable until it is opened again.
#[derive(Debug)]
enum Broken {
    /// There was no room.
    Full,
    /// The disk did not answer for so many seconds.
    Silent(u64),
    /// Anything else.
    Other(String),
}

impl Sled {
    /// Opens the store in a directory, or makes a new one there. `storage` is the secret of this node that the keys
    /// of documents are sealed with.
    ///
    /// # Errors
    /// Any [`OpenError`]; [`OpenError::Damaged`] also when it does not hold all that was made durable.
    pub fn open(dir: &Path, storage: &Secret) -> Result<Self, OpenError> {
        Self::open_in_time(dir, FILES, storage, true)
    }

    /// The same with sled's files under another name, for a store that was put aside: what is left of it.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub fn open_files(dir: &Path, name: &str, storage: &Secret) -> Result<Self, OpenError> {
        Self::open_in_time(dir, name, storage, false)
    }

    fn open_in_time(dir: &Path, name: &str, storage: &Secret, all: bool) -> Result<Self, OpenError> {
        let (at, name, storage) = (dir.to_path_buf(), name.to_owned(), storage.clone());
        let opened = within(OPEN_WAIT, move || Self::open_whole(&at, &name, &storage, all));
        opened.map_err(|error| OpenError::store(dir, error))?
    }

    fn open_whole(dir: &Path, name: &str, storage: &Secret, all: bool) -> Result<Self, OpenError> {
        let files = dir.join(name);
        fs::create_dir_all(&files).map_err(|error| OpenError::io(&files, error))?;
        let db = open_db(&files)?;
        let path = files.join("db");
        let file = Arc::new(File::open(&path).map_err(|error| OpenError::io(&path, error))?);
        let count = number(&db, written::COUNT).map_err(|error| OpenError::store(dir, error))?;
        let written = Written::open(&files, count)?;
        // Before anything is written: what sled could not read this time may be there the next.
        if all && written.lost() > 0 {
            return Err(lost(&files, written.lost()));
        }
        check_format(dir, &db, storage)?;
        let keys = open_keys(dir, &db, storage)?;
        let mut store = Self {
            dir: dir.to_path_buf(),
            files,
            db,
            file,
            keys,
            written,
            doomed: Vec::new(),
            any_forgotten: false,
            blobs_synced: -1,
            hand: Hand::start().map_err(|error| OpenError::store(dir, error))?,
            wait: ANSWER_WAIT,
            dirty: false,
            broken: None,
        };
        store.recover().map_err(|error| OpenError::store(dir, error))?;
        Ok(store)
    }

    /// Finishes a forgetting that a crash interrupted: its keys are to be destroyed.
    fn recover(&mut self) -> Result<(), StoreError> {
        self.any_forgotten = calm(|| self.db.scan_prefix(layout::all_forgotten()).next().transpose())?.is_some();
        let doomed = calm(|| {
            self.db
                .scan_prefix(layout::all_doomed())
                .keys()
                .collect::<sled::Result<Vec<_>>>()
        })?;
        self.doomed = doomed.iter().filter_map(|key| layout::doomed_slot(key)).collect();
        if !self.doomed.is_empty() {
            self.keys.ring().forget_slots(&self.doomed);
            self.dirty = true;
            self.flush()?;
        }
        Ok(())
    }

    /// Mends what can be mended of the files of keys in the directory of a store that is not open, so that it opens with the keys that
    /// can still be read.
    ///
    /// # Errors
    /// Reading or writing them.
    pub fn mend_keys(dir: &Path) -> Result<(), OpenError> {
        let keys = dir.join("keys");
        match segment::mend(&keys) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(OpenError::io(&keys, error)),
            _ => Ok(()),
        }
    }

    /// The documents that were forgotten, so that a store made anew forgets them too.
    ///
    /// # Errors
    /// [`StoreError::Engine`].
    pub fn forgotten(&self) -> Result<Vec<DocumentId>, StoreError> {
        let keys = calm(|| {
            self.db
                .scan_prefix(layout::all_forgotten())
                .keys()
                .collect::<sled::Result<Vec<_>>>()
        })?;
        let id = |key: &sled::IVec| key.get(1..)?.try_into().ok().map(DocumentId);
        Ok(keys.iter().filter_map(id).collect())
    }

    /// Gives each of these documents, that were never written, its key before the first commit needs it: many together wait for
    /// the disk once. One that is not written after all keeps a key that nothing was sealed with.
    ///
    /// # Errors
    /// [`StoreError`]; some of them may have one then.
    pub fn prepare(&self, documents: BTreeSet<DocumentId>) -> Result<(), StoreError> {
        self.usable()?;
        let (keys, dir) = (self.keys.clone(), self.dir.join("keys"));
        let prepared = self.hand.within(self.wait, move || keys.prepare(&dir, &documents));
        prepared.and_then(|prepared| prepared)
    }

    /// A handle on the keys of documents, for the own log.
    #[must_use]
    pub fn keys(&self) -> DocumentKeys {
        self.keys.clone()
    }

    #[cfg(test)]
    pub(super) fn db(&self) -> &sled::Db {
        &self.db
    }

    /// Flips a bit of a stored value under its hash or seal, as a disk does.
    #[cfg(test)]
    pub(crate) fn flip(&self, space: Space, document: DocumentId, key: &[u8]) {
        let at = match (space, self.keys.ring().slot(document)) {
            (Space::Payloads, Some(slot)) => layout::payload(slot, key),
            _ => layout::plain(space, key),
        };
        let mut stored = blocks::get(&self.db, &at)
            .expect("a test store reads")
            .expect("the value is there");
        *stored.last_mut().expect("a value has a hash") ^= 1;
        let folded = blocks::fold(&self.db, std::collections::BTreeMap::from([(at, Some(stored))]));
        self.db
            .apply_batch(folded.expect("a test store reads").batch)
            .expect("a test store writes");
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Why nothing can be read or written any more until the store is opened again, if it is so.
    #[must_use]
    pub fn unusable(&self) -> Option<StoreError> {
        self.usable().err()
    }

    fn usable(&self) -> Result<(), StoreError> {
        match &self.broken {
            None => Ok(()),
            Some(Broken::Full) => Err(StoreError::Full),
            Some(Broken::Silent(seconds)) => Err(StoreError::Silent { seconds: *seconds }),
            Some(Broken::Other(detail)) => Err(StoreError::Engine {
                detail: format!("the store must be opened again after: {detail}"),
            }),
        }
    }

    /// Remembers a failed write: what sled has in memory may be half of it.
    fn fail<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result {
            self.broken = Some(match error {
                StoreError::Full => Broken::Full,
                StoreError::Silent { seconds } => Broken::Silent(*seconds),
                other => Broken::Other(other.to_string()),
            });
        }
        result
    }

    /// Does something with sled that may leave half of it behind, in time.
    fn in_time<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = self.hand.within(self.wait, work).and_then(|done| done);
        self.fail(done)
    }

    fn remember(&mut self, applied: Applied) {
        self.written.wrote();
        self.any_forgotten |= applied.any_forgotten;
        self.doomed.extend(applied.doomed);
        self.dirty = true;
    }

    /// How long the disk may take from now on.
    #[cfg(test)]
    pub(crate) fn set_wait(&mut self, wait: Duration) {
        self.wait = wait;
    }

    /// What makes every write stand still for ever, as long as it is held.
    #[cfg(test)]
    pub(crate) fn stand_still(keys: &DocumentKeys) -> impl Sized {
        keys.ring()
    }

    pub(super) fn sync(&mut self) -> Result<(), StoreError> {
        let (db, file, files) = (self.db.clone(), Arc::clone(&self.file), self.files.clone());
        let before = self.blobs_synced;
        self.blobs_synced = self.in_time(move || {
            calm(|| db.flush())?;
            let synced = file.sync_data().and_then(|()| sync_blobs(&files, before));
            synced.map_err(|error| error::file(&files, &error))
        })?;
        let noted = self.written.note().map_err(|error| error::file(&self.files, &error));
        self.fail(noted)
    }

    /// Destroys the keys of what was forgotten, now that the forgetting itself is durable.
    fn destroy_doomed(&mut self) -> Result<(), StoreError> {
        let (db, keys, dir) = (self.db.clone(), self.keys.clone(), self.dir.join("keys"));
        let doomed = std::mem::take(&mut self.doomed);
        self.in_time(move || {
            let destroyed = keys.ring().destroy(&doomed);
            destroyed.map_err(|error| error::file(&dir, &error))?;
            let mut batch = sled::Batch::default();
            for slot in doomed {
                batch.remove(layout::doomed(slot));
            }
            calm(|| db.apply_batch(batch))
        })
    }
}

impl Store for Sled {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.usable()?;
        let at = layout::plain(space, key);
        let Some(stored) = blocks::get(&self.db, &at)? else {
            return Ok(None);
        };
        match layout::checked(&at, &stored) {
            Some(value) => Ok(Some(value.to_vec())),
            None => Err(damaged(space, key)),
        }
    }

    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.usable()?;
        let slot = match self.keys.find(document)? {
            Found::Nothing if self.keys.ring().damaged().is_empty() || is_forgotten(&self.db, document)? => {
                return Ok(None);
            }
            Found::Nothing => return Err(damaged(Space::Payloads, key)),
            Found::Key(held) => held.slot,
            Found::Damaged(slot) => slot,
        };
        match blocks::get(&self.db, &layout::payload(slot, key))? {
            None => Ok(None),
            Some(sealed) => self.keys.open(document, key, &sealed),
        }
    }

    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.usable()?;
        let (prefix, from) = (layout::plain(space, prefix), layout::plain(space, from));
        let found = blocks::scan(&self.db, &prefix, &from, limit)?;
        found
            .into_iter()
            .map(|(at, stored)| match layout::checked(&at, &stored) {
                Some(value) => Ok((at[1..].to_vec(), value.to_vec())),
                None => Err(damaged(space, &at[1..])),
            })
            .collect()
    }

    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        self.usable()?;
        is_forgotten(&self.db, document)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.usable()?;
        let commit = Commit {
            db: self.db.clone(),
            keys: self.keys.clone(),
            keys_dir: self.dir.join("keys"),
            any_forgotten: self.any_forgotten,
            count: self.written.next(),
        };
        let applied = match self.hand.within(self.wait, move || commit.apply(&batch)) {
            // Nothing of it was given to sled.
            Ok(Err(refused)) => return Err(refused),
            Ok(Ok(applied)) => self.fail(applied)?,
            Err(silent) => self.fail(Err(silent))?,
        };
        if let Some(applied) = applied {
            self.remember(applied);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        if !self.dirty {
            return Ok(());
        }
        self.sync()?;
        self.dirty = false;
        match self.doomed.is_empty() {
            true => Ok(()),
            false => self.destroy_doomed(),
        }
    }
}

/// sled never syncs the files that it makes of large pages. Their names are rising numbers: the newest that is synced.
fn sync_blobs(files: &Path, before: i64) -> io::Result<i64> {
    let dir = files.join("blobs");
    let mut newest = before;
    for found in fs::read_dir(&dir)? {
        let found = found?;
        let number = found.file_name().to_str().and_then(|name| name.parse().ok());
        let Some(number) = number.filter(|number: &i64| *number > before) else {
            continue;
        };
        match File::open(found.path()) {
            Ok(file) => file.sync_all()?,
            // sled removes blobs in the background.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        newest = newest.max(number);
    }
    if newest > before {
        sync_dir(&dir)?;
    }
    Ok(newest)
}

fn open_keys(dir: &Path, db: &sled::Db, storage: &Secret) -> Result<DocumentKeys, OpenError> {
    let known = next_slot(db).map_err(|error| OpenError::store(dir, error))?;
    let path = dir.join("keys");
    match Keyring::open(path.clone(), storage.clone(), known) {
        Ok(ring) => Ok(DocumentKeys::new(ring)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(OpenError::Damaged {
            path,
            damage: Damage::Keys {
                detail: error.to_string(),
            },
        }),
        Err(error) => Err(OpenError::io(&path, error)),
    }
}

/// Writes the format into a new store, and checks it and the storage key in one that exists.
fn check_format(dir: &Path, db: &sled::Db, storage: &Secret) -> Result<(), OpenError> {
    let failed = |error| OpenError::store(dir, error);
    let mark = storage.mark("storage key", &[]);
    let (format_at, mark_at) = (layout::own("format"), layout::own("storage key"));
    if calm(|| Ok(db.is_empty())).map_err(failed)? {
        let mut batch = sled::Batch::default();
        batch.insert(format_at.clone(), layout::hashed(&format_at, &FORMAT.to_be_bytes()));
        batch.insert(mark_at.clone(), layout::hashed(&mark_at, &mark));
        calm(|| db.apply_batch(batch)).map_err(failed)?;
        let db = db.clone();
        let flushed = within(ANSWER_WAIT, move || calm(|| db.flush()));
        return flushed.and_then(|flushed| flushed).map(|_| ()).map_err(failed);
    }
    let read = |at: &[u8]| {
        let stored = calm(|| db.get(at)).map_err(failed)?;
        let value = stored.as_ref().and_then(|stored| layout::checked(at, stored));
        value.map(<[u8]>::to_vec).ok_or_else(|| OpenError::Damaged {
            path: dir.to_path_buf(),
            damage: Damage::Format,
        })
    };
    let found = read(&format_at)?.try_into().map_or(0, u32::from_be_bytes);
    if found > FORMAT {
        let dir = dir.to_path_buf();
        return Err(OpenError::Newer {
            dir,
            found,
            known: FORMAT,
        });
    }
    if read(&mark_at)? != mark {
        return Err(OpenError::WrongKey { dir: dir.to_path_buf() });
    }
    Ok(())
}

fn lost(files: &Path, writes: u64) -> OpenError {
    OpenError::Damaged {
        path: files.to_path_buf(),
        damage: Damage::Lost { writes },
    }
}

fn next_slot(db: &sled::Db) -> Result<Slot, StoreError> {
    number(db, NEXT_SLOT)
}

/// A number that the store remembers of itself; 0 when it does not.
fn number(db: &sled::Db, name: &str) -> Result<u64, StoreError> {
    let key = layout::own(name);
    let Some(stored) = calm(|| db.get(&key))? else {
        return Ok(0);
    };
    let number = layout::checked(&key, &stored).and_then(layout::read_slot);
    number.ok_or_else(|| damaged(Space::Meta, name.as_bytes()))
}
