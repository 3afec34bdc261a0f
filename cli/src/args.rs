//! The command line: what can be typed, in Dutch or English, and what was.
//!
//! [`define`] says which commands and options there are, [`help`] how they are explained, [`read`] turns what
//! was typed into a [`Command`], and [`refused`] says what is wrong with what cannot be read.

mod define;
mod help;
pub mod kring;
pub mod learning;
mod read;
mod refused;
mod steps;

use std::ffi::OsString;
use std::path::PathBuf;

use protocol::api::{Lang, RecordQuery, Scope, SearchQuery, TipSchakeling, VerwantenQuery};
use protocol::id::{Gemeente, Week};

use crate::address::Node;
use crate::command_error::CommandError;
use crate::demo;
use crate::export;
use crate::gate;
use crate::mirror;
use crate::query;
use crate::share;
use crate::simulate;

pub use define::command;
pub use steps::{Charter, Leave, NextEdition, RootFiles, Shared};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take records into the vault.
    Share(share::Asked),
    /// What waits for a person, or one concept.
    Review {
        /// The concept.
        id: Option<String>,
        /// Everything that waits, in full.
        all: bool,
    },
    /// Approve concepts.
    Approve {
        /// The concepts; all that wait when empty.
        ids: Vec<String>,
    },
    /// Throw concepts away.
    Discard {
        /// The concepts.
        ids: Vec<String>,
        /// Only what nobody else has.
        keep_shared: bool,
    },
    /// The records of the federation.
    List {
        /// Which of them.
        query: RecordQuery,
        /// Those that were recorded here.
        local: bool,
    },
    /// One record.
    Show {
        /// Its id, or the begin of it.
        id: String,
        /// The week it is asked for.
        peilweek: Option<Week>,
        /// As it was recorded here.
        local: bool,
    },
    /// What is asked about kringen.
    Kring(kring::Kring),
    /// Which tip is to be switched; nothing when they are listed.
    Tips(Option<TipSchakeling>),
    /// What is asked about learning here.
    Learning(learning::Learning),
    /// The records that have some words.
    Search {
        /// Which of them.
        query: SearchQuery,
    },
    /// The records that resemble one.
    Related {
        /// The begin of its id.
        id: String,
        /// How many, and for which week.
        query: VerwantenQuery,
    },
    /// A question in SQL.
    Query(query::Asked),
    /// The questions in SQL that are asked most.
    Questions {
        /// The one of which the SQL is shown.
        nr: Option<u32>,
    },
    /// The tables for questions in SQL.
    Tables {
        /// The one of which the columns are shown.
        name: Option<String>,
    },
    /// The snapshot and its parts.
    Snapshot,
    /// Every table of a snapshot in a folder.
    Export(export::Asked),
    /// The tables in a PostgreSQL of one's own.
    Mirror(mirror::Asked),
    /// Take a record back.
    Withdraw {
        /// Its id, or the begin of it, or its local id; all that this gemeente shared when absent.
        id: Option<String>,
        /// The root key to ask it with, when members do it together.
        by_quorum: Option<RootFiles>,
        /// Whether nobody at a terminal is asked.
        yes: bool,
    },
    /// Who has confirmed that what was taken back is erased.
    Receipts {
        /// What was taken back; everything when absent.
        id: Option<String>,
    },
    /// Own work that counts for nobody.
    Orphans {
        /// One of it; all when absent.
        id: Option<String>,
        /// Share it anew.
        reissue: bool,
    },
    /// How the node is doing.
    Status {
        /// The week it is asked for.
        peilweek: Option<Week>,
    },
    /// Who knocked and was not let in.
    Pending,
    /// Look after the keys of this gemeente.
    Keys(Keys),
    /// Come into a federation that exists.
    Join {
        /// The invitation.
        file: PathBuf,
        /// Its fingerprint, as it was read out; asked for when absent.
        fingerprint: Option<String>,
    },
    /// Who else may use the API.
    Token(Token),
    /// What the gate finds in a text.
    Gate(gate::Asked),
    /// A practice federation.
    Demo(demo::Options),
    /// Federations in one thread, from a seed.
    Simulate(simulate::Options),
    /// Make a node.
    Init(Init),
    /// Run a node.
    Node(NodeOptions),
    /// Found a federation, and see who belongs.
    Charter(Charter),
    /// Check the folder of a node.
    Verify {
        /// The folder.
        dir: PathBuf,
    },
    /// Make the store of a node anew.
    Doctor {
        /// The folder.
        dir: PathBuf,
        /// Also when nothing is wrong with it.
        anyway: bool,
    },
    /// Make a backup.
    Backup(Backup),
    /// Make a node of a backup, or look at one.
    Restore(Restore),
}

/// What is done with the tokens of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Make one.
    New {
        /// The account it speaks for.
        name: String,
        /// What it is for.
        scopes: Vec<Scope>,
    },
    /// Those there are.
    List,
    /// End one.
    Revoke {
        /// The account it speaks for.
        name: String,
    },
}

