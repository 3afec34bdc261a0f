//! What is done on the folder of a node: the only module of the command line that knows `node`.
//!
//! It hands over what was typed, and turns every refusal into one message with what to do. **Invariant:** a node
//! that runs holds its store; what it must know then goes through its API and never through here.

mod backup;
mod keys;
mod made;
mod refused;
mod signing;
mod told;

use std::ffi::OsString;
use std::path::Path;

use node::runtime::{self, Config, Home, Keep, MEMBER_MIB, Release, Roots, SQL_SECONDS, VerifyError};
use node::view::sql;
use node::view::tables::TABLES;
use protocol::api::{HandvestLogs, HandvestStand, Imported, Message, NieuweUitnodiging, Uitnodiging};
use protocol::charter::node_fingerprint;
use protocol::gate::Account;
use protocol::id::Gemeente;
use serde_json::json;

use crate::address::{Node, read_text_of};
use crate::args::{Init, NodeOptions, RootFiles};
use crate::charter::Paper;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gemeenten;
use crate::keys::of_this_node;
use crate::output::{Output, Stop};

pub use backup::{backup, restore};
pub use keys::{
    Choice, Finished, KeyRing, Parted, Ringed, Rotating, certify, find_key, finish_rotation, gemeente_of, key_ring,
    request, requested, revoke, rotate, this_node,
};
pub use node::runtime::Past;
pub use signing::{
    Signed, Voted, asked, draft, endorse_edition, leave, propose_edition, speaks_for, suspend, touches, withdraw,
};

use refused::{of_armor, of_config, of_doctor, of_founding, of_join, of_run, of_verify};

/// The word by which a node starts this program to answer questions in SQL about its view.
pub const ANSWER: &str = "answer";

/// Longest card that is read.
const CARD_BYTES_MAX: u64 = 64 * 1024;

/// Answers questions about a view until nobody asks any more.
#[must_use]
pub fn answer(view: &Path) -> Exit {
    let tables = TABLES.iter().map(|table| {
        let columns = table.columns.iter().map(|column| column.name);
        (table.name, columns.collect())
    });
    // The node hears that it ended; nobody reads what it would say.
    sql::serve(view, tables).map_or(Exit::Internal, |()| Exit::Ok)
}

/// Makes a node and says what comes next.
///
/// # Errors
/// [`Stop`] when it could not be made.
pub fn init(asked: Init, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let Speaks {
        gemeente,
        name,
        mailbox,
        roots,
    } = speaks(&asked)?;
    let practice = asked.practice || gemeenten::is_practice(&gemeente.to_string());
    let config = Config {
        gemeente,
        name,
        mailbox,
        listen: asked.listen.clone(),
        announce: asked.announce.clone(),
        api: asked.api.clone(),
        proxy: None,
        member_mib: MEMBER_MIB,
        sql_seconds: SQL_SECONDS,
        gossip: true,
        release: if practice { Release::AtOnce } else { Release::Weekly },
        four_eyes: false,
        zaaknummers: Vec::new(),
        audit: Keep::default(),
        digest: None,
        headcount: None,
    };
    let made = make(&asked.dir, config, &roots)?;
    made::told(&asked, &made, output)?;
    if asked.second_of.is_some() && !output.json {
        // What whoever certifies it compares, the same as `keys request` shows.
        output.say(&of_this_node(&node_fingerprint(this_node(&asked.dir)?)))?;
    }
    Ok(Exit::Ok)
}

/// Makes a practice node.
///
/// # Errors
/// [`CommandError`] when it could not be made.
pub fn init_practice(dir: &Path, gemeente: Gemeente, name: &str) -> Result<(), CommandError> {
    let config = Config {
        gemeente,
        name: name.to_owned(),
        mailbox: String::new(),
        listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
        announce: Vec::new(),
        api: "127.0.0.1:0".to_owned(),
        proxy: None,
        member_mib: MEMBER_MIB,
        sql_seconds: SQL_SECONDS,
        gossip: true,
        release: Release::AtOnce,
        four_eyes: false,
        zaaknummers: Vec::new(),
        audit: Keep::default(),
        digest: None,
        headcount: None,
    };
    make(dir, config, &Roots::Made(runtime::RootFiles::default())).map(drop)
}

