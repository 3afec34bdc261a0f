//! `charter invite` and `join`: how somebody comes into a federation that exists.
//!
//! An invitation proves that a node wrote it, and not that the federation is the one somebody means. That is for two
//! people to settle by phone.
//!
//! **Invariant:** nothing of an invitation is kept before a person said that its fingerprint is right.

use std::path::Path;

use protocol::api::{self, Lang, Message, NieuweUitnodiging, Oordeel, Uitnodiging, path};
use protocol::charter::is_fingerprint;
use protocol::id::Gemeente;

use crate::address::{Node, read_text_of};
use crate::charter;
use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::daemon;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};
use crate::person::{Person, is_no, is_yes};

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
    let invitation = &written.uitnodiging;
    // Without a file the invitation itself is what is printed, and nothing may stand around it.
    if out.is_none() {
        let print = &invitation.vingerafdruk;
        output.say_beside(&Message::with(
            format!("vingerafdruk van deze uitnodiging: {print}"),
            format!("fingerprint of this invitation: {print}"),
        ));
        return Ok(Exit::Ok);
    }
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

/// Takes an invitation in, once somebody said that its fingerprint is right.
///
/// # Errors
/// [`Stop`] when it is none or another one than was read out, when nobody said so, or when the node belongs to a federation
/// already.
pub fn join(
    node: &Node,
    file: &Path,
    typed: Option<&str>,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let text = read_text_of(file, FILE_BYTES_MAX)?;
    let invitation = daemon::invitation(&text)?.ok_or_else(|| not_an_invitation(&text))?;
    compared(&invitation, typed, person, output)?;
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
    output.say(&match node.dir().is_ok_and(daemon::is_second) {
        true => Message::new(
            "Aangenomen. Vraag nu of deze node voor haar gemeente mag spreken: leerkring keys request --out VERZOEK, en geef dat \
             aan wie de wortelsleutel heeft (leerkring keys certify)",
            "Taken in. Now ask whether this node may speak for its gemeente: leerkring keys request --out REQUEST, and give that \
             to whoever has the root key (leerkring keys certify)",
        ),
        false => Message::new(
            "Aangenomen. Maak nu uw kaart met leerkring charter card --out KAART en stuur haar een lid: dat stelt u voor\n\
             Laat de node draaien; zij vraagt zelf steeds weer of zij erbij hoort, en leerkring status zegt hoe het staat",
            "Taken in. Now make your card with leerkring charter card --out CARD and send it to a member, who proposes you\n\
             Let the node run; it asks again and again whether it belongs, and leerkring status tells how things are",
        ),
    })?;
    Ok(Exit::Ok)
}

/// Shows the invitation and has somebody say that it is the one that was read out. Who typed another fingerprint is not told
/// which one it has: that would only be copied.
fn compared(
    invitation: &Uitnodiging,
    typed: Option<&str>,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let print = &invitation.vingerafdruk;
    if typed.is_some_and(|typed| !is_fingerprint(typed, print)) {
        return Err(other_invitation().into());
    }
    if !output.json {
        show(invitation, output)?;
        output.flush()?;
    }
    if typed.is_some() {
        return Ok(());
    }
    let question = Message::new(
        "Bel wie deze uitnodiging schreef, op een nummer dat u al had, en laat de vingerafdruk voorlezen.\n\
         Klopt zij helemaal? Typ ja, of de vingerafdruk die u hoorde:",
        "Call whoever wrote this invitation, at a number that you had already, and let them read the fingerprint out.\n\
         Is all of it right? Type yes, or the fingerprint that you heard:",
    );
    match person.ask(&question, output)?.as_deref() {
        Some(answer) if is_yes(answer) || is_fingerprint(answer, print) => Ok(()),
        Some(answer) if is_no(answer) => Err(CommandError::new(
            Exit::Refused,
            Message::new(
                "niet aangenomen: er is niets veranderd",
                "not taken in: nothing changed",
            ),
        )
        .into()),
        Some(_) => Err(other_invitation().into()),
        None => Err(CommandError::new(
            Exit::Usage,
            Message::new(
                "er is nog niets aangenomen: niemand zei dat de vingerafdruk klopt",
                "nothing was taken in yet: nobody said that the fingerprint is right",
            ),
        )
        .hinting(CALL)
        .into()),
    }
}

