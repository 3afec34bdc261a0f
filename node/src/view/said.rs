//! What the changes of a batch say, read before they are written: of many on a thread of its own while the first are written.

use std::sync::mpsc::sync_channel;
use std::thread;

use protocol::document;
use protocol::gate::received;
use protocol::id::{DocumentId, Gemeente, RecordId};
use protocol::record::Part;

use super::{Change, Content, ViewError};

/// Changes that are read together, and how many times that many ahead of what is written.
const AHEAD_CHANGES: usize = 50;
const AHEAD_MAX: usize = 4;

/// What there is to write of a document that counts.
pub(super) struct Said {
    /// The gemeente that writes it.
    pub(super) gemeente: Gemeente,
    /// The record it is part of; nothing when it cannot be read.
    pub(super) record: Option<RecordId>,
    /// How many places the rules for what arrives hid.
    pub(super) hidden: u32,
    /// The part, as JSON.
    pub(super) content: Option<String>,
}

/// Reads each of these, and has it written, in order.
pub(super) fn each(
    changes: &[Change],
    mut write: impl FnMut(&Change, Option<Said>) -> Result<(), ViewError>,
) -> Result<(), ViewError> {
    if changes.len() <= AHEAD_CHANGES {
        return changes.iter().try_for_each(|change| write(change, read(change)?));
    }
    let (tell, told) = sync_channel(AHEAD_MAX);
    thread::scope(|scope| {
        scope.spawn(move || {
            for some in changes.chunks(AHEAD_CHANGES) {
                let said: Result<Vec<_>, _> = some.iter().map(read).collect();
                // Whoever no longer listens has failed itself.
                if tell.send(said).is_err() {
                    return;
                }
            }
        });
        for (some, said) in changes.chunks(AHEAD_CHANGES).zip(told) {
            for (change, said) in some.iter().zip(said?) {
                write(change, said)?;
            }
        }
        Ok(())
    })
}

/// What a change says; nothing of a document that does not count.
fn read(change: &Change) -> Result<Option<Said>, ViewError> {
    let (gemeente, mut part) = match &change.content {
        Content::Gone | Content::Withdrawn => return Ok(None),
        Content::Unreadable { gemeente } => (*gemeente, None),
        Content::Changes {
            gemeente,
            kind,
            changes,
        } => (*gemeente, read_part(change.document, *gemeente, *kind, changes)),
    };
    let hidden = part.as_mut().map_or(0, received::hide);
    let record = part
        .as_ref()
        .map(|part| part.contributes_to.unwrap_or(change.document.into()));
    // The message of serde_json may quote what it was given, and this ends in a log.
    let content = part.as_ref().map(serde_json::to_string).transpose();
    let content = content.map_err(|_| ViewError::Damaged {
        detail: format!("document {} has no form in JSON", change.document),
    })?;
    Ok(Some(Said {
        gemeente,
        record,
        hidden,
        content,
    }))
}

/// What a document says; nothing when it cannot be read, which every node finds alike.
fn read_part(document: DocumentId, gemeente: Gemeente, kind: u16, changes: &[Vec<u8>]) -> Option<Part> {
    let contents = document::read(changes);
    let contents = contents.inspect_err(|error| {
        tracing::warn!(%document, %error, "document is kapot");
    });
    Some(contents.ok()?.into_part(document, gemeente, kind))
}