/// What goes into a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it is written: a file, or a folder.
    pub out: PathBuf,
    /// Whether with the keys.
    pub keys: bool,
    /// Whether with the audit log.
    pub audit: bool,
}

/// What is made of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// The folder to make; without one the backup is looked at only.
    pub into: Option<PathBuf>,
    /// The folder of the keys, for a backup without.
    pub keys: Option<PathBuf>,
    /// Whether no other node is left.
    pub alone: bool,
}

/// What a new node is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Init {
    /// Its folder.
    pub dir: PathBuf,
    /// The gemeente it speaks for; the one of the card when absent.
    pub gemeente: Option<Gemeente>,
    /// The card of the gemeente of which this is one more node.
    pub second_of: Option<PathBuf>,
    /// Where the root keys are to be.
    pub roots: RootFiles,
    /// Its name, when it is not the one in the list.
    pub name: Option<String>,
    /// Mailbox of a function.
    pub mailbox: String,
    /// Multiaddrs to listen on.
    pub listen: Vec<String>,
    /// Multiaddrs that others are told; the ones listened on when empty.
    pub announce: Vec<String>,
    /// Address of the API.
    pub api: String,
    /// Whether approved records leave at once.
    pub practice: bool,
}

/// How a node runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeOptions {
    /// Its folder.
    pub dir: PathBuf,
    /// Without a network.
    pub offline: bool,
    /// It was made of a backup, and waits for nobody any more.
    pub heard: bool,
    /// Stop when standard input closes too.
    pub stop_with_stdin: bool,
}

/// What is done with the keys of a gemeente.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Which keys speak.
    Show,
    /// Ask to be certified, as one more node.
    Request {
        /// Where the request is written; standard output when absent.
        out: Option<PathBuf>,
    },
    /// Certify one more node.
    Certify {
        /// Its request.
        file: PathBuf,
        /// The fingerprint of its key, as whoever looks after it read it out.
        fingerprint: Option<String>,
        /// The root key.
        keys: RootFiles,
    },
    /// End a node key.
    Revoke {
        /// The key, or the begin of it.
        node: String,
        /// Which of its logs go on counting.
        said: Ending,
        /// Whether a person said so already.
        yes: bool,
        /// The root key.
        keys: RootFiles,
    },
    /// Change to the next root key.
    Rotate {
        /// Node keys that go on speaking.
        keep: Vec<String>,
        /// Node keys that ended and speak again.
        revive: Vec<String>,
        /// Node keys that end where they stand.
        end: Vec<String>,
        /// Node keys of which nothing counts.
        drop: Vec<String>,
        /// Which logs of those that end go on counting.
        said: Ending,
        /// Whether nobody is asked.
        yes: bool,
        /// The root keys.
        keys: RootFiles,
    },
}

/// What was typed of the logs of a node key that ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// As if the key had never spoken.
    pub from_nothing: bool,
    /// Logs that count although the node does not know them as its own.
    pub with: Vec<String>,
    /// Logs that do not count.
    pub without: Vec<String>,
    /// What the node does not know as its own does not count.
    pub only_own: bool,
    /// Also when the node was not equal with another one.
    pub now: bool,
}

/// What was typed.
#[derive(Debug)]
pub struct Typed {
    /// What was asked for.
    pub command: Command,
    /// The node, or why there is none; not every command needs one.
    pub node: Result<Node, CommandError>,
    /// Whether a program reads the answer.
    pub json: bool,
}

/// What came of reading the command line.
#[derive(Debug)]
pub enum Read {
    /// A command.
    Typed(Box<Typed>),
    /// Help or version: a text to show.
    Text(String),
}

/// The language that was asked for, before anything else is read: even what is wrong with the command line is
/// said in it.
#[must_use]
pub fn lang(args: &[OsString], variable: &dyn Fn(&str) -> Option<String>) -> Lang {
    let texts: Vec<&str> = args
        .iter()
        .filter_map(|arg| arg.to_str())
        .take_while(|arg| *arg != "--")
        .collect();
    let joined = texts.iter().find_map(|arg| arg.strip_prefix("--lang="));
    let apart = texts.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let typed = joined.or(apart).map(str::to_owned);
    let code = typed.or_else(|| variable("LEERKRING_LANG"));
    code.and_then(|code| Lang::of_code(&code)).unwrap_or_default()
}

/// Reads the command line; the first of `args` is the name of the program.
///
/// # Errors
/// [`CommandError`]: what is wrong with it.
pub fn read(args: &[OsString], lang: Lang, variable: &dyn Fn(&str) -> Option<String>) -> Result<Read, CommandError> {
    match define::command(lang).try_get_matches_from(args) {
        Ok(matches) => read::typed(&matches, variable).map(|typed| Read::Typed(Box::new(typed))),
        Err(error) if error.use_stderr() => Err(refused::refused(&error)),
        Err(error) => Ok(Read::Text(error.render().to_string())),
    }
}

#[cfg(test)]
mod tests;
