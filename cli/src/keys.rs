//! `keys`: which keys speak for a gemeente, one more node of it, the end of one, and another root key.
//!
//! What is signed is worked out from the whole charter of the node and where its logs stand, and handed to it when it is
//! signed. What it does is said before anything else: these are commands for a bad day.

use std::path::Path;

use protocol::api::{HandvestLogs, Lang, LogHoogte, Message, PeerLine, Stand, path};
use protocol::charter::{is_fingerprint, node_fingerprint, root_fingerprint};
use protocol::id::{Gemeente, NodeKey};
use serde_json::json;

use crate::address::{Node, read_text_of};
use crate::amount;
use crate::args::{Ending, Keys, RootFiles};
use crate::charter::held::{hand_over, logs_of, text_of};
use crate::charter::write;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::daemon::{self, Choice, KeyRing, Parted, Ringed};
use crate::exit::Exit;
use crate::heard;
use crate::next;
use crate::output::{Output, Stop, plain};
use crate::person::Person;

mod rotate;

/// Longest file with a request.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Does what was asked with the keys.
///
/// # Errors
/// [`Stop`] when it failed.
pub fn keys(node: &Node, asked: Keys, person: &mut Person<'_>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match asked {
        Keys::Show => show(node, output)?,
        Keys::Request { out } => requested(out.as_deref(), &daemon::request(node.dir()?)?, output)?,
        Keys::Certify {
            file,
            fingerprint,
            keys,
        } => {
            let request = read_text_of(&file, FILE_BYTES_MAX)?;
            compared(daemon::requested(&request)?, fingerprint, person, output)?;
            let charter = text_of(node, output.lang)?;
            let certified = daemon::certify(node.dir()?, &charter, &request, &keys)?;
            hand_over(node, &certified.text, output.lang)?;
            certified_told(certified.gemeente, certified.node, certified.spoke, output)?;
        }
        Keys::Revoke {
            node: key,
            said,
            yes,
            keys,
        } => revoke(node, &key, (&said, &keys), Asking { yes, person }, output)?,
        Keys::Rotate {
            keep,
            revive,
            end,
            drop,
            said,
            yes,
            keys,
        } => {
            let typed = [
                (keep, Choice::Keep),
                (revive, Choice::Revive),
                (end, Choice::End),
                (drop, Choice::Drop),
            ];
            rotate::rotate(node, (&typed, &said), &keys, Asking { yes, person }, output)?;
        }
    }
    Ok(Exit::Ok)
}

/// Writes a request, and says what whoever signs it compares; where the request itself is the answer, beside it.
fn requested(out: Option<&Path>, request: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    write(out, request, output)?;
    let node = daemon::requested(request)?;
    let print = node_fingerprint(node);
    match (out, output.json) {
        (None, _) => output.say_beside(&of_this_node(&print)),
        (Some(_), true) => output.line(&json!({"node": node, "vingerafdruk": print}).to_string())?,
        (Some(out), false) => {
            output.say(&of_this_node(&print))?;
            next::say(&next::of_request(out), output)?;
        }
    }
    Ok(())
}

/// What the fingerprint of a node is called, wherever it is shown.
#[must_use]
pub fn of_this_node(print: &str) -> Message {
    Message::with(
        format!("vingerafdruk van deze node: {print}"),
        format!("fingerprint of this node: {print}"),
    )
}

