//! How commands are explained: Dutch words where the parser has English ones, and examples under each.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use crate::exit::Exit;

/// Columns of a help text, whatever the terminal: help is the same everywhere.
const WIDTH: usize = 100;

/// One of two texts.
pub(super) fn pick(lang: Lang, nl: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// A command with its usage line, what it does, and examples.
pub(super) struct Text {
    /// The name.
    pub(super) name: &'static str,
    /// What is typed after the name.
    pub(super) usage: (&'static str, &'static str),
    /// What it does, in one line.
    pub(super) about: (&'static str, &'static str),
    /// What more there is to say.
    pub(super) more: (&'static str, &'static str),
    /// Commands somebody could type.
    pub(super) examples: &'static [&'static str],
}

/// The command of a text, with what it takes.
pub(super) fn explained(lang: Lang, text: &Text, takes: impl IntoIterator<Item = Arg>) -> Command {
    let chosen = |(nl, en)| pick(lang, nl, en);
    let usage = format!("leerkring {} {}", text.name, chosen(text.usage));
    let name = text.name.rsplit(' ').next().unwrap_or(text.name);
    shaped(Command::new(name), lang, chosen(text.more))
        .about(chosen(text.about))
        .override_usage(usage.trim_end().to_owned())
        .after_help(examples(lang, text.examples))
        .args(takes)
        .arg(help_flag(lang))
}

fn examples(lang: Lang, lines: &[&str]) -> String {
    let title = pick(lang, "Voorbeelden:", "Examples:");
    let lines: Vec<String> = lines.iter().map(|line| format!("\n  {line}")).collect();
    format!("{title}{}", lines.concat())
}

/// The layout of every help text; `more` stands below what the command does.
pub(super) fn shaped(command: Command, lang: Lang, more: &str) -> Command {
    let usage = pick(lang, "Gebruik:", "Usage:");
    let more = if more.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", wrapped(more))
    };
    command
        .help_template(format!(
            "{{about-with-newline}}{more}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}\n"
        ))
        .subcommand_help_heading(pick(lang, "Opdrachten", "Commands"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .term_width(WIDTH)
}

/// Prose in lines of at most [`WIDTH`] characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        let fits = line.is_empty() || line.chars().count() + 1 + word.chars().count() <= WIDTH;
        match (fits, line.is_empty()) {
            (true, true) => line.push_str(word),
            (true, false) => *line += &format!(" {word}"),
            (false, _) => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// The option that explains.
pub(super) fn help_flag(lang: Lang) -> Arg {
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::HelpShort)
        .help(pick(lang, "Toon deze uitleg", "Show this explanation"))
        .help_heading(everywhere(lang))
        .display_order(99)
}

/// The heading of options that every command takes.
pub(super) fn everywhere(lang: Lang) -> &'static str {
    pick(lang, "Bij elke opdracht", "With every command")
}

/// The heading of the options of one command.
pub(super) fn options(lang: Lang) -> &'static str {
    pick(lang, "Opties", "Options")
}

/// The heading of what follows the name of a command.
pub(super) fn arguments(lang: Lang) -> &'static str {
    pick(lang, "Argumenten", "Arguments")
}

/// What stands below the list of commands.
pub(super) fn below_all(lang: Lang) -> String {
    let codes = Exit::ALL.map(|exit| format!("\n  {:>2}  {}", exit.code(), exit.meaning(lang)));
    let begin = pick(
        lang,
        "Omgeving:\n  LEERKRING_NODE   de node, als --node ontbreekt\n  LEERKRING_TOKEN  het token, bij een URL\n  \
         LEERKRING_LANG   de taal, als --lang ontbreekt\n  NO_COLOR         nooit opmaak\n\nAfsluitcodes:",
        "Environment:\n  LEERKRING_NODE   the node, without --node\n  LEERKRING_TOKEN  the token, with a URL\n  \
         LEERKRING_LANG   the language, without --lang\n  NO_COLOR         never any markup\n\nExit codes:",
    );
    let examples = examples(
        lang,
        &[
            "leerkring share signalen.csv --node ./node",
            "leerkring review --node ./node",
            "leerkring list --thema wonen --json --node ./node",
        ],
    );
    format!("{begin}{}\n\n{examples}", codes.concat())
}
