//! What is wrong with a command line, in the words of this program.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use protocol::api::Message;

use crate::command_error::CommandError;
use crate::exit::Exit;

/// The message for what the parser refused.
pub(super) fn refused(error: &Error) -> CommandError {
    let arg = context(error, ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand);
            both("er is geen opdracht", "there is no command", &name)
        }
        ErrorKind::UnknownArgument => both("onbekend argument", "unknown argument", &arg),
        ErrorKind::InvalidValue => invalid_value(error, &arg),
        ErrorKind::ArgumentConflict => {
            let prior = context(error, ContextKind::PriorArg);
            Message::with(
                format!("{arg} gaat niet samen met {prior}"),
                format!("{arg} does not go together with {prior}"),
            )
        }
        ErrorKind::MissingRequiredArgument => both("hier ontbreekt", "missing here", &arg),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Message::new("hier ontbreekt een opdracht", "a command is missing here")
        }
        ErrorKind::InvalidUtf8 => Message::new(
            "een argument is geen leesbare tekst",
            "an argument is not readable text",
        ),
        _ => both(
            "dit argument kan zo niet",
            "this argument cannot be used like that",
            &arg,
        ),
    };
    CommandError::new(Exit::Usage, message).hinting(hint(error))
}

fn both(nl: &str, en: &str, what: &str) -> Message {
    Message::with(
        format!("{nl} {what}").trim().to_owned(),
        format!("{en} {what}").trim().to_owned(),
    )
}

fn invalid_value(error: &Error, arg: &str) -> Message {
    let value = context(error, ContextKind::InvalidValue);
    if value.is_empty() {
        return Message::with(format!("{arg} vraagt een waarde"), format!("{arg} asks for a value"));
    }
    Message::with(
        format!("{value:?} past niet bij {arg}"),
        format!("{value:?} is not a value for {arg}"),
    )
}

fn hint(error: &Error) -> Message {
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let suggested = suggested
        .into_iter()
        .map(|kind| context(error, kind))
        .find(|text| !text.is_empty());
    let allowed = context(error, ContextKind::ValidValue);
    match (suggested, allowed.as_str()) {
        (Some(near), _) => Message::with(format!("bedoelt u {near}?"), format!("do you mean {near}?")),
        (None, "") => usage(error).unwrap_or(Message::new(
            "leerkring --help toont de opdrachten, leerkring OPDRACHT --help hun opties",
            "leerkring --help shows the commands, leerkring COMMAND --help their options",
        )),
        (None, allowed) => Message::with(format!("kies uit: {allowed}"), format!("choose from: {allowed}")),
    }
}

/// How the command is typed, when something is missing that it asks for.
fn usage(error: &Error) -> Option<Message> {
    if error.kind() != ErrorKind::MissingRequiredArgument {
        return None;
    }
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else {
        return None;
    };
    let usage = usage.to_string();
    let usage = usage.get(usage.find("leerkring ")?..)?.trim();
    let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
    let name: Vec<&str> = usage.split(' ').take_while(is_name).collect();
    let name = name.join(" ");
    Some(Message::with(
        format!("typ {usage}; {name} --help legt het uit"),
        format!("type {usage}; {name} --help explains it"),
    ))
}

/// What the parser says about one side of the error, as text.
fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
