//! The next step: what a person does after this, said at the end of an answer.
//!
//! Somebody who founds a federation or comes into one does so once in years, so no answer on that way ends without it.

use std::path::Path;

use protocol::api::{HandvestStand, Lidmaatschap, Message, Stand};
use protocol::id::Gemeente;

use crate::charter::Paper;
use crate::output::{Output, Stop};

/// Says it.
///
/// # Errors
/// [`Stop`] when nobody reads any more or writing fails.
pub fn say(step: &Message, output: &mut Output<'_>) -> Result<(), Stop> {
    output.say(&Message::with(
        format!("Volgende stap: {}", step.nl),
        format!("Next step: {}", step.en),
    ))
}

/// The next step of a node, for as long as it does not belong to a federation.
#[must_use]
pub fn of_stand(stand: &Stand) -> Option<Message> {
    let invited = stand.uitnodiging.as_ref().filter(|one| !one.toegelaten);
    match (stand.lidmaatschap, invited) {
        (Lidmaatschap::NietGesticht | Lidmaatschap::Onbekend, Some(one)) => Some(invited_step(one.tweede)),
        (Lidmaatschap::NietGesticht, None) if stand.hoogten.statements > 0 => Some(Message::new(
            "laat ieder het handvest tekenen; leerkring charter show zegt wie nog",
            "let everybody sign the charter; leerkring charter show says who has still to",
        )),
        (Lidmaatschap::NietGesticht, None) if stand.hoort_eerst.is_some() => Some(charterless()),
        (Lidmaatschap::NietGesticht, None) => Some(alone()),
        _ => None,
    }
}

/// The next step by what the charter says, for as long as there is no federation to this node.
#[must_use]
pub fn of_charter(stand: &HandvestStand) -> Option<Message> {
    let invited = stand.uitnodiging.as_ref().filter(|one| !one.toegelaten);
    if stand.editie.is_some() {
        return None;
    }
    let missing = stand.leden.iter().filter(|member| !member.getekend);
    let missing: Vec<String> = missing.map(|member| member.gemeente.to_string()).collect();
    if let Some(one) = invited {
        return Some(invited_step(one.tweede));
    }
    match missing.join(", ").as_str() {
        "" => Some(alone()),
        names => Some(Message::with(
            format!(
                "laat {names} het handvest tekenen met leerkring charter endorse BESTAND; neem het getekende bestand over met \
                 leerkring charter import BESTAND"
            ),
            format!(
                "let {names} sign the charter with leerkring charter endorse FILE; take the signed file in with leerkring \
                 charter import FILE"
            ),
        )),
    }
}

/// What is done with a card.
pub fn of_card(file: &Path) -> Option<Message> {
    let file = file.display();
    Some(Message::with(
        format!(
            "stuur {file} aan wie het handvest opstelt, of aan een lid dat u voorstelt, en lees hun de vingerafdruk voor \
             (leerkring charter show {file})"
        ),
        format!(
            "send {file} to who writes the charter, or to a member who proposes you, and read the fingerprint out to them \
             (leerkring charter show {file})"
        ),
    ))
}

/// What is done with a charter, by who has still to sign it.
pub fn of_paper(paper: &Paper, file: &Path) -> Option<Message> {
    let missing: Vec<String> = paper.missing().map(|member| member.gemeente.to_string()).collect();
    let (missing, file) = (missing.join(", "), file.display());
    Some(match missing.as_str() {
        "" => Message::with(
            format!(
                "stuur {file} aan de andere stichters, die het overnemen met leerkring charter import {file}, en start de node \
                 met leerkring node --dir MAP"
            ),
            format!(
                "send {file} to the other founders, who take it in with leerkring charter import {file}, and start the node \
                 with leerkring node --dir DIR"
            ),
        ),
        missing => Message::with(
            format!("stuur {file} aan {missing}: daar tekent men met leerkring charter endorse {file}"),
            format!("send {file} to {missing}: there it is signed with leerkring charter endorse {file}"),
        ),
    })
}

/// What is done with all that a node holds of the charter.
pub fn of_export(file: &Path) -> Option<Message> {
    let file = file.display();
    Some(Message::with(
        format!(
            "neem {file} op een andere node over met leerkring charter import {file}; een node die nog niet bij de federatie hoort \
             doet eerst leerkring join UITNODIGING"
        ),
        format!(
            "take {file} in at another node with leerkring charter import {file}; a node that does not belong to the federation yet \
             first does leerkring join INVITATION"
        ),
    ))
}

/// What is done with the request of a node.
#[must_use]
pub fn of_request(file: &Path) -> Message {
    let file = file.display();
    Message::with(
        format!(
            "geef {file} aan wie de wortelsleutel heeft, en lees de vingerafdruk voor: daar tekent men met leerkring keys certify \
             {file}; deze node hoort het vanzelf als zij draait"
        ),
        format!(
            "give {file} to who has the root key, and read out the fingerprint: there it is signed with leerkring keys certify \
             {file}; this node hears of it by itself when it runs"
        ),
    )
}

