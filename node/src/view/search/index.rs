//! The index: terms and the records they stand in, on disk beside the view or in memory.
//!
//! Nothing of a text is stored, only its terms. A deleted record keeps its terms in the segment that held it until that is
//! written anew, so [`Index::settle`] does that at once, and looks which files are left.
//!
//! **Invariant:** segments are merged here and nowhere else: no thread of tantivy writes behind our back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{AddOperation, IndexWriterOptions, NoMergePolicy, SegmentWriter};
use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{IndexWriter, ReloadPolicy, SegmentMeta, TantivyDocument, TantivyError, Term};

use super::analysis::ANALYSIS_VERSION;
use super::reading::Reader;
use super::text::Entry;

/// The version of the fields below.
const FIELDS_VERSION: u32 = 1;
/// The least that tantivy takes as the memory of its own thread, which is given nothing to do here.
const WRITER_BYTES: usize = 15_000_000;
/// For how much tantivy lays out its table of terms at first; it grows.
const TABLE_BYTES: usize = 1_000_000;
/// What a segment may take in memory before it is written.
const SEGMENT_BYTES: usize = 12_000_000;
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
    /// Whether what questions read is what was committed last.
    is_sure: bool,
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
            is_sure: true,
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
    /// [`SearchError`]; of these records any may be missing then, until they are replaced again.
    pub(in crate::view) fn replace(&mut self, records: &BTreeMap<Key, Option<Entry>>) -> Result<(), SearchError> {
        let mut writer = self.writer()?;
        let known = self.known(records.keys())?;
        self.is_sure = false;
        if !known.is_empty() {
            // On its own: a deletion reaches every segment that comes in one commit with it.
            for term in known {
                writer.delete_term(term);
            }
            self.commit(&mut writer)?;
        }
        let mut entries = records.iter().filter_map(|(key, entry)| Some((key, entry.as_ref()?)));
        let mut is_new = false;
        while let Some(segment) = self.segment(&mut entries)? {
            writer.add_segment(segment)?;
            is_new = true;
        }
        if is_new {
            self.commit(&mut writer)?;
        }
        self.merge(&mut writer)?;
        drop(writer);
        self.reader.reload()?;
        self.is_sure = true;
        Ok(())
    }

    /// The terms by which those of these that are there are deleted.
    fn known<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Result<Vec<Term>, SearchError> {
        let terms = keys.map(|key| Term::from_field_text(self.names.key, &hex(key)));
        let Some(held) = self.reader.held().filter(|_| self.is_sure) else {
            return Ok(terms.collect());
        };
        let mut known = Vec::new();
        for term in terms {
            if held.searcher.doc_freq(&term)? > 0 {
                known.push(term);
            }
        }
        Ok(known)
    }

    fn commit(&self, writer: &mut IndexWriter) -> Result<(), SearchError> {
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&self.owner);
        commit.commit()?;
        Ok(())
    }

    /// Writes a segment of as many of these as it may hold, on this thread: each new thread of tantivy leaves 14 MB behind in an
    /// allocator that keeps memory by thread.
    fn segment<'a>(
        &self,
        entries: &mut dyn Iterator<Item = (&'a Key, &'a Entry)>,
    ) -> Result<Option<SegmentMeta>, SearchError> {
        let Some(first) = entries.next() else { return Ok(None) };
        let segment = self.index.new_segment();
        let mut writer = SegmentWriter::for_segment(TABLE_BYTES, segment.clone())?;
        let mut next = Some(first);
        while let Some((key, entry)) = next {
            let document = self.document(key, entry);
            // Nothing is deleted in the commit of this segment: the order within it does not matter.
            writer.add_document(AddOperation { opstamp: 0, document })?;
            next = if writer.mem_usage() < SEGMENT_BYTES {
                entries.next()
            } else {
                None
            };
        }
        let segment = segment.with_max_doc(writer.max_doc());
        writer.finalize()?;
        segment.meta().untrack_temp_docstore();
        Ok(Some(segment.meta().clone()))
    }

    /// Writes anew what holds terms of deleted records; whether every file is free of them.
    ///
    /// # Errors
    /// [`SearchError`].
    pub(in crate::view) fn settle(&mut self) -> Result<bool, SearchError> {
        let deleted = |meta: &SegmentMeta| meta.num_deleted_docs() > 0;
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
        self.reader.reload()?;
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
