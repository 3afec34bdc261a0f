//! The index: terms and the records they stand in, on disk beside the view or in memory.
//!
//! Nothing of a text is stored, only its terms. A deleted record keeps its terms in the segment that held it until that is
//! written anew, so [`Index::settle`] does that at once, and looks which files are left.
//!
//! **Invariant:** segments are merged here and nowhere else: no thread of tantivy writes behind our back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term};

use super::analysis::ANALYSIS_VERSION;
use super::text::Entry;

/// The version of the fields below.
const FIELDS_VERSION: u32 = 1;
/// What the index may hold in memory before it writes a segment; tantivy takes no less.
const WRITER_BYTES: usize = 15_000_000;
/// How often one term of a text counts at most.
const COUNT_MAX: u32 = 8;
/// So many segments of a size are merged into one.
const MERGE_SEGMENTS: usize = 8;
/// What is smaller counts as of one size, in records.
const SMALL_RECORDS: u32 = 2_000;
/// A larger segment is merged with no other: one that is written anew for an erasure must not take long.
const LARGE_RECORDS: u32 = 60_000;

/// Bytes of the id of a record.
const KEY_BYTES: usize = 20;

/// Why the index does not answer or take anything.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// tantivy failed.
    #[error("the search index failed: {0}")]
    Tantivy(#[from] TantivyError),
    /// A file of it cannot be reached.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl SearchError {
    /// Whether the disk is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let is_full = |error: &io::Error| error.kind() == io::ErrorKind::StorageFull;
        match self {
            Self::Io { source, .. } => is_full(source),
            Self::Tantivy(TantivyError::IoError(error)) => is_full(error),
            Self::Tantivy(_) => false,
        }
    }
}

/// A record in the index: of the network its id, of the vault a hash of the local id.
pub(in crate::view) type Key = [u8; KEY_BYTES];

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    /// The key as text, by which it is deleted.
    key: Field,
    key_parts: [Field; 3],
    week: Field,
    /// Codes, such as `thema=wonen`, `soort=les`, `gemeente=GM0014`.
    pub(super) codes: Field,
    pub(super) words: Field,
    pub(super) parts: Field,
    pub(super) concepts: Field,
}

/// The key from the numbers that its columns hold.
pub(super) fn key_of(parts: [u64; 3]) -> Key {
    let mut key = [0; KEY_BYTES];
    for (bytes, part) in key.chunks_mut(8).zip(parts) {
        let from = 8 - bytes.len();
        bytes.copy_from_slice(&part.to_be_bytes()[from..]);
    }
    key
}

/// How the columns are called that are read by name.
pub(super) const KEY_PARTS: [&str; 3] = ["sleutel_1", "sleutel_2", "sleutel_3"];
pub(super) const WEEK: &str = "week";
pub(super) const CODES: &str = "codes";

/// The index, to be written.
#[derive(Debug)]
pub(in crate::view) struct Index {
    index: tantivy::Index,
    names: Names,
    /// What it belongs to, as it stands in every commit.
    owner: String,
    /// Where it is; nowhere when it is in memory.
    place: Option<PathBuf>,
    reader: Reader,
}

/// The index, to be read: one for all questions, which see every commit at once.
#[derive(Debug, Clone, Default)]
pub(in crate::view) struct Reader {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    shown: Mutex<Shown>,
    changed: Condvar,
}

#[derive(Default)]
struct Shown {
    open: Option<(IndexReader, Names)>,
    /// Records of the view that the index does not have yet as they are.
    due: u64,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("due", &self.due).finish_non_exhaustive()
    }
}

/// One state of the index.
pub(super) struct Held {
    pub(super) searcher: Searcher,
    pub(super) names: Names,
}

impl Reader {
    /// The state of the last commit; nothing while there is no index.
    pub(super) fn held(&self) -> Option<Held> {
        let shown = self.shown();
        let (reader, names) = shown.open.as_ref()?;
        Some(Held {
            searcher: reader.searcher(),
            names: *names,
        })
    }

    /// Waits until the index has all that the view shows, or no longer than this; how many records it lacks.
    pub(in crate::view) fn wait(&self, patience: Duration) -> u64 {
        let waited = self
            .shared
            .changed
            .wait_timeout_while(self.shown(), patience, |shown| shown.due > 0);
        waited.map_or_else(|broken| broken.into_inner().0.due, |(shown, _)| shown.due)
    }