fn make(dir: &Path, config: Config, roots: &Roots) -> Result<Config, CommandError> {
    runtime::init_with(&Home::new(dir), runtime::Init { config }, roots).map_err(of_founding)
}

/// For whom a new node speaks.
struct Speaks {
    gemeente: Gemeente,
    name: String,
    mailbox: String,
    roots: Roots,
}

/// What was typed; what a second node is not told is in the card of its gemeente.
fn speaks(asked: &Init) -> Result<Speaks, CommandError> {
    let typed = asked.gemeente;
    let Some(card) = &asked.second_of else {
        let gemeente = typed.expect("the parser asks for a gemeente or a card");
        return Ok(Speaks {
            gemeente,
            name: name_of(gemeente, asked.name.clone())?,
            mailbox: asked.mailbox.clone(),
            roots: Roots::Made(root_files(&asked.roots)),
        });
    };
    let text = read_text_of(card, CARD_BYTES_MAX)?;
    let paper = inspect(&text)?;
    let member = paper.members.first().filter(|_| paper.federation.is_none());
    let member = member.filter(|member| typed.is_none_or(|typed| typed == member.gemeente));
    let member = member.ok_or_else(|| {
        CommandError::new(
            Exit::Input,
            Message::new(
                "dit is niet de kaart van de gemeente waar deze node een tweede van wordt",
                "this is not the card of the gemeente of which this node becomes a second one",
            ),
        )
        .hinting(Message::new(
            "maak haar op de eerste node met leerkring charter card --out KAART",
            "make it at the first node with leerkring charter card --out CARD",
        ))
    })?;
    Ok(Speaks {
        gemeente: member.gemeente,
        name: member.naam.clone(),
        mailbox: member.postbus.clone(),
        roots: Roots::Elsewhere(text),
    })
}

/// The name that was typed, or the one in the list; a code that nobody has is refused.
fn name_of(gemeente: Gemeente, typed: Option<String>) -> Result<String, CommandError> {
    let code = gemeente.to_string();
    let listed = gemeenten::name_of(&code);
    match (typed, listed) {
        (Some(name), _) if name.trim().is_empty() => Err(CommandError::new(
            Exit::Usage,
            Message::new(
                "een gemeente zonder naam herkent niemand op een kaart",
                "nobody recognises a gemeente without a name on a card",
            ),
        )
        .hinting(Message::new(
            "geef --naam NAAM, of laat --naam weg voor de naam uit de lijst",
            "give --naam NAME, or leave --naam out for the name in the list",
        ))),
        (Some(name), Some(_)) => Ok(name),
        (Some(name), None) if gemeenten::is_practice(&code) => Ok(name),
        (None, Some(name)) => Ok(name.to_owned()),
        (None, None) if gemeenten::is_practice(&code) => Err(CommandError::new(
            Exit::Usage,
            Message::with(
                format!("{code} is een oefengemeente en heeft nog geen naam"),
                format!("{code} is a practice gemeente and has no name yet"),
            ),
        )
        .hinting(Message::new("geef --naam NAAM", "give --naam NAME"))),
        (_, None) => {
            let near = gemeenten::similar(&code).join(", ");
            Err(CommandError::new(
                Exit::Input,
                Message::with(
                    format!("er is geen gemeente met code {code}"),
                    format!("there is no gemeente with code {code}"),
                ),
            )
            .hinting(Message::with(
                format!("lijkt op {near}; een oefengemeente heeft een code vanaf GM9900"),
                format!("looks like {near}; a practice gemeente has a code from GM9900 on"),
            )))
        }
    }
}

/// What the process of a node does before anything else, as it was started: it takes few arenas of memory.
pub fn before_node(args: &[OsString]) {
    node::memory::take_few_arenas(args);
}

/// Runs the node in a folder until it is told to stop.
///
/// # Errors
/// [`Stop`] when it did not start, or failed at the end.
pub fn run(options: &NodeOptions, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let home = Home::new(&options.dir);
    let how = runtime::Options {
        offline: options.offline,
        heard: options.heard.then(account).transpose()?,
    };
    let mut said = Ok(());
    let ran = runtime::run(&home, how, options.stop_with_stdin, |ready| {
        said = if output.json {
            output.line(&json!({"event": "ready", "api": ready.api, "pid": ready.pid, "peer": ready.peer}).to_string())
        } else {
            output.say(&Message::with(
                format!("De node antwoordt op {}; stoppen met Ctrl-C", ready.api),
                format!("The node answers at {}; stop with Ctrl-C", ready.api),
            ))
        };
        said = std::mem::replace(&mut said, Ok(())).and_then(|()| output.flush());
    });
    ran.map_err(of_run)?;
    // A node does not stop because nobody reads what it said at its start.
    match said {
        Err(Stop::Failed(error)) => Err(Stop::Failed(error)),
        _ => Ok(Exit::Ok),
    }
}

