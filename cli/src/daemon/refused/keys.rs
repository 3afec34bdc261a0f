//! What is wrong with a key, or with what somebody wants to do with it.

use node::runtime::KeysError;
use protocol::api::{LogHoogte, Message, NOT_FOUNDED};
use protocol::charter::Ended;
use protocol::id::NodeKey;

use super::founding::of_root;
use super::signing::not_founded;
use super::{of_armor, of_config, of_own_log, of_run, of_secret, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

pub(in crate::daemon) fn of_keys(error: KeysError) -> CommandError {
    match error {
        KeysError::Armor(error) => of_armor(error),
        KeysError::Root(error) => of_root(error),
        KeysError::Secret(error) => of_secret(error),
        KeysError::Config(error) => of_config(error),
        KeysError::OwnLog(error) => of_own_log(error),
        KeysError::Run(error) => of_run(error),
        KeysError::Io { path, source } => CommandError::of_file(&path, source),
        error @ (KeysError::OtherRoot { .. }
        | KeysError::NotCommitted { .. }
        | KeysError::Unrenewed { .. }
        | KeysError::SameFile { .. }) => of_root_key(error),
        KeysError::Unsure { node, logs } => unsure(node, logs),
        error @ (KeysError::NoSuchKey { .. }
        | KeysError::NoSuchLog { .. }
        | KeysError::HasEnded { .. }
        | KeysError::Taken { .. }) => of_node_key(error),
        error @ (KeysError::NoCard { .. } | KeysError::NoInvitation { .. } | KeysError::OtherRequest) => {
            of_request(error)
        }
        KeysError::Open { nodes } => open(nodes),
        error => of_standing(error),
    }
}

/// What is wrong with the gemeente itself.
fn of_standing(error: KeysError) -> CommandError {
    let (what, hint) = match &error {
        KeysError::NotMember { gemeente } => (
            (format!("{gemeente} is geen lid"), format!("{gemeente} is no member")),
            (
                "leerkring charter show toont wie erbij hoort",
                "leerkring charter show shows who belongs",
            ),
        ),
        KeysError::Left { gemeente } => (
            (
                format!("{gemeente} is vertrokken en heeft geen sleutels meer"),
                format!("{gemeente} has left and has no keys any more"),
            ),
            (
                "wie terugkomt doet dat met een nieuwe node en een nieuwe kaart",
                "who comes back does so with a new node and a new card",
            ),
        ),
        KeysError::Refused(_) => (
            (
                "het handvest neemt deze verklaring niet op: deze wortelsleutel heeft er al te veel getekend"
                    .to_owned(),
                "the charter does not take this statement: this root key signed too many already".to_owned(),
            ),
            (
                "vervang de wortelsleutel (leerkring keys rotate)",
                "replace the root key (leerkring keys rotate)",
            ),
        ),
        KeysError::NotFounded => {
            return CommandError::new(Exit::Conflict, NOT_FOUNDED)
                .hinting(Message::new(
                    "een node die erbij komt neemt na join eerst het handvest over: leerkring charter export bij een lid, leerkring \
                     charter import hier",
                    "a node that is added takes the charter in first, after join: leerkring charter export at a member, leerkring \
                     charter import here",
                ))
                .caused_by(error);
        }
        _ => return not_founded(error),
    };
    told(Exit::Conflict, what, hint, error)
}

fn of_root_key(error: KeysError) -> CommandError {
    let (exit, what, hint) = match &error {
        KeysError::Unrenewed { gemeente, edition } => (
            Exit::Conflict,
            (
                format!("{gemeente} heeft haar wortelsleutel onder editie {edition} al vervangen"),
                format!("{gemeente} replaced its root key under edition {edition} already"),
            ),
            (
                "stel eerst de nieuwe kaart voor: leerkring charter propose --renew KAART",
                "propose the new card first: leerkring charter propose --renew CARD",
            ),
        ),
        KeysError::NotCommitted { gemeente } => (
            Exit::Input,
            (
                format!("dit is niet de volgende wortelsleutel waar {gemeente} zich aan bond"),
                format!("this is not the next root key that {gemeente} committed itself to"),
            ),
            (
                "geef met --next-root-key het bestand dat bij de laatste kaart hoort",
                "give with --next-root-key the file that belongs to the last card",
            ),
        ),
        KeysError::SameFile { path } => (
            Exit::Usage,
            (
                format!(
                    "de wortelsleutel en de volgende kunnen niet allebei in {} staan",
                    path.display()
                ),
                format!("the root key and the next one cannot both be in {}", path.display()),
            ),
            (
                "geef elk een eigen bestand, liefst op twee plaatsen",
                "give each a file of its own, best in two places",
            ),
        ),
        _ => (
            Exit::Input,
            (
                "de wortelsleutel in dit bestand spreekt niet voor deze gemeente".to_owned(),
                "the root key in this file does not speak for this gemeente".to_owned(),
            ),
            (
                "geef met --root-key het bestand van de sleutel die leerkring keys show toont",
                "give with --root-key the file of the key that leerkring keys show shows",
            ),
        ),
    };
    told(exit, what, hint, error)
}

fn of_node_key(error: KeysError) -> CommandError {
    let (exit, what, hint) = match &error {
        KeysError::NoSuchKey { text, gemeente } => (
            Exit::Input,
            (
                format!("{text:?} is geen nodesleutel van {gemeente}, of het begin van meer dan één"),
                format!("{text:?} is no node key of {gemeente}, or the begin of more than one"),
            ),
            ("leerkring keys show toont ze", "leerkring keys show shows them"),
        ),
        KeysError::NoSuchLog { text } => (
            Exit::Input,
            (
                format!("{text:?} is geen log die telt, of het begin van meer dan één"),
                format!("{text:?} is no log that counts, or the begin of more than one"),
            ),
            (
                "leerkring keys show --json toont ze",
                "leerkring keys show --json shows them",
            ),
        ),
        KeysError::HasEnded { node } => (
            Exit::Conflict,
            (format!("{node} was al beëindigd"), format!("{node} has ended already")),
            ("leerkring keys show zegt waarom", "leerkring keys show says why"),
        ),
        KeysError::Taken { node } => (
            Exit::Conflict,
            (
                format!("{node} kan niet voor deze gemeente spreken: de sleutel is van een ander, of is beëindigd"),
                format!("{node} cannot speak for this gemeente: the key is of another, or has ended"),
            ),
            (
                "maak een nieuwe node met leerkring init --second-of KAART",
                "make a new node with leerkring init --second-of CARD",
            ),
        ),
        other => unreachable!("{other} is not about a node key"),
    };
    told(exit, what, hint, error)
}

fn of_request(error: KeysError) -> CommandError {
    let (exit, what, hint) = match &error {
        KeysError::NoCard { .. } => (
            Exit::Conflict,
            (
                "deze node is niet als tweede node gemaakt: zij heeft de kaart van de gemeente niet",
                "this node was not made as a second node: it does not have the card of the gemeente",
            ),
            (
                "maak een node met leerkring init MAP --second-of KAART",
                "make a node with leerkring init DIR --second-of CARD",
            ),
        ),
        KeysError::NoInvitation { .. } => (
            Exit::Conflict,
            (
                "deze node weet nog niet in welke federatie zij komt",
                "this node does not know yet which federation it comes into",
            ),
            (
                "geef haar eerst de uitnodiging van de eerste node (leerkring join); is zij al toegelaten (leerkring keys show), dan is er \
                 niets te vragen",
                "give it the invitation of the first node first (leerkring join); once it was let in (leerkring keys show) there is nothing \
                 to ask",
            ),
        ),
        _ => (
            Exit::Input,
            (
                "dit verzoek is voor een andere federatie, gemeente of wortelsleutel",
                "this request is for another federation, gemeente or root key",
            ),
            (
                "maak de tweede node met de laatste kaart en de uitnodiging van deze node",
                "make the second node with the last card and the invitation of this node",
            ),
        ),
    };
    told(exit, what, hint, error)
}

/// Node keys of which somebody has to say what becomes of them.
fn open(nodes: Vec<(NodeKey, Option<Ended>)>) -> CommandError {
    let list = |state: fn(Option<Ended>) -> &'static str| -> String {
        let lines = nodes
            .iter()
            .map(|(node, ended)| format!("\n  {node}  {}", state(*ended)));
        lines.collect()
    };
    let what = (
        format!("zeg eerst wat er met deze nodes gebeurt:{}", list(standing_nl)),
        format!("say first what becomes of these nodes:{}", list(standing_en)),
    );
    let hint = (
        "geef van elk --keep SLEUTEL (blijft spreken), --end SLEUTEL (eindigt, wat zij schreef blijft) of --drop SLEUTEL (niets \
         telt); wie beëindigd is houdt met --end haar einde",
        "give of each --keep KEY (goes on speaking), --end KEY (ends, what it wrote stays) or --drop KEY (nothing counts); one \
         that ended keeps its end with --end",
    );
    told(Exit::Usage, what, hint, KeysError::Open { nodes })
}

