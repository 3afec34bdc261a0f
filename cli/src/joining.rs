//! `charter invite` and `join`: how somebody comes into a federation that exists.
//!
//! An invitation proves that a node wrote it, and not that the federation is the one somebody means. That is for two
//! people to settle by phone, so whoever comes in is shown the fingerprint and told to compare it.

use std::path::Path;

use protocol::api::{self, Lang, Message, NieuweUitnodiging, Oordeel, Uitnodiging, path};
use protocol::id::Gemeente;

use crate::address::{Node, read_text_of};
use crate::charter;
use crate::client::{Client, parse};
use crate::daemon;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Longest file with an invitation.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Writes an invitation into the federation of this node.
///
/// # Errors
/// [`Stop`] when the node cannot let anybody in.
pub fn invite(node: &Node, out: Option<&Path>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let written: NieuweUitnodiging = match node.running()? {
        Some(_) => Client::of(node, output.lang)?.read(path::UITNODIGING, &[])?,
        None => daemon::invite(node.dir()?)?,
    };
    charter::write(out, &written.tekst, output)?;
    // Without a file the invitation itself is what is printed, and nothing may stand around it.
    if out.is_none() {
        return Ok(Exit::Ok);
    }
    let invitation = &written.uitnodiging;
    if output.json {
        output.line(&serde_json::to_string(invitation).expect("texts, numbers and keys"))?;
        return Ok(Exit::Ok);
    }
    show(invitation, output)?;
    output.say(&Message::new(
        "Stuur het bestand zoals u wilt, en lees deze vingerafdruk voor als de ontvanger belt",
        "Send the file in any way, and read this fingerprint out when the receiver calls",
    ))?;
    Ok(Exit::Ok)
}

/// Takes an invitation in.
///
/// # Errors
/// [`Stop`] when it is none, or the node belongs to another federation.
pub fn join(node: &Node, file: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = read_text_of(file, FILE_BYTES_MAX)?;
    let invitation: Uitnodiging = match node.running()? {
        Some(_) => {
            let client = Client::of(node, output.lang)?;
            parse(&client.post(path::UITNODIGING, api::MEDIA_BYTES, text.as_bytes())?)?
        }
        None => daemon::join(node.dir()?, &text)?,
    };
    if output.json {
        output.line(&serde_json::to_string(&invitation).expect("texts, numbers and keys"))?;
        return Ok(Exit::Ok);
    }
    show(&invitation, output)?;
    output.say(&match invitation.toegelaten {
        true => Message::new("Deze node hoort er al bij", "This node belongs already"),
        false => Message::new(
            "Bel een gemeente die u kent en laat haar deze vingerafdruk voorlezen (leerkring charter show)\n\
             Klopt zij, maak dan uw kaart met leerkring charter card --out KAART en stuur haar die: een lid stelt u voor\n\
             Laat de node draaien; zij vraagt zelf steeds weer of zij erbij hoort, en leerkring status zegt hoe het staat",
            "Call a gemeente that you know and let it read out this fingerprint (leerkring charter show)\n\
             When it is right, make your card with leerkring charter card --out CARD and send it: a member proposes you\n\
             Let the node run; it asks again and again whether it belongs, and leerkring status tells how things are",
        ),
    })?;
    Ok(Exit::Ok)
}

/// Shows what an invitation says.
///
/// # Errors
/// [`Stop`] when nobody reads any more or writing fails.
pub fn show(invitation: &Uitnodiging, output: &mut Output<'_>) -> Result<(), Stop> {
    let (federation, edition) = (invitation.federatie, invitation.editie);
    output.heading(&Message::with(
        format!("Uitnodiging in federatie {federation}, editie {edition}"),
        format!("Invitation into federation {federation}, edition {edition}"),
    ))?;
    let name = output.lang.pick("vingerafdruk", "fingerprint");
    output.line(&format!("  {name:<15} {}", invitation.vingerafdruk))?;
    for node in &invitation.nodes {
        let addresses = match node.adressen.as_slice() {
            [] => output.lang.pick("zonder adres", "without an address").to_owned(),
            addresses => plain(&addresses.join(" ")),
        };
        output.line(&format!("  {:<15} {addresses}", node.gemeente.to_string()))?;
    }
    Ok(())
}

/// How it stands with the invitation of a node, in a few words.
#[must_use]
pub fn standing(invitation: &Uitnodiging) -> Message {
    let edition = invitation.editie;
    match (invitation.toegelaten, invitation.oordeel) {
        (_, Oordeel::NietBeslist) => Message::with(
            format!(
                "LET OP: deze federatie heeft editie {edition} van de uitnodiging nooit besloten; vertrouw haar niet en bel een lid"
            ),
            format!(
                "WARNING: this federation never decided for edition {edition} of the invitation; do not trust it and call a member"
            ),
        ),
        (true, Oordeel::Beslist) => Message::with(
            format!("editie {edition} van de uitnodiging is door deze federatie besloten"),
            format!("edition {edition} of the invitation was decided by this federation"),
        ),
        (true, Oordeel::Onbekend) => Message::with(
            format!("editie {edition} van de uitnodiging is hier nog niet binnen"),
            format!("edition {edition} of the invitation is not here yet"),
        ),
        (false, _) => Message::with(
            format!("nog niet toegelaten (uitgenodigd bij editie {edition}): een lid stelt u voor met uw kaart"),
            format!("not let in yet (invited at edition {edition}): a member proposes you with your card"),
        ),
    }
}

/// Why a node that is invited has no connection with a node that lets members in, when that is why.
#[must_use]
pub fn turned_away(gemeente: Gemeente, lang: Lang) -> String {
    lang.pick(
        format!("nog niet toegelaten door {gemeente}"),
        format!("not let in yet by {gemeente}"),
    )
}
