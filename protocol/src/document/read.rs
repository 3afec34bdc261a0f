//! What a document says.

use std::collections::BTreeMap;

use super::DocumentError;
use super::decode::decode;
use super::encode::{Entries, Scalar};
use super::history::History;
use crate::id::{DocumentId, Gemeente, RecordId, Week};
use crate::record::{FROZEN, Fields, Part};

/// Keys of the envelope; no key of a field is without a colon.
pub(super) const SCHEMA: &str = "schema";
pub(super) const KIND: &str = "soort";
pub(super) const OWNER: &str = "eigenaar";
pub(super) const WEEK: &str = "week";
/// Only the quarter of the week is told.
pub(super) const QUARTER: &str = "kwartaal";
pub(super) const PRACTICE: &str = "fictief";
pub(super) const CONTRIBUTES_TO: &str = "bij";

/// What a document says: the envelope as it was written, and the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Number of the kind. The header of the founding entry has it too, and that one counts.
    pub kind: u16,
    /// The gemeente that wrote it, by its code at the time.
    pub owner: Gemeente,
    /// The week it is about; the first of its quarter when only that is told.
    pub week: Week,
    /// Whether the week is withheld, and only its quarter told.
    pub quarter_only: bool,
    /// The co-written record this is a part of, when it did not found one.
    pub contributes_to: Option<RecordId>,
    /// Whether this is practice data (`fictief`).
    pub practice: bool,
    /// The fields, also those whose name this version does not know.
    pub fields: Fields,
    /// Keys whose form this version does not know, with their scalars: kept when the document is edited.
    pub unknown: BTreeMap<String, serde_json::Value>,
}

impl Contents {
    /// The part that this document is of a record. Gemeente and kind are those of the founding entry: what the
    /// document says of them itself does not count.
    #[must_use]
    pub fn into_part(self, document: DocumentId, gemeente: Gemeente, kind: u16) -> Part {
        Part {
            gemeente,
            document,
            kind,
            week: self.week,
            quarter_only: self.quarter_only,
            contributes_to: self.contributes_to,
            practice: self.practice,
            fields: self.fields,
            unknown: self.unknown,
        }
    }
}

/// Reads a document from its changes, dependencies first. Any error means that the document is *kapot*: shown as such
/// and left out of answers, on every node alike.
///
/// # Errors
/// [`DocumentError::Change`] and the other errors of a history; [`DocumentError::Envelope`].
pub fn read(changes: &[Vec<u8>]) -> Result<Contents, DocumentError> {
    contents(&History::read(changes)?.entries())
}

/// Reads the map of a document.
pub(super) fn contents(entries: &Entries<'_>) -> Result<Contents, DocumentError> {
    let mut fields = Fields::new();
    let mut unknown = BTreeMap::new();
    for (key, scalar) in entries {
        if !is_envelope(key) && !decode(&mut fields, key, scalar) {
            unknown.insert(key.to_string(), scalar.to_json());
        }
    }
    let week: Week = text(entries, WEEK)?;
    let quarter_only = optional(entries, QUARTER, |scalar| scalar.flag())?.unwrap_or(false);
    Ok(Contents {
        kind: number(entries, KIND)?,
        owner: text(entries, OWNER)?,
        // Whatever week stands there: nothing finer than its quarter is read.
        week: if quarter_only { week.quarter_start() } else { week },
        quarter_only,
        contributes_to: optional(entries, CONTRIBUTES_TO, |scalar| scalar.text()?.parse().ok())?,
        practice: optional(entries, PRACTICE, |scalar| scalar.flag())?.unwrap_or(false),
        fields,
        unknown,
    })
}

/// Whether a key says what an experiment froze: once written it stays, whatever replaces it.
pub(super) fn is_frozen(key: &str) -> bool {
    let name = key.strip_prefix("C:").and_then(|rest| rest.strip_prefix(FROZEN));
    name.is_some_and(|rest| rest.starts_with(':'))
}

fn is_envelope(key: &str) -> bool {
    [SCHEMA, KIND, OWNER, WEEK, QUARTER, PRACTICE, CONTRIBUTES_TO].contains(&key)
}

fn number<T: TryFrom<i64>>(entries: &Entries<'_>, key: &'static str) -> Result<T, DocumentError> {
    let number = optional(entries, key, |scalar| T::try_from(scalar.number()?).ok())?;
    number.ok_or(DocumentError::Envelope { key })
}

fn text<T: std::str::FromStr>(entries: &Entries<'_>, key: &'static str) -> Result<T, DocumentError> {
    let text = optional(entries, key, |scalar| scalar.text()?.parse().ok())?;
    text.ok_or(DocumentError::Envelope { key })
}

/// A key that may be absent, but not be something else.
fn optional<T>(
    entries: &Entries<'_>,
    key: &'static str,
    read: impl Fn(&Scalar<'_>) -> Option<T>,
) -> Result<Option<T>, DocumentError> {
    let scalar = entries.get(key);
    scalar
        .map(|scalar| read(scalar).ok_or(DocumentError::Envelope { key }))
        .transpose()
}
