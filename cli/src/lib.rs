//! What a person types: the commands of the executable `leerkring`.
//!
//! | module | what |
//! |---|---|
//! | [`args`] | what can be typed, in Dutch or English, and what was |
//! | [`account`] | who asks, for the audit log of the node |
//! | `amount` | a number with its noun |
//! | [`address`] | which node: a folder on this machine, or a URL |
//! | [`client`] | questions to that node over its API |
//! | [`share`], [`review`], [`discard`], [`list`], [`status`], [`erasure`], [`orphans`] | the commands about records |
//! | [`query`] | questions in SQL, and the tables that they are asked of |
//! | [`mirror`] | the tables of the node in a PostgreSQL of one's own |
//! | [`token`] | who else may use the API of a node |
//! | [`kring`] | the commands about kringen, and their account |
//! | [`tips`] | what kringen show with what is typed, and switching that off |
//! | [`learning`] | the commands about what belongs together, what a quarter asks, and what came of it |
//! | [`pending`], [`joining`], [`keys`], [`charter`] | the commands about who belongs |
//! | `heard` | whether any other node hears what is done |
//! | [`shown`] | what `review` showed, which is what `approve` approves |
//! | [`daemon`] | what is done on the folder of a node; alone knows `node` |
//! | [`gate`] | what the gate finds in a text, without a node |
//! | [`demo`] | a practice federation of real processes |
//! | [`simulate`] | whole federations in one thread, from a seed |
//! | [`output`], [`table`], [`value`], [`next`] | how answers are shown, and what comes after them |
//! | [`command_error`], [`exit`] | how a command fails and ends |
//!
//! **Invariant:** commands ask the node over its API and decide nothing themselves: what is valid, what may
//! leave and what a record means is the node's to say.

use std::ffi::OsString;

use protocol::api::Lang;

use args::{Charter, Command, Read, Typed};
use client::Client;
use exit::Exit;
use output::{Output, Stop, World};
use person::Person;
use shown::Shown;

pub mod account;
pub mod address;
mod amount;
pub mod args;
pub mod charter;
pub mod client;
pub mod command_error;
pub mod daemon;
pub mod demo;
pub mod discard;
pub mod erasure;
pub mod exit;
pub mod export;
pub mod gate;
mod gemeenten;
mod heard;
pub mod joining;
pub mod json;
pub mod keys;
pub mod kring;
pub mod learning;
pub mod list;
pub mod mirror;
pub mod next;
pub mod orphans;
pub mod output;
pub mod pending;
pub mod person;
pub mod query;
pub mod questions;
pub mod review;
pub mod search;
pub mod share;
pub mod shown;
pub mod simulate;
pub mod snapshot;
pub mod status;
pub mod table;
pub mod tips;
pub mod token;
pub mod value;

/// Runs a command line; the first of `args` is the name of the program.
pub fn run(args: &[OsString], world: &mut World<'_>) -> Exit {
    // Typed by no person: a node starts itself so, to have questions answered apart.
    if let [_, word, view] = args
        && word == daemon::ANSWER
    {
        return daemon::answer(view.as_ref());
    }
    let lang = args::lang(args, world.variable);
    let as_json = args.iter().any(|arg| arg == "--json");
    let ended = typed(args, lang, world);
    match ended {
        Ok(exit) => exit,
        Err(Stop::Closed) => Exit::Ok,
        Err(Stop::Failed(error)) => {
            let text = if as_json { error.json(lang) } else { error.text(lang) };
            // When even this cannot be written, the exit code still tells.
            let _ = world.errors.write_all(text.as_bytes());
            error.exit
        }
    }
}

