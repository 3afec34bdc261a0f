//! `keys`: which keys speak for a gemeente, one more node of it, the end of one, and another root key.
//!
//! What is signed is worked out from the whole charter of the node and where its logs stand, and handed to it when it is
//! signed. What it does is said before anything else: these are commands for a bad day.

use std::collections::BTreeMap;

use protocol::api::{HandvestLogs, Lang, Message, Stand, path};
use protocol::id::{Gemeente, NodeKey};
use serde_json::{Value, json};

use crate::address::{Node, read_text_of};
use crate::args::{Keys, RootFiles};
use crate::charter::held::{hand_over, logs_of, text_of};
use crate::charter::{fingerprint, write};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::daemon::{self, Choice, KeyRing, Ringed};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Longest file with a request.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Does what was asked with the keys.
///
/// # Errors
/// [`Stop`] when it failed.
pub fn keys(node: &Node, asked: Keys, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match asked {
        Keys::Show => show(node, output)?,
        Keys::Request { out } => write(out.as_deref(), &daemon::request(node.dir()?)?, output)?,
        Keys::Certify { file, keys } => {
            let request = read_text_of(&file, FILE_BYTES_MAX)?;
            let charter = text_of(node, output.lang)?;
            let certified = daemon::certify(node.dir()?, &charter, &request, &keys)?;
            hand_over(node, &certified.text, output.lang)?;
            certified_told(certified.gemeente, certified.node, certified.spoke, output)?;
        }
        Keys::Revoke {
            node: key,
            from_nothing,
            keys,
        } => revoke(node, &key, from_nothing, &keys, output)?,
        Keys::Rotate { keep, end, drop, keys } => {
            let typed = [(keep, Choice::Keep), (end, Choice::End), (drop, Choice::Drop)];
            rotate(node, &typed, &keys, output)?;
        }
    }
    Ok(Exit::Ok)
}

/// The charter, the keys in it and where the logs stand.
struct Known {
    charter: String,
    ring: KeyRing,
    logs: HandvestLogs,
}

fn known(node: &Node, lang: Lang) -> Result<Known, CommandError> {
    let gemeente = match (node.running()?, node) {
        (Some(_), _) => Client::of(node, lang)?.read::<Stand>(path::STAND, &[])?.gemeente,
        (None, node) => daemon::gemeente_of(node.dir()?)?,
    };
    let charter = text_of(node, lang)?;
    Ok(Known {
        ring: daemon::key_ring(&charter, gemeente)?,
        logs: logs_of(node, gemeente, lang)?,
        charter,
    })
}

/// How many logs of a node count, and how many entries of these.
fn counted(logs: &HandvestLogs, node: NodeKey) -> (usize, u64) {
    let found = logs.nodes.iter().find(|held| held.node == node);
    let logs = found.map(|held| held.logs.as_slice()).unwrap_or_default();
    (logs.len(), logs.iter().map(|log| log.positie).sum())
}

fn show(node: &Node, output: &mut Output<'_>) -> Result<(), Stop> {
    let Known { ring, logs, .. } = known(node, output.lang)?;
    if output.json {
        let mut value = serde_json::to_value(&ring).expect("texts, numbers and keys");
        value["vingerafdruk"] = fingerprint(&ring.wortel).into();
        for (line, key) in ring.nodes.iter().enumerate() {
            let held = logs.nodes.iter().find(|held| held.node == key.node);
            let logs = held.map(|held| held.logs.as_slice()).unwrap_or_default();
            value["nodes"][line]["logs"] = json!(logs);
        }
        return output.line(&value.to_string());
    }
    let who = plain(&format!("{} {}", ring.gemeente, ring.naam));
    let edition = ring.editie;
    output.heading(&Message::with(
        format!("{who}, editie {edition}"),
        format!("{who}, edition {edition}"),
    ))?;
    let name = output.lang.pick("wortelsleutel", "root key");
    output.line(&format!("  {name:<15} {}", fingerprint(&ring.wortel)))?;
    output.say(&match ring.volgende_vastgelegd {
        true => Message::new(
            "  volgende        ligt vast in deze editie: leerkring keys rotate zet haar op de plaats van de wortelsleutel",
            "  next            is committed to by this edition: leerkring keys rotate puts it in the place of the root key",
        ),
        false => renew(),
    })?;
    for key in &ring.nodes {
        output.line(&key.node.to_string())?;
        let (logs, entries) = counted(&logs, key.node);
        let (nl, en) = state(key);
        output.say(&Message::with(
            format!("  {nl}; er tellen {entries} entries in {logs} logs"),
            format!("  {en}; {entries} entries in {logs} logs count"),
        ))?;
    }
    Ok(())
}

fn renew() -> Message {
    Message::new(
        "  volgende        ligt nog niet vast: stel de nieuwe kaart voor (leerkring charter card, charter propose --renew KAART)",
        "  next            is not committed to yet: propose the new card (leerkring charter card, charter propose --renew CARD)",
    )
}

/// Whether a node key speaks, and why.
fn state(key: &Ringed) -> (String, String) {
    let ground = match (key.in_editie, key.gecertificeerd) {
        (true, _) => ("staat in de editie", "stands in the edition"),
        (false, true) => ("getekend met de wortelsleutel", "signed with the root key"),
        (false, false) => ("van een eerdere editie", "of an earlier edition"),
    };
    let why = match key.reden {
        None => ("spreekt", "speaks"),
        Some("lid") => ("beëindigd door deze gemeente", "ended by this gemeente"),
        Some("vertrokken") => ("eindigde toen deze gemeente vertrok", "ended when this gemeente left"),
        Some("geschorst") => (
            "spreekt niet zolang deze gemeente geschorst is",
            "does not speak while this gemeente is suspended",
        ),
        Some(_) => ("beëindigd door een editie", "ended by an edition"),
    };
    (format!("{} ({})", why.0, ground.0), format!("{} ({})", why.1, ground.1))
}

