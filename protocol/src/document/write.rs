//! Writing the changes of a document.
//!
//! What is written is a function of the arguments: no time, no message, the actor that is handed in, keys in their order.
//! Every change is put to the validator before it is handed out, so that a record that does not fit is an error for its
//! writer and never a refused entry on the network.

use super::encode::{Encoder, Entries, Scalar};
use super::foreign::is_foreign;
use super::history::History;
use super::read::{self, CONTRIBUTES_TO, KIND, OWNER, PRACTICE, QUARTER, SCHEMA, WEEK, is_frozen};
use super::seal::{Edits, seal};
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
    write(actor, &History::default(), edits.collect())
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
    let history = History::read(changes)?;
    let before = history.entries();
    let contents = read::contents(&before)?;
    if contents.kind != record.kind().number() || contents.contributes_to != record.contributes_to() {
        return Err(DocumentError::OtherRecord);
    }
    let after = encode(record, &before)?;
    let is_fixed = |key: &str| [SCHEMA, KIND, OWNER].contains(&key);
    let is_later =
        |key: &str| contents.unknown.contains_key(key) || is_foreign(record.kind(), key, &after) || is_frozen(key);

    let differs = after.iter().filter(|(key, scalar)| before.get(*key) != Some(scalar));
    let written = differs.map(|(key, scalar)| (key.to_string(), Some(scalar.clone())));
    let absent = before.keys().filter(|key| !after.contains_key(*key) && !is_later(key));
    let deleted = absent.map(|key| (key.to_string(), None));
    let mut edits: Edits<'_> = written.chain(deleted).filter(|(key, _)| !is_fixed(key)).collect();
    edits.sort_by(|(a, _), (b, _)| a.cmp(b));
    if edits.is_empty() {
        return Ok(None);
    }
    write(actor, &history, edits).map(Some)
}

/// Has the change written, and judges it as everybody else will.
fn write(actor: [u8; 16], history: &History<'_>, edits: Edits<'_>) -> Result<Vec<u8>, DocumentError> {
    let change = seal(actor, history, edits)?;
    let at = history.len();
    validate(&change).map_err(|source| DocumentError::Change { at, source })?;
    Ok(change)
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
    if record.is_quarter_only() {
        entries.insert(QUARTER.into(), Scalar::Flag(true));
    }
    if record.is_practice() {
        entries.insert(PRACTICE.into(), Scalar::Flag(true));
    }
    if let Some(record) = record.contributes_to() {
        entries.insert(CONTRIBUTES_TO.into(), Scalar::Text(record.to_string().into()));
    }
    Ok(entries)
}
