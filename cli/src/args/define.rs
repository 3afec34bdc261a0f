//! Which commands and options there are.

mod daemon;
mod export;
mod gate;
mod kring;
mod learning;
mod query;
mod records;
mod search;
mod tips;
mod token;

use clap::{Arg, ArgAction, Command, value_parser};
use protocol::api::Lang;

use super::help::{arguments, below_all, everywhere, help_flag, options, pick, shaped};

/// A text in Dutch and in English.
type Both = (&'static str, &'static str);

/// The whole command line in this language.
#[must_use]
pub fn command(lang: Lang) -> Command {
    shaped(Command::new("leerkring"), lang, "")
        .about(pick(
            lang,
            "Gemeenten leren van elkaar, zonder centrale eigenaar",
            "Municipalities learn from each other, without a central owner",
        ))
        .override_usage(pick(lang, "leerkring OPDRACHT [OPTIES]", "leerkring COMMAND [OPTIONS]"))
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .after_help(below_all(lang))
        .args(everywhere_args(lang))
        .arg(version(lang))
        .arg(help_flag(lang))
        .subcommands(records::commands(lang))
        .subcommands(query::commands(lang))
        .subcommands(export::commands(lang))
        .subcommands(learning::commands(lang))
        .subcommand(kring::kring(lang))
        .subcommand(tips::tips(lang))
        .subcommand(gate::gate(lang))
        .subcommand(token::token(lang))
        .subcommands(daemon::commands(lang))
}

fn everywhere_args(lang: Lang) -> [Arg; 4] {
    let global = |name: &'static str, (nl, en): Both| {
        let arg = Arg::new(name).long(name).global(true);
        arg.help(pick(lang, nl, en)).help_heading(everywhere(lang))
    };
    [
        global(
            "node",
            (
                "De node: haar map op deze machine, of haar adres",
                "The node: its folder on this machine, or its address",
            ),
        )
        .value_name(pick(lang, "MAP|URL", "DIR|URL")),
        global("token-file", ("Het token, bij een URL", "The token, with a URL"))
            .value_name(pick(lang, "BESTAND", "FILE"))
            .value_parser(value_parser!(std::path::PathBuf)),
        global("json", ("Antwoord voor programma's", "Answer for programs")).action(ArgAction::SetTrue),
        global(
            "lang",
            (
                "De taal van uitleg en meldingen",
                "The language of explanations and messages",
            ),
        )
        .value_name("nl|en")
        .value_parser(["nl", "en"])
        .hide_possible_values(true),
    ]
}

fn version(lang: Lang) -> Arg {
    Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(pick(lang, "Toon de versie", "Show the version"))
        .help_heading(everywhere(lang))
}

/// What follows the name of a command.
fn positional(lang: Lang, id: &'static str, (nl, en): Both, (help_nl, help_en): Both) -> Arg {
    let arg = Arg::new(id).value_name(pick(lang, nl, en));
    arg.help(pick(lang, help_nl, help_en)).help_heading(arguments(lang))
}

/// An option of one command; one without a name for its value is a flag.
fn option(lang: Lang, id: &'static str, (nl, en): Both, (help_nl, help_en): Both) -> Arg {
    let arg = Arg::new(id)
        .long(id)
        .help(pick(lang, help_nl, help_en))
        .help_heading(options(lang));
    match pick(lang, nl, en) {
        "" => arg.action(ArgAction::SetTrue),
        name => arg.value_name(name),
    }
}