/// Whether the key in a request is the one that somebody read out: nothing is signed that nobody looked at. What it should be
/// is not shown: that would only be copied.
fn compared(
    node: NodeKey,
    typed: Option<String>,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let question = Message::new(
        "Welke vingerafdruk toonde keys request bij die node?",
        "Which fingerprint did keys request show at that node?",
    );
    let typed = match typed {
        Some(typed) => Some(typed),
        None => person.ask(&question, output)?,
    };
    let (exit, what) = match typed {
        Some(typed) if is_fingerprint(&typed, &node_fingerprint(node)) => return Ok(()),
        Some(_) => (
            Exit::Input,
            Message::new(
                "dit verzoek is van een andere node dan die deze vingerafdruk heeft",
                "this request is of another node than the one with this fingerprint",
            ),
        ),
        None => (
            Exit::Usage,
            Message::new(
                "er is niets getekend: niemand zei welke vingerafdruk de node heeft",
                "nothing was signed: nobody said which fingerprint the node has",
            ),
        ),
    };
    let refused = CommandError::new(exit, what).hinting(Message::new(
        "bel wie die node beheert, laat voorlezen wat keys request daar toonde, en geef dat met --fingerprint",
        "call whoever looks after that node, let them read out what keys request showed there, and give it with --fingerprint",
    ));
    Err(refused.into())
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

/// What counts of the logs of a node.
fn counted(logs: &HandvestLogs, node: NodeKey) -> String {
    let found = logs.nodes.iter().find(|held| held.node == node);
    sum(found.map(|held| held.logs.as_slice()).unwrap_or_default())
}

fn sum(logs: &[LogHoogte]) -> String {
    amount::held(logs.iter().map(|log| log.positie).sum(), logs.len() as u64)
}

fn show(node: &Node, output: &mut Output<'_>) -> Result<(), Stop> {
    let Known { ring, logs, .. } = known(node, output.lang)?;
    if output.json {
        let mut value = serde_json::to_value(&ring).expect("texts, numbers and keys");
        value["begin_wortel"] = root_fingerprint(ring.wortel).into();
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
    output.line(&format!("  {name:<15} {}", root_fingerprint(ring.wortel)))?;
    output.say(&match ring.volgende_vastgelegd {
        true => Message::new(
            "  volgende        ligt vast in deze editie: leerkring keys rotate zet haar op de plaats van de wortelsleutel",
            "  next            is committed to by this edition: leerkring keys rotate puts it in the place of the root key",
        ),
        false => renew(),
    })?;
    for key in &ring.nodes {
        output.line(&key.node.to_string())?;
        let held = counted(&logs, key.node);
        let (nl, en) = state(key);
        output.say(&Message::with(
            format!("  {nl}; er tellen {held}"),
            format!("  {en}; {held} count"),
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

/// Whether somebody is asked, or said yes with the command.
struct Asking<'a, 'b> {
    yes: bool,
    person: &'a mut Person<'b>,
}

impl Asking<'_, '_> {
    /// Has somebody agree to what was shown; `otherwise` says what did not happen.
    fn agreed(&mut self, question: &Message, otherwise: [Message; 2], output: &mut Output<'_>) -> Result<(), Stop> {
        let [declined, unsaid] = otherwise;
        let (exit, what) = match self.yes {
            true => return Ok(()),
            false => match self.person.agrees(question, output)? {
                Some(true) => return Ok(()),
                Some(false) => (Exit::Refused, declined),
                None => (Exit::Usage, unsaid),
            },
        };
        let refused = CommandError::new(exit, what).hinting(Message::new(
            "kijk na wat er blijft tellen, en geef dan --yes",
            "look at what goes on counting, and then give --yes",
        ));
        Err(refused.into())
    }
}

/// Has somebody say that a key ends for good.
fn ends_for_good(key: NodeKey, asking: &mut Asking<'_, '_>, output: &mut Output<'_>) -> Result<(), Stop> {
    let question = Message::with(
        format!("Eindigt {key} voorgoed? Typ ja:"),
        format!("Does {key} end for good? Type yes:"),
    );
    let otherwise = [
        Message::new("niet beëindigd: er is niets veranderd", "not ended: nothing changed"),
        Message::new(
            "er is niets veranderd: een sleutel eindigt voorgoed, en niemand zei dat dat goed is",
            "nothing changed: a key ends for good, and nobody said that this is right",
        ),
    ];
    asking.agreed(&question, otherwise, output)
}

fn moved_on() -> CommandError {
    CommandError::new(
        Exit::Conflict,
        Message::new(
            "er is niets veranderd: er kwam intussen iets bij, in de logs of onder de sleutels",
            "nothing changed: something was added meanwhile, to the logs or among the keys",
        ),
    )
    .hinting(Message::new(
        "kijk opnieuw na wat er blijft tellen: geef dezelfde opdracht nog eens",
        "look again at what goes on counting: give the same command once more",
    ))
}

fn revoke(
    node: &Node,
    key: &str,
    (said, keys): (&Ending, &RootFiles),
    mut asking: Asking<'_, '_>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let Known { charter, ring, logs } = known(node, output.lang)?;
    let key = daemon::find_key(&ring, key)?;
    // Tried on a copy of the charter: nobody has the statement before it is handed over.
    let revoked = daemon::revoke(node.dir()?, &charter, &logs, (key, said), keys)?;
    ends(node, std::slice::from_ref(&revoked.parted), said.now, output)?;
    ends_for_good(key, &mut asking, output)?;
    // Somebody may have looked for a while: what came meanwhile would lapse for good, and nobody was shown that.
    let Known { charter, logs, .. } = known(node, output.lang)?;
    let now = daemon::revoke(node.dir()?, &charter, &logs, (key, said), keys)?;
    if now.parted != revoked.parted {
        return Err(moved_on().into());
    }
    let before = heard::stand(node, output.lang)?;
    hand_over(node, &now.text, output.lang)?;
    if output.json {
        return output.line(&serde_json::to_string(&revoked).expect("keys and numbers"));
    }
    let held = sum(&revoked.parted.blijft);
    output.say(&Message::with(
        format!("{key} is beëindigd: er blijven {held} tellen"),
        format!("{key} has ended: {held} go on counting"),
    ))?;
    heard::told(before.as_ref(), output)?;
    if revoked.deze {
        output.say(&Message::new(
            "dit was de sleutel van deze node: maak een nieuwe met leerkring init --second-of KAART, join en keys certify",
            "this was the key of this node: make a new one with leerkring init --second-of CARD, join and keys certify",
        ))?;
    }
    Ok(())
}

/// Says where keys end, and whether this node knows enough to say it, before anything is handed over.
fn ends(node: &Node, ends: &[Parted], now: bool, output: &mut Output<'_>) -> Result<(), Stop> {
    let shown = if output.json { &[] } else { ends };
    for parted in shown {
        for height in &parted.blijft {
            let (log, at) = (height.log, height.positie);
            output.say(&Message::with(
                format!("  {log}  telt tot positie {at}, wie het ook schreef"),
                format!("  {log}  counts up to position {at}, whoever wrote it"),
            ))?;
        }
        for height in &parted.vervalt {
            let (log, at) = (height.log, height.positie);
            output.say(&Message::with(
                format!("  {log}  vervalt: {at} entries"),
                format!("  {log}  lapses: {at} entries"),
            ))?;
        }
    }
    if ends.is_empty() || now || is_level(node, output.lang)? {
        return Ok(());
    }
    let refused = CommandError::new(
        Exit::Conflict,
        Message::new(
            "deze node is niet met een andere gelijk: wat zij nog niet heeft zou voorgoed vervallen",
            "this node is not equal with another one: what it does not hold yet would lapse for good",
        ),
    );
    Err(refused
        .hinting(Message::new(
            "start haar en wacht tot leerkring status bij een ander 0 toont onder LOOPT VOOR, of geef --now",
            "start it and wait until leerkring status shows 0 under AHEAD for another one, or give --now",
        ))
        .into())
}

/// Whether the node runs, another one had nothing more to offer when it was last compared, and none that is connected told of
/// more than this node holds.
fn is_level(node: &Node, lang: Lang) -> Result<bool, CommandError> {
    if node.running()?.is_none() {
        return Ok(false);
    }
    let stand = Client::of(node, lang)?.read::<Stand>(path::STAND, &[])?;
    let ahead = |peer: &PeerLine| peer.verbonden && peer.achter.is_some_and(|entries| entries > 0);
    let level = stand.peers.is_empty() || stand.peers.iter().any(|peer| peer.achter == Some(0));
    Ok(level && !stand.peers.iter().any(ahead))
}

#[cfg(test)]
mod tests;