fn certified_told(gemeente: Gemeente, node: NodeKey, spoke: bool, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json {
        return output.line(&json!({"gemeente": gemeente, "node": node, "sprak_al": spoke}).to_string());
    }
    output.say(&match spoke {
        true => Message::with(
            format!("{node} sprak al voor {gemeente}"),
            format!("{node} spoke for {gemeente} already"),
        ),
        false => Message::with(
            format!("{node} spreekt nu voor {gemeente}; de andere nodes laten haar binnen zodra zij dit horen"),
            format!("{node} speaks for {gemeente} now; the other nodes let it in once they hear of this"),
        ),
    })
}

fn revoke(node: &Node, key: &str, from_nothing: bool, keys: &RootFiles, output: &mut Output<'_>) -> Result<(), Stop> {
    let Known { charter, ring, logs } = known(node, output.lang)?;
    let key = daemon::find_key(&ring, key)?;
    let revoked = daemon::revoke(node.dir()?, &charter, &logs, (key, from_nothing), keys)?;
    hand_over(node, &revoked.text, output.lang)?;
    if output.json {
        return output.line(&serde_json::to_string(&revoked).expect("keys and numbers"));
    }
    let (logs, entries) = (revoked.logs, revoked.entries);
    output.say(&Message::with(
        format!("{key} is beëindigd: er blijven {entries} entries in {logs} logs tellen"),
        format!("{key} has ended: {entries} entries in {logs} logs go on counting"),
    ))?;
    if !revoked.vervallen.is_empty() {
        let (logs, entries) = (revoked.vervallen.len(), revoked.vervallen_entries);
        let by = match from_nothing {
            true => ("", ""),
            false => (
                ", die deze node niet zelf schreef",
                ", which this node did not write itself",
            ),
        };
        output.say(&Message::with(
            format!("wat vervalt: {entries} entries in {logs} logs{}", by.0),
            format!("what lapses: {entries} entries in {logs} logs{}", by.1),
        ))?;
    }
    if revoked.deze {
        output.say(&Message::new(
            "dit was de sleutel van deze node: maak een nieuwe met leerkring init --second-of KAART, join en keys certify",
            "this was the key of this node: make a new one with leerkring init --second-of CARD, join and keys certify",
        ))?;
    }
    Ok(())
}

fn rotate(node: &Node, typed: &[(Vec<String>, Choice)], keys: &RootFiles, output: &mut Output<'_>) -> Result<(), Stop> {
    let Known { charter, ring, logs } = known(node, output.lang)?;
    let dir = node.dir()?;
    let rotating = daemon::rotate(dir, &charter, &logs, &choices(&ring, typed)?, keys)?;
    if let Some(text) = &rotating.text {
        hand_over(node, text, output.lang)?;
    }
    let finished = daemon::finish_rotation(dir, &text_of(node, output.lang)?, keys)?;
    let (root, next) = (finished.root.display(), finished.next.display());
    if output.json {
        let fates: BTreeMap<String, Value> = rotating
            .fates
            .iter()
            .map(|(node, choice)| (node.to_string(), word(*choice).into()))
            .collect();
        let aside = finished.aside.as_ref().map(|path| path.display().to_string());
        let told = json!({"gemeente": rotating.gemeente, "wortel": rotating.root, "vingerafdruk": fingerprint(&rotating.root),
            "nodes": fates, "wortelsleutel": root.to_string(), "volgende": next.to_string(), "oude": aside});
        return output.line(&told.to_string());
    }
    let (gemeente, print) = (rotating.gemeente, fingerprint(&rotating.root));
    output.say(&Message::with(
        format!("{gemeente} heeft een andere wortelsleutel: {print}"),
        format!("{gemeente} has another root key: {print}"),
    ))?;
    output.say(&Message::with(
        format!("zij staat in {root}; een nieuwe volgende staat in {next}"),
        format!("it is in {root}; a new next one is in {next}"),
    ))?;
    if let Some(aside) = &finished.aside {
        let aside = aside.display();
        output.say(&Message::with(
            format!("de oude staat nog in {aside}"),
            format!("the old one is still in {aside}"),
        ))?;
    }
    output.say(&Message::new(
        "Maak nu een nieuwe kaart (leerkring charter card) en stel haar voor met leerkring charter propose --renew KAART:\n\
         pas als een editie haar noemt kan deze gemeente haar wortelsleutel nog eens vervangen",
        "Now make a new card (leerkring charter card) and propose it with leerkring charter propose --renew CARD:\n\
         only when an edition lists it can this gemeente change its root key once more",
    ))
}

fn word(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "keep",
        Choice::End => "end",
        Choice::Drop => "drop",
    }
}

/// What was typed of each node key; one key has one fate.
fn choices(ring: &KeyRing, typed: &[(Vec<String>, Choice)]) -> Result<BTreeMap<NodeKey, Choice>, CommandError> {
    let mut choices = BTreeMap::new();
    for (keys, choice) in typed {
        for text in keys {
            let key = daemon::find_key(ring, text)?;
            if choices.insert(key, *choice).is_some_and(|other| other != *choice) {
                return Err(CommandError::new(
                    Exit::Usage,
                    Message::with(
                        format!("van {key} is meer dan één ding gezegd"),
                        format!("more than one thing was said of {key}"),
                    ),
                )
                .hinting(Message::new(
                    "kies --keep, --end of --drop",
                    "choose --keep, --end or --drop",
                )));
            }
        }
    }
    Ok(choices)
}