fn typed(args: &[OsString], lang: Lang, world: &mut World<'_>) -> Result<Exit, Stop> {
    let colour = world.terminal && (world.variable)("NO_COLOR").is_none();
    match args::read(args, lang, world.variable)? {
        Read::Text(text) => {
            let mut output = Output::new(world.output, lang, false, false);
            output.bytes(text.as_bytes())?;
            output.flush()?;
            Ok(Exit::Ok)
        }
        Read::Typed(typed) => {
            let shown = Shown::of(world.variable);
            let width = world.width.filter(|_| world.terminal);
            let mut output = Output::new(world.output, lang, typed.json, colour).within(width);
            let exit = match typed.command {
                Command::Gate(asked) => gate::gate(
                    &asked,
                    world.input,
                    gate::Bar::new(world.errors, world.watched),
                    &mut output,
                )?,
                Command::Share(asked) => {
                    let client = Client::of(&typed.node?, lang)?;
                    let bar = gate::Bar::new(world.errors, world.watched);
                    share::share(&client, &asked, world.input, bar, &mut output)?
                }
                Command::Mirror(asked) => {
                    let bar = gate::Bar::new(world.errors, world.watched);
                    let password = (world.variable)("PGPASSWORD");
                    mirror::mirror(&typed.node?, &asked, password, bar, &mut output)?
                }
                Command::Query(asked) => {
                    let client = Client::of(&typed.node?, lang)?;
                    output = output.with_beside(world.errors);
                    query::query(&client, &asked, world.input, &mut output)?
                }
                _ => {
                    let mut person = Person::new(world.input, world.terminal && world.typed);
                    output = output.with_beside(world.errors);
                    dispatch(*typed, &shown, &mut person, &mut output)?
                }
            };
            output.flush()?;
            Ok(exit)
        }
    }
}

fn dispatch(typed: Typed, shown: &Shown, person: &mut Person<'_>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match typed.command {
        Command::Demo(options) => demo::run(&options, output),
        Command::Simulate(options) => simulate::run(&options, output),
        Command::Init(asked) => daemon::init(asked, output),
        Command::Node(options) => daemon::run(&options, output),
        Command::Verify { dir } => export::verify_any(&dir, daemon::verify, output),
        Command::Doctor { dir, anyway } => daemon::doctor(&dir, anyway, output),
        Command::Backup(asked) => daemon::backup(&typed.node?, &asked, output),
        Command::Restore(asked) => daemon::restore(&asked, output),
        Command::Charter(Charter::Show { file: Some(file) }) => charter::show_file(&file, output),
        Command::Keys(asked) => keys::keys(&typed.node?, asked, person, output),
        Command::Join { file, fingerprint } => {
            joining::join(&typed.node?, &file, fingerprint.as_deref(), person, output)
        }
        Command::Withdraw {
            id: Some(id),
            by_quorum: Some(keys),
            yes,
        } => charter::withdraw(&typed.node?, &id, (&keys, yes), person, output),
        Command::Charter(step) => charter::charter(&typed.node?, step, person, output),
        command => {
            let client = Client::of(&typed.node?, output.lang)?;
            ask(&client, command, shown, person, output)
        }
    }
}

/// The commands that are questions to a node.
fn ask(
    client: &Client,
    command: Command,
    shown: &Shown,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    match command {
        Command::Review { all: true, .. } => review::show_all(client, shown, output),
        Command::Review { id: None, .. } => review::list(client, output),
        Command::Review { id: Some(id), .. } => review::show(client, &id, shown, output),
        Command::Approve { ids } => review::approve(client, &ids, shown, output),
        Command::List { query, local } => list::list(client, &query, local, output),
        Command::Show { id, peilweek, local } => list::show(client, &id, peilweek, local, output),
        Command::Kring(asked) => kring::kring(client, asked, output),
        Command::Tips(asked) => tips::tips(client, asked.as_ref(), output),
        Command::Learning(asked) => learning::learning(client, asked, output),
        Command::Search { query } => search::search(client, &query, output),
        Command::Related { id, query } => search::related(client, &id, query, output),
        Command::Questions { nr } => questions::show(client, nr, output),
        Command::Snapshot => snapshot::snapshot(client, output),
        Command::Export(asked) => export::export(client, &asked, output),
        Command::Tables { name } => query::tables(client, name.as_deref(), output),
        Command::Status { peilweek } => status::status(client, peilweek, output),
        Command::Pending => pending::pending(client, output),
        Command::Token(asked) => token::token(client, asked, output),
        Command::Withdraw { id: None, yes, .. } => erasure::withdraw_all(client, yes, person, output),
        Command::Withdraw { id: Some(id), yes, .. } => erasure::withdraw(client, &id, yes, person, output),
        Command::Discard { ids, keep_shared } => discard::discard(client, &ids, keep_shared, output),
        Command::Orphans { id, reissue: true } => orphans::reissue(client, id, output),
        Command::Orphans { .. } => orphans::show(client, output),
        Command::Receipts { id } => erasure::receipts(client, id.as_deref(), output),
        other => unreachable!("{other:?} is no question to a node"),
    }
}

#[cfg(test)]
mod tests;
