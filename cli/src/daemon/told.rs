//! What `node` found, in the words of the command line.

use std::path::Path;

use node::runtime::{Fault, FaultKind, Paper as Found, Rebuilt, Verified};
use protocol::api::Message;
use protocol::charter::{Member, Role};
use serde_json::json;

use super::refused::of_damage;
use crate::amount;
use crate::charter::{Paper, Signatory};
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// Faults that are shown to a person; the JSON has more.
const SHOWN_MAX: usize = 20;

/// What `verify` found.
pub(super) fn verified(found: &Verified, dir: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let exit = if found.holds() { Exit::Ok } else { Exit::Refused };
    if output.json {
        let mut value = serde_json::to_value(found).expect("numbers, texts and ids");
        value["holds"] = found.holds().into();
        value["advice"] = found
            .counts
            .keys()
            .map(|kind| json!({"kind": kind, "text": advice(*kind).text(output.lang)}))
            .collect();
        output.line(&value.to_string())?;
        return Ok(exit);
    }
    let logs = amount::of(found.logs, "log", "logs");
    let entries = amount::of(found.entries, "entry", "entries");
    let (statements_nl, statements_en) = (
        amount::of(found.statements as u64, "verklaring", "verklaringen"),
        amount::of(found.statements as u64, "statement", "statements"),
    );
    let (effective, erased) = (found.effective, found.erased);
    let counted = Message::with(
        format!("{statements_nl}, {logs}, {entries} ({effective} effectief, {erased} gewist)"),
        format!("{statements_en}, {logs}, {entries} ({effective} effective, {erased} erased)"),
    );
    let dir = dir.display();
    output.say(&match found.holds() {
        true => Message::with(format!("In orde: {}", counted.nl), format!("In order: {}", counted.en)),
        false => Message::with(
            format!("Niet in orde: {dir}; nagekeken zijn {}", counted.nl),
            format!("Not in order: {dir}; checked were {}", counted.en),
        ),
    })?;
    for (kind, count) in &found.counts {
        let (name, advice) = (name(*kind), advice(*kind));
        output.say(&Message::with(
            format!("  {count} x {}\n    wat te doen: {}", name.nl, advice.nl),
            format!("  {count} x {}\n    what to do: {}", name.en, advice.en),
        ))?;
        let places = found.faults.iter().filter(|fault| fault.kind == *kind);
        for fault in places.take(SHOWN_MAX) {
            output.say(&place(fault))?;
        }
        if *count > SHOWN_MAX as u64 {
            let more = count - SHOWN_MAX as u64;
            output.say(&Message::with(
                format!("    en {more} meer"),
                format!("    and {more} more"),
            ))?;
        }
    }
    Ok(exit)
}

fn name(kind: FaultKind) -> Message {
    let (nl, en) = match kind {
        FaultKind::Key => (
            "een sleutel van de node ontbreekt of is een andere",
            "a key of the node is missing or is another",
        ),
        FaultKind::Vault => (
            "de kluis met lokale records is weg of niet te lezen",
            "the vault with local records is gone or cannot be read",
        ),
        FaultKind::Lost => (
            "de opslag kent de federatie van deze node niet meer",
            "the store does not know the federation of this node any more",
        ),
        FaultKind::Store => ("de opslag is niet te lezen", "the store cannot be read"),
        FaultKind::OwnTorn => (
            "een eigen logboek eindigt midden in een entry",
            "an own log ends in the middle of an entry",
        ),
        FaultKind::OwnDamaged => ("een eigen logboek is beschadigd", "an own log is damaged"),
        FaultKind::OwnMissing => (
            "een eigen entry staat nog alleen in het eigen logboek",
            "an own entry is in the own log only",
        ),
        FaultKind::OwnRefused => ("een eigen entry zou worden geweigerd", "an own entry would be refused"),
        FaultKind::Entry => ("een entry is niet te lezen", "an entry cannot be read"),
        FaultKind::Payload => (
            "de inhoud van een entry ontbreekt",
            "the payload of an entry is missing",
        ),
        FaultKind::Signature => ("een handtekening klopt niet", "a signature is not right"),
        FaultKind::Chain => (
            "een entry staat niet waar zij hoort",
            "an entry is not where it belongs",
        ),
        FaultKind::Refused => (
            "een entry breekt een regel en telt niet, met alles erna",
            "an entry breaks a rule and does not count, with all after it",
        ),
    };
    Message::new(nl, en)
}