fn standing_nl(ended: Option<Ended>) -> &'static str {
    match ended {
        None => "spreekt",
        Some(Ended::ByMember) => "beëindigd door deze gemeente",
        Some(Ended::ByEdition) => "beëindigd door een editie",
        Some(Ended::Left) => "eindigde toen deze gemeente vertrok",
        Some(Ended::OnHold) => "spreekt niet zolang deze gemeente geschorst is",
    }
}

fn standing_en(ended: Option<Ended>) -> &'static str {
    match ended {
        None => "speaks",
        Some(Ended::ByMember) => "ended by this gemeente",
        Some(Ended::ByEdition) => "ended by an edition",
        Some(Ended::Left) => "ended when this gemeente left",
        Some(Ended::OnHold) => "does not speak while this gemeente is suspended",
    }
}

/// Logs of the key of this node that it does not know as its own work.
fn unsure(node: NodeKey, logs: Vec<LogHoogte>) -> CommandError {
    let list = |counted: &str| -> String {
        let lines = logs
            .iter()
            .map(|held| format!("\n  {}  {} {counted}", held.log, held.positie));
        lines.collect()
    };
    let what = (
        format!(
            "deze node weet niet of zij dit met haar sleutel schreef:{}",
            list("entries")
        ),
        format!(
            "this node does not know whether it wrote this with its key:{}",
            list("entries")
        ),
    );
    let hint = (
        "zeg van elk --log LOG (telt) of --without-log LOG (vervalt voorgoed); met --only-own vervalt alles wat hier staat",
        "say of each --log LOG (counts) or --without-log LOG (lapses for good); with --only-own all that is listed here lapses",
    );
    told(Exit::Usage, what, hint, KeysError::Unsure { node, logs })
}
