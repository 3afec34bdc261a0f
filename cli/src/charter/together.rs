//! `withdraw --by-quorum`: what members take back together, of a member that is gone or does not do it itself.
//!
//! Each signs the same with the root key, as for a suspension: where the document was founded comes from the node, the signature
//! is made here, and the statement goes back to the node, which passes it on.

use protocol::api::{IntrekkingGevraagd, Message, Vindplaats, path};
use protocol::id::DocumentId;
use serde_json::json;

use super::editions;
use super::held;
use super::stand::codes;
use crate::address::Node;
use crate::args::RootFiles;
use crate::client::{Client, path_of};
use crate::daemon;
use crate::erasure;
use crate::exit::Exit;
use crate::list;
use crate::next;
use crate::output::{Output, Stop, plain};
use crate::person::Person;

/// Characters of an id: enough to tell them apart, short enough to type.
const ID_CHARS: usize = 12;

fn short(document: DocumentId) -> String {
    document.to_string().chars().take(ID_CHARS).collect()
}

/// Asks to take a document back, whoever it is of. Somebody at a terminal first sees which one it is, and of whom.
///
/// # Errors
/// [`Stop`] when it is not known here, the root key has no say in it, or somebody says no.
pub fn withdraw(
    node: &Node,
    id: &str,
    (keys, yes): (&RootFiles, bool),
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let client = Client::of(node, output.lang)?;
    let place: Vindplaats = client.read(&path_of(path::RECORD_VINDPLAATS, id), &[])?;
    if !yes && !output.json {
        let title = list::title_of_shared(&client, id);
        erasure::agreed(&question(&place, title.as_deref()), person, output)?;
    }
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
    editions::old_key(&signed, output)?;
    let (id, owner) = (short(place.document), place.eigenaar);
    match asked {
        Some(asked) => {
            self::asked(asked, output)?;
            let step = match only_owner(asked) {
                true => next::of_owner(owner),
                false => next::of_withdrawal(&id),
            };
            next::say(&step, output)?;
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
    erasure::hears(&client, output)?;
    Ok(Exit::Ok)
}

/// Whether nobody is left to ask it but the owner: of one, two or three voting members it takes all. Who voted in an earlier edition
/// beside the owner may be able to ask it too, so the node says who is left.
fn only_owner(asked: &IntrekkingGevraagd) -> bool {
    asked.ontbreekt.iter().all(|able| *able == asked.eigenaar)
}

/// What is taken back, in the words of the record where there are any.
fn question(place: &Vindplaats, title: Option<&str>) -> Message {
    let (id, owner) = (short(place.document), place.eigenaar);
    let what = title.map(|title| format!("{}, ", plain(title))).unwrap_or_default();
    Message::with(
        format!("Vraagt deze gemeente om voorgoed in te trekken: {what}document {id} van {owner}? Typ ja:"),
        format!("Does this gemeente ask to take back for good: {what}document {id} of {owner}? Type yes:"),
    )
}

/// A document that members asked to take back, and too few so far.
pub(super) fn asked(asked: &IntrekkingGevraagd, output: &mut Output<'_>) -> Result<(), Stop> {
    let (id, owner, by, needed) = (short(asked.document), asked.eigenaar, codes(&asked.door), asked.nodig);
    let able = codes(&asked.ontbreekt);
    let able = match able.as_str() {
        "" => Message::new("", ""),
        able => Message::with(format!(", van {able}"), format!(", of {able}")),
    };
    output.say(&Message::with(
        format!(
            "Gevraagd in te trekken: document {id} van {owner}, door {by}; nog {needed} nodig{}",
            able.nl
        ),
        format!(
            "Asked to withdraw: document {id} of {owner}, by {by}; {needed} more needed{}",
            able.en
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_left_but_the_owner_when_the_node_names_no_other() {
        let asked = |able: &[&str]| -> IntrekkingGevraagd {
            serde_json::from_value(json!({
                "document": "3".repeat(64), "eigenaar": "GM9901", "soort": null, "door": ["GM9902", "GM9903"], "nodig": 1,
                "ontbreekt": able,
            }))
            .unwrap()
        };
        assert!(only_owner(&asked(&["GM9901"])));
        // It voted beside the owner once, and may have left since.
        assert!(!only_owner(&asked(&["GM9901", "GM9904"])));
    }
}