    /// Says how many records the index lacks.
    pub(in crate::view) fn owes(&self, due: u64) {
        self.shown().due = due;
        self.shared.changed.notify_all();
    }

    fn show(&self, open: Option<(IndexReader, Names)>) {
        self.shown().open = open;
    }

    /// A std mutex: it is held for a clone or a number, never while a question runs.
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shared.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn schema() -> (Schema, Names) {
    let mut builder = Schema::builder();
    let terms = |tokenizer: &str, counts: bool, lengths: bool| {
        let option = if counts {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(option)
            .set_fieldnorms(lengths)
    };
    let text = |indexing| TextOptions::default().set_indexing_options(indexing);
    let number = NumericOptions::from(FAST);
    let names = Names {
        key: builder.add_text_field("sleutel", STRING),
        key_parts: KEY_PARTS.map(|name| builder.add_u64_field(name, number.clone())),
        week: builder.add_i64_field(WEEK, number),
        codes: builder.add_text_field(CODES, text(terms("raw", false, false)).set_fast("raw")),
        words: builder.add_text_field("woorden", text(terms("whitespace", true, true))),
        parts: builder.add_text_field("delen", text(terms("whitespace", true, false))),
        concepts: builder.add_text_field("begrippen", text(terms("whitespace", true, false))),
    };
    (builder.build(), names)
}

impl Index {
    /// Opens the index of the view with this mark, or makes an empty one; whether it is the one that was there.
    ///
    /// # Errors
    /// [`SearchError`].
    pub(in crate::view) fn open(place: &Path, owner: &str, reader: Reader) -> Result<(Self, bool), SearchError> {
        let owner = format!("{owner} {FIELDS_VERSION} {ANALYSIS_VERSION}");
        if place.exists() {
            match Self::open_current(place, &owner, &reader) {
                Ok(Some(index)) => return Ok((index, true)),
                Ok(None) => tracing::info!("the search index is of another view or version"),
                Err(error) => tracing::warn!(%error, "the search index is not what it was"),
            }
        }
        let failed = |source| SearchError::Io {
            path: place.to_path_buf(),
            source,
        };
        reader.show(None);
        match fs::remove_dir_all(place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        fs::DirBuilder::new().mode(0o700).create(place).map_err(failed)?;
        let (schema, _) = schema();
        let index = tantivy::Index::create_in_dir(place, schema)?;
        Ok((Self::new(index, owner, Some(place.to_path_buf()), reader)?, false))
    }

    /// An index that is nowhere but in memory.
    ///
    /// # Errors
    /// [`SearchError`].
    pub(in crate::view) fn in_memory() -> Result<Self, SearchError> {
        let (schema, _) = schema();
        Self::new(
            tantivy::Index::create_in_ram(schema),
            String::new(),
            None,
            Reader::default(),
        )
    }

    fn open_current(place: &Path, owner: &str, reader: &Reader) -> Result<Option<Self>, SearchError> {
        let failed = |source| SearchError::Io {
            path: place.to_path_buf(),
            source,
        };
        fs::set_permissions(place, fs::Permissions::from_mode(0o700)).map_err(failed)?;
        let directory = MmapDirectory::open(place).map_err(TantivyError::from)?;
        let index = tantivy::Index::open(directory)?;
        let is_ours = index.load_metas()?.payload.as_deref() == Some(owner) && index.schema() == schema().0;
        if !is_ours || !index.validate_checksum()?.is_empty() {
            return Ok(None);
        }
        let index = Self::new(index, owner.to_owned(), Some(place.to_path_buf()), reader.clone())?;
        index.sweep()?;
        Ok(Some(index))
    }

    /// Removes the files of a commit that a crash cut off: the next one may need their names, and tantivy writes over nothing.
    fn sweep(&self) -> Result<(), SearchError> {
        let writer = self.writer()?;
        writer.garbage_collect_files().wait()?;
        Ok(writer.wait_merging_threads()?)
    }

    fn new(index: tantivy::Index, owner: String, place: Option<PathBuf>, reader: Reader) -> Result<Self, SearchError> {
        let (_, names) = schema();
        let opened = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        reader.show(Some((opened, names)));
        Ok(Self {
            index,
            names,
            owner,
            place,
            reader,
        })
    }

    /// Where questions read it.
    pub(in crate::view) fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// Replaces what is there of these records; of one without an entry nothing stays. When this returns it survives a crash
    /// and every question sees it.
    ///
    /// # Errors
    /// [`SearchError`]; nothing was replaced then.
    pub(in crate::view) fn replace(&mut self, records: &BTreeMap<Key, Option<Entry>>) -> Result<(), SearchError> {
        let mut writer = self.writer()?;
        for (key, entry) in records {
            writer.delete_term(Term::from_field_text(self.names.key, &hex(key)));
            if let Some(entry) = entry {
                writer.add_document(self.document(key, entry))?;
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&self.owner);
        commit.commit()?;
        self.merge(&mut writer)?;
        drop(writer);
        self.shown()
    }

    /// Writes anew what holds terms of deleted records; whether every file is free of them.
    ///
    /// # Errors
    /// [`SearchError`].
    pub(in crate::view) fn settle(&mut self) -> Result<bool, SearchError> {
        let deleted = |meta: &tantivy::SegmentMeta| meta.num_deleted_docs() > 0;
        if self.is_clean()? {
            return Ok(true);
        }
        let mut writer = self.writer()?;
        for meta in self
            .index
            .searchable_segment_metas()?
            .iter()
            .filter(|meta| deleted(meta))
        {
            writer.merge(&[meta.id()]).wait()?;
        }
        self.shown()?;
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()?;
        self.is_clean()
    }

    /// Whether no segment holds a deleted record, and no file is there of a segment that no longer counts: a question may still
    /// be reading it.
    fn is_clean(&self) -> Result<bool, SearchError> {
        let metas = self.index.searchable_segment_metas()?;
        if metas.iter().any(|meta| meta.num_deleted_docs() > 0) {
            return Ok(false);
        }
        let Some(place) = &self.place else { return Ok(true) };
        let failed = |source| SearchError::Io {
            path: place.clone(),
            source,
        };
        let living: BTreeSet<String> = metas.iter().map(|meta| meta.id().uuid_string()).collect();
        for file in fs::read_dir(place).map_err(failed)? {
            let name = file.map_err(failed)?.file_name();
            let name = name.to_string_lossy();
            let segment = name.split_once('.').map_or("", |(segment, _)| segment);
            if is_segment(segment) && !living.contains(segment) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn writer(&self) -> Result<IndexWriter, SearchError> {
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = self.index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(writer)
    }

    /// Merges segments of about one size once there are many.
    fn merge(&self, writer: &mut IndexWriter) -> Result<(), SearchError> {
        let mut sizes: BTreeMap<u32, Vec<_>> = BTreeMap::new();
        for meta in self.index.searchable_segment_metas()? {
            if meta.num_docs() < LARGE_RECORDS {
                let size = meta.num_docs().max(SMALL_RECORDS).ilog(MERGE_SEGMENTS as u32);
                sizes.entry(size).or_default().push(meta.id());
            }
        }
        for segments in sizes.values().filter(|segments| segments.len() >= MERGE_SEGMENTS) {
            writer.merge(segments).wait()?;
        }
        Ok(())
    }

    /// Shows the last commit to every question from here on.
    fn shown(&self) -> Result<(), SearchError> {
        match &self.reader.shown().open {
            Some((reader, _)) => Ok(reader.reload()?),
            None => Ok(()),
        }
    }

    fn document(&self, key: &Key, entry: &Entry) -> TantivyDocument {
        let names = &self.names;
        let mut document = TantivyDocument::default();
        document.add_text(names.key, hex(key));
        for (field, part) in names.key_parts.iter().zip(key.chunks(8)) {
            let part = part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
            document.add_u64(*field, part);
        }
        document.add_i64(names.week, entry.week);
        for code in &entry.codes {
            document.add_text(names.codes, code);
        }
        let terms = &entry.terms;
        let words = terms.words.iter().map(|(term, count)| (term.clone(), *count));
        document.add_text(names.words, repeated(words));
        let parts = terms.parts.iter().map(|(term, count)| (term.clone(), *count));
        document.add_text(names.parts, repeated(parts));
        let concepts = terms.concepts.iter().map(|(concept, count)| (concept.term(), *count));
        document.add_text(names.concepts, repeated(concepts));
        document
    }
}

/// Each term as often as it counts, for a tokenizer that only looks for spaces.
fn repeated(terms: impl Iterator<Item = (String, u32)>) -> String {
    let mut text = String::new();
    for (term, count) in terms {
        for _ in 0..count.min(COUNT_MAX) {
            text.push_str(&term);
            text.push(' ');
        }
    }
    text
}

/// The name of a segment is a number of 128 bits.
fn is_segment(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hex(key: &Key) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}
