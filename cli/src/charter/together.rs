//! `withdraw --by-quorum`: what members take back together, of a member that is gone or does not do it itself.
//!
//! Each signs the same with the root key, as for a suspension: where the document was founded comes from the node, the signature
//! is made here, and the statement goes back to the node, which passes it on.

use protocol::api::{IntrekkingGevraagd, Message, Vindplaats, path};
use protocol::id::DocumentId;
use serde_json::json;

use super::held;
use super::stand::codes;
use crate::address::Node;
use crate::args::RootFiles;
use crate::client::{Client, path_of};
use crate::daemon;
use crate::exit::Exit;
use crate::next;
use crate::output::{Output, Stop};

/// Characters of an id: enough to tell them apart, short enough to type.
const ID_CHARS: usize = 12;

fn short(document: DocumentId) -> String {
    document.to_string().chars().take(ID_CHARS).collect()
}

/// Asks to take a document back, whoever it is of.
///
/// # Errors
/// [`Stop`] when it is not known here, or the root key has no say in it.
pub fn withdraw(node: &Node, id: &str, keys: &RootFiles, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let client = Client::of(node, output.lang)?;
    let place: Vindplaats = client.read(&path_of(path::RECORD_VINDPLAATS, id), &[])?;
    let charter = held::text_of(node, output.lang)?;
    let signed = daemon::withdraw(node, &charter, &place, keys)?;
    let imported = held::hand_over(node, &signed.charter, output.lang)?;
    let mut asked = signed.stand.intrekkingen.iter();
    let asked = asked.find(|asked| asked.document == place.document);
    if output.json {
        let value = json!({
            "document": place.document, "eigenaar": place.eigenaar, "door": signed.by, "gelezen": imported.gelezen,
            "nieuw": imported.nieuw, "ingetrokken": asked.is_none(), "nodig": asked.map_or(0, |asked| asked.nodig),
        });
        output.line(&value.to_string())?;
        return Ok(Exit::Ok);
    }
    let (id, owner) = (short(place.document), place.eigenaar);
    match asked {
        Some(asked) => {
            self::asked(asked, output)?;
            next::say(&next::of_withdrawal(&id), output)?;
        }
        None => output.say(&Message::with(
            format!(
                "ingetrokken: document {id} van {owner}\n\
                 elke node wist het zodra hij dit hoort; leerkring receipts {id} toont wie dat bevestigde"
            ),
            format!(
                "withdrawn: document {id} of {owner}\n\
                 every node erases it once it hears of this; leerkring receipts {id} shows who confirmed"
            ),
        ))?,
    }
    Ok(Exit::Ok)
}

/// A document that members asked to take back, and too few so far.
pub(super) fn asked(asked: &IntrekkingGevraagd, output: &mut Output<'_>) -> Result<(), Stop> {
    let (id, owner, by, needed) = (short(asked.document), asked.eigenaar, codes(&asked.door), asked.nodig);
    output.say(&Message::with(
        format!("Gevraagd in te trekken: document {id} van {owner}, door {by}; nog {needed} nodig"),
        format!("Asked to withdraw: document {id} of {owner}, by {by}; {needed} more needed"),
    ))
}