/// Who types, for the audit log of a node that does not answer.
fn account() -> Result<Account, CommandError> {
    let name = crate::account::name();
    Account::new(&name).map_err(|error| {
        let what = Message::with(
            format!("het account {name:?} kan niet in het auditlog"),
            format!("the account {name:?} cannot stand in the audit log"),
        );
        CommandError::new(Exit::Permission, what).caused_by(error)
    })
}

/// Waits until this process is told to stop.
///
/// # Errors
/// [`CommandError`] when the system does not tell.
pub fn until_stopped() -> Result<(), CommandError> {
    runtime::until_stopped().map_err(of_run)
}

/// Checks the folder of a node that does not run, and changes nothing in it.
///
/// # Errors
/// [`Stop`] when there is nothing to check.
pub fn verify(dir: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let found = runtime::verify(&home_of(dir)?).map_err(of_verify)?;
    told::verified(&found, dir, output)
}

/// Makes the store of a node that does not run anew from what can still be read; one with which nothing is wrong only when
/// that was asked for.
///
/// # Errors
/// [`Stop`] when it could not be made.
pub fn doctor(dir: &Path, anyway: bool, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let home = home_of(dir)?;
    let looked = (!anyway).then(|| runtime::verify(&home));
    match looked {
        Some(Ok(found)) if found.needs_other_files() => return told::verified(&found, dir, output),
        Some(Ok(found)) if found.holds() && found.statements > 0 => return told::healthy(dir, output),
        // Where nobody can look, nothing says that anything is wrong.
        Some(Err(error @ (VerifyError::Copy { .. } | VerifyError::InUse { .. } | VerifyError::Busy { .. }))) => {
            return Err(of_verify(error).into());
        }
        Some(Ok(_) | Err(_)) | None => {}
    }
    let rebuilt = runtime::doctor(&home).map_err(of_doctor)?;
    told::rebuilt(&rebuilt, dir, output)
}

/// What a card or charter says, without any node.
///
/// # Errors
/// [`CommandError`] when it is none.
pub fn inspect(text: &str) -> Result<Paper, CommandError> {
    runtime::inspect(text).map(told::paper).map_err(of_founding)
}

/// Whether a text is a charter, before a node is asked to take it in.
///
/// # Errors
/// [`CommandError`]: what it is instead.
pub fn is_charter(text: &str) -> Result<(), CommandError> {
    runtime::is_charter(text).map_err(of_armor)
}

/// The card of the gemeente of a node.
///
/// # Errors
/// [`CommandError`].
pub fn card(dir: &Path, keys: &RootFiles) -> Result<String, CommandError> {
    runtime::card(&Home::new(dir), &root_files(keys)).map_err(of_founding)
}

/// An invitation of a node that does not run.
///
/// # Errors
/// [`CommandError`].
pub fn invite(dir: &Path) -> Result<NieuweUitnodiging, CommandError> {
    let (tekst, uitnodiging) = runtime::invite(&home_of(dir)?).map_err(of_join)?;
    Ok(NieuweUitnodiging { tekst, uitnodiging })
}

/// Takes an invitation into a node that does not run.
///
/// # Errors
/// [`CommandError`].
pub fn join(dir: &Path, text: &str) -> Result<Uitnodiging, CommandError> {
    runtime::join(&home_of(dir)?, text, &account()?).map_err(of_join)
}

/// Whether the node in a folder is one more node of its gemeente, made of its card.
#[must_use]
pub fn is_second(dir: &Path) -> bool {
    Home::new(dir).card().exists()
}

/// What an invitation says, without any node; nothing when the text calls itself something else.
///
/// # Errors
/// [`CommandError`] when it calls itself one and is none.
pub fn invitation(text: &str) -> Result<Option<Uitnodiging>, CommandError> {
    runtime::invitation(text).map_err(of_join)
}

