//! The only file that opens automerge: it writes the changes of a document.
//!
//! What it writes is a function of its arguments: no time, no message, the actor that is handed in, keys in their
//! order. Every change is put to the validator before it is handed out, so that a record that does not fit is an error
//! for its writer and never a refused entry on the network.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, AutomergeError, Change, ROOT, ReadDoc, ScalarValue};

use super::encode::{Encoder, Entries, Scalar};
use super::foreign::is_foreign;
use super::history::History;
use super::read::{self, CONTRIBUTES_TO, KIND, OWNER, PRACTICE, SCHEMA, WEEK};
use super::{DocumentError, validate};
use crate::gate::Shareable;

/// The form of documents that this program writes: `SPEC.md`, Document.
const SCHEMA_NUMBER: i64 = 1;

/// Writes the change that founds a document.
///
/// # Errors
/// A record that does not fit: [`DocumentError::Change`] with the limit it breaks, [`DocumentError::Depth`],
/// [`DocumentError::FieldName`], [`DocumentError::LocalLink`].
pub fn found(actor: [u8; 16], record: &Shareable) -> Result<Vec<u8>, DocumentError> {
    let edits = encode(record, &Entries::new())?;
    let edits = edits.into_iter().map(|(key, scalar)| (key.into_owned(), Some(scalar)));
    write(actor, &[], edits.collect())?.ok_or(DocumentError::Empty)
}

/// Writes the change that makes a document say what the record says; `None` when it already does. `changes` are the
/// effective changes, dependencies first; `actor` is that of the log that writes.
///
/// What founded the document stays: its kind, its owner, what it contributes to. What a later version wrote and this
/// one does not know stays too.
///
/// # Errors
/// Those of [`found`] and of [`super::read`]; [`DocumentError::OtherRecord`] when the record is of another kind or
/// contributes to something else than the document.
pub fn edit(actor: [u8; 16], changes: &[Vec<u8>], record: &Shareable) -> Result<Option<Vec<u8>>, DocumentError> {
    let before = History::read(changes)?.entries();
    let contents = read::contents(&before)?;
    if contents.kind != record.kind().number() || contents.contributes_to != record.contributes_to() {
        return Err(DocumentError::OtherRecord);
    }
    let after = encode(record, &before)?;
    let is_kept = |key: &str| [SCHEMA, KIND, OWNER].contains(&key) || contents.unknown.contains_key(key);
    let is_gone = |key: &str| !is_kept(key) && !after.contains_key(key) && !is_foreign(record.kind(), key, &after);

    let written = after
        .iter()
        .filter(|(key, scalar)| !is_kept(key) && before.get(*key) != Some(scalar));
    let mut edits: Vec<_> = written
        .map(|(key, scalar)| (key.to_string(), Some(scalar.clone())))
        .collect();
    let gone = before.keys().filter(|key| is_gone(key));
    edits.extend(gone.map(|key| (key.to_string(), None)));
    edits.sort_by(|(a, _), (b, _)| a.cmp(b));
    if edits.is_empty() {
        Ok(None)
    } else {
        write(actor, changes, edits)
    }
}

/// The map that says what a record says.
fn encode<'a>(record: &'a Shareable, before: &Entries<'_>) -> Result<Entries<'a>, DocumentError> {
    let mut encoder = Encoder {
        entries: Entries::new(),
        before,
    };
    encoder.fields(record.fields())?;
    let mut entries = encoder.entries;
    entries.insert(SCHEMA.into(), Scalar::Number(SCHEMA_NUMBER));
    entries.insert(KIND.into(), Scalar::Number(i64::from(record.kind().number())));
    entries.insert(OWNER.into(), Scalar::Text(record.owner().to_string().into()));
    entries.insert(WEEK.into(), Scalar::Text(record.week().to_string().into()));
    if record.is_practice() {
        entries.insert(PRACTICE.into(), Scalar::Flag(true));
    }
    if let Some(record) = record.contributes_to() {
        entries.insert(CONTRIBUTES_TO.into(), Scalar::Text(record.to_string().into()));
    }
    Ok(entries)
}

/// Keys in their order, with what they become; nothing deletes the key.
type Edits<'a> = Vec<(String, Option<Scalar<'a>>)>;

/// Has automerge write one change, and checks it.
fn write(actor: [u8; 16], changes: &[Vec<u8>], edits: Edits<'_>) -> Result<Option<Vec<u8>>, DocumentError> {
    // The changes have passed the validator, so that automerge should have no reason to panic; if it does, nothing of
    // its state is used afterwards.
    let outcome = catch_unwind(AssertUnwindSafe(|| commit(actor, changes, edits)));
    let written = outcome.map_err(|_| DocumentError::Panic)??;
    if let Some(bytes) = &written {
        let at = changes.len();
        validate(bytes).map_err(|source| DocumentError::Change { at, source })?;
    }
    Ok(written)
}

fn commit(actor: [u8; 16], changes: &[Vec<u8>], edits: Edits<'_>) -> Result<Option<Vec<u8>>, DocumentError> {
    let mut document = load(changes)?.with_actor(ActorId::from(actor));
    let mut transaction = document.transaction();
    for (key, scalar) in edits {
        match scalar {
            Some(scalar) => transaction.put(ROOT, key, value(scalar))?,
            None => transaction.delete(ROOT, key)?,
        }
    }
    transaction.commit();
    let change = document.get_last_local_change();
    Ok(change.map(|change| change.raw_bytes().to_vec()))
}

/// A document of automerge with all these changes applied.
fn load(changes: &[Vec<u8>]) -> Result<Automerge, DocumentError> {
    let mut document = Automerge::new();
    let changes: Result<Vec<_>, _> = changes.iter().map(|bytes| Change::try_from(bytes.as_slice())).collect();
    let changes = changes.map_err(AutomergeError::from)?;
    let count = changes.len();
    document.apply_changes(changes)?;
    // automerge keeps a change whose dependencies are missing in a queue and says nothing.
    if document.stats().num_changes == count as u64 {
        Ok(document)
    } else {
        Err(DocumentError::Queued)
    }
}

fn value(scalar: Scalar<'_>) -> ScalarValue {
    match scalar {
        Scalar::Text(text) => ScalarValue::Str(text.as_ref().into()),
        Scalar::Number(number) => ScalarValue::Int(number),
        Scalar::Flag(flag) => ScalarValue::Boolean(flag),
    }
}