/// What the other members do with a proposal.
#[must_use]
pub fn of_vote(edition: &str) -> Message {
    Message::with(
        format!(
            "wie nog moet, bekijkt het met leerkring charter show en tekent met leerkring charter endorse --edition {edition}"
        ),
        format!(
            "who has still to sign looks at it with leerkring charter show and signs with leerkring charter endorse --edition \
             {edition}"
        ),
    )
}

/// What the other members do to put a member on hold.
#[must_use]
pub fn of_suspension(gemeente: Gemeente) -> Message {
    Message::with(
        format!("een ander lid vraagt hetzelfde met leerkring charter suspend {gemeente}"),
        format!("another member asks the same with leerkring charter suspend {gemeente}"),
    )
}

/// What the other members do to take a document back.
#[must_use]
pub fn of_withdrawal(document: &str) -> Message {
    Message::with(
        format!("een ander lid vraagt hetzelfde met leerkring withdraw {document} --by-quorum"),
        format!("another member asks the same with leerkring withdraw {document} --by-quorum"),
    )
}

/// Of a withdrawal that every other member asked for.
pub fn of_owner(owner: Gemeente) -> Message {
    Message::with(
        format!(
            "alleen {owner} zelf kan dit nog intrekken (leerkring withdraw, ook als zij de federatie verliet): met zo weinig stemmende \
             leden beslissen allen samen"
        ),
        format!(
            "only {owner} itself can still withdraw this (leerkring withdraw, also once it left the federation): so few voting members \
             decide all together"
        ),
    )
}

/// Of a node that belongs and does not run.
pub fn start(dir: &Path) -> Message {
    let dir = dir.display();
    Message::with(
        format!("start de node met leerkring node --dir {dir}"),
        format!("start the node with leerkring node --dir {dir}"),
    )
}

/// Of a second node that has the charter.
#[must_use]
pub fn of_second(dir: &Path) -> Message {
    let dir = dir.display();
    Message::with(
        format!(
            "laat deze node voor haar gemeente spreken met leerkring keys request --node {dir} --out VERZOEK, en wie de \
             wortelsleutel heeft met leerkring keys certify; start haar daarna met leerkring node --dir {dir}"
        ),
        format!(
            "have this node speak for its gemeente with leerkring keys request --node {dir} --out REQUEST, and who has the \
             root key with leerkring keys certify; start it after that with leerkring node --dir {dir}"
        ),
    )
}

/// Of a node of which the store is gone.
pub fn storeless() -> Message {
    Message::new(
        "zet de map terug uit een reservekopie, of maak de opslag opnieuw met leerkring doctor MAP en neem daarna het handvest over",
        "put the folder back from a backup, or make the store anew with leerkring doctor DIR and then take in the charter",
    )
}

/// Of a node that lost its charter with its store.
pub fn charterless() -> Message {
    Message::new(
        "vraag een ander lid om het handvest (leerkring charter export --out BESTAND) en neem het hier over met leerkring \
         charter import BESTAND",
        "ask another member for the charter (leerkring charter export --out FILE) and take it in here with leerkring charter \
         import FILE",
    )
}

/// Of a node that has heard of no federation.
fn alone() -> Message {
    Message::new(
        "maak de kaart van deze gemeente met leerkring charter card --out KAART en stuur haar aan wie het handvest opstelt; \
         bestaat de federatie al, vraag een lid dan om een uitnodiging en neem haar aan met leerkring join UITNODIGING",
        "make the card of this gemeente with leerkring charter card --out CARD and send it to who writes the charter; when the \
         federation exists, ask a member for an invitation and take it in with leerkring join INVITATION",
    )
}

/// Of a node that waits to be let in; a second node of a member needs no card and no vote.
fn invited_step(second: bool) -> Message {
    if second {
        return Message::new(
            "vraag of deze node voor haar gemeente mag spreken met leerkring keys request --out VERZOEK; wie de wortelsleutel heeft \
             tekent dat op een node van die gemeente met leerkring keys certify VERZOEK; laat deze node draaien, dan komt zij binnen",
            "ask whether this node may speak for its gemeente with leerkring keys request --out REQUEST; who has the root key signs that \
             at a node of that gemeente with leerkring keys certify REQUEST; let this node run, and it comes in",
        );
    }
    Message::new(
        "stuur uw kaart (leerkring charter card --out KAART) aan een lid, dat u voorstelt, en laat deze node draaien: zodra de \
         leden besloten hebben komt zij vanzelf binnen",
        "send your card (leerkring charter card --out CARD) to a member, who proposes you, and let this node run: once the \
         members have decided it comes in by itself",
    )
}