/// The charter of the gemeente of a node and those of the cards.
///
/// # Errors
/// [`CommandError`].
pub fn propose(dir: &Path, cards: &[String], keys: &RootFiles) -> Result<String, CommandError> {
    runtime::propose(&Home::new(dir), cards, &root_files(keys)).map_err(of_founding)
}

/// The charter with the signature of the gemeente of a node.
///
/// # Errors
/// [`CommandError`].
pub fn endorse(dir: &Path, charter: &str, keys: &RootFiles) -> Result<String, CommandError> {
    runtime::endorse(&Home::new(dir), charter, &root_files(keys)).map_err(of_founding)
}

/// A charter that the gemeente of a node may sign: what is shown before the signature exists is what is signed.
pub struct Endorsing {
    /// The very edition that is signed.
    pub paper: Paper,
    /// In what the own entry is not as this node would write it.
    pub differs: Vec<Message>,
    endorsing: runtime::Endorsing,
}

impl Endorsing {
    /// The charter with the signature.
    #[must_use]
    pub fn sign(self) -> String {
        self.endorsing.sign()
    }
}

/// A charter that is to be signed.
///
/// # Errors
/// [`CommandError`].
pub fn to_endorse(dir: &Path, charter: &str, keys: &RootFiles) -> Result<Endorsing, CommandError> {
    let endorsing = runtime::to_endorse(&Home::new(dir), charter, &root_files(keys)).map_err(of_founding)?;
    Ok(Endorsing {
        paper: told::paper(runtime::Paper::Charter(endorsing.proposal.clone())),
        differs: endorsing.differs.iter().map(|entry| refused::entry(*entry)).collect(),
        endorsing,
    })
}

/// The whole charter as a node that does not run holds it.
///
/// # Errors
/// [`CommandError`].
pub fn export(dir: &Path) -> Result<String, CommandError> {
    runtime::export(&home_of(dir)?).map_err(of_run)
}

/// Who belongs, as a node that does not run holds it.
///
/// # Errors
/// [`CommandError`].
pub fn charter_stand(dir: &Path) -> Result<HandvestStand, CommandError> {
    runtime::charter_stand(&home_of(dir)?).map_err(of_run)
}

/// What the folder of a node says of the federation that its store does not know.
#[must_use]
pub fn past(node: &Node) -> Past {
    node.dir().map_or(Past::None, |dir| runtime::past(&Home::new(dir)))
}

/// Whether the node in a folder, which does not run, has still to hear others before it may speak for its gemeente.
#[must_use]
pub fn waits(node: &Node) -> bool {
    node.dir().is_ok_and(|dir| runtime::waits(&Home::new(dir)))
}

/// Whether the federation of a node that does not run has other nodes that may still speak.
///
/// # Errors
/// [`CommandError`].
pub fn has_others(node: &Node) -> Result<bool, CommandError> {
    let dir = node.dir()?;
    let (stand, own) = (charter_stand(dir)?, this_node(dir)?);
    let mut nodes = stand.leden.iter().flat_map(|member| &member.nodes);
    Ok(stand.editie.is_some() && nodes.any(|node| node.node != own && node.einde.is_none()))
}

/// How far a node that does not run holds each log of a gemeente.
///
/// # Errors
/// [`CommandError`].
pub fn log_heights(dir: &Path, gemeente: Gemeente) -> Result<HandvestLogs, CommandError> {
    runtime::log_heights(&home_of(dir)?, gemeente).map_err(of_run)
}

/// Where the root keys are, in the words of `node`.
fn root_files(keys: &RootFiles) -> runtime::RootFiles {
    runtime::RootFiles {
        root: keys.root.clone(),
        next: keys.next.clone(),
    }
}

/// Puts a charter into the store of a node that does not run.
///
/// # Errors
/// [`CommandError`].
pub fn import(dir: &Path, charter: &str) -> Result<Imported, CommandError> {
    let imported = runtime::import(&home_of(dir)?, charter, &account()?).map_err(of_run)?;
    Ok(Imported {
        gelezen: imported.read as u64,
        nieuw: imported.new as u64,
        federatie: imported.federation,
    })
}

/// The folder, when it is a node's: otherwise the first file that is missing would be blamed.
fn home_of(dir: &Path) -> Result<Home, CommandError> {
    let home = Home::new(dir);
    Config::read(&home).map_err(of_config)?;
    Ok(home)
}