const CALL: Message = Message::new(
    "bel wie de uitnodiging schreef, laat de vingerafdruk voorlezen, en geef die met --fingerprint \"…\"",
    "call whoever wrote the invitation, let them read the fingerprint out, and give it with --fingerprint \"…\"",
);

fn other_invitation() -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::new(
            "dit is niet de vingerafdruk van deze uitnodiging; er is niets veranderd",
            "this is not the fingerprint of this invitation; nothing changed",
        ),
    )
    .hinting(Message::new(
        "vertrouw het bestand niet voordat wie het schreef een vingerafdruk voorleest die klopt; vraag anders om een nieuw",
        "do not trust the file before whoever wrote it reads out a fingerprint that is right; else ask for a new one",
    ))
}

fn not_an_invitation(text: &str) -> CommandError {
    let heading = text.lines().next().unwrap_or_default();
    let (nl, en) = match heading
        .strip_prefix("leerkring-")
        .and_then(|rest| rest.split('-').next())
    {
        Some("kaart") => (
            "dit is een kaart, geen uitnodiging",
            "this is a card, not an invitation",
        ),
        Some("handvest") => (
            "dit is een handvest, geen uitnodiging",
            "this is a charter, not an invitation",
        ),
        Some("verzoek") => (
            "dit is een verzoek van een tweede node, geen uitnodiging",
            "this is the request of a second node, not an invitation",
        ),
        _ => ("dit is geen uitnodiging", "this is not an invitation"),
    };
    CommandError::new(Exit::Input, Message::new(nl, en)).hinting(Message::new(
        "vraag een lid om een uitnodiging (leerkring charter invite) en geef het bestand onveranderd",
        "ask a member for an invitation (leerkring charter invite) and give the file unchanged",
    ))
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

/// How it stands with the invitation of a node, in a few words; `now` is the edition that the node knows to be in force.
#[must_use]
pub fn standing(invitation: &Uitnodiging, now: Option<u64>) -> Message {
    let edition = invitation.editie;
    let earlier = match now {
        Some(now) if now > edition && invitation.oordeel == Oordeel::Beslist => (
            format!(", een eerdere en nog geldig: nu geldt editie {now}"),
            format!(", an earlier one and still valid: edition {now} is in force"),
        ),
        _ => Default::default(),
    };
    match (invitation.toegelaten, invitation.oordeel) {
        (_, Oordeel::NietBeslist) => Message::with(
            format!(
                "LET OP: deze federatie heeft editie {edition} van de uitnodiging nooit besloten; vertrouw haar niet en bel een lid"
            ),
            format!(
                "WARNING: this federation never decided for edition {edition} of the invitation; do not trust it and call a member"
            ),
        ),
        (_, Oordeel::Dubbel) => Message::with(
            format!(
                "LET OP: voor meer dan een editie {edition} is genoeg gestemd, en de uitnodiging noemt er een van; niemand komt erbij \
                 tot de leden samen kiezen: bel een lid"
            ),
            format!(
                "WARNING: more than one edition {edition} has enough votes, and the invitation names one of them; nobody is let in \
                 until the members choose together: call a member"
            ),
        ),
        (true, Oordeel::Beslist) => Message::with(
            format!(
                "editie {edition} van de uitnodiging is door deze federatie besloten{}",
                earlier.0
            ),
            format!(
                "edition {edition} of the invitation was decided by this federation{}",
                earlier.1
            ),
        ),
        (true, Oordeel::Onbekend) => Message::with(
            format!("editie {edition} van de uitnodiging is hier nog niet binnen"),
            format!("edition {edition} of the invitation is not here yet"),
        ),
        (false, _) => Message::with(
            format!(
                "nog niet toegelaten (uitgenodigd bij editie {edition}{}): een lid stelt u voor met uw kaart",
                earlier.0
            ),
            format!(
                "not let in yet (invited at edition {edition}{}): a member proposes you with your card",
                earlier.1
            ),
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