fn advice(kind: FaultKind) -> Message {
    let (nl, en) = match kind {
        FaultKind::Key => (
            "zet de sleutel terug uit de reservekopie van deze node",
            "put the key back from the backup of this node",
        ),
        FaultKind::Vault => (
            "zet de map vault terug uit de reservekopie: wat lokaal is heeft niemand anders",
            "put the folder vault back from the backup: nobody else has what is local",
        ),
        FaultKind::Lost => (
            "zet de map terug uit een reservekopie, of maak de opslag opnieuw met leerkring doctor MAP en neem het handvest van een \
             andere node over (leerkring charter import); die sturen de rest",
            "put the folder back from a backup, or make the store anew with leerkring doctor DIR and take in the charter of \
             another node (leerkring charter import); those send the rest",
        ),
        FaultKind::Store | FaultKind::Signature | FaultKind::Chain => (
            "maak de opslag opnieuw met leerkring doctor MAP; wat dan ontbreekt komt van de andere nodes",
            "make the store anew with leerkring doctor DIR; what is missing then comes from the other nodes",
        ),
        FaultKind::OwnTorn => (
            "start de node: hij knipt dat eind af; er was nog niets van bevestigd",
            "start the node: it cuts that end off; nothing of it was acknowledged",
        ),
        FaultKind::OwnDamaged => (
            "zet dat bestand opzij met leerkring doctor MAP; de opslag en de andere nodes hebben wat erin stond",
            "put that file aside with leerkring doctor DIR; the store and the other nodes have what was in it",
        ),
        FaultKind::OwnMissing => (
            "niets; de volgende start neemt haar over in de opslag",
            "nothing; the next start takes it over into the store",
        ),
        FaultKind::OwnRefused => (
            "bewaar store/own; leg wat erin stond opnieuw vast",
            "keep store/own; write down anew what was in it",
        ),
        FaultKind::Entry | FaultKind::Payload => (
            "start de node: hij haalt ze opnieuw bij een andere node; leerkring status telt ze",
            "start the node: it fetches them again from another node; leerkring status counts them",
        ),
        FaultKind::Refused => (
            "niets aan deze map: wie die entry schreef moet opnieuw delen wat erna kwam",
            "nothing about this folder: who wrote that entry has to share again what came after it",
        ),
    };
    Message::new(nl, en)
}

fn place(fault: &Fault) -> Message {
    let file = fault.path.as_ref().map(|path| path.display().to_string());
    let log = fault.log.map(|log| format!("log {log}"));
    let seq = fault.seq.map(|seq| format!("entry {seq}"));
    let parts: Vec<String> = [file, log, seq].into_iter().flatten().collect();
    let told = match &fault.damage {
        Some(damage) => of_damage(damage),
        None => Message::with(fault.detail.clone(), fault.detail.clone()),
    };
    let line = |detail: &str| match detail {
        "" => format!("    {}", parts.join(", ")),
        detail => format!("    {} ({detail})", parts.join(", ")),
    };
    Message::with(line(&told.nl), line(&told.en))
}

/// What `doctor` left as it was.
pub(super) fn healthy(dir: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    if output.json {
        output.line(&json!({"healthy": true}).to_string())?;
        return Ok(Exit::Ok);
    }
    let dir = dir.display();
    output.say(&Message::with(
        format!(
            "In orde: {dir}; er is niets veranderd\nGaat de node toch niet, dan maakt leerkring doctor {dir} --anyway haar \
             opslag opnieuw"
        ),
        format!(
            "In order: {dir}; nothing changed\nIf the node does not go all the same, leerkring doctor {dir} --anyway makes its \
             store anew"
        ),
    ))?;
    Ok(Exit::Ok)
}

/// What `doctor` made.
pub(super) fn rebuilt(found: &Rebuilt, dir: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    if output.json {
        output.line(&serde_json::to_string(found).expect("numbers, a path and an id"))?;
        return Ok(Exit::Ok);
    }
    let (statements, store, own) = (found.statements, found.from_store, found.from_own);
    let (missing, refused, aside) = (found.missing, found.refused, found.aside.display());
    output.say(&Message::with(
        format!(
            "De opslag is opnieuw gemaakt: {statements} verklaringen, {store} entries uit de oude opslag, {own} uit het eigen \
             logboek, {missing} niet teruggevonden, {refused} geweigerd\nDe oude staat in {aside}"
        ),
        format!(
            "The store was made anew: {statements} statements, {store} entries from the old store, {own} from the own log, \
             {missing} not found, {refused} refused\nThe old one is in {aside}"
        ),
    ))?;
    for path in &found.own_aside {
        let path = path.display();
        output.say(&Message::with(
            format!(
                "Een eigen logboek was beschadigd: wat voor de schade stond blijft; zoals het was staat het in {path}"
            ),
            format!("An own log was damaged: what stands before the damage stays; as it was it is in {path}"),
        ))?;
    }
    let dir = dir.display();
    let next = match found.federation {
        Some(_) => Message::with(
            format!(
                "Verder met: leerkring node --dir {dir}; zij toont pas iets als andere nodes vertelden wat er ontbreekt"
            ),
            format!("Go on with: leerkring node --dir {dir}; it shows nothing before other nodes told what is missing"),
        ),
        None => Message::with(
            format!("Verder met: leerkring charter import BESTAND --node {dir}; het handvest was niet meer te lezen"),
            format!("Go on with: leerkring charter import FILE --node {dir}; the charter could not be read any more"),
        ),
    };
    output.say(&next)?;
    Ok(Exit::Ok)
}

/// What a card or a charter says.
pub(super) fn paper(found: Found) -> Paper {
    match found {
        Found::Card(member) => Paper {
            federation: None,
            members: vec![signatory(&member, true)],
            statements: 0,
            course: None,
        },
        Found::Charter(proposal) => Paper {
            federation: Some(proposal.federation),
            members: proposal
                .members
                .iter()
                .map(|member| signatory(member, !proposal.missing.contains(&member.gemeente)))
                .collect(),
            statements: proposal.statements,
            course: proposal.course.map(|course| *course),
        },
    }
}

fn signatory(member: &Member, signed: bool) -> Signatory {
    Signatory {
        gemeente: member.gemeente,
        naam: member.name.clone(),
        wortel: member.root,
        vingerafdruk: member.card_fingerprint(),
        stemt: member.role == Role::Voting,
        getekend: signed,
        nodes: member.nodes.clone(),
        adressen: member.addresses.clone(),
        postbus: member.mailbox.clone(),
    }
}
